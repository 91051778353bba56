"""What every page needs of the collectivité, kept in memory for a few seconds: its options, its règlement, its calendar."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar, cast

from marelle.regles.calendrier import Calendrier, feries
from marelle.regles.reglement import Reglement, lire_reglement
from marelle.regles.situation import Periode
from marelle.socle.erreurs import ErreurMarelle
from marelle.socle.horloge import aujourdhui

from .models import Collectivite, TexteReglement, Vacances
from .options import Options, lire_options

# A change made by an agent is seen by every process within this delay, without a query on every page.
DUREE_S = 5.0
_memoire: dict[str, tuple[float, Any]] = {}
_reglements: dict[str, Reglement] = {}
T = TypeVar("T")


def _retenir(cle: str, lire: Callable[[], T]) -> T:
    maintenant = time.monotonic()
    lu_le, valeur = _memoire.get(cle, (0.0, None))
    if valeur is None or maintenant - lu_le > DUREE_S:
        valeur = lire()
        _memoire[cle] = (maintenant, valeur)
    return cast(T, valeur)


def oublier() -> None:
    """Forget what is kept, after a change or between two tests."""
    _memoire.clear()


def identite() -> Options:
    """The collectivité's options. Raises `ErreurMarelle` when none has been loaded."""
    return _retenir("identite", _lire_options)


def reglement() -> Reglement:
    """The règlement in force, all its dated versions."""
    return _retenir("reglement", _lire_reglement)


def calendrier() -> Calendrier:
    """Public holidays of seven years around today, and the school holidays of the zone."""
    return _retenir(f"calendrier-{aujourdhui().year}", _lire_calendrier)


def _lire_options() -> Options:
    ligne = Collectivite.objects.first()
    if ligne is None:
        raise ErreurMarelle("Aucune collectivité n’est chargée : lancez « marelle charger collectivites/<code> ».")
    return lire_options(ligne.texte, ligne.code, "collectivite.toml")


def _lire_reglement() -> Reglement:
    ligne = TexteReglement.objects.order_by("-pk").first()
    if ligne is None:
        raise ErreurMarelle("Aucun règlement n’est chargé : lancez « marelle charger collectivites/<code> ».")
    if ligne.empreinte not in _reglements:  # reading it is long, and a text never changes
        _reglements[ligne.empreinte] = lire_reglement(ligne.texte, ligne.source)
    return _reglements[ligne.empreinte]


def _lire_calendrier() -> Calendrier:
    annee = aujourdhui().year
    jours: set[date] = set()
    for une in range(annee - 3, annee + 4):
        jours.update(feries(une, identite().alsace_moselle))
    vacances = tuple(Periode(f"vacances-{v.pk}", v.nom, v.debut, v.fin) for v in Vacances.objects.order_by("debut"))
    return Calendrier(feries=frozenset(jours), vacances=vacances)
