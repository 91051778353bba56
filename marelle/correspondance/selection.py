"""Which threads does a household have, and which ones may an agent see, those that wait for an answer first?"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import Count, F, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from marelle.activites.gestion import centres_limites
from marelle.comptes.models import Agent
from marelle.demandes.models import Demande
from marelle.demandes.panier import jours_au_panier
from marelle.familles.models import Famille
from marelle.familles.recherche import chercher
from marelle.reservations.models import Reservation
from marelle.socle.erreurs import Introuvable

from .models import Fil, Message, PieceJointe

A_REPONDRE, REPONDUS, CLOS = "a_repondre", "repondus", "clos"
VUES = {
    A_REPONDRE: ("À répondre", Q(attend_depuis__isnull=False)),
    REPONDUS: ("Répondus", Q(attend_depuis__isnull=True, clos_le__isnull=True)),
    CLOS: ("Clos", Q(clos_le__isnull=False)),
}
_REPERE = -1  # no household has this key
INCONNU = "Ce message n’existe pas."
_MESSAGES = Prefetch("messages", Message.objects.order_by("quand", "pk").prefetch_related("pieces_jointes"))


def a_lire_et_au_panier(famille: Famille) -> tuple[int, int]:
    """What the head of every page counts, in one query: the threads in which the service has written what the household has
    not opened yet, and the days in its cart."""
    sql, parametres = _compteurs()
    with connection.cursor() as curseur:
        curseur.execute(sql, [famille.pk if un == _REPERE else un for un in parametres])
        a_lire, au_panier = curseur.fetchone()
    return a_lire, au_panier


@cache
def _compteurs() -> tuple[str, tuple[Any, ...]]:
    """The query of every page is written once (writing it took longer than asking it), with `_REPERE` for the household."""
    lignes = (
        Fil.objects.filter(famille=OuterRef("pk"), a_lire_depuis__isnull=False).order_by().values("famille"),
        jours_au_panier(OuterRef("pk")).order_by().values("demande__famille"),
    )
    comptes = [Coalesce(Subquery(une.annotate(n=Count("pk")).values("n")), 0) for une in lignes]
    sql, parametres = Famille.objects.filter(pk=_REPERE).order_by().values_list(*comptes).query.sql_with_params()
    return sql, tuple(parametres)


def fils_de(famille: Famille) -> QuerySet[Fil]:
    """The threads of a household, the latest written first."""
    return Fil.objects.filter(famille=famille).select_related("enfant").order_by("-dernier_le", "-pk")


def fil_de(famille: Famille, fil_id: int) -> Fil:
    """A thread of this household with its messages; `Introuvable` for anybody else's."""
    return _entier(Fil.objects.filter(famille=famille), fil_id)


def piece_de(famille: Famille, cle: uuid.UUID) -> PieceJointe:
    """A file joined to a message of this household; `Introuvable` for anybody else's."""
    return _piece(PieceJointe.objects.filter(message__fil__famille=famille), cle)


def visibles(agent: Agent) -> QuerySet[Fil]:
    """The threads that this agent may see: all of them; limited to centres, those of the households that have booked or
    asked something there."""
    limites = centres_limites(agent)
    if not limites:
        return Fil.objects.all()
    inscrites = Reservation.objects.filter(activite__centre__in=limites).order_by().values("famille")
    demandeuses = Demande.objects.filter(activite__centre__in=limites).exclude(etat="panier").order_by()
    return Fil.objects.filter(Q(famille__in=inscrites) | Q(famille__in=demandeuses.values("famille")))


def nombre_a_repondre(agent: Agent) -> int:
    """What waits for an answer of the service, as far as this agent sees."""
    return visibles(agent).filter(attend_depuis__isnull=False).count()


@dataclass(frozen=True, slots=True)
class Filtre:
    """What the agent looks at. `recherche`: words of a household or of a child; `a_moi`: only those they have taken."""

    vue: str = A_REPONDRE
    sujet: str = ""
    recherche: str = ""
    a_moi: bool = False


def fils_du_guichet(agent: Agent, filtre: Filtre) -> QuerySet[Fil]:
    """The threads of a view of the desk: what waits first since the longest, the others by their last message."""
    choisis = visibles(agent).filter(VUES[filtre.vue][1]).select_related("famille", "enfant", "pris_par")
    if filtre.sujet:
        choisis = choisis.filter(sujet=filtre.sujet)
    if filtre.a_moi:
        choisis = choisis.filter(pris_par=agent)
    if filtre.recherche:
        trouvailles = chercher(filtre.recherche)
        familles = Q(famille__in=trouvailles.familles) | Q(famille__enfants__in=trouvailles.enfants)
        choisis = choisis.filter(pk__in=Fil.objects.filter(familles).order_by().values("pk"))
    if filtre.vue == A_REPONDRE:
        return choisis.order_by(F("attend_depuis").asc(), "pk")
    return choisis.order_by("-dernier_le", "-pk")


def fil_du_guichet(agent: Agent, fil_id: int) -> Fil:
    """A thread that this agent may see, with its messages; `Introuvable` otherwise."""
    return _entier(visibles(agent), fil_id)


def fils_de_la_famille(agent: Agent, famille: Famille) -> list[Fil]:
    """The latest threads of a household, for its page at the desk."""
    return list(visibles(agent).filter(famille=famille).order_by("-dernier_le", "-pk")[:6])


def piece_du_guichet(agent: Agent, cle: uuid.UUID) -> PieceJointe:
    """A file joined to a message that this agent may see; `Introuvable` otherwise."""
    return _piece(PieceJointe.objects.filter(message__fil__in=visibles(agent)), cle)


def _entier(fils: QuerySet[Fil], fil_id: int) -> Fil:
    reliees = ("famille", "enfant", "demande", "pris_par", "actualite")
    fil = fils.filter(pk=fil_id).select_related(*reliees).prefetch_related(_MESSAGES).first()
    if fil is None:
        raise Introuvable(INCONNU)
    return fil


def _piece(pieces: QuerySet[PieceJointe], cle: uuid.UUID) -> PieceJointe:
    piece = pieces.filter(cle=cle).select_related("message__fil").first()
    if piece is None:
        raise Introuvable("Ce fichier n’existe pas.")
    return piece
