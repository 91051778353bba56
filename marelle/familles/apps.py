from django.apps import AppConfig


class FamillesConfig(AppConfig):
    name = "marelle.familles"
    label = "familles"
