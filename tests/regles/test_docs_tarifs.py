"""The worked example of docs/regles/tarifs.md is real: its cases, and each row of its table, are what the engine computes."""

import re
from pathlib import Path

from marelle.regles.argent import euros

from .tarifs_cas import lire_les_cas, prix_du

PAGE = (Path(__file__).parents[2] / "docs" / "regles" / "tarifs.md").read_text(encoding="utf-8")
TARIFS, CAS = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
RANGEES = re.compile(r"^\| (.+?) \| .+ \| (-?\d+) \|$", re.MULTILINE)


def test_l_exemple_dit_vrai(tmp_path: Path) -> None:
    tarifs, cas = tmp_path / "tarifs.toml", tmp_path / "cas.toml"
    tarifs.write_text(TARIFS, encoding="utf-8")
    cas.write_text(CAS, encoding="utf-8")
    for un in lire_les_cas(cas):
        prix = prix_du(tarifs, un)
        assert prix is not None
        assert euros(prix.total_centimes).removesuffix("\u00a0€") == un["attendu"]["total"], un["cas"]
        if "explication" in un["attendu"]:
            assert prix.explication.replace("\u00a0", " ") == un["attendu"]["explication"]


def test_chaque_rangee_du_tableau_est_une_ligne_du_prix(tmp_path: Path) -> None:
    tarifs, cas = tmp_path / "tarifs.toml", tmp_path / "cas.toml"
    tarifs.write_text(TARIFS, encoding="utf-8")
    cas.write_text(CAS, encoding="utf-8")
    prix = prix_du(tarifs, lire_les_cas(cas)[0])
    assert prix is not None
    rangees = [int(centimes) for _, centimes in RANGEES.findall(PAGE)]
    assert rangees == [*(ligne.montant_centimes for ligne in prix.lignes), prix.total_centimes]
