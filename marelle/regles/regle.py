"""What a règlement says of one action on one activity, once its scopes are merged."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from marelle.regles.attente import ARRIVEE, Attente, lire_attente
from marelle.regles.bornes import Borne
from marelle.regles.delais import DECISIONS, Tardif, lire_delai, lire_tardif
from marelle.regles.fenetres import Phase, lire_phase
from marelle.regles.lecture import Table
from marelle.regles.motifs import Motif, lire_motif
from marelle.regles.portes import lire_portes
from marelle.regles.quotas import Maximum, lire_maximum
from marelle.regles.situation import Action

AUCUN = "aucun"  # takes away a clause inherited from a wider scope


@dataclass(frozen=True, slots=True)
class Regle:
    """Every clause of one action for one activity. An empty clause does not exist."""

    action: Action
    est_prevue: bool = False  # the règlement speaks of this action
    est_interdite: bool = False
    decision: str = "agent"
    publics: frozenset[str] = frozenset()
    portes: tuple[str, ...] = ()
    phases: tuple[Phase, ...] = ()
    delai: tuple[Borne, ...] = ()
    tardif: Tardif | None = None
    motif: Motif | None = None
    maxima: tuple[Maximum, ...] = ()
    source: str = ""
    passe_ce_delai: str = ""  # what then happens, as the end of a sentence: « la réservation est facturée »
    phases_de_reservation: tuple[Phase, ...] = ()  # when some of them make a booking final
    liste_attente: bool = False
    retient_places: bool = True
    panier_retient_minutes: int = 0
    sans_reservation: bool = False
    absence_libere_la_place: bool = False
    attente: Attente = ARRIVEE


CLES_DE_PORTEE = {
    "liste_attente",
    "retient_places",
    "panier_retient_minutes",
    "sans_reservation",
    "absence_libere_la_place",
    "attente",
}
CLES_D_ACTION = {
    "comme", "interdit", "decision", "publics", "portes", "phases", "delai", "tardif", "motif", "maximum", "source",
    "passe_ce_delai",
}  # fmt: skip


def lire_portee(table: Table) -> dict[str, Any]:
    """The settings of a scope that are not an action's, only those written."""
    lecteurs: dict[str, Callable[[str], Any]] = {
        "liste_attente": table.booleen,
        "retient_places": table.booleen,
        "sans_reservation": table.booleen,
        "absence_libere_la_place": table.booleen,
        "attente": lambda cle: lire_attente(table.table(cle)),
        "panier_retient_minutes": lambda cle: table.entier(cle, maxi=24 * 60),
    }
    return {cle: lire(cle) for cle, lire in lecteurs.items() if cle in table}


def lire_action(table: Table, publics: frozenset[str]) -> dict[str, Any]:
    """The clauses of an action, only those written: a narrower scope replaces them one by one."""
    table.verifier(CLES_D_ACTION)
    clauses: dict[str, Any] = {"est_prevue": True}
    if "comme" in table:
        clauses["comme"] = Action(table.choix("comme", list(Action)))
    if "interdit" in table:
        clauses["est_interdite"] = table.booleen("interdit")
    if "decision" in table:
        clauses["decision"] = table.choix("decision", DECISIONS)
    if "source" in table:
        clauses["source"] = table.texte("source")
    if "passe_ce_delai" in table:
        clauses["passe_ce_delai"] = table.texte("passe_ce_delai")
    if "publics" in table:
        clauses["publics"] = frozenset(table.textes("publics", publics))
    if "portes" in table:
        clauses["portes"] = lire_portes(table, "portes")
    clauses |= _lire_clauses(table, publics)
    return clauses


def _lire_clauses(table: Table, publics: frozenset[str]) -> dict[str, Any]:
    lecteurs: dict[str, tuple[str, Any, Callable[[], Any]]] = {
        "delai": ("delai", (), lambda: lire_delai(table)),
        "tardif": ("tardif", None, lambda: lire_tardif(table.table("tardif"))),
        "motif": ("motif", None, lambda: lire_motif(table.table("motif"))),
        "phases": ("phases", (), lambda: tuple(lire_phase(t, publics) for t in table.tables("phases"))),
        "maximum": ("maxima", (), lambda: tuple(map(lire_maximum, table.tables("maximum", ou_une_seule=True)))),
    }
    return {
        champ: rien if table.donnees[cle] == AUCUN else lire()
        for cle, (champ, rien, lire) in lecteurs.items()
        if cle in table
    }
