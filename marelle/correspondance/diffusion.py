"""News to many families at once: who is aimed at, what an agent may aim at, and the job that writes to each of them."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet
from django_tasks import task

from marelle.activites.gestion import activites_de, centres_de, centres_limites
from marelle.comptes.models import Agent
from marelle.familles.models import Famille
from marelle.familles.selection import adresses_de
from marelle.journal.service import noter
from marelle.reservations.models import Reservation
from marelle.socle.erreurs import Introuvable
from marelle.socle.horloge import annee_scolaire, aujourdhui, maintenant

from .envoi import prevenir
from .models import Actualite, Ecrivain, Fil, Message

PAR_LOT = 50  # households written to in one transaction: sign-ins and bookings go on in between
# The token of a household's copy is derived from the news and the household: written again, it is the same message.
ESPACE = uuid.UUID("5d2b9a5e-6f0c-4a1d-9a58-0d9b2f6f3c11")


@dataclass(frozen=True, slots=True)
class Cible:
    """Whom news is for. `code` is what a form sends: « toutes », « centre-3 », « activite-12 »."""

    genre: str
    cle: int | None
    nom: str

    @property
    def code(self) -> str:
        return self.genre if self.cle is None else f"{self.genre}-{self.cle}"


def cibles_de(agent: Agent) -> list[Cible]:
    """What this agent may write to: everybody unless limited to centres, then each centre and each activity they see."""
    genres = Actualite.Cible
    toutes = [] if centres_limites(agent) else [Cible(genres.TOUTES, None, "Toutes les familles")]
    centres = [Cible(genres.CENTRE, un.pk, f"Inscrites cette année : {un.nom}") for un in centres_de(agent)]
    activites = [Cible(genres.ACTIVITE, une.pk, f"Inscrites cette année : {une.nom}") for une in activites_de(agent)]
    return [*toutes, *centres, *activites]


def cible_de(agent: Agent, code: str) -> Cible:
    """Raises `Introuvable` for what this agent may not write to."""
    cible = next((une for une in cibles_de(agent) if une.code == code), None)
    if cible is None:
        raise Introuvable("Ce groupe de familles n’existe pas.")
    return cible


def familles_visees(genre: str, cle: int | None) -> QuerySet[Famille]:
    """The households of a target: all those that are not archived, or those with a booking there this school year."""
    familles = Famille.objects.filter(est_archivee=False)
    if genre == Actualite.Cible.TOUTES:
        return familles.order_by("pk")
    reservees = Reservation.objects.filter(date__gte=annee_scolaire(aujourdhui())[0], etat=Reservation.Etat.RESERVEE)
    champ = "activite__centre" if genre == Actualite.Cible.CENTRE else "activite"
    siennes = reservees.filter(**{champ: cle}).order_by().values("famille")
    return familles.filter(pk__in=siennes).order_by("pk")


def publier(cible: Cible, objet: str, texte: str, agent: Agent, jeton: uuid.UUID) -> Actualite:
    """Write news once; a job carries it to each household, which may answer. The same `jeton` twice is the same news."""
    with transaction.atomic():
        nombre = familles_visees(cible.genre, cible.cle).count()
        actualite, est_neuve = Actualite.objects.get_or_create(
            jeton=jeton,
            defaults={
                "cible": cible.genre,
                "cle_cible": cible.cle,
                "nom_cible": cible.nom,
                "objet": objet,
                "texte": texte,
                "par": agent,
                "creee_le": maintenant(),
                "familles_visees": nombre,
            },
        )
        if est_neuve:
            noter(agent.compte, "message.actualite", actualite, cible=cible.nom, familles=nombre)
            diffuser.enqueue(actualite.pk)
    return actualite


@task()
def diffuser(actualite_id: int) -> None:
    """Write to every household aimed at that has not had it: run again, it goes on where it stopped."""
    actualite = Actualite.objects.select_related("par__compte").get(pk=actualite_id)
    deja = Fil.objects.filter(actualite=actualite).order_by().values("famille")
    reste = familles_visees(actualite.cible, actualite.cle_cible).exclude(pk__in=deja)
    while lot := list(reste[:PAR_LOT]):
        with transaction.atomic():
            _ecrire_a(actualite, lot)
    Actualite.objects.filter(pk=actualite.pk, envoyee_le__isnull=True).update(envoyee_le=maintenant())


def _ecrire_a(actualite: Actualite, familles: list[Famille]) -> None:
    instant = maintenant()
    fils = Fil.objects.bulk_create(
        Fil(
            famille=famille,
            actualite=actualite,
            objet=actualite.objet,
            ouvert_par=Ecrivain.SERVICE,
            ouvert_le=instant,
            dernier_le=instant,
            a_lire_depuis=instant,
        )
        for famille in familles
    )
    messages = Message.objects.bulk_create(
        Message(
            fil=fil,
            ecrivain=Ecrivain.SERVICE,
            par=actualite.par.compte,
            par_nom=str(actualite.par),
            texte=actualite.texte,
            quand=instant,
            jeton=uuid.uuid5(ESPACE, f"{actualite.pk}:{fil.famille_id}"),
        )
        for fil in fils
    )
    adresses = adresses_de(famille.pk for famille in familles)
    for message in messages:
        prevenir(message, adresses.get(message.fil.famille_id, []))


def actualites_de(agent: Agent) -> QuerySet[Actualite]:
    """The news that this agent may read: all, or their own when they are limited to centres."""
    toutes = Actualite.objects.select_related("par")
    return toutes.filter(par=agent) if centres_limites(agent) else toutes
