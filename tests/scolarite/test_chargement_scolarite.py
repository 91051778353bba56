"""`scolarite.toml` is read strictly, and loading it again corrects the schools without losing any."""

from __future__ import annotations

import pytest

from marelle.collectivite.options import lire_options
from marelle.regles.lecture import ErreurReglement
from marelle.scolarite.chargement import charger_scolarite
from marelle.scolarite.models import Ecole
from marelle.scolarite.secteur import Adresse, ecoles_de_secteur, situation
from tests.distribution import COLLECTIVITES

pytestmark = pytest.mark.django_db
VRAI = (COLLECTIVITES / "vals-du-dauphine" / "scolarite.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("avant", "apres", "dit"),
    [
        ('nom = "École du Bourg"', 'nmo = "École du Bourg"', "« ecoles[3].nmo » : clé inconnue. Vouliez-vous dire « nom » ?"),
        ('commune = "Bourg-Exemple"\nadresse', "adresse", "« ecoles[3].commune » : cette clé manque."),
        ('niveaux = ["ps", "ms", "gs"]', 'niveaux = ["ps", "sixieme"]', "« ecoles[0].niveaux » : « sixieme » n’est pas permis."),
        ('niveaux = ["ps", "ms", "gs"]', "niveaux = []", "donnez au moins un niveau."),
        ("age = 3", 'age = "trois"', "« niveaux[0].age » : « trois » n’est pas permis"),
        ('code = "tilleuls"', 'code = "Tilleuls !"', "des minuscules, des chiffres et des tirets."),
        ('code = "bourg"', 'code = "hameau"', "le code « hameau » sert deux fois."),
        ('rues = ["route de la Forêt"', 'rues = ["  "', "une rue sans nom n’est pas permise."),
        ('[[ecoles.secteur]]\ncommune = "Bourg', '[[ecoles.secteur]]\nville = "Bourg', "[3].secteur[0].ville » : clé inconnue."),
    ],
)  # fmt: skip
def test_une_faute_se_dit_avec_sa_cle(avant: str, apres: str, dit: str) -> None:
    assert avant in VRAI
    with pytest.raises(ErreurReglement) as erreur:
        charger_scolarite(VRAI.replace(avant, apres, 1), "essais/scolarite.toml")
    assert str(erreur.value).startswith("essais/scolarite.toml : ")
    assert dit in str(erreur.value)


def test_charger_de_nouveau_corrige_et_ne_perd_rien() -> None:
    assert charger_scolarite(VRAI, "") == 4
    cles = list(Ecole.objects.order_by("pk").values_list("pk", flat=True))
    charger_scolarite(VRAI.replace('nom = "École du Bourg"', 'nom = "École Rosa-Exemple"\nouverte = false'), "")
    assert list(Ecole.objects.order_by("pk").values_list("pk", flat=True)) == cles
    bourg = Ecole.objects.get(code="bourg")
    assert (bourg.nom, bourg.est_ouverte) == ("École Rosa-Exemple", False)


def test_une_piece_inconnue_arrete_le_chargement() -> None:
    texte = (COLLECTIVITES / "vals-du-dauphine" / "collectivite.toml").read_text(encoding="utf-8")
    with pytest.raises(ErreurReglement, match=r"inscription_scolaire\.pieces"):
        lire_options(texte.replace('pieces = ["identite"', 'pieces = ["passeport"'), "essais", "collectivite.toml")


@pytest.mark.parametrize(
    ("voie", "commune", "attendu", "code"),
    [
        ("4 rue du Puits", "ville exemple", {"tilleuls", "marronniers"}, "ecole"),
        ("18 Route de la FORÊT", "Ville-Exemple", {"hameau"}, "ecole"),
        ("7 chemin des Vignes, bât. B", "Ville-Exemple", {"hameau"}, "ecole"),
        ("7 chemin des Vignes Hautes", "Ville-Exemple", {"tilleuls", "marronniers"}, "ecole"),
        ("1 place de la Mairie", "Bourg-Exemple", {"bourg"}, "secteur"),
        ("1 place de la Mairie", "Ailleurs", set(), "commune"),
        ("", "", set(), "inconnu"),
    ],
)
def test_le_secteur_suit_la_commune_puis_la_rue(voie: str, commune: str, attendu: set[str], code: str) -> None:
    charger_scolarite(VRAI, "")
    ecoles = list(Ecole.objects.order_by("ordre"))
    adresse = Adresse(voie, "99000", commune)
    assert {une.code for une in ecoles_de_secteur(adresse, ecoles)} == attendu
    assert situation(adresse, ecoles[-1], ecoles) == code


def test_une_commune_de_l_etranger_n_est_d_aucun_secteur_meme_si_elle_porte_le_nom_d_une_des_notres() -> None:
    charger_scolarite(VRAI, "")
    ecoles = list(Ecole.objects.order_by("ordre"))
    la = Adresse("1 place de la Mairie", "1050", "Bourg-Exemple", "BE")
    assert ecoles_de_secteur(la, ecoles) == []
    assert situation(la, ecoles[-1], ecoles) == "commune"
    assert str(la) == "1 place de la Mairie, 1050 Bourg-Exemple, BELGIQUE"
