from django.apps import AppConfig


class SocleConfig(AppConfig):
    name = "marelle.socle"
    label = "socle"
