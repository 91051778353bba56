"""Which days the service excuses for all (strike, teacher absent, trip), and for whom, as families and invoices read it.

A child is of a school and a class by what its own sheet said on that day: one who changes school keeps what was excused.
The first sheet written in a school year is taken to hold since its beginning: classes are written weeks after the rentrée.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.db.models import F, QuerySet

from marelle.familles.models import Enfant, Famille
from marelle.familles.recherche import sans_accents
from marelle.regles.presences import Absence, reste_du
from marelle.socle.horloge import PARIS, annee_scolaire
from marelle.tarification.identite import tarifs

from .models import AbsenceEcole, ExcuseCollective, Reservation

LOT = 5000  # keys in one query


class JourDit(NamedTuple):
    """A day of a child, as excuses look at it. `unite` is a code."""

    enfant_id: int
    activite_id: int
    unite: str
    date: date


@dataclass(frozen=True, slots=True)
class _Fiche:
    """What a child's sheet said from a day to another, both included."""

    debut: date
    fin: date
    ecole: str
    classe: str


@dataclass(frozen=True, slots=True)
class Portee:
    """The days, activities and children of one excuse; an empty set narrows nothing."""

    motif: str
    debut: date
    fin: date
    activites: frozenset[int]
    unites: frozenset[str] = frozenset()
    ecoles: frozenset[str] = frozenset()
    classes: frozenset[str] = frozenset()

    @classmethod
    def de(cls, une: ExcuseCollective, activites: Iterable[int]) -> Portee:
        """`activites`: its own, known already or read by the caller."""
        return cls(
            une.motif, une.debut, une.fin, frozenset(activites), frozenset(une.unites), plats(une.ecoles),
            plats(une.classes),
        )  # fmt: skip

    @property
    def choisit(self) -> bool:
        """Whether the sheet of the child says if it is concerned."""
        return bool(self.ecoles or self.classes)

    def tombe(self, jour: JourDit) -> bool:
        """Whether the day is of this excuse, whoever the child is."""
        bon_jour = self.debut <= jour.date <= self.fin and jour.activite_id in self.activites
        return bon_jour and (not self.unites or jour.unite in self.unites)

    def vise(self, jour: JourDit, fiches: Iterable[_Fiche]) -> bool:
        """Whether the child is, by what its sheet said."""
        return not self.choisit or any(
            (not self.ecoles or une.ecole in self.ecoles) and (not self.classes or une.classe in self.classes)
            for une in fiches
            if une.debut <= jour.date <= une.fin
        )


def plats(noms: Iterable[str]) -> frozenset[str]:
    """As names are compared: accents, capitals and hyphens do not count."""
    return frozenset(sans_accents(nom) for nom in noms)


def portees(debut: date, fin: date, activites: Collection[int] | None = None) -> list[Portee]:
    """The excuses that stand on some of these days, in the order in which they were said. One query, two when there are."""
    dites = ExcuseCollective.objects.filter(annulee_le__isnull=True, debut__lte=fin, fin__gte=debut).order_by("pk")
    if activites is not None:
        dites = dites.filter(activites__in=list(activites)).distinct()
    return [Portee.de(une, (la.pk for la in une.activites.all())) for une in dites.prefetch_related("activites")]


def motifs_des_jours(
    jours: Collection[JourDit], dites: Sequence[Portee] | None = None
) -> dict[JourDit, tuple[str, ...]]:
    """The reasons that excuse each of these days; those without are not there. A fixed number of queries."""
    if not jours:
        return {}
    if dites is None:
        dites = portees(min(un.date for un in jours), max(un.date for un in jours))
    touches = {un: [une for une in dites if une.tombe(un)] for un in jours} if dites else {}
    a_lire = {un.enfant_id for un, siennes in touches.items() if any(une.choisit for une in siennes)}
    fiches = _fiches(a_lire)
    trouves = {}
    for un, siennes in touches.items():
        motifs = [une.motif for une in siennes if une.vise(un, fiches.get(un.enfant_id, ()))]
        if motifs:
            trouves[un] = tuple(dict.fromkeys(motifs))
    return trouves


def _fiches(enfants: Collection[int]) -> dict[int, list[_Fiche]]:
    """What the sheets of these children said, and until when; the first is taken to have held before."""
    lues: dict[int, list[tuple[date, str, str]]] = {}
    cles = sorted(enfants)
    for debut in range(0, len(cles), LOT):
        lot = cles[debut : debut + LOT]
        for cle, ecole, classe in Enfant.objects.filter(pk__in=lot).order_by("pk").values_list("pk", "ecole", "classe"):
            lues[cle] = [(date.max, ecole, classe)]
        histoire = Enfant.history.filter(id__in=lot).order_by("history_date", "history_id")
        for cle, quand, ecole, classe in histoire.values_list("id", "history_date", "ecole", "classe"):
            lues.setdefault(cle, []).append((quand.astimezone(PARIS).date(), ecole, classe))
    return {cle: _se_suivent(sorted(siennes, key=lambda une: une[0])) for cle, siennes in lues.items()}


def _se_suivent(lignes: list[tuple[date, str, str]]) -> list[_Fiche]:
    """Each holds until the next one is written, those that say nothing apart; the present sheet, last, is the row before it."""
    ecrites = [une for une in lignes[:-1] or [(date.min, *lignes[0][1:])] if une[1] or une[2]]
    fiches, avant = [], date.min
    for rang, (quand, ecole, classe) in enumerate(ecrites):
        fin = ecrites[rang + 1][0] if rang + 1 < len(ecrites) else date.max
        fiches.append(
            _Fiche(_depuis(avant, quand) if rang else date.min, fin, sans_accents(ecole), sans_accents(classe))
        )
        avant = quand
    return fiches


def _depuis(avant: date, quand: date) -> date:
    """Since when a sheet written on that day holds, the one before it having been written on `avant`."""
    rentree = annee_scolaire(quand)[0]
    return rentree if avant < rentree else quand


def phrases(
    famille: Famille, enfants: Iterable[int], debut: date, fin: date, activite: int | None = None
) -> dict[tuple[int, date], list[str]]:
    """What to tell of the days that this household has booked (in that activity alone, when given), by child and day: « Grève :
    une absence ce jour-là n’est pas facturée. » No query where the tariffs excuse nothing for all; one, and those of the
    children's sheets when an excuse chooses schools or classes."""
    lus = tarifs()
    if lus is None or not lus.a_des_excuses_collectives:
        return {}
    siennes = Reservation.objects.filter(
        famille=famille, enfant__in=list(enfants), date__range=(debut, fin), etat=Reservation.Etat.RESERVEE
    )
    lues = _avec_leurs_excuses(siennes if activite is None else siennes.filter(activite=activite))
    motifs = motifs_des_jours([jour_dit(une) for une, _ in lues], list(dict.fromkeys(dite for _, dite in lues)))
    trouvees: dict[tuple[int, date], list[str]] = {}
    for une, _ in lues:
        for motif in motifs.get(jour_dit(une), ()):
            dite = phrase_de(une, motif)
            la = trouvees.setdefault((une.enfant_id, une.date), [])
            if dite and dite not in la:
                la.append(dite)
    return trouvees


def _avec_leurs_excuses(siennes: QuerySet[Reservation]) -> list[tuple[Reservation, Portee]]:
    """Each of these bookings beside each excuse that stands on its day in its activity, as they were said. One query."""
    dite = "activite__excuses_collectives__"
    debout = {f"{dite}annulee_le__isnull": True, f"{dite}debut__lte": F("date"), f"{dite}fin__gte": F("date")}
    champs = ("pk", "motif", "debut", "fin", "unites", "ecoles", "classes")
    lues = siennes.filter(**debout).annotate(**{f"dite_{nom}": F(f"{dite}{nom}") for nom in champs})
    paires: list[tuple[int, Reservation, Portee]] = []
    for une in lues.select_related("activite", "ouverture__unite").order_by("date", "pk"):
        excuse = ExcuseCollective(**{nom: getattr(une, f"dite_{nom}") for nom in champs})
        paires.append((excuse.pk, une, Portee.de(excuse, [une.activite_id])))
    return [(une, portee) for _, une, portee in sorted(paires, key=lambda paire: paire[0])]


def jour_dit(une: Reservation) -> JourDit:
    return JourDit(une.enfant_id, une.activite_id, une.ouverture.unite.code, une.date)


def phrase_de(une: Reservation, motif: str) -> str:
    """What that reason does to the price of this booking; nothing when its tariffs do not know it."""
    lus = tarifs()
    version = lus.version_du(une.date) if lus else None
    tarif = version.tarif(une.activite.code, une.ouverture.unite.code) if version else None
    connues = tarif.supplements.absences.excuses if tarif else ()
    return next((excuse.phrase for excuse in connues if excuse.est_collective and excuse.motif == motif), "")


def excusees_par_le_service(reservations: Sequence[Reservation]) -> set[int]:
    """Those of these missed bookings that cost nothing by what the service said: no proof is to be examined. Fixed queries."""
    lus = tarifs()
    if lus is None or not reservations:
        return set()
    motifs = motifs_des_jours([jour_dit(une) for une in reservations])
    jours = (min(une.date for une in reservations), max(une.date for une in reservations))
    ecole = set(AbsenceEcole.objects.filter(date__range=jours).order_by().values_list("enfant_id", "date"))
    excusees = set()
    for une in reservations:
        version = lus.version_du(une.date)
        tarif = version.tarif(une.activite.code, une.ouverture.unite.code) if version else None
        absent_ecole = (une.enfant_id, une.date) in ecole
        dite = Absence(collectives=motifs.get(jour_dit(une), ()), est_absent_ecole=absent_ecole)
        a_dit = bool(dite.collectives) or absent_ecole
        if a_dit and tarif is not None and reste_du(tarif.supplements.absences, dite, 100).centimes == 0:
            excusees.add(une.pk)
    return excusees


def choix_d_ecoles() -> Mapping[str, list[str]]:
    """The schools and the classes that the children's sheets name, each once however it is written, by name."""
    lues = Enfant.objects.filter(est_archive=False).order_by("pk").values_list("ecole", "classe")
    noms: dict[str, dict[str, str]] = {"ecoles": {}, "classes": {}}
    for ecole, classe in lues:
        for sorte, nom in (("ecoles", ecole.strip()), ("classes", classe.strip())):
            if nom:
                noms[sorte].setdefault(sans_accents(nom), nom)
    return {sorte: [connus[cle] for cle in sorted(connus)] for sorte, connus in noms.items()}
