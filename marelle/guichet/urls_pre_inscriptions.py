"""Addresses of the families without access, at the desk."""

from django.urls import path

from .vues import pre_inscriptions

urlpatterns = [
    path("", pre_inscriptions.pre_inscriptions, name="pre_inscriptions"),
    path("<int:fiche_id>/", pre_inscriptions.pre_inscription, name="pre_inscription"),
    path("<int:fiche_id>/acceptation", pre_inscriptions.accepter, name="pre_inscription_acceptation"),
    path("<int:fiche_id>/refus", pre_inscriptions.refuser, name="pre_inscription_refus"),
]
