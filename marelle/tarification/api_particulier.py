"""The quotient of an allocataire, asked of the Caf and the MSA through API Particulier v3. Nothing of the answer is kept here.

The token goes in a header and nowhere else: never in an address, a message, nor a log; a redirection is not followed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import structlog
from django.conf import settings

from marelle.reglages import env
from marelle.socle.erreurs import Refus
from marelle.socle.horloge import aujourdhui

from .debit import Debit
from .reponses_particulier import MUETTE, Lu, dire_le_refus, lire_le_quotient

journal = structlog.get_logger(__name__)
CHEMIN = "/v3/dss/quotient_familial/identite"
FRANCE = "99100"
DELAI_S = 12.0
# Twenty calls a second for one token, counted where they arrive: ours are counted where they leave, all processes together.
PAR_SECONDE = 18
TAILLE_MAXIMALE = 200_000


class RefusApi(Refus):
    """No quotient was read; `code` is what the log and the journal keep of it."""

    def __init__(self, phrase: str, code: str) -> None:
        super().__init__(phrase)
        self.code = code


@dataclass(frozen=True, slots=True)
class Identite:
    """Whom to look for, as the civil register writes it. In France: `code_commune` (Insee), or `commune` and `departement`."""

    nom_naissance: str
    prenoms: tuple[str, ...]
    sexe: str  # F or M
    date_naissance: date
    pays: str = FRANCE
    code_commune: str = ""
    commune: str = ""
    departement: str = ""
    nom_usage: str = ""

    def parametres(self, siret: str) -> list[tuple[str, str]]:
        ne = self.date_naissance
        ecrits = [
            ("recipient", siret),
            ("nomNaissance", self.nom_naissance),
            *(("prenoms[]", prenom) for prenom in self.prenoms[:3]),
            ("sexeEtatCivil", self.sexe),
            ("anneeDateNaissance", str(ne.year)),
            ("moisDateNaissance", str(ne.month)),
            ("jourDateNaissance", str(ne.day)),
            ("codeCogInseePaysNaissance", self.pays),
            ("nomUsage", self.nom_usage),
        ]
        if self.pays == FRANCE and self.code_commune:
            ecrits.append(("codeCogInseeCommuneNaissance", self.code_commune))
        elif self.pays == FRANCE:
            ecrits += [
                ("nomCommuneNaissance", self.commune),
                ("codeCogInseeDepartementNaissance", self.departement),
            ]
        return [(cle, valeur) for cle, valeur in ecrits if valeur]


def est_ouverte() -> bool:
    """Whether this portal has the means to ask."""
    return bool(settings.API_PARTICULIER_ADRESSE)


def interroger(identite: Identite) -> Lu:
    """The quotient of this month. Raises `RefusApi`, with one sentence that says what to do."""
    if not est_ouverte():
        raise RefusApi("API Particulier n’est pas réglée sur ce portail : saisissez le quotient.", "fermee")
    if not Debit(env.VAR / "api-particulier.debit", PAR_SECONDE).passer():
        raise RefusApi("Trop d’interrogations à la fois : réessayez dans une seconde.", "debit")
    statut, entetes, corps = _demander(identite.parametres(settings.API_PARTICULIER_SIRET))
    journal.info("api_particulier", statut=statut, en_cache=entetes.get("x-response-cached", "") == "true")
    if statut != 200:
        raise RefusApi(*dire_le_refus(statut, corps, entetes))
    lu = lire_le_quotient(corps, aujourdhui())
    if lu is None:
        raise RefusApi("La réponse de la Caf ou de la MSA ne se lit pas : saisissez le quotient.", "illisible")
    return lu


def _demander(parametres: list[tuple[str, str]]) -> tuple[int, Mapping[str, str], Any]:
    """Status, headers (small letters) and JSON of the answer (None when it is not JSON)."""
    import urllib.error
    import urllib.request
    from urllib.parse import urlencode

    class SansRedirection(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_args: Any, **_options: Any) -> None:
            return None

    requete = urllib.request.Request(  # noqa: S310  # https, or this machine: reglages.particulier
        f"{settings.API_PARTICULIER_ADRESSE}{CHEMIN}?{urlencode(parametres)}",
        headers={"Authorization": f"Bearer {settings.API_PARTICULIER_JETON}", "Accept": "application/json"},
    )
    try:
        with urllib.request.build_opener(SansRedirection).open(requete, timeout=DELAI_S) as reponse:
            return reponse.status, _entetes(reponse.headers), _json(reponse.read(TAILLE_MAXIMALE))
    except urllib.error.HTTPError as erreur:
        with erreur:
            return erreur.code, _entetes(erreur.headers), _json(erreur.read(TAILLE_MAXIMALE))
    except (OSError, ValueError) as erreur:  # no answer, too late, or not HTTP
        journal.warning("api_particulier.muette", faute=type(erreur).__name__)
        raise RefusApi(MUETTE, "muette") from None


def _entetes(recus: Any) -> dict[str, str]:
    return {str(cle).lower(): str(valeur) for cle, valeur in recus.items()}


def _json(corps: bytes) -> Any:
    try:
        return json.loads(corps)
    except ValueError:
        return None
