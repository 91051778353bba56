"""A real SMTP server in a thread, that can be told to refuse, and a collectivité that writes."""

import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope

from marelle.collectivite.models import Collectivite
from marelle.courriels import rendu
from marelle.reglages import env
from marelle.socle import memoire

OPTIONS = """
nom = "CC des Essais"
sigle = "CCE"
service = "Service Enfance"
telephone = "02 00 00 00 00"
courriel = "enfance@essais.exemple"
zone = "B"
[[dossier.onglets]]
code = "fiche"
titre = "Fiche"
natures = ["fiche_enfant"]
"""


@dataclass
class Facteur:
    """What the server received, and what it answers: by addressee (« 550 … »), or to everyone."""

    recus: list[EmailMessage] = field(default_factory=list)
    connexions: int = 0
    refus_par_adresse: dict[str, str] = field(default_factory=dict)
    refus_du_message: str = ""
    raccroche: bool = False
    port: int = 0

    async def handle_EHLO(
        self, server: Any, session: Any, envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        self.connexions += 1
        session.host_name = hostname
        return responses

    async def handle_RCPT(self, server: Any, session: Any, envelope: Envelope, address: str, options: Any) -> str:
        if address in self.refus_par_adresse:
            return self.refus_par_adresse[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Envelope) -> str:
        if self.raccroche:
            server.transport.close()
            return "421 au revoir"
        if self.refus_du_message:
            return self.refus_du_message
        assert isinstance(envelope.content, bytes)
        self.recus.append(message_from_bytes(envelope.content, policy=policy.default))  # type: ignore[arg-type]
        return "250 OK"

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"


def port_libre() -> int:
    """A port where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as prise:
        return int(prise.getsockname()[1])


@pytest.fixture
def facteur(monkeypatch: pytest.MonkeyPatch) -> Iterator[Facteur]:
    facteur = Facteur(port=port_libre())
    serveur = Controller(facteur, hostname="127.0.0.1", port=facteur.port)
    serveur.start()
    monkeypatch.setattr(env, "COURRIEL_URL", facteur.url)
    yield facteur
    serveur.stop()


@pytest.fixture
def facteur_avec_mot_de_passe(monkeypatch: pytest.MonkeyPatch) -> Iterator[Facteur]:
    """A server that asks for a user name and a password, in clear: « portail » and « sesame @ 1 »."""
    facteur = Facteur(port=port_libre())

    def verifier(_serveur: Any, _session: Any, _enveloppe: Any, _mecanisme: str, donnees: Any) -> AuthResult:
        return AuthResult(handled=False, success=(donnees.login, donnees.password) == (b"portail", b"sesame @ 1"))

    serveur = Controller(
        facteur, hostname="127.0.0.1", port=facteur.port,
        auth_required=True, auth_require_tls=False, authenticator=verifier,
    )  # fmt: skip
    serveur.start()
    yield facteur
    serveur.stop()


@pytest.fixture(autouse=True)
def collectivite(db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The collectivité's folder of texts, with one message « bonjour » of its own."""
    Collectivite.objects.create(code="essais", nom="CC des Essais", texte=OPTIONS)
    memoire.oublier()
    textes = tmp_path / "essais" / "textes" / "courriels"
    textes.mkdir(parents=True)
    (textes / "bonjour.objet.txt").write_text("Acceptée – {{ prenom }}, mercredi 9 décembre\n")
    (textes / "bonjour.txt").write_text("Bonjour {{ prenom }} !\n\n{{ collectivite.nom }} : {{ base_url }}\n")
    (textes / "bonjour.html").write_text(
        "<style>a{margin:0 !important}</style><h1>{{ objet }}</h1><p>Bonjour {{ prenom }} !</p>"
    )
    monkeypatch.setattr(env, "DOSSIER_COLLECTIVITES", tmp_path)
    monkeypatch.setattr(env, "COLLECTIVITE", "essais")
    monkeypatch.setattr(env, "COURRIEL_URL", "")
    rendu._moteur.cache_clear()
    yield textes
    memoire.oublier()
    rendu._moteur.cache_clear()
