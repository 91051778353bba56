"""The ground of the races: one activity, a few full days, many households whose files ask for nothing."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta

from marelle.activites.models import Activite, Centre, Jauge, Temps, Unite
from marelle.activites.ouvertures import ouvrir_les_jours
from marelle.collectivite.models import Collectivite, TexteReglement
from marelle.demandes.models import Panier
from marelle.familles.models import Enfant, Famille, Rattachement
from marelle.socle.horloge import aujourdhui
from marelle.socle.memoire import oublier
from marelle.transport.courses import ouvrir_les_courses
from marelle.transport.models import Arret, LigneDeBus
from tests.distribution import COLLECTIVITES

REGLEMENT = """
code = "courses"
nom = "Courses"
[[version]]
code = "v1"
en_vigueur_le = 2020-01-01
source = "essai"
liste_attente = {liste}
[version.reserver]
decision = "agent"
[version.annuler]
decision = "{annuler}"
"""


@dataclass(frozen=True)
class Terrain:
    """What stands when the race starts."""

    activite: Activite
    journee: Unite
    matin: Unite
    jours: Sequence[date]
    familles: Sequence[Famille]
    enfants: Sequence[Enfant]

    def jauges(self) -> list[Jauge]:
        return list(Jauge.objects.filter(activite=self.activite).order_by("pk"))


def terrain(
    *, places: int, familles: int, jours: int = 5, annuler: str = "automatique", liste: bool = True, **options: object
) -> Terrain:
    """`jours` days of `places` places two months from now, and households of one child. `options`: fields of the activity."""
    texte = (COLLECTIVITES / "cc-tvv" / "collectivite.toml").read_text(encoding="utf-8")
    Collectivite.objects.create(code="courses", nom="Courses", texte=texte)
    regles = REGLEMENT.format(liste=str(liste).lower(), annuler=annuler)
    TexteReglement.objects.create(texte=regles, source="courses", empreinte=uuid.uuid4().hex)
    oublier()
    centre = Centre.objects.create(code="centre", nom="Centre")
    activite = Activite.objects.create(code="courses", nom="Courses", centre=centre, temps=Temps.VACANCES, **options)
    journee = _unite(activite, "journee", ["matin", "repas", "apres_midi"], 0)
    matin = _unite(activite, "matin", ["matin", "repas"], 1)
    dates = [aujourdhui() + timedelta(days=60 + n) for n in range(jours)]
    ouvrir_les_jours(activite, dates, {None: places})
    foyers = Famille.objects.bulk_create([Famille(numero=f"C-{n:04d}", nom=f"Famille {n}") for n in range(familles)])
    ne_le = aujourdhui() - timedelta(days=8 * 365)
    enfants = [Enfant.objects.create(nom=f"Nom {n}", prenom="Enfant", date_naissance=ne_le) for n in range(familles)]
    Rattachement.objects.bulk_create(
        [Rattachement(enfant=enfant, famille=foyer) for enfant, foyer in zip(enfants, foyers, strict=True)]
    )
    Panier.objects.bulk_create([Panier(famille=foyer, jeton=uuid.uuid4()) for foyer in foyers])
    return Terrain(activite, journee, matin, dates, foyers, enfants)


def un_bus(sol: Terrain, places: int) -> LigneDeBus:
    """A line of two stops to the ground, `places` seats in each direction, on each of its days."""
    ligne = LigneDeBus.objects.create(code="bus", nom="Bus", places=places)
    ligne.activites.add(sol.activite)
    for rang, nom in enumerate(("mairie", "halle")):
        Arret.objects.create(
            ligne=ligne, code=nom, nom=nom, heure_aller=time(7, 30 + rang), heure_retour=time(18, 30 - rang), ordre=rang
        )
    ouvrir_les_courses()
    oublier()
    return ligne


def _unite(activite: Activite, code: str, parties: list[str], ordre: int) -> Unite:
    return Unite.objects.create(
        activite=activite,
        code=code,
        nom=code,
        parties=parties,
        heure_debut=time(8),
        heure_fin=time(18),
        ordre=ordre,
    )
