"""The prices that the pages show before anything is asked, computed here and never by the browser."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest

from marelle.activites.models import Unite
from marelle.demandes.apercu import LignePanier
from marelle.demandes.devis import total_du_panier
from marelle.familles.models import Enfant
from marelle.regles.argent import euros
from marelle.socle.horloge import aujourdhui
from marelle.tarification.devis import Devis, PrixDepuis

from .portail import au_panier


@dataclass(frozen=True, slots=True)
class Tarif:
    """The price of an unité for a child, on the days of a page: several when it changes among them."""

    nom: str
    prix: Sequence[PrixDepuis]

    @property
    def court(self) -> str:
        """« 11,20 € », « 11,20 € puis 11,60 € »."""
        return " puis ".join(euros(un.prix.total_centimes) for un in self.prix)

    @property
    def est_maximum(self) -> bool:
        return any(un.prix.est_maximum for un in self.prix)


def devis_de(request: HttpRequest) -> Devis:
    """The household's, once a request."""
    if not hasattr(request, "_devis"):
        request._devis = Devis(request.famille)  # type: ignore[attr-defined]
    devis: Devis = request._devis  # type: ignore[attr-defined]
    return devis


def tarif_de(request: HttpRequest, enfant: Enfant, unite: Unite, jours: Iterable[date], nom: str = "") -> Tarif:
    """For the days of a page from today on; for today when it has none. `unite.activite` is read."""
    a_venir = [jour for jour in jours if jour >= aujourdhui()] or [aujourdhui()]
    prix = devis_de(request).prix_des_jours(enfant.pk, unite.activite.code, unite, a_venir)
    return Tarif(nom or unite.nom, prix)


def total_au_panier(request: HttpRequest) -> int | None:
    """What is in the cart, in centimes; None when it is empty, or when no price is known."""
    return total_du_panier(request.famille, devis_de(request)) if au_panier(request) else None  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Recapitulatif:
    """The sums of the cart, in centimes, for the days that can leave."""

    reservations: int
    annulations: int

    @property
    def total(self) -> int:
        return self.reservations + self.annulations


def recapituler(lignes: Sequence[LignePanier]) -> Recapitulatif | None:
    """None when some day has no price: a total that forgets days would be wrong."""
    partent = [ligne for ligne in lignes if ligne.est_possible]
    if not partent or any(ligne.montant_centimes is None for ligne in partent):
        return None
    return Recapitulatif(
        sum(ligne.montant_centimes or 0 for ligne in partent if ligne.est_reservation),
        sum(ligne.montant_centimes or 0 for ligne in partent if not ligne.est_reservation),
    )
