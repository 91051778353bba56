"""What the service does with the quotient of a household: enter the one it has read, cancel an error. Both are journaled."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models import Q

from marelle.comptes.models import Agent
from marelle.familles.models import Famille
from marelle.journal.service import noter
from marelle.pieces.models import Piece
from marelle.socle.erreurs import Introuvable, Refus
from marelle.socle.horloge import annee_scolaire, aujourdhui, maintenant

from .foyer import oublier_le_foyer
from .identite import tarifs
from .models import QuotientFamilial
from .retenus import remplacer_l_erreur


def quotients_de(famille: Famille) -> list[QuotientFamilial]:
    """Every entry of a household, the last first, those that were cancelled included."""
    return list(QuotientFamilial.objects.filter(famille=famille).select_related("saisi_par__compte", "piece"))


def quotient_en_vigueur(famille: Famille) -> QuotientFamilial | None:
    """The last entry that covers today, proved or not; None without any."""
    debut, jour = Q(valable_du__lte=aujourdhui()), Q(valable_au__isnull=True) | Q(valable_au__gte=aujourdhui())
    return QuotientFamilial.objects.filter(debut, jour, famille=famille, annule_le__isnull=True).first()


def fin_de_validite(jour: date) -> date | None:
    """Until when a quotient entered on that day holds, as the collectivité has chosen; None: until the next one."""
    lus = tarifs()
    valable = lus.quotient.valable if lus else "annee_scolaire"
    if valable == "sans_fin":
        return None
    return annee_scolaire(jour)[1] if valable == "annee_scolaire" else date(jour.year, 12, 31)


def enregistrer(quotient: QuotientFamilial, famille: Famille, agent: Agent) -> QuotientFamilial:
    """Keep what an agent has read. The journal says that it was done, never the value."""
    quotient.famille, quotient.saisi_par = famille, agent
    with transaction.atomic():
        quotient.save(force_insert=True)
        noter(agent.compte, "quotient.saisie", quotient, dossier=f"famille:{famille.pk}", source=quotient.source)
    oublier_le_foyer(famille)
    return quotient


def annuler(famille: Famille, cle: int, motif: str, agent: Agent) -> QuotientFamilial:
    """Cancel an entry made by mistake: the one before counts again. `Introuvable` when it is another household's."""
    if not motif.strip():
        raise Refus("Dites pourquoi ce quotient est annulé.")
    with transaction.atomic():
        quotient = QuotientFamilial.objects.select_for_update(no_key=True).filter(famille=famille, pk=cle).first()
        if quotient is None:
            raise Introuvable("Ce quotient n’est pas celui de cette famille.")
        if quotient.annule_le is not None:
            raise Refus("Ce quotient est déjà annulé : rechargez la page.")
        quotient.annule_le, quotient.annule_motif = maintenant(), motif.strip()[:200]
        quotient.save(update_fields=["annule_le", "annule_motif"])
        noter(agent.compte, "quotient.annulation", quotient, dossier=f"famille:{famille.pk}")
        remplacer_l_erreur(quotient)
    oublier_le_foyer(famille)
    return quotient


def justificatifs_de(famille: Famille) -> list[Piece]:
    """The documents that may prove a quotient: those the family has sent, the last first."""
    return list(Piece.objects.filter(famille=famille).exclude(etat=Piece.Etat.RETIREE).order_by("-pk")[:50])
