"""What the other ways into the demandes cost: grid, month, agenda, and the family's week of three children."""

from __future__ import annotations

import random
from datetime import date

from django.db.models import Count
from django.urls import reverse
from django.utils.http import urlencode

from marelle.activites.models import Temps
from marelle.demonstration.donnees import _dossiers as dossiers_valides
from marelle.familles.models import Enfant, Famille, Rattachement
from marelle.socle.horloge import a_l_instant

from . import dataset_spec
from .mesures import Carnet
from .pages import Visiteur, client_de, mesurer_une_page

MS, SQL, KO = 30, 12, 80  # the mark of each of these screens


def mesurer_les_ecrans(carnet: Carnet, fois: int) -> None:
    """Each on the data set, on the morning of the calendar's measure; the grid shows all that is left of the year."""
    visiteur = Visiteur()
    with a_l_instant(visiteur.quand):
        for nom, adresse in adresses(visiteur).items():
            mesurer_une_page(carnet, nom, visiteur.client, adresse, MS, SQL, KO, fois)
        famille = fratrie()
        adresse = f"{reverse('espace_famille:semaine')}?{urlencode({'du': visiteur.quand.date(), 'semaines': 5})}"
        nom = "Semaine de la famille, 3 enfants, 5 semaines"
        mesurer_une_page(carnet, nom, client_de(famille), adresse, MS, SQL, KO, fois)


def adresses(visiteur: Visiteur) -> dict[str, str]:
    enfant, cantine = visiteur.enfant, visiteur.cantine
    parametres = {"enfant": enfant.pk, "activite": cantine.pk, "periode": f"annee-{Temps.RESTAURATION}"}
    return {
        "Grille, le reste de l’année": f"{reverse('espace_famille:grille')}?{urlencode(parametres)}",
        "Mois": reverse("espace_famille:mois_calendrier", args=[enfant.pk, cantine.unites.get().pk]),
        "Agenda": reverse("espace_famille:agenda", args=[enfant.pk]),
    }


def fratrie() -> Famille:
    """A household of the data set, with one child more: it has two at most."""
    famille = Famille.objects.annotate(nombre=Count("enfants")).filter(nombre=2).order_by("pk")[0]
    troisieme = Enfant.objects.create(nom=famille.nom, prenom="Benjamin", date_naissance=date(2019, 5, 4))
    Rattachement.objects.create(famille=famille, enfant=troisieme)
    dossiers_valides([(famille, troisieme)], random.Random(dataset_spec.SEED))
    return famille
