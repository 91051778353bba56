"""The order of a waiting list: the points of each day that waits, by the published criteria on the data in force."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime

from marelle.activites.models import Activite
from marelle.collectivite.identite import reglement
from marelle.familles.models import Responsable
from marelle.regles.attente import ARRIVEE, Attente, Faits, Sorte, points
from marelle.reservations.file_ecriture import transaction_de_places
from marelle.reservations.models import Place, Reservation
from marelle.reservations.places import Registre, ouvrir
from marelle.socle.horloge import annee_scolaire, aujourdhui, maintenant

from .besoins import besoin, jours_complets, ordre_d_arrivee
from .models import Demande, JourDemande, RangAttente

LOT = 200  # waiting days counted again in one transaction, so that nobody waits behind the nightly count


def attente_de(activite: Activite | None, jour: date, depose_le: datetime | None) -> Attente:
    """How the règlement orders and serves the line of this day, in the version that ruled the demande."""
    if activite is None:
        return ARRIVEE
    instant = depose_le or maintenant()
    return reglement().version_du(jour, instant).attente(activite.code)


def rejoindre(registre: Registre, demande: Demande, jours: Sequence[JourDemande], *, est_nouvelle: bool = True) -> bool:
    """Join the line of each of these days, at its rank. A new demande in a line of arrival costs no query.

    False, and nothing moved, when the child has, holds or waits for one of these places otherwise: by another demande, or by
    two days of this one."""
    besoins = [besoin(jour, demande) for jour in jours]
    places = [cle for un in besoins for cle in un.jauges]
    if len(set(places)) < len(places) or any(registre.est_pris_ailleurs(un) for un in besoins):
        return False
    ordres = _ordres([(demande, jour) for jour in jours], est_nouvelle=est_nouvelle)
    for un in besoins:
        registre.attendre(replace(un, ordre=ordres.get(un.reference, un.ordre)))
    return True


def actualiser(registre: Registre) -> None:
    """Count again the points of those who wait where places have just come free: what is served follows what is in force."""
    if not reglement().criteres_d_attente:
        return
    references = [un.reference for un in registre.attendent()]
    if references:
        registre.reclasser(_recompter(references))


def _recompter(references: Iterable[int]) -> dict[int, int]:
    jours = jours_complets(JourDemande.objects.filter(pk__in=list(references)))
    return _ordres([(jour.demande, jour) for jour in jours], est_nouvelle=False)


def recompter_les_listes() -> int:
    """The nightly job: the points of everybody who waits for a day to come; returns how many ranks moved."""
    if not reglement().criteres_d_attente:
        return 0
    attentes = Place.objects.filter(etat=Place.Etat.ATTENTE, jauge__date__gte=aujourdhui())
    references = sorted(set(attentes.order_by().values_list("reference", flat=True)))
    return sum(_recompter_un_lot(references[debut : debut + LOT]) for debut in range(0, len(references), LOT))


def _recompter_un_lot(references: list[int]) -> int:
    with transaction_de_places():
        jauges = Place.objects.filter(reference__in=references, etat=Place.Etat.ATTENTE).values_list(
            "jauge_id", flat=True
        )
        registre = ouvrir(set(jauges))
        avant = {ligne.reference: ligne.ordre for ligne in registre.lignes.values()}
        ordres = {cle: une for cle, une in _recompter(references).items() if avant.get(cle, une) != une}
        registre.reclasser(ordres)
        registre.ecrire()
    return len(ordres)


def _ordres(lignes: Sequence[tuple[Demande, JourDemande]], *, est_nouvelle: bool) -> dict[int, int]:
    """The key of each of these days that is not simply its arrival; what was counted is kept, for it to be told."""
    attentes = {jour.pk: attente_de(demande.activite, jour.date, demande.depose_le) for demande, jour in lignes}
    if est_nouvelle and not any(attente.criteres for attente in attentes.values()):
        return {}
    connus = {une.jour_id: une for une in RangAttente.objects.filter(jour__in=[jour.pk for _, jour in lignes])}
    faits = _faits([(demande, jour) for demande, jour in lignes if attentes[jour.pk].criteres], attentes)
    nouveaux, changes, ordres = [], [], {}
    for demande, jour in lignes:
        rang = connus.get(jour.pk)
        if rang is None and not attentes[jour.pk].criteres:
            continue
        if rang is None:
            rang = RangAttente(jour=jour, arrivee=ordre_d_arrivee(demande.depose_le))
            nouveaux.append(rang)
        if _compter(rang, attentes[jour.pk], faits.get(jour.pk, Faits())):
            changes.append(rang)
        ordres[jour.pk] = rang.ordre
    RangAttente.objects.bulk_create(nouveaux)
    RangAttente.objects.bulk_update([une for une in changes if une not in nouveaux], ["points", "criteres"])
    return ordres


def _compter(rang: RangAttente, attente: Attente, faits: Faits) -> bool:
    """Write the points on a rank; whether they changed."""
    remplis = attente.remplis(faits)
    avant = (rang.points, rang.criteres)
    rang.points, rang.criteres = points(remplis), [critere.dit for critere in remplis]
    return avant != (rang.points, rang.criteres)


def perdre_leur_rang(demandes: Iterable[int], instant: datetime) -> None:
    """These demandes go to the end of their lines: their arrival is now that instant."""
    jours = JourDemande.objects.filter(demande__in=list(demandes)).order_by("pk").values_list("pk", flat=True)
    RangAttente.objects.bulk_create(
        [RangAttente(jour_id=cle, arrivee=ordre_d_arrivee(instant)) for cle in jours],
        update_conflicts=True,
        unique_fields=["jour"],
        update_fields=["arrivee", "place_forcee"],
    )


# What the criteria look at, in two queries whatever the number of days


def _faits(lignes: Sequence[tuple[Demande, JourDemande]], attentes: dict[int, Attente]) -> dict[int, Faits]:
    if not lignes:
        return {}
    sortes = {critere.sorte for _, jour in lignes for critere in attentes[jour.pk].criteres}
    familles = {demande.famille_id for demande, _ in lignes}
    adultes = _adultes(familles) if sortes & {Sorte.RESIDENT, Sorte.PARENTS_OCCUPES} else {}
    places = (
        _Places(familles, [jour.date for _, jour in lignes]) if sortes & {Sorte.FRATRIE, Sorte.PREMIERE_PLACE} else None
    )
    return {
        jour.pk: _faits_du_jour(demande, jour, adultes.get(demande.famille_id, []), places) for demande, jour in lignes
    }


def _adultes(familles: Iterable[int]) -> dict[int, list[Responsable]]:
    par_famille: dict[int, list[Responsable]] = defaultdict(list)
    for adulte in Responsable.objects.filter(famille__in=list(familles)).order_by("pk"):
        par_famille[adulte.famille_id].append(adulte)
    return par_famille


class _Places:
    """The bookings of these households, in the school years of these days."""

    def __init__(self, familles: Iterable[int], jours: Sequence[date]) -> None:
        bornes = [annee_scolaire(jour) for jour in jours]
        reservations = Reservation.objects.filter(
            famille__in=list(familles),
            date__range=(min(debut for debut, _ in bornes), max(fin for _, fin in bornes)),
            etat=Reservation.Etat.RESERVEE,
        )
        self.par_jour: dict[tuple[int, int, date], set[int]] = defaultdict(set)
        self.par_annee: set[tuple[int, int, date]] = set()
        for famille, enfant, activite, centre, jour in reservations.order_by().values_list(
            "famille_id", "enfant_id", "activite_id", "activite__centre_id", "date"
        ):
            self.par_jour[famille, centre, jour].add(enfant)
            self.par_annee.add((enfant, activite, annee_scolaire(jour)[0]))


def _faits_du_jour(
    demande: Demande, jour: JourDemande, adultes: Sequence[Responsable], places: _Places | None
) -> Faits:
    enfant, activite = demande.enfant, demande.activite
    assert enfant is not None
    assert activite is not None
    freres = places.par_jour.get((demande.famille_id, activite.centre_id, jour.date), set()) if places else set()
    deja = (enfant.pk, activite.pk, annee_scolaire(jour.date)[0])
    return Faits(
        codes_postaux=frozenset(adulte.code_postal for adulte in adultes if adulte.code_postal),
        a_fratrie=bool(freres - {enfant.pk}),
        parents_occupes=bool(adultes) and all(adulte.est_occupe for adulte in adultes),
        age=enfant.age_le(jour.date),
        a_deja_une_place=places is not None and deja in places.par_annee,
    )
