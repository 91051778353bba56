from django.apps import AppConfig


class FacturationConfig(AppConfig):
    name = "marelle.facturation"
    label = "facturation"
    verbose_name = "Facturation"
