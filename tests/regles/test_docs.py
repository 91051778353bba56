"""The worked examples of docs/regles are real: each règlement is read, each case gives its verdict."""

import re
from pathlib import Path

import pytest

from marelle.regles.essai import essayer

PAGES = sorted((Path(__file__).parents[2] / "docs" / "regles").glob("*.md"))
# Those about money have tests of their own: test_docs_tarifs, test_docs_facturation, test_fiscal.
ARGENT = {"tarifs.md", "facturation.md", "attestations.md"}
REGLEMENTS = [page for page in PAGES if page.name not in ARGENT]
LIEN = re.compile(r"\]\(([\w-]+\.md)\)")


@pytest.mark.parametrize("page", REGLEMENTS, ids=lambda page: page.name)
def test_les_exemples_disent_vrai(page: Path, tmp_path: Path) -> None:
    blocs = re.findall(r"```toml\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    reglement, cas = tmp_path / "reglement.toml", tmp_path / "cas.toml"
    essais = 0
    for bloc in blocs:
        if "[[version]]" in bloc:
            reglement.write_text(bloc, encoding="utf-8")
            continue
        cas.write_text(bloc, encoding="utf-8")
        for resultat in essayer(reglement, cas):
            assert resultat["ok"], resultat
            essais += 1
    assert essais > 0


def test_les_pages_se_tiennent() -> None:
    noms = {page.name for page in PAGES}
    for page in PAGES:
        assert set(LIEN.findall(page.read_text(encoding="utf-8"))) <= noms
    assert noms - {"README.md"} <= set(LIEN.findall((PAGES[0].parent / "README.md").read_text())) | {"README.md"}
