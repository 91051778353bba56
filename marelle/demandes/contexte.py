"""What the rules are given to look at: the day as it stands now, the child, what its file lacks, what it has already."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time

from marelle.activites.evenements import codes_prevus
from marelle.activites.models import Activite, Jauge, Ouverture
from marelle.activites.periodes import periode_du
from marelle.collectivite.identite import calendrier, reglement
from marelle.familles.models import Enfant
from marelle.regles.examen import examiner, examiner_demande
from marelle.regles.situation import Action, Contexte, Jour, Manque, Places
from marelle.regles.verdict import Verdict
from marelle.reservations.models import Reservation

from .models import JourDemande
from .passages import Etat

ACTIONS = {
    "reservation": Action.RESERVER,
    "annulation": Action.ANNULER,
    "absence": Action.DECLARER_ABSENCE,
}
NATURES_DES_ACTIONS = {action: nature for nature, action in ACTIONS.items()}
# States that count against a maximum: what stands, and what may still stand.
ANNULEES = (Reservation.Etat.ANNULEE, Reservation.Etat.ANNULEE_CENTRE)
COMPTENT = (Etat.DEPOSEE, Etat.LISTE_ATTENTE, Etat.PROPOSEE, Etat.A_CORRIGER, Etat.ACCEPTEE)


@dataclass(frozen=True, slots=True)
class JourOuvert:
    """An ouverture with its jauges as they stand now; `places` is the tightest of them. `evenements`: what it has besides."""

    ouverture_id: int
    unite_id: int
    unite: str
    date: date
    heure_debut: time
    fermeture: str
    jauges: tuple[int, ...]
    places: Places
    evenements: tuple[str, ...] = ()


def places_de(jauges: Iterable[Jauge], *, retient: bool, a_soi: int = 0) -> Places:
    """The counters of the tightest jauge, as a new request meets them.

    Held places do not count where demandes hold none. `a_soi` (0 or 1) is what the request itself holds: not counted against
    it. Whoever waits could not use what is free (places.servir sees to it), so the line only matters when nothing is.
    """

    def compteurs(jauge: Jauge) -> Places:
        retenues = max(0, jauge.retenues - a_soi) if retient else 0
        libres = jauge.places - jauge.prises - retenues
        return Places(jauge.places, jauge.prises, retenues, 0 if libres > 0 else jauge.attente)

    return min((compteurs(jauge) for jauge in jauges), key=lambda places: (places.restantes, -places.attente))


def jour_des_regles(jour: JourOuvert, activite: Activite) -> Jour:
    return Jour(
        date=jour.date,
        unite=jour.unite,
        heure_debut=jour.heure_debut,
        periode=periode_du(activite.temps, jour.date),
        places=jour.places,
        fermeture=jour.fermeture or None,
    )


def contexte_des_regles(
    action: Action,
    activite: Activite,
    maintenant: datetime,
    manques: Sequence[Manque] = (),
    deja: Iterable[date] = (),
    *,
    par_agent: bool = False,
) -> Contexte:
    return Contexte(
        action=action,
        maintenant=maintenant,
        activite=activite.code,
        manques=tuple(manques),
        deja=frozenset(deja),
        par_agent=par_agent,
    )


@dataclass
class Examen:
    """The rules applied to one child and one activity at one instant."""

    activite: Activite
    maintenant: datetime
    manques: Sequence[Manque] = ()
    deja: dict[Action, frozenset[date]] = field(default_factory=dict)
    par_agent: bool = False
    _contextes: dict[Action, Contexte] = field(default_factory=dict)

    def _contexte(self, action: Action) -> Contexte:
        """The same for every day of the calendar: made once."""
        if action not in self._contextes:
            self._contextes[action] = contexte_des_regles(
                action,
                self.activite,
                self.maintenant,
                self.manques,
                self.deja.get(action, frozenset()),
                par_agent=self.par_agent,
            )
        return self._contextes[action]

    def jour(self, action: Action, jour: JourOuvert) -> Verdict:
        """The verdict of one day alone."""
        return examiner(reglement(), calendrier(), self._contexte(action), jour_des_regles(jour, self.activite))

    def jours(self, action: Action, jours: Sequence[JourOuvert]) -> tuple[Verdict, ...]:
        """The verdicts of a whole request, in the order given."""
        donnes = [jour_des_regles(jour, self.activite) for jour in jours]
        return examiner_demande(reglement(), calendrier(), self._contexte(action), donnes)


def dates_deja(
    enfant_ids: Iterable[int], actions: Iterable[Action] = tuple(ACTIONS.values()), sauf: Iterable[int] = ()
) -> dict[tuple[int, int, Action], frozenset[date]]:
    """For each (child, activity, action), the dates that stand or wait for a decision; `sauf` leaves demandes out."""
    lignes = (
        JourDemande.objects.filter(
            demande__enfant_id__in=list(enfant_ids),
            demande__nature__in=[NATURES_DES_ACTIONS[action] for action in actions],
            demande__etat__in=COMPTENT,
        )
        .exclude(demande_id__in=list(sauf))
        # A booking that was cancelled since does not count any more.
        .exclude(demande__nature="reservation", demande__etat=Etat.ACCEPTEE, reservation__etat__in=ANNULEES)
        .values_list("demande__enfant_id", "demande__activite_id", "demande__nature", "date")
    )
    trouvees: dict[tuple[int, int, Action], set[date]] = {}
    for enfant_id, activite_id, nature, jour in lignes:
        trouvees.setdefault((enfant_id, activite_id, ACTIONS[nature]), set()).add(jour)
    return {cle: frozenset(dates) for cle, dates in trouvees.items()}


def a_un_maximum(activite: Activite, action: Action, jour: date, maintenant: datetime) -> bool:
    """Whether the règlement counts days for this action: when it does not, nobody needs to count them."""
    return bool(reglement().regle(activite.code, action, jour, maintenant).maxima)


def jour_ouvert(ouverture: Ouverture, jauges: dict[int, Jauge], *, retient: bool, a_soi: int = 0) -> JourOuvert:
    """An ouverture with the jauges given (locked, or as just read); `ouverture.jauges` is prefetched."""
    cles = tuple(sorted(jauge.pk for jauge in ouverture.jauges.all()))
    return JourOuvert(
        ouverture.pk,
        ouverture.unite_id,
        ouverture.unite.code,
        ouverture.date,
        ouverture.unite.heure_debut,
        ouverture.fermeture,
        cles,
        places_de((jauges[cle] for cle in cles), retient=retient, a_soi=a_soi),
        codes_prevus(ouverture.evenements),
    )


def est_de_l_age(enfant: Enfant, ouverture: Ouverture, activite: Activite) -> bool:
    """Whether the child has, on that day, the age of the activity and of the group of the ouverture."""
    age = enfant.age_le(ouverture.date)
    groupe = ouverture.groupe
    if groupe is not None and not groupe.age_min <= age <= groupe.age_max:
        return False
    return activite.age_min <= age <= activite.age_max
