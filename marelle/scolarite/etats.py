"""Where does a pré-inscription stand, and what may move it? One literal table, as for the demandes but much smaller."""

from __future__ import annotations

from enum import StrEnum


class Etat(StrEnum):
    A_CONFIRMER = "a_confirmer"
    DEPOSEE = "deposee"
    ACCEPTEE = "acceptee"
    REFUSEE = "refusee"


class Verbe(StrEnum):
    CONFIRMER = "confirmer"
    ACCEPTER = "accepter"
    REFUSER = "refuser"


LIBELLES = {
    Etat.A_CONFIRMER: "Adresse à confirmer",
    Etat.DEPOSEE: "En attente",
    Etat.ACCEPTEE: "Acceptée",
    Etat.REFUSEE: "Refusée",
}

# verb: from, to. The family confirms by the link of its e-mail; agents do the rest. Nothing leaves an answer.
TABLE: dict[Verbe, tuple[Etat, Etat]] = {
    Verbe.CONFIRMER: (Etat.A_CONFIRMER, Etat.DEPOSEE),
    Verbe.ACCEPTER: (Etat.DEPOSEE, Etat.ACCEPTEE),
    Verbe.REFUSER: (Etat.DEPOSEE, Etat.REFUSEE),
}
