"""Do a règlement's cases give the verdicts expected? Reads two files; the only module of `regles` that touches the disk."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time
from pathlib import Path
from typing import Any

from marelle.regles.bornes import PARIS
from marelle.regles.calendrier import Calendrier, feries
from marelle.regles.essai_tarifs import essayer_les_cas
from marelle.regles.examen import examiner, examiner_demande
from marelle.regles.lecture import FIN_DE_JOURNEE, ErreurCas, ErreurReglement, Table, lire_toml
from marelle.regles.lecture_tarifs import ErreurTarifs, lire_tarifs
from marelle.regles.reglement import Reglement, lire_reglement
from marelle.regles.situation import Action, Contexte, Jour, Manque, Periode, Places
from marelle.regles.verdict import Issue, Option, Verdict

ISSUES = tuple(Issue)
GRAVITE = (Issue.REFUSER, Issue.LISTE_ATTENTE, Issue.INSTRUIRE, Issue.ACCEPTER)
CLES_DU_CAS = {
    "cas", "action", "activite", "maintenant", "jour", "jours", "unite", "heure_debut", "periode", "fermeture", "reserve_le",
    "places", "publics", "manques", "deja", "deja_tardif", "ouverts", "attendu",
}  # fmt: skip
CLES_ATTENDUES = {"issue", "clause", "limite", "prochaine", "option", "regime", "phrase", "issues"}


def essayer(reglement_toml: Path, cas_toml: Path) -> Iterator[dict[str, Any]]:
    """One dict per case, in the order of the file: `cas`, `issue`, `clause`, `limite`, `prochaine`, `phrase`,
    `attendu`, `ok`; `jours` too for a request of several days, whose other keys are those of its most severe day.

    Raises ErreurReglement or ErreurCas (one French line) for a file that cannot be read or understood."""
    reglement = lire_reglement(_lire(reglement_toml, ErreurReglement), str(reglement_toml))
    racine = lire_toml(_lire(cas_toml, ErreurCas), str(cas_toml), ErreurCas)
    racine.verifier({"calendrier", "periodes", "defaut", "cas"}, exigees=("cas",))
    periodes = _lire_periodes(racine.table("periodes"))
    defaut = racine.table("defaut")
    defaut.verifier(CLES_DU_CAS - {"cas", "attendu"})
    cas = [_completer(table, defaut) for table in racine.tables("cas")]
    if not cas:
        raise racine.refuser("cas", "il faut au moins un cas.")
    calendrier = _lire_calendrier(racine.table("calendrier"), cas)
    etudes = [Cas(table, periodes) for table in cas]
    return (etude.essayer(reglement, calendrier) for etude in etudes)


def essayer_tarifs(tarifs_toml: Path, cas_toml: Path) -> Iterator[dict[str, Any]]:
    """The same for tariffs: see `essai_tarifs`. Raises ErreurTarifs or ErreurCas."""
    tarifs = lire_tarifs(_lire(tarifs_toml, ErreurTarifs), str(tarifs_toml))
    return essayer_les_cas(tarifs, _lire(cas_toml, ErreurCas), str(cas_toml))


def _completer(cas: Table, defaut: Table) -> Table:
    """A case with what it does not say taken from the default; its own day or days stand for both."""
    propres = {"jour", "jours"} if {"jour", "jours"} & set(cas.cles) else set()
    donnees = {cle: valeur for cle, valeur in defaut.donnees.items() if cle not in propres}
    return Table({**donnees, **cas.donnees}, cas.chemin, cas.source, cas.erreur)


class Cas:
    """One situation and the verdict it must have."""

    def __init__(self, table: Table, periodes: dict[str, Periode]):
        table.verifier(CLES_DU_CAS, exigees=("cas", "action", "activite", "maintenant", "attendu"))
        if ("jour" in table) == ("jours" in table):
            raise table.refuser("jour", "il faut « jour » ou « jours », et un seul des deux.")
        self.nom = table.texte("cas")
        self.est_une_demande = "jours" in table
        self.contexte = _lire_contexte(table)
        self.jours = _lire_jours(table, periodes)
        self.attendu = _lire_attendu(table.table("attendu"), self.est_une_demande)

    def essayer(self, reglement: Reglement, calendrier: Calendrier) -> dict[str, Any]:
        if self.est_une_demande:
            verdicts = examiner_demande(reglement, calendrier, self.contexte, self.jours)
        else:
            verdicts = (examiner(reglement, calendrier, self.contexte, self.jours[0]),)
        trouve = dire_verdict(min(verdicts, key=lambda verdict: GRAVITE.index(verdict.issue)))
        trouve["issues"] = [str(verdict.issue) for verdict in verdicts]
        ok = all(_comparable(trouve[cle]) == _comparable(valeur) for cle, valeur in self.attendu.items())
        resultat: dict[str, Any] = {"cas": self.nom}
        resultat |= {cle: trouve[cle] for cle in ("issue", "clause", "limite", "phrase")}
        resultat |= {"prochaine": trouve["prochaine"] or trouve["option"], "attendu": self.attendu, "ok": ok}
        if self.est_une_demande:
            jours = zip(self.jours, verdicts)
            resultat["jours"] = [{"jour": jour.date.isoformat(), **dire_verdict(v)} for jour, v in jours]
        return resultat


def dire_verdict(verdict: Verdict) -> dict[str, Any]:
    """A verdict as plain values, instants in ISO."""
    return {
        "issue": str(verdict.issue),
        "clause": verdict.clause,
        "limite": verdict.limite.isoformat() if verdict.limite else None,
        "prochaine": verdict.prochaine.isoformat() if verdict.prochaine else None,
        "option": str(verdict.option) if verdict.option else None,
        "regime": verdict.regime,
        "phrase": verdict.phrase,
    }


def _comparable(valeur: Any) -> Any:
    """Nobody types no-break spaces nor curly apostrophes in a file of cases."""
    return " ".join(valeur.replace("'", "’").split()) if isinstance(valeur, str) else valeur


def _lire(chemin: Path, erreur: type[ErreurReglement]) -> str:
    try:
        return chemin.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise erreur(f"{chemin} : ce fichier n’est pas du texte en UTF-8.") from None
    except OSError as faute:
        raison = "ce fichier n’existe pas" if isinstance(faute, FileNotFoundError) else "ce fichier ne se lit pas"
        raise erreur(f"{chemin} : {raison}.") from None


def _lire_calendrier(table: Table, cas: list[Table]) -> Calendrier:
    """Public holidays are computed for the years of the cases and their neighbours, unless they are written."""
    table.verifier({"feries", "alsace_moselle", "vacances", "jours_fermes"})
    jours = set(table.jours("feries"))
    if "feries" not in table:
        annees = {instant.year for c in cas if (instant := c.instant("maintenant"))}
        annees = {annee + ecart for annee in annees for ecart in (-1, 0, 1)}
        jours = {jour for annee in annees for jour in feries(annee, table.booleen("alsace_moselle"))}
    vacances = table.table("vacances")
    periodes = tuple(_lire_periodes(vacances).values())
    return Calendrier(frozenset(jours), periodes, jours_fermes=frozenset(table.jours("jours_fermes")))


def _lire_periodes(table: Table) -> dict[str, Periode]:
    periodes = {}
    for code in table.cles:
        sous = table.table(code)
        sous.verifier({"nom", "debut", "fin"}, exigees=("debut", "fin"))
        debut, fin = sous.jour("debut"), sous.jour("fin")
        if debut is None or fin is None or fin < debut:
            raise sous.refuser("fin", "la fin doit suivre le début.")
        periodes[code] = Periode(code, sous.texte("nom", code), debut, fin)
    return periodes


def _lire_contexte(table: Table) -> Contexte:
    maintenant = table.instant("maintenant", time(12))
    if maintenant is None:
        raise table.refuser("maintenant", "cette clé manque.")
    return Contexte(
        action=Action(table.choix("action", list(Action))),
        maintenant=maintenant.replace(tzinfo=PARIS),
        activite=table.texte("activite"),
        publics=frozenset(table.textes("publics")),
        manques=tuple(_lire_manques(table)),
        deja=frozenset(table.jours("deja")),
        deja_tardif=frozenset(table.jours("deja_tardif")),
        ouverts=frozenset(table.jours("ouverts")) if "ouverts" in table else None,
    )


def _lire_manques(table: Table) -> Iterator[Manque]:
    """« fiche_sanitaire » alone, or a table with its sentence and the dates around which it is in order."""
    valeurs = table.donnees.get("manques", [])
    if isinstance(valeurs, list) and all(isinstance(valeur, str) for valeur in valeurs):
        for code in valeurs:
            yield Manque(code, f"Il manque : {code}.")
        return
    for sous in table.tables("manques"):
        sous.verifier({"code", "phrase", "jusquau", "avant"}, exigees=("code",))
        code = sous.texte("code")
        phrase = sous.texte("phrase", f"Il manque : {code}.")
        yield Manque(code, phrase, sous.jour("jusquau"), sous.jour("avant"))


def _lire_jours(table: Table, periodes: dict[str, Periode]) -> tuple[Jour, ...]:
    nom = table.choix("periode", list(periodes))
    reserve_le = table.instant("reserve_le", time(12))
    unique = table.jour("jour")
    dates = (unique,) if unique else table.jours("jours")
    if not dates:
        raise table.refuser("jours", "il faut au moins une date.")
    return tuple(
        Jour(
            date=jour,
            unite=table.texte("unite"),
            heure_debut=table.heure("heure_debut", time(0)),
            periode=periodes.get(nom),
            places=_lire_places(table.table("places")) if "places" in table else None,
            fermeture=table.texte("fermeture") if "fermeture" in table else None,
            reserve_le=reserve_le.replace(tzinfo=PARIS) if reserve_le else None,
        )
        for jour in dates
    )


def _lire_places(table: Table) -> Places:
    table.verifier({"capacite", "prises", "retenues", "attente"}, exigees=("capacite",))
    return Places(*(table.entier(cle) for cle in ("capacite", "prises", "retenues", "attente")))


def _lire_attendu(table: Table, est_une_demande: bool) -> dict[str, Any]:
    """What the case says of the verdict, only the keys written; « aucune » for no instant."""
    table.verifier(CLES_ATTENDUES)
    attendu: dict[str, Any] = {}
    if "issues" in table:
        attendu["issues"] = list(table.textes("issues", ISSUES))
    elif "issue" not in table:
        raise table.refuser("issue", "cette clé manque.")
    for cle, permis in (("issue", ISSUES), ("option", tuple(Option))):
        if cle in table:
            attendu[cle] = table.choix(cle, permis)
    for cle in ("clause", "regime", "phrase"):
        if cle in table:
            attendu[cle] = table.texte(cle)
    for cle, heure in (("limite", FIN_DE_JOURNEE), ("prochaine", time(0))):
        if cle in table:
            instant: datetime | None = None if table.donnees[cle] == "aucune" else table.instant(cle, heure)
            attendu[cle] = instant.replace(tzinfo=PARIS).isoformat() if instant else None
    return attendu
