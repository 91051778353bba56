"""A new activity from nothing, its unités and its age groups: what can be added, renamed and taken away, and what rules it."""

import pytest
from django.urls import reverse

from marelle.activites.clauses import clauses_de, code_libre, modeles, portees
from marelle.activites.models import Activite, Centre, Jauge, Ouverture
from marelle.collectivite.models import TexteReglement
from marelle.demandes import panier
from marelle.demandes.verification import verifier
from marelle.journal.models import Entree
from marelle.socle.memoire import oublier
from tests import distribution as gens

from . import monde
from .formulaire import formulaire

NOUVELLE = "/guichet/activites/nouvelle/"
DEUX_REGLES = """
code = "essai"
[[version]]
en_vigueur_le = 2020-01-01
source = "Règlement d’essai"
liste_attente = true
[version.reserver]
decision = "agent"
[version.activites."*-vacances"]
liste_attente = false
[version.activites."*-vacances".reserver]
delai = { avant = "jour", nombre = 15, unite = "jours_calendaires" }
[version.activites."atelier-terre".reserver]
interdit = true
"""


def nu(page):
    return page.content.decode().replace("\xa0", " ").replace("\u202f", " ")


def charger(texte):
    """A new règlement, as the collectivité would load it."""
    TexteReglement.objects.create(texte=texte, source="essai", empreinte=f"{hash(texte):064d}"[:64])
    oublier()


@pytest.fixture
def client(guichet, karim, chaveignes):
    return guichet(karim)


@pytest.fixture
def adresse(chaveignes):
    return reverse("guichet:activite", args=[chaveignes.pk])


def remplie(page, **autres):
    """A new activity as an agent fills it: two unités, two groups."""
    return formulaire(page) | {
        "centre": [str(Centre.objects.get_or_create(code="bouchard", defaults={"nom": "Bouchard"})[0].pk)],
        "nom": ["Ateliers d’hiver"],
        "temps": ["vacances"],
        "unites-nombre": ["2"],
        "unites-0-nom": ["Journée"], "unites-0-parties": ["matin", "repas", "apres_midi"],
        "unites-0-debut": ["08:00"], "unites-0-fin": ["18:00"],
        "unites-1-nom": ["Matin"], "unites-1-parties": ["matin"],
        "unites-1-debut": ["08:00"], "unites-1-fin": ["12:00"],
        "groupes-nombre": ["2"],
        "groupes-0-nom": ["Petits"], "groupes-0-age_min": ["3"], "groupes-0-age_max": ["5"],
        "groupes-1-nom": ["Grands"], "groupes-1-age_min": ["6"], "groupes-1-age_max": ["11"],
        **autres,
    }  # fmt: skip


def test_une_nouvelle_activite_jusqu_a_ses_jours_ouverts(client, karim):
    page = client.post(NOUVELLE, remplie(client.get(NOUVELLE)), follow=True)
    une = Activite.objects.get(nom="Ateliers d’hiver")
    assert page.redirect_chain == [(reverse("guichet:places", args=[une.pk]), 302)]
    assert "Ouvrez maintenant ses jours" in nu(page)
    assert '<details class="carte" open>' in nu(page)  # « Ouvrir des jours », at hand
    assert (une.code, une.temps, une.est_active) == ("bouchard-ateliers-dhiver", "vacances", True)
    assert list(une.unites.order_by("ordre").values_list("code", "parties", "ordre")) == [
        ("journee", ["matin", "repas", "apres_midi"], 0),
        ("matin", ["matin"], 1),
    ]
    assert Entree.objects.get(action="activite.creation").acteur == karim.compte
    donnees = {"ouvrir-debut": "2027-02-08", "ouvrir-fin": "2027-02-12", "ouvrir-jours": ["0", "1"]}
    donnees |= {f"ouvrir-places_{groupe.pk}": 7 for groupe in une.groupes.order_by("pk")}
    assert "2 jours ouverts." in nu(client.post(reverse("guichet:ouvrir", args=[une.pk]), donnees, follow=True))
    assert set(Jauge.objects.filter(activite=une).values_list("places", flat=True)) == {7}
    assert verifier() == []


def test_ce_qui_ne_va_pas_est_dit_et_rien_n_est_perdu(client):
    fautive = remplie(
        client.get(NOUVELLE),
        **{"nom": [""], "unites-0-parties": [], "unites-1-fin": ["07:00"], "groupes-1-age_max": ["4"]},
    )
    page = client.post(NOUVELLE, fautive)
    assert page.status_code == 422
    for phrase in (
        *("4 réponses sont à corriger", "Nom : à remplir.", "Unité 1, Moments de la journée : choisissez au moins"),
        *("Unité 2, À : l’heure de fin vient après", "Groupe 2, À (ans) : l’âge de fin est au moins égal"),
    ):
        assert phrase in nu(page), phrase
    assert formulaire(page)["groupes-0-nom"] == ["Petits"]
    assert not Activite.objects.filter(nom="").exists()


@pytest.mark.parametrize(
    ("champs", "phrase"),
    [
        ({"unites-nombre": ["0"]}, "Ajoutez au moins une unité"),
        ({"unites-1-nom": ["JOURNÉE"]}, "Deux unités portent le même nom"),
        ({"groupes-1-age_min": ["5"]}, "À 5 ans, un enfant serait dans plusieurs groupes."),
        ({"groupes-1-age_min": ["8"]}, "À 6 ans, un enfant n’aurait pas de groupe"),
        ({"age_max": ["2"]}, "L’âge maximum est au moins égal"),
    ],
)
def test_ce_qu_aucune_ligne_ne_dit_seule(client, champs, phrase):
    page = client.post(NOUVELLE, remplie(client.get(NOUVELLE), **champs))
    assert page.status_code == 422
    assert phrase in nu(page)


def test_une_ligne_s_ajoute_et_se_retire_sans_script_ni_rien_perdre(client):
    page = client.post(NOUVELLE, remplie(client.get(NOUVELLE), nom=["À moitié"], ajouter=["unites"]))
    assert page.status_code == 200
    lue = formulaire(page)
    assert (lue["nom"], lue["unites-nombre"], lue["unites-1-nom"], lue["unites-2-nom"]) == (
        *(["À moitié"], ["3"]),
        *(["Matin"], [""]),
    )
    assert lue["unites-0-parties"] == ["matin", "repas", "apres_midi"]
    assert "à corriger" not in nu(page)
    lue = formulaire(client.post(NOUVELLE, lue | {"retirer": ["unites-0"]}))
    assert (lue["unites-nombre"], lue["unites-0-nom"], lue["unites-1-nom"]) == (["2"], ["Matin"], [""])
    lue = formulaire(client.post(NOUVELLE, lue | {"retirer": ["groupes-1"]}))
    assert (lue["groupes-nombre"], lue["groupes-0-nom"]) == (["1"], ["Petits"])
    assert not Activite.objects.filter(nom="À moitié").exists()


@pytest.mark.parametrize("geste", [{"retirer": ["unites-99"]}, {"retirer": ["x"]}, {"ajouter": ["x"]}])
@pytest.mark.parametrize("nombre", ["", "-1", "99999999999", "x", "٣"])
def test_une_page_ecrite_a_la_main_ne_casse_rien(client, geste, nombre):
    assert client.post(NOUVELLE, {**geste, "unites-nombre": nombre, "unites-0-cle": "٣"}).status_code == 200
    assert client.post(NOUVELLE, {"unites-nombre": nombre}).status_code == 422


def test_renommer_garde_le_code_et_ajouter_s_ouvre_ensuite(client, adresse, chaveignes):
    lue = formulaire(client.get(adresse))
    assert "unites-0-parties" not in lue  # days are open: these parts have their capacities
    lue |= {
        "unites-0-nom": ["Journée entière"], "unites-0-parties": ["soir"], "unites-nombre": ["3"],
        "unites-2-nom": ["Après-midi"], "unites-2-parties": ["apres_midi"],
        "unites-2-debut": ["13:30"], "unites-2-fin": ["18:30"], "groupes-0-nom": ["Petits"],
    }  # fmt: skip
    assert client.post(adresse, lue).status_code == 302
    assert list(chaveignes.unites.order_by("ordre").values_list("code", "nom", "parties")) == [
        ("journee", "Journée entière", ["matin", "repas", "apres_midi"]),
        ("matin", "Matin", ["matin"]),
        ("apres-midi", "Après-midi", ["apres_midi"]),
    ]
    assert chaveignes.groupes.filter(nom="Petits", age_min=3).exists()
    donnees = {"ouvrir-debut": "2026-12-02", "ouvrir-fin": "2026-12-02", "ouvrir-jours": ["2"]}
    donnees |= {f"ouvrir-places_{groupe.pk}": 9 for groupe in chaveignes.groupes.order_by("pk")}
    client.post(reverse("guichet:ouvrir", args=[chaveignes.pk]), donnees)
    assert Ouverture.objects.filter(unite__code="apres-midi").count() == 2
    assert set(Jauge.objects.filter(date="2026-12-02").values_list("places", flat=True)) == {2}  # as they were


def test_deux_groupes_echangent_leurs_ages(client, adresse, chaveignes):
    lue = formulaire(client.get(adresse)) | {
        "groupes-0-age_min": ["6"], "groupes-0-age_max": ["11"], "groupes-1-age_min": ["3"], "groupes-1-age_max": ["5"],
    }  # fmt: skip
    assert client.post(adresse, lue).status_code == 302
    assert list(chaveignes.groupes.order_by("age_min").values_list("nom", "age_max")) == [
        ("6-11 ans", 5),
        ("3-5 ans", 11),
    ]


def test_ce_que_des_familles_utilisent_ne_se_retire_plus(client, adresse, chaveignes, roussel):
    page = formulaire(client.get(adresse))
    panier.basculer(roussel.famille, roussel.elio, chaveignes.unites.get(code="journee"), monde.mercredis()[0])
    refus = client.post(adresse, page | {"retirer": ["unites-0"]})
    assert refus.status_code == 409
    assert "« Journée avec repas » ne se retire plus : des familles l’ont réservée" in nu(refus)
    assert "elle se renomme, elle ne se retire plus" in nu(client.get(adresse))
    # The page of somebody who pressed the button just before: judged again when saved, and nothing is lost.
    page = {k: v for k, v in page.items() if not k.startswith("unites-1")}
    page |= {"unites-nombre": ["1"], "unites-retiree": [page["unites-0-cle"][0]], "unites-0-cle": ["0"]}
    page |= {"unites-0-nom": ["Soir"], "unites-0-parties": ["soir"]}
    refus = client.post(adresse, page)
    assert refus.status_code == 409
    assert formulaire(refus)["unites-0-nom"] == ["Soir"]
    assert sorted(chaveignes.unites.values_list("code", flat=True)) == ["journee", "matin"]
    assert "de ce groupe" in nu(client.post(adresse, formulaire(client.get(adresse)) | {"retirer": ["groupes-1"]}))


def test_retirer_ce_que_personne_n_utilise_emporte_ses_jours(client, adresse, chaveignes):
    lue = formulaire(client.post(adresse, formulaire(client.get(adresse)) | {"retirer": ["unites-0"]}))
    assert chaveignes.unites.count() == 2  # nothing before « Enregistrer »
    assert client.post(adresse, lue).status_code == 302
    assert list(chaveignes.unites.values_list("code", flat=True)) == ["matin"]
    assert set(Jauge.objects.filter(activite=chaveignes).values_list("partie", flat=True)) == {"matin"}
    assert not Ouverture.objects.filter(activite=chaveignes).exclude(unite__code="matin").exists()
    assert verifier() == []


def test_des_jours_pour_tous_ne_se_melangent_pas_a_des_groupes(client, adresse, chaveignes, roussel):
    lue = formulaire(client.get(adresse)) | {"groupes-nombre": ["0"]}
    lue["groupes-retiree"] = [lue["groupes-0-cle"][0], lue["groupes-1-cle"][0]]
    client.post(adresse, lue)
    donnees = {"ouvrir-debut": "2026-12-02", "ouvrir-fin": "2026-12-09", "ouvrir-jours": ["2"], "ouvrir-places_None": 5}
    client.post(reverse("guichet:ouvrir", args=[chaveignes.pk]), donnees)
    panier.basculer(roussel.famille, roussel.elio, chaveignes.unites.get(code="journee"), monde.mercredis()[0])
    lue = formulaire(client.get(adresse)) | {
        "groupes-nombre": ["1"], "groupes-0-nom": ["Tous"], "groupes-0-age_min": ["3"], "groupes-0-age_max": ["11"],
    }  # fmt: skip
    refus = client.post(adresse, lue)
    assert refus.status_code == 409
    assert "ouverts à tous les âges" in nu(refus)
    panier.basculer(roussel.famille, roussel.elio, chaveignes.unites.get(code="journee"), monde.mercredis()[0])
    assert client.post(adresse, lue).status_code == 302
    assert not Ouverture.objects.filter(activite=chaveignes).exists()  # to open again, with the places of the group


def test_le_code_fait_suivre_les_regles_choisies(client, karim):
    monde.activite("meung")
    Activite.objects.filter(code="meung-mercredis").update(code="meung-vacances", nom="Meung vacances")
    charger(DEUX_REGLES)
    page = client.get(NOUVELLE)
    assert "Comme « Meung vacances »" in nu(page)
    assert client.post(NOUVELLE, remplie(page)).status_code == 422  # nobody follows rules without having chosen
    for regles, nom, code in (("0", "Séjour vacances", "bouchard-sejour"), ("1", "Ateliers", "ateliers-vacances")):
        reponse = client.post(NOUVELLE, remplie(page, regles=[regles], nom=[nom]))
        assert reponse.status_code == 302, nu(reponse)
        une = Activite.objects.get(nom=nom)
        assert portees(une.code) == modeles(karim)[int(regles)].portees, une.code
        assert une.code.startswith(code[:8])
    assert code_libre("autre", "", portees("atelier-terre")) is None  # named alone: nobody can follow it


def test_la_page_dit_les_clauses_qui_s_appliquent(client, adresse, chaveignes):
    charger(DEUX_REGLES)
    page = nu(client.get(adresse))
    assert "Le service décide de chaque réservation" in page
    assert "rejoint la liste d’attente" in page
    assert "Réglage propre à cette activité" not in page
    Activite.objects.filter(pk=chaveignes.pk).update(code="ailleurs-vacances", mode_decision="automatique")
    page = nu(client.get(adresse))
    assert "au plus tard 15 jours avant" in page
    assert "Pas de liste d’attente : un jour complet se refuse." in page
    assert "passe avant celle du règlement" in page
    charger(DEUX_REGLES.replace("[version.reserver]", "[version.modifier]"))
    Activite.objects.filter(pk=chaveignes.pk).update(code="ailleurs")
    assert not clauses_de("ailleurs").est_prevue
    for ou in (adresse, reverse("guichet:places", args=[chaveignes.pk])):
        assert "les familles verront ses jours sans pouvoir les demander" in nu(client.get(ou))


def test_seuls_ses_centres_et_seulement_avec_le_droit(guichet, karim, chaveignes):
    ailleurs = monde.activite("bouchard")
    chaveignes.centre.agents.add(karim)
    page = guichet(karim).get(NOUVELLE)
    assert "Bouchard" not in nu(page)
    saisie = remplie(page, centre=[str(ailleurs.centre.pk)])
    assert guichet(karim).post(NOUVELLE, saisie).status_code == 422
    assert guichet(karim).get(reverse("guichet:activite", args=[ailleurs.pk])).status_code == 404
    assert guichet(gens.lucas()).get(NOUVELLE).status_code == 403
