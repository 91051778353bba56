"""What is written about an online payment: the receipt to who paid, the refusal, the alert to the régisseur. Rows written in
the transaction of the act; they leave after it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse

from marelle.collectivite.identite import identite
from marelle.courriels.service import ecrire
from marelle.creances.models import Facture, Mandat, Regie
from marelle.socle.horloge import aujourdhui, maintenant

from .etats import Etat
from .models import Tentative

if TYPE_CHECKING:
    from marelle.appels.reglement import Regles


def accuser_reception(tentative: Tentative, parts: Sequence[tuple[Facture, int]], regles: Regles) -> None:
    """The *accusé de réception* of the payment (CRPA L112-11, R112-11-1), to who paid. `parts`: what each invoice was paid;
    `regles`: what was paid of what booking asked, or came too late for."""
    paiement = tentative.paiement
    assert paiement is not None
    avance = max(0, tentative.montant_centimes - sum(part for _, part in parts) - regles.centimes)
    contexte = {
        "paiement": paiement,
        "tentative": tentative,
        "est_prelevement": tentative.etat == Etat.PRELEVEE,
        "recu_le": maintenant(),
        "parts": [(facture.numero, part) for facture, part in parts],
        "garde_centimes": regles.centimes,
        "trop_tard": bool(regles.tard),
        "avance": avance,
        "lien": _lien(tentative),
    }
    ecrire("paiement_recu", [tentative.mel], contexte, cle=f"payfip:{tentative.idop}", dossier=_dossier(tentative))
    if avance:
        alerter_le_regisseur(tentative, avance)


def annoncer_refus(tentative: Tentative) -> None:
    """The bank said no: nothing was taken, the invoices are still to pay."""
    contexte = {"tentative": tentative, "lien": settings.BASE_URL + reverse("espace_famille:payer")}
    cle = f"payfip:{tentative.idop}:refus"
    ecrire("paiement_refuse", [tentative.mel], contexte, cle=cle, dossier=_dossier(tentative))


def alerter_le_regisseur(tentative: Tentative, avance: int = 0) -> None:
    """What a human must look at: an answer that does not agree, or money for an invoice that was paid meanwhile."""
    contexte = {"tentative": tentative, "avance": avance, "ecarts": tentative.reponse.get("ecarts", [])}
    cle = f"payfip:{tentative.idop}:alerte"
    ecrire("paiement_a_verifier", regisseurs(tentative.regie), contexte, cle=cle, dossier=_dossier(tentative))


def regisseurs(regie: Regie) -> list[str]:
    """The addresses of those who answer for that régie today; the service's own when nobody has one."""
    jour = aujourdhui()
    mandats = Mandat.objects.filter(regie=regie, debut__lte=jour, agent__est_actif=True).select_related("agent__compte")
    adresses = [un.agent.compte.email for un in mandats.order_by("pk") if un.couvre(jour) and un.agent.compte.email]
    return list(dict.fromkeys(adresses)) or [une for une in [identite().courriel] if une]


def _lien(tentative: Tentative) -> str:
    return f"{settings.BASE_URL}{reverse('espace_famille:payer_retour')}?{urlencode({'idop': tentative.idop})}"


def _dossier(tentative: Tentative) -> str:
    return f"famille:{tentative.payeur.famille_id}" if tentative.payeur.famille_id else ""
