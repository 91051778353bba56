"""What a family can choose: its children, the centres and activities that receive them, the months that open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.http import Http404

from marelle.activites.selection import activites_ouvertes, activites_pour, mois_ouverts
from marelle.familles.acces import enfants_de
from marelle.familles.models import Enfant, Famille
from marelle.regles.phrases import MOIS
from marelle.socle.horloge import aujourdhui

__all__ = ["Mois", "activites_ouvertes", "activites_pour", "enfant_ou_404", "mois_a_montrer"]


def enfant_ou_404(famille: Famille, enfant_id: int) -> Enfant:
    """A child of this household; another's does not exist."""
    enfant = next((un for un in enfants_de(famille) if un.pk == enfant_id), None)
    if enfant is None:
        raise Http404
    return enfant


@dataclass(frozen=True, slots=True)
class Mois:
    """A month shown, and its neighbours that open (None when there is none)."""

    premier: date
    dernier: date
    avant: date | None
    apres: date | None


def mois_a_montrer(activite_id: int, demande: str) -> Mois | None:
    """The month asked (« 2026-12 »), else this one or the next that opens; None when nothing will open any more."""
    ouverts = mois_ouverts(activite_id)
    if not ouverts:
        return None
    choisi = _lire(demande) or _le_plus_proche(ouverts)
    if choisi not in ouverts:
        choisi = _le_plus_proche(ouverts)
    rang = ouverts.index(choisi)
    return Mois(
        choisi,
        _fin(choisi),
        ouverts[rang - 1] if rang else None,
        ouverts[rang + 1] if rang + 1 < len(ouverts) else None,
    )


def _lire(demande: str) -> date | None:
    try:
        return date.fromisoformat(f"{demande}-01")
    except ValueError:
        return None


def _le_plus_proche(ouverts: Sequence[date]) -> date:
    ce_mois = aujourdhui().replace(day=1)
    return next((mois for mois in ouverts if mois >= ce_mois), ouverts[-1])


def _fin(premier: date) -> date:
    suivant = date(premier.year + premier.month // 12, premier.month % 12 + 1, 1)
    return date.fromordinal(suivant.toordinal() - 1)


def dire_le_mois(premier: date) -> str:
    return f"{MOIS[premier.month - 1]} {premier.year}"
