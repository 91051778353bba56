"""The queue of background tasks (django-tasks-db): runs them one at a time, and gives the failed ones another chance.

A task is enqueued in the business transaction (`ma_tache.enqueue(…)`): it exists if and only if the act stands. The number of
attempts is the length of `worker_ids`, to which each worker that takes the task adds its name. Since a task may run
again after a failure or the death of its worker, **it must bear to be run twice**.
"""

from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.utils import timezone
from django_tasks_db.compat import DEFAULT_TASK_BACKEND_ALIAS, TaskResultStatus
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult, DBTaskResultQuerySet

from .models import Battement

journal = structlog.get_logger(__name__)

ATTENTES = tuple(timedelta(minutes=m) for m in (1, 5, 30, 120))
SILENCE = timedelta(minutes=5)
CONSERVATION = timedelta(days=30)


def _pretes() -> DBTaskResultQuerySet:
    return DBTaskResult.objects.ready().filter(backend_name=DEFAULT_TASK_BACKEND_ALIAS)


def prochaine() -> DBTaskResult | None:
    """The task that will run next, without taking it: one indexed read."""
    return _pretes().first()


def executer_une(travailleur: str) -> None:
    """Take one ready task, if any is left, and run it; a task that raises is marked failed, nothing is raised here."""
    with transaction.atomic():
        tache = _pretes().get_locked()
        if tache is None:
            return
        tache.claim(travailleur)
    _executant(travailleur).run_task(tache)


def _executant(travailleur: str) -> Worker:
    # The library's own way of running a task and of writing down how it ended; its loop and its signals stay unused.
    return Worker(
        queue_names=["*"],
        excluded_queue_names=[],
        interval=0,
        batch=True,
        backend_name=DEFAULT_TASK_BACKEND_ALIAS,
        startup_delay=False,
        max_tasks=1,
        worker_id=travailleur,
    )


def reprendre_echecs() -> int:
    """Put back the tasks that failed, with a longer wait each time; after five attempts they stay failed. Returns how many."""
    return sum(_reprendre(tache) for tache in DBTaskResult.objects.failed().filter(finished_at__gte=_horizon()))


def _horizon() -> datetime:
    # The longest wait and a margin: what failed before that has already been put back or given up.
    return timezone.now() - ATTENTES[-1] - timedelta(days=1)


def attend(chemin: str, *arguments: object) -> bool:
    """Whether this task, with these arguments, runs, is ready, or failed and will be put back: somebody will do it."""
    en_cours = (TaskResultStatus.READY, TaskResultStatus.RUNNING, TaskResultStatus.FAILED)
    siennes = DBTaskResult.objects.filter(task_path=chemin, status__in=en_cours).order_by()
    return any(
        une.args_kwargs["args"] == list(arguments) and not _est_abandonnee(une)
        for une in siennes.only("args_kwargs", "status", "worker_ids", "finished_at")
    )


def _est_abandonnee(tache: DBTaskResult) -> bool:
    if tache.status != TaskResultStatus.FAILED:
        return False
    return len(tache.worker_ids) > len(ATTENTES) or tache.finished_at is None or tache.finished_at < _horizon()


def _reprendre(tache: DBTaskResult) -> int:
    essais = len(tache.worker_ids)
    if essais > len(ATTENTES):
        return 0
    repris = DBTaskResult.objects.filter(pk=tache.pk, status=TaskResultStatus.FAILED).update(
        status=TaskResultStatus.READY, run_after=timezone.now() + ATTENTES[max(essais, 1) - 1]
    )
    if repris:
        journal.warning("tache_en_echec", tache=tache.task_path, essais=essais, erreur=tache.exception_class_path)
    return repris


def reprendre_orphelines() -> int:
    """Put back the tasks whose worker gives no sign of life any more; returns how many."""
    muettes = DBTaskResult.objects.running().filter(started_at__lt=timezone.now() - SILENCE)
    orphelines = [tache.pk for tache in muettes if not Battement.objects.vivants().filter(pk__in=tache.worker_ids[-1:])]
    return DBTaskResult.objects.filter(pk__in=orphelines, status=TaskResultStatus.RUNNING).update(
        status=TaskResultStatus.READY, run_after=timezone.now()
    )


def purger() -> int:
    """Delete the finished tasks and the silent workers of more than a month; returns how many rows."""
    limite = timezone.now() - CONSERVATION
    finies = DBTaskResult.objects.finished().filter(finished_at__lt=limite).delete()[0]
    return finies + Battement.objects.filter(dernier_le__lt=limite).delete()[0]
