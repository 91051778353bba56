from django.apps import AppConfig


class GuichetConfig(AppConfig):
    name = "marelle.guichet"
    label = "guichet"

    def ready(self) -> None:
        from .cadre import inscrire

        inscrire()
