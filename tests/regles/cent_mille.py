"""Every no explains itself: random situations under every règlement of the shelf, against the slow judge.

    python -m tests.regles.cent_mille [NOMBRE]

The suite runs a sample of them, always the same (`test_cent_mille.py`); this runs them all.
"""

from __future__ import annotations

import random
import re
import sys
import time as chrono
import tomllib
from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from marelle.regles.examen import examiner
from marelle.regles.reglement import Reglement, lire_reglement
from marelle.regles.situation import Action, Contexte, Jour, Manque, Periode, Places
from marelle.regles.verdict import Option, Verdict
from tests.regles.juge import PARIS, Avis, Cas, fondre, juger, limite, version_du
from tests.regles.mondes import CALENDRIER, MONDE, PERIODES
from tests.regles.reference import JOURS

RACINE = Path(__file__).resolve().parents[2]
CODES_DE_PERIODE = ("p", "p", "hiver-2027", "scolaire-2026")
HEURES = (time(0), time(7, 30), time(9), time(12), time(18, 30), time(23, 59, 59))
DEBUTS = (time(7, 30), time(12), time(16, 30))
# Where doing nothing is the answer: the child may simply come.
SANS_SUITE = {"sans_reservation"}


@dataclass(frozen=True)
class Texte:
    """One règlement: as the engine reads it, as the judge does, and what it may be asked about."""

    nom: str
    moteur: Reglement
    toml: dict[str, Any]
    activites: tuple[str, ...]
    actions: tuple[str, ...]
    publics: tuple[str, ...]
    portes: tuple[str, ...]


def textes() -> list[Texte]:
    """The collectivités that are shipped, those of the tests, the catalogue of rules."""
    fichiers = [*RACINE.glob("collectivites/*/reglement.toml"), *RACINE.glob("tests/collectivites/*/reglement.toml")]
    fichiers += [un for un in RACINE.glob("tests/regles/catalogue/*.toml") if not un.name.endswith(".cas.toml")]
    return [_texte(fichier) for fichier in sorted(fichiers)]


def _texte(fichier: Path) -> Texte:
    texte = fichier.read_text(encoding="utf-8")
    toml, offre = tomllib.loads(texte), fichier.with_name("activites.toml")
    activites = [une["code"] for une in tomllib.loads(offre.read_text())["activites"]] if offre.exists() else []
    activites += [motif.replace("*", "x") for version in toml["version"] for motif in version.get("activites", {})]
    portes = set(re.findall(r'"([a-z_.*]+)"', " ".join(re.findall(r"portes = \[.*?\]", texte, re.DOTALL))))
    portees = [une for version in toml["version"] for une in (version, *version.get("activites", {}).values())]
    return Texte(
        nom=fichier.parent.name if offre.exists() else fichier.stem,
        moteur=lire_reglement(texte, str(fichier)),
        toml=toml,
        activites=tuple(activites or ["mercredis"]),
        actions=tuple(str(une) for une in Action if any(une in portee for portee in portees)),
        publics=tuple(toml.get("publics", {})),
        portes=tuple(sorted(une.replace("*", "assurance") for une in portes)),
    )


def une_situation(hasard: random.Random, texte: Texte) -> Cas:
    """A day of the year, an instant around it: mostly before, near a deadline, in the middle of a window."""
    jour = date(2026, 9, 1) + timedelta(days=hasard.randrange(364))
    avance = hasard.choice((hasard.randrange(-2, 4), hasard.randrange(16), hasard.randrange(120)))
    instant = datetime.combine(jour - timedelta(days=avance), hasard.choice(HEURES))
    instant += timedelta(seconds=hasard.choice((-1, 0, 0, 1, hasard.randrange(3600))))
    rang = next(rang for rang, (debut, fin) in enumerate(PERIODES) if debut <= jour <= fin)
    code = hasard.choice(CODES_DE_PERIODE)
    deja = frozenset(jour + timedelta(days=hasard.randrange(-20, 21)) for _ in range(hasard.choice((0, 0, 1, 3, 8))))
    cas = Cas(
        action=hasard.choice(texte.actions if hasard.random() < 0.9 else tuple(Action)),
        maintenant=instant,
        activite=hasard.choice(texte.activites),
        jour=jour,
        debut=hasard.choice(DEBUTS),
        periode=(f"p{rang}" if code == "p" else code, *PERIODES[rang]),
        unite=hasard.choice(("journee", "matin", "repas")),
        publics=frozenset(un for un in texte.publics if hasard.random() < 0.5),
        manques=tuple(_manque(hasard, code, jour) for code in texte.portes if hasard.random() < 0.1),
        deja=deja,
        deja_tardif=frozenset(un for un in deja if hasard.random() < 0.5),
        places=_places(hasard),
        est_ferme=hasard.random() < 0.04,
        autres_periodes=[une for une in PERIODES if une != PERIODES[rang]],
    )
    return au_bord(hasard, texte, cas) if hasard.random() < 0.3 else cas


def au_bord(hasard: random.Random, texte: Texte, cas: Cas) -> Cas:
    """The same at the last instant of its deadline, or just after: where mistakes are."""
    regle, _ = fondre(version_du(texte.toml, cas), cas)
    bord = limite((regle or {}).get("delai"), MONDE, cas)
    ecart = hasard.choice((0, 1, 1_000_000, -1_000_000))
    return replace(cas, maintenant=bord + timedelta(microseconds=ecart)) if bord else cas


def _manque(hasard: random.Random, code: str, jour: date) -> tuple[str, date | None]:
    return code, hasard.choice((None, jour - timedelta(days=1), jour))


def _places(hasard: random.Random) -> tuple[int, int, int, int] | None:
    return hasard.choice((None, (24, 3, 2, 0), (2, hasard.randrange(3), hasard.randrange(2), hasard.randrange(2))))


def verdict_de(texte: Texte, cas: Cas) -> Verdict:
    """What the engine answers."""
    contexte = Contexte(
        Action(cas.action),
        cas.maintenant.replace(tzinfo=PARIS),
        cas.activite,
        publics=cas.publics,
        manques=tuple(Manque(code, f"Il manque {code}.", jusquau) for code, jusquau in cas.manques),
        deja=cas.deja,
        deja_tardif=cas.deja_tardif,
    )
    jour = Jour(
        cas.jour,
        cas.unite,
        cas.debut,
        Periode(cas.periode[0], "", *cas.periode[1:]),
        Places(*cas.places) if cas.places else None,
        "Noël" if cas.est_ferme else None,
    )
    return examiner(texte.moteur, CALENDRIER, contexte, jour)


def faute(texte: Texte, cas: Cas) -> str:
    """What is wrong with the engine's answer; empty when nothing is."""
    verdict, avis = verdict_de(texte, cas), juger(texte.toml, MONDE, cas)
    if (verdict.issue, verdict.clause) != avis[:2]:
        return f"le moteur dit {verdict.issue} ({verdict.clause}), le juge {avis.issue} ({avis.clause})"
    return "" if verdict.est_possible else _mal_expliquee(verdict, avis, cas)


def _mal_expliquee(verdict: Verdict, avis: Avis, cas: Cas) -> str:
    """A no says the fact in a whole sentence, the day and hour of what is passed, and what is possible instead."""
    phrase = verdict.phrase.replace("\u00a0", " ").replace("\u202f", " ")
    if not re.fullmatch(r"[A-ZÀÉ].{10,}\.", phrase) or "  " in phrase or "None" in phrase:
        return f"phrase mal faite : {verdict.phrase!r}"
    if avis.limite:
        if verdict.limite is None or verdict.limite.replace(tzinfo=None) != avis.limite:
            return f"limite : le moteur dit {verdict.limite}, le juge {avis.limite}"
        if dire(avis.limite, cas.maintenant.year) not in phrase:
            return f"la phrase ne dit pas « {dire(avis.limite, cas.maintenant.year)} » : {phrase}"
    if verdict.prochaine:
        if not cas.maintenant.replace(tzinfo=PARIS) < verdict.prochaine or str(verdict.prochaine.day) not in phrase:
            return f"la prochaine possibilité n’est pas dite, ou est passée : {phrase}"
    elif verdict.option is None and verdict.clause not in SANS_SUITE:
        return f"rien n’est proposé à la place : {phrase}"
    if verdict.option is Option.APPELER and "Appelez le centre" not in phrase:
        return f"la phrase ne dit pas d’appeler : {phrase}"
    return ""


def dire(instant: datetime, annee: int) -> str:
    """« jeudi 26 novembre à minuit », written once more."""
    mois = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()  # noqa: SIM905
    numero = "1er" if instant.day == 1 else str(instant.day)
    an = f" {instant.year}" if instant.year != annee else ""
    minutes = f" {instant.minute:02}" if instant.minute else ""
    heure = "minuit" if instant.time().replace(microsecond=0) == time(23, 59, 59) else f"{instant.hour} h{minutes}"
    return f"{JOURS[instant.weekday()]} {numero} {mois[instant.month - 1]}{an} à {heure}"


def parcourir(nombre: int, graine: int = 2026) -> tuple[list[str], Counter[str]]:
    """The faults found in so many situations, each with what to play it again; and how often each clause decided."""
    hasard, tous = random.Random(graine), textes()
    fautes: list[str] = []
    clauses: Counter[str] = Counter()
    for rang in range(nombre):
        texte = tous[rang % len(tous)]
        cas = une_situation(hasard, texte)
        clauses[juger(texte.toml, MONDE, cas).clause] += 1
        trouvee = faute(texte, cas)
        if trouvee:
            fautes.append(f"{texte.nom}, situation {rang} : {trouvee}\n  {cas}")
    return fautes, clauses


if __name__ == "__main__":
    combien, depart = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000, chrono.process_time()
    trouvees, clauses = parcourir(combien)
    print(*trouvees[:20], sep="\n")
    print(*(f"{nombre:7} {clause}" for clause, nombre in clauses.most_common()), sep="\n")
    print(f"{combien} situations, {len(trouvees)} fautes, {chrono.process_time() - depart:.0f} s")
    sys.exit(bool(trouvees))
