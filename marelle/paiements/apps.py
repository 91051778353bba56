from django.apps import AppConfig


class PaiementsConfig(AppConfig):
    name = "marelle.paiements"
    label = "paiements"
    verbose_name = "Paiements en ligne"

    def ready(self) -> None:
        """The reconciliation joins the planning of the jobs; the locked tables are known to the tests."""
        from marelle.taches import planning

        from . import verrous  # noqa: F401

        planning.enregistrer(
            "paiements.reconciliation",
            "marelle.paiements.reconciliation.reconcilier",
            toutes_les=60,
            si="marelle.paiements.reconciliation.il_y_en_a_a_interroger",
        )
