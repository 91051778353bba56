"""The simulated PayFiP over HTTP, on this machine only: the SOAP service, the page, the notifications, the control address."""

from __future__ import annotations

import contextlib
import json
import re
import socket
import threading
import time
import urllib.request
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pages
import soap
from comptoir import PANNES, Comptoir, Faute, Operation

SERVICE, PAGE, COMMANDE = "/tpa/services/securite", "/tpa/paiementws.web", "/_simulateur"
XML, HTML, JSON = "text/xml; charset=utf-8", "text/html; charset=utf-8", "application/json"
_direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class Serveur(ThreadingHTTPServer):
    """One thread per request: the portal asks us questions while we notify it."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, hote: str, port: int, comptoir: Comptoir, prise: socket.socket | None = None) -> None:
        """`prise`: a socket that listens already, instead of `port`."""
        super().__init__((hote, port), Requete, bind_and_activate=prise is None)
        if prise is not None:
            self.socket.close()
            self.socket, self.server_address = prise, prise.getsockname()
        self.comptoir = comptoir

    @property
    def adresse(self) -> str:
        return f"http://{self.server_address[0]!s}:{self.server_address[1]}"


class Requete(BaseHTTPRequestHandler):
    """One request."""

    server: Serveur
    protocol_version = "HTTP/1.1"

    @property
    def comptoir(self) -> Comptoir:
        return self.server.comptoir

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        mots = {cle: valeurs[0] for cle, valeurs in parse_qs(parts.query, keep_blank_values=True).items()}
        notre = self.server.adresse + SERVICE
        if parts.path == SERVICE and "wsdl" in mots:
            self._repondre(200, soap.wsdl(notre), XML)
        elif parts.path == SERVICE and mots.get("xsd") in ("1", "2", "3"):
            self._repondre(200, soap.schema(mots["xsd"], notre), XML)
        elif parts.path == PAGE:
            self._page(mots.get("idop", ""))
        elif parts.path == COMMANDE:
            self._repondre(200, json.dumps(etat(self.comptoir)).encode(), JSON)
        elif parts.path == "/":
            self._repondre(200, pages.tableau(self.comptoir).encode(), HTML)
        else:
            self._repondre(404, pages.erreur("404", "Cette adresse n’existe pas").encode(), HTML)

    def do_POST(self) -> None:
        corps = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        chemin = urlsplit(self.path).path
        if chemin == SERVICE:
            self._servir(corps)
        elif chemin == PAGE:
            self._payer({cle: valeurs[0] for cle, valeurs in parse_qs(corps.decode(errors="replace")).items()})
        elif chemin == COMMANDE:
            self._commander(corps)
        else:
            self._repondre(404, b"", HTML)

    def _servir(self, corps: bytes) -> None:
        """One SOAP question: an answer, or the status 500 and a fault."""
        try:
            operation, mots = soap.lire(corps)
        except soap.Illisible as erreur:
            return self._repondre(500, soap.fauter("", str(erreur), "TechProtocolaireErreur"), XML)
        panne = self.comptoir.tomber_en_panne(operation)
        if panne in soap.TECHNIQUES:
            return self._repondre(500, soap.fauter("", f"Erreur technique : {panne}", soap.TECHNIQUES[panne]), XML)
        if panne == "html":
            return self._repondre(503, b"<html><body><h1>Service indisponible</h1></body></html>", HTML)
        if panne == "delai":
            time.sleep(self.comptoir.delai_s)
        if panne in ("coupure", "delai"):
            self.close_connection = True
            return None
        try:
            return self._repondre(200, soap.repondre(operation, self._traiter(operation, mots)), XML)
        except Faute as faute:
            return self._repondre(500, soap.fauter(faute.code, faute.libelle), XML)

    def _traiter(self, operation: str, mots: dict[str, str]) -> dict[str, str]:
        if operation == "creerPaiementSecurise":
            return {"idOp": self.comptoir.creer(mots)}
        if operation == "recupererDetailPaiementSecurise":
            return self.comptoir.detailler(mots.get("idOp", ""))
        return self.comptoir.decrire(mots.get("numCli", ""))

    def _page(self, idop: str) -> None:
        try:
            operation = self.comptoir.ouvrir(idop)
        except Faute as faute:
            return self._repondre(400, pages.erreur(faute.code, faute.libelle).encode(), HTML)
        libelle = self.comptoir.decrire(operation.demande["numcli"])["libelleN2"]
        return self._repondre(200, pages.paiement(operation, libelle).encode(), HTML)

    def _payer(self, mots: dict[str, str]) -> None:
        """Somebody pressed a button: decide, tell the portal as chosen, go back to it."""
        idop, issue = mots.get("idop", ""), mots.get("issue", "")
        try:
            if issue == "fermer":
                self.comptoir.ouvrir(idop)
                return self._repondre(200, pages.ferme().encode(), HTML)
            operation = self.comptoir.decider(idop, issue)
        except Faute as faute:
            return self._repondre(400, pages.erreur(faute.code, faute.libelle).encode(), HTML)
        prevenir(self.comptoir, operation, mots.get("notification", "avant"))
        retour = operation.demande["urlredirect"]
        self.send_response(303)
        self.send_header("Location", f"{retour}{'&' if '?' in retour else '?'}{urlencode({'idop': idop})}")
        self.send_header("Content-Length", "0")
        return self.end_headers()

    def _commander(self, corps: bytes) -> None:
        if (self.headers.get("Content-Type") or "").startswith("application/x-www-form-urlencoded"):
            mots = {cle: valeurs[0] for cle, valeurs in parse_qs(corps.decode(errors="replace")).items()}
            minutes, panne = mots.get("avancer_minutes", ""), mots.get("panne", "")
            if re.fullmatch(r"-?\d{1,6}", minutes):
                regler(self.comptoir, {"avancer_minutes": int(minutes)})
            regler(self.comptoir, {"panne": panne if panne in PANNES else ""})
            return self._repondre(200, pages.tableau(self.comptoir).encode(), HTML)
        try:
            regler(self.comptoir, json.loads(corps))
        except (ValueError, KeyError, TypeError, Faute) as erreur:
            return self._repondre(400, json.dumps({"erreur": repr(erreur)}).encode(), JSON)
        return self._repondre(200, json.dumps(etat(self.comptoir)).encode(), JSON)

    def _repondre(self, statut: int, corps: bytes, nature: str) -> None:
        self.send_response(statut)
        self.send_header("Content-Type", nature)
        self.send_header("Content-Length", str(len(corps)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        with contextlib.suppress(OSError):  # who asked did not wait
            self.wfile.write(corps)

    def log_message(self, format: str, *args: Any) -> None:
        print(self.log_date_time_string(), format % args, flush=True)


def prevenir(comptoir: Comptoir, operation: Operation, comment: str) -> None:
    """Call `urlnotif` with the idop and nothing else: now, twice, later, or never."""
    if comment in ("apres", "tard"):
        attente = comptoir.apres_s if comment == "apres" else comptoir.tard_s
        minuteur = threading.Timer(attente, _appeler, (comptoir, operation))
        minuteur.daemon = True
        minuteur.start()
        return
    for _ in range({"avant": 1, "deux": 2}.get(comment, 0)):
        _appeler(comptoir, operation)


def _appeler(comptoir: Comptoir, operation: Operation) -> None:
    champs, adresse = urlencode({"idop": operation.idop}), operation.demande["urlnotif"]
    en_get = comptoir.methode == "GET"
    requete = f"{adresse}{'&' if '?' in adresse else '?'}{champs}" if en_get else adresse
    resultat = "200"
    try:
        with _direct.open(requete, data=None if en_get else champs.encode(), timeout=10) as reponse:
            resultat = str(reponse.status)
    except OSError as erreur:
        resultat = repr(erreur)
    with comptoir.verrou:
        comptoir.notifications.append({"idop": operation.idop, "resultat": resultat})


def regler(comptoir: Comptoir, ordres: dict[str, Any]) -> None:
    """The control address: clock, faults, outcomes behind the page, false answers."""
    with comptoir.verrou:
        if "instant" in ordres:
            comptoir.regler(ordres["instant"])
        comptoir.decalage += timedelta(minutes=ordres.get("avancer_minutes", 0))
        for nom in ("accepte_w", "delai_s", "tard_s", "apres_s", "methode", "panne", "panne_fois", "panne_operation"):
            if nom in ordres:
                setattr(comptoir, nom, ordres[nom])
        if ordres.get("effacer"):
            comptoir.operations.clear()
            comptoir.notifications.clear()
            comptoir.active.clear()
        if "falsifier" in ordres:
            comptoir.operations[ordres["idop"]].fausse = dict(ordres["falsifier"])
    if "issue" in ordres:
        operation = comptoir.decider(ordres["idop"], ordres["issue"], par_la_page=False)
        prevenir(comptoir, operation, ordres.get("notification", "perdue"))


def etat(comptoir: Comptoir) -> dict[str, Any]:
    with comptoir.verrou:
        return {
            "maintenant": comptoir.maintenant().isoformat(),
            "panne": comptoir.panne,
            "notifications": list(comptoir.notifications),
            "operations": {
                idop: {"issue": une.issue, "demande": une.demande, "creee_le": une.creee_le.isoformat()}
                for idop, une in comptoir.operations.items()
            },
        }
