"""Running the planning: takes the slots that are due, each by one worker only, and gives the failed ones another chance."""

from datetime import datetime, timedelta

import structlog
from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils import timezone

from .models import Echeance
from .planning import PLANNING, Ligne, charger

journal = structlog.get_logger(__name__)

BAIL = timedelta(hours=1)  # a slot whose worker died in the middle is taken again after that
ATTENTES = tuple(timedelta(minutes=m) for m in (1, 5, 30))


def executer_dues() -> int:
    """Run, one after the other, the planned tasks whose slot is due; returns how many ran. One query when none is."""
    connues = {echeance.code: echeance for echeance in Echeance.objects.all()}
    return sum(
        _executer(ligne)
        for ligne in list(PLANNING.values())
        if _est_due(ligne, connues.get(ligne.code)) and ligne.a_une_raison() and _prendre(ligne)
    )


def _est_due(ligne: Ligne, echeance: Echeance | None) -> bool:
    """Whether the slot looks free, from what was just read: only `_prendre` decides."""
    if echeance is None:
        return True
    maintenant = timezone.now()
    est_a_reprendre = not echeance.est_finie and echeance.reprise_le <= maintenant and echeance.essais <= len(ATTENTES)
    return echeance.creneau_le < ligne.creneau(maintenant) or est_a_reprendre


def _prendre(ligne: Ligne) -> bool:
    """Take the slot in one conditional UPDATE: true for one worker only. A slot never seen before is due at once."""
    maintenant = timezone.now()
    creneau = ligne.creneau(maintenant)
    echeances = Echeance.objects.filter(code=ligne.code)
    if not echeances.exists():
        return _prendre_la_premiere(ligne, creneau, maintenant)
    nouveau = Q(creneau_le__lt=creneau)
    a_reprendre = Q(est_finie=False, reprise_le__lte=maintenant, essais__lte=len(ATTENTES))
    prise = {"creneau_le": creneau, "reprise_le": maintenant + BAIL, "est_finie": False}
    return bool(
        echeances.filter(nouveau).update(**prise, essais=1)
        or echeances.filter(a_reprendre).update(**prise, essais=F("essais") + 1)
    )


def _prendre_la_premiere(ligne: Ligne, creneau: datetime, maintenant: datetime) -> bool:
    try:
        with transaction.atomic():
            Echeance.objects.create(code=ligne.code, creneau_le=creneau, reprise_le=maintenant + BAIL, essais=1)
    except IntegrityError:
        return False  # another worker was first
    return True


def _executer(ligne: Ligne) -> int:
    try:
        charger(ligne.fonction)()
    except Exception as erreur:
        _noter_echec(ligne, erreur)
    else:
        Echeance.objects.filter(code=ligne.code).update(
            est_finie=True, essais=0, finie_le=timezone.now(), derniere_erreur=""
        )
    return 1


def _noter_echec(ligne: Ligne, erreur: Exception) -> None:
    """Remember the kind of error (never its text, which may repeat personal data) and when the slot may be taken again."""
    echeance = Echeance.objects.get(code=ligne.code)
    attente = ATTENTES[min(echeance.essais, len(ATTENTES)) - 1]
    Echeance.objects.filter(code=ligne.code).update(
        reprise_le=timezone.now() + attente, derniere_erreur=type(erreur).__name__
    )
    journal.error("tache_planifiee_en_echec", code=ligne.code, essais=echeance.essais, exc_info=erreur)
