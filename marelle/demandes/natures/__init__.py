"""The natures of demande, one file each: what may be asked, how it is examined, applied and summed up."""

from __future__ import annotations

from .annulation import Annulation
from .base import Ecart, Nature, Sujet
from .reservation import Reserver

NATURES: dict[str, type[Nature]] = {nature.CODE: nature for nature in (Reserver, Annulation)}

__all__ = ["NATURES", "Ecart", "Nature", "Sujet"]
