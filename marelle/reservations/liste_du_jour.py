"""Who is expected in a centre on a day, and what those who keep the children must know of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from marelle.activites.models import Centre, Ouverture
from marelle.collectivite.identite import identite
from marelle.familles.models import Enfant, FicheSanitaire, Responsable

from .models import Absence, Reservation

PARTIR_SEUL = "partir_seul"  # the authorisation that lets a child leave alone, where the collectivité asks it
SANS_REPAS = "Sans repas"


@dataclass(frozen=True, slots=True)
class Attendu:
    """One child of the day. `absence`: what the family declared, when it will not come. `alerte`: allergy, PAI and what to
    do; nothing else of the health sheet. `arrets`, `bus`: its stops, and their words, said by who knows the bus. `ensemble`: the
    brothers and sisters it was asked with, or not at all."""

    enfant: Enfant
    age: int
    activite: str
    groupe: str
    unite: str
    repas: str
    alerte: str
    a_pai: bool
    repart_avec: str
    telephone: str
    absence: str = ""
    arrets: tuple[int | None, int | None] = (None, None)
    bus: str = ""
    ensemble: str = ""

    @property
    def est_a_connaitre(self) -> bool:
        return bool(self.alerte) or self.a_pai


def attendus(centre: Centre, jour: date) -> list[Attendu]:
    """The children booked in this centre on this day, by group then by name. Four queries, whatever their number."""
    reservations = (
        Reservation.objects.filter(activite__centre=centre, date=jour, etat=Reservation.Etat.RESERVEE)
        .select_related(
            *("enfant__fiche", "enfant__fiche_sanitaire", "enfant__autorisations"),
            *("absence", "trajet"),
            *("activite", "ouverture__unite", "ouverture__groupe", "famille"),
        )
        .defer("enfant__fiche_sanitaire__contenu")
        .prefetch_related("enfant__personnes_autorisees", "famille__responsables")
        .order_by("activite__ordre", "ouverture__groupe__age_min", "enfant__nom", "enfant__prenom", "pk")
    )
    repas = {choix.code: choix.nom for choix in identite().repas}
    return [_attendu(une, jour, repas) for une in reservations]


def _attendu(reservation: Reservation, jour: date, noms_des_repas: dict[str, str]) -> Attendu:
    enfant, unite = reservation.enfant, reservation.ouverture.unite
    sante: FicheSanitaire | None = getattr(enfant, "fiche_sanitaire", None)
    fiche = getattr(enfant, "fiche", None)
    code = fiche.type_repas if fiche else ""
    adultes = list(reservation.famille.responsables.all())
    return Attendu(
        enfant=enfant,
        age=enfant.age_le(jour),
        activite=reservation.activite.nom,
        groupe=reservation.ouverture.groupe.nom if reservation.ouverture.groupe else "",
        unite=unite.nom,
        repas=noms_des_repas.get(code, code or "Repas à préciser") if "repas" in unite.parties else SANS_REPAS,
        alerte=(sante.alerte or "") if sante else "",
        a_pai=bool(sante and sante.a_pai),
        repart_avec=_repart_avec(enfant, adultes),
        absence=_absence(reservation),
        arrets=_arrets(reservation),
        telephone=next((a.mobile or a.telephone for a in adultes if a.mobile or a.telephone), ""),
    )


def _arrets(reservation: Reservation) -> tuple[int | None, int | None]:
    """The stops of its ride, by key: what they are called is known above (`transport`)."""
    trajet = getattr(reservation, "trajet", None)
    return (trajet.arret_aller_id, trajet.arret_retour_id) if trajet is not None else (None, None)


def _absence(reservation: Reservation) -> str:
    absence: Absence | None = getattr(reservation, "absence", None)
    if absence is None or absence.etat != Absence.Etat.DECLAREE:
        return ""
    nom = identite().motif_absence(absence.motif) or absence.message
    return f"Absence déclarée ({nom[:1].lower()}{nom[1:]})" if nom else "Absence déclarée"


def _repart_avec(enfant: Enfant, adultes: Sequence[Responsable]) -> str:
    noms = [str(adulte) for adulte in adultes]
    noms += [str(une) for une in enfant.personnes_autorisees.all() if une.peut_recuperer]
    autorisations = getattr(enfant, "autorisations", None)
    if autorisations is not None and autorisations.accords.get(PARTIR_SEUL):
        noms.append("peut repartir seul")
    return ", ".join(noms)


def repas_du_jour(liste: Iterable[Attendu]) -> list[tuple[str, int]]:
    """How many meals of each type, the commonest first; a child declared absent has none."""
    return Counter(un.repas for un in liste if un.repas != SANS_REPAS and not un.absence).most_common()


def centres_attendus(jour: date) -> set[int]:
    """The keys of the centres where a child is booked on that day."""
    tenues = Reservation.objects.filter(date=jour, etat=Reservation.Etat.RESERVEE)
    return set(tenues.order_by().values_list("activite__centre_id", flat=True).distinct())


def jours_voisins(centre: Centre, jour: date) -> tuple[date | None, date | None]:
    """The open days before and after this one."""
    ouverts = Ouverture.objects.filter(activite__centre=centre, fermeture="")
    avant = ouverts.filter(date__lt=jour).order_by("-date").values_list("date", flat=True).first()
    apres = ouverts.filter(date__gt=jour).order_by("date").values_list("date", flat=True).first()
    return avant, apres


def jour_a_montrer(centre: Centre, aujourdhui: date) -> date:
    """Today when the centre opens, else the next day on which it does."""
    ouverts = Ouverture.objects.filter(activite__centre=centre, fermeture="", date__gte=aujourdhui)
    return ouverts.order_by("date").values_list("date", flat=True).first() or aujourdhui


def fermeture_du_jour(centre: Centre, jour: date) -> str:
    """Why the centre is closed that day, when it would have opened; empty otherwise."""
    du_jour = Ouverture.objects.filter(activite__centre=centre, date=jour)
    motifs = list(du_jour.order_by("pk").values_list("fermeture", flat=True))
    return motifs[0] if motifs and all(motifs) else ""
