"""A place offered to the first in line: until when, which hours count, and what silence means."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from marelle.regles.bornes import PARIS, Borne
from marelle.regles.calendrier import Calendrier
from marelle.regles.delais import limite_du_delai, lire_delai
from marelle.regles.lecture import Table
from marelle.regles.phrases import accorder, dire_heure, enumerer
from marelle.regles.situation import Jour

UNE_HEURE = timedelta(hours=1)  # under that, an offer is no use: the service calls
GARDE, PERD = "garde", "perd"


@dataclass(frozen=True, slots=True)
class HeuresCalmes:
    """Hours of Paris in which nothing is sent and nothing counts; across midnight when `debut` is the later one."""

    debut: time
    fin: time

    def contient(self, instant: datetime) -> bool:
        heure = instant.astimezone(PARIS).time()
        if self.debut < self.fin:
            return self.debut <= heure < self.fin
        return heure >= self.debut or heure < self.fin

    def prochain(self, instant: datetime, heure: time) -> datetime:
        """The first instant after this one at which the clock of Paris shows that hour."""
        jour = instant.astimezone(PARIS).date()
        for decalage in range(3):
            quand = datetime.combine(jour + timedelta(days=decalage), heure, PARIS).astimezone(UTC)
            if quand > instant:
                return quand
        raise AssertionError("an hour comes back every day")


@dataclass(frozen=True, slots=True)
class Delai:
    """From when to when one offer runs: sent at `debut`, over at `fin`."""

    debut: datetime
    fin: datetime


@dataclass(frozen=True, slots=True)
class ReglesDesOffres:
    """How long an offer lasts, and what follows. `jusqua`: the last instant useful; without it, the booking's deadline."""

    heures: int
    calmes: HeuresCalmes | None = None
    jusqua: tuple[Borne, ...] = ()
    sans_reponse: str = GARDE
    au_plus: int = 2  # unanswered offers after which the demande leaves the line

    @property
    def perd_son_rang(self) -> bool:
        return self.sans_reponse == PERD

    def delai(self, maintenant: datetime, limite: datetime | None) -> Delai | None:
        """When an offer made now runs; None when it would come too late to be of use."""
        debut = self.debut_utile(maintenant)
        fin = self.compter(debut)
        if limite is not None and limite < fin:
            fin = limite.astimezone(UTC)
        return Delai(debut.astimezone(PARIS), fin.astimezone(PARIS)) if fin - debut >= UNE_HEURE else None

    def debut_utile(self, instant: datetime) -> datetime:
        """This instant, or the end of the quiet hours it falls in (in UTC, where instants can be compared)."""
        instant = instant.astimezone(UTC)
        if self.calmes is None or not self.calmes.contient(instant):
            return instant
        return self.calmes.prochain(instant, self.calmes.fin)

    def compter(self, debut: datetime) -> datetime:
        """`heures` later, quiet hours not counted."""
        instant, reste = self.debut_utile(debut), timedelta(hours=self.heures)
        if self.calmes is None:
            return instant + reste
        while True:
            silence = self.calmes.prochain(instant, self.calmes.debut)
            if instant + reste <= silence:
                return instant + reste
            reste -= silence - instant
            instant = self.calmes.prochain(silence, self.calmes.fin)

    def limite(self, calendrier: Calendrier, jour: Jour, de_la_reservation: datetime | None) -> datetime:
        """The last instant at which an offer for that day is of use: never after the child is expected."""
        arrivee = datetime.combine(jour.date, jour.heure_debut, PARIS)
        voulue = limite_du_delai(self.jusqua, calendrier, jour) if self.jusqua else de_la_reservation
        return min(arrivee, voulue) if voulue else arrivee

    def phrases(self, annee: int) -> list[str]:
        duree = accorder(self.heures, "heure")
        calmes = ""
        if self.calmes:
            calmes = f", sans compter de {dire_heure(self.calmes.debut)} à {dire_heure(self.calmes.fin)}"
        phrases = [
            "Quand une place se libère, elle est proposée par e-mail au premier de la liste, "
            f"qui a {duree} pour l’accepter{calmes}.",
        ]
        if self.calmes:
            phrases.append("Rien n’est envoyé pendant ces heures-là.")
        return [*phrases, self._dire_la_limite(annee), self._dire_le_silence()]

    def _dire_la_limite(self, annee: int) -> str:
        from marelle.regles.enonces import dire_borne  # the sentences of the whole règlement call this one

        suite = "le service appelle les familles de la liste."
        if not self.jusqua:
            return f"Passé le délai pour réserver, plus rien n’est proposé par e-mail : {suite}"
        limites = enumerer([dire_borne(borne, annee) for borne in self.jusqua])
        return f"Une place se propose par e-mail jusqu’à {limites} ; ensuite, {suite}".replace(
            "jusqu’à le ", "jusqu’au "
        )

    def _dire_le_silence(self) -> str:
        if self.au_plus == 1:
            return "Sans réponse, la place va au suivant et la demande quitte la liste."
        rang = "garde son rang" if self.sans_reponse == GARDE else "passe à la fin de la liste"
        offres = f"{self.au_plus} offres"
        return (
            f"Sans réponse, la place va au suivant et la demande {rang} ; après {offres} sans réponse, elle la quitte."
        )


def lire_les_offres(table: Table) -> ReglesDesOffres:
    table.verifier({"heures", "heures_calmes", "jusqua", "sans_reponse", "offres_au_plus"}, exigees=("heures",))
    return ReglesDesOffres(
        heures=table.entier("heures", mini=1, maxi=240),
        calmes=_lire_les_heures_calmes(table),
        jusqua=lire_delai(table, "jusqua"),
        sans_reponse=table.choix("sans_reponse", (GARDE, PERD), GARDE),
        au_plus=table.entier("offres_au_plus", 2, 1, 10),
    )


def _lire_les_heures_calmes(table: Table) -> HeuresCalmes | None:
    if "heures_calmes" not in table:
        return None
    sous = table.table("heures_calmes")
    sous.verifier({"debut", "fin"}, exigees=("debut", "fin"))
    calmes = HeuresCalmes(sous.heure("debut", time(0)), sous.heure("fin", time(0)))
    if calmes.debut == calmes.fin:
        raise sous.refuser("fin", "les heures calmes ne peuvent pas durer toute la journée.")
    return calmes
