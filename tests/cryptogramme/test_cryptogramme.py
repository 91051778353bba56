"""The cryptogramme asks of each attempt one answer, once, in time; and it loses nothing of what was typed."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator

import pytest
from django import forms
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.test import Client

from marelle.comptes import phrases
from marelle.courriels.models import Courriel
from marelle.cryptogramme import defi
from marelle.cryptogramme.defi import Defi, Issue
from marelle.cryptogramme.formulaires import PHRASES, AvecCryptogramme
from marelle.cryptogramme.nombres import en_lettres, se_lit
from tests.distribution import MOT_DE_PASSE, Foyer, collectivite, famille_roussel

CONNEXION, OUBLI = "/compte/connexion/", "/compte/mot-de-passe/oublie/"
pytestmark = pytest.mark.base


@pytest.fixture
def roussel(db: None, horloge: Callable[[str], object]) -> Iterator[Foyer]:
    horloge("2026-11-18 10:00")
    collectivite("terres-val-de-loire")
    cache.clear()
    yield famille_roussel()
    cache.clear()


def defi_de(page: str) -> Defi:
    """The challenge that a page carries."""
    trouve = re.search(r'name="cryptogramme_jeton" value="([^"]+)"', page)
    assert trouve, "la page ne demande pas le cryptogramme"
    lu = defi.lire(trouve[1])
    assert isinstance(lu, Defi)
    return lu


def entrer(client: Client, un: Defi | None, *, reponse: str = "", preuve: str = "", mot_de_passe: str = MOT_DE_PASSE):  # type: ignore[no-untyped-def]
    saisie = {"login": "FAM-00001", "password": mot_de_passe}
    if un is not None:
        saisie |= {"cryptogramme_jeton": un.jeton, "cryptogramme_reponse": reponse, "cryptogramme_preuve": preuve}
    return client.post(CONNEXION, saisie)


def est_entre(client: Client) -> bool:
    return "_auth_user_id" in client.session


@pytest.mark.parametrize("de_quoi", ["chiffres", "mots", "calcul"])
def test_une_bonne_reponse_ouvre(roussel: Foyer, client: Client, de_quoi: str) -> None:
    un = defi_de(client.get(CONNEXION).content.decode())
    reponses = {"chiffres": {"reponse": f" {un.nombre} "}, "mots": {"reponse": un.question.title()}}
    reponse = entrer(client, un, **reponses.get(de_quoi, {"preuve": str(un.preuve)}))
    assert (reponse.status_code, reponse["Location"]) == (302, "/")
    assert est_entre(client)


@pytest.mark.parametrize(
    ("reponse", "preuve", "phrase"),
    [("", "", Issue.VIDE), ("12", "", Issue.FAUSSE), ("", "0", Issue.FAUSSE), ("x" * 5000, "-1", Issue.FAUSSE)],
)
def test_une_mauvaise_reponse_ne_regarde_pas_le_mot_de_passe(
    roussel: Foyer, client: Client, reponse: str, preuve: str, phrase: Issue
) -> None:
    un = defi_de(client.get(CONNEXION).content.decode())
    rendue = entrer(client, un, reponse=reponse, preuve=preuve)
    page = rendue.content.decode()
    assert rendue.status_code == 422
    assert rendue.context["form"].errors["cryptogramme"] == [PHRASES[phrase]]
    assert not rendue.context["form"].non_field_errors(), "le mot de passe n’a pas été essayé"
    assert 'value="FAM-00001"' in page
    assert MOT_DE_PASSE not in page
    assert defi_de(page).jeton != un.jeton, "un autre défi"
    assert not est_entre(client)


def test_sans_rien_envoyer_du_cryptogramme(roussel: Foyer, client: Client) -> None:
    assert entrer(client, None).status_code == 422
    assert not est_entre(client)


def test_un_defi_fabrique_ailleurs_ne_vaut_rien(roussel: Foyer, client: Client) -> None:
    un = defi_de(client.get(CONNEXION).content.decode())
    faux = Defi(un.jeton[:-2] + ("aa" if un.jeton[-2:] != "aa" else "bb"), un.sel)
    assert entrer(client, faux, preuve=str(un.preuve)).context["form"].non_field_errors() == [PHRASES[Issue.EXPIREE]]
    assert not est_entre(client)


def test_ne_sert_qu_une_fois_meme_apres_un_mauvais_mot_de_passe(roussel: Foyer, client: Client) -> None:
    un = defi_de(client.get(CONNEXION).content.decode())
    premiere = entrer(client, un, preuve=str(un.preuve), mot_de_passe="faux")
    assert premiere.context["form"].non_field_errors() == [phrases.MAUVAIS_COUPLE]
    assert defi_de(premiere.content.decode()).jeton != un.jeton
    seconde = entrer(client, un, preuve=str(un.preuve))
    assert seconde.status_code == 422
    assert seconde.context["form"].non_field_errors() == [PHRASES[Issue.SERVIE]]
    assert not est_entre(client)
    ailleurs = Client()
    assert entrer(ailleurs, un, reponse=str(un.nombre)).status_code == 422


def test_une_reponse_fausse_use_la_question(roussel: Foyer, client: Client) -> None:
    un = defi_de(client.get(CONNEXION).content.decode())
    entrer(client, un, reponse="100")
    assert entrer(client, un, reponse=str(un.nombre)).context["form"].non_field_errors() == [PHRASES[Issue.SERVIE]]


def test_expire_apres_une_demi_heure_et_ne_perd_que_le_mot_de_passe(
    roussel: Foyer, client: Client, horloge: Callable[[str], object]
) -> None:
    un = defi_de(client.get(CONNEXION).content.decode())
    horloge("2026-11-18 10:31")
    rendue = entrer(client, un, preuve=str(un.preuve))
    assert rendue.context["form"].non_field_errors() == [PHRASES[Issue.EXPIREE]]
    assert 'value="FAM-00001"' in rendue.content.decode()
    autre = defi_de(rendue.content.decode())
    assert entrer(client, autre, preuve=str(autre.preuve)).status_code == 302


def test_un_champ_oublie_ne_fait_pas_recommencer_le_cryptogramme(roussel: Foyer, client: Client) -> None:
    un = defi_de(client.get(CONNEXION).content.decode())
    rendue = entrer(client, un, reponse=str(un.nombre), mot_de_passe="")
    assert defi_de(rendue.content.decode()).jeton == un.jeton
    assert f'value="{un.nombre}"' in rendue.content.decode()
    assert entrer(client, un, reponse=str(un.nombre)).status_code == 302


def test_le_mot_de_passe_oublie_le_demande_aussi(roussel: Foyer, client: Client) -> None:
    un = defi_de(client.get(OUBLI).content.decode())
    assert client.post(OUBLI, {"email": "FAM-00001"}).status_code == 422
    assert not Courriel.objects.exists()
    saisie = {"email": "FAM-00001", "cryptogramme_jeton": un.jeton, "cryptogramme_preuve": str(un.preuve)}
    assert client.post(OUBLI, saisie).status_code == 302
    assert Courriel.objects.count() == 1
    assert client.post(OUBLI, saisie).status_code == 422
    assert not mail.outbox


def test_la_page_ne_dit_ni_la_preuve_ni_la_reponse_en_chiffres(roussel: Foyer, client: Client) -> None:
    page, autre = (client.get(CONNEXION).content.decode() for _ in range(2))
    un = defi_de(page)
    assert un.question in page
    propres = set(
        re.findall(r"\b\d+\b", autre)
    )  # what the page says whatever is asked: « 409 » of its settings, a size
    sans_jeton = page.replace(un.jeton, "").replace(un.cible, "")
    assert not {str(un.nombre), str(un.preuve)} & (set(re.findall(r"\b\d+\b", sans_jeton)) - propres)


def test_une_collectivite_qui_ne_l_a_pas_allume_ne_le_demande_pas(
    db: None, client: Client, horloge: Callable[[str], object]
) -> None:
    horloge("2026-11-18 10:00")
    collectivite("cc-tvv")
    famille_roussel()
    assert "cryptogramme" not in client.get(CONNEXION).content.decode().lower()
    assert entrer(client, None).status_code == 302


def test_n_importe_quel_formulaire_en_herite(roussel: Foyer) -> None:
    class Contact(AvecCryptogramme, forms.Form):
        message = forms.CharField()

    un = defi.nouveau()
    reponse = {"cryptogramme_jeton": un.jeton, "cryptogramme_preuve": str(un.preuve)}
    sans_message = Contact(reponse)
    assert not sans_message.is_valid()
    assert defi_de(str(sans_message)).jeton == un.jeton, "la preuve attend le reste"
    assert Contact(reponse | {"message": "Bonjour"}).is_valid()
    assert not Contact(reponse | {"message": "Bonjour"}).is_valid()


@pytest.mark.django_db(transaction=True)
def test_deux_envois_au_meme_instant_ne_passent_pas_tous_deux() -> None:
    un, reponses, depart = defi.nouveau(), [], threading.Barrier(4)

    def courir() -> None:
        depart.wait()
        reponses.append(defi.user(un))
        connection.close()

    coureurs = [threading.Thread(target=courir) for _ in range(4)]
    for coureur in coureurs:
        coureur.start()
    for coureur in coureurs:
        coureur.join()
    cache.clear()
    assert sorted(reponses) == [False, False, False, True]


@pytest.mark.parametrize(
    ("nombre", "mots"),
    [
        (101, "cent un"), (117, "cent dix-sept"), (121, "cent vingt et un"), (170, "cent soixante-dix"),
        (171, "cent soixante et onze"), (180, "cent quatre-vingts"), (181, "cent quatre-vingt-un"),
        (191, "cent quatre-vingt-onze"), (200, "deux cents"), (307, "trois cent sept"), (380, "trois cent quatre-vingts"),
        (999, "neuf cent quatre-vingt-dix-neuf"), (60, "soixante"), (61, "soixante et un"), (99, "quatre-vingt-dix-neuf"),
    ],
)  # fmt: skip
def test_les_nombres_en_lettres(nombre: int, mots: str) -> None:
    assert en_lettres(nombre) == mots
    assert se_lit(mots.upper().replace("-", " "), nombre)


def test_chaque_nombre_a_ses_mots() -> None:
    assert len({en_lettres(nombre) for nombre in range(1000)}) == 1000
    assert not se_lit("trois cent huit", 307)
    assert se_lit("3 0 7", 307)
