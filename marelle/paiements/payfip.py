"""What is said to PayFiP and heard from it: three questions, through eopayment's client; nothing else here knows the protocol.

eopayment and zeep (32 MB once loaded) are imported by the first question only, never by a process that asks none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings

from marelle.creances.models import Regie
from marelle.creances.regies import options_de
from marelle.socle.erreurs import ErreurMarelle

MINIMUM, MAXIMUM = 100, 10_000_000  # centimes: 1,00 € and 100 000,00 €
IDOP = re.compile(r"[A-Za-z0-9_-]{1,64}")
REFDET = re.compile(r"[A-Za-z0-9]{6,30}")
ADRESSE_MAX = 250
# Seconds. A web process has two threads: a slow PayFiP must not hold them for long; the job has more patience.
DELAI_CREATION, DELAI_RETOUR, DELAI_TACHE = 10, 6, 20
# What eopayment says when nobody answered as a SOAP service does: not a code of PayFiP.
_SANS_CODE = {"unknown", "inconnu", "SOAP error", "HTTP error", "Unexpected error"}


class ErreurPayfip(ErreurMarelle):
    """PayFiP said no with a code (« P5 »), or did not answer (`code` empty, `est_technique`)."""

    statut = 503

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(
            "Le site de paiement PayFiP ne répond pas pour l’instant. Rien n’a été débité : réessayez plus tard."
        )
        self.code = code
        self.detail = detail[:200]

    @property
    def est_technique(self) -> bool:
        return not self.code


@dataclass(frozen=True, slots=True)
class Demande:
    """What is asked of `creerPaiementSecurise`. `montant_centimes` is an integer; addresses are absolute."""

    numcli: str
    saisie: str
    exer: str
    refdet: str
    montant_centimes: int
    mel: str
    objet: str
    urlnotif: str
    urlredirect: str


@dataclass(frozen=True, slots=True)
class Detail:
    """What PayFiP knows of an operation, word for word; missing words are empty."""

    resultrans: str = ""
    montant: str = ""
    numcli: str = ""
    refdet: str = ""
    saisie: str = ""
    exer: str = ""
    numauto: str = ""
    dattrans: str = ""
    heurtrans: str = ""

    @property
    def date(self) -> date | None:
        """The day of the transaction, in Paris; None when it cannot be read."""
        try:
            return datetime.strptime(self.dattrans, "%d%m%Y").date()  # noqa: DTZ007  # a day of Paris, without hour
        except ValueError:
            return None


def adresse(regie: Regie) -> str:
    """The host of PayFiP for that régie: the setting (simulator), or the régie's own."""
    return settings.PAYFIP_ADRESSE or options_de(regie).adresse_payfip.rstrip("/")


def page_de_paiement(regie: Regie, idop: str) -> str:
    """Where the family pays."""
    return f"{adresse(regie)}/tpa/paiementws.web?{urlencode({'idop': idop})}"


def creer(regie: Regie, demande: Demande) -> str:
    """Declare a payment; returns its idOp. Raises `ErreurPayfip`."""
    _verifier(demande)
    options = {
        "numcli": demande.numcli,
        "saisie": demande.saisie,
        "normal_return_url": demande.urlredirect,
        "automatic_return_url": demande.urlnotif,
    }
    try:
        import eopayment

        client = eopayment.Payment("payfip_ws", options)
        client.backend.payfip = _service(regie)
        idop, _, _ = client.request(
            _en_texte(demande.montant_centimes), email=demande.mel, refdet=demande.refdet, exer=demande.exer,
            subject=demande.objet, timeout=DELAI_CREATION,
        )  # fmt: skip
    except Exception as erreur:
        raise _traduire(erreur) from erreur
    if idop == "None" or not IDOP.fullmatch(idop):
        raise ErreurPayfip("", "réponse sans idOp")
    return str(idop)


def interroger(regie: Regie, idop: str, delai: int = DELAI_RETOUR) -> Detail:
    """What became of an operation. Raises `ErreurPayfip`: « P5 » not known yet, « P1 » unknown or purged."""
    try:
        lu = _service(regie).get_info_paiement(idop, timeout=delai)
        mots = {champ: str(getattr(lu, champ, None) or "").strip() for champ in Detail.__slots__}
    except Exception as erreur:
        raise _traduire(erreur) from erreur
    return Detail(**mots)


def decrire_client(regie: Regie, numcli: str) -> list[str]:
    """The labels of a client number, as the DGFiP knows it: the try of the settings. Raises `ErreurPayfip`."""
    try:
        lu = _service(regie).get_info_client(numcli, timeout=DELAI_TACHE)
        mots = [getattr(lu, f"libelleN{rang}", None) for rang in (1, 2, 3)]
    except Exception as erreur:
        raise _traduire(erreur) from erreur
    return [str(mot) for mot in mots if mot]


def _verifier(demande: Demande) -> None:
    """What PayFiP would refuse, or eopayment let through, is a mistake of ours: found before the call."""
    if type(demande.montant_centimes) is not int or not MINIMUM <= demande.montant_centimes <= MAXIMUM:
        raise ValueError(f"montant {demande.montant_centimes!r}")
    if not REFDET.fullmatch(demande.refdet):
        raise ValueError(f"refdet {demande.refdet!r}")
    for url in (demande.urlnotif, demande.urlredirect):
        if len(url) >= ADRESSE_MAX or urlsplit(url).scheme not in {"http", "https"}:
            raise ValueError(f"adresse {url!r}")


def _en_texte(centimes: int) -> str:
    """« 19.99 »: eopayment cuts floats (19.99 became 1998 centimes); a text made of integers says what it says."""
    return f"{centimes // 100}.{centimes % 100:02d}"


def _traduire(erreur: Exception) -> ErreurPayfip:
    """Any failure of the call: a code of PayFiP, or « no answer »."""
    code = str(getattr(erreur, "code", "") or "")
    est_un_code = type(erreur).__name__ == "PayFiPError" and code not in _SANS_CODE and re.fullmatch(r"\w{1,8}", code)
    return ErreurPayfip(code if est_un_code else "", f"{type(erreur).__name__} {erreur}")


def _service(regie: Regie) -> Any:
    """eopayment's SOAP client, on its own WSDL (no file is fetched) where the address of the service is replaced: it
    ignores `service_url`. Made for one question: zeep's time-out belongs to the client, not to the call."""
    import zeep.transports
    from eopayment.payfip_ws import WSDL_URL, PayFiP

    officielle = WSDL_URL.removesuffix("?wsdl")
    notre = f"{adresse(regie)}{urlsplit(officielle).path}"

    base: Any = zeep.transports.Transport  # its functions have no types

    class Transport(base):  # type: ignore[misc]
        def load(self, url: str) -> bytes:
            return bytes(super().load(url)).replace(officielle.encode(), notre.encode())

    transport = Transport(timeout=DELAI_CREATION)
    # No proxy towards ourselves.
    transport.session.trust_env = (urlsplit(notre).hostname or "") not in {"127.0.0.1", "localhost"}
    return PayFiP(zeep_client_kwargs={"transport": transport})
