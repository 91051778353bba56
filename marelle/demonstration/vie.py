"""Living the past of the demonstration: asking, deciding, changing a capacity, through the product's own actions."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from marelle.activites.models import Activite, Ouverture, Unite
from marelle.collectivite.identite import identite
from marelle.comptes.models import Compte
from marelle.demandes import decision, depot, fiches, panier
from marelle.demandes.besoins import annuler, verrouiller
from marelle.demandes.calendrier import CalendrierEnfant
from marelle.demandes.contexte import est_de_l_age
from marelle.demandes.documents import envoyer_document
from marelle.demandes.models import Demande, JourDemande
from marelle.demandes.natures import NATURES, Sujet
from marelle.demandes.passages import Acteur
from marelle.demandes.passer import Auteur
from marelle.familles.models import Enfant, Famille
from marelle.pieces.televersement import lire
from marelle.reservations.file_ecriture import transaction_de_places
from marelle.reservations.places import ouvrir
from marelle.socle.erreurs import ErreurMarelle
from marelle.socle.horloge import a_l_instant, annee_scolaire, aujourdhui, maintenant

from .papiers import attestation
from .passe import Inscription, inscrire, jours_voulus
from .voisins import Voisin

SERVICE = "Camille Aubert"
PORTEE = timedelta(days=300)


def il_y_a(jours: int, heure: int = 19, minute: int = 12) -> datetime:
    """An hour of a day before today; today's hours that have not come yet are one hour ago."""
    instant = maintenant().replace(hour=heure, minute=minute, second=0, microsecond=0) - timedelta(days=jours)
    return min(instant, maintenant() - timedelta(hours=1))


def la_famille(famille: Famille) -> Auteur:
    acces = famille.acces.select_related("compte").order_by("pk").first()
    adulte = famille.responsables.order_by("rang").first()
    return Auteur(Acteur.FAMILLE, acces.compte if acces else None, str(adulte or famille))


def le_service() -> Auteur:
    return Auteur(Acteur.AGENT, Compte.objects.filter(username="agent1").first(), SERVICE)


def jours_libres(famille: Famille, enfant: Enfant, unite: Unite, debut: date | None = None) -> list[date]:
    """The days that this household can ask for this child now, in order."""
    depuis = debut or aujourdhui()
    cases = CalendrierEnfant(famille, enfant, unite, depuis, depuis + PORTEE, maintenant()).cases()
    return [case.date for case in cases if case.est_actionnable and case.etat in ("libre", "presque", "complet")]


def demander(
    famille: Famille, enfant: Enfant, unite: Unite, jours: Iterable[date], quand: datetime, auteur: Auteur | None = None
) -> list[Demande]:
    """Put these days in the cart (booked ones are asked to be cancelled) and send it, as it was then. What the rules refuse
    is left out."""
    with a_l_instant(quand):
        for jour in jours:
            try:
                panier.basculer(famille, enfant, unite, jour)
            except ErreurMarelle:
                continue
        if not panier.nombre_au_panier(famille):
            return []
        fait = depot.deposer_panier(famille, depot.panier_de(famille).jeton, auteur or la_famille(famille))
        panier.vider(famille)
    return list(fait.envoi.demandes.order_by("pk")) if fait.envoi else []


def changer(sujet: Sujet, nature: str, changements: dict[str, Any], quand: datetime) -> None:
    """Ask what is in force with these changes, as the family's form would."""
    with a_l_instant(quand):
        depart = {} if nature == "nouvel_enfant" else NATURES[nature].en_vigueur(sujet)
        fiches.deposer(sujet, {nature: depart | changements}, la_famille(sujet.famille))


def transmettre(sujet: Sujet, quand: datetime) -> None:
    """Send a document that nobody has asked for yet (an optional one, where the collectivité takes some)."""
    voulue = next(iter(sorted(identite().pieces, key=lambda piece: piece.est_obligatoire)), None)
    enfant = sujet.enfant
    if voulue is None or enfant is None:
        return
    with a_l_instant(quand):
        rentree = annee_scolaire(aujourdhui())[0].year
        annee = rentree if voulue.est_annuelle else None
        image = attestation(f"{voulue.nom} (copie)", f"{enfant.prenom} {enfant.nom}", f"{rentree}-{rentree + 1}")
        recu = lire("attestation.jpg", image)
        qui = la_famille(sujet.famille)
        envoyer_document(sujet.famille, [enfant], voulue.code, annee, recu, qui, uuid.uuid4())


def accepter(demandes: Sequence[Demande], quand: datetime) -> None:
    with a_l_instant(quand):
        if demandes:
            decision.accepter_lot([demande.pk for demande in demandes], le_service())


def refuser(demandes: Sequence[Demande], quand: datetime, motif: str) -> None:
    with a_l_instant(quand):
        for demande in demandes:
            if demande.est_en_cours:
                decision.refuser(demande.pk, le_service(), motif)


def annuler_par_le_centre(demandes: Sequence[Demande], quand: datetime, motif: str) -> None:
    """The service cancels what it had accepted: a trip that fell through."""
    with a_l_instant(quand), transaction_de_places():
        registre, jours = verrouiller(JourDemande.objects.filter(demande__in=demandes, reservation__isnull=False))
        annuler(jours, registre, par_le_centre=True, motif=motif)
        registre.ecrire()


def inscrire_les_voisins(voisins: Sequence[Voisin], unite: Unite, jour: date, quand: datetime) -> int:
    """The crowd of a day, minute by minute: those whose age it takes, booked in bulk; how many are."""
    ouvertures = list(
        Ouverture.objects.filter(unite=unite, date=jour)
        .select_related("groupe")
        .prefetch_related("jauges")
        .order_by("groupe__age_min")
    )
    voulues = []
    for rang, voisin in enumerate(voisins):
        siennes = [une for une in ouvertures if est_de_l_age(voisin.enfant, une, unite.activite)]
        depose_le = quand + timedelta(minutes=rang)
        jours = tuple(jours_voulus(siennes[:1]))
        voulues.append(Inscription(voisin.famille.pk, voisin.enfant.pk, unite.activite_id, jours, depose_le))
    return inscrire(voulues, SERVICE)


def limiter(activite: Activite, jour: date, libres: int) -> None:
    """The capacity of a day becomes what is taken and held, plus so many places left."""
    with transaction_de_places():
        cles = Ouverture.objects.filter(activite=activite, date=jour).values_list("jauges", flat=True)
        registre = ouvrir(set(cles), [])
        for cle, jauge in registre.jauges.items():
            registre.ouvrir_des_places(cle, jauge.prises + jauge.retenues + libres)
        registre.ecrire()
