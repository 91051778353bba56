from django.apps import AppConfig


class CreancesConfig(AppConfig):
    name = "marelle.creances"
    label = "creances"
    verbose_name = "Créances"

    def ready(self) -> None:
        """The tables that only grow are known from the start: the tests lift their locks to empty the database."""
        from . import verrous  # noqa: F401
