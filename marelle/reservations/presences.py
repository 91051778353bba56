"""Attendance (*pointage*): who came, when, until when; said by an agent on the day or after, corrected with a trace.

What is pointed wins over what was declared: a child whose family announced an absence and who came is present.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, time

from django.db import transaction
from django.db.models import Prefetch, Q

from marelle.activites.gestion import activites_de
from marelle.activites.models import Activite, Centre, Ouverture
from marelle.comptes.models import Agent
from marelle.familles.models import Enfant, Famille, FicheSanitaire
from marelle.familles.recherche import chercher
from marelle.journal.service import noter
from marelle.regles.pointage import minutes_entre
from marelle.socle.erreurs import Introuvable, Refus
from marelle.socle.francais import compte, date_longue, heure
from marelle.socle.horloge import aujourdhui, maintenant

from .absences_ecole import absents_de_l_ecole, demandent_l_ecole
from .models import Absence, Pointage, Reservation

Etat = Pointage.Etat
ABSENTS = (Etat.ABSENT_JUSTIFIE.value, Etat.ABSENT_INJUSTIFIE.value)
TROUVES = 20


@dataclass(frozen=True, slots=True)
class PointageLu:
    """What billing and the accounts given to the CAF read of a pointage. Times are those of the day, in Paris."""

    enfant_id: int
    famille_id: int
    ouverture_id: int
    activite_id: int
    date: date
    etat: str
    arrivee: time | None
    depart: time | None
    minutes_de_retard: int
    sans_reservation: bool

    @property
    def est_present(self) -> bool:
        return self.etat == Etat.PRESENT

    @property
    def minutes_de_presence(self) -> int:
        """From arrival to departure; 0 when one of the two is not known."""
        return minutes_entre(self.arrivee, self.depart) if self.arrivee and self.depart else 0


_CHAMPS = tuple(PointageLu.__dataclass_fields__)


def presences_de(
    debut: date, fin: date, activites: Iterable[int | Activite] | None = None, qui: Q | None = None
) -> dict[tuple[int, int], PointageLu]:
    """Every pointage between two days, both included, of these activities (None: all) and of those that `qui` says (None:
    everybody), by (enfant, ouverture). One query."""
    choisis = Pointage.objects.filter(qui or Q(), date__range=(debut, fin))
    if activites is not None:
        choisis = choisis.filter(activite__in=list(activites))
    lus = (PointageLu(*valeurs) for valeurs in choisis.order_by("date", "pk").values_list(*_CHAMPS))
    return {(un.enfant_id, un.ouverture_id): un for un in lus}


def presences_de_l_enfant(famille: Famille, enfant: Enfant, debut: date, fin: date) -> list[PointageLu]:
    """What was pointed of one child for one household between two days, both included, the oldest first."""
    siens = Pointage.objects.filter(famille=famille, enfant=enfant, date__range=(debut, fin))
    lus = siens.order_by("date", "ouverture__unite__ordre", "pk").values_list(*_CHAMPS)
    return [PointageLu(*valeurs) for valeurs in lus]


@dataclass(frozen=True, slots=True)
class APointer:
    """One line of the attendance sheet: a child on an ouverture, what the family declared, what was pointed. `absent_ecole`:
    whether it was absent from school too; None where the tariffs do not ask."""

    enfant: Enfant
    famille: Famille
    ouverture: Ouverture
    age: int
    pointage: Pointage | None
    absence: Absence | None
    absent_ecole: bool | None = None

    @property
    def est_absent(self) -> bool:
        """Pointed so, or declared and not pointed."""
        return self.pointage.etat != Etat.PRESENT if self.pointage else self.absence is not None

    @property
    def cle(self) -> str:
        return f"{self.ouverture.pk}-{self.enfant.pk}"

    @property
    def sante(self) -> str:
        """That there is something to know before giving it its snack; what, the liste du jour says."""
        fiche: FicheSanitaire | None = getattr(self.enfant, "fiche_sanitaire", None)
        if fiche is None:
            return ""
        return "PAI" if fiche.a_pai else "Santé" if fiche.alerte else ""

    @property
    def groupe(self) -> tuple[str, str]:
        """The key of its section, and how it is said."""
        groupe = self.ouverture.groupe
        noms = [self.ouverture.activite.nom, groupe.nom if groupe else ""]
        return f"{self.ouverture.activite_id}-{self.ouverture.groupe_id or 0}", " · ".join(filter(None, noms))


SANTE = "enfant__fiche_sanitaire__contenu"  # nobody who points reads it


def feuille(centre: Centre, jour: date) -> list[APointer]:
    """The children booked in this centre on this day, and those who came without, by group then by name. Two queries,
    three where the tariffs ask who was absent from school."""
    avec = ("enfant__fiche_sanitaire", "famille", "ouverture__unite", "ouverture__groupe", "ouverture__activite")
    prevus = Reservation.objects.filter(activite__centre=centre, date=jour, etat=Reservation.Etat.RESERVEE)
    pointes = (
        Pointage.objects.filter(activite__centre=centre, date=jour).select_related(*avec, "saisi_par").defer(SANTE)
    )
    par_cle = {(un.enfant_id, un.ouverture_id): un for un in pointes.order_by("pk")}
    lignes = []
    for une in prevus.select_related(*avec, "absence").defer(SANTE).order_by("pk"):
        absence: Absence | None = getattr(une, "absence", None)
        declaree = absence if absence is not None and absence.etat == Absence.Etat.DECLAREE else None
        pointage = par_cle.pop((une.enfant_id, une.ouverture_id), None)
        age = une.enfant.age_le(jour)
        lignes.append(APointer(une.enfant, une.famille, une.ouverture, age, pointage, declaree))
    lignes += [
        APointer(un.enfant, un.famille, un.ouverture, un.enfant.age_le(jour), un, None) for un in par_cle.values()
    ]
    return sorted(_avec_l_ecole(lignes, jour), key=_rang)


def _avec_l_ecole(lignes: list[APointer], jour: date) -> list[APointer]:
    cles = demandent_l_ecole({une.ouverture.activite for une in lignes}, jour)
    absents = absents_de_l_ecole(jour, {une.enfant.pk for une in lignes}) if cles else set()
    return [
        replace(une, absent_ecole=une.enfant.pk in absents) if une.ouverture.activite_id in cles else une
        for une in lignes
    ]


def _rang(une: APointer) -> tuple[int, int, int, str, str, int]:
    activite, groupe = une.ouverture.activite, une.ouverture.groupe
    noms = (une.enfant.nom.casefold(), une.enfant.prenom.casefold())
    return activite.ordre, activite.pk, groupe.age_min if groupe else 0, *noms, une.ouverture.pk


@dataclass(frozen=True, slots=True)
class Bilan:
    """How many are there, how many are not, of how many nothing is known yet; who left already."""

    presents: int
    absents: int
    a_pointer: int
    partis: int


def bilan(lignes: Iterable[APointer]) -> Bilan:
    """The totals of a sheet."""
    pointages = [une.pointage for une in lignes]
    faits = [un for un in pointages if un is not None]
    presents = [un for un in faits if un.etat == Etat.PRESENT]
    partis = sum(1 for un in presents if un.depart)
    return Bilan(len(presents), len(faits) - len(presents), len(pointages) - len(faits), partis)


def jour_a_pointer(centre: Centre, aujourdhui: date) -> date:
    """Today when the centre opens, else the last day on which it did."""
    ouverts = Ouverture.objects.filter(activite__centre=centre, fermeture="", date__lte=aujourdhui)
    return ouverts.order_by("-date").values_list("date", flat=True).first() or aujourdhui


def une_ouverture(agent: Agent, cle: int) -> Ouverture:
    """An ouverture of this agent's centres; `Introuvable` otherwise."""
    choisies = Ouverture.objects.select_related("unite", "activite__centre", "groupe")
    ouverture = choisies.filter(pk=cle, activite__in=activites_de(agent)).first()
    if ouverture is None:
        raise Introuvable("Ce jour d’accueil n’existe pas.")
    return ouverture


@transaction.atomic
def pointer(
    agent: Agent,
    ouverture: Ouverture,
    enfant_id: int,
    etat: str,
    *,
    arrivee: time | None = None,
    depart: time | None = None,
    garder_les_heures: bool = True,
) -> Pointage:
    """Say that a child is there or not. `arrivee` and `depart` are added to those known already; without
    `garder_les_heures` they take their place (None: not known).

    Raises `Introuvable` for a child that nobody expects, `Refus` for a closed day, a day to come, hours that cannot be.
    """
    _verrouiller(ouverture)
    avant = _pointage(ouverture, enfant_id)
    reservation = _reservation(ouverture, enfant_id)
    if avant is None and reservation is None:
        raise Introuvable("Cet enfant n’est pas attendu ce jour-là : ajoutez-le à la liste.")
    un = avant or Pointage(enfant_id=enfant_id, famille=reservation.famille if reservation else None)
    etait = _resume(avant)
    if etat == Etat.PRESENT:
        un.arrivee = arrivee or (un.arrivee if garder_les_heures else None)
        un.depart = depart or (un.depart if garder_les_heures else None)
        _exiger_dans_l_ordre(un)
        un.etat = Etat.PRESENT
    else:
        if un.sans_reservation:
            raise Refus("Cet enfant est venu sans réservation : s’il n’est pas là, effacez son pointage.")
        un.arrivee = un.depart = None
        un.etat = Etat.ABSENT_JUSTIFIE if _est_justifiee(reservation) else Etat.ABSENT_INJUSTIFIE
    return _enregistrer(un, ouverture, agent, etait)


@transaction.atomic
def effacer(agent: Agent, ouverture: Ouverture, enfant_id: int) -> None:
    """Take a pointage back: nothing is known any more of that child on that day. The journal keeps what it said."""
    _verrouiller(ouverture)
    un = _pointage(ouverture, enfant_id)
    if un is not None:
        _noter(agent, "presence.effacee", un, avant=_resume(un))
        un.delete()


@transaction.atomic
def tous_presents(agent: Agent, ouvertures: Iterable[Ouverture]) -> int:
    """Everybody who is booked there, not pointed yet, and whose family declared nothing, is present. How many."""
    nombre, instant = 0, maintenant()
    for ouverture in ouvertures:
        _verrouiller(ouverture)
        prevus = Reservation.objects.filter(ouverture=ouverture, etat=Reservation.Etat.RESERVEE).order_by("pk")
        prevus = prevus.exclude(absence__etat=Absence.Etat.DECLAREE)
        prevus = prevus.exclude(enfant__in=Pointage.objects.filter(ouverture=ouverture).values("enfant"))
        nouveaux = [
            Pointage(
                enfant_id=une.enfant_id, famille_id=une.famille_id, ouverture=ouverture, activite=ouverture.activite,
                date=ouverture.date, etat=Etat.PRESENT, saisi_par=agent, saisi_le=instant,
            )
            for une in prevus
        ]  # fmt: skip
        Pointage.objects.bulk_create(nouveaux)
        nombre += len(nouveaux)
        if nouveaux:
            noter(agent.compte, "presence.tous", ouverture, jour=ouverture.date.isoformat(), nombre=len(nouveaux))
    return nombre


@dataclass(frozen=True, slots=True)
class Candidat:
    """A child that may be added to the day: its households, and what is open to its age."""

    enfant: Enfant
    age: int
    familles: list[Famille]
    ouvertures: list[Ouverture]


def candidats(centre: Centre, jour: date, texte: str) -> list[Candidat]:
    """The children of the collectivité who answer to this name, the first twenty by name."""
    if len(texte.strip()) < 2:
        return []
    trouves = Enfant.objects.filter(pk__in=chercher(texte).enfants, est_archive=False)
    familles = Prefetch("familles", Famille.objects.filter(est_archivee=False).order_by("nom", "pk"))
    du_jour = Ouverture.objects.filter(activite__centre=centre, date=jour, fermeture="")
    ouvertes = list(
        du_jour.select_related("unite", "groupe", "activite").order_by("activite__ordre", "unite__ordre", "pk")
    )
    lignes = []
    for enfant in trouves.prefetch_related(familles).order_by("nom", "prenom", "pk")[:TROUVES]:
        age = enfant.age_le(jour)
        siennes = [o for o in ouvertes if o.groupe is None or o.groupe.age_min <= age <= o.groupe.age_max]
        lignes.append(Candidat(enfant, age, list(enfant.familles.all()), siennes))
    return lignes


@transaction.atomic
def ajouter(agent: Agent, ouverture: Ouverture, enfant_id: int, famille_id: int) -> Pointage:
    """A child who came without a booking, for one of its households. `Refus` when it is booked, or pointed, already."""
    _verrouiller(ouverture)
    enfant = Enfant.objects.filter(pk=enfant_id, est_archive=False).first()
    famille = enfant.familles.filter(pk=famille_id).first() if enfant else None
    if enfant is None or famille is None:
        raise Introuvable("Cet enfant n’existe pas.")
    if _reservation(ouverture, enfant_id) or _pointage(ouverture, enfant_id):
        raise Refus(f"{enfant} est déjà sur la liste : pointez-le à sa ligne.")
    groupe, age = ouverture.groupe, enfant.age_le(ouverture.date)
    if groupe and not groupe.age_min <= age <= groupe.age_max:
        raise Refus(f"{enfant} a {compte(age, 'an')} : ce groupe reçoit de {groupe.age_min} à {groupe.age_max} ans.")
    un = Pointage(enfant=enfant, famille=famille, etat=Etat.PRESENT, sans_reservation=True)
    if ouverture.date == aujourdhui():
        un.arrivee = a_cette_heure()
    _enregistrer(un, ouverture, agent, "")
    _noter(agent, "presence.sans_reservation", un)
    return un


def a_cette_heure() -> time:
    """The present minute."""
    return maintenant().time().replace(second=0, microsecond=0, tzinfo=None)


def _verrouiller(ouverture: Ouverture) -> None:
    """One agent at a time on an ouverture; nothing is pointed on a closed day, nor before the day."""
    relue = Ouverture.objects.select_for_update().only("pk", "fermeture", "date").get(pk=ouverture.pk)
    if relue.fermeture:
        raise Refus(f"Le centre est fermé ce jour-là ({relue.fermeture}) : personne ne s’y pointe.")
    if relue.date > aujourdhui():
        dit = date_longue(relue.date, aujourdhui().year)
        raise Refus(f"Le {dit} est à venir : les présences se pointent le jour même, ou après.")


def _pointage(ouverture: Ouverture, enfant_id: int) -> Pointage | None:
    return Pointage.objects.filter(ouverture=ouverture, enfant=enfant_id).first()


def _reservation(ouverture: Ouverture, enfant_id: int) -> Reservation | None:
    siennes = Reservation.objects.filter(ouverture=ouverture, enfant=enfant_id, etat=Reservation.Etat.RESERVEE)
    return siennes.select_related("absence").first()


def _est_justifiee(reservation: Reservation | None) -> bool:
    absence: Absence | None = getattr(reservation, "absence", None)
    if absence is None or absence.etat != Absence.Etat.DECLAREE:
        return False
    return absence.justification == Absence.Justification.ACCEPTEE


def _exiger_dans_l_ordre(un: Pointage) -> None:
    if un.arrivee and un.depart and un.depart < un.arrivee:
        raise Refus(
            f"Le départ ({heure(un.depart)}) vient avant l’arrivée ({heure(un.arrivee)}) : corrigez une des deux."
        )


def _enregistrer(un: Pointage, ouverture: Ouverture, agent: Agent, etait: str) -> Pointage:
    fin = ouverture.unite.heure_fin
    un.ouverture, un.activite, un.date = ouverture, ouverture.activite, ouverture.date
    un.minutes_de_retard = max(0, minutes_entre(fin, un.depart)) if un.depart else 0
    un.saisi_par, un.saisi_le = agent, maintenant()
    un.save()
    if etait and not _resume(un).startswith(etait):
        _noter(agent, "presence.correction", un, avant=etait, apres=_resume(un))
    return un


def _resume(un: Pointage | None) -> str:
    """« present 08:12 17:40 »: what a correction changes. An hour that is added corrects nothing."""
    if un is None:
        return ""
    heures = [f"{moment:%H:%M}" for moment in (un.arrivee, un.depart) if moment]
    return " ".join([un.etat, *heures])


def _noter(agent: Agent, action: str, un: Pointage, **details: str) -> None:
    dossier = f"famille:{un.famille_id}"
    noter(agent.compte, action, un, dossier=dossier, enfant=un.enfant_id, jour=un.date.isoformat(), **details)
