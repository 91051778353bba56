"""Addresses of the desk under /guichet/finances/regie/, in the namespace of the desk."""

from django.urls import path

from .vues import (
    regie,
    regie_depots,
    regie_impayes,
    regie_journal,
    regie_paiements,
    regie_prelevements,
    regie_regisseurs,
    regie_relances,
    regie_remboursements,
    regie_reservations,
)

urlpatterns = [
    path("", regie.accueil, name="regie_accueil"),
    path("regisseurs/", regie_regisseurs.liste, name="regisseurs"),
    path("regisseurs/<int:mandat_id>/fin", regie_regisseurs.finir, name="regisseur_fin"),
    path("<int:code>/regisseurs", regie_regisseurs.nommer, name="regisseur_nommer"),
    path("<int:code>/", regie.encaisser, name="regie"),
    path("<int:code>/payeurs/<int:payeur_id>/", regie.payeur, name="regie_payeur"),
    path("<int:code>/payeurs/<int:payeur_id>/relances/", regie_impayes.ecarter, name="regie_sursis"),
    path("<int:code>/payeurs/<int:payeur_id>/mandat/", regie_prelevements.nouveau_mandat, name="regie_mandat_sepa"),
    path(
        "<int:code>/payeurs/<int:payeur_id>/remboursement/",
        regie_remboursements.remboursement,
        name="regie_remboursement",
    ),
    path("<int:code>/paiements/<int:paiement_id>/", regie_paiements.paiement, name="regie_paiement"),
    path("<int:code>/paiements/<int:paiement_id>/annulation", regie_paiements.annulation, name="regie_annulation"),
    path("<int:code>/paiements/<int:paiement_id>/quittance.pdf", regie_paiements.quittance, name="regie_quittance"),
    path("<int:code>/journal/", regie_journal.liste, name="regie_journal"),
    path("<int:code>/journal/csv", regie_journal.en_csv, name="regie_journal_csv"),
    path("<int:code>/journal/pdf", regie_journal.en_pdf, name="regie_journal_pdf"),
    path("<int:code>/depots/", regie_depots.liste, name="regie_depots"),
    path("<int:code>/depots/nouveau", regie_depots.deposer, name="regie_deposer"),
    path("<int:code>/depots/<int:bordereau_id>/", regie_depots.bordereau, name="regie_bordereau"),
    path("<int:code>/depots/<int:bordereau_id>/pdf", regie_depots.bordereau_pdf, name="regie_bordereau_pdf"),
    path("<int:code>/versements/nouveau", regie_depots.verser, name="regie_verser"),
    path("<int:code>/versements/<int:versement_id>/pdf", regie_depots.versement_pdf, name="regie_versement_pdf"),
    path("<int:code>/reservations/", regie_reservations.liste, name="regie_reservations"),
    path("<int:code>/impayes/", regie_impayes.liste, name="regie_impayes"),
    path("<int:code>/impayes/csv", regie_impayes.en_csv, name="regie_impayes_csv"),
    path("<int:code>/transmission/", regie_impayes.transmission, name="regie_transmission"),
    path("<int:code>/transmission/nouvelle", regie_impayes.transmettre, name="regie_transmettre"),
    path("<int:code>/transmission/pdf", regie_impayes.transmission_pdf, name="regie_transmission_pdf"),
    path("<int:code>/relances/", regie_relances.liste, name="regie_relances"),
    path("<int:code>/relances/envoi", regie_relances.envoyer, name="regie_relancer"),
    path("<int:code>/relances/<int:lot_id>/lettres.pdf", regie_relances.lettres, name="regie_lettres"),
    path("<int:code>/prelevements/", regie_prelevements.liste, name="regie_prelevements"),
    path("<int:code>/prelevements/nouveau", regie_prelevements.preparer, name="regie_prelever"),
    path("<int:code>/prelevements/<int:prelevement_id>/", regie_prelevements.prelevement, name="regie_prelevement"),
    path(
        "<int:code>/prelevements/<int:prelevement_id>/suite", regie_prelevements.suite, name="regie_prelevement_suite"
    ),
    path("<int:code>/prelevements/<int:prelevement_id>/xml", regie_prelevements.fichier, name="regie_prelevement_xml"),
    path("<int:code>/mandats/<int:mandat_id>/revocation", regie_prelevements.revoquer, name="regie_mandat_revoque"),
]
