from datetime import time

from django.apps import AppConfig


class TarificationConfig(AppConfig):
    name = "marelle.tarification"
    label = "tarification"
    verbose_name = "Tarification"

    def ready(self) -> None:
        from marelle.taches import planning

        planning.enregistrer("tarification.rappels", "marelle.tarification.rappels.rappeler_les_fins", a=time(7, 40))
