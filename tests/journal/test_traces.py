"""The technical logs hold no personal data, whoever writes them."""

import json
import subprocess
import sys

import pytest

from marelle.journal.masque import masquer
from marelle.journal.traces import sans_donnees_personnelles


@pytest.mark.parametrize(
    ("texte", "attendu"),
    [
        ("camille.durand+portail@exemple.fr a écrit", "[adresse] a écrit"),
        ("appeler le 06 12 34 56 78.", "appeler le [téléphone]."),
        ("+33 6 12 34 56 78", "[téléphone]"),
        ("+33(0)612345678", "[téléphone]"),
        ("02.47.00.00.00", "[téléphone]"),
        ("GET /recherche?nom=Durand&ne=2019 200", "GET /recherche?[…] 200"),
        ("GET https://portail.exemple/x?q=Zoé", "GET https://portail.exemple/x?[…]"),
        ("/invitation/Mjk:1tQx8Z:kq9TfF2h3-XyZ_aa0/", "/invitation/[jeton]/"),
        ("demande 812 acceptée en 12 ms, 0 erreur", "demande 812 acceptée en 12 ms, 0 erreur"),
        ("2026-11-21 01:03:12,123 worker 4f6e", "2026-11-21 01:03:12,123 worker 4f6e"),
        ("/static/marelle.4d6f2a8b9c01.css", "/static/marelle.4d6f2a8b9c01.css"),
        ("Est-ce possible ? Oui = non", "Est-ce possible ? Oui = non"),
    ],
)
def test_ce_qui_nomme_quelqu_un_est_masque(texte: str, attendu: str) -> None:
    assert masquer(texte) == attendu


def test_les_champs_interdits_et_le_contenu_des_autres() -> None:
    evenement = {
        "event": "refus pour camille@exemple.fr",
        "destinataire": "camille@exemple.fr",
        "Telephone": "0612345678",
        "donnees": {"a": 1},
        "contexte": {"email": "x", "jours": ["le 06 12 34 56 78", 3]},
        "demande": 812,
        "est_vrai": True,
    }
    assert sans_donnees_personnelles(None, "info", evenement) == {
        "event": "refus pour [adresse]",
        "destinataire": "[masqué]",
        "Telephone": "[masqué]",
        "donnees": "[masqué]",
        "contexte": {"email": "[masqué]", "jours": ["le [téléphone]", 3]},
        "demande": 812,
        "est_vrai": True,
    }


PROGRAMME = """
import logging, structlog
from marelle.journal.traces import configurer
configurer("INFO", {json})
structlog.get_logger("a").info("courriel_envoye", email="camille@exemple.fr", gabarit="accuse")
logging.getLogger("django.request").warning("Not Found: %s", "/x?nom=Durand", extra={{"request": object()}})
logging.getLogger("b").debug("invisible")
try:
    raise ValueError("la valeur camille@exemple.fr est fausse")
except ValueError:
    logging.getLogger("c").exception("raté")
"""


@pytest.mark.parametrize("en_json", [True, False])
def test_toutes_les_traces_passent_par_le_masque(en_json: bool) -> None:
    sortie = subprocess.run(
        [sys.executable, "-c", PROGRAMME.format(json=en_json)], capture_output=True, text=True, check=True
    ).stderr
    assert "camille" not in sortie
    assert "Durand" not in sortie
    assert "invisible" not in sortie
    assert "[adresse] est fausse" in sortie
    assert "/x?[…]" in sortie
    if en_json:
        lignes = [json.loads(ligne) for ligne in sortie.splitlines()]
        assert [ligne["level"] for ligne in lignes] == ["info", "warning", "error"]
        assert lignes[0]["gabarit"] == "accuse"
