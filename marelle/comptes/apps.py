"""The app of the accounts: registers its clean-up in the planning of the jobs."""

from datetime import time

from django.apps import AppConfig


class ComptesConfig(AppConfig):
    name = "marelle.comptes"
    label = "comptes"

    def ready(self) -> None:
        from marelle.taches import planning

        planning.enregistrer("comptes.sessions", "marelle.comptes.sessions.oublier_les_anciennes", a=time(3, 50))
