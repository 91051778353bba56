"""What is known of a household for its prices: its quotients, where it lives, the rank and the meal of each child."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Case, F, FilteredRelation, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Concat

from marelle.familles.models import Famille, Rattachement, Responsable
from marelle.regles.lecture_tarifs import cle_de_commune
from marelle.regles.tarifs import Tarifs
from marelle.socle.horloge import aujourdhui
from marelle.socle.memoire import oublier_un, retenir
from marelle.socle.pays import FRANCE

from .identite import tarifs as tarifs_en_vigueur
from .models import DerogationTarifaire, QuotientFamilial


@dataclass(frozen=True, slots=True)
class Quotient:
    """An entry that stands, as the prices read it. `fournisseur`: CNAF or MSA when one of them gave it."""

    rang: int
    valeur: int
    source: str
    releve_le: date
    valable_du: date
    valable_au: date | None
    saisi_le: datetime | None = None
    fournisseur: str = ""

    @property
    def est_justifie(self) -> bool:
        return self.source != QuotientFamilial.Source.DECLARE

    @property
    def regime(self) -> str:
        """As `tarifs.toml` writes it; empty when it is not known."""
        return {"CNAF": "caf", "MSA": "msa"}.get(self.fournisseur, "")

    def couvre(self, jour: date) -> bool:
        return self.valable_du <= jour and (self.valable_au is None or jour <= self.valable_au)


@dataclass(frozen=True, slots=True)
class Derogation:
    """An exception of residence, or a yearly waiver, that stands. `enfant_id` None: every child of the household."""

    sorte: str
    code: str
    enfant_id: int | None
    du: date
    au: date | None

    def vaut(self, enfant_id: int, jour: date) -> bool:
        return self.enfant_id in (None, enfant_id) and self.du <= jour and (self.au is None or jour <= self.au)


@dataclass(frozen=True, slots=True)
class FoyerTarifaire:
    """One household. Children by key: their rank from the eldest, their type of meal. Quotients from the last entered."""

    quotients: tuple[Quotient, ...]
    commune: str
    rangs: Mapping[int, int]
    repas: Mapping[int, str]
    derogations: tuple[Derogation, ...] = field(default=())

    def quotient_du(
        self, jour: date, tarifs: Tarifs, reference: date | None = None, connu_le: datetime | None = None
    ) -> Quotient | None:
        """The quotient that gives the price of that day of care; None: the highest tariff applies.

        `reference`: when it is booked (or billed), where the policy looks at that; today without it. `connu_le`: only the
        entries made by that instant."""
        quand = jour if tarifs.quotient.moment == "prestation" else reference or aujourdhui()
        for un in self.quotients:
            if connu_le is not None and un.saisi_le is not None and un.saisi_le > connu_le:
                continue
            if un.couvre(quand) and (un.est_justifie or tarifs.quotient.accepte_declare):
                return un
        return None

    def est_resident(self, tarifs: Tarifs) -> bool:
        """An address without commune says nothing: nothing is added for it."""
        return not tarifs.communes or not self.commune or cle_de_commune(self.commune) in tarifs.communes

    def exception(self, enfant_id: int, jour: date) -> str:
        """The code of the exception thanks to which that child pays as a resident on that day; empty without one."""
        return next(iter(self._codes(DerogationTarifaire.Sorte.RESIDENCE, enfant_id, jour)), "")

    def dispenses(self, enfant_id: int, jour: date) -> tuple[str, ...]:
        """The reasons of absence that a waiver proves for that child on that day."""
        return tuple(self._codes(DerogationTarifaire.Sorte.DISPENSE, enfant_id, jour))

    def _codes(self, sorte: str, enfant_id: int, jour: date) -> Iterator[str]:
        return (une.code for une in self.derogations if une.sorte == sorte and une.vaut(enfant_id, jour))


def foyer_tarifaire(famille: Famille) -> FoyerTarifaire:
    """Read again every few seconds, in one query (two where the tariffs know exceptions or waivers)."""
    return retenir(_cle(famille), lambda: foyers_tarifaires([famille.pk])[famille.pk])


def oublier_le_foyer(famille: Famille) -> None:
    """To be read again: its quotient has just changed."""
    oublier_un(_cle(famille))


def _cle(famille: Famille) -> str:
    return f"foyer-tarifaire-{famille.pk}"


QUOTIENT = ("pk", "valeur", "source", "releve_le", "valable_du", "valable_au", "saisi_le", "fournisseur")


def foyers_tarifaires(familles: Iterable[int]) -> dict[int, FoyerTarifaire]:
    """The same for many households, by key, in as many queries; one without children is there too, empty."""
    cles = sorted(set(familles))
    lus: dict[int, _Lu] = {cle: _Lu() for cle in cles}
    for famille, enfant, mange, habite, *quotient in _lignes(cles):
        un = lus[famille]
        un.rangs.setdefault(enfant, len(un.rangs) + 1)
        un.repas[enfant], un.commune = mange or "", habite or ""
        if quotient[0] is not None:
            un.quotients[quotient[0]] = Quotient(*quotient)
    derogations = _derogations(cles)
    return {
        cle: FoyerTarifaire(
            tuple(un.quotients.values()), un.commune, un.rangs, un.repas, tuple(derogations.get(cle, ()))
        )
        for cle, un in lus.items()
    }


@dataclass(slots=True)
class _Lu:
    quotients: dict[int, Quotient] = field(default_factory=dict)
    commune: str = ""
    rangs: dict[int, int] = field(default_factory=dict)
    repas: dict[int, str] = field(default_factory=dict)


def _lignes(cles: list[int]) -> Iterable[tuple[Any, ...]]:
    # Abroad, a commune that bears the name of one of ours is not it.
    ou = Case(When(pays=FRANCE, then=F("commune")), default=Concat("commune", Value(", "), "pays"))
    adultes = Responsable.objects.filter(famille=OuterRef("famille")).annotate(ou=ou)
    principal = adultes.order_by("-est_principal", "rang", "pk")
    return (
        Rattachement.objects.filter(famille__in=cles, enfant__est_archive=False)
        .annotate(
            tenu=FilteredRelation("famille__quotients", condition=Q(famille__quotients__annule_le__isnull=True)),
            commune=Subquery(principal.values("ou")[:1]),
            repas=F("enfant__fiche__type_repas"),
        )
        .order_by("famille_id", "enfant__date_naissance", "enfant_id", "-tenu__pk")
        .values_list("famille_id", "enfant_id", "repas", "commune", *(f"tenu__{champ}" for champ in QUOTIENT))
    )


def _derogations(cles: list[int]) -> dict[int, list[Derogation]]:
    """Asked only where the tariffs speak of them."""
    lus = tarifs_en_vigueur()
    if lus is None or not (lus.exceptions or lus.dispenses):
        return {}
    par: dict[int, list[Derogation]] = {}
    tenues = DerogationTarifaire.objects.filter(famille__in=cles, annulee_le__isnull=True).order_by("-pk")
    for famille, sorte, code, enfant, du, au in tenues.values_list(
        "famille_id", "sorte", "code", "enfant_id", "du", "au"
    ):
        par.setdefault(famille, []).append(Derogation(sorte, code, enfant, du, au))
    return par
