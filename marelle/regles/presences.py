"""What a price becomes when things did not go as booked: collected late, absent; and who else pays a share of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from marelle.regles.montants import Ajustement, arrondir, dire_part, tranches_entamees


@dataclass(frozen=True, slots=True)
class Palier:
    """From so many minutes late on: an amount, or an amount for each `par_minutes` begun (0: once)."""

    des_minutes: int
    centimes: int
    par_minutes: int = 0


def prix_du_retard(paliers: Sequence[Palier], minutes: int) -> int:
    """Centimes for a child collected so many minutes late; paliers go from the shortest to the longest."""
    atteints = [palier for palier in paliers if palier.des_minutes <= minutes]
    if not atteints:
        return 0
    dernier = atteints[-1]
    fois = tranches_entamees(minutes, dernier.par_minutes) if dernier.par_minutes else 1
    return dernier.centimes * fois


@dataclass(frozen=True, slots=True)
class Seuil:
    """From the `des`-th time within a `par` on: so many centimes. What counts before is counted by who bills."""

    des: int
    centimes: int
    par: str = "annee_scolaire"

    def est_atteint(self, avant: int) -> bool:
        """`avant`: how many count already, this one apart."""
        return avant + 1 >= self.des


@dataclass(frozen=True, slots=True)
class Excuse:
    """A reason that lightens an absence. `preuve_heures`: how long the family has to prove it (None: nothing to prove).

    The first `carence_jours` days stay billed; after them, `facture` is the share that is. `par_dispense`: a yearly waiver
    proves it once for all; `est_collective`: only the service says it (strike, teacher absent); `si_absent_ecole`: the child
    was absent from school that day too. The service says these two: they hold whatever the family declared."""

    motif: str
    nom: str
    preuve_heures: int | None = None
    carence_jours: int = 0
    facture: Fraction = Fraction(0)
    par_dispense: bool = False
    est_collective: bool = False
    si_absent_ecole: bool = False

    @property
    def est_du_service(self) -> bool:
        """Nothing is asked of the family: neither a reason nor its proof."""
        a_prouver = self.preuve_heures is not None or self.par_dispense
        return (self.est_collective or self.si_absent_ecole) and not a_prouver

    @property
    def phrase(self) -> str:
        """« Grève : une absence ce jour-là n’est pas facturée. »"""
        if self.carence_jours:
            dit = "est excusée, après " + ("un jour" if self.carence_jours == 1 else f"{self.carence_jours} jours")
            dit += " de carence"
        else:
            dit = f"est facturée à {dire_part(self.facture)}" if self.facture else "n’est pas facturée"
        return f"{self.nom[:1].upper()}{self.nom[1:]} : une absence ce jour-là {dit}."


@dataclass(frozen=True, slots=True)
class Absences:
    """What is billed of a day on which the child did not come.

    `prevenue`: cancelled in time. `injustifiee`: neither in time nor excused; over 1 it is a penalty. From the
    `repetees_des`-th one without excuse, `repetees_centimes` takes the place of the price (0: never)."""

    prevenue: Fraction = Fraction(0)
    injustifiee: Fraction = Fraction(1)
    excuses: tuple[Excuse, ...] = ()
    repetees_des: int = 0
    repetees_centimes: int = 0
    repetees_par: str = "annee_scolaire"


@dataclass(frozen=True, slots=True)
class Absence:
    """One day of absence. `preuve_apres_heures`: when its proof came (None: it did not). `jour`: its rank in the same
    absence, from 1. `injustifiees_avant`: those that count already. `dispenses`: the reasons for which the family holds a waiver.
    `collectives`: the reasons that the service said of this day for all. `est_absent_ecole`: the service noted it.
    `par_le_service`: it cancelled the day, or the day ended because it was not paid in time: nothing is due."""

    motif: str = ""
    est_prevenue: bool = False
    preuve_apres_heures: int | None = None
    jour: int = 1
    injustifiees_avant: int = 0
    dispenses: tuple[str, ...] = ()
    collectives: tuple[str, ...] = ()
    est_absent_ecole: bool = False
    par_le_service: bool = False


@dataclass(frozen=True, slots=True)
class Reste:
    """What stays of a price after an absence, why, and whether the absence is excused (or in time)."""

    centimes: int
    libelle: str
    est_excusee: bool


def reste_du(regle: Absences, absence: Absence, prix_centimes: int) -> Reste:
    """What the family's own reason leaves, or what the service said of the day: the lesser of them."""
    du_service = (
        _reste_excuse(une, absence, prix_centimes)
        for une in regle.excuses
        if une.est_du_service and _est_prouvee(une, absence)
    )
    dits = [_reste_dit(regle, absence, prix_centimes), *du_service]
    return min(dits, key=lambda un: (un.centimes, not un.est_excusee))


def _reste_dit(regle: Absences, absence: Absence, prix_centimes: int) -> Reste:
    """By what the family did: cancelled in time, gave a reason and its proof, or nothing that counts."""
    if absence.est_prevenue:
        return Reste(arrondir(regle.prevenue * prix_centimes), "annulée dans les délais", est_excusee=True)
    siennes = (une for une in regle.excuses if une.motif == absence.motif and not une.est_du_service)
    excuse = next(siennes, None)
    if excuse is not None and _est_prouvee(excuse, absence):
        return _reste_excuse(excuse, absence, prix_centimes)
    if regle.repetees_des and absence.injustifiees_avant + 1 >= regle.repetees_des:
        dit = f"{absence.injustifiees_avant + 1}e absence sans excuse"
        return Reste(regle.repetees_centimes, dit, est_excusee=False)
    dit = f"absence sans excuse, facturée à {dire_part(regle.injustifiee)}"
    return Reste(arrondir(regle.injustifiee * prix_centimes), dit, est_excusee=False)


def _reste_excuse(excuse: Excuse, absence: Absence, prix_centimes: int) -> Reste:
    if absence.jour <= excuse.carence_jours:
        return Reste(prix_centimes, f"{excuse.nom}, jour de carence", est_excusee=True)
    return Reste(arrondir(excuse.facture * prix_centimes), f"absence excusée : {excuse.nom}", est_excusee=True)


def _est_prouvee(excuse: Excuse, absence: Absence) -> bool:
    if excuse.par_dispense:
        return excuse.motif in absence.dispenses
    if (excuse.est_collective and excuse.motif not in absence.collectives) or (
        excuse.si_absent_ecole and not absence.est_absent_ecole
    ):
        return False
    if excuse.preuve_heures is None:
        return True
    return absence.preuve_apres_heures is not None and absence.preuve_apres_heures <= excuse.preuve_heures


@dataclass(frozen=True, slots=True)
class Aide:
    """A share that somebody else pays (Caf, CCAS, works council): of what is left to pay, or so much a day.

    `jours_par_an` 0: no limit. `est_reprise`: given back when the absence has no excuse."""

    code: str
    nom: str
    valeur: Ajustement
    jours_par_an: int = 0
    est_reprise: bool = False

    def montant(self, reste_centimes: int, jours_utilises: int) -> int:
        """In centimes; never more than what is left to pay."""
        if self.jours_par_an and jours_utilises >= self.jours_par_an:
            return 0
        return min(self.valeur.sur(reste_centimes), reste_centimes)


@dataclass(frozen=True, slots=True)
class AideAccordee:
    """An aide that this family has, with the days it has used this year."""

    code: str
    jours_utilises: int = 0
