"""Addresses of the families' pages."""

from django.urls import path

from .vues import accueil, demandes

app_name = "espace_famille"

urlpatterns = [
    path("", accueil.accueil, name="accueil"),
    path("demandes/", demandes.liste, name="demandes"),
    path("accuses/<int:envoi_id>/", demandes.accuse, name="accuse"),
]
