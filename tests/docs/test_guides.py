"""The table of docs/guides.md names tests that exist, and has every row that the first portal needs."""

import re
from pathlib import Path

RACINE = Path(__file__).resolve().parents[2]
ATTENDUES = [
    "A1",
    "A2",
    "A3",
    "A4",
    "A5",
    "A6",
    "A7",
    "B1",
    "C1",
    "C2",
    "C3",
    "C4",
    "C5",
    "C6",
    "C7",
    "C8",
    "C9",
    "C10",
    "D1",
    "D2",
    "D3",
    "D4",
    "D5",
    "D6",
    "D7",
    "D8",
    "D9",
    "D10",
    "D11",
    "D12",
    "D13",
    "D14",
    "D15",
    "D16",
    "E1",
    "E2",
    "E3",
    "E4",
    "E5",
    "F1",
    "F2",
    "F3",
    "F4",
    "F5",
    "F6",
    "F7",
    "G1",
    "G2",
    "H5",
]


def test_chaque_ligne_mene_a_un_test_qui_existe() -> None:
    sources = "\n".join(chemin.read_text(encoding="utf-8") for chemin in (RACINE / "tests").rglob("test_*.py"))
    definis = set(re.findall(r"^def (test_\w+)", sources, re.MULTILINE))
    page = (RACINE / "docs" / "guides.md").read_text(encoding="utf-8")
    lignes = re.findall(r"^\| ([A-H]\d+) \|.*\| ([^|]+) \|$", page, re.MULTILINE)
    assert list(dict.fromkeys(code for code, _ in lignes)) == ATTENDUES  # a row may have several lines
    for code, cite in lignes:
        for nom in re.findall(r"`(test_\w+)`", cite):
            assert nom in definis, f"{code} : {nom} n’existe pas"
        for chemin in re.findall(r"`(tests/[\w/.]+)`", cite):
            assert (RACINE / chemin).exists(), f"{code} : {chemin} n’existe pas"
        assert "`test" in cite, f"{code} ne mène à aucun test"
