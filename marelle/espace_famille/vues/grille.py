"""*Pré-inscrire*: child, activity, period, weekdays, then dates × slots to tick, in masse or one by one, and to send."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from marelle.activites.models import Unite
from marelle.collectivite.identite import reglement
from marelle.demandes.calendrier import Case, Creneau
from marelle.demandes.depot import panier_de
from marelle.demandes.doubles import doubles_de
from marelle.demandes.evenements import cle_de_sortie
from marelle.demandes.grille import Bilan, Grille, envoyer, unites_de
from marelle.familles.models import Enfant
from marelle.regles.phrases import accorder
from marelle.regles.situation import Action, Manque
from marelle.socle.erreurs import ErreurMarelle, Refus
from marelle.socle.horloge import aujourdhui, maintenant

from ..carreaux import au_panier, colonnes, dire_refuses, en_masse, pourquoi, semaines
from ..cases import fermes
from ..choix_de_grille import Choix, formulaire_de, lire_choix
from ..ecrans import ecran_requis
from ..evenements import dits_de, sorties_des_jours
from ..excuses import excuses_des_jours
from ..formulaires import JOURS
from ..liens import lien_de_l_exigence
from ..personne import RequeteFamille, auteur, famille_requise
from ..portail import oublier_le_panier
from ..prix import Tarif, devis_de, tarif_de


@require_safe
@famille_requise
@ecran_requis("grille")
def pre_inscription(request: RequeteFamille) -> HttpResponse:
    """The form alone: *merci de sélectionner l'enfant, l'activité et la période*."""
    contexte = {"formulaire": formulaire_de(request.famille, request.GET)}
    return render(request, "espace_famille/grille/formulaire.html", contexte)


@require_http_methods(["GET", "HEAD", "POST"])
@famille_requise
@ecran_requis("grille")
def grille(request: RequeteFamille) -> HttpResponse:
    """*Afficher le calendrier*, then what is pressed on it."""
    formulaire = formulaire_de(request.famille, request.GET)
    try:
        choix = lire_choix(formulaire)
    except ErreurMarelle as erreur:
        formulaire.erreur = erreur.phrase
        return render(request, "espace_famille/grille/formulaire.html", {"formulaire": formulaire}, status=422)
    if request.method != "POST":
        return _page(request, choix)
    coches = _lire_coches(choix, request.POST)
    if "masse" in request.POST:
        return _page(request, choix, coches=coches, masse=request.POST)
    return _envoi(request, choix, coches)


def _lire_coches(choix: Choix, donnees: QueryDict) -> list[Creneau]:
    """The squares posted, « 12-2026-11-24 »: an unité of this activity and a date. What is neither is refused whole."""
    connues = {une.pk for une in unites_de(choix.activite)}
    coches = []
    for texte in donnees.getlist("c"):
        numero, _, jour = texte.partition("-")
        try:
            creneau = int(numero), date.fromisoformat(jour)
        except ValueError:
            raise ErreurMarelle("Une des cases cochées n’existe pas : affichez de nouveau le calendrier.") from None
        if creneau[0] not in connues or not choix.periode.debut <= creneau[1] <= choix.periode.fin:
            raise ErreurMarelle("Une des cases cochées n’est pas de ce calendrier : affichez-le de nouveau.")
        coches.append(creneau)
    return coches


def _envoi(request: RequeteFamille, choix: Choix, coches: list[Creneau]) -> HttpResponse:
    """*Valider et sortir*, *Valider et nouvelle inscription*: one transaction, one receipt; posted twice, sent once."""
    if not coches:
        return _page(request, choix, refus="Cochez au moins un créneau, puis validez.", statut=422)
    try:
        jeton = uuid.UUID(request.POST.get("jeton", ""))
    except ValueError:
        phrase = "Votre choix n’a pas pu être lu : validez de nouveau."
        return _page(request, choix, coches=coches, refus=phrase, statut=400)
    try:
        vues = request.POST.getlist("vue")
        bilan = envoyer(request.famille, choix.enfant, choix.activite, coches, jeton, auteur(request), vues=vues)
    except Refus as refus:
        return _page(request, choix, coches=coches, refus=refus.phrase, statut=refus.statut)
    oublier_le_panier(request)
    if bilan.envoi is None:
        return _page(request, choix, coches=coches, bilan=bilan, statut=409)
    _dire(request, choix, bilan)
    if request.POST.get("suite") == "nouvelle":
        return redirect("espace_famille:pre_inscription")
    return redirect("espace_famille:accuse", bilan.envoi.pk)


def _dire(request: RequeteFamille, choix: Choix, bilan: Bilan) -> None:
    if bilan.est_nouveau:
        messages.success(
            request, f"{accorder(bilan.nombre, 'créneau', 'créneaux')} en route pour {choix.enfant.prenom}."
        )
    for phrase, ou in dire_refuses(bilan.refuses, unites_de(choix.activite)):
        messages.warning(request, f"Sans suite, {ou} : {phrase}")
    if bilan.envoi is not None and bilan.est_nouveau:
        for phrase, ou in dire_refuses(doubles_de(bilan.envoi), unites_de(choix.activite)):
            messages.warning(request, f"{phrase.removesuffix('.')} ({ou}).")


def _page(
    request: RequeteFamille,
    choix: Choix,
    *,
    coches: Sequence[Creneau] = (),
    masse: QueryDict | None = None,
    bilan: Bilan | None = None,
    refus: str = "",
    statut: int = 200,
) -> HttpResponse:
    debut = max(choix.periode.debut, aujourdhui())
    lue = Grille(request.famille, choix.enfant, choix.activite, debut, choix.periode.fin, maintenant())
    lignes = [(le, cases) for le, cases in lue.lignes() if not choix.jours or le.weekday() in choix.jours]
    # What the cart holds already is ticked, and leaves with the rest.
    voulus = set(coches) if request.method == "POST" else au_panier(lignes, lue.unites)
    if masse is not None:
        voulus = en_masse(lignes, lue.unites, voulus, masse)
    manques = _manques(choix, lue)
    prix = _prix(request, choix, lignes, lue.unites)
    contexte: dict[str, Any] = {
        "sorties": sorties_des_jours(request, _cases(choix, lignes, lue.unites)),
        "absences_excusees": _excuses(request, choix, lignes),
        "tarifs": _tarifs(request, choix, lignes, lue.unites),
        "total": _total(prix, voulus),
        "formulaire": choix.formulaire,
        "choix": choix,
        "unites": lue.unites,
        "fin": lue.fin_des_preinscriptions(),
        "semaines": semaines(lignes, lue.unites, voulus, prix, _sorties(request, choix, lignes, lue.unites)),
        "colonnes": colonnes(lue.unites, masse),
        "jours": _jours(lignes, masse),
        "bloquants": [(m.phrase, lien_de_l_exigence(choix.enfant.pk, m.code)) for m in manques],
        "nombre": len(voulus),
        "vues": _vues(choix, lignes, lue.unites),
        "jeton": panier_de(request.famille).jeton,
        "raisons": [] if manques else pourquoi(lignes, lue.unites),
        "refus": refus,
        "refuses": dire_refuses(bilan.refuses, lue.unites) if bilan else [],
    }
    return render(request, "espace_famille/grille/grille.html", contexte, status=statut)


def _tarifs(
    request: RequeteFamille, choix: Choix, lignes: Sequence[tuple[date, Any]], unites: Sequence[Unite]
) -> list[Tarif]:
    """What each column costs, on the dates shown."""
    dates = [le for le, _ in lignes]
    return [
        tarif_de(request, choix.enfant, une, dates, fermes=fermes(cases[n] for _, cases in lignes))
        for n, une in enumerate(unites)
    ]


def _prix(
    request: RequeteFamille, choix: Choix, lignes: Sequence[tuple[date, Any]], unites: Sequence[Unite]
) -> dict[Creneau, int]:
    """What each square costs, in centimes, where it is known."""
    devis = devis_de(request)
    prix = {
        (une.pk, le): devis.prix(
            choix.enfant.pk, choix.activite.code, une, le, evenements=case.evenements if case else ()
        )
        for le, cases in lignes
        for une, case in zip(unites, cases, strict=True)
    }
    return {creneau: un.total_centimes for creneau, un in prix.items() if un is not None}


def _cases(
    choix: Choix, lignes: Sequence[tuple[date, Any]], unites: Sequence[Unite]
) -> Iterator[tuple[Enfant, Unite, Case]]:
    """The squares that have outings."""
    for _, cases in lignes:
        for unite, case in zip(unites, cases, strict=True):
            if case is not None and case.evenements:
                unite.activite = choix.activite
                yield choix.enfant, unite, case


def _sorties(
    request: RequeteFamille, choix: Choix, lignes: Sequence[tuple[date, Any]], unites: Sequence[Unite]
) -> dict[Creneau, str]:
    """What each square says of its outings."""
    return {
        (unite.pk, case.date): ", ".join(dits_de(request, enfant, unite, case))
        for enfant, unite, case in _cases(choix, lignes, unites)
    }


def _excuses(
    request: RequeteFamille, choix: Choix, lignes: Sequence[tuple[date, Any]]
) -> list[tuple[date, str, list[str]]]:
    """On the dates shown."""
    jours = {le for le, _ in lignes}
    dites = excuses_des_jours(request, [choix.enfant], min(jours), max(jours), choix.activite.pk) if jours else []
    return [une for une in dites if une[0] in jours]


def _vues(choix: Choix, lignes: Sequence[tuple[date, Any]], unites: Sequence[Unite]) -> list[str]:
    """The outings shown, that the page gives back when it is sent."""
    return [
        cle_de_sortie(unite.pk, case.date, code)
        for _, unite, case in _cases(choix, lignes, unites)
        for code in case.evenements
    ]


def _manques(choix: Choix, lue: Grille) -> list[Manque]:
    """What is missing today in the child's file before this activity."""
    portes = reglement().version_du(aujourdhui(), maintenant()).portes(choix.activite.code, Action.RESERVER)
    return [m for m in lue.dossier.manques if m.concerne(aujourdhui()) and m.code in portes]


def _total(prix: dict[Creneau, int], voulus: set[Creneau]) -> int | None:
    return sum(prix.get(creneau, 0) for creneau in voulus) if prix else None


def _jours(lignes: Sequence[tuple[date, Any]], masse: QueryDict | None) -> list[dict[str, Any]]:
    """The weekdays of *Tous les*: those on which nothing opens cannot be ticked."""
    ouverts = {le.weekday() for le, _ in lignes}
    choisis = masse.getlist("masse_jours") if masse else []
    montres = [(n, nom) for n, nom in JOURS if n < 5 or n in ouverts]
    return [{"n": n, "nom": nom, "ouvert": n in ouverts, "coche": str(n) in choisis} for n, nom in montres]
