"""Issuing: invoices and avoirs get their numbers, their lines and their digest in one transaction, exactly once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max

from marelle.comptes.models import Agent
from marelle.socle.erreurs import ErreurMarelle
from marelle.socle.horloge import maintenant

from .models import Facture, LigneFacture, Payeur, Regie
from .numeros import Suite, numero_de_facture
from .payeurs import destinataires
from .regies import options_de

SERIE = "factures"
LOT = 500


@dataclass(frozen=True, slots=True)
class LigneAEmettre:
    """One line to be issued. `cle` names what is billed: see `LigneFacture`. Centimes, minutes."""

    cle: str
    libelle: str
    montant_centimes: int
    explication: str = ""
    eligible_centimes: int = 0
    sorte: str = LigneFacture.Sorte.PRESTATION
    enfant_id: int | None = None
    activite: str = ""
    unite: str = ""
    date: date | None = None
    minutes: int = 0
    prix: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class FactureAEmettre:
    """One document to be issued: its lines decide whether it is an invoice (what they add up to is due) or an avoir.

    `reference`: what makes it be issued once only. `motif`: mandatory for an avoir, told to the family."""

    payeur: Payeur
    periode_debut: date
    periode_fin: date
    lignes: Sequence[LigneAEmettre] = field(default_factory=tuple)
    famille_id: int | None = None
    reference: str | None = None
    motif: str = ""
    corrige: Facture | None = None
    date_echeance: date | None = None
    solde_anterieur_centimes: int = 0

    @property
    def montant_centimes(self) -> int:
        return sum(ligne.montant_centimes for ligne in self.lignes)


def tenir_la_suite(regie: Regie, exercice: int) -> Suite:
    """The lock of that year's documents: until the end of the transaction nobody else issues one."""
    return Suite(regie, exercice, SERIE)


@transaction.atomic
def emettre(
    regie: Regie, demandees: Sequence[FactureAEmettre], *, date_emission: date, auteur: Agent | None = None
) -> list[Facture]:
    """Issue these documents, in this order; those whose `reference` was issued already are left out.

    Raises `ErreurMarelle` for a document that adds up to zero, an avoir without reason, or a date before that of the last
    document of the year: nothing is then issued."""
    suite = tenir_la_suite(regie, date_emission.year)
    references = [une.reference for une in demandees if une.reference]
    deja = set(Facture.objects.filter(reference__in=references).values_list("reference", flat=True))
    a_faire = [une for une in demandees if une.reference is None or une.reference not in deja]
    if a_faire:
        _exiger_l_ordre(suite, date_emission)
    ecrits = destinataires({une.payeur.pk: une.payeur for une in a_faire}.values())
    tours = _tours(a_faire)
    echeance = date_emission + timedelta(days=options_de(regie).echeance_jours)
    factures: list[Facture] = []
    lignes: list[LigneFacture] = []
    for une in a_faire:
        facture = _facture(regie, une, date_emission, echeance, ecrits[une.payeur.pk], suite.suivant(), auteur)
        siennes = _lignes(facture, une, tours)
        facture.empreinte = suite.enchainer(contenu(facture, siennes))
        factures.append(facture)
        lignes += siennes
    suite.finir()
    Facture.objects.bulk_create(factures, batch_size=LOT)
    for ligne in lignes:
        ligne.facture_id = ligne.facture.pk
    LigneFacture.objects.bulk_create(lignes, batch_size=LOT)
    return factures


def _exiger_l_ordre(suite: Suite, emission: date) -> None:
    """Numbers follow dates: the last number of the year bears its latest date."""
    compteur = suite.compteur
    siennes = Facture.objects.filter(regie=compteur.regie_id, exercice=compteur.exercice, rang=compteur.dernier)
    derniere = siennes.order_by().values_list("date_emission", flat=True).first()
    if derniere is not None and emission < derniere:
        raise ErreurMarelle(
            f"La dernière facture de cette régie est du {derniere:%d/%m/%Y} : la suivante ne porte pas une date d’avant."
        )


def _facture(
    regie: Regie,
    demandee: FactureAEmettre,
    emission: date,
    echeance: date,
    ecrit: dict[str, str],
    rang: int,
    auteur: Agent | None,
) -> Facture:
    montant = demandee.montant_centimes
    if montant == 0:
        raise ErreurMarelle("Une facture de 0,00 € ne s’émet pas : retirez-la de la facturation.")
    if montant < 0 and not demandee.motif:
        raise ErreurMarelle("Dites pourquoi cet avoir est fait : la famille le lira.")
    return Facture(
        regie=regie,
        exercice=emission.year,
        rang=rang,
        numero=numero_de_facture(regie, emission.year, rang),
        sorte=Facture.Sorte.FACTURE if montant > 0 else Facture.Sorte.AVOIR,
        payeur=demandee.payeur,
        famille_id=demandee.famille_id or demandee.payeur.famille_id,
        corrige=demandee.corrige,
        reference=demandee.reference,
        destinataire=ecrit,
        periode_debut=demandee.periode_debut,
        periode_fin=demandee.periode_fin,
        date_emission=emission,
        date_echeance=demandee.date_echeance or echeance,
        montant_centimes=montant,
        solde_anterieur_centimes=demandee.solde_anterieur_centimes,
        motif=demandee.motif,
        emise_le=maintenant(),
        emise_par=auteur,
    )


def _tours(demandees: Sequence[FactureAEmettre]) -> dict[tuple[int, str], int]:
    """The last tour of each key that has been billed to these payers."""
    payeurs = {une.payeur.pk for une in demandees}
    cles = {ligne.cle for une in demandees for ligne in une.lignes}
    faites = LigneFacture.objects.filter(payeur_id__in=payeurs).order_by()
    if len(cles) <= LOT:
        faites = faites.filter(cle__in=cles)
    lues = faites.values_list("payeur_id", "cle").annotate(dernier=Max("tour"))
    return {(payeur, cle): dernier for payeur, cle, dernier in lues if cle in cles}


def _lignes(facture: Facture, demandee: FactureAEmettre, tours: dict[tuple[int, str], int]) -> list[LigneFacture]:
    lignes = []
    for rang, ligne in enumerate(demandee.lignes, start=1):
        cle = (demandee.payeur.pk, ligne.cle)
        tours[cle] = tours.get(cle, 0) + 1
        lignes.append(
            LigneFacture(
                facture=facture,
                payeur=demandee.payeur,
                rang=rang,
                sorte=ligne.sorte,
                cle=ligne.cle,
                tour=tours[cle],
                enfant_id=ligne.enfant_id,
                activite=ligne.activite,
                unite=ligne.unite,
                date=ligne.date,
                minutes=ligne.minutes,
                libelle=ligne.libelle[:200],
                explication=ligne.explication[:300],
                prix=ligne.prix,
                montant_centimes=ligne.montant_centimes,
                eligible_centimes=ligne.eligible_centimes,
            )
        )
    return lignes


def contenu(facture: Facture, lignes: Sequence[LigneFacture]) -> dict[str, Any]:
    """What the digest of an invoice covers."""
    return {
        "numero": facture.numero,
        "payeur": facture.payeur_id,
        "montant": facture.montant_centimes,
        "emission": facture.date_emission.isoformat(),
        "echeance": facture.date_echeance.isoformat(),
        "destinataire": facture.destinataire,
        "lignes": [[un.rang, un.cle, un.tour, un.libelle, un.montant_centimes, un.eligible_centimes] for un in lignes],
    }
