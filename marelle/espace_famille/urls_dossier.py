"""Addresses of « Mon compte »: adults, children and their sheets, documents, photographs."""

from django.urls import path

from .vues import adultes, centre, documents, dossier, enfants, historique, impression, mon_enfant, photos, tarifs

urlpatterns = [
    path("", dossier.dossier, name="dossier"),
    path("adultes/<int:responsable_id>/", adultes.adulte, name="adulte"),
    path("enfants/nouveau/", enfants.nouvel_enfant, name="nouvel_enfant"),
    path("enfants/<int:enfant_id>/", enfants.enfant, name="enfant"),
    path("enfants/<int:enfant_id>/accueil/", mon_enfant.mon_enfant, name="mon_enfant"),
    path("enfants/<int:enfant_id>/photo", photos.photo, name="photo"),
    path("enfants/<int:enfant_id>/portrait/", photos.portrait, name="portrait"),
    path("enfants/<int:enfant_id>/portrait/retrait", photos.retrait, name="portrait_retrait"),
    path("enfants/<int:enfant_id>/portrait/en-attente", photos.en_attente, name="portrait_en_attente"),
    path("enfants/<int:enfant_id>/imprimer/", impression.impression, name="impression"),
    path("enfants/<int:enfant_id>/fiche-simple.pdf", impression.simple, name="fiche_simple"),
    path("enfants/<int:enfant_id>/fiche-complete.pdf", impression.complete, name="fiche_complete"),
    path("enfants/<int:enfant_id>/<slug:onglet>/", enfants.fiche, name="fiche"),
    path("tarifs/", tarifs.tarifs, name="tarifs"),
    path("historique/", historique.historique, name="historique"),
    path("documents-du-centre/", centre.documents_du_centre, name="documents_du_centre"),
    path("documents-du-centre/<uuid:cle>/", centre.document_du_centre, name="document_du_centre"),
    path("documents/", documents.documents, name="documents"),
    path("documents/<uuid:cle>/", documents.piece, name="piece"),
]
