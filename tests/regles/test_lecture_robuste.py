"""Whatever is wrong in a file, its reading ends with one French line, never with a traceback."""

import tomllib
from collections.abc import Iterator
from copy import deepcopy
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from marelle.regles.essai import essayer
from marelle.regles.reglement import ErreurReglement, lire_reglement

CATALOGUE = Path(__file__).parent / "catalogue"
TEXTES = [f.read_text() for f in sorted(CATALOGUE.glob("*.toml"))]
REGLEMENTS = [tomllib.loads(texte) for texte in TEXTES if "[[version]]" in texte]
CAS = [tomllib.loads(texte) for texte in TEXTES if "[[cas]]" in texte]
SURPRISES = st.sampled_from(
    [0, -1, 3, 10**12, True, 1.5, "", "lundi", "minuit", "aucun", [], [1], ["x"], {}, {"x": 1}, [{}], [[]],
     date(2026, 1, 1), datetime(2026, 1, 1, 8), time(9)]  # noqa: DTZ001
)  # fmt: skip


def ecrire(valeur: Any) -> str:
    """A value as inline TOML."""
    if isinstance(valeur, bool):
        return str(valeur).lower()
    if isinstance(valeur, dict):
        return "{" + ", ".join(f'"{cle}" = {ecrire(v)}' for cle, v in valeur.items()) + "}"
    if isinstance(valeur, list):
        return "[" + ", ".join(map(ecrire, valeur)) + "]"
    if isinstance(valeur, str):
        return f'"{valeur}"'
    return valeur.isoformat() if isinstance(valeur, date | datetime | time) else repr(valeur)


def texte_de(donnees: dict[str, Any]) -> str:
    return "\n".join(f'"{cle}" = {ecrire(valeur)}' for cle, valeur in donnees.items())


def lieux(noeud: Any) -> Iterator[tuple[Any, Any]]:
    """Every (container, key) of a document."""
    for cle in list(noeud) if isinstance(noeud, dict) else range(len(noeud)):
        yield noeud, cle
        if isinstance(noeud[cle], dict | list):
            yield from lieux(noeud[cle])


@st.composite
def abimes(tirer: st.DrawFn, documents: list[dict[str, Any]]) -> str:
    """A document with one value replaced, one key renamed or one key missing."""
    document = deepcopy(tirer(st.sampled_from(documents)))
    contenant, cle = tirer(st.sampled_from(list(lieux(document))))
    geste = tirer(st.sampled_from(["remplacer", "renommer", "retirer"]))
    if geste == "remplacer" or isinstance(contenant, list):
        contenant[cle] = tirer(SURPRISES)
    elif geste == "renommer":
        contenant[f"{cle}x"] = contenant.pop(cle)
    else:
        del contenant[cle]
    return texte_de(document)


def est_une_ligne(faute: ErreurReglement, debut: str) -> None:
    assert "\n" not in str(faute)
    assert str(faute).startswith(debut)


@settings(max_examples=300)
@given(abimes(REGLEMENTS))
def test_un_reglement_abime(texte: str) -> None:
    try:
        lire_reglement(texte, "essai.toml")
    except ErreurReglement as faute:
        est_une_ligne(faute, "essai.toml : « ")


@settings(max_examples=300)
@given(texte=abimes(CAS), rang=st.integers(0, len(REGLEMENTS) - 1))
def test_des_cas_abimes(tmp_path_factory: Any, texte: str, rang: int) -> None:
    dossier = tmp_path_factory.mktemp("cas")
    (dossier / "reglement.toml").write_text(texte_de(REGLEMENTS[rang]))
    (dossier / "cas.toml").write_text(texte)
    try:
        list(essayer(dossier / "reglement.toml", dossier / "cas.toml"))
    except ErreurReglement as faute:
        est_une_ligne(faute, str(dossier / "cas.toml"))
