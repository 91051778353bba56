"""The app of the demandes: registers what ends by itself (holds of carts, offers) in the planning of the jobs, and its files."""

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
        planning.enregistrer("demandes.rangs", "marelle.demandes.classement.recompter_les_listes", a=time(4, 10))
