"""What may a family read of its money? Its invoices, what is left of each, what it has paid: its own and nobody else's."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Prefetch, QuerySet

from marelle.comptes.models import Compte
from marelle.creances.decouverts import Decouvert, lire_les_decouverts
from marelle.creances.models import Facture, Paiement, Regie, Ventilation
from marelle.creances.payeurs import payeurs_visibles
from marelle.creances.regies import options_de
from marelle.creances.soldes import Operation, avec_emplois, avec_restes, en_compte, releve
from marelle.familles.models import Acces, Responsable
from marelle.journal.service import noter
from marelle.regles.regies import OptionsRegie
from marelle.socle.erreurs import Introuvable, Refus
from marelle.socle.horloge import maintenant
from marelle.socle.memoire import retenir

DIRECT = "accord donné ou retiré avec les factures"  # in the history of an adult: not by the sheet


@dataclass(slots=True)
class Etat:
    """How a family stands with one régie: what is left to pay, the oldest first, and what it has in credit (centimes).
    `decouverts`: what it was given back of money that was taken back since; they take the credit down."""

    regie: Regie
    factures: list[Facture] = field(default_factory=list)
    credit_centimes: int = 0
    decouverts: list[Decouvert] = field(default_factory=list)

    @property
    def options(self) -> OptionsRegie:
        return options_de(self.regie)

    @property
    def du_centimes(self) -> int:
        return sum(une.reste_centimes for une in self.factures)  # type: ignore[attr-defined]

    @property
    def solde_centimes(self) -> int:
        """What is owed, less what is in credit; negative: the family is ahead."""
        return self.du_centimes - self.credit_centimes

    @property
    def avant_le(self) -> date | None:
        """The first due date of what is left to pay."""
        return min((une.date_echeance for une in self.factures), default=None)

    @property
    def dit_les_paiements(self) -> bool:
        return dit_les_paiements(self.regie)


def dit_les_paiements(regie: Regie) -> bool:
    """Whether this portal knows what is paid: always of its own régies; of titres, once the Treasury has returned something.
    Until then nobody here may say that one is paid, nor that it is not."""
    if not options_de(regie).est_titre:
        return True
    retours = Paiement.objects.filter(regie=regie, mode=Paiement.Mode.TRESOR)
    return retenir(f"retours-du-tresor-{regie.pk}", retours.exists)


def etats(acces: Acces) -> list[Etat]:
    """How this access's payers stand with each régie where something is left, in two queries; two more where they have debts
    and a credit, or a refund of money that was taken back."""
    from marelle.appels.selection import promis  # that app reads ours

    siens = payeurs_visibles(acces).values("pk")
    trouves: dict[int, Etat] = {}
    toutes: QuerySet[Any] = avec_restes(Facture.objects.filter(payeur__in=siens))
    ouvertes = toutes.exclude(reste_centimes=0)
    for facture in ouvertes.select_related("regie").order_by("date_emission", "rang"):
        etat = trouves.setdefault(facture.regie_id, Etat(facture.regie))
        if facture.est_avoir:
            etat.credit_centimes -= facture.reste_centimes
        else:
            etat.factures.append(facture)
    restes = en_compte(Paiement.objects.filter(payeur__in=siens)).exclude(reste_centimes=0)
    restes = restes.select_related("regie").order_by("pk")
    for paiement in restes:
        etat = trouves.setdefault(paiement.regie_id, Etat(paiement.regie))
        etat.credit_centimes += paiement.reste_centimes  # below zero: given back of money that was rejected since
    if any(un.reste_centimes < 0 for un in restes):
        for rendu in lire_les_decouverts(Paiement.objects.filter(payeur__in=siens)):
            trouves[rendu.remboursement.regie_id].decouverts.append(rendu)
    for etat in trouves.values():
        if etat.factures and etat.credit_centimes > 0:  # what keeps a booking does not pay these
            etat.credit_centimes -= min(etat.credit_centimes, promis(siens, etat.regie))
    return sorted(trouves.values(), key=lambda un: un.regie.code)


def factures_visibles(acces: Acces) -> QuerySet[Facture]:
    """The invoices and avoirs of this access's payers, the newest first, each with `percu_centimes` and `reste_centimes`."""
    siennes = Facture.objects.filter(payeur__in=payeurs_visibles(acces).values("pk"))
    return avec_restes(siennes).select_related("regie").order_by("-date_emission", "-emise_le", "-rang")


def facture_visible(acces: Acces, numero: str) -> Facture:
    """Raises `Introuvable` for anybody else's."""
    facture = factures_visibles(acces).filter(numero=numero).first()
    if facture is None:
        raise Introuvable("Cette facture n’existe pas.")
    return facture


def facture_du_service(numero: str) -> Facture:
    """Any invoice, for the desk. Raises `Introuvable`."""
    facture = avec_restes(Facture.objects.filter(numero=numero)).select_related("regie").first()
    if facture is None:
        raise Introuvable("Cette facture n’existe pas.")
    return facture


def paiement_visible(acces: Acces, cle: int) -> Paiement:
    """Raises `Introuvable` for anybody else's."""
    paiement = paiements_visibles(acces).filter(pk=cle).first()
    if paiement is None:
        raise Introuvable("Ce paiement n’existe pas.")
    return paiement


def paiements_visibles(acces: Acces) -> QuerySet[Paiement]:
    """What this access's payers have paid and were given back, the newest first, with the invoices that each payment pays and
    what of it was given back (`rendu_centimes`)."""
    siens: QuerySet[Any] = avec_emplois(Paiement.objects.filter(payeur__in=payeurs_visibles(acces).values("pk")))
    payees = Prefetch("ventilations", Ventilation.objects.select_related("facture").order_by("pk"))
    ordre = ("-date_paiement", "-enregistre_le", "-rang")
    return siens.select_related("regie", "annule", "contrepassation").prefetch_related(payees).order_by(*ordre)


def releve_de(acces: Acces) -> list[Operation]:
    """The statement of account of this access's payers, the newest operation first."""
    return list(reversed(releve(payeurs_visibles(acces))))


def adulte_ecrit(acces: Acces) -> Responsable | None:
    """The adult whose consent decides how the invoices that this access may read are sent: of a shared access, the adult who
    answers for the household; of an adult's own, that adult, when invoices are written to them."""
    adultes = list(acces.famille.responsables.order_by("-est_principal", "rang", "pk"))
    premier = adultes[0] if adultes else None
    if acces.responsable is None or acces.responsable == premier:
        return premier
    return acces.responsable if acces.responsable.payeurs.exists() else None


def accord_change_depuis(adulte: Responsable, instant: datetime) -> bool:
    """Whether that adult has agreed, or withdrawn, on the page of invoices since then."""
    return bool(adulte.history.filter(history_change_reason=DIRECT, history_date__gt=instant).exists())


@transaction.atomic
def accorder(adulte: Responsable, *, accepte: bool, par: Compte) -> None:
    """Keep whether this adult takes invoices by e-mail, since when, and who said it. Raises `Refus` without an address."""
    adulte = Responsable.objects.select_for_update().get(pk=adulte.pk)
    if accepte and not adulte.courriel:
        raise Refus("Donnez d’abord votre adresse e-mail au service : la facture y est annoncée.")
    if accepte == adulte.accord_facture_electronique:
        return
    adulte.accord_facture_electronique = accepte
    adulte.accord_facture_le = maintenant() if accepte else None
    adulte._change_reason = DIRECT  # type: ignore[attr-defined]
    adulte.save(update_fields=["accord_facture_electronique", "accord_facture_le"])
    action = "facture.accord_courriel" if accepte else "facture.retrait_accord_courriel"
    noter(par, action, adulte, dossier=f"famille:{adulte.famille_id}")
