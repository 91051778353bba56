"""The PDFs: `editions.produire("accuse", donnees)`."""

from collections.abc import Mapping
from typing import Any


def produire(modele: str, donnees: Mapping[str, Any]) -> bytes:
    """See `service.produire`; the typesetter is loaded by the first document, not by every process that starts."""
    from .service import produire as _produire

    return _produire(modele, donnees)
