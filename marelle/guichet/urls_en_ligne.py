"""Addresses of the desk under /guichet/finances/en-ligne/, in the namespace of the desk."""

from django.urls import path

from .vues import paiements_en_ligne as vues

urlpatterns = [
    path("", vues.liste, name="paiements_en_ligne"),
    path("essai", vues.essai, name="payfip_essai"),
    path("<int:tentative_id>/verification", vues.verification, name="tentative_verification"),
    path("<int:tentative_id>/classement", vues.classement, name="tentative_classement"),
]
