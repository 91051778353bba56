"""What a day costs: every case of the shipped tariffs and of two collectivités of the catalogue; a price is a frozen value."""

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from marelle.regles.essai import essayer_tarifs
from marelle.regles.forfaits import cotisations_dues, est_facturable, prix_du_forfait
from marelle.regles.lecture_tarifs import cle_de_commune, lire_tarifs
from marelle.regles.prix import Prix
from marelle.regles.tarifs import Faits, calculer

from .tarifs_cas import lire_les_cas, prix_du

ICI = Path(__file__).parent / "tarifs"
COLLECTIVITES = Path(__file__).parents[2] / "collectivites"
CAS = [(ICI / fichier.name, fichier) for fichier in sorted((ICI / "cas").glob("*.toml"))]
CAS += [(fichier.parents[1] / "tarifs.toml", fichier) for fichier in sorted(COLLECTIVITES.glob("*/cas-tarifs/*.toml"))]
TOUS = [(tarifs, cas) for tarifs, fichier in CAS for cas in lire_les_cas(fichier)]
ESSAIS = [
    pytest.param(resultat, id=f"{fichier.parents[1].name}/{fichier.stem}: {resultat['cas']}")
    for tarifs, fichier in CAS
    for resultat in essayer_tarifs(tarifs, fichier)
]


@pytest.mark.parametrize("resultat", ESSAIS)
def test_le_prix_est_celui_attendu(resultat: dict[str, Any]) -> None:
    assert resultat["ok"], resultat
    assert (resultat["total_centimes"] or 0) == sum(un["montant_centimes"] for un in resultat["lignes"])


@pytest.mark.parametrize("resultat", ESSAIS)
def test_l_explication_se_lit_en_francais(resultat: dict[str, Any]) -> None:
    dit = [resultat["explication"], *(un["libelle"] for un in resultat["lignes"])]
    for texte in dit:
        assert "'" not in texte
        assert "  " not in texte
        assert not re.search(r"[_{}]|None|True|False|\(\)|,,|, $|\d\.\d", texte), texte
    assert all(un["libelle"][:1].isupper() or un["libelle"][:1].isdigit() for un in resultat["lignes"])
    repetees = [
        mot for mot in resultat["explication"].split(", ") if resultat["explication"].split(", ").count(mot) > 1
    ]
    assert not repetees, "rien n’est dit deux fois"


def test_chaque_collectivite_a_ses_tarifs_et_ses_cas() -> None:
    for dossier in COLLECTIVITES.glob("*/collectivite.toml"):
        assert (dossier.parent / "tarifs.toml").exists(), dossier
        assert list(dossier.parent.glob("cas-tarifs/*.toml")), dossier


def test_un_prix_se_garde_et_se_relit_au_centime() -> None:
    for tarifs, cas in TOUS:
        prix = prix_du(tarifs, cas)
        if prix is not None:
            assert Prix.depuis(json.loads(json.dumps(prix.en_donnees()))) == prix


def test_un_prix_altere_ne_se_relit_pas() -> None:
    prix = prix_du(ICI / "roncq.toml", lire_les_cas(ICI / "cas" / "roncq.toml")[0])
    assert prix is not None
    donnees = prix.en_donnees()
    donnees["lignes"][0][2] += 1
    with pytest.raises(ValueError, match="prix altéré"):
        Prix.depuis(donnees)


def test_la_part_d_un_tiers_est_dite() -> None:
    cas = next(un for un in lire_les_cas(ICI / "cas" / "lieuvin.toml") if un["cas"].startswith("Deux aides"))
    prix = prix_du(ICI / "lieuvin.toml", cas)
    assert prix is not None
    assert prix.tiers_centimes == {"caf": 380, "ce": 500}


@pytest.fixture(scope="module")
def lieuvin() -> Any:
    return lire_tarifs((ICI / "lieuvin.toml").read_text(), "lieuvin.toml")


def test_un_forfait_au_prorata(lieuvin: Any) -> None:
    """3 % of 712 = 21,36 for twenty days; seven of them: 7,476, that is 7,48."""
    version = lieuvin.versions[0]
    regle = (version.forfaits["mois"], version.deliberation, version.en_vigueur_le, 712)
    assert prix_du_forfait(*regle, jours=20, jours_ouverts=20).total_centimes == 2136
    prix = prix_du_forfait(*regle, jours=7, jours_ouverts=20)
    assert prix.total_centimes == 748
    assert "7 jours sur 20" in prix.explication


def test_les_cotisations_de_l_annee(lieuvin: Any) -> None:
    cotisations = lieuvin.versions[0].cotisations
    dues = cotisations_dues(cotisations, 712, enfants=3)
    assert [(une.libelle, une.montant_centimes) for une in dues] == [("Adhésion", 1500), ("Assurance", 1050)]
    assert [une.libelle for une in cotisations_dues(cotisations, 712, 1, payees={"adhesion"})] == ["Assurance"]
    assert cotisations_dues(cotisations, 712, enfants=0) == []


def test_sous_le_minimum_la_facture_attend(lieuvin: Any) -> None:
    minimum = lieuvin.versions[0].facture_minimum
    assert [est_facturable(total, minimum) for total in (1499, 1500, -200)] == [False, True, True]
    assert [est_facturable(total, 0) for total in (0, 1)] == [False, True]


def test_un_evenement_inconnu_est_une_faute_de_programme(lieuvin: Any) -> None:
    faits = Faits("lieurey-vacances", "journee", 712, evenements=("cirque",))
    with pytest.raises(KeyError):
        calculer(lieuvin, lieuvin.version_du(date(2026, 7, 1)), faits)


def test_une_commune_s_ecrit_de_bien_des_facons() -> None:
    for nom in ("L’Île-Bouchard", "ILE BOUCHARD (L')", "l'ile bouchard", "Île-Bouchard"):
        assert cle_de_commune(nom) == cle_de_commune("L’Île-Bouchard")
    assert cle_de_commune("St-Épain") == cle_de_commune("Saint-Epain")
    assert cle_de_commune("Richelieu") != cle_de_commune("Panzoult")
