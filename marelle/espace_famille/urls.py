"""Addresses of the families' pages."""

from django.urls import include, path

from .vues import (
    accueil,
    annulation,
    demandes,
    grille,
    inscription,
    modification,
    mon_calendrier,
    offre,
    panier,
    public,
    reglement,
)

app_name = "espace_famille"

urlpatterns = [
    path("", accueil.accueil, name="accueil"),
    path("dossier/", include("marelle.espace_famille.urls_dossier")),
    path("inscription/", inscription.inscription, name="inscription"),
    path("inscription/enfant/", inscription.choisir_enfant, name="choisir_enfant"),
    path("inscription/<int:enfant_id>/", inscription.choisir_activite, name="choisir_activite"),
    path("inscription/<int:enfant_id>/<int:activite_id>/", inscription.calendrier, name="calendrier"),
    path("inscription/<int:enfant_id>/<int:activite_id>/jour", inscription.jour, name="jour"),
    path("inscription/<int:enfant_id>/<int:activite_id>/periode", inscription.periode, name="periode"),
    path("pre-inscription/", grille.pre_inscription, name="pre_inscription"),
    path("pre-inscription/grille/", grille.grille, name="grille"),
    path("agenda/", include("marelle.espace_famille.urls_agenda")),
    path("mois/", include("marelle.espace_famille.urls_mois")),
    path("panier/", panier.panier, name="panier"),
    path("panier/envoi", panier.envoi, name="panier_envoi"),
    path("panier/vidage", panier.vidage, name="panier_vidage"),
    path("panier/lignes/<int:ligne_id>/retrait", panier.retrait, name="panier_retrait"),
    path("demandes/", demandes.liste, name="demandes"),
    path("demandes/<int:demande_id>/", demandes.demande, name="demande"),
    path("demandes/<int:demande_id>/retrait", demandes.retrait, name="demande_retrait"),
    path("demandes/<int:demande_id>/modification/", modification.modification, name="demande_modification"),
    path("demandes/<int:demande_id>/correction", demandes.correction, name="demande_correction"),
    path("demandes/<int:demande_id>/place", offre.reponse, name="offre_reponse"),
    path("place/<str:secret>/", offre.lien, name="offre"),
    path("accuses/<int:envoi_id>/", demandes.accuse, name="accuse"),
    path("accuses/<int:envoi_id>/pdf", demandes.accuse_pdf, name="accuse_pdf"),
    path("calendrier/", mon_calendrier.mon_calendrier, name="mon_calendrier"),
    path("calendrier/annulation/<int:reservation_id>/", annulation.annulation, name="annulation"),
    path("", include("marelle.espace_famille.urls_semaine")),
    path("", include("marelle.espace_famille.urls_messages")),
    path("inscription-scolaire/", include("marelle.espace_famille.urls_ecole")),
    path("fiche-de-pre-inscription/", include("marelle.espace_famille.urls_pre_inscription")),
    path("aide/", public.aide, name="aide"),
    path("reglement/", reglement.texte, name="reglement"),
    path("reglement/pdf", reglement.pdf, name="reglement_pdf"),
    path("accessibilite/", public.accessibilite, name="accessibilite"),
    path("donnees-personnelles/", public.donnees, name="donnees"),
]
