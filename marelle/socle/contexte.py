"""What surrounds every page: whose portal it is, where one can go, what the tools of the header show.

A face registers its own entries from its `AppConfig.ready()`:

    from marelle.socle import contexte
    contexte.NAVIGATIONS["famille"] = ma_fonction      # request → list[Entree], five at most
    contexte.OUTILS["famille"] = …                     # beside the account: the cart and its badge
    contexte.MENUS["famille"] = …                      # inside the account's menu, before « Se déconnecter »
    contexte.LIENS["famille"] = …                      # in the footer
    contexte.NOMS["famille"] = …                       # request → the name shown on the account's menu
    contexte.SOUS_TITRES["famille"] = "Portail famille"

Templates call them only where they show them: a page without header pays nothing.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from .erreurs import ErreurMarelle

FACE_PAR_DEFAUT = "public"


@dataclass(frozen=True, slots=True)
class Entree:
    """One link of the frame: `nombre` is a badge when it is not zero, `nombre_dit` the word after it (« choix »).

    `est_large`: a tool shown on wide screens only; on a telephone the account's menu has it."""

    url: str
    icone: str
    libelle: str
    est_courant: bool = False
    nombre: int = 0
    nombre_dit: str = ""
    est_large: bool = False


Fournisseur = Callable[[HttpRequest], Sequence[Entree]]
NAVIGATIONS: dict[str, Fournisseur] = {}
OUTILS: dict[str, Fournisseur] = {}
MENUS: dict[str, Fournisseur] = {}
LIENS: dict[str, Fournisseur] = {}
NOMS: dict[str, Callable[[HttpRequest], str]] = {}
SOUS_TITRES: dict[str, str] = {"famille": "Portail famille", "guichet": "Guichet", "public": "Portail famille"}
ACCUEILS: dict[str, str] = {"famille": "/", "guichet": "/guichet/", "public": "/"}


@dataclass(frozen=True, slots=True)
class Cadre:
    """The frame of one request, for base templates: `cadre.navigation`, `cadre.outils`, `cadre.menu`, `cadre.liens`."""

    request: HttpRequest
    face: str

    @property
    def sous_titre(self) -> str:
        return SOUS_TITRES.get(self.face, SOUS_TITRES[FACE_PAR_DEFAUT])

    @property
    def accueil(self) -> str:
        return ACCUEILS.get(self.face, "/")

    @property
    def nom_du_compte(self) -> str:
        nomme = NOMS.get(self.face)
        return nomme(self.request) if nomme else str(getattr(self.request, "user", ""))

    @property
    def navigation(self) -> list[Entree]:
        return _avec_la_courante(_entrees(NAVIGATIONS, self), self.request.path)

    @property
    def outils(self) -> list[Entree]:
        return _entrees(OUTILS, self)

    @property
    def menu(self) -> list[Entree]:
        return _entrees(MENUS, self)

    @property
    def liens(self) -> list[Entree]:
        return _entrees(LIENS, self)


def identite() -> Any:
    """The collectivité's identity, or None before it is loaded; found late because socle lies below collectivite."""
    try:
        return import_module("marelle.collectivite.identite").identite()
    except ErreurMarelle:
        return None


def portail(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `identite` (nom, sigle, service, telephone, courriel, adresse, logo…) and `cadre`."""
    face = getattr(request, "face", None) or FACE_PAR_DEFAUT
    return {"identite": SimpleLazyObject(identite), "cadre": Cadre(request, face)}


def _entrees(registre: dict[str, Fournisseur], cadre: Cadre) -> list[Entree]:
    fournisseur = registre.get(cadre.face)
    return list(fournisseur(cadre.request)) if fournisseur else []


def _avec_la_courante(entrees: list[Entree], chemin: str) -> list[Entree]:
    """Marks the longest entry that the path is under, unless the face has already marked one. Everything lies under a
    face's home: it is current only by itself."""
    if any(entree.est_courant for entree in entrees):
        return entrees
    accueils = set(ACCUEILS.values())
    candidates = [e.url for e in entrees if chemin == e.url or (e.url not in accueils and chemin.startswith(e.url))]
    courante = max(candidates, key=len, default=None)
    return [replace(entree, est_courant=entree.url == courante) for entree in entrees]
