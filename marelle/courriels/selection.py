"""Reading the e-mails: those of a dossier, the latest ones, how many in each state."""

from django.db.models import Count

from .models import Courriel, CourrielQuerySet, Etat


def courriels(*, etat: str = "", dossier: str = "", destinataire: str = "") -> CourrielQuerySet:
    """The messages, the latest first, without their bodies; those of one state, one dossier, one address when asked."""
    criteres = {"etat": etat, "dossier": dossier, "destinataire__iexact": destinataire}
    return entiers().defer("texte", "html").filter(**{nom: valeur for nom, valeur in criteres.items() if valeur})


def entiers() -> CourrielQuerySet:
    """The messages with their bodies; show an agent `texte_lisible`, never `texte` nor `html`."""
    return Courriel.objects.all()


def nombre_par_etat() -> dict[str, int]:
    """How many messages are in each state, the states without any included."""
    comptes = dict(Courriel.objects.order_by().values_list("etat").annotate(n=Count("pk")))
    return {etat.value: comptes.get(etat.value, 0) for etat in Etat}
