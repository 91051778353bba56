"""The slow judge: the verdict of one day read straight from the règlement's TOML, clause after clause, with the slow reference.

It shares nothing with the engine: neither its reading, nor its scopes, nor its clocks. What it says is an issue, the clause that
decided, and the last instant of what came too late.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time
from fnmatch import fnmatchcase
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from tests.regles import reference
from tests.regles.reference import MINUIT, Monde

PARIS = ZoneInfo("Europe/Paris")
Table = dict[str, Any]


@dataclass(frozen=True)
class Cas:
    """One day, one action, one instant (naive, Paris time)."""

    action: str
    maintenant: datetime
    activite: str
    jour: date
    debut: time
    periode: tuple[str, date, date]
    unite: str = ""
    publics: frozenset[str] = frozenset()
    manques: tuple[tuple[str, date | None], ...] = ()
    deja: frozenset[date] = frozenset()
    deja_tardif: frozenset[date] = frozenset()
    places: tuple[int, int, int, int] | None = None
    est_ferme: bool = False
    autres_periodes: list[tuple[date, date]] = field(default_factory=list)


class Avis(NamedTuple):
    """« refuser », « liste_attente », « accepter » or « instruire »; the clause; the last instant, when it is passed."""

    issue: str
    clause: str
    limite: datetime | None = None


class Phase(NamedTuple):
    texte: Table
    ouvre: datetime | None
    ferme: datetime | None


def juger(reglement: Table, monde: Monde, cas: Cas) -> Avis:
    """The verdict of one day alone."""
    regle, reglages = fondre(version_du(reglement, cas), cas)
    if cas.est_ferme:
        return Avis("refuser", "jour.ferme")
    if cas.jour < cas.maintenant.date():
        return Avis("refuser", "jour.passe")
    if reglages.get("sans_reservation"):
        return Avis("refuser", "sans_reservation")
    if regle is None or regle.get("interdit"):
        return Avis("refuser", f"{cas.action}.{'interdit' if regle else 'non_prevu'}")
    if regle.get("publics") and not set(regle["publics"]) & cas.publics:
        return Avis("refuser", f"{cas.action}.publics")
    for porte in regle.get("portes", []):
        for code, jusquau in cas.manques:
            if fnmatchcase(code, porte) and (jusquau is None or cas.jour > jusquau):
                return Avis("refuser", f"portes.{code}")
    return _ouvert(regle, reglages, monde, cas)


def version_du(reglement: Table, cas: Cas) -> Table:
    versions: list[Table] = sorted(reglement["version"], key=lambda une: une["en_vigueur_le"])
    retenue = versions[0]
    for une in versions:
        repere = cas.maintenant.date() if une.get("s_applique_aux") == "demandes" else cas.jour
        retenue = une if une["en_vigueur_le"] <= repere else retenue
    return retenue


def fondre(version: Table, cas: Cas) -> tuple[Table | None, Table]:
    """The clauses of the action, the widest scope first, each narrower one replacing what it writes."""
    siennes = [
        (motif, table) for motif, table in version.get("activites", {}).items() if fnmatchcase(cas.activite, motif)
    ]
    siennes.sort(key=lambda une: ("*" not in une[0], len(une[0].replace("*", ""))))
    portees = [version, *(table for _, table in siennes)]
    reglages = {cle: portee[cle] for portee in portees for cle in portee if not isinstance(portee[cle], dict)}

    def de(action: str) -> Table | None:
        trouvees = [portee[action] for portee in portees if action in portee]
        return {cle: une[cle] for une in trouvees for cle in une} if trouvees else None

    regle = de(cas.action)
    if regle and "comme" in regle:
        regle = (de(regle["comme"]) or {}) | regle
    return regle, reglages


def _ouvert(regle: Table, reglages: Table, monde: Monde, cas: Cas) -> Avis:
    """Window and deadline, then the late regime."""
    delai = limite(regle.get("delai"), monde, cas)
    if regle.get("delai", "aucun") != "aucun" and delai is None:
        return Avis("refuser", f"{cas.action}.delai")
    if not regle.get("phases") or regle["phases"] == "aucun":
        if delai and apres(cas.maintenant, delai):
            return _tardif(regle, reglages, monde, cas, "delai", delai)
        return _conclure(regle, reglages, cas, [], "")
    ouvertes, prochaines, fermees, est_reservee = phases_du_jour(regle["phases"], monde, cas)
    if ouvertes:
        if delai and apres(cas.maintenant, delai):
            return _tardif(regle, reglages, monde, cas, "delai", delai)
        return _conclure(regle, reglages, cas, ouvertes, "")
    if any(une.ouvre and (delai is None or not apres(une.ouvre, delai)) for une in prochaines):
        return Avis("refuser", f"{cas.action}.fenetre")
    if fermees:
        passee = max(fermees) if delai is None else min(max(fermees), delai)
        return _tardif(regle, reglages, monde, cas, "fenetre", passee)
    if est_reservee and not prochaines:
        return Avis("refuser", f"{cas.action}.publics")
    if delai and apres(cas.maintenant, delai):
        return _tardif(regle, reglages, monde, cas, "delai", delai)
    return Avis("refuser", f"{cas.action}.fenetre")


def _tardif(regle: Table, reglages: Table, monde: Monde, cas: Cas, clause: str, passee: datetime) -> Avis:
    jusqua = limite(regle.get("tardif", {}).get("jusqua"), monde, cas)
    derniere = max(passee, jusqua) if jusqua else passee
    if apres(cas.maintenant, derniere):
        return Avis("refuser", f"{cas.action}.{clause}", derniere)
    return _conclure(regle, reglages, cas, [], "tardif")


def _conclure(regle: Table, reglages: Table, cas: Cas, ouvertes: list[Phase], regime: str) -> Avis:
    """Pattern, maximum, places, who decides."""
    convient = [p.texte for p in ouvertes or [Phase({}, None, None)] if motif_est_suivi([regle, p.texte], cas)]
    if not convient:
        return Avis("refuser", f"{cas.action}.motif")
    phase, tardif = convient[0], regle.get("tardif", {}) if regime else {}
    for maximum in liste(tardif.get("maximum")):
        if depasse(maximum, cas.deja_tardif, cas):
            return Avis("refuser", f"{cas.action}.tardif")
    for maximum in liste(regle.get("maximum")) + liste(phase.get("maximum")):
        if depasse(maximum, cas.deja, cas):
            return Avis(maximum.get("au_dela", "refuser"), f"{cas.action}.maximum")
    if phase.get("issue") != "liste_attente" and cas.places and cas.action in ("reserver", "modifier"):
        capacite, prises, retenues, attente = cas.places
        libres = capacite - prises - (retenues if reglages.get("retient_places", True) else 0)
        if reglages.get("liste_attente") and (libres <= 0 or attente):
            return Avis("liste_attente", "places")
        if libres <= 0:
            return Avis("refuser", "places")
    decision = tardif.get("decision") or regle.get("decision", "agent")
    issue = phase.get("issue") or {"automatique": "accepter", "agent": "instruire"}[decision]
    return Avis(issue, f"{cas.action}.{'tardif' if regime else 'decision'}")


def limite(regle: Any, monde: Monde, cas: Cas) -> datetime | None:
    """The earliest of the clocks, never after the day."""
    horloges = [] if regle in (None, "aucun") else regle if isinstance(regle, list) else [regle]
    instants = [un for une in horloges if (un := moment(une, monde, cas, MINUIT))]
    return min(instants, default=None) and _au_plus_le_jour(min(instants), cas)


def moment(quoi: Any, monde: Monde, cas: Cas, heure: time) -> datetime | None:
    """A date, an instant, or a clock; `heure` completes what says none."""
    if isinstance(quoi, datetime):
        return quoi
    if isinstance(quoi, date):
        return datetime.combine(quoi, heure)
    texte = quoi if "heure" in quoi or quoi.get("unite") == "heures" else quoi | {"heure": _ecrire(heure)}
    return reference.limite(texte, monde, cas.jour, cas.debut, cas.periode[1:])


def _ecrire(heure: time) -> str:
    return "minuit" if heure == MINUIT else heure.isoformat("minutes")


def _au_plus_le_jour(instant: datetime, cas: Cas) -> datetime:
    return instant if instant.date() <= cas.jour else datetime.combine(cas.jour, MINUIT)


def phases_du_jour(
    phases: list[Table], monde: Monde, cas: Cas
) -> tuple[list[Phase], list[Phase], list[datetime], bool]:
    """Those open, those to come, when those that are over closed, and whether some are for others."""
    ouvertes: list[Phase] = []
    prochaines: list[Phase] = []
    fermees: list[datetime] = []
    est_reservee = False
    for texte in phases:
        une = _phase(texte, monde, cas)
        if une is None:
            continue
        if texte.get("publics") and not set(texte["publics"]) & cas.publics:
            est_reservee = True
        elif une.ouvre and apres(une.ouvre, cas.maintenant):
            prochaines.append(une)
        elif une.ferme and apres(cas.maintenant, une.ferme):
            fermees.append(une.ferme)
        else:
            ouvertes.append(une)
    return ouvertes, prochaines, fermees, est_reservee


def _phase(texte: Table, monde: Monde, cas: Cas) -> Phase | None:
    """None when the phase says nothing of this day."""
    if not texte.get("du", cas.jour) <= cas.jour <= texte.get("au", cas.jour):
        return None
    if texte.get("periodes") and not any(fnmatchcase(cas.periode[0], motif) for motif in texte["periodes"]):
        return None
    ouvre = moment(texte["ouvre"], monde, cas, time(0)) if "ouvre" in texte else None
    ferme = moment(texte["ferme"], monde, cas, MINUIT) if "ferme" in texte else None
    if ("ouvre" in texte and not ouvre) or ("ferme" in texte and not ferme):
        return None
    ferme = ferme and _au_plus_le_jour(ferme, cas)
    if ouvre and (ouvre.date() > cas.jour or (ferme and apres(ouvre, ferme))):
        return None
    return Phase(texte, ouvre, ferme)


def motif_est_suivi(portees: list[Table], cas: Cas) -> bool:
    """What a day alone can break: its unité, the parity of its week."""
    for motif in (portee["motif"] for portee in portees if portee.get("motif", "aucun") != "aucun"):
        if motif.get("unites") and not any(fnmatchcase(cas.unite, une) for une in motif["unites"]):
            return False
        parite = "paires" if int(cas.jour.strftime("%V")) % 2 == 0 else "impaires"
        if motif.get("semaines", "alternees") not in ("alternees", parite):
            return False
    return True


def depasse(maximum: Table, deja: frozenset[date], cas: Cas) -> bool:
    """Count the days (or the weeks) of the cycle on fingers, this one included."""
    periodes = [cas.periode[1:], *cas.autres_periodes]
    sien = reference.cycle(maximum["par"], cas.jour, periodes)
    memes = [un for un in {*deja, cas.jour} if reference.cycle(maximum["par"], un, periodes) == sien]
    if maximum.get("unite") == "semaines":
        return len({un.isocalendar()[:2] for un in memes}) > maximum["nombre"]
    return len(memes) > maximum["nombre"]


def liste(clause: Any) -> list[Table]:
    if clause in (None, "aucun"):
        return []
    return clause if isinstance(clause, list) else [clause]


def apres(un: datetime, autre: datetime) -> bool:
    """Strictly later in the world: equal clocks of Paris are not, across a change of hour."""
    return un.replace(tzinfo=PARIS).timestamp() > autre.replace(tzinfo=PARIS).timestamp()
