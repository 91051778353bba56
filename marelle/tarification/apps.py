from django.apps import AppConfig


class TarificationConfig(AppConfig):
    name = "marelle.tarification"
    label = "tarification"
    verbose_name = "Tarification"
