"""Who has a place: the one module that locks jauges and writes their counters.

Always in this order: lock every jauge of the blocs concerned, by key; then read; then decide; then write once. A place that
is freed goes, in the same transaction, to the first in line who can use it: no free place stays while somebody who could have
it waits. See docs/decisions/0003-places.md for why.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import F, QuerySet, Value

from marelle.activites.models import Jauge

from .models import Place

COMPTEURS = {Place.Etat.RETENUE: "retenues", Place.Etat.PRISE: "prises", Place.Etat.ATTENTE: "attente"}


@dataclass(frozen=True, slots=True)
class Besoin:
    """What one jour de demande needs: one place in each of these jauges, for this child. `ordre`: what ranks it (µs)."""

    reference: int
    enfant_id: int
    jauges: tuple[int, ...]
    ordre: int


@dataclass
class Registre:
    """The jauges locked in this transaction, and what is being written about them. Made by `ouvrir`, ended by `ecrire`."""

    jauges: dict[int, Jauge]
    lignes: dict[tuple[int, int], Place]
    _a_creer: dict[tuple[int, int], Place] = field(default_factory=dict)
    _a_supprimer: set[int] = field(default_factory=set)
    _a_reclasser: dict[int, Place] = field(default_factory=dict)
    _ecarts: dict[int, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    _capacites: dict[int, int] = field(default_factory=dict)
    _liberees: set[int] = field(default_factory=set)

    # Questions

    def a_de_la_place(self, besoin: Besoin) -> bool:
        """Whether each jauge has a place that nobody holds."""
        return all(self.jauges[cle].restantes > 0 for cle in besoin.jauges)

    def est_pris_ailleurs(self, besoin: Besoin) -> bool:
        """Whether the child already holds, has or waits for one of these places through something else."""
        for cle in besoin.jauges:
            ligne = self.lignes.get((cle, besoin.enfant_id))
            if ligne is not None and ligne.reference != besoin.reference:
                return True
        return False

    def detient(self, besoin: Besoin) -> bool:
        """Whether this jour de demande holds its places."""
        return all(self._etat(cle, besoin) == Place.Etat.RETENUE for cle in besoin.jauges)

    def _etat(self, cle: int, besoin: Besoin) -> str:
        ligne = self.lignes.get((cle, besoin.enfant_id))
        return ligne.etat if ligne is not None and ligne.reference == besoin.reference else ""

    # Moves

    def retenir(self, besoin: Besoin, expire_le: datetime | None = None) -> bool:
        """Hold the places for a demande (or a cart, until `expire_le`). False, and nothing moved, when one is missing."""
        if not self.detient(besoin) and (self.est_pris_ailleurs(besoin) or not self.a_de_la_place(besoin)):
            return False
        self._retirer_lignes(besoin.reference, besoin.enfant_id, besoin.jauges, libere=False)
        self._poser(besoin, Place.Etat.RETENUE, expire_le=expire_le)
        return True

    def attendre(self, besoin: Besoin) -> bool:
        """Join the line, leaving what was held. False, and nothing moved, when the child has its place otherwise already."""
        if self.est_pris_ailleurs(besoin):
            return False
        self._retirer_lignes(besoin.reference, besoin.enfant_id, besoin.jauges)
        self._poser(besoin, Place.Etat.ATTENTE)
        return True

    def prendre(self, besoin: Besoin, reservation_id: int) -> bool:
        """Turn what is held (or what is free) into a booking. False, and nothing moved, when a place is missing."""
        if not self.detient(besoin) and (self.est_pris_ailleurs(besoin) or not self.a_de_la_place(besoin)):
            return False
        self._retirer_lignes(besoin.reference, besoin.enfant_id, besoin.jauges, libere=False)
        self._poser(besoin, Place.Etat.PRISE, reservation_id=reservation_id)
        return True

    def liberer(self, besoin: Besoin) -> None:
        """Give back what a demande holds, or leave the line."""
        self._retirer_lignes(besoin.reference, besoin.enfant_id, besoin.jauges)

    def rendre(self, reservations: Iterable[int]) -> None:
        """Give back the places of cancelled bookings."""
        cherchees = set(reservations)
        for ligne in [une for une in self.lignes.values() if une.reservation_id in cherchees]:
            self._retirer(ligne, libere=True)

    def attendent(self) -> list[Besoin]:
        """Those who wait where a place has been freed, in their order. No query where nobody waits."""
        blocs = {self.jauges[cle].bloc for cle in self._liberees if self.jauges[cle].attente > 0}
        if not blocs:
            return []
        return self._file([cle for cle, jauge in self.jauges.items() if jauge.bloc in blocs])

    def reclasser(self, ordres: Mapping[int, int]) -> None:
        """Give these jours de demande, who wait, another order in the line."""
        for ligne in self.lignes.values():
            if ligne.etat == Place.Etat.ATTENTE and ordres.get(ligne.reference, ligne.ordre) != ligne.ordre:
                ligne.ordre = ordres[ligne.reference]
                if ligne.pk is not None:
                    self._a_reclasser[ligne.pk] = ligne

    def servir(self, en_dernier: Collection[int] = ()) -> list[int]:
        """Give the freed places to the first in line; the jours de demande that now hold theirs.

        `en_dernier`: those who have just let one pass come after the others, for this time."""
        servies = []
        for besoin in sorted(self.attendent(), key=lambda un: un.reference in en_dernier):
            if self.a_de_la_place(besoin):
                self._retirer_lignes(besoin.reference, besoin.enfant_id, besoin.jauges, libere=False)
                self._poser(besoin, Place.Etat.RETENUE)
                servies.append(besoin.reference)
        return servies

    def ouvrir_des_places(self, jauge_id: int, places: int) -> None:
        """Change a capacity (never under what is taken or held: the caller has checked)."""
        jauge = self.jauges[jauge_id]
        if places > jauge.places:
            self._liberees.add(jauge_id)
        jauge.places = self._capacites[jauge_id] = places

    def ecrire(self) -> None:
        """Write everything at once: rows first, then the counters that count them."""
        restees = [ligne for cle, ligne in self._a_reclasser.items() if cle not in self._a_supprimer]
        if restees:
            Place.objects.bulk_update(restees, ["ordre"])
        if self._a_supprimer:
            Place.objects.filter(pk__in=self._a_supprimer).delete()
        if self._a_creer:
            Place.objects.bulk_create(self._a_creer.values())
        for changements, cles in self._changements().items():
            valeurs: dict[str, Any] = {nom: F(nom) + ecart for nom, ecart in changements if nom != "places"}
            valeurs |= {nom: Value(places) for nom, places in changements if nom == "places"}
            Jauge.objects.filter(pk__in=cles).update(**valeurs)
        self._a_creer, self._a_supprimer, self._a_reclasser = {}, set(), {}
        self._ecarts.clear()
        self._capacites.clear()
        self._liberees.clear()

    # Inside

    def _changements(self) -> dict[tuple[tuple[str, int], ...], list[int]]:
        """The jauges by what changes on them: a cart of ten days moves ten counters in the same way, in one statement.

        The rows are locked: a difference is as sure as a value, and much shorter to say.
        """
        groupes: dict[tuple[tuple[str, int], ...], list[int]] = defaultdict(list)
        for cle in sorted({*self._ecarts, *self._capacites}):
            changements = [(nom, ecart) for nom, ecart in sorted(self._ecarts[cle].items()) if ecart]
            if cle in self._capacites:
                changements.append(("places", self._capacites[cle]))
            if changements:
                groupes[tuple(changements)].append(cle)
        return groupes

    def _file(self, jauges: list[int]) -> list[Besoin]:
        """Those who wait on these jauges, first come first."""
        for ligne in Place.objects.filter(jauge_id__in=jauges, etat=Place.Etat.ATTENTE).order_by("ordre", "reference"):
            if ligne.pk not in self._a_supprimer:
                self.lignes.setdefault((ligne.jauge_id, ligne.enfant_id), ligne)
        par_reference: dict[tuple[int, int, int], list[int]] = defaultdict(list)
        for ligne in self.lignes.values():
            if ligne.etat == Place.Etat.ATTENTE and ligne.jauge_id in set(jauges):
                par_reference[(ligne.ordre, ligne.reference, ligne.enfant_id)].append(ligne.jauge_id)
        return [
            Besoin(reference, enfant_id, tuple(sorted(cles)), ordre)
            for (ordre, reference, enfant_id), cles in sorted(par_reference.items())
        ]

    def _poser(
        self,
        besoin: Besoin,
        etat: Place.Etat,
        *,
        reservation_id: int | None = None,
        expire_le: datetime | None = None,
    ) -> None:
        for cle in besoin.jauges:
            ligne = Place(
                jauge_id=cle,
                enfant_id=besoin.enfant_id,
                etat=etat,
                reference=besoin.reference,
                reservation_id=reservation_id,
                ordre=besoin.ordre,
                expire_le=expire_le,
            )
            self.lignes[(cle, besoin.enfant_id)] = ligne
            self._a_creer[(cle, besoin.enfant_id)] = ligne
            self._compter(cle, etat, 1)

    def _retirer_lignes(self, reference: int, enfant_id: int, jauges: Sequence[int], *, libere: bool = True) -> None:
        for cle in jauges:
            ligne = self.lignes.get((cle, enfant_id))
            if ligne is not None and ligne.reference == reference:
                self._retirer(ligne, libere=libere)

    def _retirer(self, ligne: Place, *, libere: bool) -> None:
        cle = (ligne.jauge_id, ligne.enfant_id)
        del self.lignes[cle]
        if ligne.pk is None:
            del self._a_creer[cle]
        else:
            self._a_supprimer.add(ligne.pk)
        self._compter(ligne.jauge_id, Place.Etat(ligne.etat), -1)
        if libere and ligne.etat != Place.Etat.ATTENTE:
            self._liberees.add(ligne.jauge_id)

    def _compter(self, cle: int, etat: Place.Etat, de: int) -> None:
        jauge = self.jauges[cle]
        nom = COMPTEURS[etat]
        setattr(jauge, nom, getattr(jauge, nom) + de)
        self._ecarts[cle][nom] += de


def ouvrir(jauges: Iterable[int] | QuerySet[Jauge], enfants: Iterable[int] | QuerySet[Any] | None = None) -> Registre:
    """Lock the blocs of these jauges (inside a `transaction_de_places`), then read the rows of these children on them.

    `enfants`: keys, or a queryset that gives them; everybody when None. What decides is to be read after this, not before.
    """
    cles: Any = jauges.order_by().values("pk") if isinstance(jauges, QuerySet) else set(jauges)
    blocs = Jauge.objects.filter(pk__in=cles).order_by().values("bloc")
    # `no_key`: on PostgreSQL the lock lets others refer to the row meanwhile; it still lets one writer in.
    verrou = Jauge.objects.select_for_update(no_key=True).filter(bloc__in=blocs).order_by("pk")
    verrouillees = {jauge.pk: jauge for jauge in verrou}
    lignes = Place.objects.filter(jauge_id__in=list(verrouillees))
    if enfants is not None:
        lignes = lignes.filter(enfant_id__in=enfants if isinstance(enfants, QuerySet) else set(enfants))
    return Registre(verrouillees, {(ligne.jauge_id, ligne.enfant_id): ligne for ligne in lignes})
