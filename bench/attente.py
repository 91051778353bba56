"""The cascade: a day full, as many children waiting; the day's bookings are cancelled at once, or the day closes."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date, timedelta
from datetime import time as heure

from marelle.activites.models import Activite, Centre, Ouverture, Temps, Unite
from marelle.activites.ouvertures import ouvrir_les_jours
from marelle.demandes.decision import accepter_lot
from marelle.demandes.fermeture import fermer
from marelle.demandes.models import Demande, JourDemande
from marelle.demandes.verification import verifier
from marelle.demonstration.passe import Inscription, inscrire, jours_voulus
from marelle.familles.models import Enfant, Famille
from marelle.reservations.models import Reservation
from marelle.socle.horloge import maintenant

from .chargement import SERVICE, envoyer
from .mesures import Carnet

ENFANTS = 200
REPERE_MS = 2000.0
JOUR = date(2027, 5, 3)
CAS = {
    "attente-donnee": "200 places rendues, données à 200 enfants qui attendent",
    "attente-offerte": "200 places rendues, proposées à 200 enfants qui attendent",
}


def mesurer_la_cascade(carnet: Carnet, nombre: int = ENFANTS) -> None:
    """Each case on a day of its own: every place is given back in one batch; then one more day is closed."""
    for rang, (code, nom) in enumerate(CAS.items()):
        ouverture = remplir(code, JOUR + timedelta(days=rang), nombre)
        annulations = demander_les_annulations(ouverture)
        noter(carnet, nom, nombre, lambda cles=annulations: accepter_lot(cles, SERVICE))  # type: ignore[misc]
        servis = Demande.objects.filter(jours__ouverture=ouverture, nature="reservation")
        voulu = {"attente-donnee": "deposee", "attente-offerte": "proposee"}[code]
        assert servis.filter(etat=voulu).count() == nombre
    dernier = remplir("attente-donnee", JOUR + timedelta(days=7), nombre)
    nom = "Un jour fermé : 200 réservations annulées, 200 attentes refusées"
    noter(carnet, nom, nombre, lambda: fermer(dernier.activite.centre, dernier.date, dernier.date, "Neige", SERVICE))
    assert verifier() == []


def noter(carnet: Carnet, nom: str, nombre: int, quoi: Callable[[], object]) -> None:
    debut = time.perf_counter()
    quoi()
    duree = (time.perf_counter() - debut) * 1000
    tenu = duree <= REPERE_MS if nombre == ENFANTS else None
    carnet.noter(nom.replace("200", str(nombre)), f"≤ {REPERE_MS / 1000:.0f} s", f"{duree:.0f} ms", tenu, ms=duree)


def remplir(code: str, jour: date, nombre: int) -> Ouverture:
    """A day of `nombre` places, all taken, and as many children of other households who wait for it."""
    activite, est_neuve = Activite.objects.get_or_create(
        code=code, defaults={"nom": code, "centre": _centre(), "temps": Temps.MERCREDI, "age_max": 17, "age_min": 0}
    )
    if est_neuve:
        Unite.objects.create(
            activite=activite, code="jour", nom="Jour", parties=["matin"], heure_debut=heure(8), heure_fin=heure(18)
        )
    ouvrir_les_jours(activite, [jour], {None: nombre})
    ouverture = Ouverture.objects.select_related("activite__centre").get(activite=activite, date=jour)
    couples = _enfants(2 * nombre)
    la_veille = maintenant() - timedelta(days=1)
    jours = tuple(jours_voulus([Ouverture.objects.prefetch_related("jauges").get(pk=ouverture.pk)]))
    inscrire(
        [Inscription(famille, enfant, activite.pk, jours, la_veille) for famille, enfant in couples[:nombre]], "Service"
    )
    for famille, enfant in couples[nombre:]:
        envoyer(Famille.objects.get(pk=famille), {(enfant, code): [ouverture]})
    return ouverture


def _centre() -> Centre:
    """A centre apart: closing it closes nothing else."""
    return Centre.objects.get_or_create(code="cascade", defaults={"nom": "Cascade"})[0]


def _enfants(combien: int) -> list[tuple[int, int]]:
    """So many children, each with a household."""
    couples: list[tuple[int, int]] = []
    enfants = Enfant.objects.exclude(nom="Foule").order_by("pk").values_list("rattachements__famille", "pk")
    for famille, enfant in enfants.iterator(chunk_size=1000):
        couples.append((famille, enfant))
        if len(couples) == combien:
            break
    return couples


def demander_les_annulations(ouverture: Ouverture) -> list[int]:
    """One demande d'annulation waiting for the service per booking of that day, as the cart would have sent them."""
    reservations = Reservation.objects.filter(ouverture=ouverture, etat="reservee").order_by("pk")
    modeles = {une.famille_id: une for une in Demande.objects.filter(jours__ouverture=ouverture).exclude(envoi=None)}
    demandes = Demande.objects.bulk_create(
        Demande(
            famille_id=une.famille_id,
            enfant_id=une.enfant_id,
            activite_id=une.activite_id,
            nature="annulation",
            etat="deposee",
            origine="famille",
            envoi_id=modeles[une.famille_id].envoi_id,
            depose_le=maintenant(),
        )
        for une in reservations
    )
    JourDemande.objects.bulk_create(
        JourDemande(demande=demande, ouverture=ouverture, date=une.date, reservation=une)
        for demande, une in zip(demandes, reservations, strict=True)
    )
    return [demande.pk for demande in demandes]
