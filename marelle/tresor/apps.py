from datetime import time

from django.apps import AppConfig


class TresorConfig(AppConfig):
    name = "marelle.tresor"
    label = "tresor"
    verbose_name = "Trésor"

    def ready(self) -> None:
        """The locked tables are known from the start; the files of exports are in use, the daily clean-up leaves them; what the
        Treasury debits keeps a mandate alive; the families whose debit is annulled are told in the morning."""
        from marelle.pieces.tenues import tenir
        from marelle.regie.caducite import presentes_aussi
        from marelle.taches import planning

        from . import verrous  # noqa: F401
        from .fichiers import cles_tenues
        from .prelevements import presentes_au_tresor

        tenir("exports", cles_tenues)
        presentes_aussi(presentes_au_tresor)
        prevenir = "marelle.tresor.debits_annules.prevenir_des_debits_annules"
        planning.enregistrer("tresor.debits_annules", prevenir, a=time(7, 50))
