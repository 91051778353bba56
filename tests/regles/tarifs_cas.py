"""Reading the cases of prices as `marelle tarifs essayer` does, when a test wants the price itself."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from marelle.regles.essai_tarifs import prix_du_cas
from marelle.regles.lecture import ErreurCas, Table
from marelle.regles.lecture_tarifs import lire_tarifs
from marelle.regles.prix import Prix


def lire_les_cas(fichier: Path) -> list[dict[str, Any]]:
    return list(tomllib.loads(fichier.read_text(encoding="utf-8"))["cas"])


def prix_du(tarifs: Path, cas: dict[str, Any]) -> Prix | None:
    lus = lire_tarifs(tarifs.read_text(encoding="utf-8"), tarifs.name)
    version = lus.version_du(cas["jour"])
    return prix_du_cas(lus, version, Table(cas, "cas", "", ErreurCas), cas["jour"])[0] if version else None
