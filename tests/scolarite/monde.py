"""A new family, Nour Belkacem and Sami, as its sheet says it; and the sheet once its address is confirmed."""

from __future__ import annotations

import re
import uuid
from typing import Any

from django.test import Client

from marelle.courriels.models import Courriel
from marelle.scolarite import pre_inscription as fiches
from marelle.scolarite.models import PreInscription

ADRESSE = "/fiche-de-pre-inscription/"
ADULTE = {"civilite": "mme", "prenom": "Nour", "nom": "Belkacem", "courriel": "nour@exemple.fr", "telephone": ""}
ADULTE |= {"mobile": "06 12 34 56 99", "adresse": "3 rue du Lavoir", "code_postal": "38110", "commune": "Bourg-Exemple"}
ENFANT = {"prenom": "Sami", "nom": "Belkacem", "date_naissance": "2022-05-03", "sexe": "g", "ecole": "", "classe": ""}


def contenu(**adulte: str) -> dict[str, Any]:
    return {"adultes": [ADULTE | adulte], "enfants": [ENFANT], "souhaits": ["mercredi", "ecole"]}


def secret() -> str:
    """The link of the last e-mail of confirmation."""
    courriel = Courriel.objects.filter(gabarit="pre_inscription_confirmer").latest("pk")
    trouve = re.search(r"/confirmation/([\w-]+)/", courriel.texte)
    assert trouve
    return trouve[1]


def deposee(**adulte: str) -> PreInscription:
    fiches.ecrire_une_fiche(contenu(**adulte), uuid.uuid4())
    return fiches.confirmer(secret())


def reponses(**autres: str) -> dict[str, Any]:
    """What Nour Belkacem writes for Sami."""
    saisies: dict[str, Any] = {f"adulte1-{nom}": valeur for nom, valeur in ADULTE.items()}
    saisies |= {f"enfant1-{nom}": valeur for nom, valeur in ENFANT.items()}
    saisies |= {"souhaits": ["mercredi", "ecole"], "jeton": str(uuid.uuid4()), "certifie": "on"}
    return saisies | {nom.replace("__", "-"): valeur for nom, valeur in autres.items()}


def envoyer(client: Client, **autres: str) -> PreInscription:
    assert client.post(ADRESSE, reponses(**autres)).status_code == 302
    return PreInscription.objects.latest("pk")


def confirmee(client: Client, **autres: str) -> PreInscription:
    envoyer(client, **autres)
    assert client.get(f"{ADRESSE}confirmation/{secret()}/").status_code == 302
    assert client.post(f"{ADRESSE}confirmation/").status_code == 200
    return PreInscription.objects.latest("pk")


def dit(reponse: Any) -> str:
    return str(reponse.content.decode().replace("\u202f", " ").replace("\u00a0", " "))
