"""Addresses of the desk under /guichet/finances/facturation/, in the namespace of the desk."""

from django.urls import URLPattern, URLResolver, path

from .vues import lot_factures

urlpatterns: list[URLPattern | URLResolver] = [
    path("<int:campagne_id>/impression/", lot_factures.lot_impression, name="lot_impression"),
    path("<int:campagne_id>/impression/pdf", lot_factures.lot_impression_pdf, name="lot_impression_pdf"),
    path("factures/<str:numero>/pdf", lot_factures.facture_pdf, name="facture_pdf"),
]
