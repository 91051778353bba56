"""The app of the documents: registers its clean-up in the planning of the jobs."""

from datetime import time

from django.apps import AppConfig


class PiecesConfig(AppConfig):
    name = "marelle.pieces"
    label = "pieces"
    verbose_name = "Documents"

    def ready(self) -> None:
        from marelle.taches import planning

        from . import centre, tenues

        tenues.tenir("documents du centre", centre.cles)
        planning.enregistrer("pieces.menage", "marelle.pieces.service.faire_le_menage", a=time(3, 40))
