"""What a browser would send of the form of a page, as it stands on the screen: to change one answer and post the rest."""

from __future__ import annotations

from html.parser import HTMLParser


class _Lecture(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.donnees: dict[str, list[str]] = {}
        self.select = ""

    def handle_starttag(self, balise: str, attributs: list[tuple[str, str | None]]) -> None:
        un = {nom: valeur or "" for nom, valeur in attributs}
        if balise == "select":
            self.select = un.get("name", "")
        elif balise == "option" and "selected" in un and self.select:
            self._garder(self.select, un.get("value", ""))
        elif balise == "input" and "disabled" not in un and un.get("name"):
            cochable = un.get("type") in ("checkbox", "radio")
            if not cochable or "checked" in un:
                self._garder(un["name"], un.get("value", "on" if cochable else ""))

    def _garder(self, nom: str, valeur: str) -> None:
        self.donnees.setdefault(nom, []).append(valeur)


def formulaire(page: object) -> dict[str, list[str]]:
    """The fields of a page of the desk and their values."""
    lecture = _Lecture()
    lecture.feed(page.content.decode())  # type: ignore[attr-defined]
    lecture.donnees.pop("csrfmiddlewaretoken", None)
    return lecture.donnees
