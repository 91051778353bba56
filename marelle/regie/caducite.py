"""Which mandates are void, because nothing was debited by them for 36 calendar months (rulebook of the SEPA Core scheme)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date

from django.db.models import Max

from marelle.regles.sepa import caduc_le
from marelle.socle.francais import date_sans_jour
from marelle.socle.horloge import aujourdhui

from .models import LignePrelevement, MandatSepa

# (keys of mandates, only before that day) → the day of the last collection presented under each.
Presentations = Callable[[Sequence[int], date | None], Mapping[int, date]]
REMPLACE = "Caduc : aucun prélèvement depuis 36 mois."
_sources: list[Presentations] = []


def presentes_aussi(source: Presentations) -> None:
    """Somebody else presents collections under our mandates (the Treasury): what it did counts."""
    if source not in _sources:
        _sources.append(source)


def derniers_presentes(mandats: Iterable[MandatSepa], avant: date | None = None) -> dict[int, date]:
    """The day of the last collection presented under each mandate, by key, even if the bank rejected it since; a run that
    was abandoned does not count. `avant`: only those of an earlier day."""
    cles = [un.pk for un in mandats]
    derniers: dict[int, date] = {}
    for source in (_presentes_ici, *_sources):
        for cle, jour in source(cles, avant).items():
            derniers[cle] = max(jour, derniers.get(cle, jour))
    return derniers


def _presentes_ici(mandats: Sequence[int], avant: date | None) -> Mapping[int, date]:
    lignes = LignePrelevement.objects.filter(mandat__in=mandats, prelevement__abandonne_le__isnull=True)
    if avant is not None:
        lignes = lignes.filter(prelevement__date_prelevement__lt=avant)
    derniers = lignes.order_by().values_list("mandat").annotate(dernier=Max("prelevement__date_prelevement"))
    return dict(derniers)


def caducites(mandats: Iterable[MandatSepa], jour: date, *, avant: date | None = None) -> dict[int, date]:
    """Since when each of those that are void on `jour` is so, by key. `avant`: as if nothing had been presented from that
    day on, for a collection that is not to keep its own mandate alive."""
    tous = list(mandats)
    derniers = derniers_presentes(tous, avant)
    dates = {un.pk: caduc_le(_depart(un, derniers.get(un.pk))) for un in tous}
    return {cle: le for cle, le in dates.items() if le <= jour}


def _depart(mandat: MandatSepa, presente: date | None) -> date:
    """From when the months count: the last collection, ours or elsewhere; the signature when there was none."""
    return max(un for un in (mandat.signe_le, mandat.dernier_ailleurs_le, presente) if un is not None)


def dire(le: date) -> str:
    """« Caduc depuis le 20 novembre : aucun prélèvement depuis 36 mois, un nouveau mandat est à signer. »"""
    jour = aujourdhui()
    depuis = "depuis le" if le <= jour else "à partir du"
    return (
        f"Caduc {depuis} {date_sans_jour(le, jour.year)} : "
        "aucun prélèvement depuis 36 mois, un nouveau mandat est à signer."
    )


def dire_la_caducite(mandat: MandatSepa | None) -> str:
    """The same of a mandate as it stands today; empty when it may be used, or was revoked."""
    if mandat is None or mandat.revoque_le is not None:
        return ""
    le = caducites([mandat], aujourdhui()).get(mandat.pk)
    return dire(le) if le else ""
