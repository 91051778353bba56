"""What each payer owes of bookings just made, and what of it is asked now: computed by the billing run itself, so that what is
asked is a part of what will be billed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from marelle.activites.models import Activite
from marelle.creances.models import Regie
from marelle.creances.regies import regie_de
from marelle.facturation.calcul import Calcul
from marelle.facturation.selection import Selection
from marelle.regles.echeances import JourAPayer, Somme, sommes_a_payer
from marelle.regles.tarifs import Tarifs
from marelle.reservations.models import Reservation
from marelle.tarification.identite import tarifs


@dataclass(frozen=True, slots=True)
class ADemander:
    """What is asked of one payer by one régie for the bookings of one household; `annulees`: what a cancellation gives
    back, by booking."""

    regie: Regie
    payeur_id: int
    famille_id: int
    sommes: tuple[Somme, ...]
    annulees: dict[int, str]


def a_demander(reservations: Sequence[tuple[Reservation, int]], reserve_le: datetime) -> list[ADemander]:
    """`reservations`: each with what groups its rest with others (its demande). Only the payers of the household that books are
    asked: the other parent and third parties have their share on their invoice. What collects titres takes no money: it asks
    for nothing."""
    lus = tarifs()
    if lus is None or not reservations or not lus.a_des_paiements:
        return []
    par_regie: dict[int, list[tuple[Reservation, int]]] = {}
    codes = dict(Activite.objects.filter(pk__in={une.activite_id for une, _ in reservations}).values_list("pk", "code"))
    for une, ensemble in reservations:
        options = regie_de(codes[une.activite_id])
        if options is not None and not options.est_titre:
            par_regie.setdefault(options.code, []).append((une, ensemble))
    regies = {une.code: une for une in Regie.objects.filter(code__in=par_regie).order_by("pk")}
    return [
        une
        for code, siennes in sorted(par_regie.items())
        for une in _d_une_regie(lus, regies[code], siennes, codes, reserve_le)
    ]


def _d_une_regie(
    lus: Tarifs,
    regie: Regie,
    reservations: Sequence[tuple[Reservation, int]],
    codes: dict[int, str],
    reserve_le: datetime,
) -> Iterable[ADemander]:
    siennes = {f"resa:{une.pk}": (une, ensemble) for une, ensemble in reservations}
    jours = [une.date for une, _ in reservations]
    activites = {codes[une.activite_id]: une.activite_id for une, _ in reservations}
    familles = frozenset(une.famille_id for une, _ in reservations)
    calcul = Calcul(Selection(regie, min(jours), max(jours), activites, familles), lus)
    calcul.faire()
    for payeur, compte in sorted(calcul.comptes.items()):
        a_payer: dict[int, list[JourAPayer]] = {}
        annulees: dict[int, str] = {}
        for ligne in compte.lignes:
            une, ensemble = siennes.get(ligne.cle, (None, 0))
            if une is None or une.famille_id != compte.famille_id or not ligne.montant_centimes > 0:
                continue
            regime = (ligne.prix or {}).get("faits", {}).get("foyer", {}).get("regime", "")
            version = lus.version_du(une.date)
            tarif = version.tarif(ligne.activite, ligne.unite, regime) if version else None
            if tarif is None or tarif.paiement is None:
                continue
            jour = JourAPayer(une.pk, ensemble, tarif.paiement, ligne.montant_centimes, une.date)
            a_payer.setdefault(une.famille_id, []).append(jour)
            annulees[une.pk] = tarif.paiement.annulee
        for famille, siens in a_payer.items():
            yield ADemander(regie, payeur, famille, sommes_a_payer(siens, reserve_le), annulees)
