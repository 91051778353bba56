"""Offers answered by many at once, in real processes: two taps are one, and an answer at the last instant is whole or is not."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest

from marelle.courriels.models import Courriel
from marelle.demandes import decision, direct
from marelle.demandes.models import OffreDePlace, Passage
from marelle.demandes.verification import verifier
from marelle.reservations.models import Reservation
from marelle.socle.horloge import maintenant
from tests.demandes.monde import SERVICE, adultes, attente, demander
from tests.reservations.terrain import Terrain, terrain
from tests.reservations.test_courses import Courir, courir, piste  # noqa: F401

pytestmark = [pytest.mark.processus, pytest.mark.django_db(transaction=True)]


def offres(jours: int) -> tuple[Terrain, list[OffreDePlace]]:
    """Each day full, two families waiting; then all its places come free at once: one offer a day."""
    sol = terrain(places=1, familles=3, jours=jours)
    attente('mode = "offre"\noffre = { heures = 24 }')
    adultes(sol)
    for jour in range(jours):
        decision.accepter(demander(sol, 0, jour).pk, SERVICE)
        demander(sol, 1, jour)
        demander(sol, 2, jour)
    direct.desinscrire(direct.Choix(sol.familles[0], sol.enfants[0], sol.journee, sol.jours), SERVICE)
    lignes = list(OffreDePlace.objects.order_by("pk"))
    assert len(lignes) == jours
    return sol, lignes


def test_deux_gestes_a_la_fois_n_en_font_qu_un(courir: Courir) -> None:  # noqa: F811
    _, [offre] = offres(1)
    courir("taper_deux_fois", 6, offre=offre.pk)
    assert verifier() == []
    assert Passage.objects.filter(verbe="confirmer").count() == 1
    assert Reservation.objects.filter(etat="reservee").count() == 1
    assert Courriel.objects.filter(gabarit="decision", destinataire="famille1@x.exemple").count() == 1


def test_repondre_a_l_instant_ou_l_offre_finit(courir: Courir) -> None:  # noqa: F811
    sol, lignes = offres(8)
    quand = maintenant() + timedelta(seconds=6)
    OffreDePlace.objects.update(fin_le=quand)
    faits = courir("repondre_a_l_instant", 8, offres=[une.pk for une in lignes], quand=quand.isoformat())
    assert verifier() == []
    fins = Counter(OffreDePlace.objects.filter(pk__in=[une.pk for une in lignes]).values_list("etat", flat=True))
    assert set(fins) <= {"acceptee", "expiree"}, fins
    assert sum(fins.values()) == len(lignes)
    assert Passage.objects.filter(verbe="confirmer").count() == fins["acceptee"]
    assert sum(un["faits"].get("sans réponse", 0) for un in faits) >= fins["expiree"]
    # Every place has somebody: booked by who answered, or offered to the next.
    assert Reservation.objects.filter(etat="reservee").count() == fins["acceptee"]
    assert OffreDePlace.objects.filter(etat="en_cours").count() == fins["expiree"]
    assert len(sol.jours) == 8
