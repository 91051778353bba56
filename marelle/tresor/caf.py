"""The hours declared to the Caf: a line per child and slot, from bookings, attendance and invoices; what they add up to."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, time
from itertools import groupby
from typing import Any

from marelle.activites.models import Activite, Centre, Ouverture, Temps, Unite
from marelle.creances.models import LigneFacture
from marelle.familles.models import Enfant, Responsable
from marelle.regles.caf import OptionsCaf, est_une_journee, lire_caf, minutes_realisees, plafonner
from marelle.reservations.models import Absence, Reservation
from marelle.reservations.presences import PointageLu, presences_de
from marelle.socle.horloge import aujourdhui
from marelle.tarification.models import QuotientFamilial

from .models import TexteCaf
from .regimes import Regimes

RESERVE, PRESENT, JUSTIFIEE, INJUSTIFIEE = "reserve", "present", "absence_justifiee", "absence_injustifiee"
ETATS = {
    RESERVE: "Réservé, pas pointé",
    PRESENT: "Présent",
    JUSTIFIEE: "Absence justifiée",
    INJUSTIFIEE: "Absence injustifiée",
}
_POINTES = {"present": PRESENT, "absent_justifie": JUSTIFIEE, "absent_injustifie": INJUSTIFIEE}


def charger_caf(texte: str, source: str) -> OptionsCaf:
    """Keep the text of the convention when it is new. Raises `ErreurCaf`."""
    options = lire_caf(texte, source)
    empreinte = hashlib.sha256(texte.encode()).hexdigest()
    derniere = TexteCaf.objects.order_by("-pk").first()
    if derniere is None or derniere.empreinte != empreinte:
        TexteCaf.objects.create(texte=texte, source=source, empreinte=empreinte)
    return options


def convention() -> OptionsCaf:
    """What is in force, or the default table."""
    derniere = TexteCaf.objects.order_by("-pk").first()
    return lire_caf(derniere.texte, derniere.source) if derniere else OptionsCaf()


@dataclass(frozen=True, slots=True)
class LigneCaf:
    """One child on one slot. Minutes; `demi_journees`: 2 for a day, 1 for half of one. `source` says where the state comes
    from: « pointage », « réservation », « facture » (billed, without a booking that stands)."""

    enfant_id: int
    famille_id: int
    jour: date
    centre: str
    activite: str
    unite: str
    temps: str
    etat: str
    source: str
    parties: tuple[str, ...]
    debut: time
    fin: time
    demi_journees: int
    realisees: int = 0
    facturees: int = 0
    enfant: str = ""
    age: str = ""
    regime: str = ""
    commune: str = ""
    quotient: str = ""


def lignes(debut: date, fin: date, centre: Centre | None = None) -> list[LigneCaf]:
    """Every line of that period, both ends included, by day then by child. A dozen queries, whatever their number."""
    options = convention()
    brutes = _brutes(debut, fin, centre, options)
    return _completer(_plafonnees(brutes, options), options)


def _brutes(debut: date, fin: date, centre: Centre | None, options: OptionsCaf) -> list[LigneCaf]:
    activites = Activite.objects.filter(centre=centre) if centre else Activite.objects.all()
    connues = {une.pk: une for une in activites.select_related("centre").order_by("pk")}
    pointages = presences_de(debut, fin, list(connues))
    facturees = _facturees(debut, fin, {une.code for une in connues.values()})
    ouvertures = Ouverture.objects.filter(activite__in=connues, date__range=(debut, fin)).select_related("unite")
    unites = {une.pk: (une.unite, connues[une.activite_id]) for une in ouvertures.order_by("pk")}
    trouvees = []
    for enfant, famille, ouverture, jour, absence, preuve in _reservations(debut, fin, list(connues)):
        pointage = pointages.pop((enfant, ouverture), None)
        etat, source = _etat(pointage, absence, preuve, jour, options)
        trouvees.append(_ligne(enfant, famille, jour, *unites[ouverture], etat, source, pointage, facturees, options))
    for pointage in pointages.values():
        etat = _POINTES[pointage.etat]
        de = (pointage.enfant_id, pointage.famille_id, pointage.date)
        trouvees.append(_ligne(*de, *unites[pointage.ouverture_id], etat, "pointage", pointage, facturees, options))
    return trouvees + _sans_reservation(facturees, {une.code: une for une in connues.values()})


def _reservations(debut: date, fin: date, activites: Sequence[int]) -> Iterable[tuple[Any, ...]]:
    tenues = Reservation.objects.filter(
        activite__in=activites, date__range=(debut, fin), etat=Reservation.Etat.RESERVEE
    )
    champs = ("enfant_id", "famille_id", "ouverture_id", "date", "absence__etat", "absence__justification")
    return tenues.order_by("date", "pk").values_list(*champs)


def _etat(
    pointage: PointageLu | None, absence: str | None, preuve: str | None, jour: date, options: OptionsCaf
) -> tuple[str, str]:
    """What was pointed wins over what was declared; a day gone by without either is as the convention says."""
    if pointage is not None:
        return _POINTES[pointage.etat], "pointage"
    if absence == Absence.Etat.DECLAREE:
        return (JUSTIFIEE if preuve == Absence.Justification.ACCEPTEE else INJUSTIFIEE), "réservation"
    est_venu = options.sans_pointage == "present" and jour < aujourdhui()
    return (PRESENT if est_venu else RESERVE), "réservation"


Facturees = dict[tuple[int, date, str, str], tuple[int, int]]


def _facturees(debut: date, fin: date, activites: set[str]) -> Facturees:
    """Minutes billed of each child, day, activity and unité, with the household: of each key, the last line of each payer says
    what stands (`LigneFacture.minutes`)."""
    facturees = LigneFacture.objects.filter(date__range=(debut, fin), enfant__isnull=False).order_by("tour", "pk")
    champs = ("payeur_id", "cle", "enfant_id", "date", "activite", "unite", "minutes", "facture__famille_id")
    dernieres = {
        (payeur, cle): ((enfant, jour, activite, unite), minutes, famille or 0)
        for payeur, cle, enfant, jour, activite, unite, minutes, famille in facturees.values_list(*champs)
        if activite in activites
    }
    sommes: Facturees = {}
    for quoi, minutes, famille in dernieres.values():
        total, premiere = sommes.get(quoi, (0, 0))
        sommes[quoi] = (total + minutes, premiere or famille)
    return sommes


def _ligne(
    enfant: int, famille: int, jour: date, unite: Unite, activite: Activite, etat: str, source: str,
    pointage: PointageLu | None, facturees: Facturees, options: OptionsCaf,
) -> LigneCaf:  # fmt: skip
    realisees = 0
    if etat == PRESENT:
        arrivee, depart = (pointage.arrivee, pointage.depart) if pointage else (None, None)
        conversion = options.conversion(activite.temps)
        realisees = minutes_realisees(conversion, unite.parties, unite.heure_debut, unite.heure_fin, arrivee, depart)
    dues, _ = facturees.pop((enfant, jour, activite.code, unite.code), (0, 0))
    return LigneCaf(
        enfant, famille, jour, activite.centre.nom, activite.nom, unite.nom, activite.temps, etat, source,
        tuple(unite.parties), unite.heure_debut, unite.heure_fin, _demi_journees(unite), realisees, dues,
    )  # fmt: skip


def _demi_journees(unite: Unite) -> int:
    return 2 if est_une_journee(unite.parties) else 1


def _sans_reservation(facturees: Facturees, activites: dict[str, Activite]) -> list[LigneCaf]:
    """What stands billed of a day that is no longer booked: cancelled too late, and due."""
    unites = {
        (une.activite_id, une.code): une
        for une in Unite.objects.filter(activite__in=[a.pk for a in activites.values()])
    }
    trouvees = []
    for (enfant, jour, code, unite), (minutes, famille) in facturees.items():
        activite = activites[code]
        une = unites.get((activite.pk, unite))
        if minutes and une is not None:
            trouvees.append(
                LigneCaf(
                    enfant, famille, jour, activite.centre.nom, activite.nom, une.nom, activite.temps, INJUSTIFIEE,
                    "facture", tuple(une.parties), une.heure_debut, une.heure_fin, _demi_journees(une), 0, minutes,
                )
            )  # fmt: skip
    return trouvees


def _plafonnees(brutes: list[LigneCaf], options: OptionsCaf) -> list[LigneCaf]:
    """Each child's day under its ceiling, time of care by time of care."""
    rangees = sorted(brutes, key=lambda une: (une.jour, une.enfant_id, une.temps, une.debut, une.activite))
    faites = []
    for _, groupe in groupby(rangees, key=lambda une: (une.jour, une.enfant_id, une.temps)):
        siennes = list(groupe)
        venues = [une for une in siennes if une.realisees]
        conversion = options.conversion(siennes[0].temps)
        comptees = iter(plafonner(conversion, [une.realisees for une in venues], [une.parties for une in venues]))
        faites += [replace(une, realisees=next(comptees)) if une.realisees else une for une in siennes]
    return faites


def _completer(trouvees: list[LigneCaf], options: OptionsCaf) -> list[LigneCaf]:
    """Who each child is: name, age that day, régime, commune and quotient of its household."""
    enfants = {un.pk: un for un in Enfant.objects.filter(pk__in={une.enfant_id for une in trouvees}).order_by("pk")}
    familles = {une.famille_id for une in trouvees}
    regimes, communes, quotients = Regimes(familles), _communes(familles), Quotients(familles)
    completes = []
    for une in trouvees:
        enfant = enfants[une.enfant_id]
        quotient = options.tranche_de_quotient(quotients.du(une.famille_id, une.jour))
        completes.append(
            replace(
                une, enfant=f"{enfant.nom} {enfant.prenom}", age=options.tranche_d_age(enfant.age_le(une.jour)),
                regime=regimes.du(une.famille_id, une.jour), commune=communes.get(une.famille_id) or "inconnue",
                quotient=quotient,
            )
        )  # fmt: skip
    return completes


def _communes(familles: Iterable[int]) -> dict[int, str]:
    adultes = Responsable.objects.filter(famille__in=list(familles)).order_by("est_principal", "-rang", "-pk")
    return dict(adultes.values_list("famille_id", "commune"))


class Quotients:
    """The quotients of many households in one query, then asked day by day: of those that cover a day, the last entered."""

    def __init__(self, familles: Iterable[int]) -> None:
        tenus = QuotientFamilial.objects.filter(famille__in=list(familles), annule_le__isnull=True).order_by("pk")
        self._tenus: dict[int, list[tuple[date, date | None, int]]] = {}
        for famille, du, au, valeur in tenus.values_list("famille_id", "valable_du", "valable_au", "valeur"):
            self._tenus.setdefault(famille, []).append((du, au, valeur))

    def du(self, famille: int, jour: date) -> int | None:
        siens = self._tenus.get(famille, ())
        return next((valeur for du, au, valeur in reversed(siens) if du <= jour and (au is None or jour <= au)), None)


@dataclass(slots=True)
class Ouverte:
    """When a centre was open for a time of care: days, first and last hour."""

    jours: int = 0
    de: time | None = None
    a: time | None = None


def jours_ouverts(debut: date, fin: date, centre: Centre | None = None) -> dict[tuple[str, str], Ouverte]:
    """By centre and time of care: the days that were open, and between which hours (*amplitude*)."""
    ouvertes = Ouverture.objects.filter(date__range=(debut, fin), fermeture="")
    if centre is not None:
        ouvertes = ouvertes.filter(activite__centre=centre)
    champs = ("activite__centre__nom", "activite__temps", "date", "unite__heure_debut", "unite__heure_fin")
    trouvees: dict[tuple[str, str], Ouverte] = {}
    jours: dict[tuple[str, str], set[date]] = {}
    for nom, temps, jour, de, a in ouvertes.order_by().values_list(*champs).distinct():
        une = trouvees.setdefault((nom, temps), Ouverte())
        jours.setdefault((nom, temps), set()).add(jour)
        une.de, une.a = min(une.de or de, de), max(une.a or a, a)
    for cle, une in trouvees.items():
        une.jours = len(jours[cle])
    return trouvees


@dataclass(slots=True)
class Somme:
    """What the lines of one group add up to. `par_etat`: half-days of each state."""

    cle: tuple[str, ...]
    enfants: set[int] = field(default_factory=set)
    demi_journees: int = 0
    realisees: int = 0
    facturees: int = 0
    par_etat: dict[str, int] = field(default_factory=dict)

    def ajouter(self, une: LigneCaf) -> None:
        self.enfants.add(une.enfant_id)
        self.demi_journees += une.demi_journees
        self.realisees += une.realisees
        self.facturees += une.facturees
        self.par_etat[une.etat] = self.par_etat.get(une.etat, 0) + une.demi_journees


def sommes(trouvees: Iterable[LigneCaf], champs: Sequence[str]) -> list[Somme]:
    """The lines grouped by these fields, in their order."""
    groupes: dict[tuple[str, ...], Somme] = {}
    for une in trouvees:
        cle = tuple(str(getattr(une, champ)) for champ in champs)
        groupes.setdefault(cle, Somme(cle)).ajouter(une)
    return [groupes[cle] for cle in sorted(groupes)]


def choisir(trouvees: Iterable[LigneCaf], criteres: dict[str, str]) -> list[LigneCaf]:
    """The lines behind a figure: those whose fields have these values."""
    return [une for une in trouvees if all(str(getattr(une, nom)) == valeur for nom, valeur in criteres.items())]


NOMS_DES_TEMPS = dict(Temps.choices)
