"""The PDFs: readable by everyone, fit for the archives, right when there is nothing, much, or long names."""

import threading
from datetime import date
from typing import Any

import pytest

from marelle import editions
from marelle.editions.glyphes import dessinable
from marelle.editions.service import EditionImpossible

from . import exemples
from .conftest import lire, texte

MODELES: dict[str, Any] = {
    "accuse": exemples.accuse(),
    "invitation": exemples.invitation(),
    "fiche_enfant": exemples.fiche(),
    "liste_jour": exemples.liste(),
    "reglement": exemples.reglement(),
}
VIDES: dict[str, Any] = {
    "accuse": {**exemples.accuse(), "enfants": [], "autres": [], "suite": [], "pieces_manquantes": []},
    "invitation": {**exemples.invitation(), "enfants": []},
    "fiche_enfant": {**exemples.fiche(complete=False), "responsables": [], "personnes": [], "autorisations": []},
    "liste_jour": exemples.liste(0),
    "reglement": exemples.reglement(0),
}
LONGS: dict[str, Any] = {
    "accuse": {**exemples.accuse(120), "famille": exemples.LONG, "deposant": exemples.LONG},
    "invitation": {**exemples.invitation(exemples.LONG), "lien": "https://exemple.fr/" + "Mjk6MXRReDhaOmtxOVRm" * 9},
    "fiche_enfant": exemples.fiche(nom=exemples.LONG),
    "liste_jour": exemples.liste(120, exemples.LONG),
    "reglement": exemples.reglement(60, exemples.LONG),
}


@pytest.mark.parametrize("cas", [MODELES, VIDES, LONGS], ids=["ordinaire", "vide", "long"])
@pytest.mark.parametrize("modele", MODELES)
def test_un_document_est_balise_titre_en_francais_et_archivable(modele: str, cas: dict[str, Any]) -> None:
    pdf = lire(editions.produire(modele, cas[modele]))
    racine = pdf.trailer["/Root"]
    assert racine["/MarkInfo"]["/Marked"]
    assert racine["/Lang"] in {"fr", "fr-FR"}
    assert "/StructTreeRoot" in racine
    assert racine["/ViewerPreferences"]["/DisplayDocTitle"]
    assert pdf.metadata is not None
    assert pdf.metadata.title
    assert pdf.metadata.author == "CC des Essais et des Longues Vallées"
    assert pdf.metadata.creation_date is not None
    xmp = racine["/Metadata"].get_data().decode()
    assert "<pdfuaid:part>1</pdfuaid:part>" in xmp
    assert "<pdfaid:part>2</pdfaid:part>" in xmp
    assert "<pdfaid:conformance>A</pdfaid:conformance>" in xmp


def test_l_accuse_dit_ce_que_demande_la_loi() -> None:
    dit = texte(editions.produire("accuse", exemples.accuse()))
    for phrase in (
        "2026-000812",
        "mercredi 18 novembre 2026 à 20 h 07",
        "Service Enfance, CC des Essais",
        "1 place de la Mairie, 37000 Essais",
        "enfance@essais.exemple",
        "02 00 00 00 00",
        "Élio Durand",
        "mardi 1er décembre 2026",
        "Demande en attente",
        "Si vous n’avez pas de réponse le lundi 18 janvier 2027",
        "refusée",
        "deux mois",
        "tribunal administratif d’Orléans",
        "Attestation d’assurance 2026-2027, à transmettre avant le samedi 5 décembre 2026",
    ):
        assert phrase in dit, phrase


def test_le_reglement_dit_qui_quand_combien_et_d_apres_quel_texte() -> None:
    dit = texte(editions.produire("reglement", exemples.reglement()))
    for phrase in (
        "En vigueur depuis le 1er septembre 2024. Source : Délibération du 4 juillet 2024.",
        "Le mercredi, en période d’école. Enfants de 3 à 11 ans.",
        "Journée avec repas, de 7 h 30 à 18 h 30",
        "au plus tard 4 jours ouvrés avant le jour de l’accueil",
        "3 annulations par période au plus.",
        "Article 4",
    ):
        assert phrase in dit, phrase


def test_sans_prix_la_colonne_n_est_pas_la() -> None:
    donnees = exemples.accuse()
    assert " Prix " in texte(editions.produire("accuse", donnees))
    for enfant in donnees["enfants"]:
        for activite in enfant["activites"]:
            for ligne in activite["lignes"]:
                del ligne["prix"]
    dit = texte(editions.produire("accuse", donnees))
    assert " Prix " not in dit
    assert "mardi 1er décembre 2026" in dit


def test_l_accuse_d_une_demande_que_le_silence_accepte() -> None:
    silence = {"regime": "acceptation", "date": date(2027, 1, 18), "delai": "deux mois"}
    dit = texte(editions.produire("accuse", {**exemples.accuse(), "silences": [silence]}))
    assert "votre demande est acceptée : un silence de deux mois vaut accord" in dit
    assert "L. 232-3" in dit
    refus = {**silence, "regime": "rejet", "quoi": " de réservation"}
    deux = [refus, {**silence, "quoi": " d’annulation"}]
    dit = texte(editions.produire("accuse", {**exemples.accuse(), "silences": deux}))
    assert "votre demande de réservation est considérée comme refusée" in dit
    assert "votre demande d’annulation est acceptée" in dit
    sans = texte(editions.produire("accuse", {**exemples.accuse(), "silences": []}))
    assert "Si le service ne répond pas" not in sans


def test_l_invitation_porte_le_lien_en_toutes_lettres_et_en_carre() -> None:
    donnees = exemples.invitation()
    pdf = editions.produire("invitation", donnees)
    assert donnees["lien"] in texte(pdf).replace(" ", "").replace("\u200b", "") or donnees["lien"] in texte(pdf)
    assert "FAM-04812" in texte(pdf)
    assert "lundi 21 décembre 2026 à 23 h 59" in texte(pdf)
    assert "à photographier".encode("utf-16-be") in _textes_de_remplacement(pdf)
    assert len(lire(pdf).pages) == 1


def _textes_de_remplacement(pdf: bytes) -> bytes:
    objets = (objet.get_object() for objet in lire(pdf).trailer["/Root"]["/StructTreeRoot"]["/K"])
    trouves: list[bytes] = []

    def parcourir(noeud: Any) -> None:
        noeud = noeud.get_object() if hasattr(noeud, "get_object") else noeud
        if isinstance(noeud, list):
            for un in noeud:
                parcourir(un)
        elif isinstance(noeud, dict):
            if "/Alt" in noeud:
                trouves.append(str(noeud["/Alt"]).encode("utf-16-be"))
            if "/K" in noeud:
                parcourir(noeud["/K"])

    for objet in objets:
        parcourir(objet)
    return b"".join(trouves)


def test_la_fiche_simple_ne_dit_rien_de_la_sante() -> None:
    simple = texte(editions.produire("fiche_enfant", exemples.fiche(complete=False)))
    complete = texte(editions.produire("fiche_enfant", exemples.fiche()))
    assert "sans les renseignements de santé" in simple
    for mot in ("rachides", "Vaccins", "Dr Martin", "15 puis la mère"):
        assert mot not in simple
        assert mot in complete


def test_la_liste_du_jour_n_oublie_personne_et_repete_son_en_tete() -> None:
    pdf = editions.produire("liste_jour", exemples.liste(120))
    pages = [page.extract_text() for page in lire(pdf).pages]
    assert len(pages) > 3
    assert all("Repart avec" in page for page in pages[:-1])
    assert texte(pdf).count("DURAND") == 120
    assert f"page {len(pages)} sur {len(pages)}" in " ".join(pages[-1].split())
    assert "Aucun enfant n’est attendu." in texte(editions.produire("liste_jour", exemples.liste(0)))


@pytest.mark.parametrize(
    ("donne", "ecrit"),
    [
        ("Élio Nguyễn Łukasz Żółć Œuvre", "Élio Nguyễn Łukasz Żółć Œuvre"),
        ("محمد", "????"),
        ("Zoé 😀", "Zoé ?"),
        ("e\u0301", "é"),
        ("𝐀lice", "Alice"),
        ("a\u200db", "ab"),
    ],
)
def test_un_caractere_sans_dessin_n_empeche_pas_le_document(donne: str, ecrit: str) -> None:
    assert dessinable(donne) == ecrit
    assert editions.produire("accuse", {**exemples.accuse(), "deposant": donne})


def test_un_texte_n_est_jamais_du_code() -> None:
    piege = '#panic("non") $x$ *gras* _x_ = titre `brut` \\ #read("base.typ") @x <y>'
    dit = texte(editions.produire("accuse", {**exemples.accuse(), "deposant": piege}))
    assert '*gras* _x_ = titre `brut` \\ #read("base.typ")' in dit


@pytest.mark.parametrize("modele", ["inconnu", "../service", "base.typ", ""])
def test_un_modele_inconnu_est_refuse(modele: str) -> None:
    with pytest.raises(EditionImpossible):
        editions.produire(modele, {})


def test_des_donnees_incompletes_disent_ou() -> None:
    with pytest.raises(EditionImpossible, match=r"^accuse : .*numero"):
        editions.produire("accuse", {})


def test_plusieurs_fils_en_meme_temps() -> None:
    from marelle.collectivite.identite import identite

    identite()  # kept in memory: the threads need no database
    resultats: list[str] = []

    def faire(n: int) -> None:
        resultats.append(texte(editions.produire("accuse", {**exemples.accuse(), "numero": f"N-{n}"})))

    fils = [threading.Thread(target=faire, args=(n,)) for n in range(4)]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join()
    assert sorted(n for n in range(4) for dit in resultats if f"N-{n}" in dit) == [0, 1, 2, 3]
