from django.apps import AppConfig


class AttestationsConfig(AppConfig):
    name = "marelle.attestations"
    label = "attestations"
    verbose_name = "Attestations"

    def ready(self) -> None:
        """The locked table is known from the start; the documents to print are in use, the daily clean-up leaves them."""
        from marelle.pieces.tenues import tenir

        from . import verrous  # noqa: F401
        from .lots import cles_tenues

        tenir("attestations", cles_tenues)
