"""What nobody told us: the attempts that PayFiP is asked about by the jobs, and those it notifies."""

from __future__ import annotations

from django.db.models import QuerySet
from django_tasks import task

from marelle.socle.horloge import dans, maintenant

from .etats import ABANDON, DECIDEES, RELANCE, Etat
from .interrogation import cloturer, interroger
from .models import Tentative
from .payfip import DELAI_TACHE
from .selection import est_un_idop

PAR_TOUR = 100


def a_interroger() -> QuerySet[Tentative]:
    return Tentative.objects.filter(prochaine_le__lte=maintenant())


def il_y_en_a_a_interroger() -> bool:
    """The cheap question of the planning: one indexed read."""
    return a_interroger().exists()


def reconcilier() -> int:
    """Ask PayFiP about every attempt whose turn has come; returns how many. When PayFiP does not answer, the rest waits
    for the next time: nobody hammers a service that is down."""
    faites = 0
    for tentative in a_interroger().select_related("regie").order_by("prochaine_le", "pk")[:PAR_TOUR]:
        # Taken by one worker: the other one finds it in its future.
        mienne = Tentative.objects.filter(pk=tentative.pk, prochaine_le=tentative.prochaine_le)
        if not mienne.update(prochaine_le=dans(RELANCE)):
            continue
        faites += 1
        if _une(tentative).reponse.get("code") == "technique":
            break
    return faites


def _une(tentative: Tentative) -> Tentative:
    if tentative.etat == Etat.CREE:  # the process died before PayFiP gave a page: nobody can pay it
        return cloturer(tentative.pk)
    vue = interroger(tentative, DELAI_TACHE)
    return cloturer(vue.pk) if maintenant() - vue.cree_le >= ABANDON else vue


def notifier(idop: str) -> bool:
    """PayFiP (or anybody) says that something happened to that idOp: it will be asked, by a job, within a second or two.
    True when it is one of ours that may still move."""
    if not est_attendue(idop):
        return False
    tentative = Tentative.objects.only("pk").get(idop=idop)
    verifier_une.enqueue(tentative.pk)
    return True


def est_attendue(idop: str) -> bool:
    """Whether that idOp is one of ours that may still move: what is worth counting a notification for."""
    return est_un_idop(idop) and Tentative.objects.filter(idop=idop).exclude(etat__in=DECIDEES).exists()


@task()
def verifier_une(cle: int) -> None:
    """The job behind a notification."""
    tentative = Tentative.objects.select_related("regie").filter(pk=cle).first()
    if tentative is not None:
        interroger(tentative, DELAI_TACHE)
