"""Invoices for the tests that read them: issued by the ledger, with the lines that a billing run writes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from marelle.creances.emission import FactureAEmettre, LigneAEmettre, emettre
from marelle.creances.models import Facture, Payeur, Regie
from marelle.creances.payeurs import payeur_de
from marelle.creances.regies import charger_regies
from marelle.familles.models import Enfant

from .distribution import COLLECTIVITES, Foyer

MERCREDIS = [date(2026, 9, jour) for jour in (2, 9, 16, 23, 30)]
_rangs = iter(range(1, 10**9))


def regie_de(code: str) -> Regie:
    """The first régie of a shipped collectivité."""
    lues = charger_regies((COLLECTIVITES / code / "regies.toml").read_text(encoding="utf-8"), code)
    return Regie.objects.get(code=lues[0].code)


def ligne(
    enfant: Enfant | None,
    jour: date | None,
    montant: int = 1120,
    *,
    activite: str = "chaveignes-mercredis",
    libelle: str = "Journée avec repas",
    explication: str = "tranche C, QF 712",
    quotient: int | None = 712,
    aide: int = 0,
) -> LigneAEmettre:
    """A day of `montant` centimes; `aide`: what somebody else pays of it, taken off already."""
    details = [["accueil", "Accueil", montant + aide, explication, ""]]
    details += [["aide", "Aide du CCAS", -aide, "CCAS", "ccas"]] if aide else []
    prix = {
        "nom": libelle, "lignes": details, "deliberation": "Délibération nº 2026-12 du 2 juillet 2026",
        "en_vigueur_le": "2026-09-01", "quotient": quotient, "est_maximum": quotient is None, "total_centimes": montant,
    }  # fmt: skip
    return LigneAEmettre(
        f"essai:{next(_rangs)}", libelle, montant, explication=explication, eligible_centimes=montant // 2,
        enfant_id=enfant.pk if enfant else None, activite=activite, unite="journee", date=jour, prix=prix,
    )  # fmt: skip


def facturer(
    regie: Regie,
    payeur: Payeur,
    lignes: Sequence[LigneAEmettre],
    *,
    le: date = date(2026, 10, 6),
    reference: str | None = None,
    **autres: object,
) -> Facture:
    """Issue one document for the month before `le`."""
    fin = le.replace(day=1) - timedelta(days=1)
    demandee = FactureAEmettre(payeur, fin.replace(day=1), fin, lignes, reference=reference, **autres)  # type: ignore[arg-type]
    return emettre(regie, [demandee], date_emission=le)[0]


def facture_de_septembre(regie: Regie, foyer: Foyer, **autres: object) -> Facture:
    """Two children, five Wednesdays each: 112,00 €."""
    enfants = list(foyer.enfants.values())[:2]
    lignes = [ligne(enfant, jour) for enfant in enfants for jour in MERCREDIS]
    return facturer(regie, payeur_de(foyer.famille), lignes, **autres)  # type: ignore[arg-type]
