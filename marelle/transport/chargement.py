"""What `transport.toml` says of the bus, read and checked; and the rows it makes, added to those that exist."""

from __future__ import annotations

import re
from datetime import time

from marelle.activites.models import PARTIES, Activite
from marelle.regles.lecture import Table, lire_toml

from .models import Arret, LigneDeBus

CLES = ("code", "nom", "activites", "places", "aller_pour", "retour_pour", "arrets")
EXIGEES = ("code", "nom", "activites", "places", "arrets")


def charger_transport(texte: str, source: str) -> list[LigneDeBus]:
    """Create or complete the lines and their stops; `ErreurReglement` with the key when something is wrong."""
    racine = lire_toml(texte, source)
    racine.verifier(("lignes",), ("lignes",))
    lignes: list[LigneDeBus] = []
    for rang, table in enumerate(racine.tables("lignes")):
        ligne = _ligne(table, rang)
        if ligne in lignes:
            raise table.refuser("code", f"une autre ligne s’appelle déjà « {ligne.code} ».")
        lignes.append(ligne)
    return lignes


def _ligne(table: Table, rang: int) -> LigneDeBus:
    table.verifier(CLES, EXIGEES)
    activites = {une.code: une for une in Activite.objects.order_by("pk")}
    servies = [activites[code] for code in table.textes("activites", list(activites))]
    if not servies:
        raise table.refuser("activites", "nommez au moins une activité que ce bus dessert.")
    ligne, _ = LigneDeBus.objects.get_or_create(
        code=_code(table),
        defaults={
            "nom": table.texte("nom"),
            "places": table.entier("places", 0, 1, 200),
            "parties_aller": list(table.textes("aller_pour", list(PARTIES))),
            "parties_retour": list(table.textes("retour_pour", list(PARTIES))),
            "ordre": rang,
        },
    )
    ligne.activites.add(*servies)
    _arrets(table, ligne)
    return ligne


def _arrets(table: Table, ligne: LigneDeBus) -> None:
    """The stops, in the order in which the bus meets them on its way to the centre."""
    vus: set[str] = set()
    derniere = time(0)
    for rang, une in enumerate(table.tables("arrets")):
        une.verifier(("code", "nom", "aller", "retour"), ("code", "nom"))
        code, aller, retour = _code(une), _heure(une, "aller"), _heure(une, "retour")
        if code in vus:
            raise une.refuser("code", f"un autre arrêt de cette ligne s’appelle déjà « {code} ».")
        if aller is None and retour is None:
            raise une.refuser("aller", "donnez l’heure du bus à cet arrêt, à l’aller ou au retour.")
        if aller is not None and aller <= derniere:
            raise une.refuser("aller", "les arrêts se donnent dans l’ordre de l’aller : cette heure vient trop tôt.")
        vus.add(code)
        derniere = aller or derniere
        Arret.objects.get_or_create(
            ligne=ligne,
            code=code,
            defaults={"nom": une.texte("nom"), "heure_aller": aller, "heure_retour": retour, "ordre": rang},
        )
    if not vus:
        raise table.refuser("arrets", "une ligne a au moins un arrêt.")


def _code(table: Table) -> str:
    code = table.texte("code")
    if not re.fullmatch(r"[a-z0-9-]{1,40}", code):
        raise table.refuser("code", f"« {code} » n’est pas un code : minuscules, chiffres et tirets, 40 au plus.")
    return code


def _heure(table: Table, cle: str) -> time | None:
    return table.heure(cle, time(0)) if cle in table else None
