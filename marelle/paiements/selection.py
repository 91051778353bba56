"""What somebody who signs in may pay, what is being paid, and which attempt is theirs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import QuerySet

from marelle.creances.models import Facture, Payeur, Regie
from marelle.creances.payeurs import destinataires, nom_de, payeurs_visibles
from marelle.creances.regies import options_de
from marelle.creances.soldes import avec_restes
from marelle.familles.models import Acces
from marelle.regles.regies import OptionsRegie
from marelle.socle.erreurs import Introuvable
from marelle.socle.horloge import dans

from .etats import INDECISES, OUVERTURE, Etat
from .models import LigneTentative, Tentative
from .payfip import IDOP

WS = "payfip_regie_ws"


@dataclass(frozen=True, slots=True)
class Payable:
    """An invoice with what is left to pay (centimes), and what keeps it for now: an attempt, or the day of its debit."""

    facture: Facture
    reste_centimes: int
    en_cours: Tentative | None = None
    preleve_le: date | None = None

    @property
    def est_libre(self) -> bool:
        return self.en_cours is None and self.preleve_le is None


@dataclass(slots=True)
class Groupe:
    """What can be paid together: the unpaid invoices of one payer to one régie, the oldest first."""

    regie: Regie
    payeur: Payeur
    nom: str
    payables: list[Payable] = field(default_factory=list)

    @property
    def options(self) -> OptionsRegie:
        return options_de(self.regie)

    @property
    def libres(self) -> list[Payable]:
        return [un for un in self.payables if un.est_libre]

    @property
    def tentatives(self) -> list[Tentative]:
        """The attempts that keep some of these invoices, each once."""
        return list({un.en_cours.pk: un.en_cours for un in self.payables if un.en_cours is not None}.values())


def groupes(acces: Acces) -> list[Groupe]:
    """Everything that this access may pay, by payer and régie; what is due first comes first. What was handed over to the
    Treasury is not there: it is no longer paid here."""
    from marelle.regie.en_cours import en_prelevement
    from marelle.regie.transmissions import sans_les_transmises

    siennes = Facture.objects.filter(payeur__in=payeurs_visibles(acces), sorte=Facture.Sorte.FACTURE)
    dues: QuerySet[Any] = avec_restes(sans_les_transmises(siennes))
    lues = list(dues.filter(reste_centimes__gt=0).select_related("regie", "payeur").order_by("date_emission", "rang"))
    tenues, preleves = en_cours(une.pk for une in lues), en_prelevement(lues)
    ecrits = destinataires({une.payeur_id: une.payeur for une in lues}.values())
    trouves: dict[tuple[int, int], Groupe] = {}
    for une in lues:
        cle = (une.regie_id, une.payeur_id)
        groupe = trouves.setdefault(cle, Groupe(une.regie, une.payeur, nom_de(ecrits[une.payeur_id])))
        groupe.payables.append(Payable(une, une.reste_centimes, tenues.get(une.pk), preleves.get(une.pk)))
    return list(trouves.values())


def en_cours(factures: Iterable[int]) -> dict[int, Tentative]:
    """The attempt that keeps each of these invoices (by their keys): undecided, and younger than PayFiP's window."""
    lignes = LigneTentative.objects.filter(
        facture__in=list(factures), tentative__etat__in=INDECISES, tentative__cree_le__gt=dans(-OUVERTURE)
    ).select_related("tentative__regie")
    return {une.facture_id: une.tentative for une in lignes.order_by("pk")}


def tentatives_visibles(acces: Acces) -> QuerySet[Tentative]:
    """The attempts on invoices that this access may see."""
    siennes = Tentative.objects.filter(payeur__in=payeurs_visibles(acces))
    return siennes.select_related("regie", "payeur", "paiement").order_by("-cree_le", "-pk")


def tentative_de(acces: Acces, idop: str) -> Tentative | None:
    """The attempt of that idOp, when it is theirs."""
    return tentatives_visibles(acces).filter(idop=idop).first() if est_un_idop(idop) else None


def est_un_idop(texte: str) -> bool:
    """Whether a text that came from outside may be an idOp at all (PostgreSQL refuses some characters)."""
    return IDOP.fullmatch(texte) is not None


VUES = ("a_verifier", "en_cours", "toutes")


@dataclass(frozen=True, slots=True)
class LigneDuGuichet:
    """One attempt as the desk reads it."""

    tentative: Tentative
    nom: str


def au_guichet(vue: str) -> QuerySet[Tentative]:
    """The attempts that the desk looks at, the latest first; `vue`: one of `VUES`."""
    if vue == "a_verifier":
        return a_verifier()
    toutes = Tentative.objects.select_related("regie", "payeur", "paiement", "classee_par").order_by("-cree_le", "-pk")
    return toutes.filter(etat__in=INDECISES) if vue == "en_cours" else toutes


def lignes_du_guichet(tentatives: Iterable[Tentative]) -> list[LigneDuGuichet]:
    """With the name of who pays, in one query."""
    toutes = list(tentatives)
    ecrits = destinataires({une.payeur_id: une.payeur for une in toutes}.values())
    return [LigneDuGuichet(une, nom_de(ecrits[une.payeur_id])) for une in toutes]


def une_tentative(cle: int) -> Tentative:
    """One attempt, by its key. Raises `Introuvable`."""
    trouvee = Tentative.objects.select_related("regie", "payeur", "paiement").filter(pk=cle).first()
    if trouvee is None:
        raise Introuvable("Cette tentative de paiement n’existe pas.")
    return trouvee


def a_verifier(regie: Regie | None = None) -> QuerySet[Tentative]:
    """What PayFiP answered otherwise than it was asked: a human eye decides, the latest first."""
    toutes = Tentative.objects.filter(etat=Etat.A_VERIFIER, classee_le__isnull=True)
    return (
        (toutes.filter(regie=regie) if regie else toutes).select_related("regie", "payeur").order_by("-cree_le", "-pk")
    )
