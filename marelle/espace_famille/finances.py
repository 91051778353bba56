"""The families' pages of money: their tabs, what each card and row says, where « Payer » leads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse

from marelle.collectivite.identite import identite
from marelle.creances.models import Facture, Paiement
from marelle.creances.payeurs import nom_de
from marelle.creances.remboursement import dire_le_moyen
from marelle.creances.soldes import Operation
from marelle.facturation.comment_payer import moyens_de_la_regie, moyens_du_titre
from marelle.facturation.consultation import Etat, dit_les_paiements
from marelle.regles.argent import euros
from marelle.regles.regies import OptionsRegie
from marelle.socle.francais import date_sans_jour
from marelle.socle.horloge import aujourdhui
from marelle.tarification.identite import tarifs
from marelle.tresor.annonces import debits_dits, dire_ensemble

EN_LIGNE = "payfip_regie_ws"


def onglets(courant: str, *, avec_les_paiements: bool = True) -> list[dict[str, Any]]:
    """The tabs of every page of money; the statement and the payments only where the portal knows them."""
    pages = [("finances", identite().mots.factures)]
    if avec_les_paiements:
        pages += [("releve", "Relevé de compte"), ("mes_paiements", "Mes paiements")]
    pages += [("attestations", "Attestations (impôts)")]
    pages += [("tarifs", "Tarifs")] if tarifs() else []
    liens = [(nom, libelle, adresse(nom)) for nom, libelle in pages]
    return [{"libelle": dit, "lien": lien, "est_courant": nom == courant} for nom, dit, lien in liens if lien]


def adresse(nom: str, **cles: Any) -> str:
    """The address of a page of the families, empty when this portal has no such page."""
    try:
        return reverse(f"espace_famille:{nom}", kwargs=cles)
    except NoReverseMatch:
        return ""


@dataclass(frozen=True, slots=True)
class Carte:
    """What is left to pay to one régie, first thing on the page: the amount, before when, the door or the ways."""

    etat: Etat
    titre: str
    montant_centimes: int
    precision: str
    lien: str
    libelle: str
    est_dehors: bool
    moyens: list[str]

    @property
    def est_en_retard(self) -> bool:
        """Whether something due to a régie is past its date; of titres, only the Treasury knows."""
        avant = self.etat.avant_le
        return not self.etat.options.est_titre and self.etat.solde_centimes > 0 and bool(avant and avant < aujourdhui())

    @property
    def payable_centimes(self) -> int:
        """What « Payer » asks for: invoices, not what a refund gave of money taken back since."""
        return min(self.montant_centimes, self.etat.du_centimes)


def carte(etat: Etat) -> Carte:
    """The régie's card: what is owed, or what the family is ahead by."""
    options, solde = etat.options, etat.solde_centimes
    if not etat.dit_les_paiements:
        derniere = etat.factures[-1:]
        montant = derniere[0].montant_centimes if derniere else 0
        moyens, est_preleve = moyens_du_tresor(options, derniere)
        return Carte(etat, "Votre dernière facture", montant, "", *_porte(etat, ferme=est_preleve), moyens)
    if solde <= 0:
        return Carte(etat, "Vous êtes en avance de" if solde else "Vous ne devez rien", -solde, "", "", "", False, [])
    numeros = [une.numero for une in etat.factures] + [un.remboursement.numero for un in etat.decouverts]
    numero = numeros[0] if len(numeros) == 1 else "de la facture"
    if not options.est_titre:
        return Carte(etat, "Il vous reste à payer", solde, "", *_porte(etat), moyens_de_la_regie(options, numero))
    moyens, est_preleve = moyens_du_tresor(options, etat.factures)
    titre, precision = "Il vous reste à payer", "Demandé par le Trésor public"
    if est_preleve:
        titre, precision = "Reste à prélever", "Par le Trésor public"
    return Carte(etat, titre, solde, precision, *_porte(etat, ferme=est_preleve), moyens)


def moyens_du_tresor(options: OptionsRegie, factures: Sequence[Facture]) -> tuple[list[str], bool]:
    """What to do about these invoices of a budget whose titres the Treasury collects; whether it debits them all: then there is
    nothing to do."""
    debits = debits_dits(factures)
    est_preleve = bool(factures) and all(une.pk in debits for une in factures)
    if est_preleve:
        return dire_ensemble(debits.values()), True
    dits = [f"Facture {une.numero} : {debits[une.pk]}" for une in factures if une.pk in debits]
    return [*dits, *moyens_du_titre(options)], False


def _porte(etat: Etat, *, ferme: bool = False) -> tuple[str, str, bool]:
    """Where « Payer » leads (empty: nowhere), its words, whether it leaves the portal. `ferme`: there is nothing to pay here."""
    options = etat.options
    if ferme:
        return ("", "", False)
    if options.paiement_en_ligne == "lien_payfip_titre":
        return (options.adresse_payfip, "Payer sur PayFiP", True)
    if options.paiement_en_ligne == EN_LIGNE and etat.factures:
        return (adresse("payer"), "Payer", False)
    return ("", "", False)


@dataclass(frozen=True, slots=True)
class Rang:
    """One row of the invoices."""

    facture: Facture
    payeur: str
    dit_les_paiements: bool
    est_en_retard: bool
    payer: str

    @property
    def reste_centimes(self) -> int:
        return self.facture.reste_centimes  # type: ignore[attr-defined]


def rang(facture: Facture, *, payable: bool = True) -> Rang:
    """`payable` False: handed over to the Treasury, it is no longer paid here."""
    options, reste = Etat(facture.regie).options, facture.reste_centimes  # type: ignore[attr-defined]
    est_du = reste > 0 and not options.est_titre
    lien = adresse("payer") if est_du and payable and options.paiement_en_ligne == EN_LIGNE else ""
    return Rang(
        facture,
        nom_de(facture.destinataire),
        dit_les_paiements(facture.regie),
        est_du and facture.date_echeance < aujourdhui(),
        f"{lien}?facture={facture.numero}" if lien else "",
    )


def dire_operation(une: Operation) -> str:
    """« Facture 202601000123 », « Chèque », « Chèque rejeté : annulation du paiement »."""
    if une.facture is not None:
        return f"{une.facture}{f', {une.facture.motif}' if une.facture.motif else ''}"
    assert une.paiement is not None
    return dire_paiement(une.paiement)


def dire_paiement(paiement: Paiement) -> str:
    """How it was paid; of a refund, when and how much; of a counter-entry, what it takes back and why."""
    if paiement.annule is not None:
        annule = f"{paiement.nom_courant} {paiement.annule.numero}"
        return f"Annulation du {annule}, {paiement.motif[:1].lower()}{paiement.motif[1:]}"
    if paiement.est_remboursement:
        le, rendus = date_sans_jour(paiement.date_paiement, 0), euros(-paiement.montant_centimes)
        return f"Remboursement du {le} : {rendus} {dire_le_moyen(paiement)}"
    return str(paiement.get_mode_display())


def quittance(paiement: Paiement) -> str:
    """The address of the receipt, empty when there is none: money given back, a counter-entry, a titre that the Treasury was
    paid."""
    return "" if sans_quittance(paiement) else adresse("quittance", paiement_id=paiement.pk)


def sans_quittance(paiement: Paiement) -> bool:
    return bool(paiement.annule_id) or paiement.est_remboursement or paiement.mode == Paiement.Mode.TRESOR
