"""A confirmed *fiche de pré-inscription* at the desk: a family is created and invited, or told why not, once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from marelle.comptes.models import Compte
from marelle.courriels.models import Courriel
from marelle.familles.models import Famille
from marelle.scolarite import pre_inscription as fiches
from marelle.scolarite.models import PreInscription
from marelle.socle.erreurs import Refus
from marelle.socle.horloge import maintenant
from tests.distribution import famille_roussel, karim, lucas
from tests.scolarite.monde import confirmee, deposee, dit, envoyer, secret

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("ouverte")]


def test_accepter_cree_la_famille_et_l_invite(client: Client) -> None:
    fiche = confirmee(client, adulte2__prenom="Karim", adulte2__nom="Da Costa")
    client.force_login(karim().compte)
    assert "Pré-inscriptions (1)" in dit(client.get("/guichet/"))
    assert "Belkacem et Da Costa" in dit(client.get("/guichet/pre-inscriptions/"))
    page = dit(client.get(f"/guichet/pre-inscriptions/{fiche.pk}/"))
    for mot in ("3 rue du Lavoir, 38110 Bourg-Exemple", "Sami Belkacem", "3 mai 2022", "Mercredis et École"):
        assert mot in page
    reponse = client.post(f"/guichet/pre-inscriptions/{fiche.pk}/acceptation")
    famille = Famille.objects.get()
    assert reponse.url == f"/guichet/familles/{famille.pk}/"
    assert [un.prenom for un in famille.enfants.order_by("pk")] == ["Sami"]
    assert [un.prenom for un in famille.responsables.order_by("rang")] == ["Nour", "Karim"]
    fiche.refresh_from_db()
    assert (fiche.etat, fiche.famille) == ("acceptee", famille)
    gabarits = set(Courriel.objects.filter(destinataire="nour@exemple.fr").values_list("gabarit", flat=True))
    assert {"pre_inscription_acceptee", "invitation"} <= gabarits
    assert Compte.objects.get(acces__famille=famille).email == "nour@exemple.fr"


def test_le_pays_de_l_adresse_se_lit_au_guichet_et_passe_au_foyer(client: Client) -> None:
    fiche = confirmee(
        client, adulte1__code_postal="1050", adulte1__commune="Ixelles", adulte1__pays="BE", adulte2__prenom="Karim",
        adulte2__nom="Da Costa",
    )  # fmt: skip
    client.force_login(karim().compte)
    assert "1 enfant, Ixelles, BELGIQUE" in dit(client.get("/guichet/pre-inscriptions/"))
    assert "3 rue du Lavoir, 1050 Ixelles, BELGIQUE" in dit(client.get(f"/guichet/pre-inscriptions/{fiche.pk}/"))
    client.post(f"/guichet/pre-inscriptions/{fiche.pk}/acceptation")
    famille = Famille.objects.get()
    nour, autre = famille.responsables.order_by("rang")
    assert (nour.pays, nour.ville) == ("BE", "1050 Ixelles, BELGIQUE")
    assert (autre.pays, autre.ville) == ("FR", "")
    foyer = dit(client.get(f"/guichet/familles/{famille.pk}/"))
    assert "BELGIQUE" in foyer


def test_une_fiche_ecrite_avant_les_pays_est_en_france() -> None:
    fiche = deposee()
    assert "pays" not in fiche.contenu["adultes"][0]
    [adulte] = fiches.accepter(fiche.pk, karim()).responsables.all()
    assert adulte.pays == "FR"


def test_un_doublon_est_montre_et_se_verifie(client: Client) -> None:
    foyer = famille_roussel()
    fiche = confirmee(
        client, adulte1__courriel="Camille@familles.exemple", adulte1__prenom="Élio", enfant1__prenom="ELIO",
        enfant1__date_naissance="2019-09-02",
    )  # fmt: skip
    client.force_login(karim().compte)
    page = dit(client.get(f"/guichet/pre-inscriptions/{fiche.pk}/"))
    assert "Peut-être déjà connue" in page
    assert "même adresse e-mail que Camille Roussel" in page
    assert "Élio Roussel, même prénom et même date de naissance" in page
    refus = client.post(f"/guichet/pre-inscriptions/{fiche.pk}/acceptation")
    assert refus.status_code == 409
    assert "vérifiez, puis cochez la case" in dit(refus)
    assert Famille.objects.get() == foyer.famille
    assert (
        client.post(f"/guichet/pre-inscriptions/{fiche.pk}/acceptation", {"malgre_les_doublons": "on"}).status_code
        == 302
    )
    assert Famille.objects.count() == 2


def test_refuser_dit_pourquoi(client: Client) -> None:
    fiche = confirmee(client)
    client.force_login(karim().compte)
    adresse = f"/guichet/pre-inscriptions/{fiche.pk}/refus"
    vide = client.post(adresse, {"motif": "  "})
    assert vide.status_code == 422
    assert "Écrivez le motif" in dit(vide)
    assert client.post(adresse, {"motif": "Vous avez déjà un accès."}).status_code == 302
    assert "Vous avez déjà un accès." in Courriel.objects.get(gabarit="pre_inscription_refusee").texte
    assert not Famille.objects.exists()


def test_une_reponse_ne_se_donne_qu_une_fois(client: Client) -> None:
    fiche = confirmee(client)
    agent = karim()
    fiches.accepter(fiche.pk, agent)
    client.force_login(agent.compte)
    assert client.post(f"/guichet/pre-inscriptions/{fiche.pk}/acceptation").status_code == 409
    assert client.post(f"/guichet/pre-inscriptions/{fiche.pk}/refus", {"motif": "Trop tard."}).status_code == 409
    assert Famille.objects.count() == 1


def test_ce_qui_n_est_pas_confirme_n_existe_pas_au_guichet(client: Client) -> None:
    fiche = envoyer(client)
    agent = karim()
    client.force_login(agent.compte)
    assert client.get(f"/guichet/pre-inscriptions/{fiche.pk}/").status_code == 404
    assert client.post(f"/guichet/pre-inscriptions/{fiche.pk}/acceptation").status_code == 404
    assert "Belkacem" not in dit(client.get("/guichet/pre-inscriptions/"))
    with pytest.raises(Refus):
        fiches.accepter(fiche.pk, agent)


def test_seul_le_service_y_entre_et_seul_qui_peut_decide(client: Client) -> None:
    fiche = confirmee(client)
    client.force_login(famille_roussel().compte)
    assert client.get("/guichet/pre-inscriptions/").status_code == 404
    assert client.post(f"/guichet/pre-inscriptions/{fiche.pk}/acceptation").status_code == 404
    client.force_login(lucas().compte)
    assert client.get("/guichet/pre-inscriptions/").status_code == 403
    assert client.post(f"/guichet/pre-inscriptions/{fiche.pk}/acceptation").status_code == 403
    assert PreInscription.objects.get().etat == "deposee"


@pytest.mark.parametrize("etat", ["deposee", "acceptee", "refusee", "inconnu"])
def test_la_base_refuse_un_etat_qui_ne_va_pas_avec_le_reste(client: Client, etat: str) -> None:
    fiche = envoyer(client)
    with pytest.raises(IntegrityError), transaction.atomic():
        PreInscription.objects.filter(pk=fiche.pk).update(etat=etat)


def test_les_fiches_viennent_par_ordre_d_arrivee(client: Client, horloge: Callable[[str], object]) -> None:
    premiere = envoyer(client, adulte1__nom="Aubrée")
    lien = secret()
    confirmee(client, adulte1__nom="Zanetti", adulte1__courriel="z@exemple.fr")
    horloge("2026-11-18 11:00")
    fiches.confirmer(lien)
    assert [une.pk for une in fiches.recues()][-1] == premiere.pk
    assert maintenant() - fiches.recues()[0].confirmee_le == timedelta(hours=1)  # type: ignore[operator]
