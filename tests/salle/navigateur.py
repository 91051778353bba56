"""Chromium for the tests: pages of a telephone and of a desk, signed-in sessions, and axe."""

import re
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Error, Page, sync_playwright

from .chromium import chemin_chromium
from .reseau import est_locale

ARGUMENTS = [
    "--no-sandbox", "--headless=new", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]  # fmt: skip
DELAI_MS = 8000
DELAI_DU_TEST_S = 240  # a page whose script never answers would hold the whole suite


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser per worker."""
    chemin = chemin_chromium()
    if not chemin:
        pytest.skip("Chromium est absent : apt install chromium")
    with sync_playwright() as playwright:
        navigateur = playwright.chromium.launch(executable_path=chemin, args=ARGUMENTS)
        yield navigateur
        navigateur.close()


@pytest.fixture
def nouvelle_page(chromium: Browser, live_server: Any, request: pytest.FixtureRequest) -> Iterator[Callable[..., Page]]:
    """`nouvelle_page(largeur, hauteur, tactile=…, theme="light"|"dark", javascript=…)`: a page in a session of its own.

    The test fails at its end when one of its pages had a script error, broke the content security policy or asked
    another machine for something.
    """
    contextes: list[BrowserContext] = []
    ennuis: list[str] = []

    def ouvrir(
        largeur: int = 1280, hauteur: int = 900, *, tactile: bool = False, theme: str = "light", javascript: bool = True
    ) -> Page:
        contexte = chromium.new_context(
            base_url=live_server.url,
            viewport={"width": largeur, "height": hauteur},
            has_touch=tactile,
            is_mobile=tactile,
            color_scheme=theme,  # type: ignore[arg-type]
            reduced_motion="reduce",
            java_script_enabled=javascript,
            locale="fr-FR",
            timezone_id="Europe/Paris",
        )
        contexte.set_default_timeout(DELAI_MS)
        contextes.append(contexte)
        page = contexte.new_page()
        _surveiller(page, ennuis)
        return page

    with _delai(DELAI_DU_TEST_S):
        yield ouvrir
    if getattr(request.node, "a_echoue", False):
        _photographier(contextes, request.node.name)
    for contexte in contextes:
        contexte.close()
    assert not ennuis, "Ennuis dans le navigateur :\n" + "\n".join(ennuis)


@contextmanager
def _delai(secondes: float) -> Iterator[None]:
    """Nothing bounds `evaluate`: the test fails instead of waiting for ever."""

    def trop_long(*_: Any) -> None:
        raise TimeoutError(f"Le navigateur ne répond plus depuis {secondes:.0f} s.")

    ancien = signal.signal(signal.SIGALRM, trop_long)
    signal.setitimer(signal.ITIMER_REAL, secondes)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, ancien)


@pytest.fixture
def page_bureau(nouvelle_page: Callable[..., Page]) -> Page:
    """A page 1280 px wide, with a mouse and a keyboard."""
    return nouvelle_page(1280, 900)


@pytest.fixture
def page_telephone(nouvelle_page: Callable[..., Page]) -> Page:
    """A page of a small telephone: 360 × 740 px, by touch."""
    return nouvelle_page(360, 740, tactile=True)


@pytest.fixture
def connecter(live_server: Any) -> Callable[[Page, Any], None]:
    """`connecter(page, compte)`: gives the page a signed-in session, without going through the form."""

    def ouvrir_session(page: Page, compte: Any) -> None:
        client = Client()
        client.force_login(compte)
        valeur = client.cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": valeur, "url": live_server.url, "httpOnly": True}]
        )

    return ouvrir_session


def sans_defaut_axe(page: Page, **options: Any) -> None:
    """Fail with axe's report when it finds an accessibility defect on the page as it is now."""
    resultat = Axe().run(page, options={"resultTypes": ["violations"], **options})
    assert not resultat.violations_count, f"{page.url}\n{resultat.generate_report()}"


def sans_debordement(page: Page) -> None:
    """Fail when the page has to be scrolled sideways."""
    largeur, visible = _largeurs(page)
    assert largeur <= visible, f"{page.url} déborde : {largeur} px de large pour {visible} px visibles"


def _largeurs(page: Page) -> tuple[int, int]:
    """Of what the page holds, and of what it shows; measured again when the page asked for arrives meanwhile."""
    for essai in range(3):
        page.wait_for_load_state("load")  # measured with its sheet, whatever came before
        try:
            return tuple(page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]"))
        except Error as erreur:
            if "context was destroyed" not in str(erreur) or essai == 2:
                raise
    raise AssertionError


def _surveiller(page: Page, ennuis: list[str]) -> None:
    """A refused form answers 4xx, which Chromium logs as a failed resource: that is not a script error."""
    # Chromium reports a page transition (CSS only) that a quick click interrupts as an error of a script.
    page.on(
        "pageerror",
        lambda erreur: None if "Transition was" in str(erreur) else ennuis.append(f"script : {erreur}"),
    )
    page.on(
        "console",
        lambda message: (
            ennuis.append(f"console : {message.text}")
            if message.type == "error" and not message.text.startswith("Failed to load resource")
            else None
        ),
    )
    page.on(
        "request", lambda requete: None if _est_chez_nous(requete.url) else ennuis.append(f"sortie : {requete.url}")
    )


def _est_chez_nous(adresse: str) -> bool:
    parts = urlsplit(adresse)
    return parts.scheme in {"data", "blob", "about"} or est_locale(parts.hostname or "")


def _photographier(contextes: list[BrowserContext], nom: str) -> None:
    """Keep a picture of each open page of a failed test in var/essais/."""
    dossier = settings.BASE_DIR / "var" / "essais"
    dossier.mkdir(parents=True, exist_ok=True)
    pages = [page for contexte in contextes for page in contexte.pages]
    for numero, page in enumerate(pages):
        page.screenshot(path=dossier / f"{re.sub('[^a-z0-9_]+', '-', nom)}-{numero}.png", full_page=True)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    resultat = yield
    if resultat.get_result().failed:  # type: ignore[attr-defined]
        item.a_echoue = True  # type: ignore[attr-defined]
