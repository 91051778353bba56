"""Attendance certificates: the days on which a child really came, as they were pointed, for one household."""

from __future__ import annotations

from datetime import date

from marelle.activites.models import Ouverture
from marelle.editions import formes, produire
from marelle.familles.models import Enfant, Famille
from marelle.regles.phrases import dire_date, dire_jour_du_mois
from marelle.reservations.presences import PointageLu, presences_de_l_enfant
from marelle.socle.erreurs import Refus
from marelle.socle.francais import compte, heure
from marelle.socle.horloge import aujourdhui

from .emission import signataire

JOURS_MAX = 731


def pdf(famille: Famille, enfant: Enfant, debut: date, fin: date, *, avec_heures: bool) -> bytes:
    """The document. Raises `Refus`: dates that cannot be, a period in which the child did not come."""
    if fin < debut:
        raise Refus("La fin vient avant le début : corrigez une des deux dates.")
    if (fin - debut).days > JOURS_MAX:
        raise Refus("Une attestation de présence couvre deux ans au plus : rapprochez les dates.")
    jours = [un for un in presences_de_l_enfant(famille, enfant, debut, min(fin, aujourdhui())) if un.est_present]
    if not jours:
        raise Refus(f"{enfant.prenom} n’a été pointé présent aucun jour de cette période.")
    return produire("attestation_presence", _dire(famille, enfant, debut, fin, jours, avec_heures=avec_heures))


def _dire(
    famille: Famille, enfant: Enfant, debut: date, fin: date, jours: list[PointageLu], *, avec_heures: bool
) -> formes.AttestationPresence:
    choisies = Ouverture.objects.select_related("unite", "activite").in_bulk([un.ouverture_id for un in jours])
    services = {cle: f"{une.activite.nom}, {une.unite.nom.lower()}" for cle, une in choisies.items()}
    signe = signataire()
    return {
        "enfant": str(enfant),
        "ne_le": dire_jour_du_mois(enfant.date_naissance, 0),
        "famille": f"{famille.nom}, dossier {famille.numero}",
        "periode": f"du {dire_jour_du_mois(debut, fin.year)} au {dire_jour_du_mois(fin, 0)}",
        "jours": [
            {"jour": dire_date(un.date, 0), "service": services[un.ouverture_id], "heures": _heures(un)} for un in jours
        ],
        "avec_heures": avec_heures,
        "bilan": _bilan(jours, avec_heures=avec_heures),
        "signataire": {"nom": signe.nom, "qualite": signe.qualite, "lieu": signe.lieu},
        "fait_le": dire_jour_du_mois(aujourdhui(), 0),
    }


def _heures(un: PointageLu) -> str:
    if un.arrivee and un.depart:
        return f"de {heure(un.arrivee)} à {heure(un.depart)}"
    if un.arrivee:
        return f"depuis {heure(un.arrivee)}"
    return f"jusqu’à {heure(un.depart)}" if un.depart else "non relevées"


def _bilan(jours: list[PointageLu], *, avec_heures: bool) -> str:
    dit = f"{compte(len({un.date for un in jours}), 'jour')} de présence pendant cette période"
    minutes = sum(un.minutes_de_presence for un in jours)
    if not avec_heures or not minutes:
        return f"{dit}."
    heures, reste = divmod(minutes, 60)
    duree = f"{heures} h {reste:02}" if reste else f"{heures} h"
    manque = sum(1 for un in jours if not un.minutes_de_presence)
    suite = (
        f" ({compte(manque, 'journée')} sans heures relevées n’y {'sont' if manque > 1 else 'est'} pas)"
        if manque
        else ""
    )
    return f"{dit}, {duree} en tout{suite}."
