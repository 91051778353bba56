"""Validation by the official schemas, when the administrator has put them in their folder: what they say, or why they did not."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

from .fichier import Anomalie

RACINE = Path("PES_V2") / "Rev0" / "PES_Aller.xsd"
ABSENTS = (
    "Les schémas de la DGFiP ne sont pas installés : seuls les contrôles de Marelle ont été faits.",
    "Pour une validation complète, demandez à votre administrateur de les installer.",
)


def valider(octets: bytes, dossier: Path) -> list[Anomalie]:
    """What the schemas of `dossier` refuse in that file; a warning when they are not there; an error when they cannot be read."""
    if not (dossier / RACINE).is_file():
        return [Anomalie("schemas_absents", *ABSENTS, est_bloquante=False)]
    from lxml import etree  # large: read only where a file is made

    try:
        schema = _schema(dossier / RACINE)
        schema.validate(etree.fromstring(octets, etree.XMLParser(resolve_entities=False, no_network=True)))
    except (etree.XMLSyntaxError, etree.XMLSchemaError, OSError) as erreur:
        phrase = f"La validation par les schémas de la DGFiP a échoué : {str(erreur)[:200]}"
        return [Anomalie("schemas_illisibles", phrase, "Demandez à votre administrateur de vérifier leur dossier.")]
    return [_anomalie(une, octets) for une in schema.error_log]


@cache
def _schema(chemin: Path) -> Any:
    from lxml import etree

    return etree.XMLSchema(etree.parse(str(chemin), etree.XMLParser(no_network=True)))


def _anomalie(erreur: Any, octets: bytes) -> Anomalie:
    phrase = f"Les schémas de la DGFiP refusent le fichier, ligne {erreur.line} : {erreur.message[:300]}"
    return Anomalie("schema", phrase, "Transmettez cette phrase à l’assistance.", _facture(erreur, octets))


def _facture(erreur: Any, octets: bytes) -> str:
    """The invoice whose piece holds that error, by the path that libxml2 gives (« …/Piece[3]/… »)."""
    trouve = re.search(r"/Piece(?:\[(\d+)\])?/", f"{erreur.path or ''}/")
    if trouve is None:
        return ""
    numeros = re.findall(rb"<Piece>.*?<NumeroFacture V=\"([^\"]*)\"", octets, re.DOTALL)
    rang = int(trouve.group(1) or 1) - 1
    return numeros[rang].decode("latin-1") if rang < len(numeros) else ""
