"""Money for a call: received exactly once, at the desk or online; too late, it stays in credit and says so.

Everything here runs under the lock of the payer's row: between a payment and the end of the booking, the first one wins."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from marelle.creances.models import Facture, Paiement, Payeur
from marelle.creances.soldes import impayees
from marelle.journal.service import noter
from marelle.paiements.models import Tentative
from marelle.socle.horloge import maintenant

from .models import Appel
from .selection import avec_restes

Etat = Appel.Etat


@dataclass(frozen=True, slots=True)
class Regles:
    """What a payment did: the calls it pays (each with its centimes); those that it came too late for, or that needed none."""

    payes: list[tuple[Appel, int]] = field(default_factory=list)
    tard: list[Appel] = field(default_factory=list)

    @property
    def centimes(self) -> int:
        return sum(montant for _, montant in self.payes)


def lus(cles: Iterable[int]) -> list[Any]:
    """These calls with their `reste_centimes`, as they stand now. Call it under the lock of the payer's row."""
    appels = avec_restes(Appel.objects.filter(pk__in=list(cles)))
    return list(appels.select_related("regie", "payeur").order_by("pk"))


def factures_des(appels: Iterable[Appel], payeur: Payeur, montant: int) -> list[tuple[Facture, int]]:
    """The invoices on which days of these calls stand already, with what the money pays of each: it is not left beside them."""
    cles = [f"resa:{cle}" for un in appels for cle in un.lignes.order_by("pk").values_list("reservation_id", flat=True)]
    regie = next(iter(appels)).regie
    parts = []
    for une in impayees(payeur, regie).filter(lignes__cle__in=cles).distinct():
        part = min(montant, une.reste_centimes)  # type: ignore[attr-defined]
        if part > 0:
            parts.append((une, part))
            montant -= part
    return parts


def regler(appels: Sequence[Any], paiement: Paiement) -> Regles:
    """`appels`: from `lus`. Those that are awaited are paid, even if their time has just passed: nobody took the place."""
    regles, instant = Regles(), maintenant()
    for un in appels:
        if un.etat == Etat.ATTENDU:
            un.etat = Etat.PAYE
            regles.payes.append((un, un.reste_centimes))
        else:
            regles.tard.append(un)
            if un.etat != Etat.EXPIRE or un.paiement_id:
                continue
        un.paiement, un.decide_le = paiement, instant
        Appel.objects.filter(pk=un.pk).update(etat=un.etat, paiement=paiement, decide_le=instant)
        action = "appel.paye" if un.etat == Etat.PAYE else "appel.paye_trop_tard"
        noter(None, action, un, dossier=f"famille:{un.famille_id}", paiement=paiement.numero)
    return regles


def appels_de(tentative: Tentative) -> list[Any]:
    """The calls that an attempt is for, as they stand now; none for an attempt on invoices."""
    cles = list(tentative.appels.order_by().values_list("appel_id", flat=True))
    return lus(cles) if cles else []
