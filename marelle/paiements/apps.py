from django.apps import AppConfig


class PaiementsConfig(AppConfig):
    name = "marelle.paiements"
    label = "paiements"
    verbose_name = "Paiements en ligne"
