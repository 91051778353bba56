"""What a day costs a family: dated versions of the tariffs of a collectivité, and the price of one day, line by line.

The steps are always taken in this order, each rounded to the centime (`montants.arrondir`) on what the steps before have given:
accueil (by quotient, by duration), meal, brothers and sisters, residence, minimum; then events, late booking, presence without
booking, late collection; then absence; then the shares that others pay. What is due is never negative.
Everything is a parameter: no clock, no database.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fnmatch import fnmatchcase

from marelle.regles.argent import MOINS
from marelle.regles.calculs import Calcul, Tranche, depend_du_quotient
from marelle.regles.forfaits import Cotisation, Forfait
from marelle.regles.montants import Ajustement, tranches_entamees
from marelle.regles.presences import Absence, Absences, Aide, AideAccordee, Palier, prix_du_retard, reste_du
from marelle.regles.prix import LigneDePrix, Prix


@dataclass(frozen=True, slots=True)
class Modulation:
    """A discount or a surcharge, on the accueil alone or on the meal too (`sur_tout`)."""

    valeur: Ajustement
    sur_tout: bool = False


@dataclass(frozen=True, slots=True)
class Supplements:
    """What is added when things do not go as booked. Events by code: (name, price)."""

    tardive: Ajustement | None = None
    sans_reservation: Ajustement | None = None
    retard: tuple[Palier, ...] = ()
    evenements: Mapping[str, tuple[str, Calcul]] = field(default_factory=dict)
    absences: Absences = field(default_factory=Absences)


@dataclass(frozen=True, slots=True)
class Tarif:
    """The price of some unités of some activities. `par_minutes` 0: for the unité; otherwise for each such step begun.

    `fratrie`: what each rank from the second takes off; the last one holds for the ranks after it."""

    nom: str
    activites: tuple[str, ...]
    unites: tuple[str, ...]
    accueil: Calcul
    par_minutes: int = 0
    repas: Calcul | None = None
    repas_pai: Calcul | None = None
    fratrie: Mapping[int, Modulation] = field(default_factory=dict)
    hors_secteur: Modulation | None = None
    minimum: int = 0
    supplements: Supplements = field(default_factory=Supplements)

    def concerne(self, activite: str, unite: str) -> bool:
        return any(fnmatchcase(activite, motif) for motif in self.activites) and (
            not self.unites or unite in self.unites
        )

    @property
    def depend_du_quotient(self) -> bool:
        return any(depend_du_quotient(un) for un in (self.accueil, self.repas, self.repas_pai) if un is not None)


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

    def tarif(self, activite: str, unite: str) -> Tarif | None:
        """The first that speaks of this unité: they are written from the narrowest to the widest."""
        return next((un for un in self.tarifs if un.concerne(activite, unite)), None)


@dataclass(frozen=True, slots=True)
class PolitiqueQuotient:
    """Which quotient counts. `moment`: the one in force at the `reservation` or on the day of the `prestation`.

    `accepte_declare`: a quotient without proof counts; otherwise the highest tariff does until the proof.
    `valable`: until when one entered at the desk holds: `annee_scolaire`, `annee_civile` or `sans_fin`."""

    moment: str = "prestation"
    accepte_declare: bool = False
    valable: str = "annee_scolaire"


@dataclass(frozen=True, slots=True)
class Tarifs:
    """A whole tarifs.toml. Without `communes`, every family is a resident."""

    nom: str
    versions: tuple[VersionTarifs, ...]
    quotient: PolitiqueQuotient = field(default_factory=PolitiqueQuotient)
    communes: frozenset[str] = frozenset()
    hors_secteur: str = "hors secteur"
    repas_fournis: frozenset[str] = frozenset()  # types of meal that the family brings

    def version_du(self, jour: date) -> VersionTarifs | None:
        """The version in force on the day of care; None before the first."""
        return next((une for une in reversed(self.versions) if une.en_vigueur_le <= jour), None)


@dataclass(frozen=True, slots=True)
class Faits:
    """What is known of one child on one day. `quotient` None: not proved. `rang`: among its brothers and sisters, from 1."""

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


def calculer(tarifs: Tarifs, version: VersionTarifs, faits: Faits) -> Prix | None:
    """The price of a day; None when no tariff of the version speaks of this unité.

    Raises KeyError for an event or an aide that the version does not have.
    """
    tarif = version.tarif(faits.activite, faits.unite)
    if tarif is None:
        return None
    lignes = _de_base(tarif, faits, tarifs.hors_secteur)
    lignes += _supplements(tarif.supplements, faits, _total(lignes))
    est_excusee = True
    if faits.absence is not None:
        reste = reste_du(tarif.supplements.absences, faits.absence, _total(lignes))
        ecart, est_excusee = reste.centimes - _total(lignes), reste.est_excusee
        lignes.append(LigneDePrix("absence", reste.libelle, ecart, reste.libelle))
    lignes += _aides(version, faits, _total(lignes), est_excusee=est_excusee)
    inconnu = faits.quotient is None and tarif.depend_du_quotient
    return Prix(
        tarif.nom, tuple(lignes), version.deliberation, version.en_vigueur_le, faits.quotient, est_maximum=inconnu
    )


def _total(lignes: list[LigneDePrix]) -> int:
    return sum(ligne.montant_centimes for ligne in lignes)


def _de_base(tarif: Tarif, faits: Faits, hors_secteur: str) -> list[LigneDePrix]:
    calcule = tarif.accueil.pour(faits.quotient)
    fois, dit = 1, calcule.detail
    if tarif.par_minutes:
        fois = tranches_entamees(faits.minutes, tarif.par_minutes)
        dit = f"{dit}, {fois} × {_dire_pas(tarif.par_minutes)}"
    lignes = [LigneDePrix("accueil", "Accueil", calcule.centimes * fois, dit)]
    lignes += _repas(tarif, faits)
    lignes += _fratrie(tarif, faits, lignes)
    if not faits.est_resident and (module := tarif.hors_secteur) is not None:
        majoration = module.valeur.sur(_base(lignes, module))
        detail = f"{hors_secteur} {module.valeur.dire('+')}"
        lignes.append(LigneDePrix("residence", hors_secteur[:1].upper() + hors_secteur[1:], majoration, detail))
    if (manque := tarif.minimum - _total(lignes)) > 0:
        lignes.append(LigneDePrix("minimum", "Prix minimum", manque, "prix minimum"))
    return lignes


def _base(lignes: list[LigneDePrix], module: Modulation) -> int:
    """What a modulation bears on: everything until now, or all but the meal."""
    return sum(un.montant_centimes for un in lignes if module.sur_tout or un.sorte != "repas")


def _dire_pas(minutes: int) -> str:
    return {60: "1 h", 30: "½ h", 15: "¼ h"}.get(minutes, f"{minutes} min")


def _repas(tarif: Tarif, faits: Faits) -> list[LigneDePrix]:
    if tarif.repas is None:
        return []
    if not faits.a_panier_repas:
        calcule = tarif.repas.pour(faits.quotient)
        return [LigneDePrix("repas", "Repas", calcule.centimes, calcule.detail)]
    if tarif.repas_pai is None:
        return [LigneDePrix("repas", "Repas fourni par la famille", 0, "panier-repas")]
    montant = tarif.repas_pai.pour(faits.quotient).centimes
    return [LigneDePrix("repas", "Accueil au repas, repas fourni par la famille", montant, "panier-repas")]


def _fratrie(tarif: Tarif, faits: Faits, lignes: list[LigneDePrix]) -> list[LigneDePrix]:
    rangs = [rang for rang in tarif.fratrie if rang <= faits.rang]
    if not rangs:
        return []
    module = tarif.fratrie[max(rangs)]
    base = _base(lignes, module)
    detail = f"{faits.rang}e enfant {module.valeur.dire(MOINS)}"
    return [LigneDePrix("fratrie", f"{faits.rang}e enfant", -min(module.valeur.sur(base), base), detail)]


def _supplements(regles: Supplements, faits: Faits, base: int) -> list[LigneDePrix]:
    """Each on the price of the day before any of them."""
    lignes = []
    for code in faits.evenements:
        nom, calcul = regles.evenements[code]
        lignes.append(LigneDePrix("evenement", nom, calcul.pour(faits.quotient).centimes, nom))
    if faits.est_tardive and regles.tardive is not None:
        dit = f"réservation tardive {regles.tardive.dire('+')}"
        lignes.append(LigneDePrix("tardive", "Réservation tardive", regles.tardive.sur(base), dit))
    if faits.est_sans_reservation and regles.sans_reservation is not None:
        dit = f"sans réservation {regles.sans_reservation.dire('+')}"
        lignes.append(
            LigneDePrix("sans_reservation", "Présence sans réservation", regles.sans_reservation.sur(base), dit)
        )
    if retard := prix_du_retard(regles.retard, faits.minutes_de_retard):
        dit = f"retard de {faits.minutes_de_retard} min"
        lignes.append(LigneDePrix("retard", "Retard le soir", retard, dit))
    return lignes


def _aides(version: VersionTarifs, faits: Faits, reste: int, *, est_excusee: bool) -> list[LigneDePrix]:
    lignes = []
    for accordee in faits.aides:
        aide = version.aides[accordee.code]
        if aide.est_reprise and not est_excusee:
            lignes.append(LigneDePrix("aide", aide.nom, 0, f"{aide.nom} reprise"))
            continue
        montant = aide.montant(reste, accordee.jours_utilises)
        if montant:
            reste -= montant
            lignes.append(LigneDePrix("aide", aide.nom, -montant, aide.nom, tiers=aide.code))
    return lignes
