"""What may become of an attempt to pay online: the whole table, so that nobody reads code to know what is allowed."""

from __future__ import annotations

from datetime import timedelta

from django.db import models


class Etat(models.TextChoices):
    """Where an attempt stands. Money came for `PAYEE` and `PRELEVEE`, and only for them."""

    CREE = "cree", "En préparation"
    EN_ATTENTE = "en_attente", "En cours"
    PAYEE = "payee", "Payé"
    PRELEVEE = "prelevee", "Prélèvement enregistré"
    REFUSEE = "refusee", "Refusé"
    ABANDONNEE = "abandonnee", "Abandonné"
    EXPIREE = "expiree", "Expiré"
    A_VERIFIER = "a_verifier", "À vérifier"


ENCAISSEES = frozenset({Etat.PAYEE, Etat.PRELEVEE})
# Money that PayFiP says it took is never ignored: what ended without it may still turn into a payment (the same idOp was
# tried again, or the answer came late). What was paid, or waits for a human eye, is moved by nothing.
_ARGENT = ENCAISSEES | {Etat.A_VERIFIER}
PASSAGES: dict[Etat, frozenset[Etat]] = {
    Etat.CREE: frozenset({Etat.EN_ATTENTE, Etat.ABANDONNEE, Etat.EXPIREE}),
    Etat.EN_ATTENTE: _ARGENT | {Etat.REFUSEE, Etat.ABANDONNEE, Etat.EXPIREE},
    Etat.REFUSEE: _ARGENT,
    Etat.ABANDONNEE: _ARGENT | {Etat.REFUSEE},
    Etat.EXPIREE: _ARGENT,
    Etat.PAYEE: frozenset(),
    Etat.PRELEVEE: frozenset(),
    Etat.A_VERIFIER: frozenset(),
}
INDECISES = frozenset({Etat.CREE, Etat.EN_ATTENTE})
DECIDEES = ENCAISSEES | {Etat.A_VERIFIER}

# An idOp opens PayFiP's page for that long; the invoices are kept for it meanwhile.
OUVERTURE = timedelta(minutes=15)
# « Not known yet » so long after the beginning means never.
SILENCE = timedelta(hours=2)
# After that nobody asks any more.
ABANDON = timedelta(hours=24)
# When the job asks again: usually, and after a technical fault (PayFiP's guide asks for half an hour).
RELANCE, RELANCE_TECHNIQUE = timedelta(minutes=5), timedelta(minutes=30)
# One last look at what was refused or abandoned, once its idOp can no longer be opened.
DERNIER_REGARD = timedelta(minutes=20)
