"""Every collectivité's own cases give the verdicts they expect: those of the product, and those added by a folder here."""

from pathlib import Path
from typing import Any

import pytest

from marelle.regles.essai import essayer

COLLECTIVITES = Path(__file__).parents[2] / "collectivites"
AJOUTEES = Path(__file__).parent
FICHIERS = sorted([*COLLECTIVITES.glob("*/cas/*.toml"), *AJOUTEES.glob("*/cas/*.toml")])


def cas_de(fichier: Path) -> list[Any]:
    dossier = fichier.parents[1]
    resultats = essayer(dossier / "reglement.toml", fichier)
    return [pytest.param(resultat, id=f"{dossier.name}: {resultat['cas']}") for resultat in resultats]


@pytest.mark.parametrize("resultat", [cas for fichier in FICHIERS for cas in cas_de(fichier)])
def test_le_verdict_est_celui_attendu(resultat: dict[str, Any]) -> None:
    assert resultat["ok"], resultat


def test_chaque_guide_a_ses_cas() -> None:
    combien: dict[str, int] = {}
    for fichier in FICHIERS:
        combien[fichier.parents[1].name] = combien.get(fichier.parents[1].name, 0) + len(cas_de(fichier))
    assert combien["cc-tvv"] >= 15
    assert combien["cc-tvv-2021"] >= 10
    assert all(combien[code] >= 12 for code in ("terres-val-de-loire", "chablis", "vals-du-dauphine")), combien
