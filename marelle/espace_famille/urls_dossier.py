"""Addresses of « Mon compte »: adults, children and their sheets, documents, photographs."""

from django.urls import path

from .vues import adultes, documents, dossier, enfants, photos

urlpatterns = [
    path("", dossier.dossier, name="dossier"),
    path("adultes/<int:responsable_id>/", adultes.adulte, name="adulte"),
    path("enfants/nouveau/", enfants.nouvel_enfant, name="nouvel_enfant"),
    path("enfants/<int:enfant_id>/", enfants.enfant, name="enfant"),
    path("enfants/<int:enfant_id>/photo", photos.photo, name="photo"),
    path("enfants/<int:enfant_id>/<slug:onglet>/", enfants.fiche, name="fiche"),
    path("documents/", documents.documents, name="documents"),
    path("documents/<uuid:cle>/", documents.piece, name="piece"),
]
