from django.apps import AppConfig


class DemandesConfig(AppConfig):
    name = "marelle.demandes"
    label = "demandes"
