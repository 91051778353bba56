"""A place is kept until an hour: paid, it stays; not paid, it goes to the next in line; whichever comes first under the lock."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta

import pytest
from django.db import connection

from marelle.appels.models import Appel
from marelle.courriels.models import Courriel
from marelle.creances.soldes import solde
from marelle.demandes.models import Demande
from marelle.demandes.non_payees import finir_les_non_payees
from marelle.reservations.models import Reservation
from marelle.socle.erreurs import Refus
from marelle.socle.horloge import PARIS, a_l_instant
from tests.demandes.monde import compteurs, demander, envoyer

from .conftest import Monter
from .monde import MIDI, plus_tard

pytestmark = pytest.mark.django_db


def test_reserver_demande_une_somme_et_dit_avant_quand(monter: Monter) -> None:
    scene = monter()
    demande = demander(scene.sol, 0, 0, 1)
    [appel] = scene.appels(0)
    assert (appel.montant_centimes, appel.avant, appel.perd_la_place) == (4000, MIDI + timedelta(hours=1), True)
    assert demande.etat == "acceptee"
    [courriel] = Courriel.objects.filter(gabarit="depot")
    assert "40,00 € à payer avant 13 h, sinon la réservation tombe." in courriel.texte.replace("\u00a0", " ")


def test_payee_a_temps_la_place_reste_et_l_argent_est_en_credit(monter: Monter) -> None:
    scene = monter()
    demande = demander(scene.sol, 0, 0)
    [appel] = scene.appels(0)
    with pytest.raises(Refus, match="en une fois"):
        scene.payer(appel, 1500)
    scene.payer(appel, 2000)
    with pytest.raises(Refus, match="n’est plus à payer"):
        scene.payer(appel, 2000, "j2")
    with plus_tard(hours=2):
        assert finir_les_non_payees() == 0
    demande.refresh_from_db()
    assert demande.etat == "acceptee"
    assert solde(scene.payeur(0)) == -2000


def test_non_payee_la_place_va_au_suivant(monter: Monter) -> None:
    scene = monter(places=1)
    demande = demander(scene.sol, 0, 0)
    with plus_tard(minutes=5):
        suivante = demander(scene.sol, 1, 0)
    assert suivante.etat == "liste_attente"
    with plus_tard(minutes=60):
        finir_les_non_payees()
    demande.refresh_from_db()
    suivante.refresh_from_db()
    assert (demande.etat, suivante.etat) == ("retiree", "acceptee")
    assert compteurs(scene.sol) == (1, 0, 0)
    assert Reservation.objects.get(famille=scene.sol.familles[0]).etat == "annulee_centre"
    assert demande.passages.order_by("-pk")[0].verbe == "expirer"
    [appel] = scene.appels(1)  # and the next one is asked too, from now on
    assert appel.avant == MIDI + timedelta(hours=2)
    [courriel] = Courriel.objects.filter(gabarit="non_payee")
    assert courriel.destinataire == "famille0@x.exemple"
    with pytest.raises(Refus, match="délai est passé"):
        scene.payer(scene.appels(0)[0], 2000)


def test_seuls_les_jours_non_payes_tombent(monter: Monter) -> None:
    """The three days were asked at once; one was cancelled in time: two fall. Another demande, paid, stays."""
    scene = monter()
    payee = demander(scene.sol, 0, 2)
    scene.payer(scene.appels(0)[0], 2000)
    demander(scene.sol, 0, 0, 1)
    envoyer(scene.sol, 0, 0)  # pressed again: the booking is cancelled
    from marelle.appels.selection import attendus

    assert [un.reste_centimes for un in attendus()] == [2000]
    with plus_tard(minutes=61):
        finir_les_non_payees()
    payee.refresh_from_db()
    assert payee.etat == "acceptee"
    etats = dict(Reservation.objects.order_by().values_list("date", "etat"))
    assert [etats[jour] for jour in scene.sol.jours[:3]] == ["annulee", "annulee_centre", "reservee"]
    assert Demande.objects.filter(etat="retiree").count() == 1


def test_un_jour_passe_ne_tombe_pas(monter: Monter) -> None:
    """Booked the day before, to pay within a day; looked at two days later: the child came on the first day, which is billed."""
    scene = monter("{ delai_minutes = 1440 }")
    premier = datetime.combine(scene.sol.jours[0], time(12), PARIS)
    with a_l_instant(premier - timedelta(days=1)):
        demandee = demander(scene.sol, 0, 0, 2)
    with a_l_instant(premier + timedelta(days=1)):
        finir_les_non_payees()
    assert list(Reservation.objects.order_by("date").values_list("etat", flat=True)) == ["reservee", "annulee_centre"]
    assert list(Demande.objects.order_by("pk").values_list("etat", flat=True)) == ["acceptee", "retiree"]
    assert Demande.objects.get(etat="retiree").mere_id == demandee.pk


def test_tout_annule_rien_n_est_plus_du(monter: Monter) -> None:
    scene = monter()
    demander(scene.sol, 0, 0)
    envoyer(scene.sol, 0, 0)
    with plus_tard(minutes=61):
        assert finir_les_non_payees() == 1
    assert Appel.objects.get().etat == "expire"
    assert not Courriel.objects.filter(gabarit="non_payee").exists()


def test_ferme_et_annule_avant_d_etre_paye_n_est_pas_du(monter: Monter) -> None:
    """A final sale that was never paid falls at its hour: cancelled meanwhile, it costs no more than left alone."""
    scene = monter('{ delai_minutes = 60, annulee = "rien" }')
    demander(scene.sol, 0, 0)
    envoyer(scene.sol, 0, 0)
    assert Reservation.objects.get().etat == "annulee"
    with plus_tard(minutes=61):
        finir_les_non_payees()
    assert Reservation.objects.get().etat == "annulee_centre"  # which is never billed
    assert compteurs(scene.sol) == (0, 0, 0)


def test_un_credit_paie_la_reservation_suivante(monter: Monter) -> None:
    """« Avoir »: what was paid and cancelled pays the next booking, once."""
    scene = monter()
    demander(scene.sol, 0, 0)
    scene.payer(scene.appels(0)[0], 2000)
    envoyer(scene.sol, 0, 0)
    demander(scene.sol, 0, 1)
    demander(scene.sol, 0, 2)
    _, deuxieme, troisieme = scene.appels(0)
    assert (deuxieme.etat, deuxieme.credit_centimes) == ("paye", 2000)
    assert (troisieme.etat, troisieme.credit_centimes) == ("attendu", 0)


def test_ce_que_le_service_inscrit_ne_tombe_pas(monter: Monter) -> None:
    from marelle.demandes.direct import Choix, inscrire
    from tests.demandes.monde import SERVICE

    scene = monter()
    sol = scene.sol
    inscrire(Choix(sol.familles[0], sol.enfants[0], sol.journee, [sol.jours[0]]), SERVICE)
    assert [(un.perd_la_place, un.montant_centimes) for un in scene.appels(0)] == [(False, 2000)]


def test_sans_regie_qui_encaisse_rien_n_est_demande(monter: Monter) -> None:
    from marelle.creances.regies import charger_regies

    scene = monter()
    charger_regies('[[regies]]\ncode = 1\nnom = "Titres"\nrecouvrement = "titre"\n', "essai/regies.toml")
    demander(scene.sol, 0, 0)
    assert scene.appels(0) == []


@pytest.mark.skipif(
    not connection.features.has_select_for_update, reason="Here, one writer at a time: no row is locked."
)
def test_les_payeurs_sont_verrouilles_en_une_fois(monter: Monter) -> None:
    """The next in line has the older payer: locked after the one whose place falls, a billing run would wait for it while it
    waits for that run."""
    scene = monter(places=1)
    suivant = scene.payeur(1)
    demander(scene.sol, 0, 0)
    demander(scene.sol, 1, 0)
    assert suivant.pk < scene.payeur(0).pk
    verrous: list[set[int]] = []

    def relever(execute: Callable[..., object], sql: str, params: object, *reste: object) -> object:
        if "creances_payeur" in sql and sql.endswith("FOR UPDATE"):
            with connection.cursor() as curseur:
                curseur.execute(sql.removesuffix(" FOR UPDATE"), params)  # type: ignore[arg-type]
                verrous.append({ligne[0] for ligne in curseur.fetchall()})
        return execute(sql, params, *reste)

    with plus_tard(minutes=61), connection.execute_wrapper(relever):
        assert finir_les_non_payees() == 1
    assert scene.appels(1)
    premiers, *suivants = verrous
    assert suivant.pk in premiers
    assert all(cles <= premiers for cles in suivants)
