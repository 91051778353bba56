"""The households of a child, as the service settles them: a second one joins, who has the child in what share and may book, one
leaves. A second household reads the child's whole file, and asks to change it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction

from marelle.comptes.models import Agent
from marelle.facturation.models import RepartitionGarde
from marelle.familles.models import Enfant, Famille, Rattachement
from marelle.journal.service import noter
from marelle.reservations.file_ecriture import transaction_de_places
from marelle.reservations.models import Reservation
from marelle.socle.erreurs import Introuvable, Refus
from marelle.socle.francais import compte
from marelle.socle.horloge import aujourdhui

from . import panier
from .models import Demande, JourDemande
from .passages import EN_COURS, Etat
from .retenues import supprimer

AU_PLUS = 2
MOITIE = 50


def foyers_de(enfant: Enfant) -> list[Rattachement]:
    """The first that had the child first."""
    return list(Rattachement.objects.filter(enfant=enfant).select_related("famille").order_by("pk"))


def autres_foyers(famille: Famille, enfants: Iterable[int]) -> dict[int, Famille]:
    """Of each of these children that has one, its other household: one query."""
    ailleurs = Rattachement.objects.filter(enfant__in=list(enfants)).exclude(famille=famille)
    return {lien.enfant_id: lien.famille for lien in ailleurs.select_related("famille").order_by("pk")}


@transaction.atomic
def rattacher(enfant: Enfant, numero: str, agent: Agent) -> Famille:
    """The household of that number has this child too: each half, both may book. Raises `Refus`: no such number, already one of
    the child's households, or two of them."""
    liens = _verrouilles(enfant)
    famille = Famille.objects.filter(numero__iexact=numero.strip(), est_archivee=False).first()
    if famille is None:
        raise Refus(f"Aucune famille ne porte le numéro {numero.strip()} : recopiez-le de la page de cette famille.")
    if famille.pk in {lien.famille_id for lien in liens}:
        raise Refus(f"{enfant.prenom} est déjà dans la famille {famille.nom} ({famille.numero}).")
    if len(liens) >= AU_PLUS:
        raise Refus(f"{enfant.prenom} a déjà deux foyers : retirez-en un d’abord.")
    for lien in liens:
        lien.part_garde = 100 - MOITIE
        lien.save(update_fields=["part_garde"])
    Rattachement.objects.create(enfant=enfant, famille=famille, part_garde=MOITIE)
    _noter(agent, "enfant.foyer.ajout", enfant, [*(lien.famille_id for lien in liens), famille.pk], foyer=famille.pk)
    return famille


@transaction.atomic
def regler_la_garde(enfant: Enfant, voulus: Mapping[int, tuple[int, bool]], agent: Agent) -> None:
    """By household: its share of custody (percent), and whether it may book. Raises `Refus` unless the shares make 100 and
    somebody may book."""
    liens = _verrouilles(enfant)
    if set(voulus) != {lien.famille_id for lien in liens}:
        raise Refus("Les foyers de cet enfant ont changé depuis que vous avez ouvert cette page : relisez-la.")
    if (somme := sum(part for part, _ in voulus.values())) != 100:
        raise Refus(f"Les parts font {somme} % : elles doivent faire 100 %.")
    if not any(peut for _, peut in voulus.values()):
        raise Refus("Un foyer au moins doit pouvoir réserver pour cet enfant.")
    for lien in liens:
        lien.part_garde, lien.peut_reserver = voulus[lien.famille_id]
        lien.save(update_fields=["part_garde", "peut_reserver"])
    parts = {str(cle): part for cle, (part, _) in voulus.items()}
    _noter(agent, "enfant.foyer.garde", enfant, voulus, parts=parts)


def retirer(enfant: Enfant, famille: Famille, agent: Agent) -> None:
    """This household does not have the child any more, nor reads its file; the other one has all of it. What was booked and
    billed stays in its history. Raises `Refus` while it still has days to come, or something asked; `Introuvable`."""
    with transaction_de_places():
        panier.verrouiller(famille)
        liens = _verrouilles(enfant)
        sien = next((lien for lien in liens if lien.famille_id == famille.pk), None)
        if sien is None:
            raise Introuvable("Cet enfant n’est pas de cette famille.")
        if len(liens) == 1:
            raise Refus(f"C’est le seul foyer de {enfant.prenom} : rattachez-en un autre d’abord.")
        _exiger_plus_rien(enfant, famille)
        au_panier = JourDemande.objects.filter(
            demande__enfant=enfant, demande__famille=famille, demande__etat=Etat.PANIER
        )
        supprimer(list(au_panier.select_related("demande", "ouverture").order_by("pk")))
        sien.delete()
        Rattachement.objects.filter(enfant=enfant).update(part_garde=100, peut_reserver=True)
        RepartitionGarde.objects.filter(enfant=enfant).delete()
        _noter(agent, "enfant.foyer.retrait", enfant, [lien.famille_id for lien in liens], foyer=famille.pk)


def _exiger_plus_rien(enfant: Enfant, famille: Famille) -> None:
    a_venir = Reservation.objects.filter(
        enfant=enfant, famille=famille, etat=Reservation.Etat.RESERVEE, date__gte=aujourdhui()
    ).count()
    if a_venir:
        dits = f"{compte(a_venir, 'jour')} à venir"
        raise Refus(f"La famille {famille.nom} a encore {dits} pour {enfant.prenom} : annulez-les d’abord.")
    if Demande.objects.filter(enfant=enfant, famille=famille, etat__in=EN_COURS).exists():
        raise Refus(f"La famille {famille.nom} a encore une demande pour {enfant.prenom} : décidez-la d’abord.")


def _verrouilles(enfant: Enfant) -> list[Rattachement]:
    """Two agents settle them one after the other."""
    Enfant.objects.select_for_update().get(pk=enfant.pk)
    return foyers_de(enfant)


def _noter(agent: Agent, action: str, enfant: Enfant, familles: Iterable[int], **details: Any) -> None:
    """In the file of each household that it concerns."""
    for cle in familles:
        noter(agent.compte, action, enfant, dossier=f"famille:{cle}", **details)
