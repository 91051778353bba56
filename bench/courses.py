"""Races for the last place: sixteen processes let go at once, a cancellation among the bookings, as many times as asked."""

from __future__ import annotations

import multiprocessing
import time
import traceback
from datetime import date, datetime, timedelta
from datetime import time as heure
from typing import Any

from django.db import connections
from django.urls import reverse

from marelle.activites.models import Activite, Centre, Jauge, Ouverture, Temps, Unite
from marelle.activites.ouvertures import ouvrir_les_jours
from marelle.demandes.depot import deposer_panier
from marelle.demandes.models import Demande, JourDemande, Panier
from marelle.demandes.passages import Acteur
from marelle.demandes.verification import verifier
from marelle.demonstration.passe import Inscription, inscrire, jours_voulus
from marelle.familles.models import Enfant, Famille
from marelle.reservations.models import Reservation
from marelle.socle.horloge import a_l_instant, maintenant

from .chargement import FAMILLE, remplir_le_panier
from .mesures import Carnet

PROCESSUS = 16
PAR_ACTIVITE = 40
PREMIER = date(2027, 4, 1)


def mesurer_les_courses(carnet: Carnet, nombre: int) -> None:
    """`nombre` days of one place, which is taken: fifteen ask for it while its owner gives it back."""
    coureurs = choisir_les_coureurs()
    jours = [ouvrir_un_jour(rang) for rang in range(nombre)]
    famille, enfant = coureurs[0]
    quand = maintenant() - timedelta(days=1)
    inscrire(
        [Inscription(famille, enfant, une.activite_id, tuple(jours_voulus([une])), quand) for une in jours], "Service"
    )
    reverse("espace_famille:demandes")  # loads the addresses once, before the processes part
    instant, cles = maintenant(), [une.pk for une in jours]
    connections.close_all()
    contexte = multiprocessing.get_context("fork")
    depart, tuyau = contexte.Barrier(PROCESSUS), contexte.SimpleQueue()
    processus = [
        contexte.Process(target=courir, args=(rang, *coureurs[rang], cles, instant, depart, tuyau))
        for rang in range(PROCESSUS)
    ]
    debut = time.monotonic()
    for un in processus:
        un.start()
    rendus = [tuyau.get() for _ in processus]
    for un in processus:
        un.join()
    conclure(carnet, cles, rendus, time.monotonic() - debut)


def choisir_les_coureurs() -> list[tuple[int, int]]:
    """Sixteen households, and a child of each who has the age all year."""
    coureurs: dict[int, int] = {}
    for enfant in Enfant.objects.exclude(nom="Foule").filter(date_naissance__year__range=(2017, 2022)).order_by("pk"):
        coureurs.setdefault(enfant.familles.get().pk, enfant.pk)
        if len(coureurs) == PROCESSUS:
            break
    return list(coureurs.items())


def ouvrir_un_jour(rang: int) -> Ouverture:
    numero, jour = rang // PAR_ACTIVITE, PREMIER + timedelta(days=rang % PAR_ACTIVITE)
    activite, est_neuve = Activite.objects.get_or_create(
        code=f"course-{numero:02d}",
        defaults={
            "nom": f"Course {numero}",
            "centre": Centre.objects.get(code="ecole"),
            "temps": Temps.MERCREDI,
            "age_max": 12,
        },
    )
    if est_neuve:
        Unite.objects.create(
            activite=activite, code="jour", nom="Jour", parties=["matin"], heure_debut=heure(8), heure_fin=heure(18)
        )
    ouvrir_les_jours(activite, [jour], {None: 1})
    return Ouverture.objects.select_related("activite").prefetch_related("jauges").get(activite=activite, date=jour)


def courir(
    rang: int, famille_id: int, enfant_id: int, jours: list[int], instant: datetime, depart: Any, tuyau: Any
) -> None:
    """One process: for each day, its cart made ready, then sent with the fifteen others."""
    attentes = []
    try:
        with a_l_instant(instant):
            famille = Famille.objects.get(pk=famille_id)
            for cle in jours:
                if rang:
                    ouverture = Ouverture.objects.get(pk=cle)
                    jeton = remplir_le_panier(famille, {(enfant_id, ""): [ouverture]})
                else:
                    jeton = demander_l_annulation(famille, enfant_id, cle)
                depart.wait()
                debut = time.perf_counter()
                assert deposer_panier(famille, jeton, FAMILLE).envoi is not None
                attentes.append((time.perf_counter() - debut) * 1000)
                depart.wait()
        tuyau.put({"attentes": attentes})
    except BaseException:
        depart.abort()
        tuyau.put({"panne": traceback.format_exc()})


def demander_l_annulation(famille: Famille, enfant_id: int, ouverture_id: int) -> Any:
    reservation = Reservation.objects.get(enfant_id=enfant_id, ouverture_id=ouverture_id, etat="reservee")
    demande = Demande.objects.create(
        famille=famille,
        enfant_id=enfant_id,
        activite_id=reservation.activite_id,
        nature="annulation",
        origine=Acteur.FAMILLE.value,
    )
    JourDemande.objects.create(
        demande=demande, ouverture_id=ouverture_id, date=reservation.date, reservation=reservation
    )
    return Panier.objects.get(famille=famille).jeton


def conclure(carnet: Carnet, jours: list[int], rendus: list[dict[str, Any]], duree: float) -> None:
    pannes = [un["panne"] for un in rendus if "panne" in un and "BrokenBarrier" not in un["panne"]]
    assert not pannes, pannes[0]
    jauges = list(Jauge.objects.filter(ouvertures__in=jours))
    survendues = sum(une.prises + une.retenues > 1 for une in jauges)
    abandonnees = sum(une.prises + une.retenues < 1 for une in jauges)
    perdues = sum(une.attente != PROCESSUS - 2 for une in jauges)
    fautes = verifier()
    plus_longue = max(max(un["attentes"]) for un in rendus)
    carnet.noter(
        f"{len(jours)} courses de {PROCESSUS} processus pour la dernière place",
        "0 survendue, 0 abandonnée, 0 perdue",
        f"{survendues}, {abandonnees}, {perdues} ; attente ≤ {plus_longue:.0f} ms ; {duree:.0f} s",
        not (survendues or abandonnees or perdues or fautes),
        fautes=fautes[:5],
        attente_ms=plus_longue,
    )
