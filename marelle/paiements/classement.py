"""What a régisseur makes of an answer that did not agree with what was asked: looked at, explained, put away."""

from __future__ import annotations

from django.db import transaction

from marelle.comptes.models import Agent
from marelle.creances.mandats import exiger_mandat
from marelle.journal.service import noter
from marelle.socle.erreurs import ErreurMarelle, Refus
from marelle.socle.horloge import aujourdhui, maintenant

from .etats import Etat
from .models import Tentative


@transaction.atomic
def classer(cle: int, suite: str, *, auteur: Agent) -> Tentative:
    """Put away an attempt to verify, with what was done about it. It records no money: the desk does, as any payment.

    Raises `SansMandat`, `Refus` when there is nothing to put away, `ErreurMarelle` without a word of explanation."""
    tentative = Tentative.objects.select_for_update(of=("self",)).select_related("regie").get(pk=cle)
    exiger_mandat(auteur, tentative.regie, jour=aujourdhui())
    suite = suite.strip()
    if not suite:
        raise ErreurMarelle("Dites ce qui a été fait : encaissé au guichet, remboursé, jamais reçu…")
    if tentative.etat != Etat.A_VERIFIER or tentative.classee_le is not None:
        raise Refus("Cette tentative n’est plus à vérifier.")
    tentative.suite, tentative.classee_le, tentative.classee_par = suite[:200], maintenant(), auteur
    tentative.save(update_fields=["suite", "classee_le", "classee_par"])
    noter(auteur.compte, "paiement.en_ligne.classe", tentative, refdet=tentative.refdet, suite=suite)
    return tentative
