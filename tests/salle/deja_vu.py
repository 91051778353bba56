"""What axe has already seen in this run, whichever worker saw it: the same tags, classes, roles and attributes, any words.

The crawl of tests/accessibilite, the scenarios and the screens of each part meet the same pages with other children in them; axe
takes twice the time of the page itself. `MARELLE_TEST_AXE_TOUT=1` forgets nothing: each page in each way, each time.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

# Each page in the four ways; the suite sees one of them.
TOUT = bool(os.environ.get("MARELLE_TEST_AXE_TOUT"))
# Digits are somebody's; brothers that look alike are one; a word counts by being there.
SQUELETTE = r"""() => {
  const muets = new Set(["href", "src", "value", "action", "content", "datetime", "title", "alt"]);
  const dit = (e) => {
    const attributs = [...e.attributes]
      .map((a) => a.name + "=" + (muets.has(a.name) ? a.value.trim() && "…" : a.value.replace(/[0-9a-f-]*\d[0-9a-f-]*/g, "#")))
      .sort();
    const texte = [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim()) ? "…" : "";
    const etat = (e.checked ? "c" : "") + (e.open ? "o" : "") + (e.matches(":focus") ? "f" : "");
    return e.tagName + "[" + attributs + "]" + etat + texte + "{" + [...new Set([...e.children].map(dit))] + "}";
  };
  return dit(document.documentElement);
}"""


def deja_vu(page: Page, vue: str = "") -> Path | None:
    """Where to note that axe found nothing on this page as it is now; None when it is noted already.

    `vue`: what tells two looks at the same page apart, where each is wanted."""
    marque = hashlib.sha256(f"{vue}{page.evaluate(SQUELETTE)}".encode()).hexdigest()
    note = Path(os.environ["MARELLE_ESSAIS"]) / "pages-vues" / marque
    return None if note.exists() and not TOUT else note


def noter(note: Path) -> None:
    note.parent.mkdir(exist_ok=True)
    note.touch()
