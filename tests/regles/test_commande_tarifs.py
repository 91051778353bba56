"""`marelle tarifs essayer`, as a user runs it: one JSON object a case, status 1 for a surprise, one French line for a fault."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

TARIFS, CAS = "collectivites/cc-tvv/tarifs.toml", Path("collectivites/cc-tvv/cas-tarifs/exemples.toml")


def test_un_objet_par_cas_et_un_prix_qui_surprend_se_voit(marelle: Callable[..., Any], tmp_path: Path) -> None:
    resultat = marelle("tarifs", "essayer", TARIFS, CAS)
    assert (resultat.returncode, resultat.stderr) == (0, "")
    objets = [json.loads(ligne) for ligne in resultat.stdout.splitlines()]
    assert all({"cas", "total_centimes", "lignes", "explication", "attendu", "ok"} <= set(un) for un in objets)
    assert objets[1]["total_centimes"] == 990
    assert objets[1]["lignes"][-1] == {"libelle": "Hors CC +20\u00a0%", "montant_centimes": 112}
    faux = tmp_path / "faux.toml"
    faux.write_text(CAS.read_text().replace('"11,20"', '"11,21"', 1))
    resultat = marelle("tarifs", "essayer", TARIFS, faux)
    assert resultat.returncode == 1
    assert [json.loads(ligne)["ok"] for ligne in resultat.stdout.splitlines()][:2] == [False, True]


def test_une_faute_est_une_ligne_de_francais(marelle: Callable[..., Any], tmp_path: Path) -> None:
    cas = tmp_path / "cas.toml"
    for remplace, attendu in (
        (("quotient = 712", "quotien = 712"), "« cas[1].quotien » : clé inconnue. Vouliez-vous dire « quotient » ?"),
        (("rang = 2", 'rang = 2\nevenements = ["cirque"]'), "« cas[1].evenements » : « cirque » n’existe pas."),
        (("rang = 2", 'rang = 2\naides = [{ code = "caf" }]'), "« caf » n’existe pas. Ces tarifs n’en ont aucun."),
    ):
        cas.write_text(CAS.read_text().replace(*remplace))
        resultat = marelle("tarifs", "essayer", TARIFS, cas)
        assert resultat.returncode == 1
        assert attendu in resultat.stderr.replace("\u00a0", " ").replace("\u202f", " "), resultat.stderr
        assert resultat.stderr.count("\n") == 1
