"""The core stays pure: no Django, no clock, no disk but in essai.py, no name of a collectivité."""

import ast
from pathlib import Path

import pytest

RACINE = Path(__file__).parents[2]
MODULES = sorted((RACINE / "marelle" / "regles").glob("*.py"))
COLLECTIVITES = {dossier.name for dossier in (RACINE / "collectivites").iterdir() if dossier.is_dir()}
IMPURS = {"django", "os", "pathlib", "socket", "subprocess", "time", "random", "sqlite3", "logging"}
HORLOGES = {"now", "today", "utcnow"}


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.name)
def test_ni_cadre_ni_horloge_ni_disque(module: Path) -> None:
    arbre = ast.parse(module.read_text(encoding="utf-8"))
    permis = {"pathlib"} if module.name == "essai.py" else set()
    for noeud in ast.walk(arbre):
        noms = []
        if isinstance(noeud, ast.Import):
            noms = [alias.name for alias in noeud.names]
        elif isinstance(noeud, ast.ImportFrom):
            noms = [noeud.module or ""]
        assert not {nom.split(".")[0] for nom in noms} & (IMPURS - permis), f"{module.name}:{noeud.lineno}"
        assert all(not nom.startswith("marelle.") or nom.startswith("marelle.regles") for nom in noms)
        if isinstance(noeud, ast.Call) and isinstance(noeud.func, ast.Attribute):
            assert noeud.func.attr not in HORLOGES, f"{module.name}:{noeud.lineno}"
        if isinstance(noeud, ast.Call) and isinstance(noeud.func, ast.Name):
            assert noeud.func.id != "open", f"{module.name}:{noeud.lineno}"


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.name)
def test_aucune_collectivite_n_est_nommee(module: Path) -> None:
    texte = module.read_text(encoding="utf-8")
    assert not [nom for nom in COLLECTIVITES if nom in texte]


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.name)
def test_un_fichier_reste_court(module: Path) -> None:
    assert len(module.read_text(encoding="utf-8").splitlines()) <= 300
