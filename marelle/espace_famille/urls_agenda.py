"""Addresses of the agenda: a child's month, one of its days, the gestures on it."""

from django.urls import path

from .vues import agenda

urlpatterns = [
    path("", agenda.agenda, name="agendas"),
    path("<int:enfant_id>/", agenda.mois, name="agenda"),
    path("<int:enfant_id>/<slug:jour>/", agenda.jour, name="agenda_jour"),
    path("<int:enfant_id>/<slug:jour>/geste", agenda.geste, name="agenda_geste"),
]
