"""What booking asks to pay at once: said of the cart before it is sent, asked of the bookings as soon as they are made."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from marelle.activites.evenements import codes_prevus
from marelle.appels.creation import appeler
from marelle.appels.credit import Credits
from marelle.appels.models import Appel
from marelle.appels.phrases import dire_l_appel
from marelle.appels.selection import des_reservations
from marelle.creances.regies import regie_de
from marelle.regles.echeances import JourAPayer, Somme, dire_le_paiement, sommes_a_payer
from marelle.regles.grilles import Tarif
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


@dataclass(frozen=True, slots=True)
class AAnnoncer:
    """What booking will ask: the sums left to pay; whether some days give nothing back when cancelled; what is in credit and pays
    the rest of it (centimes)."""

    sommes: tuple[Somme, ...] = ()
    est_ferme: bool = False
    credit_centimes: int = 0


@dataclass(slots=True)
class JoursAPayer:
    """Days that ask for a payment, each with the code of the régie that asks for it, by the key of its row."""

    jours: list[JourAPayer] = field(default_factory=list)
    regies: dict[int, int] = field(default_factory=dict)
    est_ferme: bool = False


def sommes_du_panier(lignes: Iterable[LignePanier], devis: Devis) -> AAnnoncer:
    """What sending these days will ask, if they are accepted at once."""
    partent = [ligne for ligne in lignes if ligne.est_reservation and ligne.est_possible and ligne.prix]
    prix = [(une.jour, une.activite.code, une.prix.total_centimes) for une in partent if une.prix]
    return _annoncer(_demandes(prix, devis), devis, des_adultes_apart=False)


def sommes_a_l_acceptation(demande: Demande, devis: Devis) -> AAnnoncer:
    """What accepting this demande, its days read with `avis.JOURS`, will ask of its household, as for a cart."""
    devis.compter(presences_demandees(demande))
    return _annoncer(jours_demandes(demande, devis), devis, des_adultes_apart=True)


def _annoncer(voulus: JoursAPayer, devis: Devis, *, des_adultes_apart: bool) -> AAnnoncer:
    if not voulus.jours:
        return AAnnoncer()
    sommes = sommes_a_payer(voulus.jours, maintenant())
    credits = Credits([devis.famille.pk], des_adultes_apart=des_adultes_apart)
    restent, pris = credits.deduire(devis.famille.pk, sommes, voulus.regies)
    return AAnnoncer(restent, voulus.est_ferme, pris)


def jours_demandes(demande: Demande, devis: Devis) -> JoursAPayer:
    """The days of this demande that ask for a payment, when its quote has counted already all that is accepted with it."""
    activite, enfant = demande.activite, demande.enfant_id
    if demande.nature != "reservation" or activite is None or enfant is None:
        return JoursAPayer()
    prix = []
    for jour in demande.jours.all():
        jour.ouverture.unite.activite = activite  # it is; asked of the database, it would be a query for each day
        codes = codes_prevus(jour.ouverture.evenements)
        lu = devis.prix(enfant, activite.code, jour.ouverture.unite, jour.date, evenements=codes)
        prix += [(jour, activite.code, lu.total_centimes)] if lu else []
    return _demandes(prix, devis)


def presences_demandees(demande: Demande) -> list[tuple[int, date]]:
    """The child and the days that this demande books."""
    enfant = demande.enfant_id if demande.nature == "reservation" else None
    return [(enfant, jour.date) for jour in demande.jours.all()] if enfant else []


def _demandes(prix: Iterable[tuple[JourDemande, str, int]], devis: Devis) -> JoursAPayer:
    """Of days with their activité and their price in centimes, those that ask for a payment."""
    voulus = JoursAPayer()
    for jour, activite, centimes in prix:
        tarif, regie = tarif_a_payer(devis, activite, jour.ouverture.unite.code, jour.date), regie_de(activite)
        if tarif is None or tarif.paiement is None or regie is None:
            continue
        voulus.est_ferme = voulus.est_ferme or tarif.est_ferme
        voulus.jours.append(JourAPayer(jour.pk, jour.demande_id, tarif.paiement, centimes, jour.date))
        voulus.regies[jour.pk] = regie.code
    return voulus


def tarif_a_payer(devis: Devis, activite: str, unite: str, jour: date) -> Tarif | None:
    """The tariff of that day for this household when it asks for a payment that somebody here may receive; None otherwise."""
    lus = devis.tarifs
    version = lus.version_du(jour) if lus and devis.foyer and lus.a_des_paiements else None
    regie = regie_de(activite) if version else None
    if version is None or regie is None or regie.est_titre:
        return None
    quotient = devis.quotient_du(jour)
    tarif = version.tarif(activite, unite, quotient.regime if quotient else "")
    return tarif if tarif is not None and tarif.paiement is not None else None


def dire_avant_d_envoyer(devis: Devis, activite: str, unite: str, jour: date, centimes: int) -> tuple[str, bool]:
    """What booking that day will ask, for a page that may send it at once: « 5,00 € à payer dans une heure, sinon la réservation
    tombe. »; whether any other day of that price is asked the same (the rest of a deposit has a date). ("", True): nothing."""
    tarif = tarif_a_payer(devis, activite, unite, jour)
    paiement = tarif.paiement if tarif else None
    if paiement is None:
        return "", True
    return dire_le_paiement(paiement, centimes, maintenant(), jour), paiement.acompte is None
