from django.apps import AppConfig


class TachesConfig(AppConfig):
    name = "marelle.taches"
    label = "taches"
