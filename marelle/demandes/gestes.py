"""One gesture on one day, sent at once: ask for it, cancel it, declare an absence or take that back. Same rules, same door."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from marelle.activites.models import Activite, Ouverture, Unite
from marelle.familles.models import Enfant, Famille
from marelle.regles.situation import Action
from marelle.reservations.file_ecriture import transaction_de_places
from marelle.reservations.models import Absence, Reservation
from marelle.socle.erreurs import Introuvable, Refus
from marelle.socle.horloge import maintenant

from . import absences, panier
from .besoins import jours_complets, verrouiller
from .contexte import Examen, est_de_l_age, jour_ouvert
from .depot import deposer_panier, panier_de
from .evenements import refuser_les_non_vues
from .models import Demande, Envoi, JourDemande
from .passages import Etat, Verbe
from .passer import Auteur, Cahier
from .retenues import supprimer

PAS_RESERVE = "Ce jour n’est pas réservé pour cet enfant."


def demander(
    famille: Famille, enfant: Enfant, unite: Unite, jour: date, auteur: Auteur, *, vues: Collection[str] | None = None
) -> Envoi:
    """*Demande de réservation* of one day. Raises `Refus` with the rule's sentence, `Introuvable` when nothing opens.

    `vues`: the outings that the page showed (`cle_de_sortie`); one that was put there since is a `Refus`."""
    with transaction_de_places():
        panier.verrouiller(famille)
        toutes = Ouverture.objects.filter(unite=unite, date=jour).select_related("unite", "groupe").order_by("pk")
        siennes = [une for une in toutes if est_de_l_age(enfant, une, unite.activite)]
        if not siennes:
            raise Introuvable(f"{unite.activite.nom} n’ouvre pas ce jour-là : choisissez un autre jour.")
        refuser_les_non_vues(siennes, vues)
        _refuser_si(panier.deja_demandees(famille, enfant, siennes, "reservation"))
        lignes: list[tuple[Ouverture, Reservation | None]] = [(une, None) for une in siennes]
        return _envoyer((famille, enfant, unite.activite), "reservation", lignes, auteur)


def annuler(famille: Famille, enfant: Enfant, reservation_id: int, auteur: Auteur) -> Envoi:
    """Cancel one booked day, by rule or by the service, as the règlement says."""
    with transaction_de_places():
        panier.verrouiller(famille)
        [une] = _reservations(famille, enfant, [reservation_id])
        _refuser_si(panier.deja_demandees(famille, enfant, [une.ouverture], "annulation"))
        return _envoyer((famille, enfant, une.activite), "annulation", [(une.ouverture, une)], auteur)


def declarer_absence(
    famille: Famille, enfant: Enfant, reservations: Sequence[int], contenu: Mapping[str, str], auteur: Auteur
) -> list[Envoi]:
    """*Déclarer une absence* on these booked days: one demande per activity. `contenu`: motif and message, already checked.

    Raises `Refus` with the first sentence against it; nothing is declared then. `Introuvable` for another's booking.
    """
    with transaction_de_places():
        panier.verrouiller(famille)
        toutes = _reservations(famille, enfant, reservations)
        _retirer_les_renvoyees(famille, enfant, toutes, auteur)
        _refuser_si(panier.deja_demandees(famille, enfant, [une.ouverture for une in toutes], "absence"))
        par_activite: dict[int, list[Reservation]] = {}
        for une in toutes:
            par_activite.setdefault(une.activite_id, []).append(une)
        return [
            _envoyer(
                (famille, enfant, siennes[0].activite), "absence", [(u.ouverture, u) for u in siennes], auteur, contenu
            )
            for siennes in par_activite.values()
        ]


def retirer_absence(famille: Famille, enfant: Enfant, reservation_id: int, auteur: Auteur) -> Demande:
    """Take back an absence that was accepted, as long as it could still be declared. `Refus` with the reason otherwise."""
    with transaction_de_places():
        _reservations(famille, enfant, [reservation_id])
        lignes = JourDemande.objects.filter(
            reservation=reservation_id,
            reservation__absence__etat=Absence.Etat.DECLAREE,
            demande__famille=famille,
            demande__nature="absence",
            demande__etat=Etat.ACCEPTEE,
        )
        registre, jours = verrouiller(lignes)
        if not jours:
            raise Introuvable("Aucune absence n’est déclarée ce jour-là.")
        demande = jours[0].demande
        assert demande.activite is not None
        jauges = {jauge.pk: jauge for jauge in jours[0].ouverture.jauges.all()}
        ouvert = jour_ouvert(jours[0].ouverture, jauges, retient=True)
        verdict = Examen(demande.activite, maintenant()).jour(Action.DECLARER_ABSENCE, ouvert)
        if not verdict.est_possible:
            raise Refus(f"Cette absence ne se retire plus en ligne. {verdict.phrase}")
        absences.reprendre(jours, demande, registre)
        cahier = Cahier(maintenant())
        cahier.passer(demande, Verbe.REPRENDRE, auteur)
        registre.ecrire()
        cahier.ecrire()
        return demande


def _envoyer(
    choix: tuple[Famille, Enfant, Activite],
    nature: str,
    lignes: Sequence[tuple[Ouverture, Reservation | None]],
    auteur: Auteur,
    contenu: Mapping[str, str] | None = None,
) -> Envoi:
    """Through the cart, of which only these days are sent; nothing of it stays when the rules refuse one of them."""
    famille, enfant, activite = choix
    ouvertures = [une for une, _ in lignes]
    du_jour = JourDemande.objects.filter(
        demande__famille=famille, demande__enfant=enfant, demande__etat=Etat.PANIER, ouverture__in=ouvertures
    )
    supprimer(jours_complets(du_jour))
    demande = panier.demande_du_panier(famille, enfant.pk, activite.pk, nature)
    if contenu is not None:
        demande.contenu = dict(contenu)
        demande.save(update_fields=["contenu_clair", "contenu_chiffre"])
    jours = JourDemande.objects.bulk_create(
        JourDemande(demande=demande, ouverture=une, date=une.date, reservation=reservation)
        for une, reservation in lignes
    )
    depot = deposer_panier(famille, panier_de(famille).jeton, auteur, seulement=[jour.pk for jour in jours])
    if depot.refuses or depot.envoi is None:
        raise Refus(depot.refuses[0].verdict.phrase)
    return depot.envoi


def _refuser_si(deja: Mapping[int, str]) -> None:
    for phrase in deja.values():
        raise Refus(phrase)


def _reservations(famille: Famille, enfant: Enfant, cles: Sequence[int]) -> list[Reservation]:
    """These bookings of this child in this household, all of them, or `Introuvable`."""
    siennes = list(
        Reservation.objects.filter(pk__in=list(cles), famille=famille, enfant=enfant, etat=Reservation.Etat.RESERVEE)
        .select_related("ouverture", "activite")
        .order_by("date", "pk")
    )
    if not siennes or len(siennes) < len(set(cles)):
        raise Introuvable(PAS_RESERVE)
    return siennes


def _retirer_les_renvoyees(
    famille: Famille, enfant: Enfant, reservations: Sequence[Reservation], auteur: Auteur
) -> None:
    """What the service sent back is corrected by declaring again: the old declaration is taken back."""
    anciennes = Demande.objects.filter(
        famille=famille,
        enfant=enfant,
        nature="absence",
        etat=Etat.A_CORRIGER,
        jours__reservation__in=[une.pk for une in reservations],
    ).distinct()
    cahier = Cahier(maintenant())
    for ancienne in anciennes:
        cahier.passer(ancienne, Verbe.RETIRER, auteur)
    cahier.ecrire()
