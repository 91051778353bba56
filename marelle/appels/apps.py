from datetime import time

from django.apps import AppConfig


class AppelsConfig(AppConfig):
    name = "marelle.appels"
    label = "appels"
    verbose_name = "Payer en réservant"

    def ready(self) -> None:
        """The reminder of the rests joins the planning of the jobs; the locked tables are known to the tests. What ends a
        booking that is not paid is planned by the demandes, whose places it frees."""
        from marelle.taches import planning

        from . import verrous  # noqa: F401

        planning.enregistrer("appels.rappels", "marelle.appels.rappels.rappeler_les_soldes", a=time(8, 30))
