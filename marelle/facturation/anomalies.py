"""What an agent looks at before issuing: each anomaly has a word, a gravity, and a sentence that says what to do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Anomalie(StrEnum):
    """In the order in which they are shown: the gravest first."""

    SANS_PRIX = "sans_prix"
    SANS_NOM = "sans_nom"
    GARDE = "garde"
    PARTS = "parts"
    AIDE_INCONNUE = "aide_inconnue"
    COTISATION = "cotisation"
    NEGATIVE = "negative"
    SANS_ADRESSE = "sans_adresse"
    SANS_QUOTIENT = "sans_quotient"
    SANS_PRESENCE = "sans_presence"
    SANS_RESERVATION = "sans_reservation"
    INHABITUELLE = "inhabituelle"
    REPORTEE = "reportee"


@dataclass(frozen=True, slots=True)
class Dite:
    """`gravite`: 3 something is missing on the invoice, 2 look at it, 1 good to know."""

    gravite: int
    mot: str
    phrase: str

    @property
    def ton(self) -> str:
        return {3: "rouge", 2: "ocre", 1: "bleu"}[self.gravite]

    @property
    def symbole(self) -> str:
        return "info" if self.gravite == 1 else "alerte"


DITES: dict[Anomalie, Dite] = {
    Anomalie.SANS_PRIX: Dite(3, "Sans prix", "Aucun tarif ne couvre une de ces journées : elle n’est pas facturée."),
    Anomalie.SANS_NOM: Dite(3, "Sans payeur", "Personne à qui écrire : ajoutez un adulte à la famille."),
    Anomalie.GARDE: Dite(3, "Garde à vérifier", "Le partage ne désigne pas deux foyers : celui qui a réservé paie."),
    Anomalie.PARTS: Dite(
        3, "Parts à vérifier", "Les parts des adultes ne font pas 100 % : elles sont ramenées à un tout."
    ),
    Anomalie.AIDE_INCONNUE: Dite(
        3, "Aide inconnue", "Une prise en charge n’est plus dans les tarifs : elle n’est pas déduite."
    ),
    Anomalie.COTISATION: Dite(
        2, "Cotisation en retard", "Due pour des jours déjà facturés sans elle : vérifiez, ou mettez ce payeur de côté."
    ),
    Anomalie.NEGATIVE: Dite(2, "Avoir", "Le total est négatif : un avoir sera émis."),
    Anomalie.SANS_ADRESSE: Dite(
        2, "Sans adresse", "Ni adresse postale, ni accord pour l’e-mail : la facture n’arrivera pas."
    ),
    Anomalie.SANS_QUOTIENT: Dite(2, "Tarif maximum", "Aucun quotient justifié : le tarif maximum s’applique."),
    Anomalie.SANS_PRESENCE: Dite(2, "Réservée, non pointée", "Un jour réservé où l’enfant n’est pas pointé."),
    Anomalie.SANS_RESERVATION: Dite(2, "Venue sans réservation", "L’enfant est venu sans réservation."),
    Anomalie.INHABITUELLE: Dite(2, "Montant inhabituel", "Plus du double de la dernière facture."),
    Anomalie.REPORTEE: Dite(1, "Reportée", "Total nul, ou sous le minimum : gardé pour la prochaine facture."),
}


def ordonner(trouvees: Iterable[Anomalie]) -> list[Anomalie]:
    """The gravest first."""
    rangs = list(Anomalie)
    return sorted(set(trouvees), key=rangs.index)


def gravite(trouvees: Iterable[Anomalie]) -> int:
    return max((DITES[une].gravite for une in trouvees), default=0)


def est_inhabituel(montant: int, precedent: int | None) -> bool:
    """At least 50 € over the last invoice, and twice as much (centimes)."""
    return precedent is not None and montant >= 2 * precedent and montant - precedent >= 5000
