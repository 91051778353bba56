"""The day's square: the drawings' HTML for every état, nothing unescaped, a month in less than a millisecond or so."""

import re
import time
from datetime import date
from html.parser import HTMLParser

import pytest
from django.utils.html import format_html

from marelle.socle.jour import ETATS, JAMAIS_ACTIONNABLES, Cellule, cellule, mois

LE_9 = date(2026, 12, 9)
HOSTILES = ['"><script>alert(1)</script>', "' onfocus='x", "<img src=x>", "&lt;", "</button></td>"]
VIDES = {"use", "path", "input", "br"}


class Lecteur(HTMLParser):
    """Elements and attributes as a browser reads them, and whether every element is closed in order."""

    def __init__(self, texte: str) -> None:
        super().__init__()
        self.vus: list[tuple[str, dict[str, str | None]]] = []
        self.ouverts: list[str] = []
        self.texte = ""
        self.feed(texte)
        assert not self.ouverts

    def handle_starttag(self, tag, attrs):
        self.vus.append((tag, dict(attrs)))
        if tag not in VIDES:
            self.ouverts.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.vus.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.ouverts.pop() == tag

    def handle_data(self, data):
        self.texte += data


def test_un_jour_libre_est_le_bouton_du_dessin():
    assert cellule(Cellule(LE_9, "libre", detail="14 places", est_actionnable=True)) == (
        '<button class="jour" data-etat="libre" name="jour" value="2026-12-09">'
        '<span class="n"><span class="sr">mercredi </span>9<span class="sr"> décembre : </span></span>'
        '<svg class="i" aria-hidden="true"><use href="/static/marelle/icones.svg#i-fauteuil"/></svg>'
        '<span class="mot">Libre <small>14 places</small></span></button>'
    )


@pytest.mark.parametrize("etat", ETATS)
@pytest.mark.parametrize("est_actionnable", [False, True])
def test_chaque_etat_dit_son_jour_et_son_mot(etat, est_actionnable):
    lu = Lecteur(cellule(Cellule(LE_9, etat, est_actionnable=est_actionnable)))
    balise, attributs = lu.vus[0]
    assert attributs["data-etat"] == etat
    assert balise == ("button" if est_actionnable and etat not in JAMAIS_ACTIONNABLES else "span")
    assert ("value" in attributs) == (balise == "button")
    mot = re.sub("<[^>]+>", "", str(ETATS[etat][1]))
    assert mot in lu.texte
    if etat != "rien":
        assert lu.texte.startswith("mercredi 9 décembre : ")


def test_aujourdhui_lien_valeur_et_menu():
    lu = Lecteur(cellule(Cellule(LE_9, "reserve", est_actionnable=True, est_aujourdhui=True, lien="/jour/?a=1&b=2")))
    assert lu.vus[0] == (
        "a", {"class": "jour", "data-etat": "reserve", "aria-current": "date", "href": "/jour/?a=1&b=2"},
    )  # fmt: skip
    lu = Lecteur(cellule(Cellule(LE_9, "libre", est_actionnable=True, nom_bouton="n", valeur="v", menu="#m")))
    assert lu.vus[0][1] == {"class": "jour", "data-etat": "libre", "name": "n", "value": "v", "data-menu": "#m"}


def test_premier_du_mois_et_pas_encore_ouvert():
    assert Lecteur(cellule(Cellule(date(2026, 12, 1), "libre"))).texte.startswith("mardi 1er décembre : ")
    assert "Ouvre lundi 23" in Lecteur(cellule(Cellule(LE_9, "bientot", detail="lundi 23"))).texte
    assert "Pas encore ouvert" in Lecteur(cellule(Cellule(LE_9, "bientot"))).texte


@pytest.mark.parametrize("mechant", HOSTILES)
@pytest.mark.parametrize("champ", ["mot", "detail", "detail_long", "nom_bouton", "valeur", "lien", "menu"])
def test_rien_ne_s_echappe(mechant, champ):
    options = {champ: mechant}
    jour = Cellule(LE_9, "libre", est_actionnable=True, **options)
    lu = Lecteur(mois(date(2026, 12, 1), [jour], legende=mechant))
    assert {balise for balise, _ in lu.vus} <= {
        "table", "caption", "thead", "tbody", "tr", "th", "td", "span", "button", "a", "svg", "use", "small",
    }  # fmt: skip
    permis = {"class", "data-etat", "data-menu", "name", "value", "href", "aria-hidden", "scope"}
    assert {nom for _, attributs in lu.vus for nom in attributs} <= permis
    assert mechant in lu.texte + "".join(v or "" for _, attributs in lu.vus for v in attributs.values())


def test_un_texte_deja_sur_garde_ses_balises():
    assert "3<sup>e</sup>" in cellule(Cellule(LE_9, "liste", detail=format_html("{}<sup>e</sup>", 3)))


def test_un_etat_inconnu_est_une_erreur():
    with pytest.raises(KeyError):
        cellule(Cellule(LE_9, "inconnu"))


def test_le_mois_commence_un_lundi_et_perd_ses_week_ends_sur_telephone():
    html = mois(date(2026, 12, 1), [Cellule(LE_9, "libre")], avec_week_ends=False)
    assert html.startswith('<table class="mois semaine-5"><caption class="sr">Décembre 2026</caption>')
    assert html.count("<tr>") == 1 + 5
    assert html.count('data-etat="rien"') == 30
    assert html.count("<td></td>") + html.count('<td class="we"></td>') == 35 - 31


def test_un_mois_se_dessine_en_une_milliseconde():
    jours = [
        Cellule(date(2026, 12, le), "libre", detail="14 places", detail_long="Jusqu’à lundi", est_actionnable=True)
        for le in range(1, 32)
    ]
    durees = []
    for _ in range(20):
        depart = time.perf_counter()
        mois(date(2026, 12, 1), jours)
        durees.append(time.perf_counter() - depart)
    assert min(durees) < 0.002  # 0.6 ms here; twice the mark so that a busy machine is not a failure
