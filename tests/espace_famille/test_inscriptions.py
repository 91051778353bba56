"""*Inscriptions*: the calendar of six states, and a booked day cancelled from it, at once where a rule decides."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from marelle.activites.models import Periode
from marelle.demandes import panier
from marelle.demandes.depot import panier_de
from marelle.demandes.direct import Choix, inscrire
from marelle.demandes.models import Demande, Passage
from marelle.demandes.verification import verifier
from marelle.reservations.models import Reservation
from tests.distribution import Foyer, auteur_agent, famille_fauvel, karim
from tests.espace_famille.test_grille import famille, photo
from tests.espace_famille.test_pages import requetes
from tests.monde import portail, reserver, roussel_prets, unite

pytestmark = pytest.mark.base
LUNDI, MARDI = date(2026, 12, 7), date(2026, 12, 8)


@pytest.fixture
def roussel(db: None, horloge: Callable[[str], object]) -> Foyer:
    horloge("2026-11-18 10:00")
    portail("terres-val-de-loire")
    agent = auteur_agent(karim())
    foyer = roussel_prets()
    reserver(foyer, foyer.elio, unite("garderie-olm", "matin"), LUNDI)  # type: ignore[arg-type]
    reserver(foyer, foyer.elio, unite("garderie-olm", "apres-midi"), LUNDI)  # type: ignore[arg-type]
    inscrire(Choix(foyer.famille, foyer.elio, unite("cantine-olm", "repas"), [MARDI]), agent)  # type: ignore[arg-type]
    return foyer


def page(foyer: Foyer, suite: str = "") -> str:
    return famille(foyer).get(f"/calendrier/?enfant={foyer.elio.pk}&mois=2026-12{suite}").content.decode()


def annuler(foyer: Foyer, reservation: Reservation):  # type: ignore[no-untyped-def]
    return famille(foyer).post(f"/calendrier/annulation/{reservation.pk}/")


def test_six_etats_avec_leurs_mots_et_les_deux_types(roussel: Foyer) -> None:
    en_ligne, directes = page(roussel), page(roussel, "&type=directes")
    for mot in ("En attente", "Sur liste d’attente", "validée par le centre", "Annulée par le centre", "Refusée par"):
        assert mot in en_ligne
    assert 'data-etat="reserve"' in en_ligne.split('class="legende"')[0]
    assert 'data-etat="direct"' not in en_ligne.split('class="legende"')[0]
    assert 'data-etat="direct"' in directes.split('class="legende"')[0]
    assert "Préinscriptions en ligne" in en_ligne


def test_une_activite_se_cache_et_revient(roussel: Foyer) -> None:
    garderie = unite("garderie-olm", "matin").activite_id
    cachee = page(roussel, f"&sauf={garderie}")
    assert 'data-etat="reserve"' not in cachee.split('class="legende"')[0]
    assert "Montrer" in cachee


def test_annuler_est_immediat_quand_la_regle_le_permet(roussel: Foyer) -> None:
    panier.basculer(roussel.famille, roussel.elio, unite("cantine-olm", "repas"), LUNDI)  # type: ignore[arg-type]
    matin = Reservation.objects.get(ouverture__unite__code="matin")
    question = famille(roussel).get(f"/calendrier/annulation/{matin.pk}/").content.decode()
    assert "Voulez-vous annuler l’inscription Garderie périscolaire OLM du lundi 7 décembre" in question
    assert "Valider l’annulation" in question
    client = famille(roussel)
    reponse = client.post(f"/calendrier/annulation/{matin.pk}/", follow=True)
    assert "L’inscription a bien été annulée." in reponse.content.decode()
    matin.refresh_from_db()
    assert matin.etat == "annulee"
    assert Reservation.objects.get(ouverture__unite__code="apres-midi").etat == "reservee"
    demande = Demande.objects.get(nature="annulation")
    assert demande.etat == "acceptee"
    assert list(Passage.objects.filter(demande=demande).values_list("verbe", "acteur")) == [
        ("deposer", "famille"), ("accepter", "regle"),
    ]  # fmt: skip
    assert len(panier.lignes_du_panier(roussel.famille)) == 1, "ce qui était au panier y reste"
    assert verifier() == []


def test_le_service_le_voit_dans_les_traitees(roussel: Foyer) -> None:
    from marelle.comptes.models import Compte

    annuler(roussel, Reservation.objects.get(ouverture__unite__code="matin"))
    bureau = Client()
    bureau.force_login(Compte.objects.get(username="karim"))
    numero = Demande.objects.get(nature="annulation").numero
    assert numero in bureau.get("/guichet/?vue=traitees").content.decode()


def test_annuler_deux_fois(roussel: Foyer) -> None:
    matin = Reservation.objects.get(ouverture__unite__code="matin")
    annuler(roussel, matin)
    avant = photo()
    assert annuler(roussel, matin).status_code == 404
    assert photo() == avant


def test_annuler_chez_les_autres(roussel: Foyer) -> None:
    fauvel = famille_fauvel()
    avant = photo()
    matin = Reservation.objects.get(ouverture__unite__code="matin")
    assert annuler(fauvel, matin).status_code == 404
    assert famille(fauvel).get(f"/calendrier/annulation/{matin.pk}/").status_code == 404
    assert photo() == avant


def test_annuler_trop_tard_dit_pourquoi(roussel: Foyer, horloge: Callable[[str], object]) -> None:
    horloge("2026-12-07 06:00")
    matin = Reservation.objects.get(ouverture__unite__code="matin")
    avant = photo()
    question = famille(roussel).get(f"/calendrier/annulation/{matin.pk}/").content.decode()
    assert "Valider l’annulation" not in question
    assert "Voulez-vous annuler" not in question, "une question sans réponse"
    centre = matin.activite.centre
    assert f'{centre.nom}\N{NO-BREAK SPACE}: <a href="tel:' in question, "« Appelez le centre » dit à quel numéro"
    assert f">{centre.telephone}</a>" in question
    assert "Revenir à mes inscriptions" in question
    assert annuler(roussel, matin).status_code == 409
    assert photo() == avant


def test_un_jour_passe_ne_propose_pas_de_s_annuler(roussel: Foyer, horloge: Callable[[str], object]) -> None:
    assert page(roussel).count("/calendrier/annulation/") == 2, "les deux de lundi, dans la liste"
    horloge("2026-12-08 06:00")
    passee = page(roussel)
    assert "Lundi 7 décembre" in passee
    assert "/calendrier/annulation/" not in passee


def test_ou_le_centre_decide_c_est_une_demande(roussel: Foyer) -> None:
    mercredi = date(2026, 12, 16)
    reserver(roussel, roussel.elio, unite("meung-mercredis"), mercredi)  # type: ignore[arg-type]
    annuler(roussel, Reservation.objects.get(date=mercredi))
    assert Demande.objects.get(nature="annulation").etat == "deposee"
    assert Reservation.objects.get(date=mercredi).etat == "reservee"
    assert "Une demande est déjà en cours" in annuler(roussel, Reservation.objects.get(date=mercredi)).content.decode()


def test_le_calendrier_tient_son_budget(roussel: Foyer) -> None:
    client = famille(roussel)
    chemin = f"/calendrier/?enfant={roussel.elio.pk}&mois=2026-12"
    client.get(chemin)
    with CaptureQueriesContext(connection) as contexte:
        client.get(chemin)
    assert len(requetes(contexte)) <= 12, requetes(contexte)


def test_pre_inscrire_au_meme_moment_qu_ailleurs_se_dit(roussel: Foyer) -> None:
    """The grid has no cart where it would be said: the receipt says it, and the days are sent as they were asked."""
    client, villermain = famille(roussel), unite("garderie-villermain", "matin")
    periode = Periode.objects.get(temps="periscolaire", debut__lte=LUNDI, fin__gte=LUNDI).code
    adresse = f"/pre-inscription/grille/?enfant={roussel.elio.pk}&activite={villermain.activite_id}&periode={periode}"
    coches = [f"{villermain.pk}-{le}" for le in (LUNDI, MARDI)]
    jeton = panier_de(roussel.famille).jeton  # type: ignore[arg-type]
    reponse = client.post(adresse, {"c": coches, "jeton": str(jeton), "suite": "sortir"}, follow=True)
    page = reponse.content.decode().replace("\N{NO-BREAK SPACE}", " ")
    assert "Au même moment, Élio a déjà Garderie périscolaire OLM, matin : ne gardez que l’un des deux (lun. 7" in page
    assert "mar. 8 décembre, matin)" not in page, "le mardi, il n’a que la cantine"
    assert Demande.objects.get(activite=villermain.activite, etat="deposee").jours.count() == 2
