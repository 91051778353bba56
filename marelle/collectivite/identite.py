"""What every page needs of the collectivité, kept in memory for a few seconds: its options, its règlement, its calendar."""

from __future__ import annotations

from datetime import date

from marelle.regles.calendrier import Calendrier, feries
from marelle.regles.reglement import Reglement, lire_reglement
from marelle.regles.situation import Periode
from marelle.socle.erreurs import ErreurMarelle
from marelle.socle.horloge import aujourdhui
from marelle.socle.memoire import retenir

from .models import Collectivite, TexteReglement, Vacances
from .options import Options, lire_options

_reglements: dict[str, Reglement] = {}


def identite() -> Options:
    """The collectivité's options. Raises `ErreurMarelle` when none has been loaded."""
    return retenir("identite", _lire_options)


def reglement() -> Reglement:
    """The règlement in force, all its dated versions."""
    return retenir("reglement", _lire_reglement)


def calendrier() -> Calendrier:
    """Public holidays of seven years around today, and the school holidays of the zone."""
    return retenir(f"calendrier-{aujourdhui().year}", _lire_calendrier)


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
