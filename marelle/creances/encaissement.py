"""Receiving money, and taking a receipt back: who may, by which means, what it pays, exactly once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from marelle.comptes.models import Agent
from marelle.journal.service import noter
from marelle.regles.argent import euros
from marelle.regles.regies import OptionsRegie
from marelle.socle.erreurs import Refus
from marelle.socle.horloge import aujourdhui, maintenant

from .imputation import imputer_credits, reprendre, reprendre_les_restitutions, ventiler
from .mandats import exiger_mandat
from .models import Facture, Paiement, Payeur, Regie
from .numeros import Suite, numero_de_quittance
from .regies import options_de

SERIE = "paiements"
EN_LIGNE = (Paiement.Mode.EN_LIGNE, Paiement.Mode.PRELEVEMENT_EN_LIGNE)


@transaction.atomic
def encaisser(
    regie: Regie,
    payeur: Payeur,
    montant_centimes: int,
    mode: str,
    *,
    auteur: Agent | None,
    factures: Sequence[tuple[Facture, int]] | None = None,
    date_paiement: date | None = None,
    emetteur: str = "",
    reference: str = "",
    reference_unique: str | None = None,
    attendu_centimes: int = 0,
) -> Paiement:
    """Record money received; `factures` says what it pays (None: the oldest first). `auteur` None is the machine: an online
    payment, or what the Treasury returned; such money is here already, so that what exceeds the debts stays as an advance.

    `attendu_centimes`: what may stay in credit besides, because it was asked before any invoice.
    With a `reference_unique` that is recorded already, the same payment is returned: never twice.
    Raises `Refus` with one sentence: no mandate, a means the régie may not take, cash over its ceiling, an amount over what
    is owed, an invoice of somebody else.
    """
    payeur = Payeur.objects.select_for_update().get(pk=payeur.pk)
    if reference_unique and (deja := Paiement.objects.filter(reference_unique=reference_unique).first()):
        return deja
    jour = date_paiement or aujourdhui()
    _examiner(regie, mode, montant_centimes, jour, auteur)
    paiement = inscrire(
        regie, payeur, montant_centimes, mode, jour, auteur,
        emetteur=emetteur, reference=reference, reference_unique=reference_unique,
    )  # fmt: skip
    reste = ventiler(paiement, factures)
    if reste > attendu_centimes and auteur is not None and not options_de(regie).acompte:
        raise Refus(f"Ce paiement dépasse de {euros(reste)} ce qui est dû : rien n’est enregistré.")
    journaliser(auteur, "paiement.recu", paiement, mode=mode)
    return paiement


def _examiner(regie: Regie, mode: str, montant: int, jour: date, auteur: Agent | None) -> None:
    if auteur is not None:
        exiger_mandat(auteur, regie, jour=aujourdhui())
        exiger_mode(options_de(regie), mode, montant)
    if montant <= 0:
        raise Refus("Un paiement est d’un montant positif : pour annuler un paiement, ouvrez-le et annulez-le.")
    if jour > aujourdhui():
        raise Refus("La date du paiement est à venir : donnez celle où vous l’avez reçu.")


def exiger_mode(options: OptionsRegie, mode: str, montant_centimes: int) -> None:
    """The means that the *acte constitutif* allows, and the ceiling of cash."""
    if options.est_titre:
        raise Refus(f"« {options.nom} » ne reçoit pas d’argent : le Trésor public encaisse ses titres.")
    if mode not in options.modes:
        libelle = dict(Paiement.Mode.choices).get(mode, mode)
        raise Refus(f"La régie « {options.nom} » n’est pas autorisée à recevoir ce mode de paiement : {libelle}.")
    if mode == Paiement.Mode.ESPECES and montant_centimes > options.plafond_especes:
        raise Refus(f"Les espèces sont limitées à {euros(options.plafond_especes)} par paiement.")


@transaction.atomic
def contrepasser(paiement: Paiement, motif: str, *, auteur: Agent | None) -> Paiement:
    """Take a payment back by its counter-entry: what it paid is owed again, and what was refunded of it too. Take a refund
    back: what it gave is in credit again. Raises `Refus` when it was done already, or when `auteur` has no mandate; the machine
    (None) does it for a debit that the bank rejected."""
    payeur = Payeur.objects.select_for_update().get(pk=paiement.payeur_id)
    paiement = Paiement.objects.select_related("regie").get(pk=paiement.pk)
    if auteur is not None:
        exiger_mandat(auteur, paiement.regie, jour=aujourdhui())
    if not motif.strip():
        raise Refus(f"Dites pourquoi ce {paiement.nom_courant} est annulé : chèque rejeté, erreur de saisie…")
    if paiement.annule_id:
        raise Refus(f"Ceci est déjà l’annulation d’un {paiement.nom_courant}.")
    if Paiement.objects.filter(annule=paiement).exists():
        raise Refus(f"Le {paiement.nom_courant} {paiement.numero} est déjà annulé.")
    contraire = inscrire(
        paiement.regie, payeur, -paiement.montant_centimes, paiement.mode, aujourdhui(), auteur,
        emetteur=paiement.emetteur, reference=paiement.reference, annule=paiement, motif=motif.strip(),
        est_remboursement=paiement.est_remboursement,
    )  # fmt: skip
    reprendre(paiement, contraire)
    reprendre_les_restitutions(paiement)
    imputer_credits(payeur, paiement.regie)
    journaliser(auteur, f"{paiement.nom_courant}.annule", paiement, motif=motif.strip())
    return contraire


def journaliser(auteur: Agent | None, action: str, paiement: Paiement, **details: str) -> None:
    noter(
        auteur.compte if auteur else None, action, paiement,
        dossier=f"famille:{paiement.payeur.famille_id}" if paiement.payeur.famille_id else "",
        numero=paiement.numero, montant_centimes=paiement.montant_centimes, **details,
    )  # fmt: skip


def inscrire(
    regie: Regie,
    payeur: Payeur,
    montant: int,
    mode: str,
    jour: date,
    auteur: Agent | None,
    *,
    emetteur: str = "",
    reference: str = "",
    reference_unique: str | None = None,
    annule: Paiement | None = None,
    motif: str = "",
    est_remboursement: bool = False,
) -> Paiement:
    """Write it under its number, chained to the one before; what it pays is the caller's."""
    suite = Suite(regie, (enregistre := maintenant()).year, SERIE)
    rang = suite.suivant()
    paiement = Paiement(
        regie=regie,
        exercice=enregistre.year,
        rang=rang,
        numero=numero_de_quittance(regie, enregistre.year, rang),
        payeur=payeur,
        mode=mode,
        montant_centimes=montant,
        date_paiement=jour,
        emetteur=emetteur,
        reference=reference,
        reference_unique=reference_unique,
        annule=annule,
        motif=motif,
        est_remboursement=est_remboursement,
        enregistre_le=enregistre,
        enregistre_par=auteur,
    )
    paiement.empreinte = suite.enchainer(contenu(paiement))
    paiement.save(force_insert=True)
    suite.finir()
    return paiement


def contenu(paiement: Paiement) -> dict[str, object]:
    """What the digest of a payment covers; that it is a refund, only of those that are: the others keep their digest."""
    rendu: dict[str, object] = {"remboursement": True} if paiement.est_remboursement else {}
    return {
        **rendu,
        "numero": paiement.numero,
        "payeur": paiement.payeur_id,
        "mode": paiement.mode,
        "montant": paiement.montant_centimes,
        "date": paiement.date_paiement.isoformat(),
        "reference": paiement.reference,
        "annule": paiement.annule_id,
    }
