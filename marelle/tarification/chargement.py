"""What `tarifs.toml` says, read, compared with what can be booked, and kept as a text that nobody edits."""

from __future__ import annotations

import hashlib
from fnmatch import fnmatchcase

from marelle.activites.models import Unite
from marelle.regles.lecture_tarifs import ErreurTarifs, lire_tarifs
from marelle.regles.tarifs import Tarifs

from .models import TexteTarifs


def charger_tarifs(texte: str, source: str) -> Tarifs:
    """Keep the text when it is new. `ErreurTarifs` when it cannot be read, or speaks of activities that do not exist."""
    lus = lire_tarifs(texte, source)
    _comparer(lus, source)
    empreinte = hashlib.sha256(texte.encode()).hexdigest()
    derniere = TexteTarifs.objects.order_by("-pk").first()
    if derniere is None or derniere.empreinte != empreinte:
        TexteTarifs.objects.create(texte=texte, source=source, empreinte=empreinte)
    return lus


def _comparer(lus: Tarifs, source: str) -> None:
    """A misspelt code would be a price that nobody pays: it stops the load."""
    offertes = list(Unite.objects.order_by("pk").values_list("activite__code", "code"))
    for v, version in enumerate(lus.versions):
        for t, tarif in enumerate(version.tarifs):
            ou = f"{source} : « version[{v}].tarifs[{t}]"
            for motif in tarif.activites:
                unites = {unite for activite, unite in offertes if fnmatchcase(activite, motif)}
                if not unites:
                    raise ErreurTarifs(f"{ou}.activites » : « {motif} » n’est le code d’aucune activité.")
            connues = {unite for activite, unite in offertes if tarif.concerne(activite, unite)}
            for perdue in sorted(set(tarif.unites) - connues):
                raise ErreurTarifs(f"{ou}.unites » : « {perdue} » n’est le code d’aucune unité de ces activités.")
