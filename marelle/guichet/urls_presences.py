"""Addresses of the attendance at the desk, under /guichet/presences/."""

from django.urls import URLPattern, URLResolver, path

from .vues import absences, presences

urlpatterns: list[URLPattern | URLResolver] = [
    path("", presences.presences, name="presences"),
    path("tous", presences.tous, name="presences_tous"),
    path("ajout/", presences.ajout, name="presence_ajout"),
    path("<int:ouverture_id>/<int:enfant_id>/pointage", presences.pointage, name="pointage"),
    path("absences/", absences.absences, name="absences"),
    path("absences/<int:reservation_id>/justification", absences.justification, name="absence_justification"),
]
