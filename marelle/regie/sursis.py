"""Payers set aside from the reminders, with the reason."""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from marelle.comptes.models import Agent
from marelle.creances.mandats import exiger_mandat
from marelle.creances.models import Payeur, Regie
from marelle.journal.service import noter
from marelle.socle.erreurs import Introuvable, Refus
from marelle.socle.horloge import aujourdhui, maintenant

from .models import Sursis


def en_vigueur(regie: Regie, jour: date) -> QuerySet[Sursis]:
    """Those that hold on that day."""
    encore = Q(jusqu_au__isnull=True) | Q(jusqu_au__gte=jour)
    return Sursis.objects.filter(encore, regie=regie, leve_le__isnull=True).select_related("payeur", "accorde_par")


def proteges(regie: Regie, jour: date) -> set[int]:
    """The keys of the payers that are not reminded on that day."""
    return set(en_vigueur(regie, jour).values_list("payeur_id", flat=True))


@transaction.atomic
def accorder(regie: Regie, payeur: Payeur, motif: str, *, auteur: Agent, jusqu_au: date | None = None) -> Sursis:
    """Remind that payer no more, until that day or until it is lifted. Raises `Refus`."""
    exiger_mandat(auteur, regie, jour=aujourdhui())
    if not motif.strip():
        raise Refus("Dites pourquoi ce payeur n’est pas relancé : échelonnement, réclamation…")
    if jusqu_au is not None and jusqu_au < aujourdhui():
        raise Refus("La date de fin est déjà passée.")
    Sursis.objects.filter(regie=regie, payeur=payeur, leve_le__isnull=True, jusqu_au__lt=aujourdhui()).update(
        leve_le=maintenant()
    )
    try:
        with transaction.atomic():
            fait = Sursis.objects.create(
                regie=regie, payeur=payeur, motif=motif.strip(), jusqu_au=jusqu_au,
                accorde_le=maintenant(), accorde_par=auteur,
            )  # fmt: skip
    except IntegrityError:
        raise Refus("Les relances de ce payeur sont déjà suspendues.") from None
    noter(auteur.compte, "regie.sursis", payeur, dossier=_dossier(payeur), motif=fait.motif)
    return fait


@transaction.atomic
def lever(regie: Regie, payeur: Payeur, *, auteur: Agent) -> None:
    """Remind that payer again. `Introuvable` when nothing is suspended."""
    exiger_mandat(auteur, regie, jour=aujourdhui())
    ouverts = Sursis.objects.filter(regie=regie, payeur=payeur, leve_le__isnull=True)
    if not ouverts.update(leve_le=maintenant()):
        raise Introuvable("Les relances de ce payeur ne sont pas suspendues.")
    noter(auteur.compte, "regie.sursis_leve", payeur, dossier=_dossier(payeur))


def _dossier(payeur: Payeur) -> str:
    return f"famille:{payeur.famille_id}" if payeur.famille_id else ""
