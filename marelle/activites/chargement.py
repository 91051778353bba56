"""What `activites.toml` says can be booked, read and checked; and the rows it makes, added to those that exist."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, time

from marelle.regles.lecture import Table, lire_toml

from .models import PARTIES, Activite, Centre, Groupe, Ouverture, Temps, Unite


@dataclass(frozen=True, slots=True)
class PlanFermeture:
    """A closure that comes back every year: (month, day) to (month, day)."""

    debut: tuple[int, int]
    fin: tuple[int, int]
    motif: str

    def ferme(self, jour: date) -> bool:
        return self.debut <= (jour.month, jour.day) <= self.fin


@dataclass(frozen=True, slots=True)
class PlanActivite:
    """How an activity opens: on which weekdays, with how many places for each age group (None: all ages)."""

    activite: Activite
    jours: frozenset[int]
    places: dict[int | None, int]


@dataclass(frozen=True, slots=True)
class PlanEvenement:
    """An outing of the programme: its code in the tariffs, the days of an activity, its unités and age groups (all without them).
    `ecrit`: where it stands in the file, for who refuses it."""

    activite: Activite
    code: str
    dates: tuple[date, ...]
    unites: tuple[str, ...]
    groupes: tuple[str, ...]
    ecrit: Table

    def concerne(self, ouverture: Ouverture) -> bool:
        groupe = ouverture.groupe.nom if ouverture.groupe else ""
        return (not self.unites or ouverture.unite.code in self.unites) and (not self.groupes or groupe in self.groupes)


@dataclass(frozen=True, slots=True)
class Plan:
    activites: list[PlanActivite]
    fermetures: list[PlanFermeture]
    evenements: list[PlanEvenement]


def charger_activites(texte: str, source: str) -> Plan:
    """Create or update centres, activities, unités and groups; `ErreurReglement` with the key when something is wrong."""
    racine = lire_toml(texte, source)
    racine.verifier(("centres", "activites", "fermetures", "evenements"), ("centres", "activites"))
    centres = {table.texte("code"): _centre(table, rang) for rang, table in enumerate(racine.tables("centres"))}
    plans = [_activite(table, rang, centres) for rang, table in enumerate(racine.tables("activites"))]
    par_code = {un.activite.code: un.activite for un in plans}
    evenements = [_evenement(table, par_code) for table in racine.tables("evenements")]
    return Plan(plans, [_fermeture(table) for table in racine.tables("fermetures")], evenements)


def _centre(table: Table, rang: int) -> Centre:
    table.verifier(("code", "nom", "adresse", "telephone"), ("code", "nom"))
    centre, _ = Centre.objects.get_or_create(
        code=table.texte("code"),
        defaults={
            "nom": table.texte("nom"),
            "adresse": table.texte("adresse"),
            "telephone": table.texte("telephone"),
            "ordre": rang,
        },
    )
    return centre


CLES_ACTIVITE = (
    *("code", "nom", "centre", "temps", "description", "age_min", "age_max", "jours", "unites", "groupes", "places"),
    *("mode_decision", "retient_places", "panier_retient_minutes"),
)


def _activite(table: Table, rang: int, centres: dict[str, Centre]) -> PlanActivite:
    table.verifier(CLES_ACTIVITE, ("code", "nom", "centre", "temps", "jours", "unites"))
    activite, _ = Activite.objects.get_or_create(
        code=table.texte("code"),
        defaults={
            "nom": table.texte("nom"),
            "centre": centres[table.choix("centre", list(centres))],
            "temps": table.choix("temps", list(Temps.values)),
            "description": table.texte("description"),
            "age_min": table.entier("age_min", 3, 0, 17),
            "age_max": table.entier("age_max", 11, 0, 17),
            "mode_decision": table.choix("mode_decision", ("agent", "automatique")),
            "retient_places": table.booleen("retient_places", True),
            "panier_retient_minutes": table.entier("panier_retient_minutes", 0, 0, 1440),
            "ordre": rang,
        },
    )
    for ordre, une in enumerate(table.tables("unites")):
        _unite(une, activite, ordre)
    return PlanActivite(activite, table.semaine("jours"), _groupes(table, activite))


def _unite(table: Table, activite: Activite, ordre: int) -> None:
    table.verifier(("code", "nom", "parties", "debut", "fin"), ("code", "nom", "parties", "debut", "fin"))
    Unite.objects.get_or_create(
        activite=activite,
        code=table.texte("code"),
        defaults={
            "nom": table.texte("nom"),
            "parties": list(table.textes("parties", list(PARTIES))),
            "heure_debut": table.heure("debut", time(0)),
            "heure_fin": table.heure("fin", time(0)),
            "ordre": ordre,
        },
    )


def _groupes(table: Table, activite: Activite) -> dict[int | None, int]:
    """Places of each age group, or of the whole activity when it has none."""
    places: dict[int | None, int] = {}
    for un in table.tables("groupes"):
        un.verifier(("nom", "age_min", "age_max", "places"), ("nom", "age_min", "age_max", "places"))
        groupe, _ = Groupe.objects.get_or_create(
            activite=activite,
            age_min=un.entier("age_min", 0, 0, 17),
            defaults={"nom": un.texte("nom"), "age_max": un.entier("age_max", 0, 0, 17)},
        )
        places[groupe.pk] = un.entier("places", 0, 0, 10_000)
    if not places:
        places[None] = table.entier("places", 0, 0, 10_000)
    return places


def _fermeture(table: Table) -> PlanFermeture:
    table.verifier(("debut", "fin", "motif"), ("debut", "fin", "motif"))
    return PlanFermeture(_mois_jour(table, "debut"), _mois_jour(table, "fin"), table.texte("motif"))


def _evenement(table: Table, activites: dict[str, Activite]) -> PlanEvenement:
    table.verifier(("activite", "code", "dates", "unites", "groupes"), ("activite", "code", "dates"))
    activite = activites[table.choix("activite", list(activites))]
    unites = [une.code for une in activite.unites.all()]
    groupes = [un.nom for un in activite.groupes.all()]
    return PlanEvenement(
        activite,
        table.texte("code"),
        table.jours("dates"),
        table.textes("unites", unites),
        table.textes("groupes", groupes),
        table,
    )


def _mois_jour(table: Table, cle: str) -> tuple[int, int]:
    trouve = re.fullmatch(r"(\d\d)-(\d\d)", table.texte(cle))
    if trouve is None:
        raise table.refuser(cle, f'« {table.texte(cle)} » n’est pas un jour de l’année, par exemple "12-24".')
    return int(trouve[1]), int(trouve[2])
