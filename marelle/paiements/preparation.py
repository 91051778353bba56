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
from marelle.regles.phrases import dire_date
from marelle.socle.erreurs import ErreurMarelle, Introuvable, Refus
from marelle.socle.horloge import PARIS, aujourdhui, dans, maintenant

from . import payfip
from .etats import OUVERTURE, RELANCE, Etat
from .models import LigneTentative, Tentative
from .references import objet, refdet, souche
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


class TotalChange(Refus):
    """What is due is no longer what was shown: nobody pays an amount that was not read."""


def preparer(
    acces: Acces,
    factures: Sequence[str],
    *,
    retours: Retours,
    mel: str,
    montant_centimes: int | None = None,
    vu_centimes: int | None = None,
) -> Tentative:
    """Declare to PayFiP the payment of these invoices (by their numbers), of one payer and one régie; returns the attempt,
    whose page is `page_de_paiement`. The amount is what is due; `montant_centimes`, where the régie allows it, is the part
    that the family chose to pay, from the oldest invoice on. `vu_centimes`: the total that was shown.

    An attempt that is going on for the very same thing is returned as it is. Raises `Introuvable`, `Refus`, `SansAdresse`
    or `ErreurPayfip`, each with its sentence; nothing is then kept from being paid.
    """
    choisies = _choisies(acces, factures)
    regie, payeur = choisies[0].regie, choisies[0].payeur
    exiger_payable_en_ligne(regie)
    mel = exiger_adresse(mel)
    demande = _Voulu([une.pk for une in choisies], mel, montant_centimes, vu_centimes)
    tentative, est_nouvelle = _inscrire(acces, regie, payeur, demande)
    return declarer(tentative, retours) if est_nouvelle else tentative


@dataclass(frozen=True, slots=True)
class _Voulu:
    factures: list[int]
    mel: str
    montant_centimes: int | None
    vu_centimes: int | None


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


def _choisies(acces: Acces, factures: Sequence[str]) -> list[Facture]:
    """The invoices asked for, all of them visible to that access, of one payer and one régie."""
    if not factures:
        raise ErreurMarelle("Choisissez au moins une facture à payer.")
    if not all(numero.isalnum() and numero.isascii() for numero in factures):
        raise Introuvable("Cette facture n’existe pas.")
    siennes = Facture.objects.filter(payeur__in=payeurs_visibles(acces), sorte=Facture.Sorte.FACTURE)
    lues = siennes.filter(numero__in=set(factures)).select_related("regie", "payeur").order_by("date_emission", "rang")
    trouvees = list(lues)
    if len(trouvees) != len(set(factures)):
        raise Introuvable("Cette facture n’existe pas.")
    if len({(une.regie_id, une.payeur_id) for une in trouvees}) > 1:
        raise Refus("Ces factures ne se paient pas ensemble : elles n’ont pas le même payeur ou la même régie.")
    return trouvees


def exiger_payable_en_ligne(regie: Regie) -> None:
    """Raises `Refus` for a régie that is not paid through PayFiP's own page."""
    options = options_de(regie)
    if options.paiement_en_ligne == "lien_payfip_titre":
        raise Refus("Cette facture se paie sur le site PayFiP, avec les références de l’avis des sommes à payer.")
    if options.paiement_en_ligne != WS:
        raise Refus(f"« {options.nom} » ne propose pas le paiement en ligne.")


@transaction.atomic
def _inscrire(acces: Acces, regie: Regie, payeur: Payeur, voulu: _Voulu) -> tuple[Tentative, bool]:
    """The row of the attempt, with its invoices kept; the attempt that goes on already when it is the same (False)."""
    payeur = Payeur.objects.select_for_update().get(pk=payeur.pk)
    lues: list[Any] = list(avec_restes(Facture.objects.filter(pk__in=voulu.factures)).order_by("date_emission", "rang"))
    _exiger_dues(lues)
    lignes = repartir([(une, une.reste_centimes) for une in lues], voulu.montant_centimes, regie)
    total = sum(montant for _, montant in lignes)
    if voulu.vu_centimes is not None and voulu.vu_centimes != total:
        raise TotalChange(f"Le total est maintenant {euros(total)}. Relisez, puis payez.")
    if deja := _reprise({facture.pk: montant for facture, montant in lignes}):
        return deja, False
    tentative = ouvrir(acces, regie, payeur, total, souche([facture for facture, _ in lignes]), voulu.mel)
    LigneTentative.objects.bulk_create(
        LigneTentative(tentative=tentative, facture=facture, montant_centimes=montant) for facture, montant in lignes
    )
    return tentative, True


def ouvrir(acces: Acces, regie: Regie, payeur: Payeur, total: int, souche: str, mel: str) -> Tentative:
    """The row of an attempt, under the lock of its payer's. `souche`: the beginning of its refdet. Raises `Refus` for an
    amount that PayFiP does not take."""
    _exiger_montant(total)
    tentative = Tentative.objects.create(
        regie=regie, payeur=payeur, montant_centimes=total, numcli=options_de(regie).numcli, refdet=refdet(souche),
        exer=str(aujourdhui().year), saisie=settings.PAYFIP_SAISIE, mel=mel, cree_le=maintenant(),
        prochaine_le=dans(OUVERTURE),
    )  # fmt: skip
    noter(
        acces.compte, "paiement.en_ligne.commence", tentative,
        dossier=f"famille:{acces.famille_id}", refdet=tentative.refdet, montant_centimes=total,
    )  # fmt: skip
    return tentative


def _exiger_dues(factures: Sequence[Any]) -> None:
    """Each has something left to pay, and it is to be paid here and now."""
    from marelle.regie.en_cours import en_prelevement
    from marelle.regie.transmissions import exiger_payable_ici

    preleves = en_prelevement(factures)
    for une in factures:
        if une.reste_centimes <= 0:
            raise Refus(f"La facture {une.numero} est déjà payée.")
        exiger_payable_ici(une)
        if jour := preleves.get(une.pk):
            raise Refus(f"La facture {une.numero} sera prélevée le {dire_date(jour)} : il n’y a rien à faire.")


def repartir(dues: Sequence[tuple[Facture, int]], voulu: int | None, regie: Regie) -> list[tuple[Facture, int]]:
    """What each invoice is paid: all that is due, or the part that was chosen, the oldest first. Raises `Refus`."""
    du = sum(reste for _, reste in dues)
    if voulu is None or voulu == du:
        return list(dues)
    if not options_de(regie).paiement_partiel:
        raise Refus("Cette régie ne permet pas de payer une facture en plusieurs fois.")
    if voulu <= 0:
        raise Refus(f"On ne paie pas {euros(voulu)} : écrivez un montant plus grand, ou laissez vide pour tout payer.")
    if voulu > du:
        raise Refus(f"Il reste {euros(du)} à payer : écrivez un montant plus petit, ou laissez vide pour tout payer.")
    parts = []
    for facture, reste in dues:
        part = min(voulu, reste)
        if part > 0:
            parts.append((facture, part))
        voulu -= part
    return parts


def _reprise(lignes: Mapping[int, int]) -> Tentative | None:
    """The attempt going on for these very invoices and amounts, when its page can be opened. Raises `EnCours` for another."""
    tenues = en_cours(lignes)
    if not tenues:
        return None
    premiere = next(iter(tenues.values()))
    siennes = {une.facture_id: une.montant_centimes for une in premiere.lignes.all()}
    if premiere.idop and siennes == dict(lignes) and all(une == premiere for une in tenues.values()):
        return premiere
    raise EnCours(dire_en_cours(premiere, "cette facture"))


def dire_en_cours(tentative: Tentative, quoi: str) -> str:
    """Why `quoi` cannot be paid right now, and from when it can."""
    libre_a = tentative.fin_d_ouverture.astimezone(PARIS)
    return (
        f"Un paiement de {quoi} est en cours. Terminez-le sur PayFiP ; sinon, vous pourrez recommencer à "
        f"{libre_a.hour} h {libre_a.minute:02d}."
    )


def _exiger_montant(total: int) -> None:
    if total < payfip.MINIMUM:
        raise Refus(
            f"PayFiP ne reçoit pas moins de {euros(payfip.MINIMUM)} : {euros(total)} se règle auprès du service."
        )
    if total > payfip.MAXIMUM:
        raise Refus(f"PayFiP ne reçoit pas plus de {euros(payfip.MAXIMUM)} en une fois : payez en plusieurs fois.")


def declarer(tentative: Tentative, retours: Retours, libelle: str = "") -> Tentative:
    """Ask PayFiP for the idOp, outside of any transaction: nothing of the database waits for the network. `libelle`: what
    PayFiP shows (its invoices when there is none)."""
    factures = [une.facture for une in tentative.lignes.select_related("facture").order_by("pk")]
    demande = payfip.Demande(
        numcli=tentative.numcli, saisie=tentative.saisie, exer=tentative.exer, refdet=tentative.refdet,
        montant_centimes=tentative.montant_centimes, mel=tentative.mel, objet=libelle or objet(factures),
        urlnotif=retours.notification, urlredirect=retours.page,
    )  # fmt: skip
    try:
        idop = payfip.creer(tentative.regie, demande)
    except Exception as erreur:
        _renoncer(tentative, getattr(erreur, "code", "") or "sans réponse")
        raise
    tentative.idop, tentative.etat, tentative.prochaine_le = idop, Etat.EN_ATTENTE, dans(RELANCE)
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
