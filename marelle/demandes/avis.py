"""What the rules say now of demandes that wait, many at once: the badge of the queue, the sentence and the places of each day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch

from marelle.regles.situation import Places
from marelle.regles.verdict import Issue, Verdict
from marelle.reservations.models import Reservation
from marelle.socle.horloge import maintenant as maintenant_

from .contexte import ACTIONS, dates_deja, places_de
from .models import Demande, JourDemande
from .natures import NATURES
from .natures.jours import verdicts
from .passages import Etat

# All that a judgement looks at, in two queries whatever the number of demandes.
JOURS = Prefetch(
    "jours",
    JourDemande.objects.select_related("ouverture__unite", "ouverture__groupe", "reservation")
    .prefetch_related("ouverture__jauges")
    .order_by("date", "pk"),
)


@dataclass(frozen=True, slots=True)
class Badge:
    """A state in two words: tone, symbol, word."""

    ton: str
    symbole: str
    mot: str


DANS_LES_REGLES = Badge("vert", "coche", "Dans les règles")
HORS_REGLE = Badge("rouge", "balance", "Hors règle")
A_LIRE = Badge("neutre", "document", "À lire")
SANTE = Badge("ocre", "coeur", "Santé")
PAR_CLAUSE = {
    "ferme": Badge("rouge", "ferme", "Jour fermé"),
    "passe": Badge("rouge", "horloge", "Jour passé"),
    "delai": Badge("rouge", "cadenas", "Hors délai"),
    "fenetre": Badge("rouge", "cadenas", "Hors délai"),
    "maximum": Badge("rouge", "balance", "Maximum dépassé"),
    "motif": Badge("rouge", "balance", "Jours incomplets"),
}


@dataclass(frozen=True, slots=True)
class JourJuge:
    """A day asked: the rule's verdict and the counters of the tightest moment of the day. `a_soi`: held by this demande."""

    jour: JourDemande
    verdict: Verdict
    places: Places
    a_soi: int

    @property
    def est_complet(self) -> bool:
        """Nothing is left for this demande: what it holds itself is still its own."""
        return self.places.restantes + self.a_soi <= 0


@dataclass(frozen=True, slots=True)
class Avis:
    """The rules' opinion of one demande. `objection` is the sentence that stands against accepting, empty when none does."""

    badge: Badge
    objection: str = ""
    clause: str = ""
    jours: tuple[JourJuge, ...] = ()

    @property
    def est_favorable(self) -> bool:
        """The règlement lets it be accepted as it is (a sheet has to be read: the règlement says nothing of it)."""
        return self.badge is DANS_LES_REGLES


def juger(demandes: Sequence[Demande]) -> dict[int, Avis]:
    """The opinion on each of these demandes, whose days were read with `JOURS`: one query more, whatever their number."""
    instant = maintenant_()
    enfants = {d.enfant_id for d in demandes if d.enfant_id and d.nature in ACTIONS}
    deja = dates_deja(enfants) if enfants else {}
    avis = {}
    for demande in demandes:
        if demande.nature not in ACTIONS:
            avis[demande.pk] = Avis(SANTE if NATURES[demande.nature].EST_CONFIDENTIELLE else A_LIRE)
            continue
        cle = (demande.enfant_id or 0, demande.activite_id or 0, ACTIONS[demande.nature])
        avis[demande.pk] = _juger(demande, deja.get(cle, frozenset()), instant)
    return avis


def _juger(demande: Demande, deja: frozenset[object], instant: datetime) -> Avis:
    jours = list(demande.jours.all())
    jauges = {jauge.pk: jauge for jour in jours for jauge in jour.ouverture.jauges.all()}
    rendus = verdicts(demande, jours, jauges, deja, instant)  # type: ignore[arg-type]
    juges = tuple(_jour(demande, jour, verdict) for jour, verdict in zip(jours, rendus, strict=True))
    refus = next((un.verdict for un in juges if un.verdict.issue is Issue.REFUSER), None)
    if refus is not None and refus.clause != "places":
        return Avis(_badge(refus.clause), refus.phrase, refus.clause, juges)
    if demande.nature != "reservation":
        return _avis_d_annulation(juges)
    complets = sum(un.est_complet for un in juges)
    if complets:
        mot = "1 jour complet" if complets == 1 else f"{complets} jours complets"
        return Avis(Badge("violet", "file", mot), refus.phrase if refus else COMPLET, "places", juges)
    return Avis(DANS_LES_REGLES, "", "", juges)


COMPLET = "Il n’y a plus de place libre pour tous les jours demandés."
DEJA_ANNULEE = "La réservation à annuler ne tient déjà plus."


def _avis_d_annulation(juges: tuple[JourJuge, ...]) -> Avis:
    tenues = [un for un in juges if un.jour.reservation and un.jour.reservation.etat == Reservation.Etat.RESERVEE]
    if tenues:
        return Avis(DANS_LES_REGLES, "", "", juges)
    return Avis(Badge("neutre", "croix", "Déjà annulée"), DEJA_ANNULEE, "annulation.deja", juges)


def _jour(demande: Demande, jour: JourDemande, verdict: Verdict) -> JourJuge:
    activite = demande.activite
    retient = activite is not None and activite.retient_places
    detient = demande.nature == "reservation" and demande.etat in (Etat.DEPOSEE, Etat.PROPOSEE, Etat.A_CORRIGER)
    places = places_de(jour.ouverture.jauges.all(), retient=retient)
    return JourJuge(jour, verdict, places, int(detient and retient))


def _badge(clause: str) -> Badge:
    return PAR_CLAUSE.get(clause.rpartition(".")[2], HORS_REGLE)


def dire_places(juge: JourJuge) -> str:
    """« 24 places : 21 réservées, 1 demandée ici, 2 libres »; « Complet : 24 réservées, 2 retenues »."""
    places, soi = juge.places, juge.a_soi
    autres = max(0, places.retenues - soi)
    parts = [_compte(places.prises, "réservée")]
    parts += [f"{soi} demandée ici"] if soi else []
    parts += [_compte(autres, "retenue")] if autres else []
    parts += [_compte(places.attente, "enfant") + " en attente"] if places.attente else []
    if juge.est_complet:
        return f"Complet : {', '.join(parts)} sur {_compte(places.capacite, 'place')}."
    return f"{_compte(places.capacite, 'place')} : {', '.join([*parts, _compte(places.restantes, 'libre')])}."


def _compte(nombre: int, mot: str) -> str:
    return f"{nombre} {mot}" if nombre < 2 else f"{nombre} {mot}s"


def avec_jours(demandes: Iterable[Demande]) -> list[Demande]:
    """Read the days of demandes that came without them."""
    from django.db.models import prefetch_related_objects

    liste = list(demandes)
    prefetch_related_objects(liste, JOURS)
    return liste
