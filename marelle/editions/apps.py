from django.apps import AppConfig


class EditionsConfig(AppConfig):
    name = "marelle.editions"
    label = "editions"
