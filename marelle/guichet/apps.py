from django.apps import AppConfig


class GuichetConfig(AppConfig):
    name = "marelle.guichet"
    label = "guichet"
