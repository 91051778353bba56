"""What the newer keys of tarifs.toml refuse: one French line with the file, the key, the place and what is allowed."""

import pytest

from marelle.regles.lecture_tarifs import ErreurTarifs, lire_tarifs

BON = """
nom = "Tarifs"
[residence]
communes = ["Roncq"]
exceptions = [{ code = "agent", nom = "enfant d’un agent" }, { code = "ecole", nom = "scolarisé ici" }]
[[version]]
en_vigueur_le = 2026-01-01
deliberation = "nº 1"
sans_reservation_repetee = { des = 3, prix = "5,00", par = "mois" }
paiement = { delai_minutes = 60, acompte = "30 %", solde_jours = 8 }
absences = { excuses = [{ motif = "greve", nom = "grève", collective = true }] }
[[version.tarifs]]
nom = "Garderie, MSA"
activites = ["garderie"]
regimes = ["msa"]
accueil = "1,00"
[[version.tarifs]]
nom = "Garderie"
activites = ["*"]
fratrie = { remises = { 2 = "10 %" }, parmi = "presents", pour_tous = true }
creneaux = [
  { nom = "matin", de = "07:30", a = "08:30", prix = "1,00" },
  { nom = "soir", de = "08:30", a = "18:00", prix = "2,00" },
]
"""
FAUTES = {
    "un trou": ('de = "08:30"', 'de = "16:30"', "creneaux[1] » : de 08:30 à 16:30, aucun prix"),
    "un chevauchement": ('de = "08:30"', 'de = "08:00"', "creneaux[1] » : de 08:00 à 08:30, deux prix"),
    "à l’envers": ('a = "08:30"', 'a = "07:30"', "creneaux[0] » : le créneau finit à 07:30, il doit finir après 07:30"),
    "un créneau sans prix": (', prix = "2,00"', "", "creneaux[1].prix » : cette clé manque"),
    "une heure": ('"07:30"', '"7h30"', "« 7h30 » n’est pas une heure"),
    "un régime": ('"msa"', '"mas"', "Vouliez-vous dire « msa » ?"),
    "un régime seul": (
        'activites = ["*"]',
        'activites = ["cantine"]',
        "version[0].tarifs[0] » : après ce tarif, écrivez le même sans « regimes »",
    ),
    "parmi": ('"presents"', '"voisins"', "fratrie.parmi » : « voisins » n’est pas permis"),
    "une clé de fratrie": ("pour_tous", "pour_chacun", "fratrie.pour_chacun » : clé inconnue"),
    "une exception deux fois": ('"ecole"', '"agent"', "residence.exceptions[1] » : « agent » est écrit deux fois"),
    "un seuil": ("des = 3", "des = 0", "sans_reservation_repetee.des » : 0 n’est pas permis"),
    "une période": ('par = "mois"', 'par = "jour"', "Valeurs permises : mois, periode, annee_scolaire, annee_civile"),
    "un solde sans acompte": (
        'acompte = "30 %", ',
        "",
        "paiement.solde_jours » : il n’y a de solde qu’après un acompte",
    ),
    "trop d’acompte": ('"30 %"', '"130 %"', "100 % au plus"),
    "une clé de paiement": (
        "delai_minutes",
        "delai",
        "paiement.delai » : clé inconnue. Clés permises : delai_minutes",
    ),
    "deux preuves": ("collective = true", "collective = true, preuve_heures = 48", "une seule sorte de preuve"),
}


def test_le_modele_se_lit() -> None:
    lus = lire_tarifs(BON, "tarifs.toml")
    tarif = lus.versions[0].tarif("garderie", "soir")
    assert tarif is not None
    assert tarif.nom == "Garderie"
    assert lus.compte_les("presents")
    assert not lus.compte_les("inscrits")
    assert tarif.paiement is not None, "celui de la version"


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


def test_sans_accueil_il_faut_des_creneaux() -> None:
    sans = BON[: BON.index("creneaux = [")]
    with pytest.raises(ErreurTarifs, match=r"tarifs\[1\]\.accueil » : cette clé manque"):
        lire_tarifs(sans, "tarifs.toml")
