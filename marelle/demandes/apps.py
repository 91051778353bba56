"""The app of the demandes: puts in the planning of the jobs what ends by itself (holds of carts, offers, bookings not paid)."""

from datetime import time

from django.apps import AppConfig


class DemandesConfig(AppConfig):
    name = "marelle.demandes"
    label = "demandes"

    def ready(self) -> None:
        from marelle.pieces.tenues import tenir
        from marelle.taches import planning

        from .photos import cles_tenues

        tenir("demandes.photos", cles_tenues)
        planning.enregistrer(
            "demandes.paniers",
            "marelle.demandes.retenues.liberer_les_paniers_expires",
            toutes_les=10,
            si="marelle.demandes.retenues.il_y_en_a_d_expires",
        )
        planning.enregistrer(
            "demandes.offres",
            "marelle.demandes.reponses.finir_les_offres",
            toutes_les=20,
            si="marelle.demandes.reponses.il_y_en_a_de_finies",
        )
        planning.enregistrer(
            "demandes.non_payees",
            "marelle.demandes.non_payees.finir_les_non_payees",
            toutes_les=10,
            si="marelle.appels.expiration.il_y_en_a_a_expirer",
        )
        planning.enregistrer("demandes.rangs", "marelle.demandes.classement.recompter_les_listes", a=time(4, 10))
