"""One page as everybody sees it: loaded once, wide by day then narrow by night, under axe, nothing sticking out."""

from __future__ import annotations

import os

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from .navigateur import sans_debordement

# Each page in the four ways; the suite sees two of them.
TOUT = bool(os.environ.get("MARELLE_AXE_TOUT"))
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
    page.evaluate(Axe().axe_script)
    page.evaluate("document.querySelectorAll('details.carte').forEach(pli => { pli.open = true; })")

    def juger(options: dict[str, object], vue: str) -> None:
        trouves = page.evaluate(AXE, {"resultTypes": ["violations"], **options})
        fautes.extend(f"{page.url} ({vue}) : {un['id']}, {un['nodes'][0]['html'][:200]}" for un in trouves)

    sans_debordement(page)
    juger({}, "1280 px, clair")
    page.emulate_media(color_scheme="dark")
    if tout:
        juger(DU_THEME, "1280 px, sombre")
    page.set_viewport_size({"width": 360, "height": 740})
    sans_debordement(page)
    juger(DE_LA_LARGEUR, "360 px, sombre")
    if tout:
        page.emulate_media(color_scheme="light")
        juger(DU_THEME, "360 px, clair")
    return fautes
