"""The PDFs: `editions.produire("accuse", donnees)`."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any


def produire(modele: str, donnees: Mapping[str, Any], *, edite: datetime | None = None) -> bytes:
    """See `service.produire`; the typesetter is loaded by the first document, not by every process that starts."""
    from .service import produire as _produire

    return _produire(modele, donnees, edite=edite)
