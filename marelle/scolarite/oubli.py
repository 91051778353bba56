"""What is forgotten of the pré-inscriptions: never confirmed, the whole row; answered, what it says after some months."""

from __future__ import annotations

from datetime import timedelta

from marelle.collectivite.identite import identite
from marelle.collectivite.options_inscription import FichePreInscription
from marelle.socle.erreurs import ErreurMarelle
from marelle.socle.horloge import maintenant

from .etats import Etat
from .models import PreInscription


def oublier_les_pre_inscriptions() -> int:
    """Each night; returns how many were deleted or emptied. Also where the sheet has been switched off since."""
    try:
        options = identite().pre_inscription or FichePreInscription()
    except ErreurMarelle:  # no collectivité is loaded: nothing to forget yet
        return 0
    instant = maintenant()
    jamais_confirmees = PreInscription.objects.filter(etat=Etat.A_CONFIRMER, expire_le__lt=instant)
    oubliees = jamais_confirmees.delete()[0]
    limite = instant - timedelta(days=options.conservation_jours)
    repondues = PreInscription.objects.filter(decidee_le__lt=limite, contenu_chiffre__isnull=False)
    return oubliees + repondues.update(contenu_chiffre=None)
