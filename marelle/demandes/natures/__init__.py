"""The natures of demande, one file each: what may be asked, how it is examined, applied and summed up."""

from __future__ import annotations

from .absence import DeclarerUneAbsence
from .annulation import Annulation
from .autorisations import Autoriser
from .base import Ecart, Nature, Sujet
from .fiche_enfant import FicheDInformation
from .fiche_responsable import FicheDeLAdulte
from .fiche_sanitaire import FicheMedicale
from .inscription_scolaire import InscrireALEcole
from .nouvel_enfant import NouvelEnfant
from .personnes_autorisees import PersonnesAutorisees
from .photo import Photographie
from .piece import Transmettre
from .reservation import Reserver

NATURES: dict[str, type[Nature]] = {
    nature.CODE: nature
    for nature in (
        Reserver,
        Annulation,
        DeclarerUneAbsence,
        FicheDeLAdulte,
        FicheDInformation,
        Autoriser,
        PersonnesAutorisees,
        FicheMedicale,
        NouvelEnfant,
        InscrireALEcole,
        Photographie,
        Transmettre,
    )
}

__all__ = ["NATURES", "Ecart", "Nature", "Sujet", "Transmettre"]
