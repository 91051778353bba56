"""« Vos demandes » day by day, and the page that changes one while the service has not decided it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from marelle.demandes import decision
from marelle.demandes.accuse import donnees_de_l_accuse
from marelle.demandes.depot import deposer_panier, panier_de
from marelle.demandes.fiches import deposer
from marelle.demandes.models import Demande
from marelle.demandes.natures import Sujet
from marelle.demandes.panier import basculer
from marelle.demandes.verification import verifier
from tests.demandes import contenus
from tests.distribution import Foyer, auteur_agent, famille_fauvel, karim
from tests.monde import envoyer, portail, reserver, roussel_prets, unite

pytestmark = [pytest.mark.base, pytest.mark.django_db]
PREMIER, DEUXIEME, TROISIEME = date(2026, 12, 2), date(2026, 12, 9), date(2026, 12, 16)


@pytest.fixture
def roussel(horloge: Callable[[str], object]) -> Foyer:
    horloge("2026-11-18 10:00")
    portail("chablis")
    return roussel_prets()


@pytest.fixture
def demande(roussel: Foyer) -> Demande:
    return envoyer(roussel, roussel.elio, unite("chablis-mercredis"), PREMIER, DEUXIEME)[0]  # type: ignore[arg-type]


@pytest.fixture
def camille(roussel: Foyer) -> Client:
    client = Client()
    client.force_login(roussel.compte)
    return client


def net(reponse) -> str:
    return " ".join(reponse.content.decode().replace("\u00a0", " ").replace("\u202f", " ").split())


def postee(demande: Demande, **change: object) -> dict[str, object]:
    """The page as it was shown, with what is changed."""
    jours = {f"jour-{un.pk}": un.ouverture.unite_id for un in demande.jours.select_related("ouverture")}
    return {**jours, "le": "", "unite": unite("chablis-mercredis").pk, **change}


def test_vos_demandes_jour_par_jour_et_la_croix_en_retire_un(camille, roussel, demande):
    deposer(Sujet(roussel.famille, roussel.elio), {"fiche_enfant": contenus.FICHE_ENFANT}, roussel.auteur)
    page = net(camille.get("/demandes/"))
    assert "<h1>Vos demandes en attente</h1>" in page
    assert page.count("Inscription demandée") == 2
    assert "Mercredi 2 décembre" in page
    assert f"/demandes/{demande.pk}/modification/" in page
    assert f"/dossier/enfants/{roussel.elio.pk}/enfant/" in page, "une fiche se modifie sur sa page"
    assert ">Élio, Informations de l’enfant</a>" in page, "le mot de l’onglet, une fois"
    assert "Fiche d’information" not in page
    fiche = Demande.objects.get(nature="fiche_enfant")
    assert f"<p>Demande {fiche.numero}, déposée " in net(camille.get(f"/demandes/{fiche.pk}/"))
    jour = demande.jours.get(date=DEUXIEME)
    camille.post(f"/demandes/{demande.pk}/retrait", {"jour": jour.pk})
    assert net(camille.get("/demandes/")).count("Inscription demandée") == 1


def test_la_liste_tient_son_budget(camille, roussel, demande, django_assert_max_num_queries):
    envoyer(roussel, roussel.anouk, unite("chablis-mercredis"), PREMIER)
    camille.get("/demandes/")
    with django_assert_max_num_queries(12):
        camille.get("/demandes/")


def test_modifier_enleve_change_et_ajoute(camille, roussel, demande):
    page = net(camille.get(f"/demandes/{demande.pk}/modification/"))
    assert "Mercredi 2 décembre" in page
    assert "Retirer ce jour" in page
    premier, deuxieme = (demande.jours.get(date=le).pk for le in (PREMIER, DEUXIEME))
    matin = unite("chablis-mercredis", "matin").pk
    reponse = camille.post(
        f"/demandes/{demande.pk}/modification/",
        postee(demande, **{f"jour-{premier}": "", f"jour-{deuxieme}": matin, "le": "2026-12-16"}),
    )
    nouvelle = Demande.objects.filter(etat="deposee").exclude(pk=demande.pk).get()
    assert reponse.url == f"/accuses/{nouvelle.envoi_id}/"
    assert [un.date for un in nouvelle.jours.order_by("date")] == [DEUXIEME, TROISIEME]
    demande.refresh_from_db()
    assert demande.etat == "retiree"
    assert verifier() == []


def test_un_refus_montre_la_page_avec_ce_qui_est_ecrit(camille, demande):
    reponse = camille.post(f"/demandes/{demande.pk}/modification/", postee(demande, le="2026-12-17"))
    assert reponse.status_code == 409
    page = net(reponse)
    assert "n’ouvre pas le jeudi 17 décembre" in page
    assert "Rien n’a été changé" in page
    assert 'value="2026-12-17"' in page
    assert camille.post(f"/demandes/{demande.pk}/modification/", postee(demande, le="demain")).status_code == 422
    premier = demande.jours.order_by("date").first().pk
    etrangere = {f"jour-{premier}": unite("pontigny-mercredis").pk}
    assert camille.post(f"/demandes/{demande.pk}/modification/", postee(demande, **etrangere)).status_code == 422


def test_decidee_entre_temps_la_page_mene_a_la_reponse_et_rien_ne_change(camille, demande):
    donnees = postee(demande, le="2026-12-16")
    decision.accepter(demande.pk, auteur_agent(karim()))
    for reponse in (
        camille.get(f"/demandes/{demande.pk}/modification/"),
        camille.post(f"/demandes/{demande.pk}/modification/", donnees),
    ):
        assert reponse.url == f"/demandes/{demande.pk}/"
    assert "ne se modifie plus" in net(camille.get(f"/demandes/{demande.pk}/"))
    assert Demande.objects.get().jours.count() == 2
    assert f"/demandes/{demande.pk}/modification/" not in net(camille.get(f"/demandes/{demande.pk}/"))


def test_la_demande_d_une_autre_famille_ne_se_modifie_pas(demande):
    client = Client()
    client.force_login(famille_fauvel().compte)
    assert client.get(f"/demandes/{demande.pk}/modification/").status_code == 404
    assert client.post(f"/demandes/{demande.pk}/modification/", postee(demande, le="2026-12-16")).status_code == 404
    assert Demande.objects.get().jours.count() == 2


def test_la_deuxieme_page_garde_la_vue(camille, roussel, monkeypatch):
    from marelle.espace_famille.vues import demandes

    monkeypatch.setattr(demandes, "PAR_PAGE", 1)
    for enfant in (roussel.elio, roussel.anouk):
        [une] = envoyer(roussel, enfant, unite("chablis-mercredis"), PREMIER)
        decision.retirer(une.pk, roussel.auteur, roussel.famille.pk)
    assert "vue=historique&amp;sujet=tout&amp;page=2" in camille.get("/demandes/?vue=historique").content.decode()


def test_l_accuse_dit_ce_que_vaut_le_silence_pour_chaque_demande(camille, roussel):
    """Where silence refuses a booking and accepts an annulation, a cart that has both says both."""
    reserver(roussel, roussel.elio, unite("chablis-mercredis"), PREMIER)
    for jour in (PREMIER, DEUXIEME):
        basculer(roussel.famille, roussel.elio, unite("chablis-mercredis"), jour)
    mixte = deposer_panier(roussel.famille, panier_de(roussel.famille).jeton, roussel.auteur).envoi
    page = net(camille.get(f"/accuses/{mixte.pk}/"))
    assert "Sans réponse le lundi 18 janvier 2027, la demande de réservation est considérée comme refusée." in page
    assert "Sans réponse le lundi 18 janvier 2027, la demande d’annulation est considérée comme acceptée ;" in page
    assert donnees_de_l_accuse(mixte, "Camille")["suite"][-1].endswith("dans « Vos demandes ».")
    basculer(roussel.famille, roussel.elio, unite("chablis-mercredis"), TROISIEME)
    seule = deposer_panier(roussel.famille, panier_de(roussel.famille).jeton, roussel.auteur).envoi
    page = net(camille.get(f"/accuses/{seule.pk}/"))
    assert "la demande est considérée comme refusée." in page
    assert page.count("Sans réponse le") == 1
