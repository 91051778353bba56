"""An adult, a child or an access for a household that the service knows already."""

import pytest
from django.urls import reverse

from marelle.comptes.models import Compte
from marelle.familles.models import Acces, Enfant, Famille
from marelle.journal.models import Entree
from tests import distribution as gens

MINA = {"prenom": "Mina", "nom": "Roussel", "date_naissance": "2020-05-04"}
SAM = {"prenom": "Sam", "nom": "Durand", "pays": "FR", "courriel": "sam@familles.exemple", "mobile": "06 12 34 56 99"}


def adresse(nom, famille):
    return reverse(f"guichet:{nom}", args=[famille.pk])


def test_un_enfant_se_dit_au_telephone(guichet, karim, roussel):
    client = guichet(karim)
    assert "Ajouter un enfant" in client.get(adresse("famille", roussel.famille)).content.decode()
    page = client.post(adresse("enfant_nouveau", roussel.famille), MINA, follow=True)
    assert "Mina Roussel est maintenant dans la famille" in page.content.decode().replace("\xa0", " ")
    enfant = roussel.famille.enfants.get(prenom="Mina")
    assert enfant.familles.get() == roussel.famille
    assert Entree.objects.filter(action="famille.ajout.enfant", objet_id=str(enfant.pk)).count() == 1


def test_le_meme_enfant_ne_s_ajoute_pas_deux_fois(guichet, karim, roussel):
    client = guichet(karim)
    client.post(adresse("enfant_nouveau", roussel.famille), MINA)
    refus = client.post(adresse("enfant_nouveau", roussel.famille), {**MINA, "prenom": "mina"})
    assert refus.status_code == 409
    assert "est déjà dans cette famille" in refus.content.decode()
    assert Enfant.objects.filter(prenom__iexact="mina").count() == 1


def test_l_enfant_d_un_autre_foyer_se_verifie_d_abord(guichet, karim, roussel, fauvel):
    client, malo = guichet(karim), fauvel.malo
    saisi = {"prenom": malo.prenom, "nom": malo.nom, "date_naissance": malo.date_naissance.isoformat()}
    page = client.post(adresse("enfant_nouveau", roussel.famille), saisi)
    assert page.status_code == 422
    assert fauvel.famille.numero in page.content.decode()
    assert not roussel.famille.enfants.filter(prenom=malo.prenom).exists()
    client.post(adresse("enfant_nouveau", roussel.famille), {**saisi, "malgre_les_doublons": "on"})
    assert roussel.famille.enfants.filter(prenom=malo.prenom).exists()


def test_un_adulte_de_plus_a_son_acces_ou_chacun_a_le_sien(guichet, karim, roussel):
    chacun = roussel.famille.acces.filter(responsable__isnull=False).exists()
    guichet(karim).post(adresse("adulte_nouveau", roussel.famille), SAM)
    sam = roussel.famille.responsables.get(prenom="Sam")
    assert not sam.est_principal
    assert sam.rang == max(roussel.famille.responsables.values_list("rang", flat=True))
    assert Acces.objects.filter(responsable=sam).exists() is chacun


@pytest.mark.parametrize("nom", ["adulte_nouveau", "enfant_nouveau"])
def test_ce_qui_manque_se_dit_et_rien_ne_se_perd(guichet, karim, roussel, nom):
    page = guichet(karim).post(adresse(nom, roussel.famille), {"prenom": "Zoé"})
    assert page.status_code == 422
    assert 'value="Zoé"' in page.content.decode()
    assert "À remplir." in page.content.decode()


def test_une_famille_venue_sans_acces_en_recoit_un(guichet, karim, roussel):
    sans = Famille.objects.create(nom="Sansaccès", numero="FAM-09999")
    client = guichet(karim)
    refus = client.post(adresse("acces_nouveau", sans), follow=True).content.decode()
    assert "Ajoutez d’abord un adulte" in refus
    client.post(adresse("adulte_nouveau", sans), SAM)
    assert "Donner un accès" in client.get(adresse("famille", sans)).content.decode()
    page = client.post(adresse("acces_nouveau", sans), follow=True).content.decode()
    assert "invitez-la ci-dessous" in page
    assert "Inviter par e-mail" in page
    assert Compte.objects.get(acces__famille=sans).email == SAM["courriel"]
    client.post(adresse("acces_nouveau", sans))
    assert sans.acces.count() == 1


def test_il_faut_le_droit(guichet, roussel):
    client = guichet(gens.lucas())
    for nom in ("adulte_nouveau", "enfant_nouveau", "acces_nouveau"):
        assert client.post(adresse(nom, roussel.famille), MINA).status_code == 403
