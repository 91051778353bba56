"""The tariffs in force, kept in memory for a few seconds like the règlement."""

from __future__ import annotations

from marelle.regles.lecture_tarifs import lire_tarifs
from marelle.regles.tarifs import Tarifs
from marelle.socle.memoire import retenir

from .models import TexteTarifs

_lus: dict[str, Tarifs] = {}


def tarifs() -> Tarifs | None:
    """The tariffs of the collectivité; None when it shows no price on this portal."""
    return next(iter(retenir("tarifs", _lire)), None)


def _lire() -> list[Tarifs]:
    empreinte = TexteTarifs.objects.order_by("-pk").values_list("empreinte", flat=True).first()
    if empreinte is None:
        return []
    if empreinte not in _lus:  # a text never changes
        texte = TexteTarifs.objects.filter(empreinte=empreinte).latest("pk")
        _lus[empreinte] = lire_tarifs(texte.texte, texte.source)
    return [_lus[empreinte]]
