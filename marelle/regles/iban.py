"""Is it an account number (IBAN), and how is it printed?"""

from __future__ import annotations


def iban_valide(iban: str) -> bool:
    """Its two control digits (modulo 97)."""
    net = iban.replace(" ", "").upper()
    if not 15 <= len(net) <= 34 or not net.isascii() or not net.isalnum():
        return False
    return int("".join(str(int(signe, 36)) for signe in net[4:] + net[:4])) % 97 == 1


def iban_en_groupes(iban: str) -> str:
    """« FR76 3000 1007 94… », by four as banks print it, with spaces that keep it on one line."""
    net = iban.replace(" ", "").upper()
    return "\u00a0".join(net[debut : debut + 4] for debut in range(0, len(net), 4))
