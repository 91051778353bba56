"""Addresses of the school enrolment."""

from django.urls import path

from .vues import ecole

urlpatterns = [
    path("", ecole.inscriptions_scolaires, name="inscriptions_scolaires"),
    path("<int:enfant_id>/", ecole.inscription_scolaire, name="inscription_scolaire"),
]
