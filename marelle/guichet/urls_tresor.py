"""Addresses of the desk under /guichet/finances/comptabilite/, in the namespace of the desk."""

from django.urls import path

from .vues import tresor, tresor_caf, tresor_envois, tresor_mandats

urlpatterns = [
    path("", tresor.accueil, name="tresor"),
    path("<int:code>/", tresor.regie, name="tresor_regie"),
    path("<int:code>/envoi", tresor.envoyer, name="tresor_envoyer"),
    path("<int:code>/autrement", tresor.autrement, name="tresor_autrement"),
    path("<int:code>/logiciel/", tresor.colis, name="tresor_colis"),
    path("<int:code>/mandats/", tresor_mandats.liste, name="tresor_mandats"),
    path("<int:code>/mandats/payeurs/<int:payeur_id>/", tresor_mandats.nouveau, name="tresor_mandat"),
    path("<int:code>/mandats/<int:mandat_id>/revocation", tresor_mandats.revoquer, name="tresor_mandat_revoque"),
    path("envois/", tresor_envois.envois, name="tresor_envois"),
    path("envois/<int:export_id>/", tresor_envois.un_envoi, name="tresor_envoi"),
    path("envois/<int:export_id>/fichier", tresor_envois.fichier, name="tresor_fichier"),
    path("envois/<int:export_id>/annulation", tresor_envois.annulation, name="tresor_annulation"),
    path("envois/<int:export_id>/reprise", tresor_envois.reprise, name="tresor_reprise"),
    path("retours/", tresor_envois.les_retours, name="tresor_retours"),
    path("organismes/", tresor_envois.organismes, name="tresor_organismes"),
    path("caf/", tresor_caf.synthese, name="tresor_caf"),
    path("caf/detail/", tresor_caf.detail, name="tresor_caf_detail"),
    path("caf/csv", tresor_caf.en_csv, name="tresor_caf_csv"),
    path("caf/regimes/<int:famille_id>/", tresor_caf.regime, name="tresor_regime"),
]
