"""How money is collected, read from `regies.toml`: régies, means of payment allowed, how an invoice is paid online."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fnmatch import fnmatchcase

from marelle.regles.iban import iban_valide
from marelle.regles.lecture import ErreurReglement, Table, lire_toml
from marelle.regles.montants import lire_montant

# A régie's own means; « tresor » is not one of them: only the Treasury says what it was paid.
MODES = ("especes", "cheque", "carte", "en_ligne", "prelevement_en_ligne", "virement", "prelevement", "cesu", "ancv")
EN_LIGNE = ("aucun", "lien_payfip_titre", "payfip_regie_ws")
RECOUVREMENTS = ("regie", "titre")
MOMENTS = ("apres", "avance")
_NUMCLI = re.compile(r"\d{6}")
CLES = (
    *("code", "nom", "activites", "recouvrement", "paiement_en_ligne", "numcli", "adresse_payfip", "modes"),
    *("plafond_especes", "encaisse_maximum", "fonds_de_caisse", "echeance_jours", "moment", "solde_anterieur"),
    *("paiement_partiel", "acompte", "ordre_cheque", "mentions", "code_analytique", "code_produit_local", "adresse"),
    *("pes", "sepa", "relances"),
)


class ErreurRegies(ErreurReglement):
    """`regies.toml` cannot be read: one French line with the file, the key, what is wrong and what is allowed."""


@dataclass(frozen=True, slots=True)
class Pes:
    """What the headers of a PES v2 recette need; empty: no file can be made, and the export says which key is missing."""

    siret: str = ""
    code_poste: str = ""
    code_collectivite: str = ""
    code_budget: str = ""
    libelle_budget: str = ""
    sigle: str = ""
    forme: str = "ormc"  # or "titre"
    code_produit: str = ""
    nature: str = ""
    fonction: str = ""
    cles_ormc: bool = False
    adresse: str = ""
    libelle_poste: str = ""
    edition: str = ""
    premier_bordereau: int = 1  # the first number of each exercice, when another software has given the ones before
    premiere_piece: int = 1
    civilite_madame: str = "Mme"
    civilite_monsieur: str = "Mr"


@dataclass(frozen=True, slots=True)
class Sepa:
    """The account of the régie: printed where transfers are allowed, and with the ICS the creditor of direct debits."""

    ics: str = ""
    iban: str = ""
    bic: str = ""
    titulaire: str = ""
    preavis_jours: int = 14


@dataclass(frozen=True, slots=True)
class EtapeRelance:
    """A reminder: so many days after the due date, by which way, in which tone (a text of the collectivité)."""

    jours: int
    moyen: str  # "courriel" or "courrier"
    titre: str
    texte: str


@dataclass(frozen=True, slots=True)
class OptionsRegie:
    """One régie (or one budget whose titres the Treasury collects). Amounts in centimes, delays in days."""

    code: int
    nom: str
    activites: tuple[str, ...] = ("*",)
    recouvrement: str = "regie"
    paiement_en_ligne: str = "aucun"
    numcli: str = ""
    adresse_payfip: str = "https://www.payfip.gouv.fr"
    modes: tuple[str, ...] = ("cheque", "carte", "virement")
    plafond_especes: int = 30_000
    encaisse_maximum: int = 0
    fonds_de_caisse: int = 0
    echeance_jours: int = 30
    moment: str = "apres"
    solde_anterieur: bool = False
    paiement_partiel: bool = False
    acompte: bool = False
    ordre_cheque: str = "Régie de recettes"
    adresse: str = ""
    mentions: tuple[str, ...] = ()
    code_analytique: str = ""
    code_produit_local: str = ""
    pes: Pes = Pes()
    sepa: Sepa = Sepa()
    relances: tuple[EtapeRelance, ...] = ()

    def concerne(self, activite: str) -> bool:
        """Whether it collects for the activity of that code."""
        return any(fnmatchcase(activite, motif) for motif in self.activites)

    @property
    def a_des_mandats(self) -> bool:
        """Whether a payer may sign a mandate of direct debit: the régie takes it, or the Treasury under the ICS of the budget."""
        return bool(self.sepa.ics) if self.est_titre else "prelevement" in self.modes

    @property
    def est_titre(self) -> bool:
        """The Treasury collects: nobody here may say that it was paid, except by what the Treasury returns."""
        return self.recouvrement == "titre"


def lire_regies(texte: str, source: str) -> tuple[OptionsRegie, ...]:
    """Every régie of a `regies.toml`, by code; raises `ErreurRegies`."""
    racine = lire_toml(texte, source, ErreurRegies)
    racine.verifier(("regies",), ("regies",))
    regies = tuple(_regie(table) for table in racine.tables("regies"))
    if not regies:
        raise racine.refuser("regies", "il faut au moins une régie.")
    codes = [une.code for une in regies]
    for rang, code in enumerate(codes):
        if code in codes[:rang]:
            raise racine.refuser(f"regies[{rang}].code", f"{code} est déjà le code d’une autre régie.")
    return regies


def _regie(table: Table) -> OptionsRegie:
    table.verifier(CLES, ("code", "nom"))
    en_ligne = table.choix("paiement_en_ligne", EN_LIGNE, "aucun")
    recouvrement = table.choix("recouvrement", RECOUVREMENTS, "regie")
    if (en_ligne == "lien_payfip_titre") != (recouvrement == "titre") and en_ligne != "aucun":
        raise table.refuser("paiement_en_ligne", f"« {en_ligne} » ne va pas avec le recouvrement « {recouvrement} ».")
    numcli = table.texte("numcli")
    if en_ligne == "payfip_regie_ws" and not _NUMCLI.fullmatch(numcli):
        raise table.refuser("numcli", "PayFiP demande les six chiffres du numéro client de la régie.")
    defauts = OptionsRegie(code=1, nom="")
    modes = table.textes("modes", MODES) if "modes" in table else defauts.modes
    return OptionsRegie(
        code=table.entier("code", 1, 1, 99),
        nom=table.texte("nom"),
        activites=table.textes("activites") or defauts.activites,
        recouvrement=recouvrement,
        paiement_en_ligne=en_ligne,
        numcli=numcli,
        adresse_payfip=table.texte("adresse_payfip", defauts.adresse_payfip),
        modes=() if recouvrement == "titre" else modes,
        plafond_especes=lire_montant(table, "plafond_especes", defauts.plafond_especes),
        encaisse_maximum=lire_montant(table, "encaisse_maximum"),
        fonds_de_caisse=lire_montant(table, "fonds_de_caisse"),
        echeance_jours=table.entier("echeance_jours", defauts.echeance_jours, 0, 120),
        moment=table.choix("moment", MOMENTS, "apres"),
        solde_anterieur=table.booleen("solde_anterieur"),
        paiement_partiel=table.booleen("paiement_partiel"),
        acompte=table.booleen("acompte"),
        ordre_cheque=table.texte("ordre_cheque", defauts.ordre_cheque),
        adresse=table.texte("adresse"),
        mentions=table.textes("mentions"),
        code_analytique=table.texte("code_analytique"),
        code_produit_local=table.texte("code_produit_local"),
        pes=_pes(table.table("pes")),
        sepa=_sepa(table.table("sepa")),
        relances=tuple(_relance(une) for une in table.tables("relances")),
    )


def _pes(table: Table) -> Pes:
    table.verifier(Pes.__slots__)
    return Pes(
        siret=table.texte("siret"),
        code_poste=table.texte("code_poste"),
        code_collectivite=table.texte("code_collectivite"),
        code_budget=table.texte("code_budget"),
        libelle_budget=table.texte("libelle_budget"),
        sigle=table.texte("sigle"),
        forme=table.choix("forme", ("ormc", "titre"), "ormc"),
        code_produit=table.texte("code_produit"),
        nature=table.texte("nature"),
        fonction=table.texte("fonction"),
        cles_ormc=table.booleen("cles_ormc"),
        adresse=table.texte("adresse"),
        libelle_poste=table.texte("libelle_poste"),
        edition=table.texte("edition"),
        premier_bordereau=table.entier("premier_bordereau", 1, 1, 9_000_000),
        premiere_piece=table.entier("premiere_piece", 1, 1, 90_000_000),
        civilite_madame=table.texte("civilite_madame", "Mme"),
        civilite_monsieur=table.texte("civilite_monsieur", "Mr"),
    )


def _sepa(table: Table) -> Sepa:
    table.verifier(Sepa.__slots__)
    iban = table.texte("iban").replace(" ", "").upper()
    if iban and not iban_valide(iban):
        raise table.refuser("iban", f"« {iban} » n’est pas un IBAN : recopiez-le depuis le RIB, clé comprise.")
    return Sepa(
        ics=table.texte("ics"),
        iban=iban,
        bic=table.texte("bic"),
        titulaire=table.texte("titulaire"),
        preavis_jours=table.entier("preavis_jours", 14, 1, 60),
    )


def _relance(table: Table) -> EtapeRelance:
    table.verifier(("jours", "moyen", "titre", "texte"), ("jours", "moyen", "titre", "texte"))
    return EtapeRelance(
        jours=table.entier("jours", 0, 1, 365),
        moyen=table.choix("moyen", ("courriel", "courrier")),
        titre=table.texte("titre"),
        texte=table.texte("texte"),
    )
