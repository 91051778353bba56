"""The pages that tests leave are handed to the next ones, emptied: a new one costs the machine as much as two pages to read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, CDPSession, Page

from .reseau import est_locale

DELAI_MS = 8000


@dataclass(eq=False)
class Onglet:
    """A page in a session of its own, and what went wrong in it."""

    contexte: BrowserContext
    page: Page
    outil: CDPSession
    genre: tuple[bool, bool]
    ennuis: list[str] = field(default_factory=list)


class Onglets:
    """The pages of one worker: those that are free wait, by kind."""

    def __init__(self, navigateur: Browser) -> None:
        self._navigateur = navigateur
        self._libres: list[Onglet] = []

    def prendre(
        self, adresse: str, taille: tuple[int, int], theme: str, *, tactile: bool, javascript: bool, neuf: bool
    ) -> Onglet:
        """A page of that size, by touch or not, in that theme, that remembers nothing; `neuf`: that no test has had."""
        genre = (tactile, javascript)
        libres = [un for un in self._libres if un.genre == genre and not neuf]
        if libres:
            self._libres.remove(libres[0])
        un = libres[0] if libres else self._ouvrir(adresse, taille, genre)
        un.page.set_viewport_size({"width": taille[0], "height": taille[1]})
        un.page.emulate_media(color_scheme=theme, reduced_motion="reduce")  # type: ignore[arg-type]
        un.page.set_default_timeout(DELAI_MS)
        return un

    def rendre(self, un: Onglet, *, reprendre: bool) -> None:
        """Give it to another test, or close it for good when the last one failed, closed it or changed more than its page."""
        if not reprendre or un.page.is_closed():
            un.contexte.close()
            return
        for autre in un.contexte.pages:
            if autre is not un.page:
                autre.close()
        un.page.goto("about:blank")
        un.contexte.clear_cookies()
        un.outil.send("Network.clearBrowserCache")  # the colours of one portal are not another's
        un.outil.send("Storage.clearDataForOrigin", {"origin": "*", "storageTypes": "all"})
        un.ennuis.clear()
        self._libres.append(un)

    def _ouvrir(self, adresse: str, taille: tuple[int, int], genre: tuple[bool, bool]) -> Onglet:
        tactile, javascript = genre
        contexte = self._navigateur.new_context(
            base_url=adresse,
            viewport={"width": taille[0], "height": taille[1]},
            has_touch=tactile,
            is_mobile=tactile,
            java_script_enabled=javascript,
            locale="fr-FR",
            timezone_id="Europe/Paris",
        )
        contexte.set_default_timeout(DELAI_MS)
        page = contexte.new_page()
        un = Onglet(contexte, page, contexte.new_cdp_session(page), genre)
        _surveiller(page, un.ennuis.append)
        return un


def _surveiller(page: Page, ennui: Callable[[str], Any]) -> None:
    """A refused form answers 4xx, which Chromium logs as a failed resource: that is not a script error."""
    # Chromium reports a page transition (CSS only) that a quick click interrupts as an error of a script.
    page.on("pageerror", lambda erreur: None if "Transition was" in str(erreur) else ennui(f"script : {erreur}"))
    page.on(
        "console",
        lambda message: (
            ennui(f"console : {message.text}")
            if message.type == "error" and not message.text.startswith("Failed to load resource")
            else None
        ),
    )
    page.on("request", lambda requete: None if _est_chez_nous(requete.url) else ennui(f"sortie : {requete.url}"))


def _est_chez_nous(adresse: str) -> bool:
    parts = urlsplit(adresse)
    return parts.scheme in {"data", "blob", "about"} or est_locale(parts.hostname or "")
