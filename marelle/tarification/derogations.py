"""Exceptions of residence and yearly waivers that the service grants: to a household or to a child, for a time, with a reason."""

from __future__ import annotations

from django.db import transaction

from marelle.comptes.models import Agent
from marelle.familles.models import Famille
from marelle.journal.service import noter
from marelle.socle.erreurs import Introuvable, Refus
from marelle.socle.horloge import maintenant

from .foyer import oublier_le_foyer
from .identite import tarifs
from .models import DerogationTarifaire

Sorte = DerogationTarifaire.Sorte


def derogations_possibles() -> dict[tuple[str, str], str]:
    """By kind and code, the name of each that the tariffs speak of; empty when they speak of none."""
    lus = tarifs()
    if lus is None:
        return {}
    exceptions = {(Sorte.RESIDENCE.value, code): nom for code, nom in lus.exceptions.items()}
    return exceptions | {(Sorte.DISPENSE.value, code): nom for code, nom in lus.dispenses.items()}


def derogations_de(famille: Famille) -> list[DerogationTarifaire]:
    """Every one of a household, the last first, those that were cancelled included."""
    return list(DerogationTarifaire.objects.filter(famille=famille).select_related("enfant", "accordee_par__compte"))


def accorder(derogation: DerogationTarifaire, famille: Famille, agent: Agent) -> DerogationTarifaire:
    """Grant it; what is billed already does not change. Raises `Refus` for a code that the tariffs do not have."""
    if (derogation.sorte, derogation.code) not in derogations_possibles():
        raise Refus("Les tarifs ne connaissent pas cette dérogation : rechargez la page.")
    derogation.famille, derogation.accordee_par = famille, agent
    with transaction.atomic():
        derogation.save(force_insert=True)
        details = {"sorte": derogation.sorte, "code": derogation.code}
        noter(agent.compte, "derogation.accord", derogation, dossier=f"famille:{famille.pk}", **details)
    oublier_le_foyer(famille)
    return derogation


def annuler_la_derogation(famille: Famille, cle: int, motif: str, agent: Agent) -> None:
    """As if it had never been granted, for what is not billed yet. `Introuvable` when it is another household's."""
    if not motif.strip():
        raise Refus("Dites pourquoi cette dérogation est annulée.")
    with transaction.atomic():
        tenues = DerogationTarifaire.objects.select_for_update(no_key=True)
        une = tenues.filter(famille=famille, pk=cle).first()
        if une is None:
            raise Introuvable("Cette dérogation n’est pas celle de cette famille.")
        if une.annulee_le is not None:
            raise Refus("Cette dérogation est déjà annulée : rechargez la page.")
        une.annulee_le, une.annulee_motif = maintenant(), motif.strip()[:200]
        une.save(update_fields=["annulee_le", "annulee_motif"])
        noter(agent.compte, "derogation.annulation", une, dossier=f"famille:{famille.pk}")
    oublier_le_foyer(famille)
