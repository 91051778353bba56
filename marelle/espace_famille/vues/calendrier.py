"""The calendar of a child in an activity: drawn whole, or only its changed part for htmx."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode

from marelle.activites.models import Activite, Unite
from marelle.activites.selection import activite_offerte, unite_choisie
from marelle.collectivite.identite import reglement
from marelle.demandes.calendrier import CalendrierEnfant, Case
from marelle.demandes.dossier import EtatDossier, etat_du_dossier
from marelle.demandes.panier import Ajout
from marelle.familles.models import Enfant
from marelle.regles.enonces import phrases_du_reglement
from marelle.regles.phrases import accorder, dire_date
from marelle.socle.erreurs import ErreurMarelle, Introuvable
from marelle.socle.francais import de
from marelle.socle.horloge import annee_scolaire, aujourdhui, maintenant
from marelle.socle.jour import mois as table_du_mois

from ..cases import cellule, fermes, raisons
from ..choix import Mois, dire_le_mois, enfant_ou_404, mois_a_montrer
from ..evenements import avec_les_sorties, sorties_des_jours
from ..formulaires import PeriodeForm
from ..liens import lien_de_l_exigence
from ..personne import RequeteFamille
from ..portail import au_panier
from ..presentation import par_raison
from ..prix import tarif_de, total_au_panier


@dataclass(frozen=True)
class Situation:
    """Where one is: this child, this activity, this unité, this month (or the whole school year)."""

    enfant: Enfant
    activite: Activite
    unite: Unite
    mois: Mois | None
    est_annee: bool
    a_choisi_le_mois: bool = True

    @property
    def adresse(self) -> str:
        return reverse("espace_famille:calendrier", args=[self.enfant.pk, self.activite.pk])

    def adresse_du(self, mois: date | None, unite: str = "") -> str:
        parametres = {"unite": unite or self.unite.code}
        if mois is not None:
            parametres["mois"] = f"{mois:%Y-%m}"
        elif self.est_annee:
            parametres["vue"] = "annee"
        return f"{self.adresse}?{urlencode(parametres)}"


def situation(request: RequeteFamille, enfant_id: int, activite_id: int) -> Situation:
    """Read from the address and the form, checked: another household's child, a closed activity are 404."""
    enfant = enfant_ou_404(request.famille, enfant_id)
    activite = activite_offerte(activite_id)
    donnees = request.POST if request.method == "POST" else request.GET
    code = donnees.get("unite", "")
    unite = unite_choisie(activite, code) if activite else None
    if activite is None or unite is None:
        raise Http404
    if code and unite.code != code:
        raise Introuvable(f"« {code[:40]} » n’existe pas dans cette activité : choisissez dans la liste.")
    est_annee = donnees.get("vue") == "annee"
    mois = None if est_annee else mois_a_montrer(activite.pk, donnees.get("mois", ""))
    return Situation(enfant, activite, unite, mois, est_annee, a_choisi_le_mois="mois" in donnees)


# States that a press may bring; the others are explained when the month shows them.
LEGENDE = ("libre", "presque", "complet", "panier", "attente", "reserve", "annuler")
ETAPES = ("Enfant", "Centre et activité", "Calendrier", "Panier")


def etapes(courante: int, enfant: Enfant | None = None, activite: Activite | None = None) -> list[dict[str, Any]]:
    """The path of the booking, one square per step; what is chosen is named, and can be chosen again."""
    titres = [
        enfant.prenom if enfant else "Choisir l’enfant",
        activite.nom if activite else "Choisir l’activité",
        "Choisir les jours",
        "Panier",
    ]
    adresses = [
        reverse("espace_famille:choisir_enfant"),
        reverse("espace_famille:choisir_activite", args=[enfant.pk]) if enfant else "",
        reverse("espace_famille:calendrier", args=[enfant.pk, activite.pk]) if enfant and activite else "",
        reverse("espace_famille:panier"),
    ]
    return [
        {
            "titre": titres[rang],
            "detail": ETAPES[rang] if rang < 3 else "Valider",
            "lien": adresses[rang] if rang != courante - 1 and (rang < courante or rang == 3) else "",
            "fait": rang < courante - 1,
            "est_courante": rang == courante - 1,
        }
        for rang in range(4)
    ]


def page_du_calendrier(
    request: RequeteFamille,
    ou: Situation,
    *,
    dit: str = "",
    refus: ErreurMarelle | None = None,
    formulaire: PeriodeForm | None = None,
    refuses: Sequence[tuple[date, str]] = (),
) -> HttpResponse:
    """After a press: htmx gets the calendar anew; without script the page comes back by redirection, or with its error."""
    est_fautif = refus is not None or (formulaire is not None and not formulaire.is_valid())
    if dit and not request.htmx and not refuses:  # type: ignore[attr-defined]
        messages.success(request, dit)
        return redirect(ou.adresse_du(ou.mois.premier if ou.mois else None))
    contexte = _contexte(request, ou, formulaire)
    contexte |= {"refus": refus.phrase if refus else "", "refuses": par_raison(refuses)}
    statut = refus.statut if refus else 422 if est_fautif else 200
    if request.htmx and request.method == "POST":  # type: ignore[attr-defined]
        reponse = render(request, "espace_famille/inscription/calendrier_partie.html", contexte, status=statut)
        reponse["HX-Trigger"] = json.dumps({"dire": dit or contexte["refus"]})
        return reponse
    if dit:
        contexte["dit"] = dit
    return render(request, "espace_famille/inscription/calendrier.html", contexte, status=statut)


def _contexte(request: RequeteFamille, ou: Situation, formulaire: PeriodeForm | None) -> dict[str, Any]:
    dossier = etat_du_dossier(request.famille, ou.enfant)
    bloquants = [m for m in dossier.manques if m.concerne(aujourdhui()) and m.code in _portes(ou.activite)]
    ou, cases = _mois_utile(ou, lambda ou: _cases(request, ou, dossier))
    ouverts = sorted({case.date.weekday() for case in cases})
    if formulaire is not None:
        formulaire.montrer(ouverts)
    return {
        "ou": ou,
        "etapes": etapes(3, ou.enfant, ou.activite),
        "tables": _tables(request, ou, cases, ouverts),
        "sorties": sorties_des_jours(request, ((ou.enfant, ou.unite, case) for case in cases)),
        "adresse_mois": {"avant": _voisin(ou, "avant"), "apres": _voisin(ou, "apres")},
        "unites": sorted(ou.activite.unites.all(), key=lambda u: (u.ordre, u.pk)),
        "raisons": [] if bloquants else raisons([c for c in cases if c.date >= aujourdhui()]),
        "bloquants": [(m.phrase, lien_de_l_exigence(ou.enfant.pk, m.code)) for m in bloquants],
        "delais": phrases_du_reglement(reglement(), ou.activite.code, aujourdhui(), ou.activite.mode_decision),
        "formulaire": formulaire or PeriodeForm(jours=ouverts),
        "tarif": tarif_de(
            *(request, ou.enfant, ou.unite, [case.date for case in cases]),
            nom=f"{ou.unite.nom} pour {ou.enfant.prenom}",
            fermes=fermes(cases),
        ),
        "nombre": au_panier(request),
        "total": total_au_panier(request),
        "etats": " ".join(dict.fromkeys([*LEGENDE, *(case.etat for case in cases)])),
    }


def _cases(request: RequeteFamille, ou: Situation, dossier: EtatDossier) -> list[Case]:
    debut, fin = (ou.mois.premier, ou.mois.dernier) if ou.mois else _reste_de_l_annee()
    return CalendrierEnfant(request.famille, ou.enfant, ou.unite, debut, fin, maintenant(), dossier).cases()


def _reste_de_l_annee() -> tuple[date, date]:
    """From today to the end of the school year; the next one too when its days are open already."""
    jour = aujourdhui()
    return jour, annee_scolaire(jour + timedelta(days=120))[1]


def _mois_utile(ou: Situation, lire: Callable[[Situation], list[Case]]) -> tuple[Situation, list[Case]]:
    """When the family has not chosen a month: this one, or the next when nothing is left to do in this one."""
    cases = lire(ou)
    if ou.a_choisi_le_mois or ou.mois is None or ou.mois.apres is None or any(case.est_actionnable for case in cases):
        return ou, cases
    suivant = replace(ou, mois=mois_a_montrer(ou.activite.pk, f"{ou.mois.apres:%Y-%m}"))
    cases_suivantes = lire(suivant)
    return (suivant, cases_suivantes) if any(case.est_actionnable for case in cases_suivantes) else (ou, cases)


def _portes(activite: Activite) -> tuple[str, ...]:
    from marelle.regles.situation import Action

    return reglement().version_du(aujourdhui(), maintenant()).portes(activite.code, Action.RESERVER)


def _voisin(ou: Situation, sens: str) -> str:
    autre = getattr(ou.mois, sens, None) if ou.mois else None
    return ou.adresse_du(autre) if autre else ""


def _tables(request: RequeteFamille, ou: Situation, cases: list[Case], ouverts: list[int]) -> list[dict[str, Any]]:
    """The month shown, or each month of the year that opens."""
    lien = reverse("espace_famille:demande", args=[0])
    jour = aujourdhui()
    par_mois: dict[date, list[Any]] = {ou.mois.premier: []} if ou.mois else {}
    for case in cases:
        dessin = avec_les_sorties(request, ou.enfant, ou.unite, case, cellule(case, jour, lien))
        par_mois.setdefault(case.date.replace(day=1), []).append(dessin)
    week_end = any(n > 4 for n in ouverts)
    return [
        {
            "titre": dire_le_mois(premier),
            "table": table_du_mois(
                premier,
                siennes,
                f"{dire_le_mois(premier)}, {ou.activite.nom}. Un numéro seul : pas d’accueil.",
                avec_week_ends=week_end,
                serre=ou.est_annee,
            ),
        }
        for premier, siennes in sorted(par_mois.items())
    ]


def dire_bascule(ajout: Ajout, jour: date, prenom: str) -> str:
    """« Mercredi 2 décembre est au panier pour Anouk. » A day that goes in to be cancelled says so: nothing else did."""
    quoi = f"L’annulation du {dire_date(jour)}" if ajout.est_annulation else dire_date(jour).capitalize()
    return f"{quoi} {f'n’est plus dans le panier {de(prenom)}' if ajout.retires else f'est au panier pour {prenom}'}."


def dire_ajout(ajout: Ajout, ou: Situation) -> str:
    """What the press did, in one sentence for the page's status."""
    qui = ou.enfant.prenom
    if ajout.retires:
        return dire_bascule(ajout, ajout.retires[0], qui)
    bouts = []
    if len(ajout.ajoutes) == 1:
        bouts.append(dire_bascule(ajout, ajout.ajoutes[0], qui))
    elif ajout.ajoutes:
        nom = "annulation" if ajout.est_annulation else "jour"
        bouts.append(f"{accorder(len(ajout.ajoutes), nom)} au panier pour {qui}.")
    elif not ajout.refuses:
        bouts.append("Ces jours sont déjà au panier.")
    if ajout.refuses:
        bouts.append(f"{accorder(len(ajout.refuses), 'jour')} sans suite, voyez pourquoi ci-dessous.")
    return " ".join(bouts)
