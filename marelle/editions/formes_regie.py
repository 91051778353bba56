"""What the papers of a régie need to know: receipts, slips, letters of reminder (see `formes`)."""

from typing import NotRequired, TypedDict

from .formes import Destinataire, Quand


class FactureReglee(TypedDict):
    """What a payment pays of one invoice. Amounts are written."""

    numero: str
    periode: str
    montant: str


class Annulation(TypedDict):
    le: Quand
    motif: str


class Quittance(TypedDict):
    """`quittance`: the numbered receipt of a payment. `avance`: what is left of it; `reste`: what is owed now, on `au`."""

    numero: str
    nom: str
    montant: str
    le: Quand
    enregistre_le: Quand
    mode: str
    precisions: list[str]
    dossier: NotRequired[str]
    regie: str
    regisseur: NotRequired[str]
    factures: list[FactureReglee]
    avance: NotRequired[str]
    reste: NotRequired[str]
    au: NotRequired[Quand]
    annulee: NotRequired[Annulation]


class Bordereau(TypedDict):
    """`bordereau`: facts, then a table (columns are « long », « court » or « montant »), totals, boxes to sign."""

    titre: str
    faits: list[tuple[str, str]]
    colonnes: list[tuple[str, str]]
    lignes: list[list[str]]
    totaux: NotRequired[list[list[str]]]
    mention: NotRequired[str]
    signatures: NotRequired[list[str]]


class FactureRelancee(TypedDict):
    numero: str
    emise: Quand
    echeance: Quand
    montant: str
    reste: str


class LettreDeRelance(TypedDict):
    code_postal: str
    destinataire: Destinataire
    titre: str
    texte: str
    dossier: NotRequired[str]
    lignes: list[FactureRelancee]
    total: str


class Relances(TypedDict):
    """`relance`: the letters of one sending, by postcode; `moyens`: how to pay, a sentence each."""

    lettres: list[LettreDeRelance]
    regie: str
    moyens: list[str]
    le: Quand
