"""Which date may a document bear? Never one before those whose numbers come before its own, in a régie.

What launches a run and what makes an avoir read it under the lock of the series: between two lots of a run that is being
issued, nothing takes a later date than the one that its next lots bear."""

from __future__ import annotations

from datetime import date

from django.db.models import Max, QuerySet

from marelle.creances.emission import tenir_la_suite
from marelle.creances.models import Facture, Regie
from marelle.socle.erreurs import Refus
from marelle.socle.francais import date_sans_jour
from marelle.socle.horloge import aujourdhui

from .models import Campagne
from .relance import est_arretee


def exiger_l_ordre(regie: Regie, jour: date) -> None:
    """Raises `Refus` with the earliest date possible when documents of that régie bear a later date than `jour`."""
    derniere = _derniere(regie)
    if derniere is not None and jour < derniere:
        le = _dire(derniere)
        raise Refus(f"La dernière facture de cette régie est du {le} : datez celles-ci au plus tôt du {le}.")


def exiger_au_lancement(campagne: Campagne) -> None:
    """The same, held until the end of the transaction; no other run of that régie is being issued at another date."""
    tenir_la_suite(campagne.regie, campagne.date_emission.year)
    exiger_l_ordre(campagne.regie, campagne.date_emission)
    _attendre(_en_emission(campagne.regie).exclude(date_emission=campagne.date_emission).first())


def date_d_un_avoir(regie: Regie) -> date:
    """Today, or the date of the last document; held until the end of the transaction.

    Raises `Refus` while a run whose invoices bear an earlier date is being issued."""
    tenir_la_suite(regie, aujourdhui().year)
    jour = max(aujourdhui(), _derniere(regie) or aujourdhui())
    _attendre(_en_emission(regie).filter(date_emission__year=jour.year, date_emission__lt=jour).first())
    return jour


def _en_emission(regie: Regie) -> QuerySet[Campagne]:
    return Campagne.objects.filter(regie=regie, etat=Campagne.Etat.EMISSION).order_by("pk")


def _attendre(autre: Campagne | None) -> None:
    if autre is None:
        return
    jour = _dire(autre.date_emission)
    if est_arretee(autre):
        raise Refus(f"L’émission des factures du {jour} s’est arrêtée : reprenez d’abord « {autre.libelle} ».")
    raise Refus(
        f"Des factures datées du {jour} sont en cours d’émission dans cette régie : "
        "recommencez quand elles seront toutes émises."
    )


def _derniere(regie: Regie) -> date | None:
    derniere: date | None = Facture.objects.filter(regie=regie).aggregate(derniere=Max("date_emission"))["derniere"]
    return derniere


def _dire(jour: date) -> str:
    return date_sans_jour(jour, aujourdhui().year)
