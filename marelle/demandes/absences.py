"""What an absence changes once it is accepted, and what taking it back undoes. The booking itself never moves."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import QuerySet

from marelle.collectivite.identite import identite, reglement
from marelle.regles.situation import Action
from marelle.reservations.models import Absence, Reservation
from marelle.reservations.places import Registre
from marelle.socle.erreurs import Refus
from marelle.socle.horloge import maintenant

from .besoins import besoin
from .models import Demande, JourDemande

AUTRE = "autre"
PLACE_DONNEE = "La place a été donnée à un autre enfant : demandez de nouveau ce jour, ou appelez le centre."
PLUS_RESERVE = "Aucun de ces jours n’est encore réservé : il n’y a plus d’absence à déclarer."


def dire_le_motif(code: str) -> str:
    """« maladie »; nothing for *autre*, whose message is for the service."""
    nom = identite().motif_absence(code)
    return f"{nom[:1].lower()}{nom[1:]}" if code != AUTRE else ""


def est_declarable(jour: JourDemande) -> bool:
    """Whether the day is still booked, and no absence stands on it."""
    tient = jour.reservation is not None and jour.reservation.etat == Reservation.Etat.RESERVEE
    return tient and not _declarees([jour]).exists()


def declarer(jours: Sequence[JourDemande], demande: Demande, registre: Registre) -> None:
    """Write the absences of these booked days; where the règlement says so, their places go to others.

    Raises `Refus` when no day is booked any more."""
    if not jours:
        raise Refus(PLUS_RESERVE)
    contenu, rendues = demande.contenu, []
    for jour in jours:
        if jour.reservation_id is None:
            continue
        rend = _libere_la_place(demande, jour)
        Absence.objects.update_or_create(
            reservation_id=jour.reservation_id,
            defaults={
                "motif": contenu.get("motif", ""),
                "message": contenu.get("message", ""),
                "declaree_le": demande.depose_le or maintenant(),
                "etat": Absence.Etat.DECLAREE,
                "place_rendue": rend,
                "justification": Absence.Justification.A_DIRE,
                "preuve_recue_le": None,
            },
        )
        if rend:
            rendues.append(jour.reservation_id)
    registre.rendre(rendues)


def reprendre(jours: Sequence[JourDemande], demande: Demande, registre: Registre) -> None:
    """The child comes after all. Raises `Refus` when the place that was given back is somebody else's now."""
    rendues = set(_declarees(jours).filter(place_rendue=True).values_list("reservation_id", flat=True))
    for jour in jours:
        cle = jour.reservation_id
        if cle is not None and cle in rendues and not registre.prendre(besoin(jour, demande), cle):
            raise Refus(PLACE_DONNEE)
    _declarees(jours).update(etat=Absence.Etat.RETIREE, place_rendue=False)


def _declarees(jours: Sequence[JourDemande]) -> QuerySet[Absence]:
    cles = [jour.reservation_id for jour in jours]
    return Absence.objects.filter(reservation__in=cles, etat=Absence.Etat.DECLAREE)


def _libere_la_place(demande: Demande, jour: JourDemande) -> bool:
    assert demande.activite is not None
    instant = demande.depose_le or maintenant()
    regle = reglement().regle(demande.activite.code, Action.DECLARER_ABSENCE, jour.date, instant)
    return regle.absence_libere_la_place
