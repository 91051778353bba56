"""What booking asks to pay at once: said of the cart before it is sent, asked of the bookings as soon as they are made."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from marelle.appels.creation import appeler
from marelle.appels.models import Appel
from marelle.appels.phrases import dire_l_appel
from marelle.appels.selection import des_reservations
from marelle.regles.echeances import JourAPayer, Somme, sommes_a_payer
from marelle.socle.horloge import maintenant
from marelle.tarification.identite import tarifs

from .models import JourDemande

if TYPE_CHECKING:
    from marelle.tarification.devis import Devis

    from .apercu import LignePanier
    from .models import Demande


def demander_le_paiement(demandes: Sequence[int]) -> list[Appel]:
    """The calls of these demandes, whose bookings have just been made. In their transaction, whose demandes are written."""
    lus = tarifs()
    if lus is None or not lus.a_des_paiements:
        return []
    jours = JourDemande.objects.filter(demande__in=demandes, reservation__isnull=False).select_related("reservation")
    return appeler(
        [(jour.reservation, jour.demande_id) for jour in jours.order_by("pk") if jour.reservation], maintenant()
    )


def a_payer(demandes: Iterable[Demande]) -> list[str]:
    """A sentence for each sum that these bookings ask, the most pressing first. No query where the tariffs ask for nothing."""
    lus = tarifs()
    if lus is None or not lus.a_des_paiements:
        return []
    siennes = JourDemande.objects.filter(demande__in=[une.pk for une in demandes if une.nature == "reservation"])
    cles = siennes.filter(reservation__isnull=False).order_by().values_list("reservation_id", flat=True)
    return [dire_l_appel(un) for un in des_reservations(cles)]


def sommes_du_panier(lignes: Iterable[LignePanier], devis: Devis) -> tuple[tuple[Somme, ...], bool]:
    """What sending these days will ask, if they are accepted at once; whether some of them give nothing back when cancelled."""
    lus = devis.tarifs
    if lus is None or devis.foyer is None or not lus.a_des_paiements:
        return (), False
    jours, est_ferme = [], False
    for ligne in lignes:
        version = lus.version_du(ligne.jour.date)
        if not (ligne.est_reservation and ligne.est_possible and ligne.prix and version):
            continue
        quotient = devis.quotient_du(ligne.jour.date)
        tarif = version.tarif(ligne.activite.code, ligne.jour.ouverture.unite.code, quotient.regime if quotient else "")
        if tarif is None or tarif.paiement is None:
            continue
        est_ferme = est_ferme or tarif.est_ferme
        prix = ligne.prix.total_centimes
        jours.append(JourAPayer(ligne.jour.pk, ligne.jour.demande_id, tarif.paiement, prix, ligne.jour.date))
    return sommes_a_payer(jours, maintenant()), est_ferme
