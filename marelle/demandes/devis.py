"""What the cart of a household would cost if everything in it were accepted, and until when a day could be cancelled."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from marelle.activites.evenements import Ecrits, codes_prevus
from marelle.activites.models import Unite
from marelle.activites.periodes import periode_du
from marelle.activites.selection import unites_offertes
from marelle.collectivite.identite import calendrier, reglement
from marelle.familles.models import Famille
from marelle.regles.examen import examiner
from marelle.regles.situation import Action, Jour
from marelle.regles.verdict import Verdict
from marelle.socle.horloge import maintenant
from marelle.tarification.devis import Devis
from marelle.tarification.evenements import evenements_dus

from .contexte import contexte_des_regles
from .panier import RESERVER, jours_au_panier


def montant_du_jour(
    devis: Devis,
    nature: str,
    enfant_id: int,
    activite: str,
    unite: Unite,
    jour: date,
    reservation_id: int | None = None,
    evenements: Sequence[str] = (),
) -> int | None:
    """Centimes of a day of the cart: what it costs, or, less than zero, what its annulation in time takes off.
    `evenements`: what it owes besides, as `evenements_du_panier` reads it."""
    if nature == RESERVER:
        prix = devis.prix(enfant_id, activite, unite, jour, evenements=evenements)
        return prix.total_centimes if prix else None
    rendu = devis.rendu_centimes(enfant_id, activite, unite, jour, reservation_id, evenements)
    return None if rendu is None else -rendu


def evenements_du_panier(jours: Iterable[tuple[int, int | None, Ecrits]]) -> dict[int, tuple[str, ...]]:
    """What each day of the cart owes besides: (key, booking to cancel, events of the ouverture). A day to book owes all that the
    day has now, a booking what it owed already: one query more when one of these days has events."""
    lus = list(jours)
    annulees = [reservation for _, reservation, ecrits in lus if reservation is not None and ecrits]
    dus = evenements_dus(annulees) if annulees else {}
    return {
        cle: dus.get(reservation, ()) if reservation is not None else codes_prevus(ecrits)
        for cle, reservation, ecrits in lus
        if ecrits
    }


def total_du_panier(famille: Famille, devis: Devis) -> int | None:
    """Centimes; None when no day of the cart has a price. One query, whatever it holds."""
    if devis.tarifs is None:
        return None
    unites = {une.pk: une for une in unites_offertes()}
    champs = ("demande__nature", "demande__enfant_id", "ouverture__unite_id", "date", "reservation_id", "pk")
    jours = list(jours_au_panier(famille).values_list(*champs, "ouverture__evenements"))
    devis.compter((enfant, jour) for nature, enfant, _, jour, *_ in jours if enfant and nature == RESERVER)
    evenements = evenements_du_panier((cle, reservation, ecrits) for *_, reservation, cle, ecrits in jours)
    montants = []
    for nature, enfant_id, unite_id, jour, reservation_id, cle, _ in jours:
        unite = unites.get(unite_id)
        if unite is None or enfant_id is None:
            continue
        quoi = (unite.activite.code, unite, jour, reservation_id, evenements.get(cle, ()))
        montant = montant_du_jour(devis, nature, enfant_id, *quoi)
        if montant is not None:
            montants.append(montant)
    return sum(montants) if montants else None


def est_tardif(unite: Unite, jour: date, annuler: bool) -> bool:
    """Whether booking (or cancelling) that day now passes under the late regime, which may cost more. No query."""
    return _verdict(Action.ANNULER if annuler else Action.RESERVER, unite, jour).regime == "tardif"


def annulable_jusqu_au(unite: Unite, jour: date) -> datetime | None:
    """The last instant at which that day, once booked, could be cancelled; None when it could not be. No query."""
    verdict = _verdict(Action.ANNULER, unite, jour)
    return verdict.limite if verdict.est_possible else None


def _verdict(action: Action, unite: Unite, jour: date) -> Verdict:
    """Of the deadlines alone: neither places, nor what the child has already."""
    activite = unite.activite
    contexte = contexte_des_regles(action, activite, maintenant())
    quoi = Jour(date=jour, unite=unite.code, heure_debut=unite.heure_debut, periode=periode_du(activite.temps, jour))
    return examiner(reglement(), calendrier(), contexte, quoi)


def annulation_gratuite(
    devis: Devis, enfant_id: int, unite: Unite, jours: Iterable[date]
) -> tuple[date, datetime] | None:
    """The first of these days that could still be cancelled for nothing, and until when; None without one."""
    for jour in sorted(jours):
        reste = devis.prix(enfant_id, unite.activite.code, unite, jour, annulee=True)
        if reste is None or reste.total_centimes:
            return None
        if (limite := annulable_jusqu_au(unite, jour)) is not None:
            return jour, limite
    return None
