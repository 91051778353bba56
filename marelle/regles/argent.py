"""How an amount, always an integer of centimes, is said in euros."""

from __future__ import annotations

INSECABLE = "\u00a0"
MOINS = "\u2212"


def euros(centimes: int) -> str:
    """« 48,60 € », « 1 064,80 € », « −11,20 € »; `centimes` is an integer, never a float."""
    unites, reste = divmod(abs(centimes), 100)
    milliers = f"{unites:,}".replace(",", INSECABLE)
    return f"{MOINS if centimes < 0 else ''}{milliers},{reste:02}{INSECABLE}€"
