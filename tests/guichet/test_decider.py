"""The queue and the decisions: what is shown, who may decide, what happens when two do."""

import html
import re
from urllib.parse import urljoin

import pytest
from django.urls import reverse

from marelle.comptes.models import Agent
from marelle.demandes.models import Passage
from marelle.reservations.models import Reservation
from tests import distribution as gens

from . import monde


def adresse(nom, demande):
    return reverse(f"guichet:{nom}", args=[demande.pk])


@pytest.fixture
def demande(chaveignes, roussel):
    return monde.demander(roussel, roussel.elio, chaveignes, monde.mercredis(1))


def test_la_file_dit_qui_quoi_et_ce_que_dit_la_regle(guichet, karim, demande):
    page = guichet(karim).get(reverse("guichet:demandes")).content.decode()
    for mot in ("Élio Roussel", "mer. 2", "Dans les règles", "2 places", "1 demandée ici", "1 libre", "4 jours ouvrés"):
        assert mot in page, mot
    assert "Le règlement permet d’accepter" in page


def test_accepter_ouvre_la_suivante_et_le_dit(guichet, karim, demande, fauvel, chaveignes):
    autre = monde.demander(fauvel, fauvel.malo, chaveignes, monde.mercredis(1))
    reponse = guichet(karim).post(adresse("acceptation", demande), follow=True)
    assert reponse.redirect_chain == [(adresse("demande", autre), 302)]
    assert f"Demande {demande.numero}" in reponse.content.decode()
    assert Reservation.objects.filter(enfant=demande.enfant, etat="reservee").count() == 1
    assert Passage.objects.get(demande=demande, verbe="accepter").par_nom == "Karim Benali"


def test_deux_agents_la_meme_demande_le_second_lit_qui_a_decide(guichet, karim, nadia, demande):
    guichet(karim).post(adresse("acceptation", demande))
    reponse = guichet(nadia).post(adresse("refus", demande), {"motif_choisi": "autre", "motif": "Complet."})
    assert reponse.status_code == 409
    assert "déjà « acceptée » par Karim Benali" in reponse.content.decode().replace("\xa0", " ")
    demande.refresh_from_db()
    assert demande.etat == "acceptee"


def test_une_decision_qui_n_a_pas_pu_se_faire_mene_encore_partout(guichet, karim, nadia, demande):
    """It is said at an address that only takes a form: its tabs led to blank pages, and so did the browser of the next day."""
    guichet(karim).post(adresse("acceptation", demande))
    client = guichet(nadia)
    page = client.post(adresse("refus", demande), {"motif_choisi": "autre", "motif": "Complet."}).content.decode()
    liens = [html.unescape(un) for un in re.findall(r'href="(/[^"#]*|[?][^"#]*)"', page) if "/static/" not in un]
    assert "/guichet/?vue=traitees" in liens
    assert [lien for lien in liens if client.get(urljoin(adresse("refus", demande), lien)).status_code >= 400] == []
    relue = client.get(adresse("refus", demande))
    assert relue.status_code == 405
    assert "Cette adresse ne se lit pas seule" in relue.content.decode()
    assert f'href="{adresse("demande", demande)}"' in relue.content.decode()


def test_une_decision_dit_comment_revenir_dessus(guichet, karim, demande):
    client = guichet(karim)
    assert "revenir sur cette décision" not in client.get(adresse("demande", demande)).content.decode()
    client.post(adresse("acceptation", demande))
    page = client.get(adresse("demande", demande)).content.decode()
    assert "Pour revenir sur cette décision, désinscrivez l’enfant." in page
    lien = html.unescape(re.search(r'href="(/guichet/familles/[0-9]+/inscription/[^"]+)"', page).group(1))
    saisie = client.get(lien).context["saisie"]
    voulu = {"action": "desinscrire", "enfant": str(demande.enfant_id), "debut": monde.mercredis(1)[0].isoformat()}
    assert {nom: saisie[nom].value() for nom in voulu} == voulu
    assert 'value="2026-12-02"' in client.get(lien).content.decode()


def test_une_demande_qui_attend_deja_n_est_pas_renvoyee_en_liste_d_attente(guichet, karim, chaveignes, roussel, fauvel):
    """Accepting from the waiting list: the sentence names the full days, and asks only for what can be done."""
    for jauge in chaveignes.jauges.all():
        jauge.places = 0
        jauge.save()
    attend = monde.demander(fauvel, fauvel.malo, chaveignes, monde.mercredis(1))
    assert attend.etat == "liste_attente"
    page = guichet(karim).post(adresse("acceptation", attend)).content.decode().replace("\xa0", " ")
    assert f"plus de place pour la demande {attend.numero} le mercredi 2 décembre : ajoutez des places" in page
    assert "mettez-la en liste" not in page


def test_un_refus_demande_son_motif_et_garde_ce_qui_est_ecrit(guichet, karim, demande):
    client = guichet(karim)
    reponse = client.post(adresse("refus", demande), {"motif_choisi": "autre", "motif": "  "})
    assert reponse.status_code == 422
    assert "Écrivez le motif" in reponse.content.decode()
    client.post(adresse("refus", demande), {"motif_choisi": "autre", "motif": "Le centre ferme plus tôt."})
    demande.refresh_from_db()
    assert (demande.etat, demande.motif) == ("refusee", "Le centre ferme plus tôt.")


def test_aucun_motif_n_est_choisi_d_avance(guichet, karim, demande):
    """The family would read a reason that nobody chose."""
    client = guichet(karim)
    page = client.get(f"/guichet/demandes/{demande.pk}/").content.decode()
    liste = page[page.index('name="motif_choisi"') :].split("</select>")[0]
    assert liste.index('<option value=""') < liste.index("<option value=", liste.index('<option value=""') + 1)
    reponse = client.post(adresse("refus", demande), {"motif_choisi": "", "motif": ""})
    assert reponse.status_code == 422
    assert "Choisissez un motif" in reponse.content.decode()
    demande.refresh_from_db()
    assert demande.etat == "deposee"


def test_liste_d_attente_et_renvoi(guichet, karim, demande, fauvel, chaveignes):
    client = guichet(karim)
    client.post(adresse("attente", demande))
    demande.refresh_from_db()
    assert demande.etat == "liste_attente"
    assert client.post(adresse("renvoi", demande), {"motif": ""}).status_code == 422
    client.post(adresse("renvoi", demande), {"motif": "Quel centre voulez-vous ?"})
    demande.refresh_from_db()
    assert demande.etat == "a_corriger"


def test_contre_une_regle_il_faut_une_raison(guichet, karim, demande, horloge):
    demande.depose_le = demande.depose_le.replace(month=12, day=1)  # the day before
    demande.save()
    client = guichet(karim)
    assert "Hors délai" in client.get(reverse("guichet:demandes")).content.decode()
    refus = client.post(adresse("acceptation", demande))
    assert refus.status_code == 409
    assert "dérogation" in refus.content.decode()
    client.post(adresse("acceptation", demande), {"derogation": "Fratrie déjà inscrite."})
    assert Passage.objects.get(demande=demande, verbe="accepter").derogation == "Fratrie déjà inscrite."


def test_une_famille_ne_trouve_pas_le_guichet(client, roussel, demande):
    client.force_login(roussel.compte)
    assert client.get(reverse("guichet:demandes")).status_code == 404
    for nom in ("demande", "acceptation", "refus", "attente", "renvoi"):
        assert client.post(adresse(nom, demande)).status_code in (404, 405)
        assert client.get(adresse(nom, demande)).status_code in (404, 405)
    demande.refresh_from_db()
    assert demande.etat == "deposee"


def test_l_animation_ne_lit_pas_les_demandes_et_n_en_decide_pas(guichet, demande):
    client = guichet(gens.lucas())
    assert client.get(adresse("demande", demande)).status_code == 403
    assert client.post(adresse("acceptation", demande)).status_code == 403


def test_un_agent_limite_a_un_centre_ne_voit_pas_les_autres(guichet, karim, demande):
    ailleurs = monde.activite("bouchard")
    ailleurs.centre.agents.add(karim)
    client = guichet(karim)
    assert "Élio" not in client.get(reverse("guichet:demandes")).content.decode()
    assert client.get(adresse("demande", demande)).status_code == 404
    assert client.post(adresse("acceptation", demande)).status_code == 404
    ailleurs.centre.agents.clear()
    assert client.get(adresse("demande", demande)).status_code == 200


@pytest.mark.parametrize(
    ("requete", "attendues"),
    [
        ("", {"elio", "malo"}),
        ("recherche=elio", {"elio"}),
        ("recherche=FAUVEL", {"malo"}),
        ("recherche=FAM-00002", {"malo"}),
        ("recherche=introuvable", set()),
        ("nature=reservation", {"elio", "malo"}),
        ("nature=annulation", set()),
        ("nature=inventee&activite=x&age=9&vue=z&page=zzz", {"elio", "malo"}),
        ("age=1", set()),
        ("vue=traitees", set()),
    ],
)
def test_les_filtres(guichet, karim, demande, fauvel, chaveignes, requete, attendues):
    autre = monde.demander(fauvel, fauvel.malo, chaveignes, monde.mercredis(1))
    reponse = guichet(karim).get(f"{reverse('guichet:demandes')}?{requete}")
    assert reponse.status_code == 200
    vues = {ligne.demande.pk for ligne in reponse.context["lignes"]}
    assert vues == {{"elio": demande.pk, "malo": autre.pk}[nom] for nom in attendues}


@pytest.mark.parametrize("nombre", [3, 45])
def test_la_file_coute_autant_quelle_que_soit_sa_longueur(
    guichet, karim, chaveignes, nombre, django_assert_max_num_queries
):
    faites = monde.beaucoup(nombre, chaveignes, monde.mercredis(4))
    client = guichet(karim)
    client.get(reverse("guichet:demandes"))
    with django_assert_max_num_queries(15):
        client.get(reverse("guichet:demandes"))
    with django_assert_max_num_queries(18):
        client.get(adresse("demande", faites[-1]))


def test_un_lot_accepte_ce_que_la_regle_accepte(guichet, karim, chaveignes, demande, fauvel):
    autre = monde.demander(fauvel, fauvel.malo, chaveignes, monde.mercredis(2))
    autre.depose_le = autre.depose_le.replace(month=12, day=1)
    autre.save()
    client = guichet(karim)
    page = client.get(reverse("guichet:lot")).content.decode()
    assert f'value="{demande.pk}" checked' in page
    assert "était possible jusqu" in page
    assert client.post(reverse("guichet:lot"), {}).status_code == 422
    fait = client.post(reverse("guichet:lot"), {"demande": [demande.pk, autre.pk, "zz", "999999"]})
    assert "1 demande acceptée" in fait.content.decode()
    demande.refresh_from_db()
    autre.refresh_from_db()
    assert (demande.etat, autre.etat) == ("acceptee", "deposee")


def test_un_agent_limite_n_accepte_pas_par_lot_ailleurs(guichet, karim: Agent, demande):
    ailleurs = monde.activite("bouchard")
    ailleurs.centre.agents.add(karim)
    assert guichet(karim).post(reverse("guichet:lot"), {"demande": [demande.pk]}).status_code == 422
    demande.refresh_from_db()
    assert demande.etat == "deposee"
