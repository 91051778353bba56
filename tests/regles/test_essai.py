"""Trying a règlement on its cases: one result per case, one French line for a bad file."""

from pathlib import Path

import pytest

from marelle.regles.attente import a_appeler
from marelle.regles.essai import essayer
from marelle.regles.lecture import ErreurCas, ErreurReglement

REGLEMENT = """
[[version]]
en_vigueur_le = 2024-09-01
source = "Guide"
[version.reserver]
delai = { nombre = 4, unite = "jours_ouvres" }
maximum = { nombre = 1, par = "mois" }
"""
CAS = """
[[cas]]
cas = "Le jour même"
action = "reserver"
activite = "mercredis"
maintenant = 2026-11-26T23:00:00
jour = 2026-12-02
attendu = { issue = "instruire", limite = 2026-11-26 }
[[cas]]
cas = "Attente fausse"
action = "reserver"
activite = "mercredis"
maintenant = 2026-11-27T00:00:00
jour = 2026-12-02
attendu = { issue = "instruire" }
[[cas]]
cas = "Deux jours"
action = "reserver"
activite = "mercredis"
maintenant = 2026-11-20T00:00:00
jours = [2026-12-02, 2026-12-09]
attendu = { issues = ["instruire", "refuser"], clause = "reserver.maximum" }
"""


@pytest.fixture
def dossier(tmp_path: Path) -> Path:
    (tmp_path / "reglement.toml").write_text(REGLEMENT)
    (tmp_path / "cas.toml").write_text(CAS)
    return tmp_path


def test_chaque_cas_donne_un_resultat(dossier: Path) -> None:
    resultats = list(essayer(dossier / "reglement.toml", dossier / "cas.toml"))
    assert [(r["cas"], r["ok"]) for r in resultats] == [
        ("Le jour même", True),
        ("Attente fausse", False),
        ("Deux jours", True),
    ]
    premier = resultats[0]
    assert set(premier) == {"cas", "issue", "clause", "limite", "prochaine", "phrase", "attendu", "ok"}
    assert premier["limite"] == "2026-11-26T23:59:59.999999+01:00"
    assert premier["prochaine"] is None
    assert resultats[1]["prochaine"] == "appeler"
    assert [jour["issue"] for jour in resultats[2]["jours"]] == ["instruire", "refuser"]


@pytest.mark.parametrize(
    ("texte", "attendu"),
    [
        ("", "« cas » : cette clé manque."),
        ("cas = []", "il faut au moins un cas"),
        (CAS.replace("2026-11-26T23:00:00", '"hier"'), "« cas[0].maintenant » : « hier » n’est pas permis"),
        (CAS.replace("jour = 2026-12-02", "jours = []", 1), "« cas[0].jours » : il faut au moins une date."),
        (CAS.replace("jour = 2026-12-02\n", "", 1), "il faut « jour » ou « jours », et un seul des deux"),
        (CAS.replace("activite", "activitee", 1), "Vouliez-vous dire « activite » ?"),
        (CAS.replace('issue = "instruire", l', 'issue = "instruit", l'), "Vouliez-vous dire « instruire » ?"),
        (CAS.replace("action =", "periode = 'noel'\naction =", 1), "« cas[0].periode » : « noel » n’est pas permis."),
        ("[periodes.noel]\ndebut = 2026-12-20\nfin = 2026-12-19\n" + CAS, "la fin doit suivre le début"),
    ],
)
def test_un_cas_mal_ecrit_est_une_ligne(dossier: Path, texte: str, attendu: str) -> None:
    (dossier / "cas.toml").write_text(texte)
    with pytest.raises(ErreurCas) as erreur:
        list(essayer(dossier / "reglement.toml", dossier / "cas.toml"))
    assert attendu in str(erreur.value)
    assert str(erreur.value).startswith(f"{dossier / 'cas.toml'} : ")
    assert "\n" not in str(erreur.value)


def test_un_fichier_absent_ou_illisible_est_une_ligne(dossier: Path) -> None:
    with pytest.raises(ErreurReglement, match="ce fichier n’existe pas"):
        essayer(dossier / "rien.toml", dossier / "cas.toml")
    (dossier / "cas.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(ErreurCas, match="UTF-8"):
        essayer(dossier / "reglement.toml", dossier / "cas.toml")
    with pytest.raises(ErreurCas, match="ne se lit pas"):
        essayer(dossier / "reglement.toml", dossier)


def test_la_place_liberee_va_au_premier_de_la_liste() -> None:
    assert a_appeler(["Élio", "Anouk", "Lou"], 2) == ["Élio", "Anouk"]
    assert a_appeler(["Élio"], 0) == []
    assert a_appeler(["Élio"], -1) == []
