from django.apps import AppConfig


class CourrielsConfig(AppConfig):
    name = "marelle.courriels"
    label = "courriels"
