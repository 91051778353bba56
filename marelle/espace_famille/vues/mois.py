"""*Inscriptions*, as a month: the members, their activities, then each day with its places; « Inscriptions multiples »."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from marelle.activites.selection import bornes_d_ouverture
from marelle.collectivite.identite import identite, reglement
from marelle.demandes.bus import arrets_du_mois
from marelle.demandes.calendrier import CalendrierEnfant, Case
from marelle.demandes.dossier import EtatDossier, etat_du_dossier
from marelle.demandes.panier import ajouter_periode, basculer
from marelle.regles.enonces import phrases_du_reglement
from marelle.regles.phrases import dire_date
from marelle.regles.situation import Action
from marelle.socle.erreurs import ErreurMarelle
from marelle.socle.francais import accorde
from marelle.socle.horloge import aujourdhui, maintenant
from marelle.socle.jour import Cellule
from marelle.socle.jour import mois as table_du_mois
from marelle.transport.selection import dire_les_arrets, est_desservie

from ..cases import cellule, fermes, raisons
from ..choix import dire_le_mois, enfant_ou_404, mois_a_montrer
from ..choix_du_mois import (
    Situation,
    arrets_choisis,
    lire_filtre,
    lire_le_bus,
    listes,
    situation,
)
from ..ecrans import ecran_requis
from ..evenements import avec_les_sorties, sorties_des_jours
from ..excuses import excuses_des_jours
from ..formulaires_bus import BusForm, MultiplesForm
from ..liens import lien_de_l_exigence
from ..personne import RequeteFamille, famille_requise
from ..portail import au_panier, oublier_le_panier
from ..presentation import par_raison
from ..prix import tarif_de, total_au_panier
from .calendrier import LEGENDE, dire_ajout


@require_safe
@famille_requise
@ecran_requis("mois")
def membres(request: RequeteFamille) -> HttpResponse:
    """First step: the members of the family."""
    return render(request, "espace_famille/mois/choisir.html", listes(request, None, ""))


@require_safe
@famille_requise
@ecran_requis("mois")
def activites(request: RequeteFamille, enfant_id: int) -> HttpResponse:
    """Second step: the activities of one of them."""
    enfant = enfant_ou_404(request.famille, enfant_id)
    contexte = listes(request, enfant, lire_filtre(request.GET.get("filtre", "")))
    return render(request, "espace_famille/mois/choisir.html", contexte)


@require_safe
@famille_requise
@ecran_requis("mois")
def calendrier(request: RequeteFamille, enfant_id: int, unite_id: int) -> HttpResponse:
    """Third step: the month."""
    return _page(request, situation(request, enfant_id, unite_id))


@require_POST
@famille_requise
@ecran_requis("mois")
def jour(request: RequeteFamille, enfant_id: int, unite_id: int) -> HttpResponse:
    """A day pressed: in the cart with the stops chosen, or out of it; a booked day goes in to be cancelled."""
    ou = situation(request, enfant_id, unite_id)
    try:
        choisi = MultiplesForm.lire_jour(request.POST.get("jour", ""))
        bus = lire_le_bus(request, ou)
        ajout = basculer(request.famille, ou.enfant, ou.unite, choisi, bus)
    except ErreurMarelle as refus:
        return _page(request, ou, refus=refus)
    oublier_le_panier(request)
    return _page(request, ou, dit=dire_ajout(ajout, ou))  # type: ignore[arg-type]


@require_POST
@famille_requise
@ecran_requis("mois")
def inscriptions_multiples(request: RequeteFamille, enfant_id: int, unite_id: int) -> HttpResponse:
    """*Du*, *au*, weekdays, *Départ*, *Retour*, *Valider*: all these days in the cart."""
    ou = situation(request, enfant_id, unite_id)
    formulaire = MultiplesForm(ou.unite, request.POST, auto_id="multiples_%s")
    if not formulaire.is_valid():
        return _page(request, ou, formulaire=formulaire)
    donnees = formulaire.cleaned_data
    try:
        ajout = ajouter_periode(
            request.famille,
            ou.enfant,
            ou.unite,
            donnees["du"],
            donnees["au"],
            donnees["jours"],
            desinscrire=False,
            bus=lire_le_bus(request, ou),
        )
    except ErreurMarelle as refus:
        return _page(request, ou, formulaire=formulaire, refus=refus)
    oublier_le_panier(request)
    ou = replace(ou, mois=mois_a_montrer(ou.activite.pk, f"{donnees['du']:%Y-%m}"))
    return _page(request, ou, dit=dire_ajout(ajout, ou), refuses=ajout.refuses)  # type: ignore[arg-type]


def _page(
    request: RequeteFamille,
    ou: Situation,
    *,
    dit: str = "",
    refus: ErreurMarelle | None = None,
    formulaire: MultiplesForm | None = None,
    refuses: Sequence[tuple[date, str]] = (),
) -> HttpResponse:
    """After a press: htmx gets the month anew; without script the page comes back by redirection, or with its error."""
    par_script = bool(request.htmx) and request.method == "POST"  # type: ignore[attr-defined]
    if dit and not par_script and not refuses:
        messages.success(request, dit)
        return redirect(ou.adresse_du(ou.mois.premier if ou.mois else None))
    est_fautif = refus is not None or (formulaire is not None and not formulaire.is_valid())
    contexte = _contexte(request, ou, formulaire)
    contexte |= {
        "dit": dit,
        "refus": refus.phrase if refus else "",
        "refuses": par_raison(refuses),
    }
    statut = refus.statut if refus else 422 if est_fautif else 200
    if par_script:
        reponse = render(request, "espace_famille/mois/calendrier.html", contexte, status=statut)
        reponse["HX-Trigger"] = json.dumps({"dire": dit or contexte["refus"]})
        return reponse
    return render(request, "espace_famille/mois/page.html", contexte, status=statut)


def _contexte(request: RequeteFamille, ou: Situation, formulaire: MultiplesForm | None) -> dict[str, Any]:
    dossier = etat_du_dossier(request.famille, ou.enfant)
    portes = reglement().version_du(aujourdhui(), maintenant()).portes(ou.activite.code, Action.RESERVER)
    bloquants = [m for m in dossier.manques if m.jusquau is None and m.code in portes]
    ou, cases = _mois_utile(request, ou, dossier)
    ouverts = sorted({case.date.weekday() for case in cases})
    if formulaire is not None:
        formulaire.montrer(ouverts)
    arrets = arrets_choisis(request, ou)
    bus_du_mois = _bus_du_mois(request, ou)
    return {
        **listes(request, ou.enfant, ou.filtre, ou.unite),
        "ou": ou,
        "titre": dire_le_mois(ou.mois.premier) if ou.mois else "",
        "table": _table(request, ou, cases, ouverts, set(bus_du_mois)) if ou.mois else "",
        "sorties": sorties_des_jours(request, ((ou.enfant, ou.unite, case) for case in cases)),
        "absences_excusees": _excuses(request, ou),
        "bus_du_mois": sorted(bus_du_mois.items()),
        "bornes": bornes_d_ouverture(ou.activite.pk),
        "avant": ou.adresse_du(ou.mois.avant) if ou.mois and ou.mois.avant else "",
        "apres": ou.adresse_du(ou.mois.apres) if ou.mois and ou.mois.apres else "",
        "raisons": [] if bloquants else _raisons(cases),
        "bloquants": [(m.phrase, lien_de_l_exigence(ou.enfant.pk, m.code)) for m in bloquants],
        "delais": list(
            dict.fromkeys(phrases_du_reglement(reglement(), ou.activite.code, aujourdhui(), ou.activite.mode_decision))
        ),
        "telephone": ou.activite.centre.telephone or identite().telephone,
        "bus": BusForm(ou.unite, arrets=arrets, auto_id="jour_%s"),
        "formulaire": formulaire or MultiplesForm(ou.unite, arrets=arrets, jours=ouverts, auto_id="multiples_%s"),
        "tarif": tarif_de(
            *(request, ou.enfant, ou.unite, [case.date for case in cases]),
            nom=f"{ou.unite.nom} pour {ou.enfant.prenom}",
            fermes=fermes(cases),
        ),
        "nombre": au_panier(request),
        "total": total_au_panier(request),
        "etats": " ".join(dict.fromkeys([*LEGENDE, *(case.etat for case in cases)])),
    }


def _mois_utile(request: RequeteFamille, ou: Situation, dossier: EtatDossier) -> tuple[Situation, list[Case]]:
    """When the family has not chosen a month: this one, or the next when nothing is left to do in this one."""

    def lire(ou: Situation) -> list[Case]:
        if ou.mois is None:
            return []
        debut, fin = ou.mois.premier, ou.mois.dernier
        return CalendrierEnfant(request.famille, ou.enfant, ou.unite, debut, fin, maintenant(), dossier).cases()

    cases = lire(ou)
    if ou.a_choisi_le_mois or ou.mois is None or ou.mois.apres is None or any(case.est_actionnable for case in cases):
        return ou, cases
    suivant = replace(ou, mois=mois_a_montrer(ou.activite.pk, f"{ou.mois.apres:%Y-%m}"))
    cases_suivantes = lire(suivant)
    return (suivant, cases_suivantes) if any(case.est_actionnable for case in cases_suivantes) else (ou, cases)


def _excuses(request: RequeteFamille, ou: Situation) -> list[tuple[date, str, list[str]]]:
    if ou.mois is None:
        return []
    return excuses_des_jours(request, [ou.enfant], ou.mois.premier, ou.mois.dernier, ou.activite.pk)


def _bus_du_mois(request: RequeteFamille, ou: Situation) -> dict[date, str]:
    """The stops of the days asked or booked this month, in words."""
    if ou.mois is None or not est_desservie(ou.activite.pk):
        return {}
    arrets = arrets_du_mois(request.famille, ou.enfant.pk, ou.activite.pk, ou.mois.premier, ou.mois.dernier)
    return {jour: dire_les_arrets(*siens) for jour, siens in arrets.items()}


def _table(request: RequeteFamille, ou: Situation, cases: list[Case], ouverts: list[int], avec_bus: set[date]) -> str:
    assert ou.mois is not None
    premier = ou.mois.premier
    lien = reverse("espace_famille:demande", args=[0])
    cellules = [
        avec_les_sorties(request, ou.enfant, ou.unite, case, _cellule(case, lien, avec_bus=case.date in avec_bus))
        for case in cases
    ]
    legende = f"{dire_le_mois(premier)}, {ou.nom}, places disponibles par jour"
    return table_du_mois(premier, cellules, legende, avec_week_ends=any(n > 4 for n in ouverts))


def _cellule(case: Case, lien: str, *, avec_bus: bool) -> Cellule:
    """« 62 places disponibles », as the guide shows; whether the day comes with the bus (its stops are said below)."""
    dessin = cellule(case, aujourdhui(), lien)
    if case.etat in ("libre", "presque") and case.restantes:
        return replace(dessin, detail_long=accorde(case.restantes, "disponible"))
    if avec_bus and case.etat not in ("libre", "presque", "refuse", "annule"):
        return replace(dessin, detail_long=f"{dessin.detail_long} Avec le bus".strip())
    return dessin


def _raisons(cases: Sequence[Case]) -> list[tuple[str, str]]:
    """Why days cannot be chosen, and until or from when. Days that open together are said together: without their date."""
    annee = aujourdhui().year
    a_venir = [case for case in cases if case.date >= aujourdhui()]
    return raisons(
        [
            replace(case, raison=case.raison.replace(f" du {dire_date(case.date, annee)}", "", 1))
            if case.etat == "bientot"
            else case
            for case in a_venir
        ]
    )
