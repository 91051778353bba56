"""Receiving money at the desk, and taking a payment back: what the ledger asks, and what a régie asks besides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction

from marelle.appels.models import Appel
from marelle.appels.reglement import factures_des, regler
from marelle.appels.selection import attendus
from marelle.appels.selection import en_cours as appels_en_cours
from marelle.comptes.models import Agent
from marelle.creances import encaissement
from marelle.creances.mandats import exiger_mandat
from marelle.creances.models import Facture, Paiement, Payeur, Regie
from marelle.creances.regies import options_de
from marelle.creances.soldes import decouverts, impayees
from marelle.regles.argent import euros
from marelle.socle.erreurs import Refus
from marelle.socle.horloge import aujourdhui

from . import courrier
from .en_cours import en_prelevement, paiements_en_cours
from .models import Bordereau, TitresRecus
from .titres import TITRES, deja_paye_en_cesu, payable_en_cesu
from .transmissions import exiger_payable_ici, transmises

Mode = Paiement.Mode
UN_AN = timedelta(days=366)  # a payment dated further back is a year mistyped
# What an agent may enter by hand; the others are written by the machine that received them.
AU_GUICHET = (Mode.CHEQUE, Mode.ESPECES, Mode.CARTE, Mode.VIREMENT, Mode.CESU, Mode.ANCV)


@dataclass(frozen=True, slots=True)
class Reception:
    """One payment as the agent has entered it. `jeton` makes a form that is sent twice pay once. `parts`: what it pays, by
    the key of the invoice, in centimes (None: the oldest first)."""

    mode: str
    montant_centimes: int
    date_paiement: date
    jeton: str
    emetteur: str = ""
    reference: str = ""
    parts: Mapping[int, int] | None = None
    nombre_titres: int = 0
    numeros_titres: str = ""


def payables(payeur: Payeur, regie: Regie) -> list[Facture]:
    """What that payer may pay at the desk, the oldest first: due, not handed over to the Treasury, not being debited."""
    dues = list(impayees(payeur, regie))
    preleves = en_prelevement(dues)
    return [une for une in dues if une.pk not in preleves]


@dataclass(frozen=True, slots=True)
class Attente:
    """An invoice that is owed but not to be paid at the desk, or not now, and why."""

    facture: Facture
    reste_centimes: int
    motif: str


def attentes(payeur: Payeur, regie: Regie) -> list[Attente]:
    """What that payer owes and that an agent must know: at the Treasury, being debited, being paid online."""
    dues = list(impayees(payeur, regie, ici=False))
    preleves, en_ligne, au_tresor = en_prelevement(dues), paiements_en_cours(dues), transmises(dues)
    trouvees = []
    for une in dues:
        if une.pk in au_tresor:
            motif = "Transmise au Trésor public : elle se paie à la trésorerie"
        elif une.pk in preleves:
            motif = f"Dans le prélèvement du {preleves[une.pk]:%d/%m/%Y}"
        elif une.pk in en_ligne:
            motif = "Un paiement en ligne est en cours : attendez qu’il finisse, pour ne pas recevoir deux fois"
        else:
            continue
        trouvees.append(Attente(une, une.reste_centimes, motif))  # type: ignore[attr-defined]
    return trouvees


@transaction.atomic
def recevoir(regie: Regie, payeur: Payeur, recu: Reception, *, auteur: Agent, appel: int | None = None) -> Paiement:
    """Record it, with its receipt by e-mail if the payer agreed. `appel`: what booking asked, that it pays instead of invoices.
    Raises `Refus` with one sentence; `SansMandat` (403)."""
    exiger_mandat(auteur, regie, jour=aujourdhui())
    payeur = Payeur.objects.select_for_update().get(pk=payeur.pk)  # as the ledger does: no lock is raised later
    unique = f"guichet:{recu.jeton}"
    if deja := Paiement.objects.filter(reference_unique=unique).first():
        return _le_meme(deja, regie, payeur, recu)
    _examiner(recu)
    _exiger_un_autre_cheque(regie, payeur, recu)
    appels = [_appel_attendu(payeur, regie, recu, appel)] if appel is not None else []
    parts = factures_des(appels, payeur, recu.montant_centimes) if appels else _parts(payeur, regie, recu)
    paiement = encaissement.encaisser(
        regie, payeur, recu.montant_centimes, recu.mode, auteur=auteur, factures=parts, date_paiement=recu.date_paiement,
        emetteur=recu.emetteur, reference=recu.reference, reference_unique=unique,
        attendu_centimes=recu.montant_centimes if appels else 0,
    )  # fmt: skip
    regler(appels, paiement)
    if recu.mode in TITRES:
        TitresRecus.objects.create(paiement=paiement, nombre=recu.nombre_titres, numeros=recu.numeros_titres)
    courrier.envoyer_la_quittance(paiement)
    return paiement


def _appel_attendu(payeur: Payeur, regie: Regie, recu: Reception, cle: int) -> Appel:
    """What booking asked of that payer, still to pay, whole. Raises `Refus`."""
    appel = attendus(Appel.objects.filter(pk=cle, payeur=payeur, regie=regie)).first()
    if appel is None:
        raise Refus("Cette somme n’est plus à payer : elle l’est déjà, ou son délai est passé. Rien n’est enregistré.")
    if recu.mode == Mode.CESU:
        raise Refus("Les CESU se prennent sur la facture : ici, on ne sait pas encore ce qu’elle comptera de garde.")
    if cle in appels_en_cours([cle]):
        raise Refus(
            "Un paiement en ligne de cette somme est en cours : attendez qu’il finisse, pour ne pas recevoir deux fois."
        )
    if recu.montant_centimes != appel.reste_centimes:
        raise Refus(f"Cette somme se paie en une fois : {euros(appel.reste_centimes)}.")
    return appel  # type: ignore[no-any-return]


def _le_meme(deja: Paiement, regie: Regie, payeur: Payeur, recu: Reception) -> Paiement:
    """The form came twice: the same payment; but a form that was changed after having served is told so."""
    ecrit = (deja.regie_id, deja.payeur_id, deja.mode, deja.montant_centimes)
    if ecrit != (regie.pk, payeur.pk, recu.mode, recu.montant_centimes):
        raise Refus(f"Ce formulaire a déjà servi à enregistrer le paiement {deja.numero} : rouvrez la page du payeur.")
    return deja


def _examiner(recu: Reception) -> None:
    if recu.date_paiement < aujourdhui() - UN_AN:
        raise Refus(f"Le {recu.date_paiement:%d/%m/%Y} est il y a plus d’un an : vérifiez l’année du paiement.")
    if recu.mode not in AU_GUICHET:
        raise Refus("Ce mode de paiement ne s’enregistre pas au guichet.")
    if recu.mode == Mode.CHEQUE and not (recu.reference and recu.emetteur):
        raise Refus("Donnez la banque et le numéro du chèque : ils sont sur le bordereau de remise.")
    if recu.mode in TITRES and (recu.nombre_titres < 1 or not recu.numeros_titres.strip()):
        raise Refus("Donnez le nombre de titres et leurs numéros : ils sont sur le bordereau de remise.")


def _exiger_un_autre_cheque(regie: Regie, payeur: Payeur, recu: Reception) -> None:
    """The same cheque, entered again from another page. Of another amount, it pays two things: that is allowed."""
    if recu.mode != Mode.CHEQUE:
        return
    memes = Paiement.objects.filter(
        regie=regie, payeur=payeur, mode=Mode.CHEQUE, montant_centimes=recu.montant_centimes,
        emetteur__iexact=recu.emetteur, reference=recu.reference, est_remboursement=False, annule=None, contrepassation=None,
    )  # fmt: skip
    if deja := memes.order_by("pk").first():
        raise Refus(f"Ce chèque est déjà enregistré : paiement {deja.numero} du {deja.date_paiement:%d/%m/%Y}.")


def _parts(payeur: Payeur, regie: Regie, recu: Reception) -> list[tuple[Facture, int]]:
    dues = {une.pk: une for une in payables(payeur, regie)}
    plafonds = {pk: une.reste_centimes for pk, une in dues.items()}  # type: ignore[attr-defined]
    if recu.mode == Mode.CESU:
        plafonds = _plafonds_cesu(dues, plafonds)
    if recu.parts is None:
        return _les_plus_anciennes(dues, plafonds, recu, payeur, regie)
    for pk, montant in recu.parts.items():
        _exiger_part(payeur, regie, dues, plafonds, pk, montant, recu.mode)
    total = sum(recu.parts.values())
    if total != recu.montant_centimes:
        raise Refus(
            f"Les factures choisies font {euros(total)}, le paiement {euros(recu.montant_centimes)} : "
            "les deux doivent être égaux."
        )
    return [(dues[pk], montant) for pk, montant in recu.parts.items()]


def _plafonds_cesu(dues: Mapping[int, Facture], restes: Mapping[int, int]) -> dict[int, int]:
    legal, deja = payable_en_cesu(dues.values()), deja_paye_en_cesu(dues.values())
    return {pk: max(0, min(reste, legal.get(pk, 0) - deja.get(pk, 0))) for pk, reste in restes.items()}


def _les_plus_anciennes(
    dues: Mapping[int, Facture], plafonds: Mapping[int, int], recu: Reception, payeur: Payeur, regie: Regie
) -> list[tuple[Facture, int]]:
    reste, parts = recu.montant_centimes, []
    for pk, facture in dues.items():
        montant = min(reste, plafonds[pk])
        if montant > 0:
            parts.append((facture, montant))
            reste -= montant
    if reste > 0 and recu.mode == Mode.CESU:
        payable = sum(plafonds.values())
        raise Refus(
            f"Les CESU ne paient ici que {euros(payable)} : la garde périscolaire, et l’accueil de loisirs des moins de "
            "six ans, sans les repas. On ne rend pas la monnaie sur un CESU."
        )
    reste -= sum(un.reste_centimes for un in decouverts(payeur, regie)) if reste > 0 else 0  # owed, on no invoice
    if reste > 0 and not options_de(regie).acompte:
        raise Refus(f"Ce paiement dépasse de {euros(reste)} ce qui est dû ici : rien n’est enregistré.")
    return parts


def _exiger_part(
    payeur: Payeur,
    regie: Regie,
    dues: Mapping[int, Facture],
    plafonds: Mapping[int, int],
    pk: int,
    montant: int,
    mode: str,
) -> None:
    facture = dues.get(pk) or Facture.objects.filter(pk=pk, payeur=payeur, regie=regie).first()
    if facture is None:
        raise Refus("Une des factures choisies n’est pas de ce payeur, ou pas de cette régie : rien n’est enregistré.")
    exiger_payable_ici(facture)
    if pk not in dues:
        jour = en_prelevement([facture]).get(pk)
        if jour is None:
            raise Refus(f"La facture {facture.numero} est déjà payée : rien n’est enregistré.")
        raise Refus(
            f"La facture {facture.numero} est dans le prélèvement du {jour:%d/%m/%Y} : elle sera payée par lui."
        )
    if montant > 0 and montant > plafonds[pk] and mode == Mode.CESU:
        raise Refus(f"Sur la facture {facture.numero}, les CESU ne peuvent payer que {euros(plafonds[pk])}.")
    if montant <= 0 or montant > plafonds[pk]:
        raise Refus(
            f"Il reste {euros(plafonds[pk])} à payer sur la facture {facture.numero} : {euros(montant)} ne va pas."
        )


@transaction.atomic
def annuler(paiement: Paiement, motif: str, *, auteur: Agent) -> Paiement:
    """Take a payment, or a refund, back by its counter-entry, and tell the family why. Raises `Refus`."""
    Regie.objects.select_for_update(no_key=True).get(pk=paiement.regie_id)  # no deposit is being closed meanwhile
    if paiement.est_remboursement and Bordereau.objects.filter(lignes__paiement=paiement).exists():
        raise Refus("Ces espèces rendues sont comptées dans un bordereau clos : ce remboursement ne s’annule plus.")
    contraire = encaissement.contrepasser(paiement, motif, auteur=auteur)
    courrier.dire_l_annulation(paiement, contraire)
    return contraire


def redus_au_tresor(contraire: Paiement) -> list[tuple[Facture, int]]:
    """What a counter-entry makes due again (centimes) of invoices handed over to the Treasury before: it asked for less."""
    ecrites = contraire.ventilations.filter(facture__transmission__isnull=False, montant_centimes__lt=0)
    return [(une.facture, -une.montant_centimes) for une in ecrites.select_related("facture").order_by("pk")]
