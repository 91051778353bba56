"""The app of the jobs: registers its own clean-up in the planning."""

from datetime import time

from django.apps import AppConfig


class TachesConfig(AppConfig):
    name = "marelle.taches"
    label = "taches"
    verbose_name = "Tâches"

    def ready(self) -> None:
        from . import planning

        planning.enregistrer("taches.purger", "marelle.taches.file.purger", a=time(3, 30))
