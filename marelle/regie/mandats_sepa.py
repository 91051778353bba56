"""The mandates by which payers let a régie debit their account, or the Treasury that collects the titres of a budget: entered
once signed, revoked, never rewritten."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from marelle.comptes.droits import Droit
from marelle.comptes.models import Agent
from marelle.creances.mandats import SansMandat, exiger_mandat
from marelle.creances.models import Payeur, Regie
from marelle.creances.regies import options_de
from marelle.journal.service import noter
from marelle.regles.sepa import caduc_le
from marelle.socle.erreurs import Introuvable, Refus
from marelle.socle.horloge import aujourdhui, maintenant

from .caducite import REMPLACE, dire_la_caducite
from .models import MandatSepa

DEBUT_DU_SEPA = date(2009, 11, 1)  # banks give that day to the mandates that are older
RUM_PRISE = "La référence {rum} est celle d’un autre mandat, ou ce payeur vient d’en recevoir un."
SANS_VOYELLES = "BCDFGHJKLMNPQRSTVWXZ23456789"


@dataclass(frozen=True, slots=True)
class SaisieMandat:
    """What the agent copies from the signed paper. An empty `rum` is given by us. `dernier_ailleurs_le`: the last collection
    made by it with another software, if any."""

    titulaire: str
    iban: str
    bic: str
    signe_le: date
    rum: str = ""
    dernier_ailleurs_le: date | None = None


def lire_iban(texte: str) -> str:
    """The account number without its spaces; raises `Refus` when its key, its length or its country is wrong."""
    from stdnum import iban
    from stdnum.exceptions import ValidationError

    try:
        return str(iban.validate(texte))
    except ValidationError:
        raise Refus("Cet IBAN n’est pas exact : recopiez-le depuis le RIB, par exemple FR76 3000 1007 94….") from None


def lire_bic(texte: str) -> str:
    """The bank's code; raises `Refus`. May be empty."""
    from stdnum import bic
    from stdnum.exceptions import ValidationError

    if not texte.strip():
        return ""
    try:
        return str(bic.validate(texte))
    except ValidationError:
        raise Refus("Ce BIC n’est pas exact : il a 8 ou 11 caractères, par exemple BDFEFRPPCCT.") from None


def mandats_de(regie: Regie) -> QuerySet[MandatSepa]:
    """Those of a régie, in force first, the newest first."""
    siens = MandatSepa.objects.filter(regie=regie).select_related("payeur__famille")
    return siens.order_by("revoque_le", "-pk")


def en_vigueur(regie: Regie) -> QuerySet[MandatSepa]:
    return mandats_de(regie).filter(revoque_le__isnull=True)


def mandat_du_payeur(payeur: Payeur, regie: Regie) -> MandatSepa | None:
    return en_vigueur(regie).filter(payeur=payeur).first()


def un_mandat(regie: Regie, cle: int) -> MandatSepa:
    trouve = mandats_de(regie).filter(pk=cle).first()
    if trouve is None:
        raise Introuvable("Ce mandat n’existe pas dans cette régie.")
    return trouve


def exiger_qui_tient_les_mandats(auteur: Agent, regie: Regie) -> None:
    """Of a régie, its régisseur and mandataires; of a budget whose titres the Treasury collects, who makes its files. Raises
    `SansMandat`."""
    if not options_de(regie).est_titre:
        exiger_mandat(auteur, regie, jour=aujourdhui())
    elif not auteur.peut(Droit.EXPORTER_COMPTES):
        raise SansMandat(
            f"Seuls les agents qui font les fichiers pour le Trésor tiennent les mandats de « {regie.nom} »."
        )


@transaction.atomic
def saisir(regie: Regie, payeur: Payeur, saisie: SaisieMandat, *, auteur: Agent) -> MandatSepa:
    """Record a signed mandate; it replaces the one that is void. Raises `Refus`: account number, dates, void already, one in
    force already, RUM of another."""
    exiger_qui_tient_les_mandats(auteur, regie)
    iban = lire_iban(saisie.iban)
    if not any(un.isalpha() for un in saisie.titulaire):
        raise Refus("Écrivez le nom du titulaire du compte, comme sur le RIB.")
    if not options_de(regie).a_des_mandats:
        raise Refus(f"« {regie.nom} » ne prélève pas : aucun mandat ne s’y enregistre.")
    _exiger_les_dates(saisie)
    _remplacer_le_caduc(payeur, regie, auteur)
    rum = saisie.rum.strip().upper() or _nouvelle_rum(regie, payeur)
    _exiger_sa_rum(rum, payeur, regie, saisie.signe_le)
    try:
        with transaction.atomic():
            mandat = MandatSepa.objects.create(
                regie=regie, payeur=payeur, rum=rum, titulaire=saisie.titulaire.strip(), iban=iban, iban_fin=iban[-4:],
                bic=lire_bic(saisie.bic), signe_le=saisie.signe_le, dernier_ailleurs_le=saisie.dernier_ailleurs_le,
                saisi_le=maintenant(), saisi_par=auteur,
            )  # fmt: skip
    except IntegrityError:
        raise Refus(RUM_PRISE.format(rum=rum)) from None
    noter(auteur.compte, "regie.mandat_sepa", mandat, dossier=_dossier(payeur), rum=rum)
    return mandat


def _exiger_les_dates(saisie: SaisieMandat) -> None:
    signe, dernier = saisie.signe_le, saisie.dernier_ailleurs_le
    if signe > aujourdhui():
        raise Refus("La date de signature est à venir : donnez celle qui est sur le mandat.")
    if signe < DEBUT_DU_SEPA:
        raise Refus(
            "Ce mandat serait signé avant que le SEPA n’existe : vérifiez l’année, ou faites-en signer un autre."
        )
    if dernier is not None and dernier > aujourdhui():
        raise Refus("Le dernier prélèvement fait ailleurs est à venir : corrigez sa date, ou effacez-la.")
    if dernier is not None and dernier < signe:
        raise Refus(
            "Le dernier prélèvement fait ailleurs viendrait avant la signature : corrigez l’une des deux dates."
        )
    if caduc_le(dernier or signe) <= aujourdhui():
        raise Refus(
            "Ce mandat est caduc : aucun prélèvement depuis 36 mois. S’il a servi depuis avec un autre logiciel, donnez la "
            "date du dernier prélèvement ; sinon, faites signer un nouveau mandat."
        )


def _exiger_sa_rum(rum: str, payeur: Payeur, regie: Regie, signe_le: date) -> None:
    """A RUM serves once, but for the same signed paper that was held for void: its collections made elsewhere were not known."""
    for autre in MandatSepa.objects.filter(rum=rum).order_by("pk"):
        est_le_meme = (autre.payeur_id, autre.regie_id, autre.signe_le) == (payeur.pk, regie.pk, signe_le)
        if not est_le_meme or autre.revoque_le is None or autre.revoque_motif != REMPLACE:
            raise Refus(RUM_PRISE.format(rum=rum))


def _remplacer_le_caduc(payeur: Payeur, regie: Regie, auteur: Agent) -> None:
    """A void mandate gives way to the new one; one that may still be used does not."""
    ancien = mandat_du_payeur(payeur, regie)
    if ancien is None:
        return
    if not dire_la_caducite(ancien):
        raise Refus("Ce payeur a déjà un mandat en vigueur : révoquez-le d’abord.")
    revoquer(ancien, REMPLACE, auteur=auteur)


@transaction.atomic
def revoquer(mandat: MandatSepa, motif: str, *, auteur: Agent) -> None:
    """Debit that account no more. Raises `Refus` without a reason, or when it is done."""
    exiger_qui_tient_les_mandats(auteur, mandat.regie)
    if not motif.strip():
        raise Refus("Dites pourquoi ce mandat est révoqué : demande de la famille, compte clos…")
    ouverts = MandatSepa.objects.filter(pk=mandat.pk, revoque_le__isnull=True)
    if not ouverts.update(revoque_le=maintenant(), revoque_motif=motif.strip()[:200]):
        raise Refus("Ce mandat est déjà révoqué.")
    noter(auteur.compte, "regie.mandat_sepa_revoque", mandat, dossier=_dossier(mandat.payeur), rum=mandat.rum)


def _nouvelle_rum(regie: Regie, payeur: Payeur) -> str:
    """Unique, without letters that spell words: « M01-000123-7KXD »."""
    suite = "".join(secrets.choice(SANS_VOYELLES) for _ in range(4))
    return f"M{regie.code:02d}-{payeur.pk:06d}-{suite}"


def _dossier(payeur: Payeur) -> str:
    return f"famille:{payeur.famille_id}" if payeur.famille_id else ""
