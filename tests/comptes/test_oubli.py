"""A forgotten password: the same answer for everybody, a link that serves once, the address on file and no other."""

import re

import pytest
from django.test import Client

from marelle.comptes.acces import creer_invitation
from marelle.comptes.models import Compte, Invitation
from marelle.courriels.models import Courriel

from .conftest import MOT_DE_PASSE

OUBLIE = "/compte/mot-de-passe/oublie/"
NOUVEAU = "Tout-nouveau-2027"


def demander(navigateur: Client, saisie: str):
    return navigateur.post(OUBLIE, {"email": saisie}, follow=True)


def lien_recu() -> str:
    lien = re.search(r"http\S+", Courriel.objects.get(gabarit="mot_de_passe_oublie").texte)
    assert lien
    return lien.group().removeprefix("http://testserver")


@pytest.mark.parametrize("saisie", ["alice@familles.exemple", "fam-00001", "ALICE@familles.exemple"])
def test_ecrit_a_l_adresse_du_dossier(alice: Compte, navigateur: Client, saisie: str) -> None:
    demander(navigateur, saisie)
    courriel = Courriel.objects.get()
    assert courriel.destinataire == "alice@familles.exemple"
    assert "FAM-00001" in courriel.texte


def test_repond_la_meme_chose_a_un_inconnu(alice: Compte, navigateur: Client) -> None:
    Compte.objects.create_user("FAM-00003", "", MOT_DE_PASSE)
    pages = []
    for saisie in ("FAM-00001", "FAM-77777", "personne@ailleurs.exemple", "FAM-00003"):
        reponse = demander(navigateur, saisie)
        assert reponse.redirect_chain == [(f"{OUBLIE}envoye/", 302)]
        pages.append(reponse.content)
    assert len(set(pages)) == 1
    assert Courriel.objects.count() == 1


def test_une_adresse_partagee_recoit_un_message_par_compte(alice: Compte, navigateur: Client) -> None:
    Compte.objects.create_user("FAM-00002", alice.email, MOT_DE_PASSE)
    demander(navigateur, alice.email)
    textes = "\n".join(Courriel.objects.order_by("pk").values_list("texte", flat=True))
    assert Courriel.objects.count() == 2
    assert "FAM-00001" in textes
    assert "FAM-00002" in textes


def test_le_lien_sert_une_fois_et_signe_la_personne(alice: Compte, navigateur: Client) -> None:
    demander(navigateur, "FAM-00001")
    lien = lien_recu()
    formulaire = navigateur.get(lien, follow=True).redirect_chain[-1][0]
    assert navigateur.post(formulaire, {"password1": "court", "password2": "court"}).status_code == 422
    assert navigateur.post(formulaire, {"password1": NOUVEAU, "password2": NOUVEAU}).headers["Location"] == "/"
    alice.refresh_from_db()
    assert alice.check_password(NOUVEAU)
    assert Courriel.objects.filter(gabarit="mot_de_passe_change", destinataire=alice.email).count() == 1
    assert "ne fonctionne plus" in Client().get(lien, follow=True).content.decode()


def test_le_lien_expire_en_trois_heures(alice: Compte, navigateur: Client, horloge) -> None:
    temps = horloge("2026-11-20 10:00")
    demander(navigateur, "FAM-00001")
    temps.shift(3 * 3600 + 60)
    assert "ne fonctionne plus" in navigateur.get(lien_recu(), follow=True).content.decode()


def test_l_adresse_du_lien_est_celle_du_portail(alice: Compte, navigateur: Client, settings) -> None:
    settings.BASE_URL = "https://familles.essais.exemple"
    settings.ALLOWED_HOSTS = ["*"]
    navigateur.post(OUBLIE, {"email": "FAM-00001"}, headers={"host": "pirate.exemple"})
    texte = Courriel.objects.get().texte
    assert "https://familles.essais.exemple/compte/mot-de-passe/oublie/" in texte
    assert "pirate" not in texte


def test_un_nouveau_mot_de_passe_ferme_l_invitation_en_cours(alice: Compte, navigateur: Client) -> None:
    creer_invitation(alice, None)
    demander(navigateur, "FAM-00001")
    formulaire = navigateur.get(lien_recu(), follow=True).redirect_chain[-1][0]
    navigateur.post(formulaire, {"password1": NOUVEAU, "password2": NOUVEAU})
    assert not Invitation.objects.ouvertes().exists()


def test_trop_de_demandes_pour_un_meme_compte(alice: Compte, navigateur: Client) -> None:
    for _ in range(3):
        assert demander(navigateur, "FAM-00001").status_code == 200
    reponse = demander(navigateur, "FAM-00001")
    assert reponse.status_code == 429
    assert "quelques minutes" in reponse.content.decode()
