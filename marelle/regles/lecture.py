"""How a règlement's text is read: typed keys, and one French line saying which key is wrong and what is allowed."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Collection, Mapping
from datetime import date, datetime, time
from typing import Any

from marelle.regles.calendrier import LUNDI_A_DIMANCHE

FIN_DE_JOURNEE = time(23, 59, 59, 999999)


class ErreurReglement(ValueError):
    """A règlement cannot be read: one French line with the file, the key, what is wrong and what is allowed."""


class ErreurCas(ErreurReglement):
    """A file of cases cannot be read: same line as for a règlement."""


class Table:
    """A TOML table with its path; every reader refuses a wrong type with the path of the key."""

    def __init__(
        self, donnees: Mapping[str, Any], chemin: str, source: str, erreur: type[ErreurReglement] = ErreurReglement
    ):
        self.donnees, self.chemin, self.source, self.erreur = donnees, chemin, source, erreur

    @property
    def cles(self) -> list[str]:
        return list(self.donnees)

    def __contains__(self, cle: str) -> bool:
        return cle in self.donnees

    def sous(self, cle: str) -> str:
        nom = cle if re.fullmatch(r"[A-Za-z0-9_-]+(\[\d+\])?", cle) else f'"{cle}"'
        return f"{self.chemin}.{nom}" if self.chemin else nom

    def refuser(self, cle: str, raison: str) -> ErreurReglement:
        """The error to raise for a key of this table."""
        lieu = f"{self.source} : " if self.source else ""
        chemin = self.sous(cle) if cle else self.chemin
        ou = f"« {chemin} » : " if chemin else ""
        return self.erreur(f"{lieu}{ou}{raison}")

    def verifier(self, permises: Collection[str], exigees: Collection[str] = ()) -> None:
        """Unknown or missing keys stop the load."""
        for cle in self.donnees:
            if cle not in permises:
                raise self.refuser(cle, f"clé inconnue.{proposer(cle, permises)} Clés permises : {liste(permises)}.")
        for cle in exigees:
            if cle not in self.donnees:
                raise self.refuser(cle, "cette clé manque.")

    def _valeur(self, cle: str, types: type | tuple[type, ...], attendu: str) -> Any:
        valeur = self.donnees[cle]
        est_faux_entier = isinstance(valeur, bool) and types is int
        if est_faux_entier or not isinstance(valeur, types):
            raise self.refuser(cle, f"« {valeur} » n’est pas permis, il faut {attendu}.")
        return valeur

    def texte(self, cle: str, defaut: str = "") -> str:
        return str(self._valeur(cle, str, "un texte entre guillemets")) if cle in self else defaut

    def booleen(self, cle: str, defaut: bool = False) -> bool:
        return bool(self._valeur(cle, bool, "true ou false")) if cle in self else defaut

    def entier(self, cle: str, defaut: int = 0, mini: int = 0, maxi: int = 10_000) -> int:
        if cle not in self:
            return defaut
        valeur = int(self._valeur(cle, int, f"un nombre entier de {mini} à {maxi}"))
        if not mini <= valeur <= maxi:
            raise self.refuser(cle, f"{valeur} n’est pas permis, il faut un nombre entier de {mini} à {maxi}.")
        return valeur

    def choix(self, cle: str, permis: Collection[str], defaut: str = "") -> str:
        if cle not in self:
            return defaut
        valeur = str(self._valeur(cle, str, f"un de ces mots : {liste(permis)}"))
        return self.un_de(cle, valeur, permis)

    def un_de(self, cle: str, valeur: str, permis: Collection[str]) -> str:
        if valeur not in permis:
            raise self.refuser(
                cle, f"« {valeur} » n’est pas permis.{proposer(valeur, permis)} Valeurs permises : {liste(permis)}."
            )
        return valeur

    def textes(self, cle: str, permis: Collection[str] | None = None) -> tuple[str, ...]:
        if cle not in self:
            return ()
        valeurs = self._valeur(cle, list, "une liste de textes")
        for valeur in valeurs:
            if not isinstance(valeur, str):
                raise self.refuser(cle, f"« {valeur} » n’est pas un texte entre guillemets.")
            if permis is not None:
                self.un_de(cle, valeur, permis)
        return tuple(valeurs)

    def jour(self, cle: str) -> date | None:
        if cle not in self:
            return None
        if isinstance(self.donnees[cle], datetime):
            raise self.refuser(cle, "il faut une date sans heure, par exemple 2026-09-01.")
        valeur: date = self._valeur(cle, date, "une date, par exemple 2026-09-01")
        return valeur

    def jours(self, cle: str) -> tuple[date, ...]:
        valeurs = self._valeur(cle, list, "une liste de dates") if cle in self else []
        for valeur in valeurs:
            if not isinstance(valeur, date) or isinstance(valeur, datetime):
                raise self.refuser(cle, f"« {valeur} » n’est pas une date, par exemple 2026-09-01.")
        return tuple(valeurs)

    def instant(self, cle: str, heure: time = FIN_DE_JOURNEE) -> datetime | None:
        """A local instant without zone; a bare date takes the hour given."""
        if cle not in self:
            return None
        valeur = self._valeur(cle, date, "une date et une heure, par exemple 2026-05-13T07:00:00")
        if not isinstance(valeur, datetime):
            return datetime.combine(valeur, heure)
        if valeur.tzinfo is not None:
            raise self.refuser(cle, "il faut l’heure de Paris, sans décalage : 2026-05-13T07:00:00.")
        return valeur

    def heure(self, cle: str, defaut: time) -> time:
        """« minuit » is the end of the day; « 09:00 » or 09:00:00 an exact hour."""
        if cle not in self:
            return defaut
        valeur = self.donnees[cle]
        if isinstance(valeur, time):
            return valeur
        if valeur == "minuit":
            return FIN_DE_JOURNEE
        trouve = re.fullmatch(r"([01]?\d|2[0-3]):([0-5]\d)", valeur) if isinstance(valeur, str) else None
        if trouve is None:
            raise self.refuser(cle, f'« {valeur} » n’est pas une heure, par exemple "09:00" ou "minuit".')
        return time(int(trouve[1]), int(trouve[2]))

    def semaine(self, cle: str) -> frozenset[int]:
        """Weekdays by name, as numbers from Monday 0."""
        return frozenset(LUNDI_A_DIMANCHE.index(nom) for nom in self.textes(cle, LUNDI_A_DIMANCHE))

    def table(self, cle: str) -> Table:
        donnees = self._valeur(cle, dict, "une table de clés") if cle in self else {}
        return Table(donnees, self.sous(cle), self.source, self.erreur)

    def tables(self, cle: str, ou_une_seule: bool = False) -> list[Table]:
        """The tables of a list; one table alone counts as a list of one where it is allowed."""
        if cle not in self:
            return []
        if ou_une_seule and isinstance(self.donnees[cle], dict):
            return [self.table(cle)]
        valeurs = self._valeur(cle, list, "une liste de tables")
        for rang, valeur in enumerate(valeurs):
            if not isinstance(valeur, dict):
                raise self.refuser(f"{cle}[{rang}]", "il faut une table de clés.")
        return [Table(v, f"{self.sous(cle)}[{rang}]", self.source, self.erreur) for rang, v in enumerate(valeurs)]


def lire_toml(texte: str, source: str, erreur: type[ErreurReglement] = ErreurReglement) -> Table:
    """The root table of a TOML text; raises `erreur` with the line and column when it is not TOML."""
    try:
        return Table(tomllib.loads(texte), "", source, erreur)
    except tomllib.TOMLDecodeError as faute:
        ou = re.search(r"line (\d+), column (\d+)", str(faute))
        lieu = f"ligne {ou[1]}, colonne {ou[2]}" if ou else "fin du texte"
        prefixe = f"{source} : " if source else ""
        raise erreur(f"{prefixe}ce texte n’est pas du TOML lisible ({lieu}).") from None


def proposer(mot: str, permis: Collection[str]) -> str:
    proches = difflib.get_close_matches(mot, list(permis), n=1, cutoff=0.6)
    return f" Vouliez-vous dire « {proches[0]} » ?" if proches else ""


def liste(mots: Collection[str]) -> str:
    return ", ".join(sorted(mots) if isinstance(mots, set | frozenset) else mots)
