"""How does an invoice reach its payer? An e-mail to those who agreed to it; the others are in the print batch.

The e-mail says the amount and the due date, and opens the invoice on the portal: the document itself (the names of children,
their days, the quotient) is read after signing in, and does not travel (decision 0023).
"""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django_tasks import task

from marelle.courriels.service import ecrire
from marelle.creances.models import Facture
from marelle.creances.regies import options_de
from marelle.regles.argent import euros
from marelle.socle.erreurs import Introuvable
from marelle.tresor.annonces import debits_dits

from .documents import dire, dire_la_periode
from .models import Campagne

PAR_LOT = 50  # e-mails written in one transaction: sign-ins and bookings go on in between


def campagne_de(cle: int) -> Campagne:
    """Raises `Introuvable`."""
    campagne = Campagne.objects.select_related("regie").filter(pk=cle).first()
    if campagne is None:
        raise Introuvable("Cette facturation n’existe pas.")
    return campagne


def factures_de(campagne_id: int) -> QuerySet[Facture]:
    """What a billing run has issued, by number."""
    return Facture.objects.filter(prevue__campagne=campagne_id).select_related("regie").order_by("exercice", "rang")


def part_par_courriel(facture: Facture) -> bool:
    """Whether its payer had agreed to e-mail when it was issued."""
    return bool(facture.destinataire.get("par_courriel") and facture.destinataire.get("courriel"))


@task()
def ecrire_aux_familles(campagne_id: int) -> None:
    """The job that follows the issue of a run."""
    annoncer_la_campagne(campagne_id)


def annoncer_la_campagne(campagne_id: int) -> int:
    """Write to everybody of a billing run who agreed to it; run again, it writes to nobody twice. Returns how many."""
    siennes = [une for une in factures_de(campagne_id) if part_par_courriel(une)]
    for debut in range(0, len(siennes), PAR_LOT):
        with transaction.atomic():
            annoncer(siennes[debut : debut + PAR_LOT])
    return len(siennes)


def annoncer(factures: Iterable[Facture]) -> int:
    """Write an e-mail for each of these invoices (or avoirs) whose payer agreed to it, once each, inside the caller's
    transaction. Returns how many."""
    siennes = [une for une in factures if part_par_courriel(une)]
    debits = debits_dits(siennes)
    for facture in siennes:
        _annoncer_une(facture, debits.get(facture.pk, ""))
    return len(siennes)


def _annoncer_une(facture: Facture, debit: str) -> None:
    options = options_de(facture.regie)
    net = facture.montant_centimes + facture.solde_anterieur_centimes
    contexte = {
        "numero": facture.numero,
        "prenom": facture.destinataire.get("prenom", ""),
        "est_avoir": facture.est_avoir,
        "motif": facture.motif,
        "montant": euros(abs(facture.montant_centimes)),
        "net": euros(net) if facture.solde_anterieur_centimes and net > 0 else "",
        "periode": dire_la_periode(facture.periode_debut, facture.periode_fin),
        "echeance": "" if options.est_titre else dire(facture.date_echeance),
        "est_titre": options.est_titre,
        "debit": debit,
        "se_paie_ici": options.paiement_en_ligne == "payfip_regie_ws" and net > 0,
        "rien_a_payer": not facture.est_avoir and net <= 0,
        "lien": settings.BASE_URL + reverse("espace_famille:facture", args=[facture.numero]),
    }
    dossier = f"famille:{facture.famille_id}" if facture.famille_id else ""
    ecrire("facture", [facture.destinataire["courriel"]], contexte, cle=f"facture:{facture.numero}", dossier=dossier)
