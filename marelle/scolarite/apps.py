"""The app of the schools and of the new families: registers its tasks in the planning of the jobs."""

from datetime import time

from django.apps import AppConfig


class ScolariteConfig(AppConfig):
    name = "marelle.scolarite"
    label = "scolarite"
    verbose_name = "Scolarité"

    def ready(self) -> None:
        from marelle.taches import planning

        planning.enregistrer("scolarite.rentree", "marelle.scolarite.scolarites.porter_les_rentrees", a=time(2, 40))
        planning.enregistrer("scolarite.oubli", "marelle.scolarite.oubli.oublier_les_pre_inscriptions", a=time(3, 35))
