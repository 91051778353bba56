"""`marelle verifier`: each kind of fault, sown by hand, is found and said; a sound database says nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from marelle.activites.models import Jauge
from marelle.demandes.models import Demande, Passage
from marelle.demandes.verification import verifier
from marelle.reservations.models import Place, Reservation
from tests.reservations.terrain import Terrain, terrain
from tests.reservations.test_courses import au_panier

pytestmark = pytest.mark.django_db


@pytest.fixture
def sol() -> Terrain:
    """A full day: one booked, one waiting; the same household has asked another day."""
    from uuid import UUID

    from marelle.demandes import decision, depot
    from marelle.demandes.passages import Acteur
    from marelle.demandes.passer import Auteur

    sol = terrain(places=1, familles=3, jours=2)
    famille, service = Auteur(Acteur.FAMILLE, None, "Famille"), Auteur(Acteur.AGENT, None, "Karim")
    for rang, jours in ((0, (0,)), (1, (0,)), (2, (1,))):
        _, jeton = au_panier(sol, rang, *jours)
        depot.deposer_panier(sol.familles[rang], UUID(jeton), famille)
    decision.accepter(Demande.objects.get(famille=sol.familles[0]).pk, service)
    return sol


def test_une_base_saine_ne_dit_rien(sol: Terrain) -> None:
    assert verifier() == []


def _compteur() -> None:
    Jauge.objects.filter(pk=Jauge.objects.order_by("pk").values("pk")[:1]).update(attente=5)


def _place_sans_reservation() -> None:
    Reservation.objects.update(etat="annulee")


def _reservation_sans_place() -> None:
    Place.objects.filter(etat="prise").delete()


def _demande_sans_place() -> None:
    Place.objects.filter(etat="retenue").delete()


def _attend_pour_rien() -> None:
    Jauge.objects.filter(attente=1).update(places=2)


def _etat_sans_passage() -> None:
    Demande.objects.filter(etat="deposee").update(etat="retiree")


def _passage_interdit() -> None:
    Passage.objects.filter(verbe="accepter").update(de="retiree")


@pytest.mark.parametrize(
    ("semer", "dit"),
    [
        (_compteur, "5 en attente, mais"),
        (_place_sans_reservation, "qui ne tient plus"),
        (_reservation_sans_place, "0 places au lieu de 3"),
        (_demande_sans_place, "0 places retenues"),
        (_attend_pour_rien, "ses places sont libres"),
        (_etat_sans_passage, "son dernier passage mène à deposee"),
        (_passage_interdit, "n’est pas permis"),
    ],
)
def test_chaque_faute_se_voit(sol: Terrain, semer: Callable[[], None], dit: str) -> None:
    semer()
    fautes = verifier()
    assert any(dit in faute for faute in fautes), fautes
