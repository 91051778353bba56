"""Addresses of the families' pages under /finances/attestations/, in the namespace of the families."""

from django.urls import URLPattern, URLResolver, path

from .vues import attestations

urlpatterns: list[URLPattern | URLResolver] = [
    path("", attestations.attestations, name="attestations"),
    path("<int:annee>/demande", attestations.demande, name="attestation_demande"),
    path("presence.pdf", attestations.presence, name="attestation_presence"),
    path("<str:numero>.pdf", attestations.pdf, name="attestation_pdf"),
]
