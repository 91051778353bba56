"""What each process of a race does, once it has started: everything that families and agents may do, in any order."""

from __future__ import annotations

import random
import time
import uuid
from collections import Counter
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from marelle.activites.models import Jauge, Unite
from marelle.comptes.models import Agent
from marelle.demandes import bus, decision, depot, fiches, panier
from marelle.demandes.capacite import changer_les_places
from marelle.demandes.fermeture import fermer
from marelle.demandes.models import Demande, JourDemande, OffreDePlace
from marelle.demandes.natures import NATURES, Sujet
from marelle.demandes.offres import OffreFinie
from marelle.demandes.passages import Acteur
from marelle.demandes.passer import Auteur
from marelle.demandes.reponses import accepter_offre, finir_les_offres
from marelle.demandes.retenues import liberer_les_paniers_expires
from marelle.familles.models import Enfant, Famille
from marelle.reservations.models import Reservation
from marelle.socle.erreurs import ErreurMarelle, Refus
from marelle.socle.horloge import maintenant
from marelle.transport.models import Sens
from marelle.transport.selection import PAS_DE_BUS, ChoixBus, dessertes, lignes

Parametres = dict[str, Any]
Resultat = dict[str, Any]


class Coureur:
    """One process of the mixed race: each turn, something that a family or an agent may do."""

    def __init__(self, rang: int, parametres: Parametres) -> None:

        self.hasard = random.Random(parametres.get("graine", 0) * 1000 + rang)
        self.familles = list(Famille.objects.order_by("pk"))
        self.enfants = {une.pk: Enfant.objects.get(familles=une) for une in self.familles}
        self.unites = list(Unite.objects.select_related("activite").order_by("ordre"))
        self.jours = list(self.unites[0].ouvertures.order_by("date").values_list("date", flat=True).distinct())
        self.agent = Agent.objects.get()
        self.famille_auteur = Auteur(Acteur.FAMILLE, None, "Famille")
        self.service = Auteur(Acteur.AGENT, None, "Karim Benali")
        self.faits: Counter[str] = Counter()
        self.attentes: list[float] = []
        self.avec_bus = bool(lignes())

    def tour(self) -> None:

        verbe: Callable[[], None] = self.hasard.choices(
            (
                self.reserver,
                self.annuler,
                self.retirer,
                self.decider,
                self.accepter_un_lot,
                self.capacite,
                self.expirer,
            ),
            weights=(34, 20, 10, 22, 6, 6, 2),
        )[0]
        if self.avec_bus and self.hasard.random() < 0.15:
            verbe = self.changer_de_bus
        debut = time.monotonic()
        try:
            verbe()
            self.faits[verbe.__name__] += 1
        except ErreurMarelle as erreur:
            self.faits[f"{verbe.__name__} : {type(erreur).__name__}"] += 1
        self.attentes.append(time.monotonic() - debut)

    def reserver(self) -> None:
        famille, unite = self.hasard.choice(self.familles), self.hasard.choice(self.unites)
        self._envoyer(famille, unite, self.hasard.sample(self.jours, k=self.hasard.randint(1, len(self.jours))))

    def annuler(self) -> None:

        prises = list(Reservation.objects.filter(etat="reservee").values_list("famille_id", "date"))
        if prises:
            cle, jour = self.hasard.choice(prises)
            famille = next(une for une in self.familles if une.pk == cle)
            self._envoyer(famille, self.unites[0], [jour])

    def _envoyer(self, famille: Any, unite: Any, jours: list[Any]) -> None:

        for jour in jours:
            try:
                panier.basculer(famille, self.enfants[famille.pk], unite, jour, self._arrets(unite))
            except Refus:
                self.faits["jour refusé"] += 1
        depot.deposer_panier(famille, depot.panier_de(famille).jeton, self.famille_auteur)

    def _arrets(self, unite: Any) -> ChoixBus:
        """A stop in each direction, or none, as it comes."""
        if not self.avec_bus:
            return PAS_DE_BUS
        return ChoixBus(*(self.hasard.choice([None, *dessertes(unite, sens)]) for sens in Sens))

    def changer_de_bus(self) -> None:

        une = self._une_demande("deposee", "liste_attente", "a_corriger", "panier")
        if une:
            jours = list(JourDemande.objects.filter(demande_id=une[0], demande__nature="reservation"))
            if jours:
                jour, choix = self.hasard.choice(jours), self._arrets(self.unites[0])
                famille = next(un for un in self.familles if un.pk == une[1])
                bus.changer(famille, jour.pk, *choix.cles, self.famille_auteur)

    def _une_demande(self, *etats: str) -> Any:

        lignes = list(Demande.objects.filter(etat__in=etats).values_list("pk", "famille_id"))
        return self.hasard.choice(lignes) if lignes else None

    def retirer(self) -> None:

        une = self._une_demande("deposee", "liste_attente", "a_corriger", "panier")
        if une:
            jours = list(JourDemande.objects.filter(demande_id=une[0]).values_list("pk", flat=True))
            choisis = self.hasard.sample(jours, k=1) if jours and self.hasard.random() < 0.5 else None
            decision.retirer(une[0], self.famille_auteur, une[1], choisis)

    def decider(self) -> None:

        une = self._une_demande("deposee", "liste_attente")
        if une is None:
            return
        sort = self.hasard.random()
        if sort < 0.5:
            decision.accepter(une[0], self.service)
        elif sort < 0.7:
            decision.refuser(une[0], self.service, "Plus de place.")
        elif sort < 0.85:
            decision.mettre_en_attente(une[0], self.service)
        else:
            decision.renvoyer(une[0], self.service, "À revoir.")

    def accepter_un_lot(self) -> None:

        cles = list(Demande.objects.filter(etat__in=["deposee", "liste_attente"]).values_list("pk", flat=True))
        if cles:
            decision.accepter_lot(self.hasard.sample(cles, k=min(5, len(cles))), self.service)

    def capacite(self) -> None:

        jour = self.hasard.choice(self.jours)
        places = self.hasard.randint(2, 5)
        changer_les_places(
            dict.fromkeys(Jauge.objects.filter(date=jour).values_list("pk", flat=True), places), self.agent
        )

    def expirer(self) -> None:

        liberer_les_paniers_expires()


def melee(rang: int, parametres: Parametres) -> Resultat:
    """Everything at once, `tours` times."""
    coureur = Coureur(rang, parametres)
    for _ in range(parametres["tours"]):
        coureur.tour()
    return {"faits": coureur.faits, "attente": max(coureur.attentes)}


def envoyer_un_panier(rang: int, parametres: Parametres) -> Resultat:
    """Send the cart of a household: `familles` and `jetons` are taken by rank (the same one for all when there is one)."""

    cle, jeton = parametres["paniers"][rang % len(parametres["paniers"])]
    try:
        fait = depot.deposer_panier(
            Famille.objects.get(pk=cle), uuid.UUID(jeton), Auteur(Acteur.FAMILLE, None, "Famille")
        )
    except Refus as refus:
        return {"refus": str(refus)}
    return {"envoi": fait.envoi.pk if fait.envoi else None, "est_nouveau": fait.est_nouveau}


def decider(rang: int, parametres: Parametres) -> Resultat:
    """Take the decision of one's rank on the same demande."""

    agent = Auteur(Acteur.AGENT, None, f"Agent {rang}")
    try:
        if parametres["decisions"][rang % len(parametres["decisions"])] == "accepter":
            decision.accepter(parametres["demande"], agent)
        else:
            decision.refuser(parametres["demande"], agent, "Plus de place.")
    except Refus as refus:
        return {"refus": str(refus)}
    return {"decide": True}


def fermer_ou_reserver(rang: int, parametres: Parametres) -> Resultat:
    """The first closes the day, the others book it."""
    if rang:
        return envoyer_un_panier(rang - 1, parametres)
    time.sleep(parametres["delai"])
    jour = date.fromisoformat(parametres["jour"])
    fermer(None, jour, jour, "Neige", Auteur(Acteur.AGENT, None, "Karim Benali"))
    return {"ferme": True}


def deposer_des_fiches(rang: int, parametres: Parametres) -> Resultat:
    """Ask again and again to change the sheet of one's child: read, then write, in one transaction."""
    famille_id, enfant_id = parametres["enfants"][rang % len(parametres["enfants"])]
    sujet = Sujet(Famille.objects.get(pk=famille_id), Enfant.objects.get(pk=enfant_id))
    for tour in range(parametres["tours"]):
        contenu = NATURES["fiche_enfant"].en_vigueur(sujet) | {"classe": f"{rang}-{tour}"}
        fiches.deposer(sujet, {"fiche_enfant": contenu}, Auteur(Acteur.FAMILLE, None, "Famille"))
    return {}


def repondre_a_l_instant(rang: int, parametres: Parametres) -> Resultat:
    """At the very end of the offers: half of the processes accept them, the others end those that had no answer."""
    faits: Counter[str] = Counter()
    offres = list(OffreDePlace.objects.select_related("demande").filter(pk__in=parametres["offres"]).order_by("pk"))
    quand = datetime.fromisoformat(parametres["quand"])
    time.sleep(max(0.0, (quand - maintenant()).total_seconds() - 0.03 * (rang % 4)))
    for offre in offres if rang % 2 else []:
        try:
            accepter_offre(offre, Auteur(Acteur.FAMILLE, None, f"Doigt {rang}"))
            faits["acceptée"] += 1
        except OffreFinie:
            faits["finie"] += 1
    for _ in range(0 if rang % 2 else 20):
        faits["sans réponse"] += finir_les_offres()
        time.sleep(0.02)
    return {"faits": faits}


def taper_deux_fois(rang: int, parametres: Parametres) -> Resultat:
    """The same link tapped by everybody at once."""
    offre = OffreDePlace.objects.select_related("demande").get(pk=parametres["offre"])
    accepter_offre(offre, Auteur(Acteur.FAMILLE, None, f"Doigt {rang}"))
    return {}


SCENARIOS: dict[str, Callable[[int, Parametres], Resultat]] = {
    "melee": melee,
    "envoyer_un_panier": envoyer_un_panier,
    "decider": decider,
    "fermer_ou_reserver": fermer_ou_reserver,
    "deposer_des_fiches": deposer_des_fiches,
    "repondre_a_l_instant": repondre_a_l_instant,
    "taper_deux_fois": taper_deux_fois,
}
