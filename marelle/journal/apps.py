"""The app of the journal: registers its clean-up in the planning of the jobs."""

from datetime import time

from django.apps import AppConfig


class JournalConfig(AppConfig):
    name = "marelle.journal"
    label = "journal"
    verbose_name = "Journal"

    def ready(self) -> None:
        from marelle.taches import planning

        planning.enregistrer("journal.purger", "marelle.journal.service.purger", a=time(3, 20))
