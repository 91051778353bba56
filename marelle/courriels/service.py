"""Writing an e-mail: renders its three texts and inserts one row per addressee, inside the caller's transaction."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone

from .models import EN_INSTANCE, Courriel, Etat
from .rendu import rendre

ADRESSE_INVALIDE = "L’adresse n’a pas la forme d’une adresse e-mail."
CONSERVATION = timedelta(days=730)  # messages: two years (CNIL, NS-058)


def ecrire(
    gabarit: str,
    destinataires: Iterable[str],
    contexte: Mapping[str, Any],
    *,
    cle: str | None = None,
    dossier: str = "",
    confidentiel: bool = False,
    pas_avant: datetime | None = None,
) -> list[Courriel]:
    """Write the message `gabarit` to each address; it leaves when the caller's transaction is committed, or never.

    `cle` names the business event (« demande:812:acceptee »): written again, it changes nothing and returns the rows of
    the first time. `confidentiel` is for a message whose link opens an access: its text is kept until it leaves (not
    before `pas_avant`), no longer, and no agent may read it. An address that is not one gives an abandoned row, seen by
    the service, and does not undo the caller's act. TemplateDoesNotExist when one of the three texts is missing.
    """
    adresses = list(dict.fromkeys(adresse.strip() for adresse in destinataires if adresse and adresse.strip()))
    if not adresses:
        return []
    rendu = rendre(gabarit, contexte)
    lignes = [
        Courriel(
            destinataire=adresse[:254],
            objet=rendu.objet,
            texte=rendu.texte,
            html=rendu.html,
            gabarit=gabarit,
            dossier=dossier,
            cle=cle,
            est_confidentiel=confidentiel,
            **({"prochain_essai_le": pas_avant} if pas_avant else {}),
            **({} if _est_une_adresse(adresse) else {"etat": Etat.ABANDONNE, "derniere_erreur": ADRESSE_INVALIDE}),
        )
        for adresse in adresses
    ]
    if cle is None:
        return Courriel.objects.bulk_create(lignes)
    Courriel.objects.bulk_create(lignes, ignore_conflicts=True)
    return list(Courriel.objects.filter(cle=cle, destinataire__in=adresses).order_by("pk"))


def _est_une_adresse(adresse: str) -> bool:
    try:
        validate_email(adresse)
    except ValidationError:
        return False
    return len(adresse) <= 254


def relancer(courriel: Courriel) -> bool:
    """Put an abandoned or failing message back in the queue, from the first attempt; False when it has left already."""
    return bool(
        Courriel.objects.filter(pk=courriel.pk, etat__in=[Etat.ECHEC, Etat.ABANDONNE]).update(
            etat=Etat.A_ENVOYER, essais=0, prochain_essai_le=timezone.now(), derniere_erreur=""
        )
    )


def purger() -> int:
    """Delete the messages older than two years that wait for nothing; returns how many."""
    limite = timezone.now() - CONSERVATION
    return Courriel.objects.filter(cree_le__lt=limite).exclude(etat__in=EN_INSTANCE).delete()[0]
