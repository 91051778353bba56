"""Addresses of the families' pages under /finances/, in the namespace of the families."""

from django.urls import path

from .vues import finances

urlpatterns = [
    path("", finances.finances, name="finances"),
    path("releve/", finances.releve, name="releve"),
    path("releve/pdf", finances.releve_pdf, name="releve_pdf"),
    path("paiements/", finances.paiements, name="mes_paiements"),
    path("paiements/<int:paiement_id>/quittance", finances.quittance_pdf, name="quittance"),
    path("facture-electronique", finances.accord, name="facture_electronique"),
    path("factures/<str:numero>/", finances.facture, name="facture"),
    path("factures/<str:numero>/pdf", finances.facture_pdf, name="facture_pdf"),
]
