"""The planning: when a slot begins, and that each is run once, again when it failed."""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta

import pytest
import time_machine
from django.utils import timezone

from marelle.taches import echeances, planning
from marelle.taches.models import Echeance
from tests.taches import essais

NOTER = "tests.taches.essais.noter"


@pytest.mark.parametrize(
    ("maintenant", "creneau"),
    [
        ("2026-11-21T03:10:00+01:00", "2026-11-21T03:10:00+01:00"),
        ("2026-11-21T03:09:59+01:00", "2026-11-20T03:10:00+01:00"),
        ("2026-11-21T00:30:00+01:00", "2026-11-20T03:10:00+01:00"),
        ("2026-07-21T03:10:00+02:00", "2026-07-21T03:10:00+02:00"),
        ("2026-10-25T12:00:00+01:00", "2026-10-25T03:10:00+01:00"),
    ],
)
def test_chaque_jour_a_l_heure_de_paris(maintenant: str, creneau: str) -> None:
    ligne = planning.Ligne("nuit", NOTER, a=time(3, 10))
    assert ligne.creneau(datetime.fromisoformat(maintenant)) == datetime.fromisoformat(creneau)


@pytest.mark.parametrize(
    ("maintenant", "attendu"),
    [
        ("2026-03-29T02:45:00+00:00", "2026-03-29T01:30:00+00:00"),
        ("2026-10-25T00:45:00+00:00", "2026-10-25T00:30:00+00:00"),
    ],
)
def test_l_heure_qui_n_existe_pas_et_celle_qui_existe_deux_fois(maintenant: str, attendu: str) -> None:
    ligne = planning.Ligne("nuit", NOTER, a=time(2, 30))
    assert ligne.creneau(datetime.fromisoformat(maintenant)) == datetime.fromisoformat(attendu)


def test_toutes_les_tant_de_secondes() -> None:
    ligne = planning.Ligne("souvent", NOTER, toutes_les=300)
    assert ligne.creneau(datetime(2026, 11, 21, 10, 7, 59, tzinfo=UTC)) == datetime(2026, 11, 21, 10, 5, tzinfo=UTC)


@pytest.mark.parametrize("quand", [{}, {"toutes_les": 5, "a": time(3)}, {"toutes_les": 0}])
def test_une_ligne_incomplete_est_refusee(quand: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="donner une période"):
        planning.enregistrer("essai", NOTER, **quand)  # type: ignore[arg-type]


def test_deux_taches_ne_prennent_pas_le_meme_code() -> None:
    planning.enregistrer("essai", NOTER, toutes_les=5)
    planning.enregistrer("essai", NOTER, toutes_les=5)
    with pytest.raises(ValueError, match="déjà le code"):
        planning.enregistrer("essai", NOTER, toutes_les=6)


@pytest.mark.django_db
def test_un_creneau_n_est_execute_qu_une_fois(horloge: Callable[[str], time_machine.Traveller]) -> None:
    planning.enregistrer("essai", NOTER, toutes_les=60)
    temps = horloge("2026-11-21 10:00:30")
    assert [echeances.executer_dues() for _ in range(3)] == [1, 0, 0]
    temps.shift(29)
    assert echeances.executer_dues() == 0
    temps.shift(1)
    assert echeances.executer_dues() == 1
    assert Echeance.objects.get().est_finie


@pytest.mark.django_db
def test_sans_raison_rien_n_est_ecrit() -> None:
    planning.enregistrer("essai", NOTER, toutes_les=1, si="tests.taches.essais.rien_a_faire")
    assert echeances.executer_dues() == 0
    assert not Echeance.objects.exists()


@pytest.mark.django_db
def test_un_echec_est_repris_de_plus_en_plus_tard(horloge: Callable[[str], time_machine.Traveller]) -> None:
    planning.enregistrer("nuit", NOTER, a=time(3, 10))
    essais.pannes[:] = [ValueError("camille@exemple.fr")] * 9
    temps = horloge("2026-11-21 03:10")
    for minutes in (0, 1, 5, 30):
        temps.shift(timedelta(minutes=minutes, seconds=1))
        assert echeances.executer_dues() == 1, minutes
        assert echeances.executer_dues() == 0
    temps.shift(timedelta(hours=12))
    assert echeances.executer_dues() == 0, "quatre essais, puis on attend le créneau suivant"
    assert Echeance.objects.get().derniere_erreur == "ValueError"
    essais.pannes.clear()
    temps.shift(timedelta(hours=12))
    assert echeances.executer_dues() == 1
    assert (Echeance.objects.get().derniere_erreur, essais.faits) == ("", ["planifie"])


@pytest.mark.django_db
def test_un_travailleur_mort_au_milieu_ne_perd_pas_le_creneau(horloge: Callable[[str], time_machine.Traveller]) -> None:
    planning.enregistrer("nuit", NOTER, a=time(3, 10))
    temps = horloge("2026-11-21 03:10")
    Echeance.objects.create(
        code="nuit", creneau_le=timezone.now(), reprise_le=timezone.now() + echeances.BAIL, essais=1
    )
    assert echeances.executer_dues() == 0
    temps.shift(echeances.BAIL)
    assert echeances.executer_dues() == 1
