"""What is printed: receipts, bordereaux, versements, the journal, the list for the Treasury, as data of the PDF models."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import Sum
from django.utils.timezone import localdate

from marelle.creances.models import Facture, Mandat, Paiement, Payeur, Regie
from marelle.creances.payeurs import destinataire, nom_de
from marelle.creances.regies import options_de
from marelle.creances.soldes import solde
from marelle.regles.argent import euros
from marelle.socle.francais import compte, date_sans_jour, enumere
from marelle.socle.horloge import aujourdhui

from .depots import paiements_du_bordereau, paiements_du_versement
from .journal import REMBOURSEMENTS, Filtre, Total, dire_les_totaux, noms_des_payeurs, paiements_de, totaux
from .models import Bordereau, Transmission, Versement

SIGNATURES = ["Le régisseur", "Le comptable public"]
AU_PLUS = 2000  # lines of a printed journal


def quittance(paiement: Paiement) -> dict[str, Any]:
    """The receipt of one payment; of one taken back, it says so."""
    a_qui = destinataire(paiement.payeur)
    regles = paiement.ventilations.select_related("facture").order_by("facture__date_emission", "facture__rang", "pk")
    avance = credit_de(paiement)
    contraire = Paiement.objects.filter(annule=paiement).first()
    reste = solde(paiement.payeur, paiement.regie)
    donnees: dict[str, Any] = {
        "numero": paiement.numero,
        "nom": nom_de(a_qui),
        "montant": euros(paiement.montant_centimes),
        "le": paiement.date_paiement,
        "enregistre_le": paiement.enregistre_le,
        "mode": paiement.get_mode_display(),
        "precisions": precisions(paiement),
        "dossier": a_qui.get("dossier", ""),
        "regie": options_de(paiement.regie).nom,
        "regisseur": _regisseur(paiement.regie, paiement.date_paiement),
        "factures": [
            {
                "numero": une.facture.numero,
                "periode": _periode(une.facture),
                "montant": euros(une.montant_centimes),
            }
            for une in regles
        ],
        "avance": euros(avance) if avance > 0 else "",
        "reste": euros(reste) if reste > 0 else "",
        "au": aujourdhui(),
    }
    if contraire is not None:
        donnees["annulee"] = {"le": contraire.date_paiement, "motif": contraire.motif.rstrip(".")}
    return donnees


def precisions(paiement: Paiement) -> list[str]:
    """Bank and number of a cheque, vouchers, reference of an operation."""
    titres = getattr(paiement, "titres", None)
    lignes = [un for un in (paiement.emetteur, f"nº {paiement.reference}" if paiement.reference else "") if un]
    return ([", ".join(lignes)] if lignes else []) + (
        [f"{compte(titres.nombre, 'titre')} : {titres.numeros}"] if titres else []
    )


def _periode(facture: Facture) -> str:
    du, au = facture.periode_debut, facture.periode_fin
    return f"du {date_sans_jour(du, au.year)} au {date_sans_jour(au, 0)}"


def _regisseur(regie: Regie, jour: date) -> str:
    titulaires = Mandat.objects.filter(regie=regie, qualite=Mandat.Qualite.TITULAIRE, debut__lte=jour)
    return next(
        (f"régisseur titulaire : {un.agent}" for un in titulaires.select_related("agent") if un.couvre(jour)), ""
    )


def bordereau(lot: Bordereau) -> dict[str, Any]:
    """The slip that goes with a deposit: each payment by its number, with bank and number, or vouchers."""
    paiements = paiements_du_bordereau(lot)
    noms = noms_des_payeurs([un.payeur for un in paiements])
    titres = sum(un.titres.nombre for un in paiements if hasattr(un, "titres"))
    return {
        "titre": f"Bordereau de remise nº {lot.numero}",
        "faits": [
            ("Régie", lot.regie.nom),
            ("Mode", lot.get_mode_display()),
            ("Remis le", date_sans_jour(lot.date_depot, 0)),
            ("Clos par", str(lot.fait_par)),
            ("Nombre", _compter(lot, titres)),
            ("Montant", euros(lot.montant_centimes)),
        ],
        "colonnes": [
            ("Quittance", "court"), ("Payeur", "long"), ("Banque ou émetteur, numéros", "long"), ("Reçu le", "court"),
            ("Montant", "montant"),
        ],
        "lignes": [
            [
                un.numero, f"{noms.get(un.payeur_id, '')}{_rendu(un)}", " ".join(precisions(un)) or "–",
                f"{un.date_paiement:%d/%m/%Y}", euros(un.montant_centimes),
            ]
            for un in paiements
        ],
        "totaux": dire_les_totaux([Total("Total", lot.nombre, lot.montant_centimes)]),
        "signatures": ["Le régisseur", "Reçu par"],
    }  # fmt: skip


def _compter(lot: Bordereau, titres: int) -> str:
    if lot.mode == Paiement.Mode.CHEQUE:
        return compte(lot.nombre, "chèque")
    en_titres = f", {compte(titres, 'titre')}" if titres else ""
    return f"{compte(lot.nombre, 'paiement')}{en_titres}"


def versement(fait: Versement) -> dict[str, Any]:
    """The slip of a versement to the accountant: what it is made of, by means, and the numbers it covers."""
    paiements = paiements_du_versement(fait)
    par_mode: dict[str, list[Paiement]] = {}
    for un in paiements:
        par_mode.setdefault(REMBOURSEMENTS if un.est_remboursement else un.get_mode_display(), []).append(un)
    sommes = [Total(mode, len(tous), sum(un.montant_centimes for un in tous)) for mode, tous in par_mode.items()]
    noms = noms_des_payeurs([un.payeur for un in paiements])
    return {
        "titre": f"Versement au comptable nº {fait.numero}",
        "faits": [
            ("Régie", fait.regie.nom),
            ("Versé le", date_sans_jour(fait.date_versement, 0)),
            ("Motif", fait.get_motif_display()),
            ("Fait par", str(fait.fait_par)),
            ("Montant", euros(fait.montant_centimes)),
        ],
        "colonnes": [
            ("Quittance", "court"), ("Payeur", "long"), ("Mode", "long"), ("Reçu le", "court"), ("Montant", "montant"),
        ],
        "lignes": [_ligne(un, noms) for un in paiements],
        "totaux": dire_les_totaux([*sommes, Total("Total", fait.nombre, fait.montant_centimes)]),
        "signatures": SIGNATURES,
    }  # fmt: skip


def _ligne(un: Paiement, noms: dict[int, str]) -> list[str]:
    qui = noms.get(un.payeur_id, "")
    annule = f" (annule {un.annule.numero} : {un.motif})" if un.annule else _rendu(un)
    return [
        un.numero, f"{qui}{annule}", un.get_mode_display(), f"{un.date_paiement:%d/%m/%Y}", euros(un.montant_centimes)
    ]  # fmt: skip


def _rendu(un: Paiement) -> str:
    return f" (remboursement : {un.motif})" if un.est_remboursement else ""


def journal(regie: Regie, filtre: Filtre) -> dict[str, Any]:
    """The journal des encaissements on paper, in the order of its numbers."""
    lignes = paiements_de(regie, filtre)
    choisies = list(lignes.order_by("exercice", "rang")[:AU_PLUS])
    noms = noms_des_payeurs({un.payeur_id: un.payeur for un in choisies}.values())
    bornes = [
        ("Du", date_sans_jour(filtre.du, 0) if filtre.du else "premier paiement"),
        ("Au", date_sans_jour(filtre.au or aujourdhui(), 0)),
        ("Mode", dict(Paiement.Mode.choices).get(filtre.mode, "tous")),
    ]
    return {
        "titre": "Journal des encaissements",
        "faits": [("Régie", regie.nom), *bornes],
        "colonnes": [
            ("Quittance", "court"), ("Payeur", "long"), ("Mode", "long"), ("Reçu le", "court"), ("Montant", "montant"),
        ],
        "lignes": [_ligne(un, noms) for un in choisies],
        "totaux": dire_les_totaux(totaux(lignes)),
        "mention": f"Les {AU_PLUS} premières lignes seulement." if len(choisies) == AU_PLUS else "",
    }  # fmt: skip


def etat_des_transmissions(regie: Regie, faites: Sequence[Transmission]) -> dict[str, Any]:
    """The *état des impayés* that goes to the Treasury with its invoices."""
    payeurs: dict[int, Payeur] = {un.facture.payeur_id: un.facture.payeur for un in faites}
    noms = noms_des_payeurs(payeurs.values())
    total = sum(un.montant_centimes for un in faites)
    qui = enumere(sorted({str(un.transmise_par) for un in faites})) if faites else ""
    return {
        "titre": "État des impayés transmis au Trésor public",
        "faits": [("Régie", regie.nom), ("Transmis par", qui), ("Montant", euros(total))],
        "colonnes": [
            ("Facture", "court"), ("Débiteur", "long"), ("Dossier", "court"), ("Échéance", "court"),
            ("Transmise le", "court"), ("Reste", "montant"),
        ],
        "lignes": [
            [
                un.facture.numero, noms.get(un.facture.payeur_id, ""),
                un.facture.famille.numero if un.facture.famille else "", f"{un.facture.date_echeance:%d/%m/%Y}",
                f"{localdate(un.transmise_le):%d/%m/%Y}", euros(un.montant_centimes),
            ]
            for un in faites
        ],
        "totaux": dire_les_totaux([Total("Total", len(faites), total)]),
        "signatures": ["Le régisseur", "L’ordonnateur"],
    }  # fmt: skip


def credit_de(paiement: Paiement) -> int:
    """What is left of a payment, in centimes: it pays nothing and was not given back."""
    emplois = (paiement.ventilations, paiement.rendu)
    return paiement.montant_centimes - sum(un.aggregate(t=Sum("montant_centimes"))["t"] or 0 for un in emplois)
