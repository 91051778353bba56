"""Reading the cases of prices: a situation, and what it costs, line by line where it matters."""

from __future__ import annotations

import tomllib
from dataclasses import fields
from pathlib import Path
from typing import Any

from marelle.regles.lecture_tarifs import lire_tarifs
from marelle.regles.presences import Absence, AideAccordee
from marelle.regles.prix import Prix
from marelle.regles.tarifs import Faits, calculer

CONNUES = {champ.name for champ in fields(Faits)}


def lire_les_cas(fichier: Path) -> list[dict[str, Any]]:
    return list(tomllib.loads(fichier.read_text(encoding="utf-8"))["cas"])


def faits_du(cas: dict[str, Any]) -> Faits:
    donnees = {cle: valeur for cle, valeur in cas.items() if cle not in ("cas", "jour", "attendu")}
    assert set(donnees) <= CONNUES, set(donnees) - CONNUES
    if "absence" in donnees:
        donnees["absence"] = Absence(**donnees["absence"])
    if "aides" in donnees:
        donnees["aides"] = tuple(AideAccordee(**une) for une in donnees["aides"])
    if "evenements" in donnees:
        donnees["evenements"] = tuple(donnees["evenements"])
    return Faits(**donnees)


def prix_du(tarifs: Path, cas: dict[str, Any]) -> Prix | None:
    lus = lire_tarifs(tarifs.read_text(encoding="utf-8"), tarifs.name)
    version = lus.version_du(cas["jour"])
    return calculer(lus, version, faits_du(cas)) if version else None
