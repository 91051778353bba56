"""The app of the messages: registers its clean-up, and the files that it holds."""

from datetime import time

from django.apps import AppConfig


class CorrespondanceConfig(AppConfig):
    name = "marelle.correspondance"
    label = "correspondance"
    verbose_name = "Messages"

    def ready(self) -> None:
        from marelle.pieces.tenues import tenir
        from marelle.taches import planning

        from .pieces_jointes import cles_tenues

        planning.enregistrer("correspondance.purger", "marelle.correspondance.conservation.purger", a=time(4, 0))
        tenir("correspondance", cles_tenues)
