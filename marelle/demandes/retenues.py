"""What a cart holds for a few minutes, where the activity wants it: taking the hold, giving it back, ending it on time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from marelle.activites.models import Activite
from marelle.reservations.file_ecriture import transaction_de_places
from marelle.reservations.models import Place
from marelle.reservations.places import ouvrir
from marelle.socle.horloge import dans
from marelle.socle.horloge import maintenant as maintenant_

from .attente import servir
from .besoins import besoin, jours_complets
from .models import Demande, JourDemande
from .passages import Etat
from .passer import Cahier


def supprimer(lignes: Sequence[JourDemande]) -> None:
    """Take days out, with what the cart held for them, and the demandes that are left empty."""
    retenues = [ligne for ligne in lignes if ligne.retenu_jusquau is not None]
    if retenues:
        cles = {jauge.pk for ligne in retenues for jauge in ligne.ouverture.jauges.all()}
        registre = ouvrir(cles, {ligne.demande.enfant_id for ligne in retenues if ligne.demande.enfant_id})
        for ligne in retenues:
            registre.liberer(besoin(ligne, ligne.demande))
        cahier = Cahier(maintenant_())
        servir(registre, cahier)
        registre.ecrire()
        cahier.ecrire()
    JourDemande.objects.filter(pk__in=[ligne.pk for ligne in lignes]).delete()
    demandes = {ligne.demande_id for ligne in lignes}
    Demande.objects.filter(pk__in=demandes, etat=Etat.PANIER, jours__isnull=True).delete()


def retenir(demande: Demande, lignes: Sequence[JourDemande], activite: Activite, maintenant: datetime) -> None:
    """The cart holds its places for the activity's number of minutes; a day that has none left is simply not held."""
    jusquau = dans(timedelta(minutes=activite.panier_retient_minutes), maintenant)
    completes = jours_complets(JourDemande.objects.filter(pk__in=[ligne.pk for ligne in lignes]))
    cles = {jauge.pk for ligne in completes for jauge in ligne.ouverture.jauges.all()}
    registre = ouvrir(cles, {demande.enfant_id} if demande.enfant_id else set())
    for ligne in completes:
        if registre.retenir(besoin(ligne, demande), expire_le=jusquau):
            ligne.retenu_jusquau = jusquau
    registre.ecrire()
    JourDemande.objects.bulk_update(completes, ["retenu_jusquau"])


def il_y_en_a_d_expires() -> bool:
    """Whether a hold is over: one indexed read, so that asking every second costs nothing."""
    return Place.objects.filter(expire_le__lte=maintenant_()).exists()


def liberer_les_paniers_expires() -> int:
    """The job that ends the holds of carts; the days stay in the cart, without their place."""
    instant = maintenant_()
    references = list(Place.objects.filter(expire_le__lte=instant).values_list("reference", flat=True).distinct())
    for debut in range(0, len(references), 100):
        _liberer_les_retenues(references[debut : debut + 100], instant)
    return len(references)


def _liberer_les_retenues(references: list[int], instant: datetime) -> None:
    with transaction_de_places():
        lignes = jours_complets(JourDemande.objects.filter(pk__in=references))
        cles = {jauge.pk for ligne in lignes for jauge in ligne.ouverture.jauges.all()}
        registre = ouvrir(cles, {ligne.demande.enfant_id for ligne in lignes if ligne.demande.enfant_id})
        for ligne in lignes:
            tenue = [
                registre.lignes.get((cle, ligne.demande.enfant_id or 0)) for cle in besoin(ligne, ligne.demande).jauges
            ]
            if all(une and une.expire_le and une.expire_le <= instant for une in tenue):
                registre.liberer(besoin(ligne, ligne.demande))
        cahier = Cahier(instant)
        servir(registre, cahier)
        registre.ecrire()
        cahier.ecrire()
        JourDemande.objects.filter(pk__in=references, demande__etat=Etat.PANIER).update(retenu_jusquau=None)
