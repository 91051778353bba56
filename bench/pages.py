"""What a signed-in family's pages cost, and the two acts that write most."""

from __future__ import annotations

import time as montre
from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

from django.test import Client
from django.test.client import ClientHandler
from django.urls import reverse

from marelle.activites.models import Activite, Ouverture
from marelle.activites.selection import activite_offerte, unite_choisie
from marelle.comptes.models import Compte
from marelle.demandes.calendrier import CalendrierEnfant
from marelle.demandes.decision import accepter_lot
from marelle.demandes.models import Envoi
from marelle.familles.models import Enfant, Famille
from marelle.socle.horloge import PARIS, a_l_instant, maintenant

from .chargement import SERVICE, envoyer, remplir_le_panier
from .mesures import Carnet, chronometrer, compter, resumer

DATES = 102  # of the mark: what a family sees of a canteen when so many days are left in the year
SERVEUR = ClientHandler(enforce_csrf_checks=False)


def client_de(famille: Famille) -> Client:
    """A browser of the family. All share one server, which loads its middlewares once, as a web process does."""
    client = Client()
    client.handler = SERVEUR
    client.force_login(Compte.objects.get(acces__famille=famille))
    return client


class Visiteur:
    """A family signed in, with a child who books the canteen."""

    def __init__(self, rang: int = 0) -> None:
        self.cantine = Activite.objects.get(code="cantine")
        reservees = Enfant.objects.filter(reservations__activite=self.cantine).distinct().order_by("pk")
        self.enfant: Enfant = reservees[rang]
        self.famille: Famille = self.enfant.familles.get()
        self.client = client_de(self.famille)

    @property
    def jours(self) -> list[date]:
        """The last days of the canteen's year, as many as the mark says."""
        dates = Ouverture.objects.filter(activite=self.cantine).order_by("date").values_list("date", flat=True)
        return list(dates)[-DATES:]

    @property
    def quand(self) -> datetime:
        """The morning from which just these days are left."""
        return datetime.combine(self.jours[0], time(8), PARIS)

    @property
    def calendrier(self) -> str:
        return reverse("espace_famille:calendrier", args=[self.enfant.pk, self.cantine.pk]) + "?vue=annee"


def mesurer_une_page(
    carnet: Carnet, nom: str, client: Client, adresse: str, ms: float, sql: int, ko: int, fois: int
) -> float:
    """One line: time, queries and bytes against their marks; the median."""

    def lire() -> Any:
        reponse = client.get(adresse)
        assert reponse.status_code == 200, (adresse, reponse.status_code)
        return reponse

    temps = chronometrer(lire, fois)
    with compter() as requetes:
        octets = len(lire().content)
    repere = f"≤ {ms:g} ms, ≤ {sql} SQL" + (f", ≤ {ko} ko" if ko else "")
    tenu = temps.mediane <= ms and len(requetes) <= sql and (not ko or octets <= ko * 1000)
    valeur = f"{temps}, {len(requetes)} SQL, {octets / 1000:.0f} ko"
    carnet.noter(nom, repere, valeur, tenu, ms=temps.mediane, sql=requetes, octets=octets)
    return temps.mediane


def mesurer_les_pages(carnet: Carnet, fois: int) -> float:
    """All the pages of the marks; the median of the calendar, to be compared later."""
    visiteur = Visiteur()
    with a_l_instant(visiteur.quand):
        mesurer_le_coeur(carnet, visiteur, fois)
        nom = f"Calendrier de la cantine, {DATES} dates"
        mediane = mesurer_une_page(carnet, nom, visiteur.client, visiteur.calendrier, 25, 12, 60, fois)
    for titre, page in (("Accueil", "accueil"), ("Mes demandes", "demandes"), ("Mon calendrier", "mon_calendrier")):
        mesurer_une_page(carnet, titre, visiteur.client, reverse(f"espace_famille:{page}"), 30, 12, 0, fois)
    return mediane


def mesurer_le_coeur(carnet: Carnet, visiteur: Visiteur, fois: int) -> None:
    """The calendar without its page: what reading and examining the days cost."""
    activite = activite_offerte(visiteur.cantine.pk)
    assert activite is not None
    unite = unite_choisie(activite, "")
    assert unite is not None
    jours = visiteur.jours

    def coeur() -> int:
        return len(
            CalendrierEnfant(visiteur.famille, visiteur.enfant, unite, jours[0], jours[-1], maintenant()).cases()
        )

    temps = chronometrer(coeur, fois)
    with compter() as requetes:
        nombre = coeur()
    assert nombre == DATES, nombre
    carnet.noter(f"Cœur du calendrier, {nombre} dates", "", f"{temps}, {len(requetes)} SQL", None, ms=temps.mediane)


def comparer_le_calendrier(carnet: Carnet, avant: float, fois: int) -> None:
    """The calendar against its first median; the other pages against their marks again."""
    visiteur = Visiteur()
    for titre, page in (("Accueil", "accueil"), ("Mes demandes", "demandes"), ("Mon calendrier", "mon_calendrier")):
        adresse = reverse(f"espace_famille:{page}")
        mesurer_une_page(carnet, f"{titre}, dix fois plus de réservations", visiteur.client, adresse, 30, 12, 0, fois)
    with a_l_instant(visiteur.quand):
        temps = chronometrer(lambda: visiteur.client.get(visiteur.calendrier), fois)
    ecart = temps.mediane / avant - 1
    carnet.noter("Le même, dix fois plus de réservations", "à 20 % près", f"{temps}, {ecart:+.0%}", ecart <= 0.2)


def libres(enfant: Enfant, nombre: int) -> Sequence[Ouverture]:
    """Days of the canteen that the child has not asked."""
    return (
        Ouverture.objects.filter(activite__code="cantine", date__gte=maintenant().date())
        .exclude(jours_demandes__demande__enfant=enfant)
        .select_related("unite")
        .order_by("-date")[:nombre]
    )


def mesurer_l_envoi(carnet: Carnet, fois: int) -> None:
    """A cart of ten days, by its request; the same one posted again gives the same receipt."""
    durees, requetes = [], []
    enfants = Enfant.objects.filter(reservations__activite__code="cantine").distinct().order_by("-pk")[: fois + 3]
    for rang, enfant in enumerate(enfants):
        famille = enfant.familles.get()
        client = client_de(famille)
        donnees = {"jeton": str(remplir_le_panier(famille, {(enfant.pk, "cantine"): list(libres(enfant, 10))}))}
        adresse = reverse("espace_famille:panier_envoi")
        debut = montre.perf_counter()
        if rang == 2:  # warm: what is kept in memory for a few seconds has been read
            with compter() as requetes:
                reponse = client.post(adresse, donnees)
        else:
            reponse = client.post(adresse, donnees)
        duree = (montre.perf_counter() - debut) * 1000
        assert reponse.status_code == 302, reponse.content.decode()[:2000]
        if rang >= 3:
            durees.append(duree)
        envois = Envoi.objects.count()
        assert client.post(adresse, donnees)["Location"] == reponse["Location"]
        assert Envoi.objects.count() == envois
    temps = resumer(durees)
    tenu = temps.mediane <= 30 and len(requetes) <= 15
    valeur = f"{temps}, {len(requetes)} SQL"
    carnet.noter("Envoyer un panier de 10 jours", "≤ 30 ms, ≤ 15 SQL, une fois", valeur, tenu, sql=requetes)


def mesurer_le_lot(carnet: Carnet, fois: int) -> None:
    """A hundred demandes of ten days, accepted in one act."""
    enfants = list(Enfant.objects.exclude(nom="Foule").filter(demandes__isnull=False).distinct().order_by("pk"))
    durees = []
    for tour in range(fois):
        cles: list[int] = []
        for enfant in enfants[tour * 100 :]:
            siens = list(libres(enfant, 10))
            if len(siens) == 10:
                cles += envoyer(enfant.familles.get(), {(enfant.pk, "cantine"): siens})
            if len(cles) == 100:
                break
        debut = montre.perf_counter()
        lot = accepter_lot(cles, SERVICE)
        durees.append((montre.perf_counter() - debut) * 1000)
        assert not lot.laissees, next(iter(lot.laissees.values()))
    temps = resumer(durees)
    carnet.noter(f"Accepter {len(cles)} demandes de 10 jours", "≤ 2 s", str(temps), temps.mediane <= 2000)
