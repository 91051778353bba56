"""When one joins the waiting list, and in which order it is served: points of the published criteria, then arrival."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from marelle.regles.lecture import Table
from marelle.regles.offres import ReglesDesOffres, lire_les_offres
from marelle.regles.phrases import accorder
from marelle.regles.situation import Places

T = TypeVar("T")

POINT = 10**16  # what one point is worth, in microseconds: more than any arrival, so points always come first
POINTS_AU_PLUS = 500  # of all the criteria together: the order stays a number that every database can hold


def doit_attendre(places: Places, libres: int) -> bool:
    """No place is free, or others already wait: an arrival queues behind a list that is not empty."""
    return libres <= 0 or places.attente > 0


def a_appeler(file: Sequence[T], libres: int) -> list[T]:
    """Those of the waiting list, in order of arrival, whom the free places go to."""
    return list(file[: max(0, libres)])


class Sorte(StrEnum):
    """What a criterion looks at: only what the portal knows for sure, in the data in force."""

    RESIDENT = "resident"
    FRATRIE = "fratrie"
    PARENTS_OCCUPES = "parents_occupes"
    AGE = "age"
    PREMIERE_PLACE = "premiere_place"


DITS = {
    Sorte.RESIDENT: "habiter le territoire",
    Sorte.FRATRIE: "avoir un frère ou une sœur inscrit ce jour-là dans le même centre",
    Sorte.PARENTS_OCCUPES: "tous les adultes du foyer travaillent ou sont en formation",
    Sorte.PREMIERE_PLACE: "n’avoir encore aucune place dans cette activité cette année scolaire",
}


@dataclass(frozen=True, slots=True)
class Faits:
    """What is known of one child who waits for one day, for the criteria to look at."""

    codes_postaux: frozenset[str] = frozenset()
    a_fratrie: bool = False
    parents_occupes: bool = False
    age: int = 0
    a_deja_une_place: bool = False


@dataclass(frozen=True, slots=True)
class Critere:
    """One line of the published list: what it looks at, what it gives, and its sentence."""

    sorte: Sorte
    points: int
    phrase: str
    codes_postaux: frozenset[str] = frozenset()
    age_min: int = 0
    age_max: int = 17

    def est_rempli(self, faits: Faits) -> bool:
        match self.sorte:
            case Sorte.RESIDENT:
                return bool(self.codes_postaux & faits.codes_postaux)
            case Sorte.FRATRIE:
                return faits.a_fratrie
            case Sorte.PARENTS_OCCUPES:
                return faits.parents_occupes
            case Sorte.AGE:
                return self.age_min <= faits.age <= self.age_max
            case Sorte.PREMIERE_PLACE:
                return not faits.a_deja_une_place

    @property
    def dit(self) -> str:
        """« habiter le territoire (3 points) »."""
        return f"{self.phrase} ({accorder(self.points, 'point')})"


@dataclass(frozen=True, slots=True)
class Attente:
    """How a waiting list is ordered and served. By default: order of arrival, places given at once."""

    criteres: tuple[Critere, ...] = ()
    offres: ReglesDesOffres | None = None  # None: a freed place is given without asking again

    def remplis(self, faits: Faits) -> tuple[Critere, ...]:
        return tuple(critere for critere in self.criteres if critere.est_rempli(faits))


ARRIVEE = Attente()


def points(criteres: Sequence[Critere]) -> int:
    return sum(critere.points for critere in criteres)


def ordre(arrivee: int, points_obtenus: int) -> int:
    """The rank key of somebody who waits: the smallest is served first. `arrivee` in microseconds since 1970."""
    return arrivee - points_obtenus * POINT


def entre(avant: int | None, apres: int | None) -> int:
    """A key that puts somebody between two others of the line (None: nobody there)."""
    seconde = 1_000_000
    if apres is None:
        return 0 if avant is None else avant + seconde
    return apres - seconde if avant is None else avant + (apres - avant) // 2


# Reading

CLES = {"mode", "criteres", "offre"}
MODES = ("automatique", "offre")
_CLES_DU_CRITERE = {
    Sorte.RESIDENT: {"codes_postaux"},
    Sorte.AGE: {"de", "a"},
}


def lire_attente(table: Table) -> Attente:
    """The key `attente` of a scope; it replaces that of a wider one whole."""
    table.verifier(CLES)
    mode = table.choix("mode", MODES, MODES[0])
    if (mode == "offre") != ("offre" in table):
        raise table.refuser("offre", 'mode = "offre" et la table « offre » vont ensemble.')
    criteres = tuple(_lire_critere(une) for une in table.tables("criteres"))
    if points(criteres) > POINTS_AU_PLUS:
        raise table.refuser("criteres", f"{points(criteres)} points en tout : il en faut {POINTS_AU_PLUS} au plus.")
    return Attente(criteres, lire_les_offres(table.table("offre")) if mode == "offre" else None)


def _lire_critere(table: Table) -> Critere:
    table.verifier({"si", "points", "dit", "codes_postaux", "de", "a"}, exigees=("si", "points"))
    sorte = Sorte(table.choix("si", list(Sorte)))
    siennes = _CLES_DU_CRITERE.get(sorte, set())
    for cle in ("codes_postaux", "de", "a"):
        if (cle in table) != (cle in siennes):
            quoi = "manque" if cle in siennes else "n’est pas à sa place"
            raise table.refuser(cle, f'cette clé {quoi} avec si = "{sorte}".')
    age_min, age_max = table.entier("de", 0, 0, 17), table.entier("a", 17, 0, 17)
    if age_min > age_max:
        raise table.refuser("a", f"{age_max} ans est avant {age_min} ans.")
    defaut = DITS.get(sorte) or f"avoir de {age_min} à {age_max} ans ce jour-là"
    return Critere(
        sorte,
        table.entier("points", mini=1, maxi=POINTS_AU_PLUS),
        table.texte("dit", defaut),
        frozenset(table.textes("codes_postaux")),
        age_min,
        age_max,
    )


# Saying

RECOMPTES = "Les points sont recomptés chaque nuit, et quand une place se libère."


def phrases_de_l_attente(attente: Attente, annee: int) -> list[str]:
    """How the list is ordered and served, for the règlement."""
    phrases = []
    if attente.criteres:
        lignes = ", ".join(critere.dit for critere in attente.criteres)
        phrases = [f"La liste d’attente suit les points, puis l’ordre d’arrivée : {lignes}.", RECOMPTES]
    elif attente.offres:
        phrases = ["La liste d’attente suit l’ordre d’arrivée."]
    return phrases + (attente.offres.phrases(annee) if attente.offres else [])
