"""The lightnesses of the sheet keep their contrast for every hue and every vivacity a collectivité may choose."""

import re
from pathlib import Path

import pytest
from django.apps import apps

from marelle.socle.couleur import contraste, depuis_hexa, hexa, marque, oklch

FEUILLE = Path(apps.get_app_config("socle").path, "static/marelle/marelle.css").read_text(encoding="utf-8")
TEINTES = range(0, 360, 5)
VIVACITES = [centieme / 100 for centieme in range(0, 17, 4)]
BLANC = depuis_hexa("#ffffff")


def jetons(bloc: str) -> dict[str, str]:
    return dict(re.findall(r"--([a-z0-9-]+):\s*([^;]+);", bloc))


def modes() -> dict[str, dict[str, str]]:
    """The tokens of the light mode, and those with the dark mode's over them, as the browser computes them."""
    couche = FEUILLE[FEUILLE.index("@layer jetons {") : FEUILLE.index("/* A tone is one hue")]
    sombre = couche.index("@media (prefers-color-scheme: dark)")
    clairs = jetons(couche[:sombre])
    clairs["marque-plein"] = clairs["marque"]  # var(--marque)
    return {"clair": clairs, "sombre": {**clairs, **jetons(couche[sombre:])}}


MODES = modes()


def fond(mode: dict[str, str], nom: str):
    return depuis_hexa({"#fff": "#ffffff"}.get(mode[nom], mode[nom]))


def ton(mode: dict[str, str], role: str, teinte: float):
    vivacite = {"pale": "c-pale", "mot": "c-mot"}.get(role, "c-vif")
    return oklch(float(mode[f"l-{role}"]), float(mode[vivacite]), teinte)


def de_marque(mode: dict[str, str], nom: str, teinte: float, vivacite: float):
    clarte, facteur = re.match(r"oklch\((\.\d+) (?:calc\(var\(--mv\) \* (\.\d+)\)|var\(--mv\))", mode[nom]).groups()
    return oklch(float(clarte), vivacite * float(facteur or 1), teinte)


@pytest.mark.parametrize("nom", MODES)
def test_encres_et_bords(nom):
    mode = MODES[nom]
    for surface in ("fond", "surface", "creux"):
        assert contraste(fond(mode, "encre"), fond(mode, surface)) >= 12
        assert contraste(fond(mode, "encre-2"), fond(mode, surface)) >= 6.5
        assert contraste(fond(mode, "encre-3"), fond(mode, surface)) >= 4.5
        assert contraste(fond(mode, "bord"), fond(mode, surface)) >= 3


@pytest.mark.parametrize("nom", MODES)
def test_tons_des_etats(nom):
    mode = MODES[nom]
    for teinte in TEINTES:
        mot, pale, vif = (ton(mode, role, teinte) for role in ("mot", "pale", "vif"))
        assert contraste(mot, pale) >= 6.5
        assert contraste(mot, fond(mode, "surface")) >= 6.5
        assert contraste(fond(mode, "encre"), pale) >= 7
        assert contraste(fond(mode, "encre-2"), pale) >= 4.5
        assert contraste(vif, fond(mode, "surface")) >= 3.5
        assert contraste(BLANC, ton(mode, "plein", teinte)) >= 5.5


@pytest.mark.parametrize("nom", MODES)
def test_marque_de_n_importe_quelle_collectivite(nom):
    mode = MODES[nom]
    for teinte in TEINTES:
        for vivacite in VIVACITES:
            lien = de_marque(mode, "marque", teinte, vivacite)
            assert contraste(lien, fond(mode, "fond")) >= 6
            assert contraste(lien, de_marque(mode, "marque-pale", teinte, vivacite)) >= 5
            assert contraste(BLANC, de_marque(mode, "marque-plein", teinte, vivacite)) >= 5.5


def test_couleur_des_courriels():
    assert marque(200, 0.09) == "#005e63"
    assert marque(0, 9) == marque(0, 0.16)
    assert hexa(depuis_hexa("#857d70")) == "#857d70"
    assert all(contraste(depuis_hexa(marque(h, 0.16)), BLANC) >= 5.5 for h in TEINTES)
