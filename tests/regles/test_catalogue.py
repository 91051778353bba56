"""The rules of real collectivités can all be said as data, and give the verdicts their notices promise."""

from pathlib import Path
from typing import Any

import pytest

from marelle.regles.essai import essayer
from marelle.regles.reglement import lire_reglement

CATALOGUE = Path(__file__).parent / "catalogue"
FICHIERS = sorted(CATALOGUE.glob("*.cas.toml"))


def reglement_de(fichier: Path) -> Path:
    return fichier.with_name(fichier.name.replace(".cas.toml", ".toml"))


def cas_de(fichier: Path) -> list[Any]:
    nom = fichier.name.removesuffix(".cas.toml")
    return [pytest.param(cas, id=f"{nom}: {cas['cas']}") for cas in essayer(reglement_de(fichier), fichier)]


@pytest.mark.parametrize("resultat", [cas for fichier in FICHIERS for cas in cas_de(fichier)])
def test_le_verdict_est_celui_de_la_notice(resultat: dict[str, Any]) -> None:
    assert resultat["ok"], resultat


def test_le_catalogue_en_compte_au_moins_quatorze() -> None:
    noms = {lire_reglement(reglement_de(fichier).read_text()).nom for fichier in FICHIERS}
    assert len(noms) >= 14
