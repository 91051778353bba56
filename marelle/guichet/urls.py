"""Addresses of the desk, under /guichet/."""

from django.urls import path

from .vues import decisions, demandes, lot

app_name = "guichet"

urlpatterns = [
    path("", demandes.demandes, name="demandes"),
    path("demandes/lot/", lot.lot, name="lot"),
    path("demandes/<int:demande_id>/", demandes.demande, name="demande"),
    path("demandes/<int:demande_id>/acceptation", decisions.accepter, name="acceptation"),
    path("demandes/<int:demande_id>/refus", decisions.refuser, name="refus"),
    path("demandes/<int:demande_id>/attente", decisions.mettre_en_attente, name="attente"),
    path("demandes/<int:demande_id>/renvoi", decisions.renvoyer, name="renvoi"),
]
