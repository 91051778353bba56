"""What is badly written stops the load: one French line with the file, the key, the place and what is allowed."""

import pytest

from marelle.regles.lecture_tarifs import ErreurTarifs, lire_tarifs

BON = """
nom = "Tarifs"
[[version]]
en_vigueur_le = 2026-01-01
deliberation = "nº 1"
tranches = [{ code = "A", de = 0, a = 499 }, { code = "B", de = 500 }]
[[version.tarifs]]
nom = "Journée"
activites = ["*"]
accueil = { tranches = { A = "5,00", B = "8,00" } }
repas = "3,20"
"""
FAUTES = {
    "un trou": (
        "de = 500",
        "de = 501",
        "« version[0].tranches[1] » : les quotients de 500 à 500 n’ont pas de tranche.",
    ),
    "un chevauchement": ("de = 500", "de = 499", "« version[0].tranches[1] » : le quotient 499 est dans deux tranches"),
    "le bas": ("de = 0", "de = 1", "les quotients de 0 à 0 n’ont pas de tranche"),
    "le haut": ("de = 500 }", "de = 500, a = 900 }", "les quotients au-dessus de 900 n’ont pas de tranche"),
    "une tranche sans fin": ("de = 0, a = 499", "de = 0", "« A » avant elle est sans fin"),
    "une tranche deux fois": ('code = "B"', 'code = "A"', "« A » est écrite deux fois"),
    "un flottant": ('"3,20"', "3.20", "« version[0].tarifs[0].repas » : « 3.2 » n’est pas permis"),
    "un point": ('"3,20"', '"3.20"', "par exemple « 8,50 »"),
    "un prix qui manque": (', B = "8,00"', "", "« version[0].tarifs[0].accueil.tranches.B » : cette clé manque."),
    "une tranche inconnue": ('B = "8,00"', 'B = "8,00", C = "9,00"', "accueil.tranches.C » : clé inconnue"),
    "une clé mal écrite": ("repas =", "repa =", "Vouliez-vous dire « repas » ?"),
    "deux manières": ("{ tranches = {", '{ prix = "1,00", tranches = {', "une de ces clés, et une seule"),
    "un repas de PAI sans repas": ("repas =", "repas_pai =", "donnez aussi « repas »"),
    "un rang": ("[[version.tarifs]]", 'fratrie = { remises = { 1 = "5 %" } }\n[[version.tarifs]]', "à partir de 2"),
    "plus que tout": (
        "[[version.tarifs]]",
        'fratrie = { remises = { 2 = "110 %" } }\n[[version.tarifs]]',
        "100 % au plus",
    ),
    "aucune activité": ('["*"]', "[]", "donnez au moins une activité"),
}


def test_le_modele_se_lit() -> None:
    assert lire_tarifs(BON, "tarifs.toml").versions[0].tranches[1].de == 500


@pytest.mark.parametrize("nom", FAUTES)
def test_une_faute_est_dite_en_une_ligne_avec_son_lieu(nom: str) -> None:
    avant, apres, attendu = FAUTES[nom]
    assert BON.count(avant) == 1
    with pytest.raises(ErreurTarifs) as faute:
        lire_tarifs(BON.replace(avant, apres), "exemple/tarifs.toml")
    dit = str(faute.value)
    assert dit.startswith("exemple/tarifs.toml : ")
    assert attendu in dit, dit
    assert "\n" not in dit


def test_les_versions_se_suivent() -> None:
    deux = BON + BON[BON.index("[[version]]") :]
    with pytest.raises(ErreurTarifs, match="de la plus ancienne à la plus récente"):
        lire_tarifs(deux, "tarifs.toml")


@pytest.mark.parametrize("taux", ['{ taux = "1 %", plancher = "5,00", plafond = "4,00" }', '{ taux = "1 %" }'])
def test_un_taux_a_son_plancher_et_son_plafond(taux: str) -> None:
    with pytest.raises(ErreurTarifs, match=r"plafond|plancher"):
        lire_tarifs(BON.replace('{ tranches = { A = "5,00", B = "8,00" } }', taux), "tarifs.toml")
