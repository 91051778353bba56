from django.apps import AppConfig


class CollectiviteConfig(AppConfig):
    name = "marelle.collectivite"
    label = "collectivite"
