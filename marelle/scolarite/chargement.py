"""What `scolarite.toml` says of the levels and schools, read and checked, then made rows: the file is their only source."""

from __future__ import annotations

import re
from typing import Any

from marelle.regles.lecture import Table, lire_toml

from .models import Ecole, Niveau

CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
CLES_ECOLE = ("code", "nom", "commune", "adresse", "telephone", "niveaux", "ouverte", "secteur")


def charger_scolarite(texte: str, source: str) -> int:
    """Create or correct levels and schools; returns how many schools there are. `ErreurReglement` with the key otherwise.

    Nothing is deleted: children may go there. A school that takes no more pupils says `ouverte = false`.
    """
    racine = lire_toml(texte, source)
    racine.verifier(("niveaux", "ecoles"), ("niveaux", "ecoles"))
    niveaux = dict(_niveau(table, rang) for rang, table in enumerate(racine.tables("niveaux")))
    codes = [_ecole(table, rang, niveaux) for rang, table in enumerate(racine.tables("ecoles"))]
    _sans_double(racine, "ecoles", codes)
    _sans_double(racine, "niveaux", [table.texte("code") for table in racine.tables("niveaux")])
    return len(codes)


def _niveau(table: Table, rang: int) -> tuple[str, Niveau]:
    table.verifier(("code", "nom", "sigle", "age"), ("code", "nom", "sigle", "age"))
    code = _code(table)
    valeurs = {
        "nom": _texte(table, "nom", 60),
        "sigle": _texte(table, "sigle", 10),
        "age": table.entier("age", 0, 2, 18),
        "ordre": rang,
    }
    return code, Niveau.objects.update_or_create(code=code, defaults=valeurs)[0]


def _ecole(table: Table, rang: int, niveaux: dict[str, Niveau]) -> str:
    table.verifier(CLES_ECOLE, ("code", "nom", "commune", "niveaux"))
    code = _code(table)
    siens = table.textes("niveaux", list(niveaux))
    if not siens:
        raise table.refuser("niveaux", "donnez au moins un niveau.")
    valeurs: dict[str, Any] = {
        "nom": _texte(table, "nom", 120),
        "commune": _texte(table, "commune", 80),
        "adresse": _texte(table, "adresse", 200),
        "telephone": _texte(table, "telephone", 20),
        "secteur": [_zone(zone) for zone in table.tables("secteur")],
        "est_ouverte": table.booleen("ouverte", True),
        "ordre": rang,
    }
    ecole, _ = Ecole.objects.update_or_create(code=code, defaults=valeurs)
    ecole.niveaux.set([niveaux[un] for un in siens])
    return code


def _zone(table: Table) -> dict[str, Any]:
    table.verifier(("commune", "rues"), ("commune",))
    rues = table.textes("rues")
    if "rues" in table and not all(rue.strip() for rue in rues):
        raise table.refuser("rues", "une rue sans nom n’est pas permise.")
    return {"commune": _texte(table, "commune", 80), "rues": list(rues)}


def _code(table: Table) -> str:
    code = table.texte("code")
    if not CODE.fullmatch(code) or len(code) > 40:
        raise table.refuser("code", f"« {code} » n’est pas permis : des minuscules, des chiffres et des tirets.")
    return code


def _texte(table: Table, cle: str, longueur: int) -> str:
    valeur = table.texte(cle).strip()
    if len(valeur) > longueur:
        raise table.refuser(cle, f"{longueur} caractères au plus.")
    if cle in table and not valeur:
        raise table.refuser(cle, "ce texte est vide.")
    return valeur


def _sans_double(racine: Table, cle: str, codes: list[str]) -> None:
    doubles = sorted({code for code in codes if codes.count(code) > 1})
    if doubles:
        raise racine.refuser(cle, f"le code « {doubles[0]} » sert deux fois.")
