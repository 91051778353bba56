from django.apps import AppConfig


class ComptesConfig(AppConfig):
    name = "marelle.comptes"
    label = "comptes"
