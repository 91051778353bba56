"""Some thirty other households, invented, so that a day has its children, a queue its demandes and a list its allergies."""

from __future__ import annotations

import random
from dataclasses import dataclass

from marelle.demandes.natures import Sujet
from marelle.familles.models import Enfant, Famille

from . import noms
from .dossiers import creer_adulte, creer_enfant
from .foyers import Adulte, Petit

GRAINE, NOMBRE = 37, 30
ALERTES = (
    ("Fruits à coque", "Antihistaminique au nom de l’enfant, prévenir le parent.", False),
    ("Asthme", "Ventoline dans le sac, deux bouffées en cas de gêne.", False),
    ("Lait de vache", "Panier-repas fourni, suivre le PAI.", True),
    ("Gluten", "Repas sans gluten, lire les étiquettes du goûter.", False),
    ("Diabète", "Suivre le PAI : resucrage dans le sac, appeler le 15 en cas de malaise.", True),
)
REPAS = ("", "", "", "sans_porc", "sans_viande", "")


@dataclass(frozen=True, slots=True)
class Voisin:
    """A child of the neighbourhood, with the household that books for it."""

    famille: Famille
    enfant: Enfant

    @property
    def sujet(self) -> Sujet:
        return Sujet(self.famille, self.enfant)


def creer_voisins(nombre: int = NOMBRE, premier: int = 101) -> list[Voisin]:
    """The households and their children, files complete; always the same ones. Their numbers begin at `premier`."""
    hasard = random.Random(GRAINE)
    voisins: list[Voisin] = []
    for rang in range(nombre):
        nom = noms.NOMS[rang % len(noms.NOMS)]
        famille = Famille.objects.create(numero=f"FAM-{premier + rang:05d}", nom=nom)
        creer_adulte(famille, Adulte(noms.PRENOMS_ADULTES[rang % len(noms.PRENOMS_ADULTES)], nom))
        for _ in range(hasard.choice((1, 1, 2, 2, 3))):
            voisins.append(Voisin(famille, creer_enfant(famille, _petit(nom, len(voisins), hasard))))
    return voisins


def _petit(nom: str, rang: int, hasard: random.Random) -> Petit:
    est_fille = hasard.random() < 0.5
    prenoms = noms.PRENOMS_FILLES if est_fille else noms.PRENOMS_GARCONS
    allergies, conduite, a_pai = ALERTES[(rang // 6) % len(ALERTES)] if rang % 6 == 2 else ("", "", False)
    return Petit(
        prenoms[rang % len(prenoms)],
        nom,
        hasard.randint(3, 10),
        "f" if est_fille else "g",
        repas="panier_pai" if a_pai else REPAS[rang % len(REPAS)],
        allergies=allergies,
        conduite=conduite,
        a_pai=a_pai,
    )
