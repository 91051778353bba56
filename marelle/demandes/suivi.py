"""What of a dossier is in draft, waits or has come back, nature by nature: what its pages show beside what is in force."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from marelle.familles.models import Famille

from .models import Demande
from .natures import Sujet
from .passages import Etat


@dataclass
class Suivi:
    """The demandes under way for one nature of one sujet. `ailleurs`: the child's other household has one waiting."""

    brouillon: Demande | None = None
    en_attente: Demande | None = None
    a_corriger: Demande | None = None
    ailleurs: bool = False

    @property
    def courante(self) -> Demande | None:
        """The one whose content fills the form."""
        return self.brouillon or self.a_corriger or self.en_attente

    @property
    def envoyee(self) -> Demande | None:
        return self.a_corriger or self.en_attente


OUVERTES = (Etat.PANIER, Etat.DEPOSEE, Etat.A_CORRIGER)


def suivis(sujet: Sujet) -> dict[str, Suivi]:
    """By nature, for this child (or this adult). One query; what another household asks is told, never shown."""
    du_foyer = Q(famille=sujet.famille, enfant__isnull=True, responsable=sujet.responsable)
    de_qui = Q(enfant=sujet.enfant) if sujet.enfant else du_foyer
    demandes = (
        Demande.objects.filter(de_qui, etat__in=OUVERTES, activite__isnull=True)
        .select_related("famille", "enfant", "responsable")
        .order_by("pk")
    )
    return _par_nature(demandes, sujet.famille)


def suivis_des_enfants(famille: Famille, enfant_ids: Iterable[int]) -> dict[int, dict[str, Suivi]]:
    """The same for several children. One query."""
    demandes = Demande.objects.filter(enfant_id__in=list(enfant_ids), etat__in=OUVERTES, activite__isnull=True)
    par_enfant: dict[int, list[Demande]] = {}
    for demande in demandes.order_by("pk"):
        par_enfant.setdefault(demande.enfant_id or 0, []).append(demande)
    return {cle: _par_nature(siennes, famille) for cle, siennes in par_enfant.items()}


def suivis_des_adultes(famille: Famille) -> dict[int, Suivi]:
    """The sheet of each adult of the household, by the adult's key. One query."""
    demandes = Demande.objects.filter(famille=famille, responsable__isnull=False, etat__in=OUVERTES).order_by("pk")
    par_adulte: dict[int, Suivi] = {}
    for demande in demandes:
        _ranger(par_adulte.setdefault(demande.responsable_id or 0, Suivi()), demande, famille)
    return par_adulte


def nouveaux_enfants(famille: Famille) -> list[Demande]:
    """The children that the household has asked to add, waiting or to correct."""
    return list(
        Demande.objects.filter(
            famille=famille, nature="nouvel_enfant", etat__in=[Etat.DEPOSEE, Etat.A_CORRIGER]
        ).order_by("pk")
    )


def _par_nature(demandes: Iterable[Demande], famille: Famille) -> dict[str, Suivi]:
    trouves: dict[str, Suivi] = {}
    for demande in demandes:
        _ranger(trouves.setdefault(demande.nature, Suivi()), demande, famille)
    return trouves


def _ranger(suivi: Suivi, demande: Demande, famille: Famille) -> None:
    if demande.famille_id != famille.pk:
        suivi.ailleurs = suivi.ailleurs or demande.etat != Etat.PANIER
    elif demande.etat == Etat.PANIER:
        suivi.brouillon = demande
    elif demande.etat == Etat.A_CORRIGER:
        suivi.a_corriger = demande
    else:
        suivi.en_attente = demande
