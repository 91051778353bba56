"""Addresses of the sheet of a family without access: open to everybody."""

from django.urls import path

from .vues import pre_inscription

urlpatterns = [
    path("", pre_inscription.fiche, name="fiche_pre_inscription"),
    path("pdf", pre_inscription.pdf, name="fiche_pre_inscription_pdf"),
    path("envoyee/", pre_inscription.envoyee, name="fiche_envoyee"),
    path("confirmation/", pre_inscription.confirmer, name="fiche_confirmer"),
    path("confirmation/<str:secret>/", pre_inscription.lien, name="fiche_confirmation"),
]
