"""What the service said of each day to bill: reasons that hold for all, children that were absent from school too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marelle.reservations.excuses import JourDit, motifs_des_jours, portees
from marelle.reservations.models import AbsenceEcole
from marelle.socle.horloge import aujourdhui

if TYPE_CHECKING:
    from .journees import Journee


UN_LOT = 1000  # children: of more, those of everybody are read


def lire_les_excuses(lues: list[Journee]) -> None:
    """Write on each day, unless its child is known to have come, what the service said of it. Two queries when it said
    nothing, at most five."""
    manquees = [une for une in lues if une.absente is not None or not une.est_pointee]
    if not manquees:
        return
    jours = (min(une.jour for une in manquees), max(une.jour for une in manquees))
    absents, enfants = AbsenceEcole.objects.filter(date__range=jours), {une.enfant_id for une in manquees}
    if len(enfants) <= UN_LOT:
        absents = absents.filter(enfant__in=enfants)
    ecole, dites = set(absents.order_by().values_list("enfant_id", "date")), portees(*jours)
    motifs = motifs_des_jours({jour_dit(une) for une in manquees}, dites) if dites else {}
    for une in manquees:
        une.collectives = motifs.get(jour_dit(une), ()) if motifs else ()
        une.est_absent_ecole = (une.enfant_id, une.jour) in ecole


def jour_dit(une: Journee) -> JourDit:
    return JourDit(une.enfant_id, une.unite.activite_id, une.unite.code, une.jour)


def n_est_pas_venue(une: Journee) -> bool:
    """Excused for all, on a day on which others were pointed and this child was not: nothing more is asked of anybody."""
    est_passee = une.est_reservee and une.jour < aujourdhui()
    return est_passee and bool(une.collectives) and une.jour_est_pointe and not une.est_pointee
