"""What the régie writes to payers: their receipt, a payment taken back, a reminder, a direct debit to come."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.urls import NoReverseMatch, reverse

from marelle.courriels.service import ecrire
from marelle.creances.decouverts import lire_les_decouverts
from marelle.creances.models import Facture, Paiement, Payeur
from marelle.creances.payeurs import destinataire, nom_de
from marelle.creances.regies import options_de
from marelle.creances.remboursement import dire_le_moyen
from marelle.regles.argent import euros
from marelle.socle.francais import date_longue

from .models import LignePrelevement


def _dossier(payeur: Payeur) -> str:
    return f"famille:{payeur.famille_id}" if payeur.famille_id else ""


def _adresse(nom: str, *arguments: object) -> str:
    """A page of the family; its home when this portal has not that page."""
    try:
        return f"{settings.BASE_URL}{reverse(nom, args=arguments)}"
    except NoReverseMatch:
        return f"{settings.BASE_URL}/"


def envoyer_la_quittance(paiement: Paiement) -> None:
    """The receipt, if the payer agreed to read its bills by e-mail."""
    a_qui = destinataire(paiement.payeur)
    if not a_qui.get("par_courriel"):
        return
    contexte = {
        "paiement": paiement,
        "montant": euros(paiement.montant_centimes),
        "nom": nom_de(a_qui),
        "le": date_longue(paiement.date_paiement, 0),
        "factures": [un.facture.numero for un in paiement.ventilations.select_related("facture").order_by("pk")],
        "lien": _adresse("espace_famille:quittance", paiement.pk),
    }
    ecrire(
        "quittance", [a_qui["courriel"]], contexte, cle=f"paiement:{paiement.pk}:quittance",
        dossier=_dossier(paiement.payeur),
    )  # fmt: skip


def dire_l_annulation(paiement: Paiement, contraire: Paiement) -> None:
    """Whoever paid is told why it is owed again, what of it was given back too; of a refund, that it is in credit again."""
    a_qui = destinataire(paiement.payeur)
    siens = Paiement.objects.filter(payeur=paiement.payeur_id, regie=paiement.regie_id)
    rendus = sum(un.reste_centimes for un in lire_les_decouverts(siens) if un.repris.pk == paiement.pk)
    gabarit = f"{paiement.nom_courant}_annule"
    contexte = {
        "paiement": paiement,
        "montant": euros(abs(paiement.montant_centimes)),
        "nom": nom_de(a_qui),
        "le": date_longue(paiement.date_paiement, 0),
        "motif": contraire.motif,
        "rendus": euros(rendus) if rendus else "",
        "payait": contraire.ventilations.exists(),
        "lien": _adresse("espace_famille:finances"),
    }
    ecrire(
        gabarit, [a_qui["courriel"]], contexte, cle=f"paiement:{paiement.pk}:annule",
        dossier=_dossier(paiement.payeur),
    )  # fmt: skip


def dire_le_remboursement(remboursement: Paiement) -> None:
    """Whoever is given money back is told how much, how and why."""
    a_qui = destinataire(remboursement.payeur)
    contexte = {
        "remboursement": remboursement,
        "montant": euros(-remboursement.montant_centimes),
        "nom": nom_de(a_qui),
        "le": date_longue(remboursement.date_paiement, 0),
        "par": dire_le_moyen(remboursement),
        "lien": _adresse("espace_famille:releve"),
    }
    ecrire(
        "remboursement", [a_qui["courriel"]], contexte, cle=f"paiement:{remboursement.pk}:remboursement",
        dossier=_dossier(remboursement.payeur),
    )  # fmt: skip


def relancer(
    payeur: Payeur, courriel: str, titre: str, texte: str, dues: Sequence[tuple[Facture, int]], cle: str
) -> None:
    """One e-mail per payer and step, with what is owed."""
    contexte = {
        "titre": titre,
        "texte": texte,
        "lignes": [
            {"numero": une.numero, "reste": euros(reste), "avant": date_longue(une.date_echeance, 0)}
            for une, reste in dues
        ],
        "total": euros(sum(reste for _, reste in dues)),
        "lien": _adresse("espace_famille:finances"),
    }
    ecrire("relance", [courriel], contexte, cle=cle, dossier=_dossier(payeur))


def annoncer_le_prelevement(ligne: LignePrelevement) -> bool:
    """The pre-notification, with what SEPA wants in it; False when there is no address to write to."""
    return _ecrire_le_prelevement(ligne, "prelevement_annonce", f"prelevement:{ligne.prelevement_id}:{ligne.pk}")


def dire_l_abandon(ligne: LignePrelevement) -> bool:
    """Whoever was told of a debit is told that it will not be: otherwise they would wait for it, and not pay."""
    return _ecrire_le_prelevement(
        ligne, "prelevement_abandonne", f"prelevement:{ligne.prelevement_id}:{ligne.pk}:abandon"
    )


def _ecrire_le_prelevement(ligne: LignePrelevement, gabarit: str, cle: str) -> bool:
    mandat, run = ligne.mandat, ligne.prelevement
    courriel = destinataire(mandat.payeur).get("courriel", "")
    contexte = {
        "montant": euros(ligne.montant_centimes),
        "le": date_longue(run.date_prelevement, 0),
        "rum": mandat.rum,
        "fin": mandat.iban_fin,
        "ics": options_de(run.regie).sepa.ics,
        "regie": run.regie.nom,
        "lien": _adresse("espace_famille:finances"),
    }
    return bool(ecrire(gabarit, [courriel], contexte, cle=cle, dossier=_dossier(mandat.payeur)))
