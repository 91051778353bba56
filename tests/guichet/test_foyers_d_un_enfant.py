"""A second household for a child, its share of custody, and one that leaves: the service settles them."""

from datetime import date

import pytest
from django.urls import reverse

from marelle.demandes import decision
from marelle.facturation.models import RepartitionGarde
from marelle.familles.models import Rattachement
from marelle.journal.models import Entree
from tests import distribution as gens
from tests.monde import envoyer, portail, reserver, roussel_prets, unite

pytestmark = pytest.mark.django_db
JOUR = date(2026, 12, 2)


@pytest.fixture
def foyer(horloge):
    horloge("2026-11-18 10:00")
    portail()
    return roussel_prets()


@pytest.fixture
def client(client, foyer):
    client.force_login(gens.karim().compte)
    return client


@pytest.fixture
def adresse(foyer):
    return reverse("guichet:foyers_de_l_enfant", args=[foyer.famille.pk, foyer.anouk.pk])


@pytest.fixture
def lemoine(foyer):
    return gens.famille_lemoine()


def liens(enfant):
    return [(un.famille.nom, un.part_garde, un.peut_reserver) for un in enfant.rattachements.order_by("pk")]


def test_un_deuxieme_foyer_lit_le_dossier_et_reserve(client, foyer, lemoine, adresse):
    fiche = client.get(reverse("guichet:enfant", args=[foyer.famille.pk, foyer.anouk.pk])).content.decode()
    assert adresse in fiche
    page = client.post(adresse, {"geste": "ajouter", "numero": f" {lemoine.famille.numero.lower()} "}, follow=True)
    assert "est aussi dans la famille Lemoine" in page.content.decode().replace("\xa0", " ")
    assert liens(foyer.anouk) == [("Roussel", 50, True), ("Lemoine", 50, True)]
    famille = client.get(reverse("guichet:famille", args=[foyer.famille.pk])).content.decode()
    assert reverse("guichet:famille", args=[lemoine.famille.pk]) in famille
    assert famille.count("Aussi chez") == 1
    dossiers = Entree.objects.filter(action="enfant.foyer.ajout").values_list("dossier", flat=True)
    assert set(dossiers) == {f"famille:{foyer.famille.pk}", f"famille:{lemoine.famille.pk}"}
    client.force_login(lemoine.compte)
    assert "Anouk" in client.get(reverse("espace_famille:accueil")).content.decode()


@pytest.mark.parametrize(
    ("numero", "phrase"),
    [("", "Écrivez"), ("FAM-99999", "Aucune famille ne porte le numéro"), ("FAM-00001", "est déjà dans la famille")],
)
def test_un_numero_qui_ne_va_pas_se_dit_et_reste(client, foyer, lemoine, adresse, numero, phrase):
    page = client.post(adresse, {"geste": "ajouter", "numero": numero})
    assert page.status_code in (409, 422)
    dite = page.content.decode().replace("\xa0", " ")
    assert phrase in dite or "remplir" in dite
    assert f'value="{numero}"' in dite or not numero
    assert liens(foyer.anouk) == [("Roussel", 100, True)]


def test_deux_foyers_au_plus(client, foyer, lemoine, adresse):
    client.post(adresse, {"geste": "ajouter", "numero": lemoine.famille.numero})
    fauvel = gens.famille_fauvel()
    assert client.post(adresse, {"geste": "ajouter", "numero": fauvel.famille.numero}).status_code == 409
    assert len(liens(foyer.anouk)) == 2


@pytest.mark.parametrize(
    ("parts", "reservent", "phrase"),
    [((70, 20), (True, True), "Les parts font 90 %"), ((70, 30), (False, False), "Un foyer au moins")],
)
def test_une_garde_qui_ne_tombe_pas_juste(client, foyer, lemoine, adresse, parts, reservent, phrase):
    client.post(adresse, {"geste": "ajouter", "numero": lemoine.famille.numero})
    page = client.post(adresse, garde(foyer, lemoine, parts, reservent))
    assert page.status_code == 409
    assert phrase in page.content.decode().replace("\xa0", " ")
    assert liens(foyer.anouk) == [("Roussel", 50, True), ("Lemoine", 50, True)]


def test_la_garde_se_regle(client, foyer, lemoine, adresse):
    client.post(adresse, {"geste": "ajouter", "numero": lemoine.famille.numero})
    client.post(adresse, garde(foyer, lemoine, (70, 30), (True, False)))
    assert liens(foyer.anouk) == [("Roussel", 70, True), ("Lemoine", 30, False)]


def garde(foyer, lemoine, parts, reservent):
    saisi = {"geste": "garde"}
    for un, part, peut in zip((foyer, lemoine), parts, reservent, strict=True):
        saisi |= {f"part_{un.famille.pk}": part} | ({f"reserve_{un.famille.pk}": "on"} if peut else {})
    return saisi


def test_un_foyer_se_retire_quand_il_n_a_plus_rien(client, foyer, lemoine, adresse):
    client.post(adresse, {"geste": "ajouter", "numero": lemoine.famille.numero})
    RepartitionGarde.objects.create(enfant=foyer.anouk, mode="parts")
    retirer = {"geste": "retirer", "retirer": lemoine.famille.pk}
    [demande] = envoyer(lemoine, foyer.anouk, unite("chaveignes-mercredis"), JOUR)
    page = client.post(adresse, retirer)
    assert (page.status_code, len(liens(foyer.anouk))) == (409, 2)
    assert "encore une demande" in page.content.decode().replace("\xa0", " ")
    decision.refuser(demande.pk, gens.auteur_agent(gens.nadia()), "Le centre est complet.")
    client.post(adresse, retirer)
    assert liens(foyer.anouk) == [("Roussel", 100, True)]
    assert not RepartitionGarde.objects.exists()
    client.force_login(lemoine.compte)
    assert client.get(reverse("espace_famille:enfant", args=[foyer.anouk.pk])).status_code == 404


def test_un_foyer_qui_a_des_jours_reste(client, foyer, lemoine, adresse):
    client.post(adresse, {"geste": "ajouter", "numero": lemoine.famille.numero})
    reserver(lemoine, foyer.anouk, unite("chaveignes-mercredis"), JOUR)
    page = client.post(adresse, {"geste": "retirer", "retirer": lemoine.famille.pk})
    assert "1 jour à venir" in page.content.decode().replace("\xa0", " ")
    assert len(liens(foyer.anouk)) == 2


@pytest.mark.parametrize("retirer", ["", "abc", "999999", "seul"])
def test_retirer_n_importe_quoi_ne_change_rien(client, foyer, adresse, retirer):
    page = client.post(adresse, {"geste": "retirer", "retirer": foyer.famille.pk if retirer == "seul" else retirer})
    assert page.status_code == 409
    assert Rattachement.objects.filter(enfant=foyer.anouk).count() == 1
