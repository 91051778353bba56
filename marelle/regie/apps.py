from django.apps import AppConfig


class RegieConfig(AppConfig):
    name = "marelle.regie"
    label = "regie"
    verbose_name = "Régie"

    def ready(self) -> None:
        """The tables that only grow are known from the start (the tests lift their locks to empty the database), and so is
        what no money pays here any more."""
        from django.db.models import Q

        from marelle.creances.soldes import recouvrees_ailleurs

        from . import verrous  # noqa: F401

        recouvrees_ailleurs(Q(transmission__isnull=False))
