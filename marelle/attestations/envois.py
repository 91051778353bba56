"""How do families know that the certificates of a year are there? An e-mail to those who agreed to electronic documents.

It opens the page of certificates: the document (children, amounts) is read after signing in, and does not travel, as
for invoices (decision 0023).
"""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse

from marelle.courriels.models import Courriel, Etat
from marelle.courriels.service import ecrire

from .models import Attestation, LotAttestations

GABARIT = "attestation"
PAR_LOT = 50  # e-mails written in one transaction: sign-ins and bookings go on in between


def annoncer_le_lot(lot: LotAttestations) -> int:
    """Write to those whose certificate that batch has made, once each, whoever runs it again. Returns how many."""
    siennes = [une for une in faites_par(lot) if part_par_courriel(une)]
    for debut in range(0, len(siennes), PAR_LOT):
        with transaction.atomic():
            _annoncer(siennes[debut : debut + PAR_LOT])
    return len(siennes)


def faites_par(lot: LotAttestations) -> Iterable[Attestation]:
    """Those in force of its year that were made since it was asked for; one that is empty is told when it replaces another."""
    faites = Attestation.objects.filter(annee=lot.annee, emise_le__gte=lot.demande_le, remplacee_par__isnull=True)
    return faites.filter(Q(montant_centimes__gt=0) | Q(version__gt=1)).select_related("payeur").order_by("pk")


def part_par_courriel(une: Attestation) -> bool:
    """Whether its payer had agreed to electronic documents when it was made."""
    return bool(une.destinataire.get("par_courriel") and une.destinataire.get("courriel"))


def parties_par_courriel(attestations: Iterable[Attestation]) -> set[int]:
    """The keys of those whose payer agreed to it and was written to: a certificate that no batch has announced (asked for at the
    desk), or whose e-mail was given up, is not one of them."""
    par_cle = {_cle(une): une.pk for une in attestations if part_par_courriel(une)}
    ecrits = Courriel.objects.filter(gabarit=GABARIT, cle__in=list(par_cle)).exclude(etat=Etat.ABANDONNE)
    return {par_cle[cle] for cle in ecrits.order_by().values_list("cle", flat=True) if cle}


def _cle(une: Attestation) -> str:
    return f"attestation:{une.numero}"


def _annoncer(attestations: Iterable[Attestation]) -> None:
    for une in attestations:
        contexte = {
            "annee": str(une.annee),
            "numero": une.numero,
            "prenom": une.destinataire.get("prenom", ""),
            "remplace": une.version > 1,
            "lien": settings.BASE_URL + reverse("espace_famille:attestations"),
        }
        dossier = f"famille:{une.payeur.famille_id}" if une.payeur.famille_id else ""
        ecrire(GABARIT, [une.destinataire["courriel"]], contexte, cle=_cle(une), dossier=dossier)
