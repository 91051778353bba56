"""Booking and cancelling for a family: a demande whose origin is the service, decided as it is made (*inscrit par le centre*)."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from marelle.activites.models import Activite, Jauge, Ouverture, Unite
from marelle.familles.models import Enfant, Famille
from marelle.regles.refus import sans_sortie
from marelle.regles.situation import Action
from marelle.regles.verdict import Issue
from marelle.reservations.file_ecriture import transaction_de_places
from marelle.reservations.models import Reservation
from marelle.reservations.places import Registre
from marelle.socle.erreurs import Refus
from marelle.socle.horloge import maintenant as maintenant_

from .attente import servir
from .besoins import annuler, reserver, verrouiller
from .contexte import Examen, dates_deja, est_de_l_age, jour_ouvert
from .courrier import annoncer_decisions
from .dossier import etats_des_dossiers
from .models import Demande, Envoi, JourDemande
from .passages import Acteur, Etat, Verbe
from .passer import Auteur, Cahier

RIEN_A_RESERVER = "Rien n’ouvre pour cet enfant ces jours-là, ou il y est déjà inscrit : vérifiez les dates."
RIEN_A_ANNULER = "Cet enfant n’est inscrit aucun de ces jours : vérifiez les dates."


@dataclass(frozen=True, slots=True)
class Choix:
    """What the agent books or cancels, and for whom."""

    famille: Famille
    enfant: Enfant
    unite: Unite
    jours: Sequence[date]


def inscrire(choix: Choix, auteur: Auteur, *, derogation: str = "") -> Demande:
    """Book these days at once. What the règlement refuses needs a reason; a closed day or a full one never passes."""
    with transaction_de_places():
        ouvertures = _ouvertures_libres(choix)
        if not ouvertures:
            raise Refus(RIEN_A_RESERVER)
        demande = _deposer(choix, "reservation", [(une, None) for une in ouvertures])
        registre, jours = verrouiller(JourDemande.objects.filter(demande=demande))
        objection = _objection(choix, jours, registre.jauges, Action.RESERVER)
        _verifier(objection, derogation)
        manquants = reserver([(demande, jour) for jour in jours], registre)
        if manquants:
            complets = [jour.date for jour in jours if jour.pk in manquants]
            raise Refus(f"Il n’y a plus de place le {complets[0]:%d/%m/%Y} : rien n’a été inscrit.")
        return _conclure(demande, registre, auteur, derogation if objection else "")


def desinscrire(choix: Choix, auteur: Auteur, *, derogation: str = "") -> Demande:
    """Cancel what is booked on these days, whatever its unité; against the règlement, with a reason."""
    with transaction_de_places():
        reservations = _reservations(choix)
        if not reservations:
            raise Refus(RIEN_A_ANNULER)
        demande = _deposer(choix, "annulation", [(une.ouverture, une) for une in reservations])
        registre, jours = verrouiller(JourDemande.objects.filter(demande=demande))
        objection = _objection(choix, jours, registre.jauges, Action.ANNULER)
        _verifier(objection, derogation)
        annuler(jours, registre)
        return _conclure(demande, registre, auteur, derogation if objection else "")


def _verifier(objection: str, derogation: str) -> None:
    if objection and not derogation.strip():
        raise Refus(f"{objection} Pour le faire malgré tout, écrivez la raison de la dérogation.")


def _conclure(demande: Demande, registre: Registre, auteur: Auteur, derogation: str) -> Demande:
    cahier = Cahier(demande.depose_le or maintenant_())
    cahier.passer(demande, Verbe.DEPOSER, auteur)
    cahier.passer(demande, Verbe.ACCEPTER, auteur, derogation=derogation)
    servies = servir(registre, cahier)
    registre.ecrire()
    cahier.ecrire()
    annoncer_decisions([demande, *(une for une in servies if une.etat == Etat.ACCEPTEE)])
    return demande


def _deposer(choix: Choix, nature: str, lignes: Sequence[tuple[Ouverture, Reservation | None]]) -> Demande:
    instant: datetime = maintenant_()
    envoi = Envoi.objects.create(famille=choix.famille, depose_le=instant, jeton=uuid.uuid4())
    demande = Demande.objects.create(
        famille=choix.famille,
        envoi=envoi,
        nature=nature,
        enfant=choix.enfant,
        activite=choix.unite.activite,
        etat=Etat.RETIREE,  # outside the cart's unique constraint for the time of this transaction
        origine=Acteur.AGENT.value,
        depose_le=instant,
    )
    demande.etat = Etat.PANIER
    JourDemande.objects.bulk_create(
        JourDemande(demande=demande, ouverture=une, date=une.date, reservation=reservation)
        for une, reservation in lignes
    )
    return demande


def _ouvertures_libres(choix: Choix) -> list[Ouverture]:
    """The openings of the unité for the child's age on these days, on which the child has nothing yet."""
    activite: Activite = choix.unite.activite
    prises = Reservation.objects.filter(
        enfant=choix.enfant, activite=activite, date__in=choix.jours, etat=Reservation.Etat.RESERVEE
    ).values_list("date", flat=True)
    deja = set(prises)
    toutes = (
        Ouverture.objects.filter(unite=choix.unite, date__in=choix.jours)
        .select_related("unite", "groupe")
        .order_by("date", "pk")
    )
    return [une for une in toutes if une.date not in deja and est_de_l_age(choix.enfant, une, activite)]


def _reservations(choix: Choix) -> list[Reservation]:
    return list(
        Reservation.objects.filter(
            enfant=choix.enfant,
            famille=choix.famille,
            activite=choix.unite.activite,
            date__in=choix.jours,
            etat=Reservation.Etat.RESERVEE,
        )
        .select_related("ouverture")
        .order_by("date", "pk")
    )


def _objection(choix: Choix, jours: Sequence[JourDemande], jauges: dict[int, Jauge], action: Action) -> str:
    """The first sentence of the règlement against it. A closed day is not a rule that one goes against: it is refused."""
    activite = choix.unite.activite
    ferme = next((jour for jour in jours if jour.ouverture.fermeture and action is Action.RESERVER), None)
    if ferme is not None:
        raise Refus(f"Le centre est fermé le {ferme.date:%d/%m/%Y} : {ferme.ouverture.fermeture}.")
    manques = etats_des_dossiers(choix.famille, [choix.enfant.pk])[choix.enfant.pk].manques
    deja = dates_deja([choix.enfant.pk], [action], sauf=[jours[0].demande_id])
    cle = (choix.enfant.pk, activite.pk, action)
    examen = Examen(activite, maintenant_(), manques, {action: deja.get(cle, frozenset())}, par_agent=True)
    ouverts = [jour_ouvert(jour.ouverture, jauges, retient=activite.retient_places) for jour in jours]
    rendus = examen.jours(action, ouverts)
    return next((sans_sortie(v.phrase) for v in rendus if v.issue is Issue.REFUSER and v.clause != "places"), "")
