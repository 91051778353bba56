"""The prices that the pages show before anything is asked, computed here and never by the browser."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.http import HttpRequest

from marelle.activites.models import Unite
from marelle.demandes.a_payer import dire_avant_d_envoyer
from marelle.demandes.apercu import LignePanier
from marelle.demandes.devis import annulation_gratuite, est_tardif, total_du_panier
from marelle.facturation.qui_paie import AidesDuJour
from marelle.familles.models import Enfant
from marelle.regles.argent import euros
from marelle.regles.phrases import dire_date, dire_limite
from marelle.socle.horloge import aujourdhui
from marelle.tarification.devis import Devis, PrixDepuis

from .portail import au_panier


@dataclass(frozen=True, slots=True)
class Tarif:
    """The price of an unité for a child, on the days of a page: several when it changes among them. `annulable`: until when the
    first of these days could be cancelled for nothing, in a sentence. `en_reservant`: what booking it asks to pay."""

    nom: str
    prix: Sequence[PrixDepuis]
    annulable: str = ""
    en_reservant: str = ""

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
        request._devis = Devis(request.famille, AidesDuJour(request.famille), est_tardif)  # type: ignore[attr-defined]
    devis: Devis = request._devis  # type: ignore[attr-defined]
    return devis


def tarif_de(
    request: HttpRequest,
    enfant: Enfant,
    unite: Unite,
    jours: Iterable[date],
    nom: str = "",
    evenements: Sequence[str] = (),
    fermes: Container[date] = (),
) -> Tarif:
    """For the days of a page from today on; for today when it has none. `unite.activite` is read. `evenements`: what these
    days have besides; where they do not all have them, each day says what it adds. `fermes`: those that are no example."""
    devis, siens = devis_de(request), [jour for jour in jours if jour >= aujourdhui()]
    prix = devis.prix_des_jours(enfant.pk, unite.activite.code, unite, siens or [aujourdhui()], evenements)
    ouverts = [jour for jour in siens if jour not in fermes]
    gratuite = annulation_gratuite(devis, enfant.pk, unite, ouverts)
    # The first day that can still be booked and cancelled is a better example than one whose time has passed.
    exemple = gratuite[0] if gratuite else (ouverts or siens or [aujourdhui()])[0]
    return Tarif(
        nom or unite.nom,
        prix,
        dire_l_annulation(*gratuite) if gratuite else "",
        _en_reservant(devis, unite, prix, exemple),
    )


def _en_reservant(devis: Devis, unite: Unite, prix: Sequence[PrixDepuis], exemple: date) -> str:
    """Said of each day where every day is asked the same, of this one as an example otherwise."""
    total = next((un.prix.total_centimes for un in reversed(prix) if un.depuis <= exemple), 0)
    demande, pour_tous = dire_avant_d_envoyer(devis, unite.activite.code, unite.code, exemple, total)
    if not demande:
        return ""
    return f"Chaque jour réservé : {demande}" if pour_tous and len(prix) == 1 else _ce_jour_la(exemple, demande)


def dire_l_annulation(jour: date, limite: datetime) -> str:
    """« Mercredi 9 décembre : annulable gratuitement jusqu’au lundi 30 novembre à minuit. »"""
    return _ce_jour_la(jour, f"annulable gratuitement jusqu’au {dire_limite(limite, aujourdhui().year)}.")


def _ce_jour_la(jour: date, phrase: str) -> str:
    dit = f"{dire_date(jour, aujourdhui().year)} : {phrase}"
    return dit[:1].upper() + dit[1:]


def total_au_panier(request: HttpRequest) -> int | None:
    """What is in the cart, in centimes; None when it is empty, or when no price is known."""
    return total_du_panier(request.famille, devis_de(request)) if au_panier(request) else None  # type: ignore[attr-defined]


def a_payer_en_plus(request: HttpRequest, lignes: Sequence[LignePanier]) -> list[str]:
    """What these bookings bring besides their prices: « + adhésion 15,00 € à la première réservation »."""
    partent = [(ligne.enfant.pk, ligne.jour.date) for ligne in lignes if ligne.est_reservation and ligne.est_possible]
    dues = devis_de(request).cotisations(partent)
    return [
        f"+ {une.libelle[:1].lower()}{une.libelle[1:]} {euros(une.montant_centimes)} à la première réservation."
        for une in dues
    ]


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
