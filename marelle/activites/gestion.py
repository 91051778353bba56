"""What the service looks after: which centres an agent sees, and the simple settings of activities, cycles and centres."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Model, QuerySet

from marelle.collectivite.identite import identite
from marelle.comptes.models import Agent
from marelle.journal.service import noter
from marelle.regles.calendrier import feries
from marelle.socle.erreurs import Introuvable
from marelle.socle.horloge import aujourdhui
from marelle.socle.memoire import oublier

from .models import Activite, Centre, Fermeture, Jauge, Ouverture, Periode, Unite
from .ouvertures import ouvrir_les_jours


def centres_limites(agent: Agent) -> frozenset[int]:
    """The keys of the centres that this agent is limited to; empty when the agent sees them all. Read once a request."""
    if "_centres_limites" not in agent.__dict__:
        cles = Centre.objects.filter(agents=agent).order_by().values_list("pk", flat=True)
        agent.__dict__["_centres_limites"] = frozenset(cles)
    limites: frozenset[int] = agent.__dict__["_centres_limites"]
    return limites


def centres_de(agent: Agent) -> QuerySet[Centre]:
    """The centres that this agent sees, in their order."""
    limites = centres_limites(agent)
    return Centre.objects.filter(pk__in=limites) if limites else Centre.objects.all()


def activites_de(agent: Agent) -> QuerySet[Activite]:
    """The activities of the centres that this agent sees, by centre."""
    limites = centres_limites(agent)
    choisies = Activite.objects.select_related("centre").order_by("centre__ordre", "centre__nom", "ordre", "nom")
    return choisies.filter(centre__in=limites) if limites else choisies


def unites_de(agent: Agent) -> list[Unite]:
    """What can be booked in the activities that this agent sees, by activity."""
    unites = Unite.objects.select_related("activite__centre").filter(activite__in=activites_de(agent))
    return list(unites.order_by("activite__centre__ordre", "activite__ordre", "activite_id", "ordre", "pk"))


def code_libre(modele: type[Model], voulu: str) -> str:
    """A code for a new row of this model: the one wanted, or with a number behind it when it is taken."""
    gestionnaire = modele._default_manager
    base, code, rang = voulu[:40] or "nouveau", voulu[:40] or "nouveau", 1
    while gestionnaire.filter(code=code).exists():
        rang += 1
        code = f"{base}-{rang}"
    return code


def une_activite(agent: Agent, cle: int) -> Activite:
    """An activity of this agent's centres; `Introuvable` otherwise."""
    activite = activites_de(agent).filter(pk=cle).first()
    if activite is None:
        raise Introuvable("Cette activité n’existe pas.")
    return activite


def un_centre(agent: Agent, cle: int) -> Centre:
    centre = centres_de(agent).filter(pk=cle).first()
    if centre is None:
        raise Introuvable("Ce centre n’existe pas.")
    return centre


def une_periode(cle: int) -> Periode:
    periode = Periode.objects.filter(pk=cle).first()
    if periode is None:
        raise Introuvable("Cette période n’existe pas.")
    return periode


def periode_qui_chevauche(temps: str, debut: date, fin: date, *, sauf: int = 0) -> Periode | None:
    """Another period of this time of care that has some of these days: the règlement would count them in one of the two."""
    return (
        Periode.objects.filter(temps=temps, debut__lte=fin, fin__gte=debut).exclude(pk=sauf).order_by("debut").first()
    )


def periodes_a_regler() -> QuerySet[Periode]:
    """The cycles that are not over, and those of the last year."""
    return Periode.objects.filter(fin__gte=aujourdhui() - timedelta(days=365)).order_by("-debut", "temps")


def fermetures_a_venir(agent: Agent) -> list[Fermeture]:
    """The closures decided by the service that are not over, of this agent's centres and of all centres."""
    limites = centres_limites(agent)
    choisies = Fermeture.objects.select_related("centre").filter(fin__gte=aujourdhui()).order_by("debut", "pk")
    return [une for une in choisies if not limites or une.centre_id is None or une.centre_id in limites]


def une_fermeture(agent: Agent, cle: int) -> Fermeture:
    """A closure that this agent may undo: one of all centres belongs to who sees them all."""
    limites = centres_limites(agent)
    fermeture = next((une for une in fermetures_a_venir(agent) if une.pk == cle), None)
    if fermeture is None or (limites and fermeture.centre_id not in limites):
        raise Introuvable("Cette fermeture n’existe pas.")
    return fermeture


@dataclass(frozen=True, slots=True)
class JourDePlaces:
    """A day of an activity and one of its groups: the tightest of its jauges, and why it is closed."""

    date: date
    groupe: str
    jauge: Jauge
    fermeture: str


def mois_de_places(activite: Activite, premier: date) -> list[JourDePlaces]:
    """Each open day of a month with its counters, by date then group. Two queries."""
    dernier = (premier.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    motifs: dict[date, str] = {}
    ouvertures = Ouverture.objects.filter(activite=activite, date__range=(premier, dernier)).order_by("pk")
    for jour, motif in ouvertures.values_list("date", "fermeture"):
        motifs[jour] = motifs.get(jour, "") or motif
    plus_serrees: dict[tuple[date, int, int], Jauge] = {}
    jauges = Jauge.objects.filter(activite=activite, date__range=(premier, dernier)).select_related("groupe")
    for jauge in jauges.order_by("date", "pk"):
        cle = (jauge.date, jauge.groupe.age_min if jauge.groupe else 0, jauge.groupe_id or 0)
        if cle not in plus_serrees or jauge.restantes < plus_serrees[cle].restantes:
            plus_serrees[cle] = jauge
    return [
        JourDePlaces(jour, jauge.groupe.nom if jauge.groupe else "Tous les âges", jauge, motifs.get(jour, ""))
        for (jour, _, _), jauge in sorted(plus_serrees.items(), key=lambda ligne: ligne[0])
    ]


def jauges_du_jour(activite: Activite, jour: date) -> list[Jauge]:
    jauges = Jauge.objects.filter(activite=activite, date=jour).select_related("groupe")
    return list(jauges.order_by("groupe__age_min", "pk"))


def fermeture_du_jour(activite: Activite, jour: date) -> str:
    """Why the activity is closed on a day; empty when it is not."""
    fermees = Ouverture.objects.filter(activite=activite, date=jour).exclude(fermeture="").order_by("pk")
    return fermees.values_list("fermeture", flat=True).first() or ""


def garder(objet: Model, agent: Agent, action: str) -> None:
    """Save a setting, and say in the journal who changed it."""
    with transaction.atomic():
        objet.save()
        noter(agent.compte, action, objet)
    oublier()


def ouvrir_pour(agent: Agent, activite: Activite, jours: list[date], places: dict[int | None, int]) -> int:
    """Open days that are not yet; public holidays stay closed, with their name. The number of ouvertures made."""
    feries_ = {jour: nom for annee in {j.year for j in jours} for jour, nom in _feries(annee).items()}
    with transaction.atomic():
        nombre = ouvrir_les_jours(activite, jours, places, {j: feries_[j] for j in jours if j in feries_})
        noter(agent.compte, "activite.ouverture", activite, ouvertures=nombre)
    return nombre


def _feries(annee: int) -> dict[date, str]:
    return feries(annee, identite().alsace_moselle)
