"""The technical logs: one configuration of structlog for every process, from which personal data are taken out."""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

from .masque import masquer

# Values whose name says that they hold something personal or secret: gone, whatever they look like.
NOMS_INTERDITS = frozenset(
    (
        *("email", "e_mail", "mail", "adresse", "destinataire", "destinataires", "telephone", "tel", "mobile"),
        *("nom", "prenom", "nom_complet", "naissance", "date_naissance", "sante", "allergies", "donnees"),
        *("password", "mot_de_passe", "secret", "token", "jeton", "cookie", "cookies", "authorization"),
        *("body", "corps", "post", "get", "query_string", "querystring", "sessionid", "csrftoken", "request"),
    )
)
ABSENT = "[masqué]"
_BRUYANTS = ("fontTools", "PIL", "asyncio", "urllib3")


def sans_donnees_personnelles(
    _logger: Any, _methode: str, evenement: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """structlog processor: replaces forbidden values, masks addresses, telephones, query strings and tokens in the rest."""
    for cle, valeur in evenement.items():
        evenement[cle] = ABSENT if cle.lower() in NOMS_INTERDITS else _propre(valeur)
    return evenement


def _propre(valeur: Any) -> Any:
    if valeur is None or isinstance(valeur, bool | int | float):
        return valeur
    if isinstance(valeur, dict):
        return {cle: ABSENT if str(cle).lower() in NOMS_INTERDITS else _propre(v) for cle, v in valeur.items()}
    if isinstance(valeur, list | tuple | set | frozenset):
        return [_propre(v) for v in valeur]
    return masquer(valeur if isinstance(valeur, str) else str(valeur))


def configurer(niveau: str = "INFO", json: bool = False) -> None:
    """Send every log, structlog's and the standard library's, to standard error, masked; one JSON object a line if `json`.

    Tracebacks go through the same mask: an exception often repeats the value that caused it.
    """
    communs: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*communs, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    rendu: Any = (
        structlog.processors.JSONRenderer(ensure_ascii=False) if json else structlog.dev.ConsoleRenderer(colors=False)
    )
    formateur = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[*communs, _arguments_deja_fondus],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            sans_donnees_personnelles,
            rendu,
        ],
    )
    sortie = logging.StreamHandler(sys.stderr)
    sortie.setFormatter(formateur)
    racine = logging.getLogger()
    racine.handlers[:] = [sortie]
    racine.setLevel(niveau)
    for nom in _BRUYANTS:
        logging.getLogger(nom).setLevel(max(logging.WARNING, racine.level))


def _arguments_deja_fondus(
    _logger: Any, _methode: str, evenement: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    # Django attaches the whole request to some records: what is shown is the message, never the object.
    evenement.pop("request", None)
    return evenement
