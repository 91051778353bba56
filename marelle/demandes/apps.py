"""The app of the demandes: registers the end of the holds of carts in the planning of the jobs."""

from django.apps import AppConfig


class DemandesConfig(AppConfig):
    name = "marelle.demandes"
    label = "demandes"

    def ready(self) -> None:
        from marelle.taches import planning

        planning.enregistrer(
            "demandes.paniers",
            "marelle.demandes.retenues.liberer_les_paniers_expires",
            toutes_les=10,
            si="marelle.demandes.retenues.il_y_en_a_d_expires",
        )
