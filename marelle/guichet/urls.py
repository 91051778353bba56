"""Addresses of the desk, under /guichet/."""

from django.urls import include, path

from .vues import (
    activites,
    aide,
    courriels,
    decisions,
    demandes,
    documents,
    familles,
    impression,
    liste_du_jour,
    lot,
    ouvertures,
    pieces,
)

app_name = "guichet"

urlpatterns = [
    path("", demandes.demandes, name="demandes"),
    path("demandes/lot/", lot.lot, name="lot"),
    path("demandes/<int:demande_id>/", demandes.demande, name="demande"),
    path("demandes/<int:demande_id>/document", pieces.piece, name="piece"),
    path("demandes/<int:demande_id>/acceptation", decisions.accepter, name="acceptation"),
    path("demandes/<int:demande_id>/refus", decisions.refuser, name="refus"),
    path("demandes/<int:demande_id>/attente", decisions.mettre_en_attente, name="attente"),
    path("demandes/<int:demande_id>/renvoi", decisions.renvoyer, name="renvoi"),
    path("liste-du-jour/", liste_du_jour.liste_du_jour, name="liste_du_jour"),
    path("liste-du-jour/pdf", liste_du_jour.pdf, name="liste_du_jour_pdf"),
    path("familles/", familles.familles, name="familles"),
    path("familles/nouvelle/", familles.nouvelle, name="famille_nouvelle"),
    path("familles/<int:famille_id>/", familles.famille, name="famille"),
    path("familles/<int:famille_id>/adultes/<int:adulte_id>/", familles.adulte, name="adulte"),
    path("familles/<int:famille_id>/enfants/<int:enfant_id>/", familles.enfant, name="enfant"),
    path(
        "familles/<int:famille_id>/enfants/<int:enfant_id>/fiche-simple.pdf", impression.simple, name="fiche_simple"
    ),
    path(
        "familles/<int:famille_id>/enfants/<int:enfant_id>/fiche-complete.pdf",
        impression.complete,
        name="fiche_complete",
    ),
    path("familles/<int:famille_id>/acces/<int:acces_id>/invitation", familles.inviter, name="inviter"),
    path("familles/<int:famille_id>/inscription/", familles.inscrire, name="inscrire"),
    path("", include("marelle.guichet.urls_messages")),
    path("activites/", activites.activites, name="activites"),
    path("activites/<int:activite_id>/", activites.activite, name="activite"),
    path("activites/<int:activite_id>/places/", ouvertures.places, name="places"),
    path("activites/<int:activite_id>/ouvertures", ouvertures.ouvrir, name="ouvrir"),
    path("activites/<int:activite_id>/places/<str:jour>/", ouvertures.jour, name="places_du_jour"),
    path("activites/centres/nouveau/", activites.centre, name="centre_nouveau"),
    path("activites/centres/<int:centre_id>/", activites.centre, name="centre"),
    path("activites/periodes/nouvelle/", activites.periode, name="periode_nouvelle"),
    path("activites/periodes/<int:periode_id>/", activites.periode, name="periode"),
    path("activites/fermetures/nouvelle/", ouvertures.fermer, name="fermer"),
    path("activites/fermetures/<int:fermeture_id>/reouverture", ouvertures.rouvrir, name="rouvrir"),
    path("documents/", documents.documents, name="documents"),
    path("documents/nouveau/", documents.document, name="document_nouveau"),
    path("documents/<int:document_id>/", documents.document, name="document"),
    path("documents/<int:document_id>/fichier", documents.fichier, name="document_fichier"),
    path("documents/<int:document_id>/suppression", documents.supprimer, name="document_suppression"),
    path("aide/", aide.aide, name="aide"),
    path("e-mails/", courriels.courriels, name="courriels"),
    path("e-mails/<int:courriel_id>/", courriels.courriel, name="courriel"),
    path("e-mails/<int:courriel_id>/html", courriels.version_html, name="courriel_html"),
    path("e-mails/<int:courriel_id>/relance", courriels.relancer, name="relance"),
]
