"""Simulates API Particulier v3 on this machine: `python outils/simulateur_particulier --port 8091`. Never in production.

The name at birth chooses the answer: see `CAS`. Any other name has a quotient of the Caf, always the same for the same name."""

from __future__ import annotations

import argparse
import json
import signal
import socket
import sys
import time
import unicodedata
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import FrameType
from typing import Any
from urllib.parse import parse_qs, urlsplit

CHEMIN = "/v3/dss/quotient_familial/identite"
JETON = "jeton-de-demonstration"
EXIGES = ("recipient", "nomNaissance", "prenoms[]", "sexeEtatCivil", "codeCogInseePaysNaissance")
# Status, code, title, detail: as the endpoint's sheet gives them.
ERREURS: dict[str, tuple[int, str, str, str]] = {
    "jeton": (401, "00101", "Interdit", "Votre jeton est invalide ou n'est pas renseigné"),
    "expire": (401, "00103", "Interdit", "Votre jeton est expiré"),
    "droits": (403, "00100", "Privilèges insuffisants", "Votre jeton est valide mais vos privilèges sont insuffisants"),
    "absent": (
        404,
        "37003",
        "Dossier allocataire absent",
        "Le dossier allocataire n'a pas été trouvé auprès de la CNAF ou de la MSA",
    ),
    "trop": (429, "00429", "Trop de requêtes", "Vous avez effectué trop de requêtes"),
    "panne": (502, "37999", "Erreur inconnue du fournisseur de données", "La réponse du fournisseur est inconnue"),
    "lent": (504, "37002", "Délai dépassé", "La réponse du fournisseur a pris trop de temps"),
}
CAS = {
    "INCONNU": "absent", "TROP": "trop", "PANNE": "panne", "LENT": "lent", "EXPIRE": "expire", "DROITS": "droits",
    "COUPURE": "coupure", "ILLISIBLE": "illisible", "NEGATIF": "negatif", "FUTUR": "futur", "FERMIER": "msa",
    "AILLEURS": "ailleurs",
}  # fmt: skip


class Serveur(ThreadingHTTPServer):
    """Real HTTP on loopback. `recues`: what was asked, for the tests; `aujourdhui`: the month answered."""

    daemon_threads = True

    def __init__(
        self, port: int = 0, *, jeton: str = JETON, coupure_s: float = 20.0, prise: socket.socket | None = None
    ) -> None:
        super().__init__(("127.0.0.1", port), Reponse, bind_and_activate=prise is None)
        if prise is not None:  # it listens already
            self.socket.close()
            self.socket, self.server_address = prise, prise.getsockname()
        self.jeton, self.coupure_s = jeton, coupure_s
        self.recues: list[dict[str, list[str]]] = []
        self.aujourdhui = date.today

    @property
    def adresse(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class Reponse(BaseHTTPRequestHandler):
    server: Serveur

    def do_GET(self) -> None:
        lue = urlsplit(self.path)
        demande = parse_qs(lue.query)
        if lue.path != CHEMIN:
            self._dire(404, {"errors": [{"code": "00404", "title": "Page inconnue"}]})
        elif self.headers.get("Authorization") != f"Bearer {self.server.jeton}":
            self._refuser("jeton")
        elif manque := next((un for un in _exiges(demande) if not demande.get(un, [""])[0].strip()), ""):
            self._mal_demande(manque)
        else:
            deja = demande in self.server.recues
            self.server.recues.append(demande)
            self._repondre(demande, en_cache=deja)

    def _repondre(self, demande: dict[str, list[str]], *, en_cache: bool) -> None:
        nom = _majuscules(demande["nomNaissance"][0])
        cas = CAS.get(nom, "")
        jour = self.server.aujourdhui()
        if "mois" in demande and (int(demande["annee"][0]), int(demande["mois"][0])) > (jour.year, jour.month):
            self._mal_demande("mois", 400)
        elif cas == "coupure":
            time.sleep(self.server.coupure_s)
        elif cas == "illisible":
            self._dire(200, "<html>Maintenance</html>")
        elif cas == "ailleurs":
            self._dire(302, {}, {"Location": "https://ailleurs.invalid/"})
        elif cas in ERREURS:
            self._refuser(cas, {"Retry-After": "7"} if cas == "trop" else {})
        else:
            valeur = {"negatif": -12, "msa": 712}.get(cas, 250 + 17 * sum(map(ord, nom)) % 1400)
            annee, mois = (jour.year + 1, 1) if cas == "futur" else (jour.year, jour.month)
            fournisseur = "MSA" if cas == "msa" else "CNAF"
            self._dire(
                200,
                _dossier(demande, nom, fournisseur, valeur, (annee, mois)),
                {"X-Response-Cached": str(en_cache).lower()},
            )

    def _refuser(self, cas: str, entetes: dict[str, str] | None = None) -> None:
        statut, code, titre, detail = ERREURS[cas]
        self._dire(
            statut, {"errors": [{"code": code, "title": titre, "detail": detail, "source": None, "meta": {}}]}, entetes
        )

    def _mal_demande(self, champ: str, statut: int = 422) -> None:
        detail = f"Le paramètre {champ} n'est pas correctement formaté"
        self._dire(
            statut,
            {
                "errors": [
                    {"code": "00301", "title": "Entité non traitable", "detail": detail, "source": {"parameter": champ}}
                ]
            },
        )

    def _dire(self, statut: int, corps: Any, entetes: dict[str, str] | None = None) -> None:
        octets = corps.encode() if isinstance(corps, str) else json.dumps(corps).encode()
        self.send_response(statut)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(octets)))
        for cle, valeur in (entetes or {}).items():
            self.send_header(cle, valeur)
        self.end_headers()
        self.wfile.write(octets)

    def log_message(self, *_args: Any) -> None:
        """Nobody's name in a log, were it invented."""


def _exiges(demande: dict[str, list[str]]) -> tuple[str, ...]:
    if demande.get("codeCogInseePaysNaissance") != ["99100"] or "codeCogInseeCommuneNaissance" in demande:
        return EXIGES
    return (*EXIGES, "nomCommuneNaissance", "codeCogInseeDepartementNaissance", "anneeDateNaissance")


def _majuscules(nom: str) -> str:
    plat = unicodedata.normalize("NFD", nom.upper())
    return "".join(c for c in plat if not unicodedata.combining(c)).strip()


def _dossier(
    demande: dict[str, list[str]], nom: str, fournisseur: str, valeur: int, mois: tuple[int, int]
) -> dict[str, Any]:
    prenoms = " ".join(demande["prenoms[]"]).upper()
    ne = "-".join(demande.get(f"{un}DateNaissance", ["01"])[0].zfill(2) for un in ("annee", "mois", "jour"))
    return {
        "data": {
            "quotient_familial": {
                "fournisseur": fournisseur, "valeur": valeur, "annee": mois[0], "mois": mois[1],
                "annee_calcul": mois[0], "mois_calcul": mois[1],
            },
            "allocataires": [
                {
                    "nom_naissance": nom, "nom_usage": None, "prenoms": prenoms, "date_naissance": ne,
                    "sexe": demande["sexeEtatCivil"][0],
                }
            ],
        },
        "links": {},
        "meta": {},
    }  # fmt: skip


def principal() -> int:
    from marelle.reglages import env

    analyseur = argparse.ArgumentParser(description="Simulateur d'API Particulier : aucune personne réelle.")
    analyseur.add_argument("--port", type=int, default=8091, help="0 : n'importe lequel (8091)")
    analyseur.add_argument("--prise", type=int, help="descripteur d'une prise qui écoute déjà, au lieu du port")
    options = analyseur.parse_args()
    if env.PRODUCTION:
        print("Le simulateur d'API Particulier refuse de démarrer : MARELLE_PRODUCTION=1.", file=sys.stderr)
        return 1
    serveur = Serveur(options.port, prise=None if options.prise is None else socket.socket(fileno=options.prise))
    signal.signal(signal.SIGTERM, _finir)
    print(f"Simulateur d'API Particulier : {serveur.adresse}", flush=True)
    try:
        serveur.serve_forever()
    except KeyboardInterrupt:
        pass
    finally:
        serveur.server_close()
    return 0


def _finir(_numero: int, _cadre: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(principal())
