"""Addresses of the month: the members, the activities of one of them, the month of one activity, what is pressed on it."""

from django.urls import path

from .vues import mois

urlpatterns = [
    path("", mois.membres, name="mois"),
    path("<int:enfant_id>/", mois.activites, name="mois_activites"),
    path("<int:enfant_id>/<int:unite_id>/", mois.calendrier, name="mois_calendrier"),
    path("<int:enfant_id>/<int:unite_id>/jour", mois.jour, name="mois_jour"),
    path("<int:enfant_id>/<int:unite_id>/inscriptions", mois.inscriptions_multiples, name="mois_multiples"),
]
