"""The app of the e-mails: registers its sending and its clean-up in the planning of the jobs."""

from datetime import time

from django.apps import AppConfig


class CourrielsConfig(AppConfig):
    name = "marelle.courriels"
    label = "courriels"
    verbose_name = "Courriels"

    def ready(self) -> None:
        from marelle.taches import planning

        planning.enregistrer(
            "courriels.envoyer",
            "marelle.courriels.envoi.envoyer_en_attente",
            toutes_les=1,
            si="marelle.courriels.envoi.il_y_en_a_a_envoyer",
        )
        planning.enregistrer("courriels.purger", "marelle.courriels.service.purger", a=time(3, 10))
