"""The page of the family's week: which weeks are asked, what its squares and forms hold, how it comes back after a press."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode

from marelle.activites.models import Unite
from marelle.activites.selection import unites_offertes
from marelle.demandes import ensemble
from marelle.demandes.calendrier import Case
from marelle.demandes.repetition import SEMAINE, lundi
from marelle.demandes.semaine import SemaineEnfant, Service, lire
from marelle.familles.acces import enfants_de
from marelle.familles.models import Enfant
from marelle.regles.phrases import dire_date, dire_periode
from marelle.socle.erreurs import ErreurMarelle
from marelle.socle.horloge import aujourdhui, maintenant
from marelle.socle.jour import Cellule
from marelle.socle.semaine import BlocSemaine, LigneSemaine, semaine

from .cases import cellule, fermes
from .evenements import avec_les_sorties, sorties_des_jours
from .excuses import excuses_des_jours
from .formulaires_semaine import CopierForm, FratrieForm, RepeterForm
from .personne import RequeteFamille
from .portail import au_panier
from .prix import Tarif, tarif_de, total_au_panier

SEMAINES_MONTREES = 5
MONTRES = 4  # days said one by one under a reason, the others counted
TONS = ("rose", "bleu", "violet", "ocre", "vert")


@dataclass(frozen=True)
class Vue:
    """What is shown: so many weeks from this Monday, for these children."""

    enfants: list[Enfant]
    debut: date
    semaines: int

    @property
    def fin(self) -> date:
        return self.debut + self.semaines * SEMAINE - timedelta(days=1)

    def adresse(self, debut: date | None = None, semaines: int = 0) -> str:
        parametres = {"du": f"{debut or self.debut:%Y-%m-%d}"}
        if (semaines or self.semaines) > 1:
            parametres["semaines"] = str(semaines or self.semaines)
        return f"{reverse('espace_famille:semaine')}?{urlencode(parametres)}"


def vue_demandee(request: RequeteFamille) -> Vue:
    """Read from the address or the form; anything unreadable is this week (the next one from Saturday on)."""
    donnees = request.POST if request.method == "POST" else request.GET
    try:
        du = date.fromisoformat(donnees.get("du", ""))
    except ValueError:
        du = aujourdhui() + timedelta(days=2 if aujourdhui().weekday() > 4 else 0)
    if abs((du - aujourdhui()).days) > 2 * 366:
        du = aujourdhui()
    nombre = donnees.get("semaines_montrees") or donnees.get("semaines", "1")
    combien = int(nombre) if nombre.isascii() and nombre.isdecimal() and len(nombre) < 3 else 1
    return Vue(enfants_de(request.famille), lundi(du), min(max(combien, 1), SEMAINES_MONTREES))


def lire_la_case(vue: Vue, texte: str) -> tuple[Enfant, Unite, date]:
    """« enfant.unité.jour » of a square. 404 for a child or an unité that are not this household's to see."""
    morceaux = texte.split(".")
    try:
        cle_enfant, cle_unite, jour = int(morceaux[0]), int(morceaux[1]), date.fromisoformat(morceaux[2])
    except (ValueError, IndexError):
        raise ErreurMarelle("Ce jour n’existe pas : choisissez une case de la semaine.") from None
    enfant = next((un for un in vue.enfants if un.pk == cle_enfant), None)
    unite = next((une for une in unites_offertes() if une.pk == cle_unite), None)
    if enfant is None or unite is None:
        raise Http404
    return enfant, unite, jour


def formulaires(vue: Vue, donnees: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The three forms, each under its prefix; `donnees` fills one of them."""
    donnees = donnees or {}
    ages = {enfant.age_le(vue.debut) for enfant in vue.enfants}
    unites = [
        (unite, nom_du_service(unite))
        for unite in unites_offertes()
        if any(unite.activite.age_min <= age <= unite.activite.age_max for age in ages)
    ]
    return {
        "repeter": RepeterForm(vue.enfants, unites, donnees.get("repeter"), prefix="repeter"),
        "copier": CopierForm(vue.enfants, donnees.get("copier"), prefix="copier"),
        "fratrie": FratrieForm(vue.enfants, donnees.get("fratrie"), prefix="fratrie"),
    }


def nom_du_service(unite: Unite) -> str:
    """The activity's name, with the unité's where there are several."""
    seule = len(unite.activite.unites.all()) == 1
    return unite.activite.nom if seule else f"{unite.activite.nom}, {unite.nom.lower()}"


def rendre(
    request: RequeteFamille,
    vue: Vue,
    *,
    dit: str = "",
    refus: ErreurMarelle | None = None,
    refuses: Sequence[tuple[Enfant, date, str]] = (),
    remplis: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """After a press: htmx gets the week anew; without script the page comes back by redirection, or with its error."""
    if dit and not request.htmx and not refuses:  # type: ignore[attr-defined]
        messages.success(request, dit)
        return redirect(vue.adresse())
    contexte = _contexte(request, vue) | formulaires(vue) | dict(remplis or {})
    contexte |= {"refus": refus.phrase if refus else "", "dit": dit, "refuses": _regrouper(refuses)}
    contexte["ouvert"] = next(iter(remplis or {}), "")
    statut = refus.statut if refus else 422 if remplis else 200
    if request.htmx and request.method == "POST":  # type: ignore[attr-defined]
        reponse = render(request, "espace_famille/semaine_partie.html", contexte, status=statut)
        reponse["HX-Trigger"] = json.dumps({"dire": dit or contexte["refus"]})
        return reponse
    return render(request, "espace_famille/semaine.html", contexte, status=statut)


def _contexte(request: RequeteFamille, vue: Vue) -> dict[str, Any]:
    blocs = lire(request.famille, vue.enfants, vue.debut, vue.fin, maintenant())
    toutes = [case for bloc in blocs for service in bloc.services for case in service.cases.values()]
    jours = sorted({case.date.weekday() for case in toutes} | set(range(5)))
    tarifs = _tarifs(request, blocs)
    return {
        "vue": vue,
        "titre": dire_periode(vue.debut, vue.debut + timedelta(days=7 * vue.semaines - 3)),
        "tables": [_table(request, vue, rang, blocs, jours, tarifs) for rang in range(vue.semaines)],
        "sorties": sorties_des_jours(request, _avec_evenements(blocs)),
        "absences_excusees": excuses_des_jours(request, vue.enfants, vue.debut, vue.fin),
        "plusieurs_enfants": len(vue.enfants) > 1,
        "avant": vue.adresse(vue.debut - vue.semaines * SEMAINE),
        "apres": vue.adresse(vue.debut + vue.semaines * SEMAINE),
        "maintenant": vue.adresse(lundi(aujourdhui())),
        "autre_longueur": vue.adresse(semaines=1 if vue.semaines > 1 else 4),
        "raisons": _raisons(blocs),
        "tarifs": _sans_double(tarifs),
        "nombre": au_panier(request),
        "total": total_au_panier(request),
        "lie": bool(au_panier(request)) and len(vue.enfants) > 1 and ensemble.est_lie(request.famille),
        "etats": " ".join(dict.fromkeys(["libre", "panier", "reserve", *(case.etat for case in toutes)])),
    }


Tarifs = dict[tuple[int, int], Tarif]  # by child and unité


def _tarifs(request: RequeteFamille, blocs: Sequence[SemaineEnfant]) -> Tarifs:
    """What each service shown costs each child."""
    return {
        (bloc.enfant.pk, service.unite.pk): tarif_de(
            *(request, bloc.enfant, service.unite, service.cases),
            nom=f"{bloc.enfant.prenom}, {service.unite.nom.lower()}",
            fermes=fermes(service.cases.values()),
        )
        for bloc in blocs
        for service in bloc.services
        if service.cases
    }


def _sans_double(tarifs: Tarifs) -> list[Tarif]:
    """A price asked in several places for the same child is explained once."""
    uns = {(tarif.nom, tarif.court): tarif for tarif in tarifs.values() if tarif.prix}
    return list(uns.values())


def _avec_evenements(blocs: Sequence[SemaineEnfant]) -> Iterator[tuple[Enfant, Unite, Case]]:
    for bloc in blocs:
        for service in bloc.services:
            yield from ((bloc.enfant, service.unite, case) for case in service.cases.values() if case.evenements)


def _table(
    request: RequeteFamille,
    vue: Vue,
    rang: int,
    blocs: Sequence[SemaineEnfant],
    colonnes: Sequence[int],
    tarifs: Tarifs,
) -> dict[str, Any]:
    premier = vue.debut + rang * SEMAINE
    jours = [premier + timedelta(days=n) for n in colonnes]
    dit = dire_periode(jours[0], jours[-1])
    dessines = [_dessiner(request, bloc, jours, TONS[n % len(TONS)], tarifs) for n, bloc in enumerate(blocs)]
    return {"titre": dit, "table": semaine(jours, dessines, f"Semaine {dit}, par enfant et par service")}


def _dessiner(
    request: RequeteFamille, bloc: SemaineEnfant, jours: Sequence[date], ton: str, tarifs: Tarifs
) -> BlocSemaine:
    lien, aujourd_hui = reverse("espace_famille:demande", args=[0]), aujourdhui()
    lignes = []
    for service in bloc.services:
        ouverts = [service.cases[jour] for jour in jours if jour in service.cases]
        if ouverts:
            qui = (request, bloc.enfant, service.unite)
            cases = {
                une.date: avec_les_sorties(*qui, une, _cellule(bloc.enfant, service, une, aujourd_hui, lien))
                for une in ouverts
            }
            prix = tarifs[bloc.enfant.pk, service.unite.pk].court
            lignes.append(LigneSemaine(nom_du_service(service.unite), cases, prix))
    tete = format_html(
        '<span class="rang"><span class="puce ronde" data-ton="{}" aria-hidden="true">{}</span>'
        '<span><strong>{}</strong> <span class="discret leger">{}</span></span></span>',
        *(ton, bloc.enfant.prenom[:1], bloc.enfant.prenom, bloc.enfant.classe),
    )
    return BlocSemaine(bloc.enfant.prenom, tete, lignes, f"Rien n’ouvre pour {bloc.enfant.prenom} cette semaine.")


def _cellule(enfant: Enfant, service: Service, case: Case, jour: date, lien_demande: str) -> Cellule:
    une = cellule(case, jour, lien_demande)
    rang = f"Rang {case.detail}" if case.etat == "liste" and case.detail else ""
    peu = f"{case.restantes} pl." if case.etat == "presque" else ""
    return Cellule(
        case.date,
        case.etat,
        mot=case.mot or rang,
        detail=case.unite or peu,
        nom_bouton="case",
        valeur=f"{enfant.pk}.{service.unite.pk}.{case.date:%Y-%m-%d}",
        est_actionnable=une.est_actionnable,
        est_aujourdhui=une.est_aujourdhui,
        lien=une.lien,
    )


def _raisons(blocs: Sequence[SemaineEnfant]) -> list[tuple[str, str]]:
    """Why days cannot be chosen, each reason once: (for whom and when, sentence)."""
    debut = aujourdhui()
    lignes = [
        (bloc.enfant, case.date, case.raison)
        for bloc in blocs
        for service in bloc.services
        for case in service.cases.values()
        if not case.est_actionnable and case.raison and case.date >= debut
    ]
    return _regrouper(lignes)


def _regrouper(lignes: Sequence[tuple[Enfant, date, str]]) -> list[tuple[str, str]]:
    par_phrase: dict[str, dict[date, list[str]]] = {}
    for enfant, jour, phrase in lignes:
        prenoms = par_phrase.setdefault(phrase, {}).setdefault(jour, [])
        if enfant.prenom not in prenoms:
            prenoms.append(enfant.prenom)
    dits = []
    for phrase, jours in par_phrase.items():
        premiers = [f"{dire_date(jour)} ({', '.join(prenoms)})" for jour, prenoms in sorted(jours.items())[:MONTRES]]
        reste = len(jours) - len(premiers)
        suite = f" et {reste} autre{'s' if reste > 1 else ''} jour{'s' if reste > 1 else ''}" if reste else ""
        dits.append((", ".join(premiers) + suite, phrase))
    return dits
