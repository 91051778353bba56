"""Addresses of the attendance at the desk, under /guichet/presences/."""

from django.urls import URLPattern, URLResolver, path

from .vues import absences, absences_ecole, excuses, presences

urlpatterns: list[URLPattern | URLResolver] = [
    path("", presences.presences, name="presences"),
    path("tous", presences.tous, name="presences_tous"),
    path("ajout/", presences.ajout, name="presence_ajout"),
    path("<int:ouverture_id>/<int:enfant_id>/pointage", presences.pointage, name="pointage"),
    path("absences/", absences.absences, name="absences"),
    path("absences/<int:reservation_id>/justification", absences.justification, name="absence_justification"),
    path("ecole/", absences_ecole.ecole, name="absences_ecole"),
    path("excuses/", excuses.excuses, name="excuses"),
    path("excuses/nouvelle/", excuses.nouvelle, name="excuse_nouvelle"),
    path("excuses/<int:excuse_id>/fin", excuses.fin, name="excuse_fin"),
    path("excuses/<int:excuse_id>/annulation", excuses.annulation, name="excuse_annulation"),
]
