"""A PES file, without a database: what it says, what the schemas accept, and each check with a file broken on purpose."""

from __future__ import annotations

import os
import random
from dataclasses import replace
from datetime import date
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marelle.regles.iban import iban_valide
from marelle.tresor.pes.cles import cles_d_article, siret_valide
from marelle.tresor.pes.controles import controler
from marelle.tresor.pes.controles_tiers import COUPLES
from marelle.tresor.pes.ecriture import construire, montant, octets
from marelle.tresor.pes.fichier import (
    ANNULATIONS,
    ROLE,
    TITRES,
    Debiteur,
    Entete,
    Fichier,
    Ligne,
    Piece,
    Prelevement,
    Rattachement,
)
from marelle.tresor.pes.lecture import centimes
from marelle.tresor.pes.schemas import valider
from marelle.tresor.pes.texte import en_latin1, en_sepa, est_altere, lignes

SCHEMAS = Path(os.environ.get("MARELLE_TEST_PES_XSD") or Path(__file__).resolve().parents[3] / "shared" / "pes-xsd")
avec_schemas = pytest.mark.skipif(
    not (SCHEMAS / "PES_V2").is_dir(),
    reason="les schémas de la DGFiP ne sont pas là : donnez leur dossier par MARELLE_TEST_PES_XSD",
)
JOUR = date(2026, 11, 20)
CAMILLE = Debiteur(
    "01",
    "01",
    "Roussel",
    ("4 rue du Puits",),
    "37500",
    "Chaveignes",
    civilite="Mme",
    prenom="Camille",
    reference="FAM-00001",
)
CCAS = Debiteur(
    "26", "09", "CCAS de Chinon", ("Place du Général de Gaulle",), "37500", "Chinon", siret="20007229000014"
)
MANDAT = Prelevement(
    "FAM-00001-1", date(2026, 9, 1), "RCUR", date(2026, 12, 5), "FR7630001007941234567890185", "Roussel"
)


def fichier(forme: str = TITRES, *pieces: Piece, **autres: object) -> Fichier:
    entete = Entete(
        "essai.xml", JOUR, "ESSAI", "1 place de la Mairie", "037010", "20007229000014", "200", "00",
        libelle_budget="Communauté de communes",
    )  # fmt: skip
    nature = "588" if forme == ROLE else "7067"
    toutes = pieces or (piece(1, 4860, forme=forme), piece(2, 385, forme=forme))
    return Fichier(forme, entete, 2026, 12, JOUR, "Accueil d’octobre", "7067", nature, toutes, fonction="281", **autres)  # type: ignore[arg-type]


def piece(rang: int, *montants: int, forme: str = TITRES, debiteur: Debiteur = CAMILLE, **autres: object) -> Piece:
    lie = Rattachement(2026, 40 + rang) if forme == ANNULATIONS else None
    siennes = tuple(Ligne("Accueil d’octobre", un, lie) for un in montants)
    numero = f"202601{rang:06}"
    debut, fin = date(2026, 10, 1), date(2026, 10, 31)
    return Piece(rang, numero, "Accueil d’octobre", debut, fin, debiteur, siennes, **autres)  # type: ignore[arg-type]


FORMES = [TITRES, ROLE, ANNULATIONS]


@pytest.mark.parametrize("forme", FORMES)
def test_un_fichier_juste_n_a_pas_d_anomalie(forme: str) -> None:
    assert controler(construire(fichier(forme))) == []


def test_les_montants_du_bordereau_sont_ceux_des_lignes() -> None:
    des = random.Random(7)
    for _ in range(50):
        pieces = [piece(n, *(des.randint(1, 10**7) for _ in range(des.randint(1, 3)))) for n in range(1, 9)]
        racine = construire(fichier(TITRES, *pieces))
        annonce = racine.find(".//MtBordHt").get("V")
        assert centimes(annonce) == sum(une.montant_centimes for une in pieces)
        assert centimes(annonce) == sum(centimes(noeud.get("V")) for noeud in racine.iterfind(".//MtHT"))
        assert racine.find(".//NbrPce").get("V") == "8"


@pytest.mark.parametrize(("forme", "triplet"), [(ROLE, "06/15/01"), (TITRES, "01/01/01"), (ANNULATIONS, "02/02/06")])
def test_le_triplet_de_chaque_forme(forme: str, triplet: str) -> None:
    racine = construire(fichier(forme))
    lus = [racine.find(f".//{nom}").get("V") for nom in ("TypBord", "TypPce", "NatPce")]
    assert "/".join(lus) == triplet
    numeros = [noeud.get("V") for noeud in racine.iterfind(".//NumeroFacture")]
    assert numeros == ["202601000001", "202601000002"]
    assert [noeud.get("V") for noeud in racine.iterfind(".//NumDette")] == (numeros if forme == ROLE else [])
    assert racine.find(".//Cle1") is None, "les clés restent vides tant qu’on ne les demande pas"


def test_un_montant_est_un_entier_de_centimes() -> None:
    assert [montant(un) for un in (1, 1999, 100, 123456789)] == ["0.01", "19.99", "1.00", "1234567.89"]
    assert [centimes(un) for un in ("19.99", "-0.05", "12", "x")] == [1999, -5, 1200, 0]


@given(st.text())
def test_aucun_texte_ne_fait_tomber_l_ecriture(texte: str) -> None:
    ecrit = en_latin1(texte)
    ecrit.encode("latin-1")
    racine = construire(fichier(TITRES, piece(1, 100, debiteur=replace(CAMILLE, nom=texte, adresse=(texte,)))))
    relu = ET.fromstring(octets(racine))
    nom = relu.find(".//Nom")
    assert (nom.get("V") if nom is not None else "") == ecrit[:38].strip()
    assert set(en_sepa(texte)) <= set("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ/?:().,-+' ")


@pytest.mark.parametrize(
    ("texte", "ecrit", "altere"),
    [
        ("Cœur d’Œuvre – 12 € …", "Coeur d'OEuvre - 12 EUR ...", False),
        ("Élio Ñuñez", "Élio Ñuñez", False),
        ("Łukasz Wałęsa", "Lukasz Walesa", False),
        ("Nguyễn", "Nguyen", False),
        ("李", "?", True),
        ("Pourquoi ?", "Pourquoi ?", False),
        ("deux\nlignes\x07", "deux lignes", False),
    ],
)
def test_ce_que_latin_1_ne_sait_pas_ecrire(texte: str, ecrit: str, altere: bool) -> None:
    assert (en_latin1(texte), est_altere(texte)) == (ecrit, altere)


def test_une_adresse_longue_se_coupe_entre_les_mots() -> None:
    adresse = "Résidence des Tilleuls, bâtiment B, escalier 3, 128 bis avenue du Maréchal de Lattre de Tassigny"
    faites, reste = lignes(adresse, 38, 3)
    assert " ".join([*faites, reste]).strip() == adresse
    assert all(len(une) <= 38 for une in faites)
    assert lignes("x" * 50, 38, 1) == (["x" * 38], "x" * 12)


def casser(chemin: str, valeur: str | None, forme: str = TITRES) -> set[str]:
    """The checks that speak when that leaf has that value (None: removed)."""
    racine = construire(fichier(forme))
    for parent in [racine, *racine.iter()]:
        for feuille in list(parent.iterfind(f"./{chemin}")):
            if valeur is None:
                parent.remove(feuille)
            else:
                feuille.set("V", valeur)
    return {une.code for une in controler(racine)}


@pytest.mark.parametrize(
    ("feuille", "valeur", "code"),
    [
        ("IdColl", None, "reglage_siret"),
        ("IdColl", "20007229000012", "siret"),
        ("IdPost", "37", "reglage_code_poste"),
        ("CodCol", None, "reglage_code_collectivite"),
        ("CodBud", "0", "reglage_code_budget"),
        ("Sigle", None, "reglage_sigle"),
        ("Adresse", None, "reglage_adresse"),
        ("InfoDematerialisee", "1", "signature"),
        ("NbrPce", "3", "nbr_pce"),
        ("MtBordHt", "52.44", "mt_bord_ht"),
        ("MtHT", "0.00", "montant"),
        ("MtHT", "-3.85", "montant"),
        ("MtHT", "3.855", "montant"),
        ("TypPce", "15", "triplet"),
        ("NatPce", "06", "triplet"),
        ("IdPce", "0", "id_pce"),
        ("IdPce", "7", "doublon"),
        ("IdBord", "12345678", "numero"),
        ("CodProdLoc", None, "code_produit"),
        ("Nature", None, "nature"),
        ("CatTiers", "50", "couple"),
        ("NatJur", "09", "couple"),
        ("CatTiers", None, "couple"),
        ("Civilite", "MLLE", "civilite"),
        ("Civilite", None, "civilite"),
        ("Nom", None, "nom"),
        ("Prenom", None, "prenom"),
        ("Prenom", "nc", "prenom"),
        ("Adr2", None, "adresse"),
        ("Adr2", "x" * 39, "longueur"),
        ("Ville", None, "ville"),
        ("CP", "3750", "code_postal"),
        ("CP", None, "code_postal"),
        ("CP", "99999", "etranger"),
        ("CodRes", "1", "etranger"),
    ],
)
def test_chaque_controle_voit_sa_faute(feuille: str, valeur: str | None, code: str) -> None:
    assert code in casser(feuille, valeur)


def test_les_controles_du_role_et_des_reductions() -> None:
    assert "num_dette" in casser("NumDette", "F-12", ROLE)
    assert "rattachement" in casser("RattachPiece", None, ANNULATIONS)
    assert "rattachement" in casser("IdPceOrig", None, ANNULATIONS)
    assert "exercice" in casser("ExerRat", "2025", ANNULATIONS)
    assert {une.code for une in controler(construire(fichier(ROLE, edition="01")))} == {"edition"}
    assert controler(construire(fichier(ROLE, edition="03"))) == []


def test_un_article_de_role_n_a_qu_un_debiteur() -> None:
    racine = construire(fichier(ROLE, piece(1, 100, 200, forme=ROLE)))
    racine.findall(".//Nom")[1].set("V", "Fauvel")
    assert [une.code for une in controler(racine)] == ["mono_debiteur"]


def test_une_anomalie_dit_la_facture_d_ou_elle_vient_et_quoi_faire() -> None:
    sans = piece(2, 500, debiteur=replace(CAMILLE, civilite=""))
    (une,) = controler(construire(fichier(TITRES, piece(1, 100), sans)))
    assert une.facture == "202601000002"
    assert une.phrase == "La civilité de Camille Roussel manque."
    assert "fiche de l’adulte" in une.remede
    aurelie = replace(CAMILLE, civilite="", prenom="Aurélie")
    (une,) = controler(construire(fichier(TITRES, piece(1, 100, debiteur=aurelie))))
    assert une.phrase == "La civilité d’Aurélie Roussel manque."


def test_l_etranger_et_les_organismes() -> None:
    belge = replace(CAMILLE, code_postal="99999", pays="131")
    assert controler(construire(fichier(TITRES, piece(1, 100, debiteur=belge)))) == []
    assert controler(construire(fichier(TITRES, piece(1, 100, debiteur=CCAS)))) == []
    faux = replace(CCAS, siret="20007229000012")
    assert [une.code for une in controler(construire(fichier(TITRES, piece(1, 100, debiteur=faux))))] == ["siret_tiers"]
    cse = replace(CCAS, categorie="50", nature_juridique="06")
    (une,) = controler(construire(fichier(TITRES, piece(1, 100, debiteur=cse))))
    assert une.code == "categorie_a_confirmer"
    assert not une.est_bloquante
    assert all(not naturelles & {"01", "02"} for categorie, naturelles in COUPLES.items() if categorie != "01")


def test_un_prelevement_du_tresor() -> None:
    assert controler(construire(fichier(TITRES, piece(1, 100, prelevement=MANDAT)))) == []
    faux = replace(MANDAT, iban="FR7630001007941234567890186", rum="œuvre")
    lus = {une.code for une in controler(construire(fichier(TITRES, piece(1, 100, prelevement=faux))))}
    assert lus == {"iban", "rum"}


def test_les_cles_de_controle() -> None:
    assert siret_valide("35600000000048"), "La Poste"
    assert not siret_valide("2000722900001")
    assert iban_valide("FR76 3000 1007 9412 3456 7890 185")
    assert cles_d_article("200", "588", 2026, 10, "202601000001") == cles_d_article(
        "200", "588", 2026, 10, "0202601000001"
    )
    periode, cle1, cle2 = cles_d_article("200", "588", 2026, 12, "202601000001")
    assert periode == "2"
    assert cle1.isdigit()
    assert len(cle1) == 1
    assert cle2 in "ABCDEFGHJKLMNPQRSTUVWXY"


AVEC = {
    "un tiers": piece(1, 100, debiteur=CCAS),
    "deux lignes": piece(1, 100, 250),
    "un prélèvement": piece(1, 100, prelevement=MANDAT),
    "des textes longs": piece(1, 100, debiteur=replace(CAMILLE, nom="É" * 60, complement_nom="x" * 50, ville="œ" * 50)),
    "un non-résident": piece(1, 100, debiteur=replace(CAMILLE, code_postal="99999", pays="131")),
}


@avec_schemas
@pytest.mark.parametrize("forme", FORMES)
def test_les_schemas_de_la_dgfip_acceptent(forme: str) -> None:
    assert valider(octets(construire(fichier(forme))), SCHEMAS) == []
    cles = replace(fichier(ROLE).pieces[0], cles=cles_d_article("200", "588", 2026, 10, "202601000001"))
    assert valider(octets(construire(fichier(ROLE, cles, edition="03"))), SCHEMAS) == []


@avec_schemas
@pytest.mark.parametrize("quoi", AVEC)
def test_les_schemas_de_la_dgfip_acceptent_aussi(quoi: str) -> None:
    assert valider(octets(construire(fichier(TITRES, AVEC[quoi]))), SCHEMAS) == []


@avec_schemas
def test_un_refus_des_schemas_est_dit_avec_sa_facture() -> None:
    racine = construire(fichier())
    racine.findall(".//CodRes")[1].set("V", "peut-être")
    (une,) = {(lu.code, lu.facture, lu.est_bloquante) for lu in valider(octets(racine), SCHEMAS)}
    assert une == ("schema", "202601000002", True)


def test_des_schemas_absents_ou_illisibles_sont_dits(tmp_path: Path) -> None:
    contenu = octets(construire(fichier()))
    (absente,) = valider(contenu, tmp_path)
    assert (absente.code, absente.est_bloquante) == ("schemas_absents", False)
    (tmp_path / "PES_V2" / "Rev0").mkdir(parents=True)
    (tmp_path / "PES_V2" / "Rev0" / "PES_Aller.xsd").write_text("<rien/>")
    (illisible,) = valider(contenu, tmp_path)
    assert (illisible.code, illisible.est_bloquante) == ("schemas_illisibles", True)
