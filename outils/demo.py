"""Starts the demonstration: prepares each portal, runs its web server and its worker, and stops all it started."""

import argparse
import contextlib
import fcntl
import hashlib
import json
import secrets
import shutil
import sys
import tomllib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO
from zoneinfo import ZoneInfo

import demo_particulier
import demo_payfip
import demo_prise
from demo_affichage import Ligne, tableau
from demo_processus import Arret, Enfants, attendre_la_reponse
from etapes import Echec, etape, lancer

from marelle.commandes.servir import verifier_port
from marelle.reglages import env
from marelle.socle.erreurs import ErreurMarelle

RACINE = Path(__file__).resolve().parent.parent
HOTE = "127.0.0.1"
PARIS = ZoneInfo("Europe/Paris")
MOT_DE_PASSE = env.VAR / "demo-mot-de-passe"
CONSONNES, VOYELLES = "bdfgklmnprstvz", "aeiou"


@dataclass(frozen=True)
class Portail:
    """One collectivité, shown on one port."""

    code: str
    nom: str
    port: int
    payfip: str = ""  # where its online payments go; empty: it has none
    particulier: str = ""  # where quotients are asked

    @property
    def adresse(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def base(self) -> Path:
        return env.VAR / f"{self.code}.sqlite3"

    @property
    def temoin(self) -> Path:
        """What its last preparation left: the state it answered to, and what to show."""
        return env.VAR / f"demo-{self.code}.json"

    @property
    def environnement(self) -> dict[str, str]:
        """What its processes are told; a database or settings of this terminal's production stay out of it."""
        return {
            "MARELLE_COLLECTIVITE": self.code,
            "MARELLE_DEMO": "1",
            "MARELLE_VAR": str(env.VAR),
            "MARELLE_BASE_URL": self.adresse,
            "MARELLE_PAYFIP_ADRESSE": self.payfip,
            **demo_particulier.environnement(self.particulier),
            "DATABASE_URL": "",
            "PYTHONUNBUFFERED": "1",
        }


def principal() -> int:
    options = lire_options()
    if env.PRODUCTION:
        raise Echec(
            "La démonstration refuse de démarrer : MARELLE_PRODUCTION=1, et ses mots de passe sont connus de tous."
        )
    portails = choisir(options.collectivite, options.port)
    env.VAR.mkdir(parents=True, exist_ok=True)
    with verrou(), Enfants(env.VAR / "journaux") as enfants:
        try:
            verifier_ports(portails)
            print("Démonstration de Marelle", flush=True)
            for portail in portails if options.neuve else []:
                effacer(portail)
            print(demarrer(portails, enfants), flush=True)
            enfants.veiller()
        except Arret:
            print("\nArrêt de la démonstration…", flush=True)
    print("Tout est arrêté. Les données restent dans var/ ; « make demo » les retrouve.", flush=True)
    return 0


def lire_options() -> argparse.Namespace:
    analyseur = argparse.ArgumentParser(description="Démarre la démonstration.")
    analyseur.add_argument("--collectivite", help="le code d'une seule collectivité")
    analyseur.add_argument("--port", help="premier port")
    analyseur.add_argument("--neuve", action="store_true", help="efface d'abord les données")
    return analyseur.parse_args()


def choisir(code: str | None, port: str | None) -> list[Portail]:
    """The portals asked for, each with its port: the one named, or all those whose folder is complete."""
    plan = tomllib.loads((env.DOSSIER_COLLECTIVITES / "demonstration.toml").read_text(encoding="utf-8"))
    presents = [un for un in plan["portails"] if (env.DOSSIER_COLLECTIVITES / un / "activites.toml").is_file()]
    if code and code not in presents:
        raise Echec(f"Collectivité inconnue : « {code} ». Au choix : {', '.join(presents)}.")
    if port and not port.isdecimal():
        raise Echec(f"PORT={port} n'est pas un numéro de port.")
    premier = int(port) if port else plan["premier_port"] + (plan["portails"].index(code) if code else 0)
    choisis = [code] if code else presents
    en_ligne = [un for un in choisis if demo_payfip.est_paye_en_ligne(un)]
    payfip = demo_prise.reserver(HOTE, demo_payfip.PORT) if en_ligne else ""
    particulier = demo_prise.reserver(HOTE, demo_particulier.PORT)
    ports = {un: premier + (0 if code else plan["portails"].index(un)) for un in choisis}
    return [Portail(un, _nom(un), ports[un], payfip if un in en_ligne else "", particulier) for un in choisis]


def _nom(code: str) -> str:
    fichier = env.DOSSIER_COLLECTIVITES / code / "collectivite.toml"
    try:
        return str(tomllib.loads(fichier.read_text(encoding="utf-8"))["nom"])
    except (OSError, tomllib.TOMLDecodeError, KeyError):
        return code  # loading it will say what is wrong, better than here


def verifier_ports(portails: list[Portail]) -> None:
    for portail in portails:
        try:
            verifier_port(HOTE, portail.port)
        except ErreurMarelle as erreur:
            raise Echec(f"Impossible de démarrer : {erreur} Un autre : make demo PORT=9000") from None


class verrou:
    """Two demonstrations on the same data would erase each other's."""

    def __enter__(self) -> None:
        self.fichier: IO[str] = (env.VAR / "demo.verrou").open("w")
        try:
            fcntl.flock(self.fichier, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise Echec("Une démonstration tourne déjà avec ces données : arrêtez-la d'abord (Ctrl-C).") from None

    def __exit__(self, *_: object) -> None:
        self.fichier.close()


def effacer(portail: Portail) -> None:
    with etape(f"{portail.nom} : données effacées"):
        for fichier in [portail.temoin, *env.VAR.glob(f"{portail.base.name}*")]:
            fichier.unlink(missing_ok=True)
        shutil.rmtree(env.VAR / "pieces" / portail.code, ignore_errors=True)


def mot_de_passe() -> str:
    """The one password of every account, drawn the first time and kept, readable by this user only."""
    if not MOT_DE_PASSE.exists():
        syllabes = ["".join((secrets.choice(CONSONNES), secrets.choice(VOYELLES))) for _ in range(6)]
        debut, fin = "".join(syllabes[:3]).capitalize(), "".join(syllabes[3:])
        MOT_DE_PASSE.touch(mode=0o600)
        MOT_DE_PASSE.write_text(f"{debut}-{secrets.randbelow(9000) + 1000}-{fin}")
    return MOT_DE_PASSE.read_text()


def demarrer(portails: list[Portail], enfants: Enfants) -> str:
    """Prepare and start every portal; returns the table to show."""
    secret = mot_de_passe()
    lignes: list[tuple[str, list[Ligne]]] = []
    comptes: list[Ligne] = []
    for portail, lu in zip(portails, preparer_tous(portails, enfants), strict=True):
        adresses = [(quoi, portail.adresse + chemin) for quoi, chemin in lu["adresses"]]
        adresses += [(demo_payfip.NOM, f"{portail.payfip}/")] if portail.payfip else []
        lignes.append((portail.nom, adresses))
        comptes = comptes or [(identifiant, qui) for identifiant, qui in lu["comptes"]]
    with etape("Serveur et tâches"):
        prise = demo_prise.ceder(portails[0].particulier)
        enfants.lancer_outil(portails[0], demo_particulier.NOM, demo_particulier.COMMANDE, "particulier", prise)
        for portail in portails:
            enfants.lancer(portail, "web", ["servir", "--hote", HOTE, "--port", str(portail.port)])
            enfants.lancer(portail, "tâches", ["travailler"])
        for portail in portails:
            attendre_la_reponse(f"http://{HOTE}:{portail.port}/sante", enfants)
        for portail in [un for un in portails if un.payfip][:1]:
            prise = demo_prise.ceder(portail.payfip)
            enfants.lancer_outil(portail, demo_payfip.NOM, demo_payfip.COMMANDE, "payfip", prise)
    return tableau(lignes, comptes, secret)


def preparer_tous(portails: list[Portail], enfants: Enfants) -> list[dict[str, list[Ligne]]]:
    """What to show of each portal; those that something has changed for, or a new day, are made ready first, side by side."""
    etats = {portail: empreinte(portail) for portail in portails}
    a_faire = [portail for portail in portails if deja_prets(portail).get("empreinte") != etats[portail]]
    commandes = []
    for rang, portail in enumerate(a_faire):
        arguments = ["--mot-de-passe", str(MOT_DE_PASSE), "--resultat", str(portail.temoin)]
        arguments += ["--empreinte", etats[portail], *([] if rang else ["--statiques"])]  # the same files for all
        commandes.append((portail, [sys.executable, "outils/demo_portail.py", portail.nom, *arguments]))
    enfants.preparer(commandes)
    return [deja_prets(portail) for portail in portails]


def deja_prets(portail: Portail) -> dict[str, list[Ligne]]:
    """What the last preparation left; nothing when there was none."""
    if portail.base.exists():
        with contextlib.suppress(OSError, ValueError):
            return dict(json.loads(portail.temoin.read_text()))
    return {}


def empreinte(portail: Portail) -> str:
    """Changes with the code, the collectivité's data, the password, and each day: the families' story follows the date."""
    dossiers = [RACINE / "marelle", env.DOSSIER_COLLECTIVITES / portail.code]
    somme = hashlib.sha256(f"{datetime.now(PARIS).date()} {mot_de_passe()} {sys.version}".encode())
    for fichier in sorted(
        un for dossier in dossiers for un in dossier.rglob("*") if "__pycache__" not in un.parts and un.is_file()
    ):
        etat = fichier.stat()
        somme.update(f"{fichier} {etat.st_size} {etat.st_mtime_ns}".encode())
    return somme.hexdigest()


if __name__ == "__main__":
    lancer(principal)
