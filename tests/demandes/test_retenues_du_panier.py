"""A cart that holds its places gives them back by itself: the planning of the worker sees to it."""

import pytest

from marelle.activites.models import Activite
from marelle.comptes.sessions import oublier_les_anciennes
from marelle.demandes import panier
from marelle.demandes.models import JourDemande
from marelle.demandes.verification import verifier
from marelle.reservations.models import Place
from marelle.taches import echeances
from tests.monde import portail, roussel_prets, unite

pytestmark = pytest.mark.django_db


def test_une_place_tenue_par_un_panier_se_libere_a_l_heure(horloge):
    temps = horloge("2026-11-02 08:00")
    portail()
    foyer = roussel_prets()
    Activite.objects.update(panier_retient_minutes=20)
    journee = unite("chaveignes-mercredis")
    enfant = next(iter(foyer.enfants.values()))
    jour = journee.ouvertures.filter(fermeture="", date__gt="2026-12-01").order_by("date").first().date
    panier.basculer(foyer.famille, enfant, journee, jour)
    assert Place.objects.filter(etat=Place.Etat.RETENUE).count() == len(journee.parties)
    temps.shift(19 * 60)
    echeances.executer_dues()
    assert Place.objects.exists()
    temps.shift(2 * 60)
    echeances.executer_dues()
    assert not Place.objects.exists()
    assert JourDemande.objects.get().retenu_jusquau is None
    assert verifier() == []


def test_les_sessions_finies_sont_oubliees(client, horloge, django_user_model):
    temps = horloge("2026-11-02 08:00")
    client.force_login(django_user_model.objects.create_user("FAM-00001"))
    assert oublier_les_anciennes() == 0
    temps.shift(13 * 3600)
    assert oublier_les_anciennes() == 1
