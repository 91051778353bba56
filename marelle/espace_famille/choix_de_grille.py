"""What the pré-inscription form offers and what was chosen in it: a child, an activity, a period, weekdays."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.http import Http404, QueryDict
from django.urls import reverse
from django.utils.http import urlencode

from marelle.activites.models import Activite, Temps
from marelle.activites.periodes import periodes
from marelle.activites.selection import activites_offertes
from marelle.familles.acces import enfants_de
from marelle.familles.models import Enfant, Famille
from marelle.regles.phrases import dire_periode
from marelle.socle.erreurs import ErreurMarelle
from marelle.socle.horloge import annee_scolaire, aujourdhui

from .formulaires import JOURS

ANNEE = "annee"  # alone, or with a time of care: « annee-periscolaire »


@dataclass(frozen=True, slots=True)
class PeriodeOfferte:
    """A period that may be chosen: a cycle, or what is left of the school year. Both ends included."""

    code: str
    nom: str
    debut: date
    fin: date

    @property
    def libelle(self) -> str:
        return f"{self.nom}, {dire_periode(self.debut, self.fin, aujourdhui().year)}"


@dataclass(frozen=True, slots=True)
class Choix:
    """What the grid is about. `jours`: the weekdays wanted, empty for all."""

    enfant: Enfant
    activite: Activite
    periode: PeriodeOfferte
    jours: frozenset[int]
    formulaire: Formulaire

    @property
    def adresse(self) -> str:
        parametres: dict[str, str | int | list[int]] = {
            "enfant": self.enfant.pk,
            "activite": self.activite.pk,
            "periode": self.periode.code,
            "jours": sorted(self.jours),
        }
        return f"{reverse('espace_famille:grille')}?{urlencode(parametres, doseq=True)}"


@dataclass
class Formulaire:
    """The form as it is shown: its lists, what is chosen already, and what is wrong with it."""

    enfants: list[Enfant]
    activites: list[Activite]
    donnees: QueryDict
    erreur: str = ""

    @property
    def enfant(self) -> str:
        return self.donnees.get("enfant", "")

    @property
    def activite(self) -> str:
        return self.donnees.get("activite", "")

    @property
    def periode(self) -> str:
        return self.donnees.get("periode", "")

    @property
    def jours(self) -> list[tuple[int, str, bool]]:
        choisis = self.donnees.getlist("jours")
        return [(n, nom, str(n) in choisis) for n, nom in JOURS[:5]]

    @property
    def periodes(self) -> list[tuple[str, list[PeriodeOfferte]]]:
        """By time of care, those of the activities offered; of the chosen activity alone once there is one."""
        par_temps = [(str(Temps(un).label), periodes_offertes(un)) for un in self._temps]
        if not self.est_sans_activite:
            return par_temps
        return [(nom, [une for une in siennes if not est_l_annee(une.code)]) for nom, siennes in par_temps]

    @property
    def est_sans_activite(self) -> bool:
        """No activity yet: the school year is then offered once, for whichever is chosen. Said for each time of care, it read
        as many times the same and suited one of them only."""
        return not any(str(activite.pk) == self.activite for activite in self.activites)

    @property
    def _temps(self) -> list[str]:
        siens = [un.temps for un in self.activites if self.est_sans_activite or str(un.pk) == self.activite]
        return list(dict.fromkeys(siens))


def periodes_offertes(temps: str) -> list[PeriodeOfferte]:
    """The cycles of a time of care that are not over, and first the whole of what is left of the school year."""
    jour = aujourdhui()
    restantes = [une for une in periodes(temps) if une.fin >= jour]
    offertes = [PeriodeOfferte(une.code, une.nom, une.debut, une.fin) for une in restantes]
    fin_d_annee = annee_scolaire(jour)[1]
    de_l_annee = [une for une in restantes if une.fin <= fin_d_annee]
    if len(de_l_annee) > 1:
        toute = PeriodeOfferte(f"{ANNEE}-{temps}", "Toute l’année scolaire", jour, de_l_annee[-1].fin)
        offertes.insert(0, toute)
    return offertes


def est_l_annee(code: str) -> bool:
    return code.partition("-")[0] == ANNEE


def _voulue(offertes: list[PeriodeOfferte], code: str) -> PeriodeOfferte | None:
    """The one of this code; the school year, whichever time of care it was chosen for, is the activity's own."""
    exacte = next((une for une in offertes if une.code == code), None)
    return exacte or (offertes[0] if offertes and est_l_annee(code) else None)


def formulaire_de(famille: Famille, donnees: QueryDict) -> Formulaire:
    return Formulaire(enfants_de(famille), activites_offertes(), donnees)


def lire_choix(formulaire: Formulaire) -> Choix:
    """What was chosen, checked: another household's child or an activity not offered is a 404, the rest says what is missing."""
    donnees = formulaire.donnees
    cles = [donnees.get(nom, "") for nom in ("enfant", "activite", "periode")]
    if not all(cles):
        raise ErreurMarelle("Choisissez l’enfant, l’activité et la période, puis affichez le calendrier.")
    enfant = next((un for un in formulaire.enfants if str(un.pk) == cles[0]), None)
    activite = next((une for une in formulaire.activites if str(une.pk) == cles[1]), None)
    if enfant is None or activite is None or not activite.unites.all():
        raise Http404
    if not activite.age_min - 1 <= enfant.age_le(aujourdhui()) <= activite.age_max:
        raise ErreurMarelle(f"{activite.nom} ne reçoit pas les enfants de cet âge : choisissez une autre activité.")
    periode = _voulue(periodes_offertes(activite.temps), cles[2])
    if periode is None:
        raise ErreurMarelle(f"Cette période n’est pas ouverte pour {activite.nom} : choisissez-en une autre.")
    jours = frozenset(int(jour) for jour in donnees.getlist("jours") if jour in {str(n) for n, _ in JOURS})
    return Choix(enfant, activite, periode, jours, formulaire)
