"""The queue: tasks that run, fail, come back, and are found again when their worker died."""

from collections.abc import Callable
from datetime import time, timedelta
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from marelle.taches import file, moteur, planning, sante
from marelle.taches.models import Battement
from tests.taches import essais

pytestmark = pytest.mark.django_db


def test_les_taches_partent_dans_l_ordre() -> None:
    essais.tache.enqueue("un")
    essais.tache.enqueue("deux")
    moteur.travailler(une_fois=True)
    assert essais.faits == ["un", "deux"]
    assert DBTaskResult.objects.successful().count() == 2


def test_une_tache_d_un_acte_annule_n_existe_pas() -> None:
    class ActeAnnule(Exception):
        pass

    @transaction.atomic
    def agir() -> None:
        essais.tache.enqueue("jamais")
        raise ActeAnnule

    with pytest.raises(ActeAnnule):
        agir()
    moteur.travailler(une_fois=True)
    assert essais.faits == []


def test_une_tache_qui_echoue_revient_puis_reste_en_echec(horloge: Callable[[str], time_machine.Traveller]) -> None:
    temps = horloge("2026-11-21 10:00")
    essais.pannes[:] = [RuntimeError("non")] * 99
    essais.tache.enqueue("un")
    moteur.travailler(une_fois=True)
    for attente in file.ATTENTES:
        temps.shift(attente - timedelta(seconds=1))
        assert file.prochaine() is None
        temps.shift(1)
        moteur.travailler(une_fois=True)
    temps.shift(timedelta(days=1))
    assert file.prochaine() is None
    assert sante.etat()["echecs"] == 1
    assert len(DBTaskResult.objects.get().worker_ids) == 5


def test_la_tache_d_un_travailleur_mort_est_reprise(horloge: Callable[[str], time_machine.Traveller]) -> None:
    temps = horloge("2026-11-21 10:00")
    essais.tache.enqueue("un")
    Battement.objects.create(travailleur="mort", demarre_le=timezone.now(), dernier_le=timezone.now(), occupe_a="tache")
    DBTaskResult.objects.get().claim("mort")
    temps.shift(timedelta(minutes=90))
    assert file.reprendre_orphelines() == 0, "une longue tâche n'est pas une mort"
    temps.shift(timedelta(minutes=31))
    assert file.reprendre_orphelines() == 1
    moteur.travailler(une_fois=True)
    assert essais.faits == ["un"]


def test_sante_dit_si_quelqu_un_travaille(horloge: Callable[[str], time_machine.Traveller]) -> None:
    temps = horloge("2026-11-21 10:00")
    assert sante.etat() == {"travailleur": "absent", "dernier_battement": None, "en_attente": 0, "echecs": 0}
    essais.tache.enqueue("un")
    assert sante.etat()["en_attente"] == 1
    moteur.travailler(une_fois=True)
    assert sante.etat()["travailleur"] == "ok"
    assert sante.etat()["dernier_battement"] == "2026-11-21T09:00:00+00:00"
    temps.shift(61)
    assert sante.etat()["travailleur"] == "absent"
    Battement.objects.update(occupe_a="une longue tâche")
    assert sante.etat()["travailleur"] == "occupe"


def test_les_vieilles_lignes_s_en_vont() -> None:
    vieux = timezone.now() - timedelta(days=31)
    essais.tache.enqueue("un")
    moteur.travailler(une_fois=True)
    DBTaskResult.objects.update(finished_at=vieux)
    Battement.objects.update(dernier_le=vieux)
    assert file.purger() == 2


def test_au_repos_un_tour_coute_deux_lectures(django_assert_num_queries: Any) -> None:
    planning.enregistrer("nuit", "tests.taches.essais.noter", a=time(3, 10))
    un = moteur.Moteur()
    un.tour()
    with django_assert_num_queries(2) as requetes:
        un.tour()
    assert all(requete["sql"].startswith("SELECT") for requete in requetes)
