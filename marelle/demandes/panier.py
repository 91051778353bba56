"""What is in the cart: adding a day to book or to cancel, by date or by period, taking it out. Nothing is sent from here."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet

from marelle.activites.models import Activite, Jauge, Ouverture, Unite
from marelle.familles.models import Enfant, Famille
from marelle.regles.situation import Action
from marelle.regles.verdict import Verdict
from marelle.reservations.file_ecriture import transaction_de_places
from marelle.reservations.models import Place, Reservation
from marelle.socle.erreurs import Introuvable, Refus
from marelle.socle.horloge import maintenant as maintenant_
from marelle.transport.selection import PAS_DE_BUS, ChoixBus

from . import bus as le_bus
from .autre_foyer import DEMANDE_AILLEURS, RESERVE_AILLEURS
from .besoins import jours_complets
from .contexte import ACTIONS, Examen, dates_deja, est_de_l_age, jour_ouvert
from .dossier import PAS_A_VOUS, etats_des_dossiers
from .models import Demande, JourDemande, Panier
from .passages import EN_COURS, Acteur, Etat
from .retenues import retenir, supprimer

RESERVER, ANNULER = "reservation", "annulation"
JOURS_AU_PLUS = 400


@dataclass
class Ajout:
    """What became of the days: put in the cart, taken out of it, refused with the reason of each.

    `motifs` says the same refusals by ouverture, for screens on which a day has several.
    `est_annulation`: what went in, or out, cancels days; it books some otherwise.
    """

    ajoutes: list[date] = field(default_factory=list)
    retires: list[date] = field(default_factory=list)
    refuses: list[tuple[date, str]] = field(default_factory=list)
    motifs: dict[int, str] = field(default_factory=dict)
    est_annulation: bool = False

    def refuser(self, ouverture: Ouverture, phrase: str) -> None:
        self.refuses.append((ouverture.date, phrase))
        self.motifs[ouverture.pk] = phrase


def lignes_du_panier(famille: Famille) -> list[JourDemande]:
    """Everything in the household's cart, by child, activity and date."""
    return jours_complets(
        JourDemande.objects.filter(
            demande__famille=famille, demande__etat=Etat.PANIER, demande__nature__in=list(ACTIONS)
        )
    )


def nombre_au_panier(famille: Famille) -> int:
    return jours_au_panier(famille).count()


def jours_au_panier(famille: Any) -> QuerySet[JourDemande]:
    """The days that a household has in its cart; `famille` may be an `OuterRef`."""
    return JourDemande.objects.filter(
        demande__famille=famille, demande__etat=Etat.PANIER, demande__nature__in=list(ACTIONS)
    )


def basculer(famille: Famille, enfant: Enfant, unite: Unite, jour: date, bus: ChoixBus = PAS_DE_BUS) -> Ajout:
    """The click on a day: in the cart it goes out, booked it goes in to be cancelled, otherwise it goes in to be booked,
    with the stops chosen.

    Raises `Refus` with the rule's sentence, `Introuvable` for a day on which the unité does not open.
    """
    parties = set(unite.parties)
    voisines = [une for une in unite.activite.unites.all() if une.pk == unite.pk or parties & set(une.parties)]
    toutes = ouvertures_de(voisines, enfant, [jour])
    ouverture = [une for une in toutes if une.unite_id == unite.pk][:1]
    if not ouverture:
        raise Introuvable(f"{unite.activite.nom} n’ouvre pas ce jour-là : choisissez un autre jour.")
    with transaction_de_places():
        verrouiller(famille)
        ajout = Ajout()
        if _retirer_du_panier(famille, enfant, toutes, ajout):
            return ajout
        reservees = _reservations(enfant, famille, toutes)
        if reservees:  # whatever the unité on the screen, what is booked that day is what is cancelled
            ouverture = [une for une in toutes if une.pk in reservees]
            ajout.est_annulation = True
        ajouter(famille, enfant, unite.activite, ouverture, ANNULER if reservees else RESERVER, ajout, bus)
    if ajout.refuses:
        raise Refus(ajout.refuses[0][1])
    return ajout


def ajouter_periode(
    famille: Famille,
    enfant: Enfant,
    unite: Unite,
    debut: date,
    fin: date,
    jours_semaine: Iterable[int],
    *,
    desinscrire: bool,
    bus: ChoixBus = PAS_DE_BUS,
) -> Ajout:
    """*Inscrire* (with the stops chosen) or *désinscrire* by period and weekdays (0: Monday).

    Days that cannot be are told, the others go in.

    Raises `Refus` when the dates are in disorder, too far apart, or when nothing opens (nothing is booked) between them.
    """
    if fin < debut:
        raise Refus("La date de fin vient avant la date de début : inversez-les.")
    if (fin - debut).days > JOURS_AU_PLUS:
        raise Refus("La période est trop longue : choisissez une année au plus.")
    voulus = set(jours_semaine)
    dates = [debut + timedelta(days=n) for n in range((fin - debut).days + 1)]
    unites = list(unite.activite.unites.all()) if desinscrire else [unite]
    ouvertures = ouvertures_de(unites, enfant, [jour for jour in dates if not voulus or jour.weekday() in voulus])
    with transaction_de_places():
        verrouiller(famille)
        ajout = Ajout(est_annulation=desinscrire)
        reservees = _reservations(enfant, famille, ouvertures)
        choisies = [
            o for o in ouvertures if (o.pk in reservees) == desinscrire and not (not desinscrire and o.fermeture)
        ]
        if not choisies:
            raise Refus(RIEN_A_ANNULER if desinscrire else RIEN_A_RESERVER)
        ajouter(famille, enfant, unite.activite, choisies, ANNULER if desinscrire else RESERVER, ajout, bus)
    return ajout


def ajouter_dates(famille: Famille, enfant: Enfant, unite: Unite, jours: Iterable[date]) -> Ajout:
    """Book these days, whatever pattern they come from. Days that do not open for the child, or are booked, are passed over."""
    ouvertures = [une for une in ouvertures_de([unite], enfant, list(jours)) if not une.fermeture]
    with transaction_de_places():
        verrouiller(famille)
        ajout = Ajout()
        reservees = _reservations(enfant, famille, ouvertures)
        libres = [une for une in ouvertures if une.pk not in reservees]
        ajouter(famille, enfant, unite.activite, libres, RESERVER, ajout)
    return ajout


RIEN_A_ANNULER = "Aucune journée réservée entre ces deux dates, ces jours de la semaine : vérifiez les dates."
RIEN_A_RESERVER = "Aucune journée à réserver entre ces deux dates, ces jours de la semaine : vérifiez les dates."


def retirer_ligne(famille: Famille, ligne_id: int) -> JourDemande:
    """Take one day out of the cart. `Introuvable` when it is not in this household's."""
    with transaction_de_places():
        verrouiller(famille)
        ligne = JourDemande.objects.filter(pk=ligne_id, demande__famille=famille, demande__etat=Etat.PANIER)
        trouvee = jours_complets(ligne)
        if not trouvee:
            raise Introuvable("Ce jour n’est plus dans votre panier.")
        supprimer(trouvee)
    return trouvee[0]


def vider(famille: Famille) -> int:
    """Empty the cart; the number of days taken out."""
    with transaction_de_places():
        verrouiller(famille)
        lignes = lignes_du_panier(famille)
        supprimer(lignes)
    return len(lignes)


def remettre_au_panier(famille: Famille, jours: Sequence[JourDemande]) -> int:
    """Put back in the cart the days of a demande that the service sent back, so that the family corrects them there."""
    with transaction_de_places():
        verrouiller(famille)
        remises = {}
        for jour in jours:
            demande = demande_du_panier(famille, jour.demande.enfant_id, jour.demande.activite_id, jour.demande.nature)
            remise, est_neuve = JourDemande.objects.get_or_create(
                demande=demande,
                ouverture_id=jour.ouverture_id,
                defaults={"date": jour.date, "reservation_id": jour.reservation_id},
            )
            if est_neuve:
                remises[jour.pk] = remise
        le_bus.recopier(remises)
    return len(jours)


def verrouiller(famille: Famille) -> Panier:
    """Two devices of one household come one after the other."""
    panier = Panier.objects.select_for_update(no_key=True).filter(famille=famille).first()
    if panier is None:
        Panier.objects.get_or_create(famille=famille, defaults={"jeton": uuid.uuid4()})
        panier = Panier.objects.select_for_update(no_key=True).get(famille=famille)
    return panier


def ouvertures_de(unites: Sequence[Unite], enfant: Enfant, jours: Sequence[date]) -> list[Ouverture]:
    """The openings of these unités of one activity on these days, for the age that the child has each day."""
    toutes = (
        Ouverture.objects.filter(unite__in=unites, date__in=jours)
        .select_related("unite", "groupe")
        .prefetch_related("jauges")
        .order_by("date", "pk")
    )
    return [une for une in toutes if est_de_l_age(enfant, une, unites[0].activite)]


def _reservations(enfant: Enfant, famille: Famille, ouvertures: Sequence[Ouverture]) -> dict[int, int]:
    """The bookings that stand on these openings, by opening."""
    return dict(
        Reservation.objects.filter(
            enfant=enfant, famille=famille, ouverture__in=ouvertures, etat=Reservation.Etat.RESERVEE
        ).values_list("ouverture_id", "pk")
    )


def _retirer_du_panier(famille: Famille, enfant: Enfant, ouvertures: Sequence[Ouverture], ajout: Ajout) -> bool:
    lignes = jours_complets(
        JourDemande.objects.filter(
            demande__famille=famille, demande__enfant=enfant, demande__etat=Etat.PANIER, ouverture__in=ouvertures
        )
    )
    supprimer(lignes)
    ajout.retires += [ligne.date for ligne in lignes]
    ajout.est_annulation = any(ligne.demande.nature == ANNULER for ligne in lignes)
    return bool(lignes)


def ajouter(
    famille: Famille,
    enfant: Enfant,
    activite: Activite,
    ouvertures: Sequence[Ouverture],
    nature: str,
    ajout: Ajout,
    bus: ChoixBus = PAS_DE_BUS,
) -> None:
    """Examine each day and put in what is not refused. For the screens of this app, inside their transaction, cart locked."""
    action = ACTIONS[nature]
    deja_la = deja_demandees(famille, enfant, ouvertures, nature)
    au_panier = _au_panier(famille, enfant, ouvertures)
    nouvelles = [une for une in ouvertures if une.pk not in deja_la and une.pk not in au_panier]
    for une in ouvertures:
        if une.pk in deja_la:
            ajout.refuser(une, deja_la[une.pk])
    verdicts = examiner(famille, enfant, activite, nouvelles, action)
    reservees = _reservations(enfant, famille, nouvelles) if nature == ANNULER else {}
    billets = le_bus.Billets(bus if nature == RESERVER else PAS_DE_BUS, [une.date for une in nouvelles])
    gardees = []
    for une, verdict in zip(nouvelles, verdicts, strict=True):
        phrase = billets.refus(une.date) if verdict.est_possible else verdict.phrase
        if phrase:
            ajout.refuser(une, phrase)
        else:
            gardees.append(une)
    if not gardees:
        return
    demande = demande_du_panier(famille, enfant.pk, activite.pk, nature)
    lignes = JourDemande.objects.bulk_create(
        [
            JourDemande(demande=demande, ouverture=une, date=une.date, reservation_id=reservees.get(une.pk))
            for une in gardees
        ]
    )
    billets.donner(lignes)
    ajout.ajoutes += [une.date for une in gardees]
    if nature == RESERVER and activite.panier_retient_minutes:
        retenir(demande, lignes, activite, maintenant_())


def examiner(
    famille: Famille, enfant: Enfant, activite: Activite, ouvertures: Sequence[Ouverture], action: Action
) -> Sequence[Verdict]:
    """The rules on the days asked, after those that the cart already holds for this child and activity."""
    dossier = etats_des_dossiers(famille, [enfant.pk])[enfant.pk]
    if not dossier.peut_reserver:
        raise Refus(PAS_A_VOUS)
    deja = dates_deja([enfant.pk], [action]).get((enfant.pk, activite.pk, action), frozenset())
    au_panier = JourDemande.objects.filter(
        demande__famille=famille,
        demande__enfant=enfant,
        demande__activite=activite,
        demande__etat=Etat.PANIER,
        demande__nature=_nature(action),
    ).values_list("date", flat=True)
    examen = Examen(activite, maintenant_(), dossier.manques, {action: deja | frozenset(au_panier)})
    ouverts = []
    for une in ouvertures:
        jauges: dict[int, Jauge] = {jauge.pk: jauge for jauge in une.jauges.all()}
        ouverts.append(jour_ouvert(une, jauges, retient=activite.retient_places))
    return examen.jours(action, ouverts)


def _nature(action: Action) -> str:
    return ANNULER if action is Action.ANNULER else RESERVER


def deja_demandees(famille: Famille, enfant: Enfant, ouvertures: Sequence[Ouverture], nature: str) -> dict[int, str]:
    """Openings on which the child already has or asks something, for this household or its other one, and the sentence that
    says it."""
    demandees = JourDemande.objects.filter(
        demande__enfant=enfant, demande__etat__in=EN_COURS, ouverture__in=ouvertures
    ).values_list("ouverture_id", "demande__famille_id")
    deja = {une: DEMANDE_EN_COURS if sienne == famille.pk else DEMANDE_AILLEURS for une, sienne in demandees}
    if nature == RESERVER:
        prises = Reservation.objects.filter(
            enfant=enfant, ouverture__in=ouvertures, etat=Reservation.Etat.RESERVEE
        ).values_list("ouverture_id", "famille_id")
        autres = (une for une in _autre_unite(enfant, ouvertures) if une not in deja)
        deja |= dict.fromkeys(autres, AUTRE_UNITE)
        deja |= {une: DEJA_RESERVE if sienne == famille.pk else RESERVE_AILLEURS for une, sienne in prises}
    return deja


def _au_panier(famille: Famille, enfant: Enfant, ouvertures: Sequence[Ouverture]) -> set[int]:
    """What is in this household's cart already stays there, once; the other parent's cart is another matter."""
    lignes = JourDemande.objects.filter(
        demande__famille=famille, demande__enfant=enfant, demande__etat=Etat.PANIER, ouverture__in=ouvertures
    ).values_list("ouverture_id", flat=True)
    return set(lignes)


DEJA_RESERVE = "Ce jour est déjà réservé."
DEMANDE_EN_COURS = "Une demande est déjà en cours pour ce jour : suivez-la dans la liste de vos demandes."
# Through another unité; the other household's is not in this one's calendar: the sentence says where to turn.
AUTRE_UNITE = (
    "L’enfant a déjà une réservation ou une demande à ce moment de la journée. Si elle n’est pas dans votre calendrier, "
    "appelez le service."
)


def _autre_unite(enfant: Enfant, ouvertures: Sequence[Ouverture]) -> list[int]:
    """Openings of which the child already holds a part through another unité."""
    lignes = Place.objects.filter(enfant=enfant, jauge__ouvertures__in=ouvertures, expire_le__isnull=True)
    return list(lignes.values_list("jauge__ouvertures", flat=True))


def demande_du_panier(famille: Famille, enfant_id: int | None, activite_id: int | None, nature: str) -> Demande:
    assert enfant_id is not None
    assert activite_id is not None
    demande, _ = Demande.objects.get_or_create(
        famille=famille,
        enfant_id=enfant_id,
        activite_id=activite_id,
        nature=nature,
        etat=Etat.PANIER,
        defaults={"origine": Acteur.FAMILLE.value},
    )
    return demande
