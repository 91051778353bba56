"""A place comes free: who waits reads its rank, opens the e-mail's link on a telephone, and books by one tap; by the desk too."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

import pytest
from playwright.sync_api import Page, expect

from marelle.activites.models import Jauge
from marelle.comptes.models import Agent
from marelle.courriels.models import Courriel
from marelle.demandes import direct
from marelle.demandes.capacite import changer_les_places
from marelle.demandes.models import Demande
from marelle.demandes.verification import verifier
from marelle.reservations.models import Reservation
from tests.distribution import Foyer, auteur_agent, famille_fauvel, famille_lemoine, karim
from tests.monde import dossier_complet, envoyer, portail, reserver, roussel_prets, unite
from tests.salle.navigateur import sans_debordement, sans_defaut_axe
from tests.scenarios.conftest import MAINTENANT

pytestmark = [pytest.mark.navigateur, pytest.mark.base]
MERCREDI = date(2026, 12, 9)


@pytest.fixture
def attente(transactional_db: None, horloge: Callable[[str], object]) -> tuple[Foyer, Demande, Agent]:
    """One place on a Wednesday of the Val de Loire: Malo has it, Élio waits."""
    horloge(MAINTENANT)
    portail("terres-val-de-loire")
    agent, quoi = karim(), unite("meung-mercredis")
    roussel, fauvel = roussel_prets(), famille_fauvel()
    dossier_complet(fauvel, fauvel.malo)
    jauges = Jauge.objects.filter(activite=quoi.activite, date=MERCREDI).values_list("pk", flat=True)
    changer_les_places(dict.fromkeys(jauges, 1), agent)
    reserver(fauvel, fauvel.malo, quoi, MERCREDI)
    [demande] = envoyer(roussel, roussel.elio, quoi, MERCREDI)
    assert demande.etat == "liste_attente"
    return roussel, demande, agent


def test_le_lien_de_l_e_mail_reserve_d_un_geste(
    attente: tuple[Foyer, Demande, Agent],
    nouvelle_page: Callable[..., Page],
    connecter: Callable[..., None],
) -> None:
    roussel, demande, agent = attente
    page = nouvelle_page(360, 740, tactile=True)
    connecter(page, roussel.compte)
    page.goto(f"/demandes/{demande.pk}/")
    expect(page.get_by_role("heading", name="Dans la liste d’attente")).to_be_visible()
    expect(page.get_by_text("1er sur 1", exact=False).first).to_be_visible()
    expect(page.get_by_text("1 point : n’avoir encore aucune place")).to_be_visible()
    sans_defaut_axe(page)
    sans_debordement(page)

    malo = Reservation.objects.get(etat="reservee")
    quoi = unite("meung-mercredis")
    direct.desinscrire(direct.Choix(malo.famille, malo.enfant, quoi, [MERCREDI]), auteur_agent(agent))
    courriel = Courriel.objects.filter(gabarit="offre").earliest("pk")  # one to each parent
    lien = re.search(r"/place/\S+/", courriel.texte)
    assert lien is not None

    telephone = nouvelle_page(360, 740, tactile=True)
    telephone.goto(lien[0])
    expect(telephone.get_by_role("heading", level=1)).to_have_text("Une place s’est libérée pour Élio")
    sans_defaut_axe(telephone)
    sans_debordement(telephone)
    telephone.get_by_role("button", name="Accepter la place").tap()
    expect(telephone.get_by_role("heading", level=1)).to_contain_text("C’est réservé")
    sans_defaut_axe(telephone)
    assert Reservation.objects.filter(enfant=roussel.elio, etat="reservee", date=MERCREDI).exists()
    page.reload()
    expect(page.get_by_text("Acceptée").first).to_be_visible()
    assert verifier() == []


def test_le_guichet_change_un_rang_avec_sa_raison(
    attente: tuple[Foyer, Demande, Agent], nouvelle_page: Callable[..., Page], connecter: Callable[..., None]
) -> None:
    roussel, demande, agent = attente
    lemoine = famille_lemoine(roussel.anouk)
    [autre] = envoyer(lemoine, roussel.anouk, unite("meung-mercredis"), MERCREDI)
    assert autre.etat == "liste_attente"
    page = nouvelle_page(1280, 900)
    connecter(page, agent.compte)
    page.goto("/guichet/attente/")
    page.get_by_role("link", name="Mercredi 9 décembre").click()
    expect(page.get_by_text("1er sur 2")).to_be_visible()
    ligne = page.get_by_role("listitem").filter(has_text="Anouk")
    ligne.locator("summary").click()
    ligne.get_by_label("Nouveau rang").fill("1")
    ligne.get_by_role("button", name="Changer le rang").click()
    expect(ligne.get_by_text("Écrivez la raison : la famille la lira.", exact=True)).to_be_visible()
    sans_defaut_axe(page)
    ligne.get_by_label("Raison").fill("Son père est hospitalisé.")
    ligne.get_by_role("button", name="Changer le rang").click()
    expect(page.get_by_role("listitem").filter(has_text="Anouk")).to_contain_text("Rang modifié par le service")
    expect(page.get_by_role("listitem").filter(has_text="Anouk")).to_contain_text("1er sur 2")
    sans_defaut_axe(page)
    sans_debordement(page)
    assert demande.passages.count() == 2
