"""What is said of a household’s quotient: which one gives its prices, since when, until when, what is used meanwhile."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from marelle.regles.phrases import dire_jour_du_mois
from marelle.regles.tarifs import Tarifs

from .foyer import FoyerTarifaire, Quotient
from .models import dire_la_provenance


@dataclass(frozen=True, slots=True)
class EtatQuotient:
    """`applique`: the one that counts (None: the highest tariff). `suivants`: those that count from a later day on.

    `phrase` says why the highest tariff applies; empty when it does not."""

    applique: Quotient | None
    suivants: tuple[Quotient, ...]
    phrase: str


def etat_du_quotient(foyer: FoyerTarifaire, tarifs: Tarifs, jour: date) -> EtatQuotient:
    """On that day; the last entry of those that cover a day is the one that counts."""
    applique = foyer.quotient_du(jour, tarifs)
    comptent = [un for un in foyer.quotients if un.est_justifie or tarifs.quotient.accepte_declare]
    suivants = sorted((un for un in comptent if un.valable_du > jour), key=lambda un: un.valable_du)
    return EtatQuotient(applique, tuple(suivants), "" if applique else _pourquoi(foyer, jour))


def _pourquoi(foyer: FoyerTarifaire, jour: date) -> str:
    if any(un.couvre(jour) for un in foyer.quotients):
        return "Votre quotient familial est déclaré, sans justificatif : le tarif maximum s’applique jusqu’à la preuve."
    passes = [un.valable_au for un in foyer.quotients if un.valable_au is not None and un.valable_au < jour]
    if passes:
        fin = dire_jour_du_mois(max(passes), jour.year)
        return f"Votre quotient familial n’est plus valable depuis le {fin} : le tarif maximum s’applique."
    return "Le service n’a pas votre quotient familial : le tarif maximum s’applique jusqu’à la preuve."


def dire_la_source(quotient: Quotient, jour: date) -> str:
    """« relevé sur CDAP le 3 septembre »."""
    source = dire_la_provenance(quotient.source, quotient.fournisseur)
    le = f" le {dire_jour_du_mois(quotient.releve_le, jour.year)}"
    return source + le


def dire_la_validite(quotient: Quotient, jour: date) -> str:
    """« valable du 1er septembre au 31 août 2027 », « valable depuis le 1er septembre »."""
    du = dire_jour_du_mois(quotient.valable_du, jour.year)
    if quotient.valable_au is None:
        return f"valable à partir du {du}"
    return f"valable du {du} au {dire_jour_du_mois(quotient.valable_au, jour.year)}"
