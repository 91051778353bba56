"""What a family's browser loads stays small, and the policy that forbids inline styles and scripts holds in every template."""

import gzip
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib.staticfiles import finders

RACINE = Path(apps.get_app_config("socle").path).parents[1]
STATIQUES = Path(apps.get_app_config("socle").path) / "static" / "marelle"
GABARITS = sorted((RACINE / "marelle").glob("**/templates/**/*.html"))
# Mail programs know nothing but inline styles.
ECRANS = [gabarit for gabarit in GABARITS if gabarit.parent.name != "courriels"]
PAGE_DE_RESERVATION = (
    "marelle/marelle.css marelle/impression.css marelle/icones.svg marelle/palet.svg marelle/marelle.js "
    "django_htmx/htmx-2.min.js"
)


def taille(nom: str) -> int:
    return (STATIQUES / nom).stat().st_size


def test_feuille_d_une_famille():
    assert taille("marelle.css") <= 30_000
    assert taille("marelle.css") + taille("grilles.css") <= 32_000  # agenda and slots: only on the pages that show them
    assert taille("guichet.css") <= 4_000


def test_scripts_icones_et_attente():
    assert taille("marelle.js") <= 10_000
    assert taille("icones.svg") <= 8_000
    gabarit = RACINE / "marelle/socle/templates/socle/attente.html"
    assert taille("attente.css") + taille("attente.js") + gabarit.stat().st_size <= 6_000


def test_fichiers_de_la_page_de_reservation_comprimes():
    total = 0
    for nom in PAGE_DE_RESERVATION.split():
        chemin = finders.find(nom)
        assert chemin, nom
        total += len(gzip.compress(Path(chemin).read_bytes()))
    assert total <= 60_000


def test_chaque_icone_demandee_existe():
    symboles = set(re.findall(r'id="i-([a-z-]+)"', (STATIQUES / "icones.svg").read_text(encoding="utf-8")))
    from marelle.socle.jour import ETATS

    demandes = {icone for icone, _ in ETATS.values() if icone}
    for gabarit in GABARITS:
        demandes |= set(re.findall(r'\{% icone "([a-z-]+)" %\}', gabarit.read_text(encoding="utf-8")))
        demandes |= set(re.findall(r'symbole="([a-z-]+)"', gabarit.read_text(encoding="utf-8")))
    assert demandes <= symboles


class Inlines(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.fautes: list[str] = []

    def handle_starttag(self, tag, attrs):
        noms = {nom for nom, _ in attrs}
        self.fautes += [f"<{tag} {nom}=…>" for nom in noms if nom == "style" or re.match(r"on[a-z]+$", nom)]
        if tag == "style" or (tag == "script" and "src" not in noms and ("type", "application/json") not in attrs):
            self.fautes.append(f"<{tag}> dans la page")


@pytest.mark.parametrize("gabarit", ECRANS, ids=lambda chemin: str(chemin.relative_to(RACINE / "marelle")))
def test_ni_style_ni_script_dans_un_gabarit(gabarit):
    lecteur = Inlines()
    lecteur.feed(re.sub(r"\{[%#].*?[%#]\}", " ", gabarit.read_text(encoding="utf-8")))
    assert not lecteur.fautes


@pytest.mark.parametrize("gabarit", GABARITS, ids=lambda chemin: str(chemin.relative_to(RACINE / "marelle")))
def test_aucun_gabarit_ne_depasse_80_lignes(gabarit):
    assert len(gabarit.read_text(encoding="utf-8").splitlines()) <= 80


def test_pas_d_imbrication_css():
    """The telephones of some families cannot read nested rules (look.md §10)."""
    for feuille in STATIQUES.glob("*.css"):
        assert "&" not in feuille.read_text(encoding="utf-8"), feuille.name


COMPOSANTS = sorted((RACINE / "marelle/socle/templates/composants").glob("*.html"))


@pytest.mark.parametrize("composant", COMPOSANTS, ids=lambda chemin: chemin.stem)
def test_un_composant_dit_ses_parametres_et_se_voit_sur_la_planche(composant):
    assert composant.read_text(encoding="utf-8").startswith("{# ")
    dossier = RACINE / "marelle/socle/templates"
    textes = [g.read_text(encoding="utf-8") for g in dossier.glob("**/*.html") if g != composant]
    par_django = composant.name in ("champs.html", "champ.html")  # {{ formulaire }}
    assert par_django or any(f'"composants/{composant.name}"' in texte for texte in textes)
