"""Sending the e-mails that wait: claims rows, speaks to the SMTP server, remembers what happened. Run by the jobs.

A row is claimed by pushing its next attempt ten minutes away, in a transaction of its own that ends before the first byte
is sent: no database lock is held while a mail server takes its time. If the process dies between the server's « 250 »
and the write of `envoye`, the message leaves again ten minutes later: at least once, never zero. Both copies carry the
same Message-ID, by which mail programs recognise and hide the second.
"""

import smtplib
from collections.abc import Iterable
from datetime import timedelta

import structlog
from django.core.mail import BadHeaderError
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.utils import timezone

from marelle.reglages import env

from .message import composer
from .models import TEXTE_OUBLIE, Courriel, Etat
from .transport import AdresseDeServeurInvalide, connexion

journal = structlog.get_logger(__name__)

BAIL = timedelta(minutes=10)
_PANNES = (OSError, smtplib.SMTPException, ValueError)  # ValueError: a password or a header that cannot be sent
ATTENTES = tuple(timedelta(minutes=m) for m in (1, 5, 30, 120, 720))


def il_y_en_a_a_envoyer() -> bool:
    """Whether a message is due: one indexed read, so that asking every second costs nothing."""
    return Courriel.objects.a_partir().exists()


def envoyer_en_attente(limite: int = 50) -> int:
    """Send up to `limite` due messages over one connection; returns how many left (or were shown, in demonstration)."""
    if not env.COURRIEL_URL:
        return _afficher(limite)
    lot = _reclamer(limite)
    if not lot:
        return 0
    try:
        serveur = connexion(env.COURRIEL_URL)
    except AdresseDeServeurInvalide as erreur:
        return _reporter(lot, str(erreur))
    try:
        serveur.open()
        return _envoyer_lot(serveur, lot)
    except _PANNES as erreur:
        return _reporter(lot, _raison(erreur))
    finally:
        serveur.close()


def _afficher(limite: int) -> int:
    """Without a server (demonstration), messages are read on a page: mark them so."""
    dus = list(Courriel.objects.a_partir().values_list("pk", flat=True)[:limite])
    return Courriel.objects.filter(pk__in=dus, etat__in=[Etat.A_ENVOYER, Etat.ECHEC]).update(
        etat=Etat.AFFICHE, envoye_le=timezone.now(), derniere_erreur=""
    )


def _reclamer(limite: int) -> list[Courriel]:
    """Take the due messages for ourselves. SQLite ignores the row locks: there the write transaction is the lock."""
    with transaction.atomic():
        lot = list(Courriel.objects.a_partir().select_for_update(skip_locked=True)[:limite])
        for courriel in lot:
            courriel.essais += 1
            courriel.prochain_essai_le = timezone.now() + BAIL
        Courriel.objects.bulk_update(lot, ["essais", "prochain_essai_le"])
    return lot


def _envoyer_lot(serveur: BaseEmailBackend, lot: list[Courriel]) -> int:
    partis = 0
    for rang, courriel in enumerate(lot):
        try:
            serveur.send_messages([composer(courriel)])
        except smtplib.SMTPServerDisconnected as erreur:
            # The server hung up: this message may be the cause, the others wait their turn with it.
            _noter_echec(courriel, _raison(erreur))
            return partis + _reporter(lot[rang + 1 :], _raison(erreur))
        except _PANNES as erreur:
            _noter_echec(courriel, _raison(erreur), est_definitif=_est_definitif(erreur))
        else:
            _noter_envoi(courriel)
            partis += 1
    return partis


def _noter_envoi(courriel: Courriel) -> None:
    oubli = {"texte": TEXTE_OUBLIE, "html": ""} if courriel.est_confidentiel else {}
    Courriel.objects.filter(pk=courriel.pk).update(
        etat=Etat.ENVOYE, envoye_le=timezone.now(), derniere_erreur="", **oubli
    )
    journal.info("courriel_envoye", courriel=courriel.pk, gabarit=courriel.gabarit, essais=courriel.essais)


def _noter_echec(courriel: Courriel, raison: str, *, est_definitif: bool = False) -> None:
    """Set the next attempt, or give up: after the last wait, or at once when the server says « never » (5xx)."""
    est_abandonne = est_definitif or courriel.essais > len(ATTENTES)
    attente = timedelta() if est_abandonne else ATTENTES[courriel.essais - 1]
    Courriel.objects.filter(pk=courriel.pk).update(
        etat=Etat.ABANDONNE if est_abandonne else Etat.ECHEC,
        prochain_essai_le=timezone.now() + attente,
        derniere_erreur=raison,
    )
    journal.warning(
        "courriel_abandonne" if est_abandonne else "courriel_en_echec",
        courriel=courriel.pk, gabarit=courriel.gabarit, essais=courriel.essais, raison=raison,
    )  # fmt: skip


def _reporter(lot: Iterable[Courriel], raison: str) -> int:
    """The server could not be reached: every message of the batch waits; returns 0, what was sent."""
    for courriel in lot:
        _noter_echec(courriel, raison)
    return 0


def _codes(erreur: Exception) -> list[int]:
    if isinstance(erreur, smtplib.SMTPRecipientsRefused):
        return [code for code, _ in erreur.recipients.values()]
    return [erreur.smtp_code] if isinstance(erreur, smtplib.SMTPResponseException) else []


def _est_definitif(erreur: Exception) -> bool:
    """A 5xx about this message or its addressee will not change; one about our own sign-in is ours to mend."""
    if isinstance(erreur, BadHeaderError):
        return True
    codes = _codes(erreur)
    return (
        bool(codes) and all(500 <= c < 600 for c in codes) and not isinstance(erreur, smtplib.SMTPAuthenticationError)
    )


def _raison(erreur: Exception) -> str:
    """A sentence for the service. The server's own words often repeat the address: only its code is kept."""
    codes = ", ".join(str(code) for code in _codes(erreur))
    if isinstance(erreur, UnicodeEncodeError):
        return "L’identifiant et le mot de passe d’envoi s’écrivent sans accent."
    if isinstance(erreur, smtplib.SMTPAuthenticationError):
        return f"Le serveur d’envoi refuse l’identifiant ou le mot de passe du portail (code {codes})."
    if isinstance(erreur, smtplib.SMTPRecipientsRefused):
        return f"Le serveur refuse cette adresse (code {codes})."
    if codes:
        return f"Le serveur refuse ce message (code {codes})."
    if isinstance(erreur, BadHeaderError):
        return "Le message est mal formé."
    return f"Le serveur d’envoi ne répond pas ({type(erreur).__name__})."
