"""The texts of an e-mail: subject, plain text and HTML, from the templates of the apps or the collectivité's own."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template import Context, Engine

from marelle.reglages import env
from marelle.socle.francais import typo, typo_html

OBJET_MAX = 250


@dataclass(frozen=True, slots=True)
class Rendu:
    objet: str
    texte: str
    html: str


def rendre(gabarit: str, contexte: Mapping[str, Any]) -> Rendu:
    """Render `courriels/<gabarit>.{objet.txt,txt,html}`; the texts of the collectivité come before the product's.

    Adds to the context `collectivite` (its identity), `base_url` and, for the HTML and the text, `objet`. Raises
    TemplateDoesNotExist when a text is missing.
    """
    from marelle.collectivite.identite import identite

    tout = {"collectivite": identite(), "base_url": settings.BASE_URL, **contexte}
    dossier = env.DOSSIER_COLLECTIVITES / env.COLLECTIVITE / "textes"
    # One line whatever the data hold: a name with a line break can add no header to the message.
    objet = typo(" ".join(_texte(dossier, f"{gabarit}.objet.txt", tout).split()))[:OBJET_MAX]
    tout["objet"] = objet
    texte = typo(_texte(dossier, f"{gabarit}.txt", tout).strip()) + "\n"
    html = _moteur(dossier, echappe=True).get_template(f"courriels/{gabarit}.html").render(Context(tout))
    return Rendu(objet, texte, typo_html(html))


def _texte(dossier: Path, nom: str, contexte: dict[str, Any]) -> str:
    return _moteur(dossier, echappe=False).get_template(f"courriels/{nom}").render(Context(contexte, autoescape=False))


@lru_cache(maxsize=8)
def _moteur(dossier: Path, *, echappe: bool) -> Engine:
    """A template engine of our own: plain text is not escaped, and the texts of the collectivité are looked up first."""
    from django.template.backends.django import get_installed_libraries

    options = settings.TEMPLATES[0]["OPTIONS"]
    return Engine(
        dirs=[str(dossier)],
        app_dirs=True,
        autoescape=echappe,
        libraries=get_installed_libraries(),
        builtins=options.get("builtins", []),
        string_if_invalid=options.get("string_if_invalid", ""),
    )
