"""What the simulated PayFiP knows: its operations, its clock, its faults, and the rules of the State's service about each field.

An operation opens for fifteen minutes (P4), serves once (P3), is not known until it is decided (P5), and disappears in the
night when nobody paid (P1).
"""

from __future__ import annotations

import re
import threading
import uuid
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")
OUVERTURE = timedelta(minutes=15)
PURGE = time(3, 0)
DEMANDE = ("exer", "mel", "montant", "numcli", "objet", "refdet", "saisie", "urlnotif", "urlredirect")
ISSUES = {
    "P": "Payé par carte",
    "V": "Prélèvement accepté",
    "R": "Carte refusée",
    "Z": "Prélèvement refusé",
    "A": "Abandonné",
}
PANNES = ("", "dysfonctionnement", "indisponible", "protocolaire", "delai", "html", "coupure")
CLIENT_INCONNU, CLIENT_SANS_ACCES = "999999", "999998"


class Faute(Exception):
    """A functional error: its code and its French sentence."""

    def __init__(self, code: str, libelle: str) -> None:
        super().__init__(code)
        self.code, self.libelle = code, libelle


@dataclass
class Operation:
    """One `creerPaiementSecurise`, and what became of it. `fausse`: words that the answer says instead of the true ones."""

    idop: str
    demande: dict[str, str]
    creee_le: datetime
    issue: str = ""
    decidee_le: datetime | None = None
    numauto: str = ""
    fausse: dict[str, str] = field(default_factory=dict)


@dataclass
class Comptoir:
    """The whole service. Every method may be called from several threads at once."""

    accepte_w: bool = False
    decalage: timedelta = timedelta()
    panne: str = ""
    panne_fois: int = 0
    panne_operation: str = ""
    delai_s: float = 30.0
    tard_s: float = 20.0
    apres_s: float = 2.0
    methode: str = "POST"
    operations: dict[str, Operation] = field(default_factory=dict)
    notifications: list[dict[str, str]] = field(default_factory=list)
    active: set[str] = field(default_factory=set)
    verrou: threading.RLock = field(default_factory=threading.RLock)

    def maintenant(self) -> datetime:
        return datetime.now(PARIS) + self.decalage

    def regler(self, instant: str) -> None:
        """Put the clock at that instant, Paris time; it goes on from there."""
        voulu = datetime.fromisoformat(instant)
        voulu = voulu if voulu.tzinfo else voulu.replace(tzinfo=PARIS)
        self.decalage = voulu - datetime.now(PARIS)

    def tomber_en_panne(self, operation: str) -> str:
        """The fault that this question meets, counted down."""
        with self.verrou:
            if not self.panne or (self.panne_operation and self.panne_operation != operation):
                return ""
            panne = self.panne
            self.panne_fois -= 1
            if self.panne_fois == 0:
                self.panne = ""
            return panne

    def creer(self, demande: dict[str, str]) -> str:
        """Declare an operation; returns its idOp. Raises `Faute`."""
        _exiger_client(demande.get("numcli", ""))
        _exiger_champs(demande)
        with self.verrou:
            if demande["saisie"] == "W" and not (self.accepte_w or demande["numcli"] in self.active):
                raise Faute("S1", "Le type de saisie W demande une activation (X) préalable")
            idop = str(uuid.uuid4())
            self.operations[idop] = Operation(idop, {nom: demande.get(nom, "") for nom in DEMANDE}, self.maintenant())
            return idop

    def ouvrir(self, idop: str) -> Operation:
        """The operation whose page is opened. Raises `Faute`: P1 unknown, P3 already used, P4 too old."""
        operation = self._trouver(idop)
        if operation.issue:
            raise Faute("P3", "Cet identifiant d’opération a déjà été utilisé")
        if self.maintenant() - operation.creee_le > OUVERTURE:
            raise Faute("P4", "Cet identifiant d’opération a plus de quinze minutes")
        return operation

    def decider(self, idop: str, issue: str, *, par_la_page: bool = True) -> Operation:
        """Give an operation its outcome, once. Behind the page (tests), an abandoned one may be tried again."""
        with self.verrou:
            operation = self.ouvrir(idop) if par_la_page else self._trouver(idop)
            if issue not in ISSUES and par_la_page:
                raise Faute("P1", "Issue inconnue")
            operation.issue, operation.decidee_le = issue, self.maintenant()
            operation.numauto = f"{operation.decidee_le:%H%M%S%f}-tip" if issue in "PV" else ""
            if issue in "PV" and operation.demande["saisie"] == "X":
                self.active.add(operation.demande["numcli"])
            return operation

    def detailler(self, idop: str) -> dict[str, str]:
        """The words of `recupererDetailPaiementSecurise`. Raises `Faute`: P1 unknown or purged, P5 not known yet."""
        operation = self._trouver(idop)
        if operation.decidee_le is None:
            raise Faute("P5", "Le résultat de la transaction n’est pas encore connu")
        quand, demande = operation.decidee_le.astimezone(PARIS), operation.demande
        mots = {nom: demande[nom] for nom in ("exer", "mel", "montant", "numcli", "objet", "refdet", "saisie")}
        mots |= {
            "dattrans": f"{quand:%d%m%Y}",
            "heurtrans": f"{quand:%H%M}",
            "idOp": idop,
            "numauto": operation.numauto,
        }
        return mots | {"resultrans": operation.issue} | operation.fausse

    def decrire(self, numcli: str) -> dict[str, str]:
        """The words of `recupererDetailClient`. Raises `Faute`."""
        _exiger_client(numcli)
        return {
            "libelleN1": "SIMULATEUR PAYFIP",
            "libelleN2": "REGIE DE DEMONSTRATION",
            "libelleN3": "",
            "numcli": numcli,
        }

    def _trouver(self, idop: str) -> Operation:
        with self.verrou:
            self._purger()
            if idop not in self.operations:
                raise Faute("P1", "IdOp incorrect")
            return self.operations[idop]

    def _purger(self) -> None:
        """Every night at three, what was neither paid nor refused disappears."""
        nuit = datetime.combine(self.maintenant().date(), PURGE, tzinfo=PARIS)
        nuit = nuit if nuit <= self.maintenant() else nuit - timedelta(days=1)
        for idop, une in list(self.operations.items()):
            if une.issue in ("", "A") and une.creee_le < nuit:
                del self.operations[idop]


def _exiger_client(numcli: str) -> None:
    if not re.fullmatch(r"\d{6}", numcli):
        raise Faute("T1", "Numéro de client invalide")
    if numcli == CLIENT_INCONNU:
        raise Faute("T2", "Numéro de client inconnu")
    if numcli == CLIENT_SANS_ACCES:
        raise Faute("T4", "Ce client n’a pas d’accès sécurisé")


def _exiger_champs(demande: dict[str, str]) -> None:
    mot = lambda nom: demande.get(nom) or ""  # noqa: E731
    regles = (
        ("E1", "L’exercice a quatre chiffres", re.fullmatch(r"\d{4}", mot("exer"))),
        ("R1", "La référence de dette manque", mot("refdet")),
        (
            "R3",
            "La référence de dette a de 6 à 30 lettres ou chiffres",
            re.fullmatch(r"[A-Za-z0-9]{6,30}", mot("refdet")),
        ),
        ("M1", "Le montant est un nombre entier de centimes", re.fullmatch(r"\d{1,12}", mot("montant"))),
        (
            "M3",
            "Le montant est inférieur à 1,00 €",
            int(mot("montant") or 0) >= 100 if mot("montant").isdigit() else True,
        ),
        (
            "M5",
            "Le montant dépasse 100 000,00 €",
            int(mot("montant") or 0) <= 10_000_000 if mot("montant").isdigit() else True,
        ),
        ("A1", "L’adresse mél manque", mot("mel")),
        ("A2", "L’adresse mél est incorrecte", "@" in mot("mel") and 6 <= len(mot("mel")) <= 80),
        (
            "O1",
            "L’objet a cent lettres, chiffres ou espaces au plus",
            re.fullmatch(r"[A-Za-z0-9 ]{0,100}", mot("objet")),
        ),
        ("N1", "L’adresse de notification est incorrecte", _est_une_url(mot("urlnotif"))),
        ("D1", "L’adresse de redirection est incorrecte", _est_une_url(mot("urlredirect"))),
        ("S1", "Le type de saisie est T, X ou W", mot("saisie") in ("T", "X", "W")),
    )
    for code, libelle, est_bon in regles:
        if not est_bon:
            raise Faute(code, libelle)


def _est_une_url(texte: str) -> bool:
    return bool(re.fullmatch(r"https?://[^\s/]+\S*", texte)) and len(texte) < 250
