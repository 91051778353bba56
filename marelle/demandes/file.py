"""The queue of the service: which demandes an agent sees, in order of arrival, and which comes after another."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db.models import Min, Q, QuerySet

from marelle.activites.gestion import centres_limites
from marelle.comptes.models import Agent
from marelle.familles.models import Famille
from marelle.familles.recherche import chercher
from marelle.socle.erreurs import Introuvable
from marelle.socle.horloge import maintenant

from .avis import JOURS, Avis, Badge, juger
from .contexte import ACTIONS
from .courrier import qui
from .models import Demande
from .natures import NATURES
from .passages import DECIDEES, Etat

A_TRAITER, EN_ATTENTE, A_CORRIGER, TRAITEES = "a_traiter", "attente", "a_corriger", "traitees"
VUES: dict[str, tuple[str, tuple[Etat, ...]]] = {
    A_TRAITER: ("À traiter", (Etat.DEPOSEE,)),
    EN_ATTENTE: ("Liste d’attente", (Etat.LISTE_ATTENTE, Etat.PROPOSEE)),
    A_CORRIGER: ("À corriger", (Etat.A_CORRIGER,)),
    TRAITEES: ("Traitées", (*DECIDEES, Etat.RETIREE)),
}
BADGES_DES_ETATS = {
    Etat.ACCEPTEE: Badge("vert", "coche", "Acceptée"),
    Etat.REFUSEE: Badge("rouge", "croix", "Refusée"),
    Etat.RETIREE: Badge("neutre", "croix", "Retirée"),
    Etat.A_CORRIGER: Badge("ocre", "crayon", "À corriger"),
    Etat.LISTE_ATTENTE: Badge("violet", "file", "Liste d’attente"),
    Etat.PROPOSEE: Badge("violet", "horloge", "Place proposée"),
    Etat.DEPOSEE: Badge("ocre", "horloge", "En attente"),
}


@dataclass(frozen=True, slots=True)
class Filtre:
    """What the agent looks at. `age` is a number of days: older than that."""

    vue: str = A_TRAITER
    nature: str = ""
    activite: int | None = None
    age: int | None = None
    recherche: str = ""


@dataclass(frozen=True, slots=True)
class Ligne:
    """One line of the queue."""

    demande: Demande
    rang: int
    qui: str
    resume: str
    avis: Avis
    badge: Badge


def visibles(agent: Agent) -> QuerySet[Demande]:
    """The demandes sent that this agent may see: those of their centres, and those of the children's files."""
    envoyees = Demande.objects.exclude(etat=Etat.PANIER).filter(envoi__isnull=False)
    limites = centres_limites(agent)
    return envoyees.filter(Q(activite__isnull=True) | Q(activite__centre__in=limites)) if limites else envoyees


def file(agent: Agent, filtre: Filtre) -> QuerySet[Demande]:
    """The demandes of this view, first come first (the latest decided first among those that are over)."""
    choisies = visibles(agent).filter(etat__in=VUES[filtre.vue][1])
    if filtre.nature:
        choisies = choisies.filter(nature=filtre.nature)
    if filtre.activite:
        choisies = choisies.filter(activite_id=filtre.activite)
    if filtre.age:
        choisies = choisies.filter(depose_le__lt=maintenant() - timedelta(days=filtre.age))
    if filtre.recherche:
        choisies = choisies.filter(_correspond(filtre.recherche))
    ordre = ["-decide_le", "-pk"] if filtre.vue == TRAITEES else ["depose_le", "pk"]
    return choisies.select_related("famille", "enfant", "responsable", "activite__centre", "envoi").order_by(*ordre)


def _correspond(texte: str) -> Q:
    """A demande by its number (« D-000042 »), its household or its child."""
    numero = texte.strip().upper().removeprefix("D-")
    if numero.isdecimal() and len(numero) < 10:
        return Q(pk=int(numero))
    trouvailles = chercher(texte)
    return Q(famille_id__in=trouvailles.familles) | Q(enfant_id__in=trouvailles.enfants)


def lignes(demandes: Iterable[Demande], premier_rang: int = 1) -> list[Ligne]:
    """These demandes as lines, whose days were read with `avis.JOURS`."""
    liste = list(demandes)
    avis = juger(liste)
    return [
        Ligne(
            demande,
            rang,
            # A child that the family asks to add is nobody yet: the household speaks for it.
            str(demande.enfant or "") or qui(demande) or f"Famille {demande.famille}",
            NATURES[demande.nature].resumer(demande),
            avis[demande.pk],
            avis[demande.pk].badge if demande.etat == Etat.DEPOSEE else BADGES_DES_ETATS[Etat(demande.etat)],
        )
        for rang, demande in enumerate(liste, premier_rang)
    ]


def une_demande(agent: Agent, demande_id: int) -> Demande:
    """One demande with all its page looks at. `Introuvable` when this agent may not see it."""
    demande = (
        visibles(agent)
        .select_related("famille", "enfant", "responsable", "activite__centre", "envoi")
        .prefetch_related(JOURS)
        .filter(pk=demande_id)
        .first()
    )
    if demande is None:
        raise Introuvable("Cette demande n’existe pas.")
    return demande


def suivante(agent: Agent, filtre: Filtre, apres: Demande) -> Demande | None:
    """The demande that comes after this one in the queue; the first when it was the last; None when nothing waits."""
    autres = file(agent, filtre).exclude(pk=apres.pk)
    apres_elle = Q(depose_le__gt=apres.depose_le) | Q(depose_le=apres.depose_le, pk__gt=apres.pk)
    return autres.filter(apres_elle).first() or autres.first()


def plus_ancienne(demandes: QuerySet[Demande]) -> datetime | None:
    """When the oldest of these was deposited."""
    ancienne: datetime | None = demandes.order_by().aggregate(la=Min("depose_le"))["la"]
    return ancienne


LOT_AU_PLUS = 300


@dataclass(frozen=True, slots=True)
class LotPropose:
    """What a batch would accept and what it would leave, with the reason of each; `reste`: not looked at, too many."""

    acceptables: list[Ligne]
    laissees: list[tuple[Ligne, str]]
    reste: int


A_DECIDER_UNE_A_UNE = "À lire : le règlement ne décide pas de son contenu."


def proposer_un_lot(agent: Agent, filtre: Filtre) -> LotPropose:
    """Among those that wait under this filter, the ones that the rules accept as they are, first come first."""
    toutes = file(agent, replace(filtre, vue=A_TRAITER))
    rangees = lignes(toutes.prefetch_related(JOURS)[:LOT_AU_PLUS])
    acceptables = [une for une in rangees if une.avis.est_favorable]
    laissees = [(une, une.avis.objection or A_DECIDER_UNE_A_UNE) for une in rangees if not une.avis.est_favorable]
    return LotPropose(acceptables, laissees, max(0, toutes.count() - len(rangees)))


def retenir_pour_le_lot(agent: Agent, ids: Iterable[int]) -> list[Demande]:
    """Those of these demandes that a batch may accept for this agent: theirs to see, and made of days."""
    choisies = visibles(agent).filter(pk__in=list(ids), nature__in=list(ACTIONS))
    return list(choisies.select_related("enfant", "activite").prefetch_related("jours").order_by("depose_le", "pk"))


def demandes_de(agent: Agent, famille: Famille) -> list[Ligne]:
    """The latest demandes of a household, as this agent may see them."""
    siennes = visibles(agent).filter(famille=famille).order_by("-depose_le", "-pk").prefetch_related(JOURS)
    return lignes(siennes.select_related("famille", "enfant", "responsable", "activite")[:20])
