"""Reading the e-mails: those of a dossier, the latest ones, how many in each state."""

from django.db.models import Count

from .models import Courriel, CourrielQuerySet, Etat


def courriels(etat: str = "", dossier: str = "") -> CourrielQuerySet:
    """The messages, the latest first, without their bodies; in one state or of one dossier when asked."""
    choix = Courriel.objects.defer("texte", "html")
    if etat:
        choix = choix.filter(etat=etat)
    return choix.filter(dossier=dossier) if dossier else choix


def nombre_par_etat() -> dict[str, int]:
    """How many messages are in each state, the states without any included."""
    comptes = dict(Courriel.objects.order_by().values_list("etat").annotate(n=Count("pk")))
    return {etat.value: comptes.get(etat.value, 0) for etat in Etat}
