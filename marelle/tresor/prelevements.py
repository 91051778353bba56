"""Which invoices the Treasury may debit itself: those of payers who signed a mandate for a budget whose titres it collects."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Max

from marelle.creances.models import Regie
from marelle.creances.regies import options_de
from marelle.regie.caducite import caducites, derniers_presentes
from marelle.regie.mandats_sepa import en_vigueur
from marelle.regie.models import MandatSepa
from marelle.socle.horloge import aujourdhui

from .pes.fichier import Prelevement
from .selection import ATransmettre, vivantes

PREMIER, SUIVANT = "FRST", "RCUR"


@dataclass(frozen=True, slots=True)
class Debits:
    """What the Treasury debits of a bordereau, by the invoice's key; and the mandates that are void by then, by the payer's
    key, each with since when: their titres go, nothing is debited."""

    prelevements: dict[int, Prelevement] = field(default_factory=dict)
    caducs: dict[int, tuple[MandatSepa, date]] = field(default_factory=dict)


def debits_du_tresor(regie: Regie, choses: Sequence[ATransmettre], jour: date) -> Debits:
    """The debit of each invoice whose payer has a mandate that may be used; none for a régie that cashes: it debits itself, nor
    for a budget without ICS. Families are told so many days before: they are counted from today when the bordereau is dated
    earlier.

    The first piece ever sent with a mandate carries FRST, all the next ones RCUR, in the same bordereau too."""
    options, debits = options_de(regie), Debits()
    if not (options.est_titre and options.a_des_mandats):
        return debits
    payeurs = {une.facture.payeur_id for une in choses}
    mandats = {un.payeur_id: un for un in en_vigueur(regie).filter(payeur__in=payeurs)}
    le = _jour_du_debit(regie, jour)
    caducs = caducites(mandats.values(), le, avant=le)
    debits.caducs.update({pk: (un, caducs[un.pk]) for pk, un in mandats.items() if un.pk in caducs})
    deja = derniers_presentes(mandats.values())
    serves = {un.pk for un in mandats.values() if un.pk in deja or un.dernier_ailleurs_le is not None}
    for chose in choses:
        mandat = mandats.get(chose.facture.payeur_id)
        if mandat is None or mandat.pk in caducs:
            continue
        debits.prelevements[chose.facture.pk] = Prelevement(
            rum=mandat.rum, signe_le=mandat.signe_le, sequence=SUIVANT if mandat.pk in serves else PREMIER, date=le,
            iban=mandat.iban, titulaire=mandat.titulaire, bic=mandat.bic,
        )  # fmt: skip
        serves.add(mandat.pk)
    return debits


def _jour_du_debit(regie: Regie, jour: date) -> date:
    return max(jour, aujourdhui()) + timedelta(days=options_de(regie).sepa.preavis_jours)


def caducs_pour_un_envoi(regie: Regie, mandats: Iterable[MandatSepa]) -> Mapping[int, date]:
    """Those of these mandates, by key, by which a file made today would debit nothing any more."""
    le = _jour_du_debit(regie, aujourdhui())
    return caducites(mandats, le, avant=le)


def presentes_au_tresor(mandats: Sequence[int], avant: date | None) -> Mapping[int, date]:
    """The last day on which a titre was to be debited by each of these mandates; what the Treasury refused was not. `avant`:
    only earlier days."""
    pieces = vivantes().filter(mandat__in=mandats)
    if avant is not None:
        pieces = pieces.filter(preleve_le__lt=avant)
    return dict(pieces.order_by().values_list("mandat").annotate(dernier=Max("preleve_le")))
