"""The documentation says what is: words, links, commands, settings and tables are compared with the code."""

import ast
import re
from pathlib import Path

import pytest
from django.apps import apps

from marelle.commandes.analyseur import COMMANDES
from marelle.demandes import passages
from marelle.demandes.natures import NATURES
from marelle.pieces.formats import OCTETS_MAX

RACINE = Path(__file__).resolve().parents[2]
DOCS = RACINE / "docs"
FICHIERS = DOCS / "exploitation" / "fichiers"
PAGES = sorted([*DOCS.rglob("*.md"), *RACINE.glob("*.md")])
LIEN = re.compile(r"\[[^\]]*\]\(([^)#\s]+)(#[^)\s]*)?\)")
LIGNE = re.compile(r"^\|(.+)\|\s*$", re.MULTILINE)


def lire(nom: str) -> str:
    return (RACINE / nom).read_text(encoding="utf-8")


def tableaux(texte: str) -> list[list[str]]:
    """The rows of every table, cell by cell, without headings nor rules."""
    lignes = [[cellule.strip() for cellule in ligne.split("|")] for ligne in LIGNE.findall(texte)]
    return [ligne for ligne in lignes if not set("".join(ligne)) <= set("-: ")]


def codes(cellule: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cellule)


@pytest.fixture(scope="module")
def noms_du_code() -> set[str]:
    """Every name that the product's code defines or uses."""
    noms: set[str] = set()
    for chemin in (RACINE / "marelle").rglob("*.py"):
        noms.add(chemin.stem)
        noms.add(chemin.parent.name)
        for noeud in ast.walk(ast.parse(chemin.read_text(encoding="utf-8"))):
            if isinstance(noeud, ast.ClassDef | ast.FunctionDef):
                noms.add(noeud.name)
            elif isinstance(noeud, ast.Name):
                noms.add(noeud.id)
            elif isinstance(noeud, ast.Attribute):
                noms.add(noeud.attr)
            elif isinstance(noeud, ast.arg | ast.keyword) and noeud.arg:
                noms.add(noeud.arg)
    return noms


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(RACINE)))
def test_les_liens_menent_quelque_part(page):
    perdus = [
        lien
        for lien, _ in LIEN.findall(page.read_text(encoding="utf-8"))
        if "://" not in lien and not lien.startswith("mailto:") and not (page.parent / lien).exists()
    ]
    assert not perdus


def test_toute_page_est_a_un_lien_d_une_autre():
    reliees = {
        (page.parent / lien).resolve()
        for page in PAGES
        for lien, _ in LIEN.findall(page.read_text(encoding="utf-8"))
        if "://" not in lien
    }
    seules = [page.name for page in DOCS.rglob("*") if page.is_file() and page.resolve() not in reliees]
    assert not seules, "à relier depuis README.md ou une page voisine"


def test_le_code_ne_cite_que_des_documents_qui_existent():
    cites = {
        trouve
        for chemin in (RACINE / "marelle").rglob("*.py")
        for trouve in re.findall(r"docs/[\w/-]+\.md", chemin.read_text(encoding="utf-8"))
    }
    assert "docs/decisions/0003-places.md" in cites
    assert not [cite for cite in cites if not (RACINE / cite).is_file()]


def test_le_glossaire_ne_nomme_que_ce_qui_existe(noms_du_code):
    entrees = [ligne for ligne in tableaux(lire("docs/glossaire.md")) if ligne[0] != "mot"]
    nommes = {nom for ligne in entrees for nom in codes(ligne[1])}
    assert len(nommes) > 80
    assert not nommes - noms_du_code
    assert not [ligne for ligne in entrees if not codes(ligne[1])]
    assert len({ligne[0] for ligne in entrees}) == len(entrees)


def test_aucun_modele_ne_manque_au_glossaire():
    nommes = {nom for ligne in tableaux(lire("docs/glossaire.md")) for nom in codes(ligne[1])}
    notres = [m for m in apps.get_models() if m.__module__.startswith("marelle.") and not hasattr(m, "instance_type")]
    assert len(notres) > 30
    manquants = {modele.__name__ for modele in notres} - nommes
    assert not manquants, "chaque modèle a sa ligne dans docs/glossaire.md"


def test_le_tableau_des_passages_est_celui_du_code():
    ecrit = {
        ligne[0].strip("`"): (set(codes(ligne[1])), codes(ligne[2]), set(codes(ligne[3])), ligne[4])
        for ligne in tableaux(lire("docs/demandes.md"))
        if len(ligne) == 5 and ligne[0] != "verb"
    }
    vrai = {
        verbe.value: (set(regle.depuis), [regle.vers], set(regle.par), "mandatory" if regle.motif_obligatoire else "")
        for verbe, regle in passages.TABLE.items()
    }
    assert ecrit == vrai


def test_les_natures_et_les_effets_sont_tous_dits():
    lignes = tableaux(lire("docs/demandes.md"))
    assert set(NATURES) <= {nom for ligne in lignes if len(ligne) == 2 for nom in codes(ligne[0])}
    assert {ligne[0].strip("`") for ligne in lignes if len(ligne) == 3} >= {v.value for v in passages.Verbe}


def test_les_actions_de_la_porte_unique_existent():
    """« depot.deposer_panier » is a function of marelle/demandes/depot.py; a module alone is a file."""
    section = lire("docs/demandes.md").split("## One door")[1].split("## Natures")[0]
    for ligne in tableaux(section):
        for nom in codes(ligne[-1]):
            module, _, fonction = nom.partition(".")
            source = lire(f"marelle/demandes/{module}.py")
            assert not fonction or f"def {fonction}(" in source, nom


def variables() -> dict[str, str | None]:
    """Each variable of marelle/reglages/env.py, with its default as one would write it (None: computed)."""
    trouvees: dict[str, str | None] = {}
    for noeud in ast.walk(ast.parse(lire("marelle/reglages/env.py"))):
        if isinstance(noeud, ast.Call) and isinstance(noeud.func, ast.Attribute) and noeud.args:
            premier, *suite = noeud.args
            if isinstance(premier, ast.Constant) and isinstance(premier.value, str):
                prefixe = "MARELLE_" if isinstance(noeud.func.value, ast.Name) else ""
                valeur = ast.literal_eval(suite[0]) if isinstance(suite[0], ast.Constant | ast.List) else None
                calcule = not isinstance(suite[0], ast.Constant | ast.List)
                trouvees[prefixe + premier.value] = None if calcule else en_texte(valeur)
    return trouvees


def en_texte(valeur: object) -> str:
    if isinstance(valeur, bool | int):
        return str(int(valeur))
    return str(valeur) if valeur else ""


def test_chaque_variable_d_environnement_a_sa_ligne_et_son_defaut():
    ecrites = {
        codes(ligne[0])[0]: (codes(ligne[1]) or [""])[0]
        for ligne in tableaux(lire("docs/exploitation/installer.md"))
        if len(ligne) == 3 and re.fullmatch(r"`(MARELLE_|DATABASE_)\w+`", ligne[0])
    }
    vraies = variables()
    assert {"DATABASE_URL", "MARELLE_PRODUCTION", "MARELLE_MFA_AGENTS"} <= set(vraies)
    assert set(ecrites) == set(vraies), "chaque variable a sa ligne dans docs/exploitation/installer.md"
    assert not {nom: (ecrites[nom], v) for nom, v in vraies.items() if v is not None and ecrites[nom] != v}


def test_l_exemple_d_environnement_ne_contient_que_des_variables_lues():
    noms = re.findall(r"^(\w+)=", (FICHIERS / "marelle.env").read_text(encoding="utf-8"), re.MULTILINE)
    assert {"MARELLE_PRODUCTION", "MARELLE_CLES_CHIFFREMENT", "DATABASE_URL"} <= set(noms)
    assert not set(noms) - set(variables())


def test_les_commandes_citees_existent():
    connues = {module.NOM for module in COMMANDES}
    cibles = set(re.findall(r"^([a-z-]+):", lire("Makefile"), re.MULTILINE))
    for page in [*PAGES, *FICHIERS.glob("*.service")]:
        texte = page.read_text(encoding="utf-8")
        appels = set(re.findall(r"(?:`|bin/|^|\$ |« )marelle ([a-z][a-z-]+)", texte, re.MULTILINE))
        assert appels <= connues, (page.name, appels - connues)
        assert set(re.findall(r"`make ([a-z-]+)`", texte)) <= cibles, page.name


def test_le_mandataire_laisse_passer_ce_que_le_produit_refuse_lui_meme():
    """A document too heavy must reach the product, which explains the limit, not the proxy's bare 413."""
    conf = (FICHIERS / "nginx.conf").read_text(encoding="utf-8")
    assert int(re.search(r"client_max_body_size (\d+)m", conf)[1]) * 1024 * 1024 > 2 * OCTETS_MAX
    assert "X-Forwarded-Proto $scheme" in conf
    assert "X-Forwarded-For $remote_addr" in conf
