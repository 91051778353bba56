"""What is known of a household for its prices: its quotients, where it lives, the rank and the meal of each child."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.db.models import F, FilteredRelation, OuterRef, Q, Subquery

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

    def quotient_du(self, jour: date, tarifs: Tarifs, demande_le: date | None = None) -> Quotient | None:
        """The quotient that gives the price of that day of care, asked for on `demande_le` (today without it); None: the
        highest tariff applies."""
        reference = (demande_le or aujourdhui()) if tarifs.quotient.moment == "reservation" else jour
        for un in self.quotients:
            if un.couvre(reference) and (un.est_justifie or tarifs.quotient.accepte_declare):
                return un
        return None

    def est_resident(self, tarifs: Tarifs) -> bool:
        """An address without commune says nothing: nothing is added for it."""
        return not tarifs.communes or not self.commune or cle_de_commune(self.commune) in tarifs.communes


def foyer_tarifaire(famille: Famille) -> FoyerTarifaire:
    """Read again every few seconds, in one query."""
    return retenir(_cle(famille), lambda: _lire(Q(famille=famille)).get(famille.pk, _Lu().fige()))


def oublier_le_foyer(famille: Famille) -> None:
    """To be read again: its quotient has just changed."""
    oublier_un(_cle(famille))


def _cle(famille: Famille) -> str:
    return f"foyer-tarifaire-{famille.pk}"


QUOTIENT = ("pk", "valeur", "source", "releve_le", "valable_du", "valable_au")


def foyers_tarifaires(familles: Iterable[int]) -> dict[int, FoyerTarifaire]:
    """Each of these households as it is now, in one query; for a billing run."""
    return _lire(Q(famille_id__in=list(familles)))


@dataclass(slots=True)
class _Lu:
    commune: str = ""
    rangs: dict[int, int] = field(default_factory=dict)
    repas: dict[int, str] = field(default_factory=dict)
    quotients: dict[int, Quotient] = field(default_factory=dict)

    def fige(self) -> FoyerTarifaire:
        return FoyerTarifaire(tuple(self.quotients.values()), self.commune, self.rangs, self.repas)


def _lire(lesquelles: Q) -> dict[int, FoyerTarifaire]:
    principal = Responsable.objects.filter(famille=OuterRef("famille")).order_by("-est_principal", "rang", "pk")
    lignes = (
        Rattachement.objects.filter(lesquelles, enfant__est_archive=False)
        .annotate(
            tenu=FilteredRelation("famille__quotients", condition=Q(famille__quotients__annule_le__isnull=True)),
            commune=Subquery(principal.values("commune")[:1]),
            repas=F("enfant__fiche__type_repas"),
        )
        .order_by("famille_id", "enfant__date_naissance", "enfant_id", "-tenu__pk")
        .values_list("famille_id", "enfant_id", "repas", "commune", *(f"tenu__{champ}" for champ in QUOTIENT))
    )
    lus: dict[int, _Lu] = {}
    for famille, enfant, mange, habite, *quotient in lignes:
        lu = lus.setdefault(famille, _Lu())
        lu.rangs.setdefault(enfant, len(lu.rangs) + 1)
        lu.repas[enfant], lu.commune = mange or "", habite or ""
        if quotient[0] is not None:
            lu.quotients[quotient[0]] = Quotient(*quotient)
    return {famille: lu.fige() for famille, lu in lus.items()}
