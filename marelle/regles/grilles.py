"""The tariffs of a collectivité as values: dated versions, the tariff of each unité, and what is known of a child on a day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, time
from fnmatch import fnmatchcase

from marelle.regles.calculs import Calcul, Tranche, depend_du_quotient
from marelle.regles.creneaux import Creneau
from marelle.regles.echeances import Paiement
from marelle.regles.forfaits import Cotisation, Forfait
from marelle.regles.montants import Ajustement
from marelle.regles.presences import Absence, Absences, Aide, AideAccordee, Excuse, Palier, Seuil

PARMI = ("foyer", "inscrits", "presents")


@dataclass(frozen=True, slots=True)
class Modulation:
    """A discount or a surcharge, on the accueil alone or on the meal too (`sur_tout`)."""

    valeur: Ajustement
    sur_tout: bool = False


@dataclass(frozen=True, slots=True)
class Supplements:
    """What is added when things do not go as booked. Events by code: (name, price).

    `prix_sans_reservation` takes the place of the day's price; `…_repete`: what is added from the n-th time on."""

    tardive: Ajustement | None = None
    sans_reservation: Ajustement | None = None
    retard: tuple[Palier, ...] = ()
    evenements: Mapping[str, tuple[str, Calcul]] = field(default_factory=dict)
    absences: Absences = field(default_factory=Absences)
    prix_sans_reservation: Calcul | None = None
    sans_reservation_repetee: Seuil | None = None
    retard_repete: Seuil | None = None


@dataclass(frozen=True, slots=True)
class Tarif:
    """The price of some unités of some activities. `par_minutes` 0: for the unité; otherwise for each such step begun.

    `fratrie`: what each rank from the second takes off; the last one holds for the ranks after it. The rank is counted
    `fratrie_parmi` the household's children, those enrolled this school year, or those present the same day; with
    `fratrie_pour_tous` the number of children gives the same discount to each. `regimes`: none for everybody."""

    nom: str
    activites: tuple[str, ...]
    unites: tuple[str, ...]
    accueil: Calcul | None
    par_minutes: int = 0
    repas: Calcul | None = None
    repas_pai: Calcul | None = None
    fratrie: Mapping[int, Modulation] = field(default_factory=dict)
    hors_secteur: Modulation | None = None
    minimum: int = 0
    supplements: Supplements = field(default_factory=Supplements)
    fratrie_parmi: str = "foyer"
    fratrie_pour_tous: bool = False
    creneaux: tuple[Creneau, ...] = ()
    regimes: tuple[str, ...] = ()
    paiement: Paiement | None = None

    def concerne(self, activite: str, unite: str, regime: str | None = None) -> bool:
        """`regime` None: whatever it is; empty: not known."""
        return (
            any(fnmatchcase(activite, motif) for motif in self.activites)
            and (not self.unites or unite in self.unites)
            and (regime is None or not self.regimes or regime in self.regimes)
        )

    @property
    def est_ferme(self) -> bool:
        """A final sale: what is cancelled, even in time, stays due."""
        return self.paiement is not None and self.paiement.annulee == "rien"

    @property
    def depend_du_quotient(self) -> bool:
        return self.depend_du_quotient_avec(())

    def depend_du_quotient_avec(self, evenements: Iterable[str]) -> bool:
        """Whether the price of a day that has these events does."""
        siens = (self.supplements.evenements[code][1] for code in evenements)
        calculs = (self.accueil, self.repas, self.repas_pai, *(un.prix for un in self.creneaux), *siens)
        return any(depend_du_quotient(un) for un in calculs if un is not None)


@dataclass(frozen=True, slots=True)
class VersionTarifs:
    """The tariffs voted by one délibération, in force from a day on."""

    en_vigueur_le: date
    deliberation: str
    tranches: tuple[Tranche, ...]
    tarifs: tuple[Tarif, ...]
    aides: Mapping[str, Aide] = field(default_factory=dict)
    forfaits: Mapping[str, Forfait] = field(default_factory=dict)
    cotisations: tuple[Cotisation, ...] = ()
    facture_minimum: int = 0

    def tarif(self, activite: str, unite: str, regime: str = "") -> Tarif | None:
        """The first that speaks of this unité: they are written from the narrowest to the widest."""
        return next((un for un in self.tarifs if un.concerne(activite, unite, regime)), None)

    def evenements(self, activite: str, unite: str, regime: str = "") -> Mapping[str, tuple[str, Calcul]]:
        """The events that can be priced for this unité, by code."""
        tarif = self.tarif(activite, unite, regime)
        return tarif.supplements.evenements if tarif else {}


@dataclass(frozen=True, slots=True)
class PolitiqueQuotient:
    """Which quotient counts. `moment`: the one in force at the `reservation`, on the day of the `prestation`, or at the
    `facture`.

    `accepte_declare`: a quotient without proof counts; otherwise the highest tariff does until the proof.
    `valable`: until when one entered at the desk holds: `annee_scolaire`, `annee_civile` or `sans_fin`. `est_retroactif`: days
    already billed are priced again when a quotient that covers them is entered."""

    moment: str = "prestation"
    accepte_declare: bool = False
    valable: str = "annee_scolaire"
    est_retroactif: bool = False


@dataclass(frozen=True, slots=True)
class Tarifs:
    """A whole tarifs.toml. Without `communes`, every family is a resident.

    `exceptions`: who pays as a resident though living elsewhere, by code (an agent's child, schooled here)."""

    nom: str
    versions: tuple[VersionTarifs, ...]
    quotient: PolitiqueQuotient = field(default_factory=PolitiqueQuotient)
    communes: frozenset[str] = frozenset()
    hors_secteur: str = "hors secteur"
    repas_fournis: frozenset[str] = frozenset()  # types of meal that the family brings
    exceptions: Mapping[str, str] = field(default_factory=dict)

    def version_du(self, jour: date) -> VersionTarifs | None:
        """The version in force on the day of care; None before the first."""
        return next((une for une in reversed(self.versions) if une.en_vigueur_le <= jour), None)

    @property
    def a_des_tardives(self) -> bool:
        """Whether some tariff asks more for a booking under the late regime."""
        return any(un.supplements.tardive is not None for version in self.versions for un in version.tarifs)

    @property
    def a_des_paiements(self) -> bool:
        """Whether some tariff asks for a payment when booking."""
        return any(un.paiement is not None for version in self.versions for un in version.tarifs)

    def compte_les(self, parmi: str) -> bool:
        """Whether some discount counts the children enrolled (`inscrits`) or those present the same day (`presents`)."""
        return any(un.fratrie and un.fratrie_parmi == parmi for version in self.versions for un in version.tarifs)

    @property
    def dispenses(self) -> Mapping[str, str]:
        """The excuses that a yearly waiver proves, by their reason, with their names."""
        return {
            une.motif: une.nom
            for version in self.versions
            for tarif in version.tarifs
            for une in tarif.supplements.absences.excuses
            if une.par_dispense
        }

    @property
    def a_des_excuses_collectives(self) -> bool:
        """Whether some tariff lets the service excuse a day for all."""
        return any(
            une.est_collective
            for version in self.versions
            for tarif in version.tarifs
            for une in tarif.supplements.absences.excuses
        )

    def excuses_de(self, activite: str, jour: date) -> tuple[Excuse, ...]:
        """Every excuse of the tariffs that speak of that activity on that day, whatever the unité."""
        version = self.version_du(jour)
        return tuple(
            une
            for tarif in (version.tarifs if version else ())
            if any(fnmatchcase(activite, motif) for motif in tarif.activites)
            for une in tarif.supplements.absences.excuses
        )


@dataclass(frozen=True, slots=True)
class Faits:
    """What is known of one child on one day. `quotient` None: not proved. Ranks go from the eldest, from 1; 0: not known, the
    household's serves. `residence`: the code of an exception. Times None: the whole day. `…_avant`: those that count already."""

    activite: str
    unite: str
    quotient: int | None = None
    rang: int = 1
    est_resident: bool = True
    minutes: int = 0
    a_panier_repas: bool = False
    est_tardive: bool = False
    est_sans_reservation: bool = False
    minutes_de_retard: int = 0
    evenements: tuple[str, ...] = ()
    absence: Absence | None = None
    aides: tuple[AideAccordee, ...] = ()
    regime: str = ""
    residence: str = ""
    arrivee: time | None = None
    depart: time | None = None
    rang_inscrit: int = 0
    rang_present: int = 0
    enfants: int = 0
    enfants_inscrits: int = 0
    enfants_presents: int = 0
    sans_reservation_avant: int = 0
    retards_avant: int = 0

    def rang_pour(self, tarif: Tarif) -> int:
        """The rank (or the number of children) that gives the discount of that tariff."""
        rang, nombre = {
            "foyer": (self.rang, self.enfants),
            "inscrits": (self.rang_inscrit or self.rang, self.enfants_inscrits),
            "presents": (self.rang_present or self.rang, self.enfants_presents),
        }[tarif.fratrie_parmi]
        return max(rang, nombre) if tarif.fratrie_pour_tous else rang

    def avec_les_evenements(self, version: VersionTarifs, codes: Sequence[str]) -> Faits:
        """The same day with those of these events that the version prices for this unité."""
        connus = version.evenements(self.activite, self.unite, self.regime) if codes else {}
        return replace(self, evenements=tuple(code for code in codes if code in connus))
