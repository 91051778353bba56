"""How is an amount written in letters, as on a cheque? « quatre-vingt-un euros et deux centimes »."""

from __future__ import annotations

_UNITES = (
    *("zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze", "treize"),
    *("quatorze", "quinze", "seize", "dix-sept", "dix-huit", "dix-neuf"),
)
_DIZAINES = {2: "vingt", 3: "trente", 4: "quarante", 5: "cinquante", 6: "soixante", 8: "quatre-vingt"}


def en_lettres(centimes: int) -> str:
    """An amount of euros, never negative, under a thousand million."""
    euros, reste = divmod(centimes, 100)
    rond = euros >= 1_000_000 and euros % 1_000_000 == 0
    dit = f"{nombre_en_lettres(euros)} {'d’' if rond else ''}euro{'s' if euros >= 2 else ''}"
    return dit + (f" et {nombre_en_lettres(reste)} centime{'s' if reste >= 2 else ''}" if reste else "")


def nombre_en_lettres(nombre: int) -> str:
    """« trois mille quatre cent quatre-vingt-six »: « cent » and « vingt » take their s at the end only."""
    if nombre < 1_000:
        return _centaines(nombre, final=True)
    millions, suite = divmod(nombre, 1_000_000)
    milliers, unites = divmod(suite, 1_000)
    morceaux = []
    if millions:
        morceaux.append(f"{_centaines(millions, final=True)} million{'s' if millions > 1 else ''}")
    if milliers:
        morceaux.append("mille" if milliers == 1 else f"{_centaines(milliers, final=False)} mille")
    if unites:
        morceaux.append(_centaines(unites, final=True))
    return " ".join(morceaux)


def _centaines(nombre: int, *, final: bool) -> str:
    cents, reste = divmod(nombre, 100)
    if not cents:
        return _dizaines(reste, final=final)
    tete = "cent" if cents == 1 else f"{_UNITES[cents]} cent"
    if not reste:
        return tete + ("s" if cents > 1 and final else "")
    return f"{tete} {_dizaines(reste, final=final)}"


def _dizaines(nombre: int, *, final: bool) -> str:
    if nombre < 20:
        return _UNITES[nombre]
    dizaine, unite = divmod(nombre, 10)
    if dizaine in (7, 9):
        dizaine, unite = dizaine - 1, unite + 10
    tete = _DIZAINES[dizaine]
    if unite == 0:
        return tete + ("s" if dizaine == 8 and final else "")
    if unite in (1, 11) and dizaine != 8:
        return f"{tete} et {_UNITES[unite]}"
    return f"{tete}-{_UNITES[unite]}"
