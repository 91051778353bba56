"""Asking the Caf or the MSA for the quotient of a household, about one of its adults: kept as an entry, journaled, once a day."""

from __future__ import annotations

from datetime import timedelta

from marelle.comptes.models import Agent
from marelle.familles.models import Famille, Responsable
from marelle.journal.service import noter
from marelle.regles.phrases import dire_heure, dire_jour_du_mois
from marelle.socle.erreurs import Refus
from marelle.socle.francais import nombre
from marelle.socle.horloge import PARIS, aujourdhui, maintenant

from .api_particulier import Identite, RefusApi, interroger
from .models import QuotientFamilial
from .quotients import enregistrer, fin_de_validite

# What API Particulier itself keeps an answer for: asking sooner brings the same.
VALABLE = timedelta(hours=24)


def demander_le_quotient(
    famille: Famille, responsable: Responsable, identite: Identite, agent: Agent
) -> QuotientFamilial:
    """Ask, then keep what was answered. Raises `Refus` with one sentence; what was typed of the identity is kept nowhere.

    Nothing is locked nor open in the database while the answer is awaited."""
    if deja := _deja_lu(famille, responsable):
        raise Refus(_dire_deja_lu(deja))
    dossier = f"famille:{famille.pk}"
    try:
        lu = interroger(identite)
    except RefusApi as refus:
        noter(agent.compte, "quotient.interrogation", responsable, dossier=dossier, reponse=refus.code)
        raise
    jour = aujourdhui()
    quotient = QuotientFamilial(
        valeur=lu.valeur,
        source=QuotientFamilial.Source.API,
        releve_le=jour,
        valable_du=jour,
        valable_au=fin_de_validite(jour),
        fournisseur=lu.fournisseur,
        mois=lu.mois,
        responsable=responsable,
    )
    return enregistrer(quotient, famille, agent)


def _deja_lu(famille: Famille, responsable: Responsable) -> QuotientFamilial | None:
    lus = QuotientFamilial.objects.filter(famille=famille, responsable=responsable, annule_le__isnull=True)
    return lus.filter(source=QuotientFamilial.Source.API, saisi_le__gt=maintenant() - VALABLE).first()


def _dire_deja_lu(quotient: QuotientFamilial) -> str:
    le = quotient.saisi_le.astimezone(PARIS)
    quand = f"{dire_jour_du_mois(le.date())} à {dire_heure(le.time().replace(second=0, microsecond=0, tzinfo=None))}"
    return (
        f"Déjà lu pour cet adulte le {quand} : {nombre(quotient.valeur)}. "
        "La réponse ne change pas avant vingt-quatre heures."
    )
