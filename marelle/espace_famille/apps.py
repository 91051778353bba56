from django.apps import AppConfig


class EspaceFamilleConfig(AppConfig):
    name = "marelle.espace_famille"
    label = "espace_famille"

    def ready(self) -> None:
        from marelle.socle import contexte

        from . import portail

        contexte.NAVIGATIONS["famille"] = portail.navigation
        contexte.OUTILS["famille"] = portail.outils
        contexte.MENUS["famille"] = portail.menu
        contexte.NOMS["famille"] = portail.nom
        for face in ("famille", "public"):
            contexte.LIENS[face] = portail.liens
