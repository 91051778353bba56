"""Absences of which nobody has said yet whether they are justified: their proofs, accepted or refused."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from marelle.comptes.droits import Droit
from marelle.demandes.absences import dire_le_motif
from marelle.regles.presences import Excuse
from marelle.reservations import absences as registre
from marelle.reservations.models import Reservation
from marelle.socle.erreurs import Refus
from marelle.socle.formulaires import texte_recu
from marelle.tarification.identite import tarifs

from ..formulaires.presences import Preuve
from ..personne import RequeteAgent, pour


@require_safe
@pour(Droit.FACTURER)
def absences(request: RequeteAgent) -> HttpResponse:
    return _page(request)


@require_POST
@pour(Droit.FACTURER)
def justification(request: RequeteAgent, reservation_id: int) -> HttpResponse:
    """« Justifier » with the proof, or « Ne pas justifier » with why."""
    reservation = registre.reservation_absente(request.agent, reservation_id)
    preuve = Preuve(_excuses(reservation), request.POST, cle=reservation.pk)
    try:
        if "refuser" in request.POST:
            registre.ne_pas_justifier(request.agent, reservation, texte_recu(request.POST, "raison", 200))
            messages.success(request, f"L’absence {_de(reservation)} n’est pas justifiée.")
        elif preuve.is_valid():
            registre.justifier(request.agent, reservation, preuve.excuse.motif, preuve.instant, preuve.excuse)
            messages.success(request, f"L’absence {_de(reservation)} est justifiée.")
        else:
            raise Refus("Donnez le motif et le jour où le justificatif est arrivé.")
    except Refus as refus:
        return _page(request, refus.phrase, reservation.pk)
    return redirect("guichet:absences")


def _de(reservation: Reservation) -> str:
    from marelle.socle.francais import de

    return de(str(reservation.enfant))


def _page(request: RequeteAgent, refus: str = "", ouverte: int = 0) -> HttpResponse:
    lignes = [_ligne(une) for une in registre.a_examiner(request.agent)]
    contexte = {"lignes": lignes, "refus": refus, "ouverte": ouverte}
    return render(request, "guichet/presences/absences.html", contexte, status=409 if refus else 200)


def _ligne(reservation: Reservation) -> dict[str, Any]:
    absence, excuses = registre.absence_qui_tient(reservation), _excuses(reservation)
    return {
        "reservation": reservation,
        "absence": absence,
        "motif": dire_le_motif(absence.motif) if absence and absence.motif else "",
        "preuve": Preuve(excuses, motif=absence.motif if absence else "", cle=reservation.pk) if excuses else None,
    }


def _excuses(reservation: Reservation) -> Sequence[Excuse]:
    """What a proof excuses for that unité in the tariffs of that day; what the service says by itself is said elsewhere."""
    textes = tarifs()
    version = textes.version_du(reservation.date) if textes else None
    tarif = version.tarif(reservation.activite.code, reservation.ouverture.unite.code) if version else None
    connues = tarif.supplements.absences.excuses if tarif else ()
    return [une for une in connues if not une.est_du_service]
