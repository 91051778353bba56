"""Does everything agree? Counters against rows, rows against demandes and bookings, states against passages."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import timedelta

from django.db.models import F

from marelle.activites.models import Jauge, Ouverture
from marelle.reservations.models import Absence, Place, Reservation
from marelle.socle.horloge import dans
from marelle.transport.models import Trajet

from .models import Demande, JourDemande, OffreDePlace, Passage
from .passages import TABLE, Etat, Verbe

RETARD = timedelta(hours=1)  # a worker stopped for the time of a restart is not a fault


def verifier() -> list[str]:
    """Everything that is wrong, one French line each; an empty list when all is well."""
    return [*_compteurs(), *_places(), *_lignes_des_demandes(), *_bloques(), *_offres(), *_passages()]


def _compteurs() -> list[str]:
    comptees: dict[int, Counter[str]] = defaultdict(Counter)
    for jauge_id, etat in Place.objects.order_by().values_list("jauge_id", "etat").iterator(chunk_size=5000):
        comptees[jauge_id][etat] += 1
    fautes = []
    jauges = Jauge.objects.order_by("pk").values_list("pk", "date", "partie", "places", "prises", "retenues", "attente")
    for pk, jour, partie, places, prises, retenues, attente in jauges.iterator(chunk_size=5000):
        vraies = comptees[pk]
        voulues = (vraies[Place.Etat.PRISE], vraies[Place.Etat.RETENUE], vraies[Place.Etat.ATTENTE])
        if (prises, retenues, attente) != voulues:
            dits = f"{prises} prises, {retenues} retenues, {attente} en attente"
            fautes.append(
                f"Jauge {pk} ({jour} {partie}) : {dits}, mais {voulues[0]}, {voulues[1]}, {voulues[2]} lignes."
            )
        if prises + retenues > places:
            fautes.append(f"Jauge {pk} ({jour} {partie}) : {prises + retenues} enfants pour {places} places.")
    return fautes


def _places() -> list[str]:
    """Bookings that stand have their places, and no other has."""
    fautes = [
        f"Place {ligne.pk} : prise pour la réservation {ligne.reservation_id}, qui ne tient plus."
        for ligne in Place.objects.filter(etat=Place.Etat.PRISE).exclude(reservation__etat=Reservation.Etat.RESERVEE)
    ]
    tenues = Counter(Place.objects.filter(etat=Place.Etat.PRISE).order_by().values_list("reservation_id", flat=True))
    voulues = _nombre_de_jauges()
    rendues = set(
        Absence.objects.filter(etat=Absence.Etat.DECLAREE, place_rendue=True).values_list("reservation_id", flat=True)
    )
    sieges = _nombre_de_sieges("reservation_id")
    for pk, ouverture in Reservation.objects.filter(etat=Reservation.Etat.RESERVEE).values_list("pk", "ouverture_id"):
        nombre = 0 if pk in rendues else voulues[ouverture] + sieges[pk]
        if tenues[pk] != nombre:
            fautes.append(f"Réservation {pk} : {tenues[pk]} places au lieu de {nombre}.")
    return fautes


def _nombre_de_jauges() -> Counter[int]:
    return Counter(Ouverture.jauges.through.objects.order_by().values_list("ouverture_id", flat=True))


def _nombre_de_sieges(par: str) -> Counter[int]:
    """Seats of buses, by booking or by jour de demande."""
    sieges: Counter[int] = Counter()
    for cle, aller, retour in Trajet.objects.order_by().values_list(par, "aller_id", "retour_id"):
        sieges[cle] += (aller is not None) + (retour is not None)
    return sieges


def _lignes_des_demandes() -> list[str]:
    """A demande déposée that retains has its places or waits for none; a waiting one waits, a decided one holds nothing."""
    lignes: dict[int, Counter[str]] = defaultdict(Counter)
    for reference, etat in Place.objects.exclude(reference=0).order_by().values_list("reference", "etat"):
        lignes[reference][etat] += 1
    voulues, sieges = _nombre_de_jauges(), _nombre_de_sieges("jour_id")
    fautes = []
    jours = JourDemande.objects.filter(demande__nature="reservation").values_list(
        "pk",
        "demande_id",
        "demande__etat",
        "ouverture_id",
        "demande__est_en_reserve",
        "demande__activite__retient_places",
    )
    for pk, demande, etat, ouverture, en_reserve, retient in jours.iterator(chunk_size=5000):
        tient, attend = lignes[pk][Place.Etat.RETENUE], lignes[pk][Place.Etat.ATTENTE]
        nombre = voulues[ouverture] + sieges[pk]
        attendu = {Etat.LISTE_ATTENTE: (0, 0 if en_reserve else nombre)}.get(Etat(etat), (0, 0))
        if etat == Etat.PROPOSEE:
            juste = attend == 0 and tient == nombre
        elif etat == Etat.DEPOSEE:
            juste = attend == 0 and tient in ((nombre,) if retient else (0, nombre))
        elif etat in (Etat.PANIER, Etat.A_CORRIGER):
            juste = attend == 0 and tient in (0, nombre)
        else:
            juste = (tient, attend) == attendu
        if not juste:
            fautes.append(f"Demande {demande} ({etat}), jour {pk} : {tient} places retenues, {attend} en attente.")
    return fautes


def _bloques() -> list[str]:
    """Nobody waits while every place they need is free."""
    par_reference: dict[int, list[int]] = defaultdict(list)
    attentes = Place.objects.filter(etat=Place.Etat.ATTENTE).values_list("reference", "jauge_id")
    for reference, jauge_id in attentes:
        par_reference[reference].append(jauge_id)
    libres = set(
        Jauge.objects.filter(attente__gt=0, places__gt=F("prises") + F("retenues")).values_list("pk", flat=True)
    )
    return [
        f"Jour de demande {reference} : en liste d’attente alors que ses places sont libres."
        for reference, jauges in sorted(par_reference.items())
        if all(jauge in libres for jauge in jauges)
    ]


def _offres() -> list[str]:
    """A demande is offered a place by one offer that runs, and an offer that is over does not stay open."""
    en_cours = OffreDePlace.objects.filter(etat=OffreDePlace.Etat.EN_COURS)
    fins = dict(en_cours.values_list("demande_id", "fin_le"))
    proposees = set(Demande.objects.filter(etat=Etat.PROPOSEE).values_list("pk", flat=True))
    trop_tard = {cle for cle, fin in fins.items() if fin < dans(-RETARD)}
    return [
        *(
            f"Demande {cle} : une place est proposée, mais aucune offre ne court."
            for cle in sorted(proposees - set(fins))
        ),
        *(f"Demande {cle} : une offre court, mais rien n’est proposé." for cle in sorted(set(fins) - proposees)),
        *(f"Demande {cle} : son offre est finie depuis une heure, et court encore." for cle in sorted(trop_tard)),
    ]


def _passages() -> list[str]:
    """The state of a demande is where its last passage led; each passage is in the table."""
    derniers: dict[int, str] = {}
    fautes = []
    passages = Passage.objects.order_by("demande_id", "pk").values_list("demande_id", "verbe", "de", "vers")
    for demande, verbe, de, vers in passages.iterator(chunk_size=5000):
        regle = TABLE[Verbe(verbe)]
        if Etat(de) not in regle.depuis or regle.vers != vers:
            fautes.append(f"Demande {demande} : le passage {verbe} de {de} à {vers} n’est pas permis.")
        derniers[demande] = vers
    meres = dict(Demande.objects.exclude(mere=None).values_list("pk", "mere_id"))
    for pk, etat in Demande.objects.exclude(etat=Etat.PANIER).values_list("pk", "etat").iterator(chunk_size=5000):
        attendu = derniers.get(pk) or (None if pk in meres else "")
        if attendu is not None and attendu != etat:
            fautes.append(f"Demande {pk} : état {etat}, mais son dernier passage mène à {attendu or 'rien'}.")
    return fautes
