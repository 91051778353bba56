"""What réservation, annulation and absence share: examining the days of a demande that waits, saying them in one line."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from marelle.activites.models import Jauge
from marelle.regles.phrases import MOIS, dire_date_courte
from marelle.regles.situation import Action
from marelle.regles.verdict import Verdict

from ..contexte import ACTIONS, Examen, dates_deja, jour_ouvert

if TYPE_CHECKING:
    from ..models import Demande, JourDemande


def examiner_les_jours(demande: Demande, action: Action, maintenant: datetime) -> Sequence[Verdict]:
    """The verdict of each day of a demande that waits, in date order."""
    assert demande.enfant_id is not None
    jours = list(demande.jours.select_related("ouverture__unite").prefetch_related("ouverture__jauges"))
    jauges = {jauge.pk: jauge for jour in jours for jauge in jour.ouverture.jauges.all()}
    deja = dates_deja([demande.enfant_id], [action], sauf=[demande.pk])
    cle = (demande.enfant_id, demande.activite_id or 0, action)
    return verdicts(demande, jours, jauges, deja.get(cle, frozenset()), maintenant)


def verdicts(
    demande: Demande,
    jours: Sequence[JourDemande],
    jauges: dict[int, Jauge],
    deja: frozenset[date],
    maintenant: datetime,
) -> Sequence[Verdict]:
    """The rules as they stood when the demande was deposited (a family is not late because the service is), with the
    places of now; what the demande holds itself is not counted against it."""
    activite = demande.activite
    assert activite is not None
    action = ACTIONS[demande.nature]
    retient = activite.retient_places
    a_soi = 1 if demande.etat in ("deposee", "a_corriger", "proposee") and retient else 0
    examen = Examen(
        activite=activite, maintenant=demande.depose_le or maintenant, deja={action: deja - {j.date for j in jours}}
    )
    return examen.jours(action, [jour_ouvert(jour.ouverture, jauges, retient=retient, a_soi=a_soi) for jour in jours])


def resumer_les_jours(demande: Demande) -> str:
    """« mer. 9 décembre », « 5 jours du lun. 21 au ven. 25 », followed by the activity."""
    dates = sorted({jour.date for jour in demande.jours.all()})
    activite = demande.activite.nom if demande.activite else ""
    return f"{dire_des_dates(dates)} · {activite}" if dates else activite


def dire_des_dates(dates: Sequence[date]) -> str:
    """« mer. 9 décembre », « mer. 9, mer. 16 décembre », « 5 jours, du lun. 21 au ven. 25 décembre »: the month is said
    once when it does not change."""
    if not dates:
        return "aucun jour"
    if len(dates) > 3:
        debut = _court(dates[0], dates[-1])
        return f"{len(dates)} jours, du {debut} au {_court(dates[-1], None)}"
    return dire_chaque_date(dates)


def dire_chaque_date(dates: Sequence[date]) -> str:
    """« mer. 9, mer. 16 décembre, mer. 13 janvier »: all of them, however many."""
    suivantes: list[date | None] = [*dates[1:], None]
    return ", ".join(_court(jour, suivante) for jour, suivante in zip(dates, suivantes, strict=True))


def _court(jour: date, suivante: date | None) -> str:
    """The short date, with its month unless the next date said has the same."""
    dit = dire_date_courte(jour)
    if suivante is not None and (suivante.year, suivante.month) == (jour.year, jour.month):
        return dit
    return f"{dit} {MOIS[jour.month - 1]}"
