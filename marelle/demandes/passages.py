"""Which passages a demande may make: one literal table, which the documentation and a test read too."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Etat(StrEnum):
    PANIER = "panier"
    DEPOSEE = "deposee"
    LISTE_ATTENTE = "liste_attente"
    PROPOSEE = "proposee"
    A_CORRIGER = "a_corriger"
    ACCEPTEE = "acceptee"
    REFUSEE = "refusee"
    RETIREE = "retiree"


class Verbe(StrEnum):
    DEPOSER = "deposer"
    METTRE_EN_ATTENTE = "mettre_en_attente"
    REMETTRE_EN_FILE = "remettre_en_file"
    RENVOYER = "renvoyer"
    ACCEPTER = "accepter"
    REFUSER = "refuser"
    RETIRER = "retirer"
    REPRENDRE = "reprendre"
    PROPOSER = "proposer"
    CONFIRMER = "confirmer"
    LAISSER_PASSER = "laisser_passer"
    ABANDONNER = "abandonner"
    EXPIRER = "expirer"


class Acteur(StrEnum):
    FAMILLE = "famille"
    AGENT = "agent"
    REGLE = "regle"


@dataclass(frozen=True, slots=True)
class Regle:
    """One line of the table: from which states, to which one, by whom, and whether a reason must be given."""

    depuis: frozenset[Etat]
    vers: Etat
    par: frozenset[Acteur]
    motif_obligatoire: bool = False


def _regle(depuis: str, vers: Etat, par: str, *, motif_obligatoire: bool = False) -> Regle:
    return Regle(
        frozenset(Etat(mot) for mot in depuis.split()),
        vers,
        frozenset(Acteur(mot) for mot in par.split()),
        motif_obligatoire,
    )


TABLE: Final[dict[Verbe, Regle]] = {
    Verbe.DEPOSER: _regle("panier a_corriger", Etat.DEPOSEE, "famille agent"),
    Verbe.METTRE_EN_ATTENTE: _regle("deposee", Etat.LISTE_ATTENTE, "regle agent"),
    # A place is free again and it is this demande's turn: it holds the place and comes back before the agent.
    Verbe.REMETTRE_EN_FILE: _regle("liste_attente", Etat.DEPOSEE, "regle"),
    Verbe.RENVOYER: _regle("deposee liste_attente", Etat.A_CORRIGER, "agent", motif_obligatoire=True),
    Verbe.ACCEPTER: _regle("deposee liste_attente proposee", Etat.ACCEPTEE, "agent regle"),
    Verbe.REFUSER: _regle("deposee liste_attente proposee", Etat.REFUSEE, "agent regle", motif_obligatoire=True),
    Verbe.RETIRER: _regle("panier deposee a_corriger liste_attente proposee", Etat.RETIREE, "famille agent"),
    # An absence declared and accepted, taken back in time: the child comes after all.
    Verbe.REPRENDRE: _regle("acceptee", Etat.RETIREE, "famille"),
    # Where a freed place is offered: it is held while the family answers, by one tap or by none.
    Verbe.PROPOSER: _regle("liste_attente", Etat.PROPOSEE, "regle agent"),
    Verbe.CONFIRMER: _regle("proposee", Etat.ACCEPTEE, "famille"),
    Verbe.LAISSER_PASSER: _regle("proposee", Etat.LISTE_ATTENTE, "regle"),
    Verbe.ABANDONNER: _regle("proposee", Etat.RETIREE, "regle"),
    # Booked, but what had to be paid to keep the place was not: the booking ends, the place goes to the next.
    Verbe.EXPIRER: _regle("acceptee", Etat.RETIREE, "regle"),
}

# States in which nothing has been decided yet: they block what must wait, and count against the maxima.
EN_COURS: Final = (Etat.DEPOSEE, Etat.LISTE_ATTENTE, Etat.PROPOSEE, Etat.A_CORRIGER)
DECIDEES: Final = (Etat.ACCEPTEE, Etat.REFUSEE)

LIBELLES: Final[dict[Etat, str]] = {
    Etat.PANIER: "Au panier",
    Etat.DEPOSEE: "En attente",
    Etat.LISTE_ATTENTE: "Liste d’attente",
    Etat.PROPOSEE: "Place proposée",
    Etat.A_CORRIGER: "À corriger",
    Etat.ACCEPTEE: "Acceptée",
    Etat.REFUSEE: "Refusée",
    Etat.RETIREE: "Retirée",
}


def peut(etat: str, verbe: Verbe, acteur: Acteur) -> bool:
    """Whether the table lets this actor make this passage from this state."""
    regle = TABLE[verbe]
    return Etat(etat) in regle.depuis and acteur in regle.par
