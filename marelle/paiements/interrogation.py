"""Asking PayFiP what became of an attempt, and drawing the consequences exactly once, whoever asks and in whatever order.

Neither the notification nor the return says anything that counts: only the answer of `recupererDetailPaiementSecurise`,
compared with what was asked, makes a payment.
"""

from __future__ import annotations

from typing import Any

import structlog
from django.conf import settings
from django.db import transaction

from marelle.creances.encaissement import encaisser
from marelle.creances.models import Facture, Paiement, Payeur
from marelle.creances.soldes import avec_restes
from marelle.journal.service import noter
from marelle.socle.horloge import aujourdhui, dans, maintenant

from . import courrier, payfip
from .etats import DECIDEES, DERNIER_REGARD, PASSAGES, RELANCE, RELANCE_TECHNIQUE, SILENCE, Etat
from .models import Saisie, Tentative

journal = structlog.get_logger(__name__)

# What PayFiP says, and what it is here. Anything else is a word that nobody knows yet.
ARGENT = {"P": (Etat.PAYEE, Paiement.Mode.EN_LIGNE), "V": (Etat.PRELEVEE, Paiement.Mode.PRELEVEMENT_EN_LIGNE)}
FINS = {"R": Etat.REFUSEE, "Z": Etat.REFUSEE, "A": Etat.ABANDONNEE}


def interroger(tentative: Tentative, delai: int = payfip.DELAI_RETOUR) -> Tentative:
    """The attempt as it stands once PayFiP was asked; one that is decided is not asked for again. Never raises because of
    PayFiP: what it does not say leaves the attempt waiting."""
    if tentative.etat in DECIDEES or not tentative.idop:
        return tentative
    try:
        detail = payfip.interroger(tentative.regie, tentative.idop, delai)
    except payfip.ErreurPayfip as erreur:
        journal.info(
            "payfip_sans_resultat", refdet=tentative.refdet, code=erreur.code or "technique", detail=erreur.detail
        )
        return _apres_erreur(tentative.pk, erreur)
    return _appliquer(tentative.pk, detail)


def _verrouiller(cle: int) -> Tentative:
    """The attempt under the lock of its payer's row, then of its own: the order of everybody."""
    payeur = Tentative.objects.values_list("payeur_id", flat=True).get(pk=cle)
    Payeur.objects.select_for_update().get(pk=payeur)
    verrouillee = Tentative.objects.select_for_update(of=("self",)).select_related("regie", "payeur", "paiement")
    return verrouillee.get(pk=cle)


@transaction.atomic
def _appliquer(cle: int, detail: payfip.Detail) -> Tentative:
    """Draw the consequences of what PayFiP said; nothing when somebody did it before us."""
    tentative = _verrouiller(cle)
    if tentative.etat in DECIDEES:
        return tentative
    tentative.interrogee_le = maintenant()
    tentative.reponse = _retenir(detail)
    tentative.prochaine_le = dans(RELANCE) if tentative.etat == Etat.EN_ATTENTE else None
    if manques := ecarts(tentative, detail):
        _mettre_de_cote(tentative, manques)
    elif detail.resultrans in ARGENT:
        _encaisser(tentative, detail)
    elif detail.resultrans in FINS:
        _finir(tentative, FINS[detail.resultrans])
    return _enregistrer(tentative)


@transaction.atomic
def _apres_erreur(cle: int, erreur: payfip.ErreurPayfip) -> Tentative:
    """P1: unknown for ever. P5: not yet, and never after two hours. Any other code, or silence: asked again later."""
    tentative = _verrouiller(cle)
    if tentative.etat in DECIDEES:
        return tentative
    instant = maintenant()
    tentative.interrogee_le, tentative.reponse = instant, {"code": erreur.code or "technique"}
    if erreur.code == "P1" or (erreur.code == "P5" and instant - tentative.cree_le >= SILENCE):
        passer(tentative, Etat.EXPIREE)
        tentative.prochaine_le = None
    elif tentative.prochaine_le is not None:  # a technical fault does not use up the last look
        tentative.prochaine_le = instant + (RELANCE_TECHNIQUE if erreur.est_technique else RELANCE)
    return _enregistrer(tentative)


def ecarts(tentative: Tentative, detail: payfip.Detail) -> list[str]:
    """What differs between the answer and what was asked: the names of the fields. A test in production is one."""
    attendus = {
        "montant": str(tentative.montant_centimes), "numcli": tentative.numcli, "refdet": tentative.refdet,
        "saisie": tentative.saisie,
    }  # fmt: skip
    manques = [nom for nom, attendu in attendus.items() if getattr(detail, nom) != attendu]
    # A recorded answer says « 20 » for 2020: what is there must agree, what is cut is not a difference.
    if detail.exer and not tentative.exer.startswith(detail.exer):
        manques.append("exer")
    if settings.PRODUCTION and Saisie.TEST in (detail.saisie, tentative.saisie) and detail.resultrans in ARGENT:
        manques.append("essai")
    return manques


def passer(tentative: Tentative, etat: Etat) -> bool:
    """Move to that state when the table allows it; False when it does not."""
    if etat not in PASSAGES[Etat(tentative.etat)]:
        return False
    tentative.etat, tentative.decidee_le = etat, maintenant()
    return True


def _encaisser(tentative: Tentative, detail: payfip.Detail) -> None:
    """The payment, and what it pays of each invoice (or of what booking asked) as it stands now; the rest stays as an advance."""
    from marelle.appels.reglement import appels_de, factures_des, regler  # that app reads ours

    etat, mode = ARGENT[detail.resultrans]
    if not passer(tentative, etat):
        return
    lues: Any = avec_restes(Facture.objects.filter(pk__in=tentative.lignes.order_by().values("facture")))
    restes = {une.pk: une.reste_centimes for une in lues}
    lignes = list(tentative.lignes.select_related("facture").order_by("pk"))
    parts = [(une.facture, min(une.montant_centimes, restes[une.facture_id])) for une in lignes]
    ailleurs = _au_tresor([facture for facture, _ in parts])
    parts = [(facture, part) for facture, part in parts if part > 0 and facture.pk not in ailleurs]
    appels = appels_de(tentative)
    parts += factures_des(appels, tentative.payeur, tentative.montant_centimes) if appels else []
    tentative.paiement = encaisser(
        tentative.regie, tentative.payeur, tentative.montant_centimes, mode, auteur=None, factures=parts,
        date_paiement=min(detail.date or aujourdhui(), aujourdhui()), reference=f"{tentative.refdet} {detail.numauto}"[:80],
        reference_unique=f"payfip:{tentative.idop}",
    )  # fmt: skip
    tentative.prochaine_le = None
    _noter(tentative, "paiement.en_ligne.recu", resultat=detail.resultrans)
    courrier.accuser_reception(tentative, parts, regler(appels, tentative.paiement))


def _au_tresor(factures: list[Facture]) -> set[int]:
    """Those handed over to the Treasury since the attempt began: this money does not pay them."""
    from marelle.regie.transmissions import transmises

    return transmises(factures)


def _finir(tentative: Tentative, etat: Etat) -> None:
    """Refused or abandoned: the invoices are free at once. One last look later: the same page may have been used again."""
    if passer(tentative, etat):
        tentative.prochaine_le = tentative.cree_le + DERNIER_REGARD
        _noter(tentative, f"paiement.en_ligne.{etat}")
        if etat == Etat.REFUSEE:
            courrier.annoncer_refus(tentative)


def _mettre_de_cote(tentative: Tentative, manques: list[str]) -> None:
    """An answer that does not agree with what was asked is no money: the régisseur looks."""
    if passer(tentative, Etat.A_VERIFIER):
        tentative.prochaine_le = None
        tentative.reponse["ecarts"] = manques
        _noter(tentative, "paiement.en_ligne.a_verifier", ecarts=manques)
        journal.warning("paiement_en_ligne_a_verifier", refdet=tentative.refdet, ecarts=manques)
        courrier.alerter_le_regisseur(tentative)


def _retenir(detail: payfip.Detail) -> dict[str, Any]:
    """What is kept of an answer: never the person's address."""
    return {nom: mot for nom in detail.__slots__ if (mot := getattr(detail, nom))}


def _noter(tentative: Tentative, action: str, **details: Any) -> None:
    famille = tentative.payeur.famille_id
    noter(
        None, action, tentative, dossier=f"famille:{famille}" if famille else "", refdet=tentative.refdet,
        montant_centimes=tentative.montant_centimes, **details,
    )  # fmt: skip


def _enregistrer(tentative: Tentative) -> Tentative:
    tentative.save(update_fields=["etat", "paiement", "reponse", "interrogee_le", "prochaine_le", "decidee_le"])
    return tentative


@transaction.atomic
def cloturer(cle: int) -> Tentative:
    """Nobody asks any more: without an answer it expired; with a word that nobody knows, the régisseur looks."""
    tentative = _verrouiller(cle)
    if tentative.etat == Etat.CREE or (tentative.etat == Etat.EN_ATTENTE and not tentative.reponse.get("resultrans")):
        passer(tentative, Etat.EXPIREE)
    elif tentative.etat == Etat.EN_ATTENTE:
        _mettre_de_cote(tentative, ["resultrans"])
    tentative.prochaine_le = None
    return _enregistrer(tentative)
