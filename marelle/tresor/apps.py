from django.apps import AppConfig


class TresorConfig(AppConfig):
    name = "marelle.tresor"
    label = "tresor"
    verbose_name = "Trésor"

    def ready(self) -> None:
        """The locked tables are known from the start; the files of exports are in use, the daily clean-up leaves them."""
        from marelle.pieces.tenues import tenir

        from . import verrous  # noqa: F401
        from .fichiers import cles_tenues

        tenir("exports", cles_tenues)
