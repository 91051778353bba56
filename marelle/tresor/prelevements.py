"""Which invoices the Treasury may debit itself: those of payers who signed a mandate for a budget whose titres it collects."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from marelle.creances.models import Regie
from marelle.creances.regies import options_de
from marelle.regie.mandats_sepa import en_vigueur

from .models import PieceExportee
from .pes.fichier import Prelevement
from .selection import ATransmettre, vivantes

PREMIER, SUIVANT = "FRST", "RCUR"


def prelevements_du_tresor(regie: Regie, choses: Sequence[ATransmettre], jour: date) -> dict[int, Prelevement]:
    """The debit of each payer that has a mandate in force, by the payer's key; none for a régie that cashes: it debits itself.

    The first bordereau after the signature carries FRST, the next ones RCUR."""
    options = options_de(regie)
    if not options.est_titre:
        return {}
    mandats = {
        un.payeur_id: un for un in en_vigueur(regie).filter(payeur__in={une.facture.payeur_id for une in choses})
    }
    if not mandats:
        return {}
    titres = vivantes().filter(role=PieceExportee.Role.TITRE, facture__payeur__in=mandats).order_by("pk")
    partis: dict[int, date] = dict(titres.values_list("facture__payeur_id", "export__date_emission"))
    return {
        pk: Prelevement(
            rum=mandat.rum,
            signe_le=mandat.signe_le,
            sequence=SUIVANT if pk in partis and partis[pk] >= mandat.signe_le else PREMIER,
            date=jour + timedelta(days=options.sepa.preavis_jours),
            iban=mandat.iban,
            titulaire=mandat.titulaire,
            bic=mandat.bic,
        )
        for pk, mandat in mandats.items()
    }
