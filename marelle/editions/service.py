"""Making a PDF: `produire("accuse", donnees)` returns its bytes, readable by everyone and fit for the archives.

Every document is PDF/UA-1 (tagged, French, titled) and PDF/A-2a at once; a warning of the typesetter is an error.
"""

import json
import threading
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from marelle.socle import francais
from marelle.socle.horloge import PARIS, maintenant

from .glyphes import DOSSIER as POLICES
from .glyphes import dessinable
from .qr import qr_svg

if TYPE_CHECKING:
    import typst

MODELES = Path(__file__).parent / "modeles"
NORMES: list[Any] = ["ua-1", "a-2a"]
_fil = threading.local()


class EditionImpossible(RuntimeError):
    """The model cannot be set with these data: a mistake of ours, to be read in the logs, never shown as such."""


def produire(modele: str, donnees: Mapping[str, Any], *, edite: datetime | None = None) -> bytes:
    """The PDF of a model (« accuse », « reglement »… : those of `modeles`) with data of its shape in `formes`.

    The letterhead is that of the collectivité. `edite`: the instant that the document bears, now without it: the same data
    with the same instant give the same bytes. Raises EditionImpossible, naming the model and the typesetter's reason.
    """
    import typst  # large: only the processes that make documents carry it

    source = MODELES / f"{modele}.typ"
    if not modele.isidentifier() or not source.is_file():
        raise EditionImpossible(f"Modèle inconnu : {modele}")
    present = edite or maintenant()
    entrees = {"donnees": json.dumps(_pret(_complet(modele, donnees, present)), ensure_ascii=False)}
    try:
        pdf, alertes = _compilateur().compile_with_warnings(
            input=str(source),
            format="pdf",
            sys_inputs=entrees,
            pdf_standards=NORMES,
            timestamp=int(present.timestamp()),
        )
    except typst.TypstError as erreur:
        raise EditionImpossible(f"{modele} : {erreur.message}") from erreur
    if alertes or not isinstance(pdf, bytes):
        raise EditionImpossible(f"{modele} : {'; '.join(alerte.message for alerte in alertes)}")
    return pdf


def oublier_les_pages() -> None:
    """Let the typesetter forget what it keeps of the last documents: a job that makes hundreds would carry them all.

    It forgets what ten compilations have not used; an empty document takes it a millisecond."""
    for _ in range(10):
        _compilateur().compile(input=b"", format="pdf", sys_inputs=None)


def _compilateur() -> "typst.Compiler":
    """One compiler per thread: it is not shared while it works, and it releases the interpreter's lock."""
    import typst

    if not hasattr(_fil, "compilateur"):
        _fil.compilateur = typst.Compiler(
            input=str(MODELES / "base.typ"), root=MODELES, font_paths=[str(POLICES)], ignore_system_fonts=True
        )
    compilateur: typst.Compiler = _fil.compilateur
    return compilateur


def _complet(modele: str, donnees: Mapping[str, Any], present: datetime) -> dict[str, Any]:
    """The data of the model with the letterhead, and the drawing of the link where there is one to photograph."""
    from marelle.collectivite.identite import identite

    options, present = identite(), present.astimezone(PARIS)
    entete = {
        cle: getattr(options, cle) for cle in ("nom", "sigle", "service", "telephone", "courriel", "horaires", "site")
    }
    adresse = [ligne.strip() for ligne in options.adresse.replace(",", "\n").splitlines() if ligne.strip()]
    return {
        **donnees,
        **({"qr": qr_svg(donnees["lien"])} if modele == "invitation" else {}),
        "entete": {**entete, "adresse": adresse, "teinte": options.teinte, "vivacite": options.vivacite},
        "edite": {"le": present, "jour": [present.year, present.month, present.day]},
    }


def _pret(valeur: Any) -> Any:
    """What JSON and the font can hold: dates in words, French typography, no character without a glyph."""
    if isinstance(valeur, datetime):
        return francais.instant(valeur.astimezone(PARIS), annee_courante=0)
    if isinstance(valeur, date):
        return francais.date_longue(valeur, annee_courante=0)
    if isinstance(valeur, Mapping):
        return {cle: v if cle in _BRUTS else _pret(v) for cle, v in valeur.items()}
    if isinstance(valeur, list | tuple):
        return [_pret(v) for v in valeur]
    return dessinable(francais.typo(valeur)) if isinstance(valeur, str) else valeur


_BRUTS = frozenset({"lien", "qr", "etat", "regime"})  # addresses, drawings and codes are not prose
