"""Addresses of the families' pages under /finances/payer/, in the namespace of the families."""

from django.urls import path

from .vues import payer, payer_reservations

urlpatterns = [
    path("", payer.payer, name="payer"),
    path("reservations", payer_reservations.reservations, name="payer_reservations"),
    path("retour", payer.payer_retour, name="payer_retour"),
    path("notification", payer.notification, name="payer_notification"),
]
