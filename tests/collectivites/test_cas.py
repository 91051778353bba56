"""Every collectivité's own cases give the verdicts they expect."""

from pathlib import Path
from typing import Any

import pytest

from marelle.regles.essai import essayer

COLLECTIVITES = Path(__file__).parents[2] / "collectivites"
FICHIERS = sorted(COLLECTIVITES.glob("*/cas/*.toml"))


def cas_de(fichier: Path) -> list[Any]:
    reglement = fichier.parents[1] / "reglement.toml"
    nom = fichier.relative_to(COLLECTIVITES)
    return [pytest.param(resultat, id=f"{nom.parts[0]}: {resultat['cas']}") for resultat in essayer(reglement, fichier)]


@pytest.mark.parametrize("resultat", [cas for fichier in FICHIERS for cas in cas_de(fichier)])
def test_le_verdict_est_celui_attendu(resultat: dict[str, Any]) -> None:
    assert resultat["ok"], resultat


def test_les_deux_guides_ont_leurs_cas() -> None:
    combien = {fichier.parents[1].name: 0 for fichier in FICHIERS}
    for fichier in FICHIERS:
        combien[fichier.parents[1].name] += len(cas_de(fichier))
    assert combien["cc-tvv"] >= 15
    assert combien["cc-tvv-2021"] >= 10
