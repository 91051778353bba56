"""Money that leaves the till: bordereaux of one means, then the versement to the public accountant; closed once made."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from marelle.comptes.models import Agent
from marelle.creances.mandats import exiger_mandat
from marelle.creances.models import Paiement, Regie
from marelle.creances.numeros import Suite
from marelle.journal.service import noter
from marelle.regles.argent import euros
from marelle.socle.erreurs import Introuvable, Refus
from marelle.socle.horloge import aujourdhui, maintenant

from .caisse import EN_MAIN, a_deposer, a_verser, comptes
from .models import Bordereau, LigneBordereau, LigneVersement, Versement

BORDEREAUX, VERSEMENTS = "bordereaux", "versements"


@transaction.atomic
def fermer(regie: Regie, mode: str, paiements: Sequence[int], *, date_depot: date, auteur: Agent) -> Bordereau:
    """Put these payments of one means in a new bordereau, closed at once. Raises `Refus` when one of them is in another
    bordereau, was taken back, or is of another régie or means: nothing is then made."""
    exiger_mandat(auteur, regie, jour=aujourdhui())
    if mode not in EN_MAIN:
        raise Refus("Ce mode de paiement arrive seul sur le compte : il ne se dépose pas.")
    if not paiements:
        raise Refus("Cochez au moins un paiement à déposer.")
    if date_depot > aujourdhui():
        raise Refus("La date du dépôt est à venir : donnez celle où vous le remettez.")
    Regie.objects.select_for_update(no_key=True).get(pk=regie.pk)
    pris = list(a_deposer(regie, mode).filter(pk__in=set(paiements)))
    if len(pris) != len(set(paiements)):
        raise Refus("Un de ces paiements est déjà déposé, ou annulé : rechargez la page et cochez de nouveau.")
    _exiger_ce_qui_est_sorti(regie, mode, pris)
    _exiger_apres(date_depot, pris)
    suite = Suite(regie, aujourdhui().year, BORDEREAUX)
    bordereau = Bordereau(mode=mode, date_depot=date_depot, **_communs(regie, suite, "B", pris, auteur))
    bordereau.empreinte = suite.enchainer(contenu(bordereau, pris))
    bordereau.save(force_insert=True)
    suite.finir()
    LigneBordereau.objects.bulk_create([LigneBordereau(bordereau=bordereau, paiement=un) for un in pris])
    noter(
        auteur.compte, "regie.bordereau", bordereau, numero=bordereau.numero, mode=mode, nombre=bordereau.nombre,
        montant_centimes=bordereau.montant_centimes,
    )  # fmt: skip
    return bordereau


@transaction.atomic
def verser(regie: Regie, *, motif: str, date_versement: date, attendu_centimes: int, auteur: Agent) -> Versement:
    """Hand over all that the account holds. `attendu_centimes`: what the agent has read; another total is refused."""
    exiger_mandat(auteur, regie, jour=aujourdhui())
    if date_versement > aujourdhui():
        raise Refus("La date du versement est à venir : donnez celle où vous le faites.")
    Regie.objects.select_for_update(no_key=True).get(pk=regie.pk)
    verses = list(a_verser(regie))
    total = sum(un.montant_centimes for un in verses)
    if total <= 0:
        raise Refus("Il n’y a rien à verser : déposez d’abord les espèces et les chèques.")
    if total != attendu_centimes:
        raise Refus(f"Le compte a changé : il y a maintenant {euros(total)} à verser. Vérifiez, puis recommencez.")
    _exiger_apres(date_versement, verses)
    suite = Suite(regie, aujourdhui().year, VERSEMENTS)
    fait = Versement(motif=motif, date_versement=date_versement, **_communs(regie, suite, "V", verses, auteur))
    fait.empreinte = suite.enchainer(contenu(fait, verses))
    fait.save(force_insert=True)
    suite.finir()
    LigneVersement.objects.bulk_create([LigneVersement(versement=fait, paiement=un) for un in verses], batch_size=500)
    noter(auteur.compte, "regie.versement", fait, numero=fait.numero, motif=motif, montant_centimes=total)
    return fait


def _exiger_ce_qui_est_sorti(regie: Regie, mode: str, pris: Sequence[Paiement]) -> None:
    """Cash that was given back is no longer in the till: the bordereau that empties it says so."""
    choisis = {un.pk for un in pris}
    oublie = next((un for un in a_deposer(regie, mode) if un.est_remboursement and un.pk not in choisis), None)
    if oublie is not None:
        raise Refus(f"Le remboursement {oublie.numero} est sorti de la caisse : cochez-le aussi.")
    if sum(un.montant_centimes for un in pris) <= 0:
        raise Refus("Ce qui est coché a été rendu : il ne reste rien à déposer.")


def _exiger_apres(jour: date, paiements: Sequence[Paiement]) -> None:
    """Money leaves the till after it came in: another date is a slip, on a paper that nothing rewrites."""
    dernier = max(un.date_paiement for un in paiements)
    if jour < dernier:
        raise Refus(f"Un de ces paiements est du {dernier:%d/%m/%Y} : la date ne peut pas venir avant.")


def _communs(regie: Regie, suite: Suite, lettre: str, pris: Sequence[Paiement], auteur: Agent) -> dict[str, Any]:
    annee, rang = aujourdhui().year, suite.suivant()
    return {
        "regie": regie,
        "exercice": annee,
        "rang": rang,
        "numero": f"{lettre}-{annee:04d}-{regie.code:02d}-{rang:04d}",
        "nombre": len(pris),
        "montant_centimes": sum(un.montant_centimes for un in pris),
        "fait_le": maintenant(),
        "fait_par": auteur,
    }


def contenu(lot: Bordereau | Versement, paiements: Sequence[Paiement]) -> dict[str, object]:
    """What the digest of a bordereau, or of a versement, covers."""
    return {"numero": lot.numero, "montant": lot.montant_centimes, "paiements": sorted(un.numero for un in paiements)}


def bordereaux_de(regie: Regie) -> QuerySet[Bordereau]:
    return Bordereau.objects.filter(regie=regie).select_related("fait_par").order_by("-exercice", "-rang")


def versements_de(regie: Regie) -> QuerySet[Versement]:
    return Versement.objects.filter(regie=regie).select_related("fait_par").order_by("-exercice", "-rang")


def un_bordereau(regie: Regie, cle: int) -> Bordereau:
    trouve = bordereaux_de(regie).filter(pk=cle).first()
    if trouve is None:
        raise Introuvable("Ce bordereau n’existe pas dans cette régie.")
    return trouve


def un_versement(regie: Regie, cle: int) -> Versement:
    trouve = versements_de(regie).filter(pk=cle).first()
    if trouve is None:
        raise Introuvable("Ce versement n’existe pas dans cette régie.")
    return trouve


def paiements_du_bordereau(bordereau: Bordereau) -> list[Paiement]:
    """Its payments in the order of their numbers, each with its vouchers and whether it was rejected since."""
    siens = Paiement.objects.filter(depot__bordereau=bordereau)
    return list(
        siens.select_related(
            "payeur", "titres", "contrepassation", "depot__bordereau", "versement__versement"
        ).order_by("exercice", "rang")
    )


def paiements_du_versement(versement: Versement) -> list[Paiement]:
    siens = Paiement.objects.filter(versement__versement=versement)
    return list(siens.select_related("payeur", "annule").order_by("exercice", "rang"))


def tas(regie: Regie) -> list[dict[str, Any]]:
    """What is in the hand, by means: the heaps to deposit, each with its payments."""
    par_mode: dict[str, list[Paiement]] = {}
    for un in a_deposer(regie).select_related("payeur", "titres"):
        par_mode.setdefault(un.mode, []).append(un)
    libelles = dict(Paiement.Mode.choices)
    return [
        {
            "mode": mode,
            "libelle": libelles[mode],
            "paiements": par_mode[mode],
            "total": sum(un.montant_centimes for un in par_mode[mode]),
        }
        for mode in EN_MAIN
        if mode in par_mode
    ]


def a_verser_maintenant(regie: Regie) -> int:
    """What a versement made now would hand over, in centimes."""
    return comptes(regie).dft
