"""What the hours of a day say: how long, how late, how long after."""

from __future__ import annotations

from datetime import datetime, time, timedelta


def minutes_entre(debut: time, fin: time) -> int:
    """From one time of a day to another of the same day; negative when it comes before."""
    return (fin.hour - debut.hour) * 60 + fin.minute - debut.minute


def heures_apres(debut: datetime, recu: datetime) -> int:
    """How many hours after the beginning of the absence its proof came, begun hours counted: 0 when it came before.

    Both in the same zone, on the wall clock: 48 h is the same hour two days after, across a change of hour."""
    ecart = recu.replace(tzinfo=None) - debut.replace(tzinfo=None)
    return max(0, -(-ecart // timedelta(hours=1)))
