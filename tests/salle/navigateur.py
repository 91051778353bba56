"""Chromium for the tests: pages of a telephone and of a desk, signed-in sessions, and axe."""

import re
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Error, Page, sync_playwright

from .chromium import chemin_chromium
from .deja_vu import deja_vu, noter
from .onglets import Onglet, Onglets

ARGUMENTS = [
    "--no-sandbox", "--headless=new", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
    # A script runs once in a page of ours, axe too: compiling it better in the background costs more than it gives back.
    "--js-flags=--no-opt,--no-maglev",
]  # fmt: skip
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


@pytest.fixture(scope="session")
def onglets(chromium: Browser) -> Onglets:
    return Onglets(chromium)


@pytest.fixture
def nouvelle_page(onglets: Onglets, live_server: Any, request: pytest.FixtureRequest) -> Iterator[Callable[..., Page]]:
    """`nouvelle_page(largeur, hauteur, tactile=…, theme="light"|"dark", javascript=…)`: a page in a session of its own.

    `neuve=True` for a test that changes more than the page itself (scripts of its own, dialogues, tools of Chromium): nobody
    has it before or after. The test fails at its end when one of its pages had a script error, broke the content security
    policy or asked another machine for something.
    """
    pris: list[tuple[Onglet, bool]] = []

    def ouvrir(
        largeur: int = 1280,
        hauteur: int = 900,
        *,
        tactile: bool = False,
        theme: str = "light",
        javascript: bool = True,
        neuve: bool = False,
    ) -> Page:
        taille = (largeur, hauteur)
        un = onglets.prendre(live_server.url, taille, theme, tactile=tactile, javascript=javascript, neuf=neuve)
        pris.append((un, neuve))
        return un.page

    with _delai(DELAI_DU_TEST_S):
        yield ouvrir
    a_echoue = getattr(request.node, "a_echoue", False)
    if a_echoue:
        _photographier([un.contexte for un, _ in pris], request.node.name)
    ennuis = [ennui for un, _ in pris for ennui in un.ennuis]
    for un, neuve in pris:
        onglets.rendre(un, reprendre=not (a_echoue or ennuis or neuve))
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
    note = deja_vu(page, str(options or ""))
    if note is None:
        return
    resultat = Axe().run(page, options={"resultTypes": ["violations"], **options})
    assert not resultat.violations_count, f"{page.url}\n{resultat.generate_report()}"
    noter(note)


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
