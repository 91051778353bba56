"""Where there is room instead, on the days that were refused: same time of care, other activities."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from marelle.activites.selection import activites_du_temps
from marelle.demandes.calendrier import ouvertures_lues
from marelle.demandes.models import Demande
from marelle.socle.horloge import aujourdhui


@dataclass(frozen=True, slots=True)
class AutrePlace:
    """An activity that has places on a refused day."""

    date: date
    activite: str
    restantes: int
    lien: str


def autres_places(demande: Demande) -> list[AutrePlace]:
    """At most five, soonest first; only where the child has the age and a place is free."""
    if demande.activite is None or demande.enfant is None:
        return []
    jours = sorted({jour.date for jour in demande.jours.all() if jour.date > aujourdhui()})
    if not jours:
        return []
    trouvees = []
    for activite in activites_du_temps(demande.activite.temps, sauf=demande.activite.pk):
        unite = next(iter(sorted(activite.unites.all(), key=lambda u: (u.ordre, u.pk))), None)
        if unite is None:
            continue
        for jour in ouvertures_lues(activite, unite, demande.enfant, jours[0], jours[-1]):
            if jour.date in jours and not jour.fermeture and jour.places.restantes > 0:
                adresse = reverse("espace_famille:calendrier", args=[demande.enfant.pk, activite.pk])
                lien = f"{adresse}?mois={jour.date:%Y-%m}"
                trouvees.append(AutrePlace(jour.date, activite.nom, jour.places.restantes, lien))
    return sorted(trouvees, key=lambda une: (une.date, une.activite))[:5]
