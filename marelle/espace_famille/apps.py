from django.apps import AppConfig


class EspaceFamilleConfig(AppConfig):
    name = "marelle.espace_famille"
    label = "espace_famille"
