"""One page as everybody sees it: loaded once, wide by day and narrow by night, under axe, nothing sticking out.

The suite puts a page that axe has not seen yet (deja_vu.py) under it one of these ways, always the same for an address;
`MARELLE_TEST_AXE_TOUT=1` puts every page in the four."""

from __future__ import annotations

from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from .deja_vu import TOUT, deja_vu, noter
from .navigateur import sans_debordement

# What a theme, then a width, can change.
DU_THEME = {"runOnly": ["color-contrast"]}
DE_LA_LARGEUR = {"runOnly": ["color-contrast", "target-size", "scrollable-region-focusable", "aria-hidden-focus"]}

AXE = """o => Promise.race([
  axe.run(o).then(r => r.violations),
  new Promise((_, non) => setTimeout(() => non(new Error("axe ne répond pas")), 20000)),
])"""


def regarder(page: Page, adresse: str = "", *, tout: bool = TOUT) -> list[str]:
    """The defects of this address (of the page as it is, without one): « address (way): rule, element »."""
    fautes: list[str] = []
    page.bring_to_front()
    page.set_viewport_size({"width": 1280, "height": 900})
    page.emulate_media(color_scheme="light")
    if adresse:
        page.goto(adresse)
    page.evaluate("document.querySelectorAll('details.carte').forEach(pli => { pli.open = true; })")
    note = deja_vu(page, page.url if tout else "")
    if note is not None:
        page.evaluate(Axe().axe_script)

    def juger(options: dict[str, object], vue: str) -> None:
        trouves = page.evaluate(AXE, {"resultTypes": ["violations"], **options})
        fautes.extend(f"{page.url} ({vue}) : {un['id']}, {un['nodes'][0]['html'][:200]}" for un in trouves)

    au_large = tout or sum(urlsplit(page.url).path.encode()) % 2 == 0
    sans_debordement(page)
    if au_large and note:
        juger({}, "1280 px, clair")
    page.emulate_media(color_scheme="dark")
    if tout:
        juger(DU_THEME, "1280 px, sombre")
    page.set_viewport_size({"width": 360, "height": 740})
    sans_debordement(page)
    if note and (tout or not au_large):
        juger(DE_LA_LARGEUR if tout else {}, "360 px, sombre")
    if tout:
        page.emulate_media(color_scheme="light")
        juger(DU_THEME, "360 px, clair")
    if note and not fautes:
        noter(note)
    return fautes
