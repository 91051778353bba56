from django.apps import AppConfig


class TresorConfig(AppConfig):
    name = "marelle.tresor"
    label = "tresor"
    verbose_name = "Trésor"
