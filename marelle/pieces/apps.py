from django.apps import AppConfig


class PiecesConfig(AppConfig):
    name = "marelle.pieces"
    label = "pieces"
