"""Giving back what a payer has in credit: numbered and chained like a payment, and what it gives back pays nothing any more."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date

from django.db import transaction

from marelle.comptes.models import Agent
from marelle.regles.argent import euros
from marelle.socle.erreurs import Refus
from marelle.socle.horloge import aujourdhui

from .encaissement import inscrire, journaliser
from .imputation import rendre
from .mandats import exiger_mandat
from .models import Paiement, Payeur, Regie
from .regies import options_de
from .soldes import soldes, sources_a_rendre

# The means by which money is given back: the account of the régie pays the two first, its till the last.
MODES = (Paiement.Mode.VIREMENT, Paiement.Mode.CHEQUE, Paiement.Mode.ESPECES)

_MOTS = {
    Paiement.Mode.VIREMENT: "par virement",
    Paiement.Mode.CHEQUE: "par chèque",
    Paiement.Mode.ESPECES: "en espèces",
}


def dire_le_moyen(remboursement: Paiement) -> str:
    """« par virement »."""
    return _MOTS[Paiement.Mode(remboursement.mode)]


@transaction.atomic
def rembourser(
    regie: Regie,
    payeur: Payeur,
    montant_centimes: int,
    mode: str,
    *,
    auteur: Agent,
    motif: str,
    reference: str = "",
    date_remboursement: date | None = None,
    reference_unique: str | None = None,
    reserve_centimes: int = 0,
    d_abord: Collection[int] = (),
) -> Paiement:
    """Record money given back, of what that payer has in credit; `reserve_centimes` of it is promised to something else.
    `d_abord`: the payments (keys) that are given back first; then avoirs and advances, the oldest first.

    With a `reference_unique` that is recorded already, the same refund is returned: never twice. Raises `Refus` with one
    sentence: no mandate, a means the régie does not use, more than what is in credit, no reason."""
    payeur = Payeur.objects.select_for_update().get(pk=payeur.pk)
    if reference_unique and (deja := Paiement.objects.filter(reference_unique=reference_unique).first()):
        return deja
    jour = date_remboursement or aujourdhui()
    examiner(regie, mode, montant_centimes, jour, motif, auteur)
    sources = sorted(sources_a_rendre([payeur.pk], regie), key=lambda une: _rang(une[0], d_abord))
    permis = max(0, rendable(payeur, regie) - reserve_centimes)
    if montant_centimes > permis:
        raise Refus(
            f"Il n’y a que {euros(permis)} à rembourser à ce payeur : le reste de ce qu’il a versé paie ses factures ou ses "
            "réservations."
            if permis
            else "Ce payeur n’a rien à se faire rembourser par cette régie."
        )
    remboursement = inscrire(
        regie, payeur, -montant_centimes, mode, jour, auteur, reference=reference, reference_unique=reference_unique,
        motif=motif.strip(), est_remboursement=True,
    )  # fmt: skip
    rendre(remboursement, sources)
    journaliser(auteur, "remboursement.fait", remboursement, mode=mode, motif=motif.strip())
    return remboursement


def rendable(payeur: Payeur, regie: Regie) -> int:
    """What that payer has in credit, all its debts to that régie taken off, and that the régie can give back (centimes)."""
    return rendables([payeur.pk], regie).get(payeur.pk, 0)


def rendables(payeurs: Iterable[int], regie: Regie) -> dict[int, int]:
    """The same of each of these payers (keys) who has some, in four queries."""
    credits = {cle: -du for cle, du in soldes(payeurs, regie).items() if du < 0}
    sources: dict[int, int] = {}
    for source, reste in sources_a_rendre(credits, regie) if credits else ():
        sources[source.payeur_id] = sources.get(source.payeur_id, 0) + reste
    return {cle: min(credits[cle], total) for cle, total in sources.items()}


def examiner(regie: Regie, mode: str, montant: int, jour: date, motif: str, auteur: Agent) -> None:
    """Everything but how much is in credit. Raises `Refus`."""
    options = options_de(regie)
    if options.est_titre:
        raise Refus(f"« {options.nom} » ne rend pas d’argent : le Trésor public rembourse ce qu’il a encaissé.")
    exiger_mandat(auteur, regie, jour=aujourdhui())
    if mode not in MODES:
        raise Refus("Un remboursement se fait par virement, par chèque ou en espèces.")
    if mode == Paiement.Mode.ESPECES and mode not in options.modes:
        raise Refus(f"La régie « {options.nom} » ne manie pas d’espèces : remboursez par virement ou par chèque.")
    if montant <= 0:
        raise Refus("Un remboursement est d’un montant positif.")
    if jour > aujourdhui():
        raise Refus("La date du remboursement est à venir : donnez celle où vous le faites.")
    if not motif.strip():
        raise Refus("Dites pourquoi cette somme est rendue : le payeur le lira.")


def _rang(source: object, d_abord: Collection[int]) -> int:
    return 0 if isinstance(source, Paiement) and source.pk in d_abord else 1
