from django.apps import AppConfig


class RegieConfig(AppConfig):
    name = "marelle.regie"
    label = "regie"
    verbose_name = "Régie"

    def ready(self) -> None:
        """The tables that only grow are known from the start: the tests lift their locks to empty the database."""
        from . import verrous  # noqa: F401
