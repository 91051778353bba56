"""How a demande and its passages are said to the family: badge, words, next thing to do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from marelle.collectivite.identite import identite
from marelle.demandes.accuse import sorties_annoncees
from marelle.demandes.dossier import NATURES_DU_DOSSIER
from marelle.demandes.models import Demande, JourDemande, Passage
from marelle.demandes.modifier import est_modifiable
from marelle.demandes.natures import NATURES
from marelle.demandes.natures.jours import dire_chaque_date, dire_des_dates
from marelle.demandes.passages import Acteur, Etat, Verbe
from marelle.demandes.rangs import Rang
from marelle.regles.phrases import dire_date
from marelle.socle.francais import instant
from marelle.socle.horloge import PARIS, aujourdhui

from .liens import lien_de_l_exigence

# state → tone, symbol, words
BADGES = {
    Etat.DEPOSEE: ("ocre", "horloge", "En attente"),
    Etat.LISTE_ATTENTE: ("violet", "file", "Liste d’attente"),
    Etat.PROPOSEE: ("vert", "horloge", "Place proposée"),
    Etat.A_CORRIGER: ("bleu", "crayon", "À corriger"),
    Etat.ACCEPTEE: ("vert", "coche", "Acceptée"),
    Etat.REFUSEE: ("rouge", "croix", "Refusée"),
    Etat.RETIREE: ("neutre", "absent", "Retirée"),
    Etat.PANIER: ("vert", "panier", "Au panier"),
}
DITS = {
    Verbe.DEPOSER: "Demande déposée",
    Verbe.METTRE_EN_ATTENTE: "Mise en liste d’attente",
    Verbe.REMETTRE_EN_FILE: "Une place s’est libérée : le service l’étudie",
    Verbe.RENVOYER: "Renvoyée pour correction",
    Verbe.ACCEPTER: "Acceptée",
    Verbe.REFUSER: "Refusée",
    Verbe.RETIRER: "Retirée",
    Verbe.REPRENDRE: "Absence retirée",
    Verbe.PROPOSER: "Une place s’est libérée : elle vous est proposée",
    Verbe.CONFIRMER: "Place acceptée",
    Verbe.LAISSER_PASSER: "Sans réponse : la place est allée au suivant",
    Verbe.ABANDONNER: "Sans réponse : la demande a quitté la liste d’attente",
    Verbe.EXPIRER: "Non payée à temps : la réservation est tombée",
}


@dataclass(frozen=True, slots=True)
class Ligne:
    """A demande as a line of a list."""

    demande: Demande
    titre: str
    detail: str
    ton: str
    symbole: str
    mot: str
    lien: str
    peut_retirer: bool
    lien_modifier: str = ""


def ligne(demande: Demande, rang: Rang | None = None) -> Ligne:
    """`rang` is the rank on the waiting list, when it is known."""
    nature = NATURES[demande.nature]
    ton, symbole, mot = BADGES[Etat(demande.etat)]
    if rang:
        mot = f"{mot}, {rang.dit}"
    qui = demande.enfant.prenom if demande.enfant else str(demande.responsable or "")
    if nature.PORTE_SUR_DES_JOURS:
        jours = sorted({jour.date for jour in demande.jours.all()})
        titre = f"{qui}, {dire_des_dates(jours)}"
        unites = dict.fromkeys(jour.ouverture.unite.nom.lower() for jour in demande.jours.all())
        detail = f"{nature.LIBELLE}, {', '.join(unites)}, {demande.activite.nom if demande.activite else ''}"
        for jour in sorted(demande.jours.all(), key=lambda un: (un.date, un.pk)):
            if sorties := sorties_annoncees(demande, jour):
                detail = f"{detail}. {dire_date(jour.date, aujourdhui().year).capitalize()} : {', '.join(sorties)}"
        if bus := dict.fromkeys(jour.bus for jour in demande.jours.all() if jour.bus):
            detail = f"{detail}. {' ; '.join(bus)}"
    else:
        titre, detail = ", ".join(filter(None, (qui, _fiche(demande.nature) or nature.resumer(demande)))), ""
    return Ligne(
        demande,
        titre,
        detail,
        ton,
        symbole,
        mot,
        reverse("espace_famille:demande", args=[demande.pk]) if demande.pk and demande.depose_le else "",
        demande.est_en_cours,
        lien_de_modification(demande),
    )


def _fiche(nature: str) -> str:
    """What the family's tabs call this sheet; empty for what has no tab of its own."""
    return next((onglet.titre for onglet in identite().onglets if onglet.natures[:1] == (nature,)), "")


def lien_de_modification(demande: Demande) -> str:
    """Where what waits can be changed: its days, or the sheet that a new one replaces. Empty when nowhere."""
    if est_modifiable(demande):
        return reverse("espace_famille:demande_modification", args=[demande.pk])
    if demande.etat != Etat.DEPOSEE or demande.nature not in NATURES_DU_DOSSIER:
        return ""
    if demande.responsable_id is not None:
        return reverse("espace_famille:adulte", args=[demande.responsable_id])
    return lien_de_l_exigence(demande.enfant_id, demande.nature) if demande.enfant_id is not None else ""


def etape(passage: Passage) -> dict[str, object]:
    """A passage as a step of the story: what, when, by whom, why."""
    qui = {
        Acteur.FAMILLE: f"par {passage.par_nom}" if passage.par_nom else "par vous",
        Acteur.AGENT: "par le service",
        Acteur.REGLE: "selon le règlement",
    }[Acteur(passage.acteur)]
    return {
        "titre": f"{DITS[Verbe(passage.verbe)]} {qui}",
        "quand": instant(passage.quand.astimezone(PARIS), aujourdhui().year),
        "texte": f"« {passage.motif} »" if passage.motif else "",
        "fait": True,
    }


TYPES = {"reservation": "Inscription demandée", "annulation": "Annulation demandée", "absence": "Absence déclarée"}


@dataclass(frozen=True, slots=True)
class LigneDeJour:
    """A day asked for, as a line of « Vos demandes »."""

    jour: JourDemande
    ligne: Ligne
    type: str


def jours_par_enfant(lignes: Sequence[Ligne]) -> list[tuple[str, list[LigneDeJour]]]:
    """The days of these demandes, child by child, in the order of the dates."""
    jours = [
        LigneDeJour(jour, une, TYPES.get(une.demande.nature, NATURES[une.demande.nature].LIBELLE))
        for une in lignes
        for jour in une.demande.jours.all()
    ]
    enfants: dict[str, list[LigneDeJour]] = {}
    for un in sorted(jours, key=lambda un: (un.ligne.demande.enfant_id or 0, un.jour.date, un.jour.pk)):
        enfant = un.ligne.demande.enfant
        enfants.setdefault(str(enfant or ""), []).append(un)
    return list(enfants.items())


def par_raison(refuses: Sequence[tuple[date, str]]) -> list[tuple[str, str]]:
    """The days that did not enter the cart, each reason once: a whole year asked again would say it forty times."""
    par_phrase: dict[str, list[date]] = {}
    for jour, phrase in sorted(refuses):
        par_phrase.setdefault(phrase, []).append(jour)
    return [
        (dire_date(jours[0]) if len(jours) == 1 else dire_chaque_date(jours), phrase)
        for phrase, jours in par_phrase.items()
    ]
