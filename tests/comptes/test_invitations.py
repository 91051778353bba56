"""An invitation opens an access once: used, expired, replaced or unknown links say what to do."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, connections
from django.test import Client

from marelle.comptes.acces import (
    InvitationInutilisable,
    accepter_invitation,
    adresse_invitation,
    creer_invitation,
    envoyer_invitation,
)
from marelle.comptes.models import Agent, Compte, Invitation
from marelle.courriels.models import Courriel
from marelle.journal.models import Entree

CHOISIR = "/compte/invitation/"
CHOISI = "Cartable-2026!"
SAISIE = {"password1": CHOISI, "password2": CHOISI}


def suivre(navigateur: Client, jeton: str):
    return navigateur.get(adresse_invitation(jeton), follow=True)


def choisir(navigateur: Client, saisie: dict[str, str] = SAISIE):
    return navigateur.post(CHOISIR, saisie)


@pytest.fixture
def bob() -> Compte:
    """A parent who has never come: no usable password."""
    return Compte.objects.create_user("FAM-00007", "bob@familles.exemple")


def test_choisir_son_mot_de_passe_puis_etre_entre(bob: Compte, secretaire: Agent, navigateur: Client) -> None:
    invitation, jeton = creer_invitation(bob, secretaire)
    page = suivre(navigateur, jeton)
    assert page.redirect_chain == [(CHOISIR, 302)]
    assert "FAM-00007" in page.content.decode()
    assert "CC des Essais" in page.content.decode()
    assert choisir(navigateur).headers["Location"] == "/"
    assert navigateur.session["_auth_user_id"] == str(bob.pk)
    bob.refresh_from_db()
    invitation.refresh_from_db()
    assert bob.check_password(CHOISI)
    assert invitation.utilisee_le is not None
    assert invitation.par == secretaire
    actions = list(Entree.objects.order_by("pk").values_list("action", "acteur_nom"))
    assert actions == [("compte.invitation", "Camille Aubert"), ("compte.ouverture", "FAM-00007")]


def test_le_jeton_n_est_garde_nulle_part(bob: Compte) -> None:
    invitation, jeton = creer_invitation(bob, None)
    assert jeton not in str(Invitation.objects.values().get(pk=invitation.pk))
    assert len(jeton.replace("-", "")) == 24


def test_recopie_d_un_courrier(bob: Compte, navigateur: Client) -> None:
    _, jeton = creer_invitation(bob, None)
    assert suivre(navigateur, jeton.upper().replace("-", " ")).status_code == 200


def test_ne_sert_qu_une_fois(bob: Compte, navigateur: Client) -> None:
    _, jeton = creer_invitation(bob, None)
    deja_ouverte = Client()
    suivre(deja_ouverte, jeton)
    suivre(navigateur, jeton)
    choisir(navigateur)
    for reponse in (suivre(Client(), jeton), choisir(deja_ouverte)):
        assert reponse.status_code == 410
        assert "déjà servi" in reponse.content.decode()


def test_expire(bob: Compte, navigateur: Client, horloge) -> None:
    temps = horloge("2026-11-02 08:00")
    _, jeton = creer_invitation(bob, None, duree=timedelta(days=30))
    temps.shift(30 * 24 * 3600 - 60)
    assert suivre(navigateur, jeton).status_code == 200
    temps.shift(60)
    reponse = choisir(navigateur)
    assert reponse.status_code == 410
    assert "expiré le 2 décembre 2026" in reponse.content.decode()
    bob.refresh_from_db()
    assert not bob.has_usable_password()


def test_une_nouvelle_annule_l_ancienne(bob: Compte, navigateur: Client) -> None:
    _, ancien = creer_invitation(bob, None)
    _, nouveau = creer_invitation(bob, None)
    reponse = suivre(navigateur, ancien)
    assert reponse.status_code == 410
    assert "remplacé" in reponse.content.decode()
    assert suivre(navigateur, nouveau).status_code == 200


def test_inconnue_ou_compte_ferme(bob: Compte, navigateur: Client) -> None:
    _, jeton = creer_invitation(bob, None)
    Compte.objects.update(is_active=False)
    for essai in (jeton, "abcd-efgh"):
        reponse = suivre(navigateur, essai)
        assert reponse.status_code == 404
        assert "existe pas" in reponse.content.decode()


def test_mot_de_passe_refuse_rien_n_est_perdu(bob: Compte, navigateur: Client) -> None:
    _, jeton = creer_invitation(bob, None)
    suivre(navigateur, jeton)
    for saisie in ({"password1": "court", "password2": "court"}, {**SAISIE, "password2": "autre"}, {}):
        assert choisir(navigateur, saisie).status_code == 422
    assert choisir(navigateur).status_code == 302


def test_quelqu_un_d_autre_etait_connecte(bob: Compte, alice: Compte, navigateur: Client) -> None:
    _, jeton = creer_invitation(bob, None)
    navigateur.force_login(alice)
    suivre(navigateur, jeton)
    choisir(navigateur)
    assert navigateur.session["_auth_user_id"] == str(bob.pk)


def test_par_e_mail_quand_il_y_a_une_adresse(bob: Compte) -> None:
    invitation, jeton = creer_invitation(bob, None)
    assert envoyer_invitation(invitation, jeton, dossier="famille:7")
    courriel = Courriel.objects.get()
    assert (courriel.destinataire, courriel.dossier) == ("bob@familles.exemple", "famille:7")
    assert jeton in courriel.texte
    bob.email = ""
    assert not envoyer_invitation(Invitation(compte=bob, expire_le=invitation.expire_le), jeton)


@pytest.mark.django_db(transaction=True)
def test_deux_fois_au_meme_instant() -> None:
    bob = Compte.objects.create_user("FAM-00007", "bob@familles.exemple")
    _, jeton = creer_invitation(bob, None)
    depart, resultats = threading.Barrier(4), []

    def accepter(rang: int) -> None:
        depart.wait()
        try:
            accepter_invitation(jeton, f"Cartable-2026-{rang}")
            resultats.append(rang)
        except InvitationInutilisable:
            resultats.append(None)
        finally:
            connections.close_all()

    fils = [threading.Thread(target=accepter, args=(rang,)) for rang in range(4)]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join()
    gagnants = [rang for rang in resultats if rang is not None]
    assert len(resultats) == 4
    assert len(gagnants) == 1
    bob.refresh_from_db()
    assert bob.check_password(f"Cartable-2026-{gagnants[0]}")
    assert connection.vendor in {"sqlite", "postgresql"}


def test_sans_lien_la_page_le_dit(navigateur: Client) -> None:
    assert navigateur.get(CHOISIR).status_code == 404


def test_le_jeton_ne_passe_pas_dans_les_journaux(bob: Compte, navigateur: Client, caplog) -> None:
    _, jeton = creer_invitation(bob, None)
    suivre(navigateur, jeton)
    choisir(navigateur, {"password1": "court", "password2": "court"})
    assert "Unprocessable" in caplog.text
    assert jeton not in caplog.text
