"""SOAP 1.1 as PayFiP speaks it: reads a question, writes an answer or a fault, serves its WSDL with its own address.

The WSDL and its three schemas are those of eopayment's package, read where it is installed: none is copied here.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from xml.sax.saxutils import escape

ENVELOPPE = "http://schemas.xmlsoap.org/soap/envelope/"
BASE = "http://securite.service.tpa.cp.finances.gouv.fr"
SERVICE = f"{BASE}/services/mas_securite/contrat_paiement_securise/PaiementSecuriseService"
OPERATIONS = ("creerPaiementSecurise", "recupererDetailPaiementSecurise", "recupererDetailClient")
EXCEPTIONS = "fr.gouv.finances.cp.tpa.webservice.exceptions"
TECHNIQUES = {
    "dysfonctionnement": "TechDysfonctionnementErreur",
    "indisponible": "TechIndisponibiliteErreur",
    "protocolaire": "TechProtocolaireErreur",
}


class Illisible(Exception):
    """The message is not a question of this service."""


def lire(corps: bytes) -> tuple[str, dict[str, str]]:
    """The operation and the words of `arg0`, whose elements are unqualified. Raises `Illisible`."""
    try:
        racine = ET.fromstring(corps)
    except ET.ParseError as erreur:
        raise Illisible(str(erreur)) from None
    appel = next(iter(racine.find(f"{{{ENVELOPPE}}}Body") or []), None)
    if appel is None or not appel.tag.startswith(f"{{{SERVICE}}}"):
        raise Illisible("opération absente ou d’un autre espace de noms")
    operation = appel.tag.rpartition("}")[2]
    if operation not in OPERATIONS:
        raise Illisible(f"opération inconnue : {operation}")
    arguments = appel.find("arg0")
    return operation, {un.tag: (un.text or "").strip() for un in ([] if arguments is None else arguments)}


def repondre(operation: str, mots: Mapping[str, str]) -> bytes:
    """The answer: its words in alphabetical order, as the schema asks; empty ones are left out."""
    dits = "".join(f"<{nom}>{escape(mots[nom])}</{nom}>" for nom in sorted(mots, key=str.lower) if mots[nom])
    return _envelopper(f'<ns:{operation}Response xmlns:ns="{SERVICE}"><return>{dits}</return></ns:{operation}Response>')


def fauter(code: str, libelle: str, sorte: str = "FonctionnelleErreur") -> bytes:
    """A fault with its detail, that HTTP carries with the status 500."""
    detail = (
        f"<code>{escape(code)}</code><descriptif>{escape(libelle)}</descriptif><libelle>{escape(libelle)}</libelle>"
        f"<message>{escape(libelle)}</message><severite>2</severite>"
    )
    return _envelopper(
        f"<S:Fault><faultcode>S:Server</faultcode><faultstring>{EXCEPTIONS}.{sorte}</faultstring>"
        f'<detail><ns:{sorte} xmlns:ns="{SERVICE}">{detail}</ns:{sorte}></detail></S:Fault>'
    )


def _envelopper(contenu: str) -> bytes:
    tete = '<?xml version="1.0" encoding="UTF-8"?>'
    return f'{tete}<S:Envelope xmlns:S="{ENVELOPPE}"><S:Body>{contenu}</S:Body></S:Envelope>'.encode()


def wsdl(adresse: str) -> bytes:
    """The WSDL, its `soap:address` and its schemas at `adresse` (…/tpa/services/securite)."""
    texte = (_ressources() / "PaiementSecuriseService.wsdl").read_text(encoding="utf-8")
    texte = re.sub(r'(<soap:address location=")[^"]*', rf"\g<1>{adresse}", texte)
    return re.sub(r'schemaLocation="[^"]*schema(\d)\.xsd"', rf'schemaLocation="{adresse}?xsd=\1"', texte).encode()


def schema(rang: str, adresse: str) -> bytes:
    """One of the three schemas; KeyError for another one."""
    if rang not in ("1", "2", "3"):
        raise KeyError(rang)
    texte = (_ressources() / f"PaiementSecuriseService_schema{rang}.xsd").read_text(encoding="utf-8")
    return re.sub(r'schemaLocation="[^"]*schema(\d)\.xsd"', rf'schemaLocation="{adresse}?xsd=\1"', texte).encode()


def _ressources() -> Path:
    trouve = find_spec("eopayment")
    assert trouve is not None
    assert trouve.origin is not None
    return Path(trouve.origin).parent / "resource"
