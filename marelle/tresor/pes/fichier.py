"""What a PES v2 recette says, before it is written: headers, one bordereau, its pieces, their debtors. Amounts in centimes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

ROLE, TITRES, ANNULATIONS = "ormc", "titre", "annulation"
# What each kind of file is: TypFic, TypBord, TypPce, NatPce (technical file of the PES, Annexe 2).
FORMES = {
    ROLE: ("PESORMC", "06", "15", "01"),
    TITRES: ("PESALR1", "01", "01", "01"),
    ANNULATIONS: ("PESALR1", "02", "02", "06"),
}


@dataclass(frozen=True, slots=True)
class Anomalie:
    """Something that the Treasury would refuse (`est_bloquante`), or that an agent must know. `facture`: where it comes from,
    by number; empty: the settings of the régie. `code`: which check says so."""

    code: str
    phrase: str
    remede: str = ""
    facture: str = ""
    est_bloquante: bool = True


@dataclass(frozen=True, slots=True)
class Entete:
    """Headers: who sends, to which poste, for which budget."""

    nom_fichier: str
    date: date
    sigle: str
    adresse: str
    code_poste: str
    siret: str
    code_collectivite: str
    code_budget: str
    libelle_poste: str = ""
    libelle_budget: str = ""


@dataclass(frozen=True, slots=True)
class Debiteur:
    """The one who owes. `adresse`: up to three lines (Adr2, then Adr3, then Adr1). `pays`: INSEE code, abroad only."""

    categorie: str
    nature_juridique: str
    nom: str
    adresse: tuple[str, ...]
    code_postal: str
    ville: str
    civilite: str = ""
    complement_nom: str = ""
    prenom: str = ""
    siret: str = ""
    reference: str = ""
    pays: str = ""


@dataclass(frozen=True, slots=True)
class Prelevement:
    """A SEPA mandate by which the Treasury takes the money itself. `sequence`: OOFF, FRST, RCUR or FNAL."""

    rum: str
    signe_le: date
    sequence: str
    date: date
    iban: str
    titulaire: str
    bic: str = ""


@dataclass(frozen=True, slots=True)
class Rattachement:
    """The titre that a réduction takes from."""

    exercice: int
    id_pce: int
    id_ligne: int = 1


@dataclass(frozen=True, slots=True)
class Ligne:
    """One line of a piece, in centimes, always positive."""

    libelle: str
    montant_centimes: int
    rattachement: Rattachement | None = None


@dataclass(frozen=True, slots=True)
class Piece:
    """One titre, article of rôle or réduction: an invoice, its debtor, its lines."""

    id_pce: int
    facture: str
    objet: str
    debut: date
    fin: date
    debiteur: Debiteur
    lignes: tuple[Ligne, ...]
    prelevement: Prelevement | None = None
    cles: tuple[str, str, str] = ("", "", "")  # Per, Cle1, Cle2

    @property
    def montant_centimes(self) -> int:
        return sum(ligne.montant_centimes for ligne in self.lignes)


@dataclass(frozen=True, slots=True)
class Fichier:
    """One file: one bordereau of one kind (`forme`)."""

    forme: str
    entete: Entete
    exercice: int
    id_bord: int
    date: date
    objet: str
    code_produit: str
    nature: str
    pieces: tuple[Piece, ...]
    fonction: str = ""
    edition: str = ""

    @property
    def montant_centimes(self) -> int:
        return sum(piece.montant_centimes for piece in self.pieces)
