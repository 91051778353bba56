"""Addresses of the families' pages under /finances/payer/, in the namespace of the families."""

from django.urls import path

from .vues import payer

urlpatterns = [
    path("", payer.payer, name="payer"),
    path("retour", payer.payer_retour, name="payer_retour"),
    path("notification", payer.notification, name="payer_notification"),
]
