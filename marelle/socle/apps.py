from django.apps import AppConfig


class SocleConfig(AppConfig):
    name = "marelle.socle"
    label = "socle"

    def ready(self) -> None:
        from .formulaires import dire_les_erreurs

        dire_les_erreurs()
