"""The régies in force: their text is loaded, read once, kept in memory for a few seconds like the règlement."""

from __future__ import annotations

import hashlib

from marelle.regles.regies import OptionsRegie, lire_regies
from marelle.socle.memoire import oublier_un, retenir

from .models import Regie, TexteRegies

_lues: dict[str, tuple[OptionsRegie, ...]] = {}
_CLE = "regies"


def charger_regies(texte: str, source: str) -> tuple[OptionsRegie, ...]:
    """Keep the text when it is new, and a row for each régie. Raises `ErreurRegies`."""
    lues = lire_regies(texte, source)
    empreinte = hashlib.sha256(texte.encode()).hexdigest()
    derniere = TexteRegies.objects.order_by("-pk").first()
    if derniere is None or derniere.empreinte != empreinte:
        TexteRegies.objects.create(texte=texte, source=source, empreinte=empreinte)
    for une in lues:
        Regie.objects.update_or_create(code=une.code, defaults={"nom": une.nom})
    oublier_un(_CLE)
    return lues


def regies() -> tuple[OptionsRegie, ...]:
    """What each régie collects and how, by order of the file; empty when this portal bills nothing."""
    return tuple(retenir(_CLE, _lire))


def options_de(regie: Regie) -> OptionsRegie:
    """The options in force of a régie; one that is no longer in the text keeps its number and allows nothing."""
    ferme = OptionsRegie(code=regie.code, nom=regie.nom, activites=(), modes=())
    return next((une for une in regies() if une.code == regie.code), ferme)


def regie_de(activite: str) -> OptionsRegie | None:
    """The first régie that collects for the activity of that code."""
    return next((une for une in regies() if une.concerne(activite)), None)


def _lire() -> list[OptionsRegie]:
    empreinte = TexteRegies.objects.order_by("-pk").values_list("empreinte", flat=True).first()
    if empreinte is None:
        return []
    if empreinte not in _lues:  # a text never changes
        texte = TexteRegies.objects.filter(empreinte=empreinte).latest("pk")
        _lues[empreinte] = lire_regies(texte.texte, texte.source)
    return list(_lues[empreinte])
