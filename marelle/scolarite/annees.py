"""Which school years may be asked for today, how they are said, and which level goes with a birth date."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from marelle.socle.horloge import annee_scolaire

from .models import Niveau


def dire_annee(rentree: int) -> str:
    """« 2026-2027 »."""
    return f"{rentree}-{rentree + 1}"


def annees_proposees(jour: date, mois_ouverture: int) -> list[int]:
    """The Septembers that may be asked for: this school year's, and from `mois_ouverture` on the next one, first."""
    rentree = annee_scolaire(jour)[0].year
    return [rentree + 1, rentree] if mois_ouverture <= jour.month <= 8 else [rentree]


def niveau_attendu(ne_le: date, rentree: int, niveaux: Iterable[Niveau]) -> Niveau | None:
    """The level of the children born that year; None when none has their age."""
    age = rentree - ne_le.year
    return next((un for un in niveaux if un.age == age), None)
