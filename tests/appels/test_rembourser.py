"""A day paid when booking and cancelled is given back once: the list empties by it, and what other days keep is never given."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from marelle.appels.a_rendre import a_proposer, remboursable
from marelle.appels.selection import a_suivre
from marelle.creances.models import Paiement
from marelle.creances.soldes import solde
from marelle.creances.verification import verifier
from marelle.demandes.non_payees import finir_les_non_payees
from marelle.regie.remboursements import Demande, rembourser
from marelle.socle.erreurs import Refus
from marelle.socle.horloge import aujourdhui
from tests.demandes.monde import demander, envoyer

from .conftest import Monter
from .monde import MIDI, Scene, plus_tard

pytestmark = pytest.mark.django_db
LISTE = "/guichet/finances/regie/1/reservations/"
REMBOURSE = '{ delai_minutes = 60, annulee = "remboursement" }'


def rendre(scene: Scene, montant: int, jeton: str = "r1") -> Paiement:
    demande = Demande("virement", montant, aujourdhui(), jeton, "Jour annulé", "VIR 1")
    return rembourser(scene.regie, scene.payeur(0), demande, auteur=scene.agent)


def a_rembourser(scene: Scene) -> list[int]:
    return [une.montant_centimes for _, une in a_suivre(scene.regie, MIDI.date()).a_rembourser]


def test_un_jour_annule_se_rembourse_et_quitte_la_liste(monter: Monter) -> None:
    """Two days are paid, one is cancelled: the money of the other stays, and neither can be given back."""
    scene = monter(REMBOURSE)
    demander(scene.sol, 0, 0, 1)
    scene.payer(scene.appels(0)[0], 4000)
    envoyer(scene.sol, 0, 0)
    assert a_rembourser(scene) == [2000]
    assert (remboursable(scene.payeur(0), scene.regie), a_proposer(scene.payeur(0), scene.regie)[0]) == (2000, 2000)
    with pytest.raises(Refus, match="n’y a que 20,00"):
        rendre(scene, 2001)
    rendre(scene, 2000)
    assert (a_rembourser(scene), solde(scene.payeur(0))) == ([], -2000)
    with pytest.raises(Refus, match="rien à se faire rembourser"):
        rendre(scene, 1, "r2")
    envoyer(scene.sol, 0, 1)  # the other one is cancelled later: it alone is to refund
    assert a_rembourser(scene) == [2000]
    assert verifier() == []


def test_ce_qui_est_rendu_ne_paie_pas_la_reservation_suivante(monter: Monter) -> None:
    scene = monter(REMBOURSE)
    demander(scene.sol, 0, 0)
    scene.payer(scene.appels(0)[0], 2000)
    envoyer(scene.sol, 0, 0)
    rendre(scene, 2000)
    demander(scene.sol, 0, 1)
    _, suivant = scene.appels(0)
    assert (suivant.etat, suivant.credit_centimes) == ("attendu", 0)


def test_un_credit_promis_ne_se_rend_pas(monter: Monter) -> None:
    """What was to refund has paid the next booking: nothing is to refund any more."""
    scene = monter(REMBOURSE)
    demander(scene.sol, 0, 0)
    scene.payer(scene.appels(0)[0], 2000)
    envoyer(scene.sol, 0, 0)
    demander(scene.sol, 0, 1)
    assert scene.appels(0)[1].etat == "paye"
    assert a_rembourser(scene) == []
    with pytest.raises(Refus, match="rien à se faire rembourser"):
        rendre(scene, 2000)


def test_ce_qui_vint_trop_tard_se_rembourse(monter: Monter) -> None:
    from marelle.appels.models import Appel
    from marelle.creances.encaissement import encaisser

    scene = monter(REMBOURSE)
    demander(scene.sol, 0, 0)
    [appel] = scene.appels(0)
    with plus_tard(minutes=61):
        finir_les_non_payees()
        paiement = encaisser(scene.regie, scene.payeur(0), 2000, "en_ligne", auteur=None)
        Appel.objects.filter(pk=appel.pk).update(paiement=paiement)
        assert len(a_suivre(scene.regie, MIDI.date()).trop_tard) == 1
        rendre(scene, 2000)
        assert a_suivre(scene.regie, MIDI.date()).trop_tard == []


def test_la_liste_coute_autant_pour_deux_payeurs_que_pour_huit(monter: Monter) -> None:
    """Each paid a day and cancelled it."""
    scene = monter(REMBOURSE, places=9, familles=8)
    client = Client()
    client.force_login(scene.agent.compte)
    couts = []
    for rangs in (range(2), range(2, 8)):
        for rang in rangs:
            demander(scene.sol, rang, 0)
            scene.payer(scene.appels(rang)[0], 2000, f"j{rang}")
            envoyer(scene.sol, rang, 0)
        client.get(LISTE)  # what is kept between two pages is read once
        with CaptureQueriesContext(connection) as requetes:
            assert client.get(LISTE).content.decode().count("À rembourser") == rangs.stop
        couts.append(len(requetes))
    assert couts[0] == couts[1]
