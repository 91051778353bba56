"""Which fund each household depends on: as an agent wrote it, else as the quotient said when the Caf or the MSA gave it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.db.models import QuerySet

from marelle.comptes.models import Agent
from marelle.familles.models import Famille
from marelle.journal.service import noter
from marelle.socle.horloge import maintenant
from marelle.tarification.models import QuotientFamilial

from .models import RegimeAllocataire

INCONNU = "inconnu"
FOURNISSEURS = {"CNAF": RegimeAllocataire.Regime.GENERAL.value, "MSA": RegimeAllocataire.Regime.AGRICOLE.value}
NOMS = {**dict(RegimeAllocataire.Regime.choices), INCONNU: "Régime à compléter"}


class Regimes:
    """The régimes of many households, read in two queries, then asked day by day."""

    def __init__(self, familles: Iterable[int]) -> None:
        cles = set(familles)
        self._saisis: dict[int, list[tuple[date, str]]] = {}
        saisis = RegimeAllocataire.objects.filter(famille__in=cles).order_by("du", "pk")
        for famille, du, regime in saisis.values_list("famille_id", "du", "regime"):
            self._saisis.setdefault(famille, []).append((du, regime))
        lus = QuotientFamilial.objects.filter(famille__in=cles, annule_le__isnull=True).exclude(fournisseur="")
        self._lus: dict[int, str] = dict(lus.order_by("pk").values_list("famille_id", "fournisseur"))

    def du(self, famille: int, jour: date) -> str:
        """`general`, `msa`, `autre`, or `inconnu`."""
        saisis = [regime for du, regime in self._saisis.get(famille, ()) if du <= jour]
        return saisis[-1] if saisis else FOURNISSEURS.get(self._lus.get(famille, ""), INCONNU)


def regimes_de(famille: Famille) -> QuerySet[RegimeAllocataire]:
    """Every entry of a household, the last first."""
    return RegimeAllocataire.objects.filter(famille=famille).select_related("saisi_par").order_by("-du", "-pk")


def enregistrer(famille: Famille, regime: str, du: date, agent: Agent) -> RegimeAllocataire:
    """Say which fund a household depends on from that day."""
    with transaction.atomic():
        ligne = RegimeAllocataire.objects.create(
            famille=famille, regime=regime, du=du, saisi_le=maintenant(), saisi_par=agent
        )
        noter(agent.compte, "regime.saisi", ligne, dossier=f"famille:{famille.pk}", regime=regime)
    return ligne
