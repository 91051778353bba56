"""Conventions that matter, read from the code itself: what the review would otherwise have to remember."""

import ast
import re
import subprocess
import tomllib
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.staticfiles import finders
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from marelle.commandes.migrer import INUTILES
from tests.salle.historique import EN_BLOC, est_historise

RACINE = Path(__file__).resolve().parents[1]
CODE = RACINE / "marelle"
LIGNES_PAR_FICHIER, LIGNES_PAR_FONCTION, LIGNES_PAR_GABARIT = 400, 40, 80

# Addresses that answer without a session, by name. Everything else sends to the sign-in page.
OUVERTES = {
    "sante",
    "socle:marque_css",
    "socle:robots",
    "socle:planche",
    "account_login",
    "account_logout",
    "account_inactive",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "mfa_authenticate",
    "comptes:invitation",
    "espace_famille:flux",  # by its secret
    "espace_famille:offre",  # by its secret
    "espace_famille:payer_notification",  # PayFiP names an operation; nothing is said, nothing is believed
    "comptes:choisir",
    "espace_famille:aide",
    "espace_famille:fiche_pre_inscription",
    "espace_famille:fiche_pre_inscription_pdf",
    "espace_famille:fiche_envoyee",
    "espace_famille:fiche_confirmer",
    "espace_famille:fiche_confirmation",  # by its secret
    "espace_famille:contact",  # how to reach the service; the form asks for a session
    "espace_famille:reglement",
    "espace_famille:reglement_pdf",
    "espace_famille:accessibilite",
    "espace_famille:donnees",
    "demonstration:courriels",
    "demonstration:courriel",
    "demonstration:courriel_html",
}
EXEMPLES = {"int": 1, "str": "x", "slug": "x", "path": "x", "uuid": "00000000-0000-0000-0000-000000000000"}


def suivis(*motifs: str) -> list[Path]:
    """The files of the project, committed or about to be."""
    commande = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", *motifs]
    noms = subprocess.run(commande, cwd=RACINE, capture_output=True, text=True, check=True).stdout.splitlines()
    return sorted({RACINE / nom for nom in noms if (RACINE / nom).is_file()})


def modules() -> list[Path]:
    return [chemin for chemin in suivis("marelle/*.py", "outils/*.py") if "migrations" not in chemin.parts]


def gabarits() -> list[Path]:
    return suivis("marelle/*.html")


def court(chemin: Path) -> str:
    return str(chemin.relative_to(RACINE))


def phrases(arbre: ast.Module) -> Iterator[ast.Constant]:
    """The strings of a module that are neither docstrings nor comments."""
    docstrings = {
        id(noeud.body[0].value)
        for noeud in ast.walk(arbre)
        if isinstance(noeud, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and noeud.body
        and isinstance(noeud.body[0], ast.Expr)
    }
    for noeud in ast.walk(arbre):
        if isinstance(noeud, ast.Constant) and isinstance(noeud.value, str) and id(noeud) not in docstrings:
            yield noeud


def test_une_collectivite_n_est_nommee_que_dans_ses_donnees():
    dossier = RACINE / "collectivites"
    codes = {chemin.parent.name for chemin in dossier.glob("*/*.toml")}
    codes |= set(tomllib.loads((dossier / "demonstration.toml").read_text())["portails"])
    identites = [tomllib.loads(chemin.read_text()) for chemin in dossier.glob("*/collectivite.toml")]
    noms = codes | {identite[cle] for identite in identites for cle in ("nom", "sigle") if cle in identite}
    motif = re.compile(rf"\b({'|'.join(map(re.escape, sorted(noms)))})\b", re.IGNORECASE)
    fautes = [
        f"{court(chemin)}:{phrase.lineno} {phrase.value!r}"
        for chemin in modules()
        for phrase in phrases(ast.parse(chemin.read_text()))
        if motif.search(phrase.value)
    ]
    textes = suivis(
        "marelle/*.html", "marelle/*.txt", "marelle/*.css", "marelle/*.js", "marelle/*.typ", "Makefile", ".ci/*"
    )
    fautes += [court(chemin) for chemin in textes if motif.search(chemin.read_text())]
    assert not fautes


def test_une_face_part_de_la_personne_jamais_de_toutes_les_lignes():
    faces = suivis("marelle/espace_famille/*.py", "marelle/guichet/*.py")
    fautes = [
        f"{court(chemin)}:{noeud.lineno}"
        for chemin in faces
        for noeud in ast.walk(ast.parse(chemin.read_text()))
        if isinstance(noeud, ast.Attribute) and noeud.attr in {"objects", "_default_manager", "_base_manager"}
    ]
    assert not fautes, "Model.objects dans une face : chercher par request.famille ou request.agent"


def test_l_environnement_n_a_qu_un_lecteur():
    permis = {"marelle/reglages/env.py", "marelle/reglages/wsgi.py", "marelle/commandes/django.py"}
    fautes = [
        f"{court(chemin)}:{noeud.lineno}"
        for chemin in suivis("marelle/*.py")
        if court(chemin) not in permis
        for noeud in ast.walk(ast.parse(chemin.read_text()))
        if isinstance(noeud, ast.Attribute) and noeud.attr in {"environ", "getenv"}
    ]
    assert not fautes


def test_chaque_module_dit_a_quoi_il_repond():
    fautes = [
        court(chemin)
        for chemin in modules()
        if (source := chemin.read_text().strip()) and not ast.get_docstring(ast.parse(source))
        if chemin.name not in {"apps.py", "__init__.py"}
    ]
    assert not fautes


def test_rien_n_est_trop_long():
    fautes = [
        f"{court(f)} : {n} lignes" for f in modules() if (n := len(f.read_text().splitlines())) > LIGNES_PAR_FICHIER
    ]
    fautes += [
        f"{court(f)} : {n} lignes" for f in gabarits() if (n := len(f.read_text().splitlines())) > LIGNES_PAR_GABARIT
    ]
    fautes += [
        f"{court(chemin)} : {noeud.name}, {longueur} lignes"
        for chemin in modules()
        for noeud in ast.walk(ast.parse(chemin.read_text()))
        if isinstance(noeud, ast.FunctionDef | ast.AsyncFunctionDef)
        and (longueur := (noeud.end_lineno or 0) - noeud.lineno + 1) > LIGNES_PAR_FONCTION
    ]
    assert not fautes


def test_un_gabarit_n_a_ni_style_ni_script_dans_ses_balises():
    """The content security policy would refuse them in silence. E-mails have no stylesheet and may."""
    interdit = re.compile(
        r"<[a-z][^>]*\s(style|on[a-z]+)\s*=|<style\b|<script(?![^>]*\bsrc=)|javascript:", re.IGNORECASE
    )
    fautes = [
        f"{court(chemin)} : {trouve.group()[-60:]!r}"
        for chemin in gabarits()
        if "courriels" not in chemin.parts
        for trouve in interdit.finditer(re.sub(r"{%.*?%}|{{.*?}}|{#.*?#}", "", chemin.read_text(), flags=re.DOTALL))
    ]
    assert not fautes


def test_un_gabarit_ne_demande_que_des_fichiers_rassembles():
    """In production a file that `marelle migrer` left out would be a page that fails."""
    noms = {nom for chemin in gabarits() for nom in re.findall(r"""{% static ["']([^"']+)["']""", chemin.read_text())}
    assert "django_htmx/htmx-2.min.js" in noms
    assert not [nom for nom in noms if not finders.find(nom)]
    assert not [nom for nom in noms for motif in INUTILES if fnmatch(Path(nom).name, motif)]


def test_un_gabarit_prolonge_une_page_ou_est_un_composant_qui_dit_ses_parametres():
    page_ou_composant = re.compile(
        r"\s*({% load [^%]*%}\s*)?({% extends |{#|{% comment |<!doctype html>)", re.IGNORECASE
    )
    assert not [court(chemin) for chemin in gabarits() if not page_ou_composant.match(chemin.read_text())]


def test_un_modele_historise_n_est_jamais_modifie_en_bloc():
    """simple_history does not see them: the past would have holes. The room refuses them at run time too."""
    historises = {modele.__name__ for modele in apps.get_models() if est_historise(modele)}
    assert historises
    fautes = [
        f"{court(chemin)}:{noeud.lineno} {noeud.func.attr} sur {racine}"
        for chemin in modules()
        for noeud in ast.walk(ast.parse(chemin.read_text()))
        if isinstance(noeud, ast.Call) and isinstance(noeud.func, ast.Attribute) and noeud.func.attr in EN_BLOC
        if (racine := racine_de(noeud.func)) in historises
    ]
    assert not fautes


def racine_de(noeud: ast.expr) -> str:
    """`X` in `X.objects.filter(…).update`."""
    while isinstance(noeud, ast.Attribute | ast.Call):
        noeud = noeud.value if isinstance(noeud, ast.Attribute) else noeud.func
    return noeud.id if isinstance(noeud, ast.Name) else ""


def test_les_dependances_sont_figees_avec_leurs_empreintes_et_sans_adresse():
    assert not suivis("uv.lock", "*/uv.lock")
    for chemin in suivis("requirements/*.txt"):
        texte = chemin.read_text()
        assert not re.search(r"https?://|--(extra-)?index|--find-links|--trusted-host", texte), court(chemin)
        exigences = [bloc for bloc in re.split(r"\n(?=\S)", texte) if not bloc.startswith("#")]
        assert exigences
        assert all(re.match(r"[\w.\[\]-]+==", bloc) and "--hash=sha256:" in bloc for bloc in exigences), court(chemin)


def test_aucun_chemin_de_machine_dans_un_fichier():
    machine = re.compile(rb"(?<![\w.~$)}/-])/(work|home/[a-z]\w*|root|Users/\w+|tmp/\w+)/")
    fautes = [court(chemin) for chemin in suivis() if (trouve := machine.search(chemin.read_bytes())) and trouve]
    assert not fautes


def adresses(resolveur: URLResolver, espaces: tuple[str, ...] = ()) -> Iterator[tuple[str, dict[str, object]]]:
    """Every named address: its full name and values for its parameters."""
    for motif in resolveur.url_patterns:
        if isinstance(motif, URLResolver):
            yield from adresses(motif, (*espaces, motif.namespace) if motif.namespace else espaces)
        elif isinstance(motif, URLPattern):
            assert motif.name, f"adresse sans nom : {motif.pattern}"
            convertisseurs = {nom: _nature(un) for nom, un in motif.pattern.converters.items()}
            yield ":".join((*espaces, motif.name)), {nom: EXEMPLES[nature] for nom, nature in convertisseurs.items()}


def _nature(convertisseur: object) -> str:
    return type(convertisseur).__name__.removesuffix("Converter").replace("String", "str").lower()


@pytest.mark.django_db
def test_toute_adresse_demande_une_session_sauf_celles_qui_le_disent(client):
    connexion = reverse(settings.LOGIN_URL)
    client.raise_request_exception = False
    fautes = []
    for nom, valeurs in adresses(get_resolver()):
        if nom in OUVERTES:
            continue
        adresse = reverse(nom, kwargs=valeurs)
        for methode in (client.get, client.post):
            reponse = methode(adresse)
            if reponse.status_code != 302 or not reponse.url.startswith(connexion):
                fautes.append(f"{nom} ({adresse}) répond {reponse.status_code} sans session")
    assert not fautes


def test_les_adresses_ouvertes_existent():
    assert {nom for nom, _ in adresses(get_resolver())} >= OUVERTES
