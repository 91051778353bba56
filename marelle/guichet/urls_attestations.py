"""Addresses of the desk under /guichet/finances/attestations/, in the namespace of the desk."""

from django.urls import URLPattern, URLResolver, path

from .vues import attestations

urlpatterns: list[URLPattern | URLResolver] = [
    path("", attestations.attestations, name="attestations"),
    path("lots", attestations.lot, name="attestations_lot"),
    path("lots/<int:lot_id>.pdf", attestations.lot_pdf, name="attestations_lot_pdf"),
    path("signataire/", attestations.signataire, name="attestations_signataire"),
    path("familles/<int:famille_id>/", attestations.famille, name="attestations_famille"),
    path(
        "familles/<int:famille_id>/<int:payeur_id>/<int:annee>", attestations.etablissement, name="attestation_etablie"
    ),
    path("familles/<int:famille_id>/presence.pdf", attestations.presence, name="attestation_presence"),
    path("<str:numero>.pdf", attestations.pdf, name="attestation_pdf"),
]
