"""The bus of a day asked: whether it still has a seat, giving the ride to the day, changing it before the service decides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from marelle.activites.models import Jauge
from marelle.familles.models import Famille
from marelle.journal.service import noter
from marelle.reservations.file_ecriture import transaction_de_places
from marelle.reservations.places import Registre
from marelle.socle.erreurs import Introuvable, Refus
from marelle.socle.francais import heure
from marelle.socle.horloge import maintenant
from marelle.transport.models import Sens, Trajet
from marelle.transport.selection import SANS_BUS, ChoixBus, Desserte, choix_du, courses, dessertes, lire_choix

from .attente import servir
from .besoins import besoin, verrouiller
from .contexte import ANNULEES
from .courrier import annoncer_decisions
from .models import Demande, JourDemande, Panier
from .passages import Etat
from .passer import Auteur, Cahier

AUTREMENT = f"choisissez un autre arrêt, ou « {SANS_BUS} »."
DEJA_DANS_LE_BUS = "L’enfant a déjà sa place dans ce bus ce jour-là : gardez le bus pour une seule des deux demandes."
MODIFIABLES = (Etat.PANIER, Etat.DEPOSEE, Etat.LISTE_ATTENTE, Etat.A_CORRIGER)


def _plein(une: Desserte) -> str:
    quoi = f"Le bus de {heure(une.heure)} à {une.nom}" if une.sens is Sens.ALLER else "Le bus du retour"
    arret = "" if une.sens is Sens.ALLER else f" ({une.nom}, {heure(une.heure)})"
    return f"{quoi}{arret} est complet ce jour-là : {AUTREMENT}"


def _ne_passe_pas(une: Desserte) -> str:
    return f"Le bus ne passe pas ce jour-là à l’arrêt {une.nom} : {AUTREMENT}"


class Billets:
    """The rides that a choice of stops gives on some days, read once: their refusals, then their rows."""

    def __init__(self, choix: ChoixBus, dates: Sequence[date]) -> None:
        self.choix, self.courses = choix, courses(choix, dates)

    def refus(self, jour: date) -> str:
        """Why the bus cannot be taken that day: it does not run, or has no seat left. Empty when it can."""
        for une in self.choix.dessertes:
            course = self.courses.get((jour, une.sens))
            if course is None:
                return _ne_passe_pas(une)
            if course.jauge.restantes <= 0:
                return _plein(une)
        return ""

    def trajet(self, jour: JourDemande) -> Trajet:
        depart, retour = self.choix.depart, self.choix.retour
        return Trajet(
            jour=jour,
            aller=self.courses[jour.date, Sens.ALLER] if depart else None,
            arret_aller_id=depart.cle if depart else None,
            retour=self.courses[jour.date, Sens.RETOUR] if retour else None,
            arret_retour_id=retour.cle if retour else None,
        )

    def donner(self, jours: Sequence[JourDemande]) -> None:
        """Write the ride of each of these days (`refus` was empty for each)."""
        if self.choix.dessertes:
            Trajet.objects.bulk_create([self.trajet(jour) for jour in jours])


def recopier(remises: Mapping[int, JourDemande]) -> None:
    """The rides of these jours de demande (by key) for those that replace them."""
    anciens = Trajet.objects.filter(jour__in=list(remises)).order_by("pk")
    Trajet.objects.bulk_create(
        Trajet(
            jour=remises[un.jour_id],
            aller_id=un.aller_id,
            arret_aller_id=un.arret_aller_id,
            retour_id=un.retour_id,
            arret_retour_id=un.arret_retour_id,
        )
        for un in anciens
    )


def objection(jour: JourDemande, demande: Demande, registre: Registre) -> str:
    """Why this day cannot have its bus now, on locked places; empty when it can, or takes none."""
    trajet: Trajet | None = getattr(jour, "trajet", None)
    if trajet is None or demande.nature != "reservation":
        return ""
    for une in _dessertes(trajet, jour):
        cle = trajet.aller_id if une.sens is Sens.ALLER else trajet.retour_id
        ligne = registre.lignes.get((cle or 0, demande.enfant_id or 0))
        if ligne is not None and ligne.reference != jour.pk:
            return DEJA_DANS_LE_BUS
        tient = ligne is not None and ligne.etat != ligne.Etat.ATTENTE
        if not tient and registre.jauges[cle or 0].restantes <= 0:
            return _plein(une)
    return ""


def _dessertes(trajet: Trajet, jour: JourDemande) -> list[Desserte]:
    unite = jour.ouverture.unite
    choisis = ((Sens.ALLER, trajet.arret_aller_id), (Sens.RETOUR, trajet.arret_retour_id))
    return [une for sens, cle in choisis if cle for une in dessertes(unite, sens) if une.cle == cle]


def refus_au_panier(jours: Sequence[JourDemande]) -> dict[int, str]:
    """For the days of a cart, the sentence of each whose bus is full. One query, none when no day takes the bus."""
    trajets = {jour.pk: trajet for jour in jours if (trajet := getattr(jour, "trajet", None)) is not None}
    if not trajets:
        return {}
    voulues = {cle for trajet in trajets.values() for cle in trajet.courses}
    pleines = set(_pleines(voulues))
    refus: dict[int, str] = {}
    for jour in jours:
        if jour.pk in trajets and jour.retenu_jusquau is None:
            trajet = trajets[jour.pk]
            for une in _dessertes(trajet, jour):
                if (trajet.aller_id if une.sens is Sens.ALLER else trajet.retour_id) in pleines:
                    refus.setdefault(jour.pk, _plein(une))
    return refus


def _pleines(cles: set[int]) -> list[int]:
    return [jauge.pk for jauge in Jauge.objects.filter(pk__in=cles).order_by("pk") if jauge.restantes <= 0]


def jour_modifiable(famille: Famille, jour_id: int) -> JourDemande | None:
    """A day that this household asked to book and the service has not decided: its bus can still change."""
    return (
        JourDemande.objects.filter(
            pk=jour_id, demande__famille=famille, demande__nature="reservation", demande__etat__in=MODIFIABLES
        )
        .select_related("demande__enfant", "demande__activite", "ouverture__unite__activite", "trajet")
        .first()
    )


def changer(famille: Famille, jour_id: int, depart: str, retour: str, auteur: Auteur) -> JourDemande:
    """Another stop, another bus, or none, for a day that is not decided. What is given back serves those who wait.

    `Introuvable` for another household's day or one that was decided; `Refus` when the bus wanted is full: nothing changes.
    """
    with transaction_de_places():
        # It may be a day of the cart, which another device is sending: the cart is locked first, as it is there.
        Panier.objects.select_for_update(no_key=True).filter(famille=famille).first()
        registre, jours = verrouiller(JourDemande.objects.filter(pk=jour_id))
        if jour_modifiable(famille, jour_id) is None or not jours:
            raise Introuvable("Ce jour ne se modifie plus : il est décidé, ou il n’existe pas.")
        jour = jours[0]
        choix = lire_choix(jour.ouverture.unite, depart, retour)
        if choix_du(getattr(jour, "trajet", None)) != choix.cles:
            _remplacer(jour, choix, registre)
            cahier = Cahier(maintenant())
            servies = servir(registre, cahier)
            registre.ecrire()
            cahier.ecrire()
            noter(auteur.compte, "demande.bus", jour.demande, jour=jour.date.isoformat())
            annoncer_decisions([une for une in servies if une.etat == Etat.ACCEPTEE])
    return jour


def _remplacer(jour: JourDemande, choix: ChoixBus, registre: Registre) -> None:
    """What the day held is given back, the ride is written anew, then the same is held again with the new seats."""
    demande, ancien = jour.demande, besoin(jour, jour.demande)
    tenait = registre.detient(ancien)
    attendait = any(
        ligne is not None and ligne.reference == jour.pk and ligne.etat == ligne.Etat.ATTENTE
        for cle in ancien.jauges
        for ligne in [registre.lignes.get((cle, ancien.enfant_id))]
    )
    expire_le = jour.retenu_jusquau
    registre.liberer(ancien)
    Trajet.objects.filter(jour=jour).delete()
    jour._state.fields_cache["trajet"] = None
    if choix.dessertes:
        billets = Billets(choix, [jour.date])
        absentes = [une for une in choix.dessertes if (jour.date, une.sens) not in billets.courses]
        if absentes:
            raise Refus(_ne_passe_pas(absentes[0]))
        trajet = billets.trajet(jour)
        trajet.save(force_insert=True)
        jour._state.fields_cache["trajet"] = trajet
    if phrase := objection(jour, demande, registre):
        raise Refus(phrase)
    if tenait and not registre.retenir(besoin(jour, demande), expire_le=expire_le):
        raise AssertionError("the places just given back are not there any more")
    if attendait and not registre.attendre(besoin(jour, demande)):
        raise AssertionError("the line just left is closed to the child")


def arrets_du_mois(
    famille: Famille, enfant_id: int, activite_id: int, debut: date, fin: date
) -> dict[date, tuple[int | None, int | None]]:
    """The stops of a child on the days that it has asked or booked, cart included. One query."""
    lignes = (
        Trajet.objects.filter(
            jour__demande__famille=famille,
            jour__demande__enfant=enfant_id,
            jour__demande__activite=activite_id,
            jour__date__range=(debut, fin),
        )
        .exclude(jour__demande__etat__in=(Etat.REFUSEE, Etat.RETIREE))
        .exclude(reservation__etat__in=ANNULEES)
        .order_by("jour__date", "pk")
    )
    return {
        jour: (aller, retour)
        for jour, aller, retour in lignes.values_list("jour__date", "arret_aller_id", "arret_retour_id")
    }
