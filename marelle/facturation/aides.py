"""The third parties that pay a share: which aide each household has on a day, and how many of its days are used."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Q

from marelle.creances.models import LigneFacture
from marelle.familles.models import Famille, Rattachement
from marelle.regles.presences import AideAccordee
from marelle.regles.tarifs import VersionTarifs
from marelle.reservations.models import Absence, Reservation
from marelle.socle.horloge import aujourdhui
from marelle.tarification.identite import tarifs

from .anomalies import Anomalie
from .models import PriseEnCharge
from .selection import Selection

Accordees = tuple[tuple[str, int, int], ...]  # code, days used this (civil) year, payer


class Aides:
    """The *prises en charge* of the households of a run; days are counted in the order in which they are priced."""

    def __init__(self, familles: Iterable[int], selection: Selection) -> None:
        self.par_famille: dict[int, list[PriseEnCharge]] = {}
        for une in PriseEnCharge.objects.filter(famille__in=list(familles)).order_by("pk"):
            self.par_famille.setdefault(une.famille_id, []).append(une)
        self.jours: dict[tuple[str, int, int, int], set[date]] = {}
        if self.par_famille:
            self._lire_les_jours(selection)

    def _lire_les_jours(self, selection: Selection) -> None:
        """The days used that this run does not look at itself: before it, or of other activities. Given back, one is not used."""
        depuis = date(selection.premier_jour.year, 1, 1)
        lignes = LigneFacture.objects.filter(payeur__in=self.payeurs, cle__startswith="aide:", date__gte=depuis)
        sommes: dict[tuple[str, int, int, date], int] = {}
        for payeur, cle, enfant, activite, jour, montant in lignes.order_by("pk").values_list(
            "payeur_id", "cle", "enfant_id", "activite", "date", "montant_centimes"
        ):
            if jour is not None and enfant is not None and not selection.regarde(activite, jour):
                quoi = (cle, enfant, payeur, jour)
                sommes[quoi] = sommes.get(quoi, 0) + montant
        for (cle, enfant, payeur, jour), somme in sommes.items():
            if somme > 0:
                self.compter(cle.split(":")[1], enfant, payeur, jour)

    @property
    def payeurs(self) -> set[int]:
        return {une.payeur_id for prises in self.par_famille.values() for une in prises}

    def accordees(
        self, famille: int, enfant: int, jour: date, version: VersionTarifs
    ) -> tuple[Accordees, set[Anomalie]]:
        """What this child of that household has on that day."""
        trouvees: list[tuple[str, int, int]] = []
        anomalies: set[Anomalie] = set()
        for une in self.par_famille.get(famille, ()):
            if not une.vaut_le(jour) or une.enfant_id not in (None, enfant):
                continue
            if une.aide not in version.aides:
                anomalies.add(Anomalie.AIDE_INCONNUE)
                continue
            if une.aide in {code for code, _, _ in trouvees}:
                continue  # one household does not have the same aide twice on a day
            utilises = self.jours.get((une.aide, enfant, une.payeur_id, jour.year), set()) - {jour}
            trouvees.append((une.aide, len(utilises), une.payeur_id))
        return tuple(trouvees), anomalies

    def compter(self, code: str, enfant: int, payeur: int, jour: date) -> None:
        """That day is used."""
        self.jours.setdefault((code, enfant, payeur, jour.year), set()).add(jour)


class AidesDuJour:
    """For the quotes: the aides that a child of a household has on a day, as the invoice will count them. Read when a price first
    needs them."""

    def __init__(self, famille: Famille) -> None:
        self.famille = famille
        self._prises: list[PriseEnCharge] | None = None
        self._utilises = JoursUtilises(famille.pk)

    def __call__(self, enfant_id: int, activite: str, jour: date) -> tuple[AideAccordee, ...]:
        lus = tarifs()
        version = lus.version_du(jour) if lus else None
        if version is None or not version.aides:
            return ()
        if self._prises is None:
            self._prises = list(PriseEnCharge.objects.filter(famille=self.famille).order_by("pk"))
        trouvees: dict[str, AideAccordee] = {}
        for une in self._prises:
            if une.aide in version.aides and une.aide not in trouvees and une.couvre(enfant_id, jour):
                limite = version.aides[une.aide].jours_par_an
                avant = self._utilises.avant(une, enfant_id, jour, version) if limite else 0
                trouvees[une.aide] = AideAccordee(une.aide, avant)
        return tuple(trouvees.values())

    def compter(self, presences: Iterable[tuple[int, date]]) -> None:
        """Children and days that the cart asks for: they use their aide too."""
        self._utilises.au_panier.update(presences)


class JoursUtilises:
    """The days of an aide that count before a day of the same (civil) year: those that were billed with it, then those before
    that day that are booked and not billed yet, or in the cart. Two queries, when an aide has a limit."""

    def __init__(self, famille_id: int) -> None:
        self.famille_id = famille_id
        self.au_panier: set[tuple[int, date]] = set()
        self._factures: dict[tuple[str, int, int, int], set[date]] | None = None
        self._reserves: dict[int, list[tuple[date, str, str]]] = {}

    def avant(self, une: PriseEnCharge, enfant: int, jour: date, version: VersionTarifs) -> int:
        if self._factures is None:
            self._factures = self._lire()
        jours = set(self._factures.get((une.aide, enfant, une.payeur_id, jour.year), ()))
        for le, activite, unite in self._reserves.get(enfant, ()):
            if le < jour and le.year == jour.year and une.couvre(enfant, le) and version.tarif(activite, unite):
                jours.add(le)
        jours |= {
            le for qui, le in self.au_panier
            if qui == enfant and le < jour and le.year == jour.year and une.couvre(enfant, le)
        }  # fmt: skip
        return len(jours - {jour})

    def _lire(self) -> dict[tuple[str, int, int, int], set[date]]:
        depuis = date(aujourdhui().year, 1, 1)
        enfants = Rattachement.objects.filter(famille=self.famille_id).order_by().values("enfant")
        lignes = LigneFacture.objects.filter(
            Q(cle__startswith="aide:") | Q(cle__startswith="resa:"), enfant__in=enfants, date__gte=depuis
        )
        facturees, sommes = set[str](), dict[tuple[str, int, int, date], int]()
        for payeur, cle, enfant, le, montant in lignes.order_by("pk").values_list(
            "payeur_id", "cle", "enfant_id", "date", "montant_centimes"
        ):
            if cle.startswith("resa:"):
                facturees.add(cle)
            elif le is not None:
                quoi = (cle, payeur, enfant, le)
                sommes[quoi] = sommes.get(quoi, 0) + montant
        self._reserves = self._a_facturer(facturees, depuis)
        utilises: dict[tuple[str, int, int, int], set[date]] = {}
        for (cle, payeur, enfant, le), somme in sommes.items():
            if somme > 0:
                utilises.setdefault((cle.split(":")[1], enfant, payeur, le.year), set()).add(le)
        return utilises

    def _a_facturer(self, facturees: set[str], depuis: date) -> dict[int, list[tuple[date, str, str]]]:
        """By child: the day, activity and unité of each booking of the household that is to be billed. An absence may cost
        nothing: it uses no aide until it is billed."""
        prevues = Reservation.objects.filter(
            famille=self.famille_id, etat=Reservation.Etat.RESERVEE, date__gte=depuis
        ).exclude(absence__etat=Absence.Etat.DECLAREE)
        champs = ("pk", "enfant_id", "date", "activite__code", "ouverture__unite__code")
        reserves: dict[int, list[tuple[date, str, str]]] = {}
        for pk, enfant, le, activite, unite in prevues.order_by("pk").values_list(*champs):
            if f"resa:{pk}" not in facturees:
                reserves.setdefault(enfant, []).append((le, activite, unite))
        return reserves
