"""What is known of a household for its prices: its quotients, where it lives, the rank and the meal of each child."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import F, FilteredRelation, Q, Subquery

from marelle.familles.models import Famille, Rattachement, Responsable
from marelle.regles.lecture_tarifs import cle_de_commune
from marelle.regles.tarifs import Tarifs
from marelle.socle.horloge import aujourdhui
from marelle.socle.memoire import oublier_un, retenir

from .models import QuotientFamilial


@dataclass(frozen=True, slots=True)
class Quotient:
    """An entry that stands, as the prices read it."""

    rang: int
    valeur: int
    source: str
    releve_le: date
    valable_du: date
    valable_au: date | None

    @property
    def est_justifie(self) -> bool:
        return self.source != QuotientFamilial.Source.DECLARE

    def couvre(self, jour: date) -> bool:
        return self.valable_du <= jour and (self.valable_au is None or jour <= self.valable_au)


@dataclass(frozen=True, slots=True)
class FoyerTarifaire:
    """One household. Children by key: their rank from the eldest, their type of meal. Quotients from the last entered."""

    quotients: tuple[Quotient, ...]
    commune: str
    rangs: Mapping[int, int]
    repas: Mapping[int, str]

    def quotient_du(self, jour: date, tarifs: Tarifs) -> Quotient | None:
        """The quotient that gives the price of that day of care; None: the highest tariff applies."""
        reference = aujourdhui() if tarifs.quotient.moment == "reservation" else jour
        for un in self.quotients:
            if un.couvre(reference) and (un.est_justifie or tarifs.quotient.accepte_declare):
                return un
        return None

    def est_resident(self, tarifs: Tarifs) -> bool:
        """An address without commune says nothing: nothing is added for it."""
        return not tarifs.communes or not self.commune or cle_de_commune(self.commune) in tarifs.communes


def foyer_tarifaire(famille: Famille) -> FoyerTarifaire:
    """Read again every few seconds, in one query."""
    return retenir(_cle(famille), lambda: _lire(famille))


def oublier_le_foyer(famille: Famille) -> None:
    """To be read again: its quotient has just changed."""
    oublier_un(_cle(famille))


def _cle(famille: Famille) -> str:
    return f"foyer-tarifaire-{famille.pk}"


QUOTIENT = ("pk", "valeur", "source", "releve_le", "valable_du", "valable_au")


def _lire(famille: Famille) -> FoyerTarifaire:
    principal = Responsable.objects.filter(famille=famille).order_by("-est_principal", "rang", "pk")
    lignes = (
        Rattachement.objects.filter(famille=famille, enfant__est_archive=False)
        .annotate(
            tenu=FilteredRelation("famille__quotients", condition=Q(famille__quotients__annule_le__isnull=True)),
            commune=Subquery(principal.values("commune")[:1]),
            repas=F("enfant__fiche__type_repas"),
        )
        .order_by("enfant__date_naissance", "enfant_id", "-tenu__pk")
        .values_list("enfant_id", "repas", "commune", *(f"tenu__{champ}" for champ in QUOTIENT))
    )
    rangs: dict[int, int] = {}
    repas: dict[int, str] = {}
    quotients: dict[int, Quotient] = {}
    commune = ""
    for enfant, mange, habite, *quotient in lignes:
        rangs.setdefault(enfant, len(rangs) + 1)
        repas[enfant], commune = mange or "", habite or ""
        if quotient[0] is not None:
            quotients[quotient[0]] = Quotient(*quotient)
    return FoyerTarifaire(tuple(quotients.values()), commune, rangs, repas)
