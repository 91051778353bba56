"""Addresses of the family's week, and of its bookings in its own calendar."""

from django.urls import path

from .vues import agenda_ics, semaine

urlpatterns = [
    path("semaine/", semaine.semaine, name="semaine"),
    path("semaine/case", semaine.case, name="semaine_case"),
    path("semaine/repetition", semaine.repetition, name="semaine_repetition"),
    path("semaine/copie", semaine.copie, name="semaine_copie"),
    path("semaine/fratrie", semaine.fratrie, name="semaine_fratrie"),
    path("semaine/ensemble", semaine.lien, name="semaine_lien"),
    path("agenda-ics/", agenda_ics.page, name="agenda_ics"),
    path("agenda-ics/adresse", agenda_ics.renouveler, name="agenda_ics_renouveler"),
    path("agenda-ics/suppression", agenda_ics.revoquer, name="agenda_ics_revoquer"),
    path("flux/<str:jeton>.ics", agenda_ics.lire, name="flux"),
]
