"""A collectivité's règlement: dated versions read from TOML, and the rule of each action on each activity."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from fnmatch import fnmatchcase
from itertools import pairwise
from typing import Any

from marelle.regles.attente import Attente, Sorte
from marelle.regles.bornes import PARIS
from marelle.regles.enonces import phrases_du_reglement
from marelle.regles.examen import examiner, examiner_demande, limite, reste
from marelle.regles.lecture import ErreurReglement, Table, lire_toml
from marelle.regles.regle import CLES_DE_PORTEE, Regle, lire_action, lire_portee
from marelle.regles.situation import Action

__all__ = [
    "ErreurReglement",
    "Reglement",
    "Version",
    "examiner",
    "examiner_demande",
    "limite",
    "lire_reglement",
    "phrases_du_reglement",
    "reste",
]
ACTIONS = tuple(Action)
S_APPLIQUE_AUX = ("jours", "demandes")


@dataclass(frozen=True)
class Portee:
    """The clauses written for the activities whose code matches `motif`."""

    motif: str
    reglages: Mapping[str, Any]
    actions: Mapping[Action, Mapping[str, Any]]

    @property
    def precision(self) -> tuple[bool, int]:
        """A whole code before a pattern, then the pattern with the most letters."""
        return not re.search(r"[*?\[]", self.motif), len(re.sub(r"[*?]", "", self.motif))


@dataclass(frozen=True)
class Version:
    """The text in force from a date, for days of care or for requests made from then on (R24)."""

    code: str
    en_vigueur_le: date
    s_applique_aux: str
    source: str
    portees: tuple[Portee, ...]  # from the widest to the narrowest
    _regles: dict[tuple[str, Action], Regle] = field(default_factory=dict, repr=False, compare=False)

    def regle(self, activite: str, action: Action) -> Regle:
        """The clauses of an action for an activity, scopes merged; computed once per activity."""
        try:
            return self._regles[activite, action]
        except KeyError:
            return self._regles.setdefault((activite, action), self._fondre(activite, action))

    def decision(self, activite: str, action: Action) -> str:
        """« agent » or « automatique »."""
        return self.regle(activite, action).decision

    def portes(self, activite: str, action: Action) -> tuple[str, ...]:
        """The codes of what must be in order before this action."""
        return self.regle(activite, action).portes

    def portes_de(self, action: Action) -> frozenset[str]:
        """The codes that some activity, whichever, wants in order before this action."""
        return frozenset(porte for portee in self.portees for porte in portee.actions.get(action, {}).get("portes", ()))

    def liste_attente(self, activite: str) -> bool:
        return self.regle(activite, Action.RESERVER).liste_attente

    def retient_places(self, activite: str) -> bool:
        """Does a request hold its places until it is decided?"""
        return self.regle(activite, Action.RESERVER).retient_places

    def panier_retient_minutes(self, activite: str) -> int:
        """How long a cart holds its places; 0: it does not."""
        return self.regle(activite, Action.RESERVER).panier_retient_minutes

    def attente(self, activite: str) -> Attente:
        """How its waiting list is ordered and served."""
        return self.regle(activite, Action.RESERVER).attente

    def sans_reservation(self, activite: str) -> bool:
        return self.regle(activite, Action.RESERVER).sans_reservation

    def motifs(self, activite: str) -> tuple[str, ...]:
        """The scopes that speak of an activity of this code, « * » first: the same scopes are the same rules."""
        return tuple(portee.motif for portee in self._portees_de(activite))

    def _portees_de(self, activite: str) -> list[Portee]:
        return [portee for portee in self.portees if fnmatchcase(activite, portee.motif)]

    def _fondre(self, activite: str, action: Action) -> Regle:
        siennes = self._portees_de(activite)
        reglages: dict[str, Any] = {}
        clauses: dict[str, Any] = {}
        for portee in siennes:
            reglages |= portee.reglages
            clauses |= portee.actions.get(action, {})
        modele = clauses.pop("comme", None)
        if modele:
            clauses = _sans_comme(self._clauses(siennes, modele)) | clauses
        regle = Regle(action, **reglages, **clauses)
        if action is Action.ANNULER and regle.est_prevue:
            phases = self.regle(activite, Action.RESERVER).phases
            if not all(phase.est_annulable for phase in phases):
                return Regle(action, **reglages, **clauses, phases_de_reservation=phases)
        return regle

    @staticmethod
    def _clauses(portees: list[Portee], action: Action) -> dict[str, Any]:
        clauses: dict[str, Any] = {}
        for portee in portees:
            clauses |= portee.actions.get(action, {})
        return clauses


def _sans_comme(clauses: dict[str, Any]) -> dict[str, Any]:
    return {cle: valeur for cle, valeur in clauses.items() if cle != "comme"}


@dataclass(frozen=True)
class Reglement:
    """The rules of a collectivité: versions by date, each with its source; none is edited, they add up."""

    code: str
    nom: str
    versions: tuple[Version, ...]
    publics: Mapping[str, str]

    def version_du(self, jour: date, maintenant: datetime) -> Version:
        """The text that rules a day of care asked for at `maintenant` (aware): the latest that applies, else the first."""
        if len(self.versions) == 1:
            return self.versions[0]
        demande_le = maintenant.astimezone(PARIS).date()
        for version in reversed(self.versions):
            if version.en_vigueur_le <= (jour if version.s_applique_aux == "jours" else demande_le):
                return version
        return self.versions[0]

    @property
    def criteres_d_attente(self) -> frozenset[Sorte]:
        """What the waiting lists look at, all versions together; empty when every line is in order of arrival."""
        attentes = [portee.reglages.get("attente") for version in self.versions for portee in version.portees]
        return frozenset(un.sorte for attente in attentes if isinstance(attente, Attente) for un in attente.criteres)

    def regle(self, activite: str, action: Action, jour: date, maintenant: datetime) -> Regle:
        return self.version_du(jour, maintenant).regle(activite, action)


def lire_reglement(texte: str, source: str = "") -> Reglement:
    """Read a règlement from its TOML text; raises ErreurReglement, one French line, for anything not understood."""
    racine = lire_toml(texte, source)
    racine.verifier({"code", "nom", "publics", "version"}, exigees=("version",))
    publics = racine.table("publics")
    noms = {code: publics.texte(code) for code in publics.cles}
    tables = racine.tables("version")
    if not tables:
        raise racine.refuser("version", "il faut au moins une version.")
    versions = sorted((_lire_version(table, frozenset(noms)) for table in tables), key=lambda v: v.en_vigueur_le)
    for avant, apres in pairwise(versions):
        if avant.en_vigueur_le == apres.en_vigueur_le:
            raise racine.refuser("version", f"deux versions commencent le {apres.en_vigueur_le:%d/%m/%Y}.")
    return Reglement(racine.texte("code"), racine.texte("nom"), tuple(versions), noms)


def _lire_version(table: Table, publics: frozenset[str]) -> Version:
    propres = {"code", "en_vigueur_le", "s_applique_aux", "source", "activites"}
    table.verifier({*propres, *ACTIONS, *CLES_DE_PORTEE}, exigees=("en_vigueur_le", "source"))
    en_vigueur_le = table.jour("en_vigueur_le")
    if en_vigueur_le is None:
        raise table.refuser("en_vigueur_le", "cette clé manque.")
    portees = [_lire_portee_et_actions(table, "*", publics)]
    activites = table.table("activites")
    for motif in activites.cles:
        sous = activites.table(motif)
        sous.verifier({*ACTIONS, *CLES_DE_PORTEE})
        portees.append(_lire_portee_et_actions(sous, motif, publics))
    return Version(
        code=table.texte("code", en_vigueur_le.isoformat()),
        en_vigueur_le=en_vigueur_le,
        s_applique_aux=table.choix("s_applique_aux", S_APPLIQUE_AUX, "jours"),
        source=table.texte("source"),
        portees=(portees[0], *sorted(portees[1:], key=lambda portee: portee.precision)),
    )


def _lire_portee_et_actions(table: Table, motif: str, publics: frozenset[str]) -> Portee:
    actions = {action: lire_action(table.table(action), publics) for action in ACTIONS if action in table}
    for action, clauses in actions.items():
        modele: Action | None = clauses.get("comme")
        if modele and (modele is action or "comme" in actions.get(modele, {})):
            raise table.table(action).refuser("comme", "l’action prise pour modèle doit être écrite elle-même.")
    return Portee(motif, lire_portee(table), actions)
