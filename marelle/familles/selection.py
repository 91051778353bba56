"""Finding a child or an adult from a household: what is not its own does not exist."""

from __future__ import annotations

from collections.abc import Iterable

from marelle.socle.erreurs import Introuvable

from .models import Enfant, Famille, Responsable


def enfant_de(famille: Famille, enfant_id: int) -> Enfant:
    """A child of this household (it may be another's too). `Introuvable` otherwise."""
    enfant = famille.enfants.filter(pk=enfant_id, est_archive=False).first()
    if enfant is None:
        raise Introuvable("Cet enfant n’est pas dans votre dossier.")
    return enfant


def adulte_de(famille: Famille, responsable_id: int) -> Responsable:
    """An adult of this household. `Introuvable` otherwise, be it the other parent of a shared child."""
    adulte = Responsable.objects.filter(famille=famille, pk=responsable_id).first()
    if adulte is None:
        raise Introuvable("Cette personne n’est pas dans votre dossier.")
    return adulte


def adultes_de(famille: Famille) -> list[Responsable]:
    """The adults of a household, the principal one first."""
    return list(Responsable.objects.filter(famille=famille).order_by("-est_principal", "rang", "pk"))


def adresses_de(familles: Iterable[int]) -> dict[int, list[str]]:
    """The e-mail addresses of the adults of each of these households, each once, by household, in one query."""
    lignes = Responsable.objects.filter(famille__in=list(familles)).exclude(courriel="").order_by("rang", "pk")
    trouvees: dict[int, list[str]] = {}
    for famille_id, courriel in lignes.values_list("famille_id", "courriel"):
        siennes = trouvees.setdefault(famille_id, [])
        if courriel not in siennes:
            siennes.append(courriel)
    return trouvees
