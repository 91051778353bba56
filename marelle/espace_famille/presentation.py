"""How a demande and its passages are said to the family: badge, words, next thing to do."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from marelle.demandes.models import Demande, Passage
from marelle.demandes.natures import NATURES
from marelle.demandes.natures.jours import dire_des_dates
from marelle.demandes.passages import Acteur, Etat, Verbe
from marelle.demandes.rangs import Rang
from marelle.socle.francais import instant
from marelle.socle.horloge import PARIS, aujourdhui

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
    else:
        titre = ", ".join(filter(None, (qui, nature.resumer(demande))))
        detail = nature.LIBELLE
    return Ligne(
        demande,
        titre,
        detail,
        ton,
        symbole,
        mot,
        reverse("espace_famille:demande", args=[demande.pk]) if demande.pk and demande.depose_le else "",
        demande.est_en_cours,
    )


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
