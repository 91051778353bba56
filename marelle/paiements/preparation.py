"""Beginning a payment: which invoices, how much the server says is due, and PayFiP's page to go to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from marelle.creances.models import Facture, Payeur, Regie
from marelle.creances.payeurs import destinataire, payeurs_visibles
from marelle.creances.regies import options_de
from marelle.creances.soldes import avec_restes
from marelle.familles.models import Acces
from marelle.journal.service import noter
from marelle.regles.argent import euros
from marelle.socle.erreurs import ErreurMarelle, Introuvable, Refus
from marelle.socle.horloge import PARIS, aujourdhui, maintenant

from . import payfip
from .etats import OUVERTURE, RELANCE, Etat
from .models import LigneTentative, Tentative
from .references import objet, refdet
from .selection import WS, en_cours


class SansAdresse(ErreurMarelle):
    """PayFiP asks for an e-mail address."""

    statut = 422


class EnCours(Refus):
    """Somebody is paying these invoices right now."""


@dataclass(frozen=True, slots=True)
class Retours:
    """Where PayFiP comes back to: absolute addresses of this portal."""

    notification: str
    page: str


def preparer(
    acces: Acces,
    factures: Sequence[int],
    *,
    retours: Retours,
    mel: str,
    montants: Mapping[int, int] | None = None,
) -> Tentative:
    """Declare to PayFiP the payment of these invoices (by their keys), of one payer and one régie; returns the attempt, whose
    page is `page_de_paiement`. `montants`: by invoice, when only a part is paid (centimes); never more than what is due.

    An attempt that is going on for the very same thing is returned as it is. Raises `Introuvable`, `Refus`, `SansAdresse`
    or `ErreurPayfip`, each with its sentence; nothing is then kept from being paid.
    """
    choisies = _choisies(acces, factures)
    regie, payeur = choisies[0].regie, choisies[0].payeur
    _exiger_payable_en_ligne(regie)
    mel = exiger_adresse(mel)
    tentative, est_nouvelle = _inscrire(acces, regie, payeur, [une.pk for une in choisies], mel, montants)
    return _declarer(tentative, choisies, retours) if est_nouvelle else tentative


def adresse_connue(acces: Acces, payeur: Payeur) -> str:
    """Where the receipts of this access go, when it is known: its adult's address, the payer's, the account's."""
    candidates = [acces.responsable.courriel if acces.responsable else "", destinataire(payeur).get("courriel", "")]
    candidates.append(acces.compte.email if acces.compte else "")
    return next((une for une in candidates if une and len(une) <= 80), "")


def exiger_adresse(mel: str) -> str:
    """An address that PayFiP takes: 6 to 80 characters. Raises `SansAdresse`."""
    mel = mel.strip()
    try:
        validate_email(mel)
        mel.encode("ascii")
    except (ValidationError, UnicodeEncodeError):
        mel = ""
    if not 6 <= len(mel) <= 80:
        raise SansAdresse("Donnez une adresse e-mail, par exemple camille@exemple.fr : PayFiP y envoie son reçu.")
    return mel


def _choisies(acces: Acces, factures: Sequence[int]) -> list[Facture]:
    """The invoices asked for, all of them visible to that access, of one payer and one régie."""
    if not factures:
        raise ErreurMarelle("Choisissez au moins une facture à payer.")
    siennes = Facture.objects.filter(payeur__in=payeurs_visibles(acces), sorte=Facture.Sorte.FACTURE)
    lues = siennes.filter(pk__in=set(factures)).select_related("regie", "payeur").order_by("date_emission", "rang")
    trouvees = list(lues)
    if len(trouvees) != len(set(factures)):
        raise Introuvable("Cette facture n’existe pas.")
    if len({(une.regie_id, une.payeur_id) for une in trouvees}) > 1:
        raise Refus("Ces factures ne se paient pas ensemble : elles n’ont pas le même payeur ou la même régie.")
    return trouvees


def _exiger_payable_en_ligne(regie: Regie) -> None:
    options = options_de(regie)
    if options.paiement_en_ligne == "lien_payfip_titre":
        raise Refus("Cette facture se paie sur le site PayFiP, avec les références de l’avis des sommes à payer.")
    if options.paiement_en_ligne != WS:
        raise Refus(f"« {options.nom} » ne propose pas le paiement en ligne.")


@transaction.atomic
def _inscrire(
    acces: Acces, regie: Regie, payeur: Payeur, factures: list[int], mel: str, montants: Mapping[int, int] | None
) -> tuple[Tentative, bool]:
    """The row of the attempt, with its invoices kept; the attempt that goes on already when it is the same (False)."""
    payeur = Payeur.objects.select_for_update().get(pk=payeur.pk)
    lues: list[Any] = list(avec_restes(Facture.objects.filter(pk__in=factures)).order_by("date_emission", "rang"))
    lignes = _lignes(lues, montants, regie)
    total = sum(lignes.values())
    if deja := _reprise(factures, lignes):
        return deja, False
    _exiger_montant(total)
    tentative = Tentative.objects.create(
        regie=regie, payeur=payeur, montant_centimes=total, numcli=options_de(regie).numcli, refdet=refdet(lues),
        exer=str(aujourdhui().year), saisie=settings.PAYFIP_SAISIE, mel=mel, cree_le=maintenant(),
        prochaine_le=maintenant() + OUVERTURE,
    )  # fmt: skip
    LigneTentative.objects.bulk_create(
        LigneTentative(tentative=tentative, facture_id=pk, montant_centimes=montant) for pk, montant in lignes.items()
    )
    noter(
        acces.compte, "paiement.en_ligne.commence", tentative,
        dossier=f"famille:{acces.famille_id}", refdet=tentative.refdet, montant_centimes=total,
    )  # fmt: skip
    return tentative, True


def _lignes(factures: Sequence[Any], montants: Mapping[int, int] | None, regie: Regie) -> dict[int, int]:
    """What each invoice is paid, by its key: all that is due, or the part that was chosen."""
    if montants is not None and not options_de(regie).paiement_partiel:
        raise Refus("Cette régie ne permet pas de payer une facture en plusieurs fois.")
    lignes = {}
    for une in factures:
        reste = une.reste_centimes
        montant = reste if montants is None else montants.get(une.pk, 0)
        if reste <= 0:
            raise Refus(f"La facture {une.numero} est déjà payée.")
        if montant <= 0 or montant > reste:
            raise Refus(f"Il reste {euros(reste)} à payer sur la facture {une.numero} : {euros(montant)} ne va pas.")
        lignes[une.pk] = montant
    return lignes


def _reprise(factures: Sequence[int], lignes: Mapping[int, int]) -> Tentative | None:
    """The attempt going on for these very invoices and amounts, when its page can be opened. Raises `EnCours` for another."""
    tenues = en_cours(factures)
    if not tenues:
        return None
    premiere = next(iter(tenues.values()))
    siennes = {une.facture_id: une.montant_centimes for une in premiere.lignes.all()}
    if premiere.idop and siennes == dict(lignes) and all(une == premiere for une in tenues.values()):
        return premiere
    libre_a = premiere.fin_d_ouverture.astimezone(PARIS)
    raise EnCours(
        "Un paiement de cette facture est en cours. Terminez-le sur PayFiP ; sinon, vous pourrez recommencer à "
        f"{libre_a.hour} h {libre_a.minute:02d}."
    )


def _exiger_montant(total: int) -> None:
    if total < payfip.MINIMUM:
        raise Refus(
            f"PayFiP ne reçoit pas moins de {euros(payfip.MINIMUM)} : {euros(total)} se règle auprès du service."
        )
    if total > payfip.MAXIMUM:
        raise Refus(f"PayFiP ne reçoit pas plus de {euros(payfip.MAXIMUM)} en une fois : payez en plusieurs fois.")


def _declarer(tentative: Tentative, factures: Sequence[Facture], retours: Retours) -> Tentative:
    """Ask PayFiP for the idOp, outside of any transaction: nothing of the database waits for the network."""
    demande = payfip.Demande(
        numcli=tentative.numcli, saisie=tentative.saisie, exer=tentative.exer, refdet=tentative.refdet,
        montant_centimes=tentative.montant_centimes, mel=tentative.mel, objet=objet(factures),
        urlnotif=retours.notification, urlredirect=retours.page,
    )  # fmt: skip
    try:
        idop = payfip.creer(tentative.regie, demande)
    except Exception as erreur:
        _renoncer(tentative, getattr(erreur, "code", "") or "sans réponse")
        raise
    tentative.idop, tentative.etat, tentative.prochaine_le = idop, Etat.EN_ATTENTE, maintenant() + RELANCE
    _enregistrer(tentative)
    return tentative


def _renoncer(tentative: Tentative, code: str) -> None:
    """PayFiP gave no page to pay on: nobody can pay that attempt, its invoices are free at once."""
    tentative.etat, tentative.prochaine_le, tentative.decidee_le = Etat.ABANDONNEE, None, maintenant()
    tentative.reponse = {"creation": code}
    _enregistrer(tentative)


@transaction.atomic
def _enregistrer(tentative: Tentative) -> None:
    """Leave « being prepared »; whoever ended it meanwhile (the job, after a quarter of an hour) is right."""
    Tentative.objects.filter(pk=tentative.pk, etat=Etat.CREE).update(
        etat=tentative.etat, idop=tentative.idop, reponse=tentative.reponse, prochaine_le=tentative.prochaine_le,
        decidee_le=tentative.decidee_le,
    )  # fmt: skip
