"""The photograph of a child: sent by a household, taken away by it or by the service, and who may see one that waits."""

from __future__ import annotations

import uuid

from django.db import transaction

from marelle.comptes.models import Compte
from marelle.familles.models import Enfant, Famille
from marelle.journal.service import noter
from marelle.pieces import rangement
from marelle.pieces.service import ranger_photo
from marelle.pieces.televersement import Recu
from marelle.socle.erreurs import Introuvable

from .fiches import deposer
from .models import Demande, Envoi
from .natures import Sujet
from .natures.photo import Photographie, changer_la_photo, cle_de
from .passages import Etat
from .passer import Auteur

OUVERTES = (Etat.DEPOSEE, Etat.A_CORRIGER)


def envoyer_photo(famille: Famille, enfant: Enfant, recu: Recu, auteur: Auteur, jeton: uuid.UUID) -> None:
    """Ask that this be the child's photograph; one that waits is replaced, the same page sent twice is one demande.

    Raises `FichierRefuse` when it cannot be drawn, `RangementImpossible` when the disk refuses.
    """
    if Envoi.objects.filter(famille=famille, jeton=jeton).exists():
        return
    cle = ranger_photo(recu.document.octets)
    try:
        deposer(Sujet(famille, enfant), {Photographie.CODE: {"photo": cle}}, auteur, jeton)
    except BaseException:
        rangement.jeter(uuid.UUID(cle))
        raise


def retirer_photo(enfant: Enfant, famille: Famille, par: Compte | None) -> bool:
    """Take the photograph away, at once and without a decision: it is the family's to give and to take back. False when
    there was none. The agent who does it for the family is in the journal too."""
    with transaction.atomic():
        le = Enfant.objects.select_for_update().get(pk=enfant.pk)
        if not le.photo:
            return False
        changer_la_photo(le, "")
        noter(par, "enfant.photo_retiree", le, dossier=f"famille:{famille.pk}")
    return True


def photo_en_attente(famille: Famille, enfant: Enfant) -> Demande | None:
    """The photograph that this household has sent for the child and that the service has not accepted."""
    siennes = Demande.objects.filter(famille=famille, enfant=enfant, nature=Photographie.CODE, etat__in=OUVERTES)
    return siennes.order_by("-pk").first()


def photo_de(demande: Demande) -> uuid.UUID:
    """The file of a demande of photograph. Raises `Introuvable` for any other demande."""
    if demande.nature != Photographie.CODE:
        raise Introuvable("Cette demande ne porte pas de photo.")
    return cle_de(demande)


def cles_tenues() -> list[uuid.UUID]:
    """The files of the photographs that wait for a decision."""
    ouvertes = Demande.objects.filter(nature=Photographie.CODE, etat__in=OUVERTES)
    return [cle_de(demande) for demande in ouvertes.order_by("pk")]
