from django.apps import AppConfig


class RegieConfig(AppConfig):
    name = "marelle.regie"
    label = "regie"
    verbose_name = "Régie"
