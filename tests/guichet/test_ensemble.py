"""« Ensemble sinon rien »: the agent who decides for one child, or reads the day's list, knows of the others."""

import pytest
from django.urls import reverse

from marelle.activites.models import Jauge
from marelle.demandes import depot, panier
from marelle.demandes.decision import accepter, refuser
from marelle.demandes.ensemble import autres, avec_qui, lier
from marelle.demandes.models import Demande
from tests import distribution as gens

from . import monde

MERCREDI = monde.PREMIER_MERCREDI


def nu(page):
    return page.content.decode().replace("\xa0", " ").replace("\u202f", " ")


@pytest.fixture
def liees(chaveignes, roussel):
    """Anouk and Élio asked for two Wednesdays, together or not at all; their demandes."""
    Jauge.objects.update(places=10)
    for enfant in (roussel.anouk, roussel.elio):
        for jour in monde.mercredis(2):
            panier.basculer(roussel.famille, enfant, chaveignes.unites.get(code="journee"), jour)
    lier(roussel.famille, ensemble=True)
    depot.deposer_panier(roussel.famille, depot.panier_de(roussel.famille).jeton, roussel.auteur)
    return {une.enfant.prenom: une for une in Demande.objects.select_related("enfant").order_by("pk")}


def page_de(client, demande):
    return nu(client.get(reverse("guichet:demande", args=[demande.pk])))


def test_la_page_d_une_demande_dit_les_autres_et_ce_qu_elles_deviennent(guichet, karim, liees):
    anouk, elio = liees["Anouk"], liees["Élio"]
    page = page_de(guichet(karim), elio)
    assert "Ensemble sinon rien" in page
    assert (
        f'href="/guichet/demandes/{anouk.pk}/">Anouk Roussel-Lemoine</a>, Chaveignes mercredis, {anouk.numero}' in page
    )
    refuser(anouk.pk, gens.auteur_agent(karim), "Complet.")
    encadre = page_de(guichet(karim), elio).split("Ensemble sinon rien")[1].split("</ul>")[0]
    assert "Refusée" in encadre


def test_la_file_et_le_lot_le_disent(guichet, karim, liees, fauvel, chaveignes):
    monde.demander(fauvel, fauvel.malo, chaveignes, monde.mercredis(1))
    client = guichet(karim)
    assert nu(client.get("/guichet/")).count("· ensemble sinon rien") == 2  # not Malo's
    assert nu(client.get("/guichet/demandes/lot/")).count("· ensemble sinon rien") == 2


def test_une_demande_seule_n_en_dit_rien(guichet, karim, fauvel, chaveignes):
    une = monde.demander(fauvel, fauvel.malo, chaveignes, monde.mercredis(1))
    assert autres(une) == []
    assert "nsemble" not in page_de(guichet(karim), une)


def test_un_agent_limite_n_a_pas_de_lien_vers_ce_qu_il_ne_voit_pas(guichet, karim, liees, chaveignes):
    ailleurs = monde.activite("bouchard")
    Demande.objects.filter(pk=liees["Anouk"].pk).update(activite=ailleurs)
    chaveignes.centre.agents.add(karim)
    page = page_de(guichet(karim), liees["Élio"])
    assert "Anouk Roussel-Lemoine, Bouchard mercredis" in page
    assert f"/guichet/demandes/{liees['Anouk'].pk}/" not in page


def test_la_liste_du_jour_dit_avec_qui(guichet, karim, liees, fauvel, chaveignes, roussel):
    accepter(liees["Élio"].pk, gens.auteur_agent(karim))
    assert avec_qui(MERCREDI) == {}  # Anouk is not booked: nobody comes with him
    accepter(liees["Anouk"].pk, gens.auteur_agent(karim))
    autre = monde.demander(fauvel, fauvel.malo, chaveignes, monde.mercredis(1))
    accepter(autre.pk, gens.auteur_agent(karim))
    assert avec_qui(MERCREDI) == {roussel.elio.pk: ["Anouk"], roussel.anouk.pk: ["Élio"]}
    page = nu(guichet(gens.lucas()).get("/guichet/liste-du-jour/"))
    assert "ensemble avec Anouk" in page
    assert page.count("ensemble avec") == 2
