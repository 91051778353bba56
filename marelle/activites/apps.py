from django.apps import AppConfig


class ActivitesConfig(AppConfig):
    name = "marelle.activites"
    label = "activites"
