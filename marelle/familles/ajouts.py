"""Who joins a household that the service knows already: an adult, a child, and the access of one that has none."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models import Max

from marelle.comptes.models import Agent
from marelle.journal.service import noter
from marelle.socle.erreurs import Refus

from .gestion import donner_les_acces
from .models import Enfant, Famille, Rattachement, Responsable


def est_deja_la(famille: Famille, prenom: str, ne_le: date) -> bool:
    """Whether the household has a child of this first name born that day."""
    freres = famille.enfants.filter(date_naissance=ne_le, est_archive=False).values_list("prenom", flat=True)
    return any(un.casefold() == prenom.casefold() for un in freres.order_by("pk"))


@transaction.atomic
def ajouter_enfant(famille: Famille, enfant: Enfant, agent: Agent) -> None:
    """A new child, whose file is to fill. Raises `Refus` when the same one is there already."""
    _verrouiller(famille)
    if est_deja_la(famille, enfant.prenom, enfant.date_naissance):
        raise Refus(f"{enfant.prenom} est déjà dans cette famille : corrigez sa fiche.")
    enfant.save()
    Rattachement.objects.create(enfant=enfant, famille=famille)
    noter(agent.compte, "famille.ajout.enfant", enfant, dossier=f"famille:{famille.pk}")


@transaction.atomic
def ajouter_adulte(famille: Famille, adulte: Responsable, agent: Agent) -> None:
    """One more adult, after those who are there; with an access where each adult has one."""
    _verrouiller(famille)
    adultes = famille.responsables.all()
    adulte.famille, adulte.est_principal = famille, not adultes.filter(est_principal=True).exists()
    adulte.rang = (adultes.aggregate(dernier=Max("rang"))["dernier"] or 0) + 1
    adulte.save()
    if famille.acces.filter(responsable__isnull=False).exists():
        donner_les_acces(famille, [adulte], partage=False)
    noter(agent.compte, "famille.ajout.responsable", adulte, dossier=f"famille:{famille.pk}")


@transaction.atomic
def donner_un_acces(famille: Famille, agent: Agent, *, partage: bool) -> None:
    """The accesses that creating it would have given. Raises `Refus` when it has one, or nobody to give it to."""
    _verrouiller(famille)
    if famille.acces.exists():
        raise Refus("Cette famille a déjà un accès : rien n’a été changé.")
    adultes = list(famille.responsables.order_by("-est_principal", "rang", "pk"))
    if not adultes:
        raise Refus("Ajoutez d’abord un adulte : c’est lui qui se connecte.")
    donner_les_acces(famille, adultes, partage=partage)
    noter(agent.compte, "famille.ajout.acces", famille, dossier=f"famille:{famille.pk}")


def _verrouiller(famille: Famille) -> None:
    """Two agents who add at once do it one after the other."""
    Famille.objects.select_for_update().get(pk=famille.pk)
