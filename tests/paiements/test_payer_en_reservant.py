"""What booking asks, paid on PayFiP: in time it keeps the place; an attempt begun has its own time; too late it is a credit."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from marelle.appels.en_ligne import preparer_les_appels
from marelle.appels.models import Appel
from marelle.appels.selection import a_suivre
from marelle.courriels.models import Courriel
from marelle.creances.models import Paiement
from marelle.creances.soldes import solde
from marelle.demandes.non_payees import finir_les_non_payees
from marelle.demandes.verification import verifier
from marelle.familles.models import Acces
from marelle.paiements.interrogation import interroger
from marelle.paiements.models import Etat, Tentative
from marelle.paiements.preparation import EnCours, TotalChange
from marelle.reservations.models import Reservation
from marelle.socle.erreurs import Introuvable, Refus
from marelle.socle.horloge import a_l_instant
from marelle.socle.memoire import oublier
from tests.appels.monde import MIDI, Scene, acces_de, monter_la_scene, plus_tard
from tests.demandes.monde import demander, envoyer

from .conftest import RETOURS, Simulateur

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(payfip: Simulateur) -> Iterator[Scene]:
    """Two days booked at noon: 40,00 € to pay before one o'clock."""
    with a_l_instant(MIDI):
        payfip(instant=MIDI.isoformat())
        scene = monter_la_scene()
        demander(scene.sol, 0, 0, 1)
        yield scene
        assert verifier() == []
    oublier()


@pytest.fixture
def acces(scene: Scene) -> Acces:
    return acces_de(scene)


def commencer(acces: Acces, *appels: Appel, vu: int | None = None) -> Tentative:
    cles = [un.pk for un in appels]
    return preparer_les_appels(acces, cles, retours=RETOURS, mel="camille@familles.exemple", vu_centimes=vu)


def texte(gabarit: str) -> str:
    return Courriel.objects.get(gabarit=gabarit).texte.replace("\u00a0", " ")


def test_payee_la_place_est_gardee(scene: Scene, acces: Acces, payfip: Simulateur) -> None:
    [appel] = scene.appels(0)
    tentative = commencer(acces, appel, vu=4000)
    assert tentative.refdet == f"A202601{appel.pk:06d}T01"
    assert commencer(acces, appel).pk == tentative.pk
    payfip.issue(tentative, "P")
    assert interroger(tentative).etat == Etat.PAYEE
    interroger(Tentative.objects.get())  # whoever asks again
    appel.refresh_from_db()
    assert (appel.etat, appel.paiement) == ("paye", Paiement.objects.get())
    assert solde(appel.payeur) == -4000
    assert "40,00 € : ce que vous deviez payer en réservant. La réservation est gardée" in texte("paiement_recu")
    assert not Courriel.objects.filter(gabarit="paiement_a_verifier").exists()
    with pytest.raises(Refus, match="n’est plus à payer"):
        commencer(acces, appel)


def test_une_tentative_commencee_a_temps_a_son_temps(scene: Scene, acces: Acces, payfip: Simulateur) -> None:
    """Begun at 12 h 55: nothing falls until 13 h 15; the money that comes at 13 h 12 keeps the place."""
    [appel] = scene.appels(0)
    with plus_tard(minutes=55):
        tentative = commencer(acces, appel)
        with plus_tard(minutes=17):
            assert finir_les_non_payees() == 0
            payfip.issue(tentative, "P")
            interroger(tentative)
            assert finir_les_non_payees() == 0
    appel.refresh_from_db()
    assert appel.etat == "paye"
    assert set(Reservation.objects.values_list("etat", flat=True)) == {"reservee"}


def test_l_argent_venu_trop_tard_est_un_credit(scene: Scene, acces: Acces, payfip: Simulateur) -> None:
    [appel] = scene.appels(0)
    with plus_tard(minutes=55):
        tentative = commencer(acces, appel)
    with plus_tard(minutes=75):
        assert finir_les_non_payees() == 1
        payfip.issue(tentative, "P")
        assert interroger(tentative).etat == Etat.PAYEE
        appel.refresh_from_db()
        assert (appel.etat, appel.paiement) == ("expire", Paiement.objects.get())
        assert set(Reservation.objects.values_list("etat", flat=True)) == {"annulee_centre"}
        assert solde(appel.payeur) == -4000
        assert "arrivé après la fin du délai" in texte("paiement_recu")
        assert Courriel.objects.filter(gabarit="paiement_a_verifier").exists()
        assert [un.pk for _, un in a_suivre(scene.regie, MIDI.date()).trop_tard] == [appel.pk]
        nouvelle = demander(scene.sol, 0, 2)  # and it pays the next booking
    assert nouvelle.etat == "acceptee"
    assert scene.appels(0)[-1].etat == "paye"


def test_passe_le_delai_on_ne_commence_plus(scene: Scene, acces: Acces) -> None:
    [appel] = scene.appels(0)
    with plus_tard(minutes=60), pytest.raises(Refus, match="délai est passé"):
        commencer(acces, appel)
    with pytest.raises(Introuvable):
        commencer(acces_de(scene, 1), appel)
    with pytest.raises(TotalChange, match="40,00"):
        commencer(acces, appel, vu=100)


def test_un_jour_annule_pendant_la_tentative_reste_en_credit(scene: Scene, acces: Acces, payfip: Simulateur) -> None:
    [appel] = scene.appels(0)
    tentative = commencer(acces, appel)
    envoyer(scene.sol, 0, 0)  # the first day is cancelled: 20,00 € are due
    with pytest.raises(EnCours, match="en cours"):
        commencer(acces, appel)
    payfip.issue(tentative, "P")
    interroger(tentative)
    appel.refresh_from_db()
    assert appel.etat == "paye"
    assert solde(appel.payeur) == -4000
    assert "20,00 € dépassent ce qui restait dû" in texte("paiement_recu")
