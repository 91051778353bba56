"""The server trusts nothing, in each portal and by each of its doors: cart, grid, month, agenda, week. An attempt gets its status
and its sentence, and nothing has changed.

The attempts of one portal share its world: loading it is what costs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import get_resolver, reverse

from marelle.activites.models import Jauge, Ouverture, Periode, Unite
from marelle.collectivite.identite import identite
from marelle.demandes import depot, panier
from marelle.demandes.models import Demande, Envoi, JourDemande
from marelle.demandes.verification import verifier
from marelle.familles.models import Enfant
from marelle.pieces.models import Piece
from marelle.reservations.models import Absence, Place, Reservation
from tests.distribution import Foyer, famille_fauvel, karim
from tests.monde import dossier_complet, envoyer, portail, reserver, roussel_prets, unite
from tests.test_coherence import EXEMPLES, adresses

pytestmark = pytest.mark.base


@dataclass(frozen=True)
class Portail:
    """What the attempts are about: an unité of children of seven, an open day, a day on which it is too late."""

    code: str
    activite: str
    unite: str
    bon: date
    tard: date
    dit: str = "était possible jusqu’au"


PORTAILS = [
    Portail("cc-tvv", "chaveignes-mercredis", "journee", date(2026, 12, 9), date(2026, 11, 18)),
    Portail("terres-val-de-loire", "garderie-olm", "matin", date(2026, 12, 3), date(2026, 11, 19)),
    Portail("chablis", "chablis-mercredis", "journee", date(2026, 12, 9), date(2026, 11, 18)),
    Portail("vals-du-dauphine", "saint-victor-mercredis", "journee", date(2026, 12, 9), date(2026, 11, 4), "est passé"),
]


@dataclass
class Monde:
    """A portal, the household that tries, another one, and what is the other's."""

    portail: Portail
    unite: Unite
    roussel: Foyer
    fauvel: Foyer

    @property
    def client(self) -> Client:
        client = Client()
        client.force_login(self.roussel.compte)
        return client

    @property
    def elio(self) -> Enfant:
        return self.roussel.enfants["elio"]

    @property
    def malo(self) -> Enfant:
        return self.fauvel.enfants["malo"]


@pytest.fixture(params=PORTAILS, ids=lambda un: un.code)
def monde(request: pytest.FixtureRequest, db: None, horloge: Callable[[str], object]) -> Monde:
    horloge("2026-11-18 10:00")
    un: Portail = request.param
    portail(un.code)
    karim()
    roussel, fauvel = roussel_prets(), famille_fauvel()
    dossier_complet(fauvel, fauvel.enfants["malo"])
    cache.clear()
    return Monde(un, unite(un.activite, un.unite), roussel, fauvel)


def photo() -> tuple[object, ...]:
    """Everything that an attempt could have changed."""
    return (
        list(Demande.objects.order_by("pk").values_list("pk", "etat", "nature", "origine")),
        list(JourDemande.objects.order_by("pk").values_list("pk", "demande_id", "ouverture_id")),
        list(Reservation.objects.order_by("pk").values_list("pk", "etat")),
        list(Place.objects.order_by("pk").values_list("pk", "etat")),
        list(Jauge.objects.order_by("pk").values_list("pk", "prises", "retenues", "attente")),
        list(Absence.objects.order_by("pk").values_list("pk", "reservation_id")),
        list(Piece.objects.order_by("pk").values_list("pk", "etat")),
        Envoi.objects.count(),
    )


# The doors: each sends the wish of one child for one day. Extra fields go with it.


def par_le_panier(monde: Monde, enfant: Enfant, quoi: Unite, le: date, **plus: str) -> Any:
    adresse = f"/inscription/{enfant.pk}/{quoi.activite_id}/jour"
    return monde.client.post(adresse, {"jour": le.isoformat(), "unite": quoi.code, **plus})


def par_la_grille(monde: Monde, enfant: Enfant, quoi: Unite, le: date, **plus: str) -> Any:
    periode = (
        Periode.objects.filter(temps=monde.unite.activite.temps, debut__lte=le, fin__gte=le).order_by("pk").first()
    )
    adresse = f"/pre-inscription/grille/?enfant={enfant.pk}&activite={quoi.activite_id}&periode={periode.code if periode else ''}"
    jeton = str(depot.panier_de(monde.roussel.famille).jeton)
    return monde.client.post(adresse, {"c": [f"{quoi.pk}-{le}"], "jeton": jeton, "suite": "sortir", **plus})


def par_le_mois(monde: Monde, enfant: Enfant, quoi: Unite, le: date, **plus: str) -> Any:
    adresse = reverse("espace_famille:mois_jour", args=[enfant.pk, quoi.pk])
    return monde.client.post(adresse, {"jour": le.isoformat(), **plus})


def par_l_agenda(monde: Monde, enfant: Enfant, quoi: Unite, le: date, **plus: str) -> Any:
    return monde.client.post(f"/agenda/{enfant.pk}/{le}/geste", {"reserver": quoi.pk, **plus})


def par_la_semaine(monde: Monde, enfant: Enfant, quoi: Unite, le: date, **plus: str) -> Any:
    return monde.client.post("/semaine/case", {"case": f"{enfant.pk}.{quoi.pk}.{le}", "du": f"{le}", **plus})


PORTES: dict[str, Callable[..., Any]] = {
    "panier": par_le_panier,
    "grille": par_la_grille,
    "mois": par_le_mois,
    "agenda": par_l_agenda,
    "semaine": par_la_semaine,
}


def portes() -> list[tuple[str, Callable[..., Any]]]:
    return [(nom, PORTES[nom]) for nom in identite().ecrans]


def inconnue(monde: Monde) -> Unite:
    """An unité of nothing."""
    return Unite(pk=10**9, code="nuit", activite=monde.unite.activite)


def lire(reponse: Any) -> str:
    return reponse.content.decode().replace("\u00a0", " ").replace("\u202f", " ")  # type: ignore[no-any-return]


def chaque_porte_refuse_et_dit_pourquoi(monde: Monde) -> None:
    """Too late, closed, another family's child, an unité that does not exist, a child who is not of the age."""
    un, grand = monde.portail, monde.roussel.enfants["anouk"]
    ouvert = date.fromordinal(un.bon.toordinal() + 7)
    Ouverture.objects.filter(date=un.bon).update(fermeture="Grève")
    grand.date_naissance = date(2000, 1, 1)
    grand.save()
    tentatives = [
        ("après le délai", monde.elio, monde.unite, un.tard, {409, 400}, un.dit),
        ("jour fermé", monde.elio, monde.unite, un.bon, {409}, "Grève"),
        ("enfant d’ailleurs", monde.malo, monde.unite, ouvert, {404}, ""),
        ("unité inconnue", monde.elio, inconnue(monde), ouvert, {400, 404}, ""),
        ("enfant trop grand", grand, monde.unite, ouvert, {404, 409, 422}, ""),
    ]
    avant, fautes = photo(), []
    for porte, par in portes():
        for quoi, enfant, une, le, statuts, dit in tentatives:
            with transaction.atomic():
                reponse = par(monde, enfant, une, le)
            if reponse.status_code not in statuts or dit not in lire(reponse):
                fautes.append(f"{porte}, {quoi} : {reponse.status_code}")
            if photo() != avant:
                fautes.append(f"{porte}, {quoi} : quelque chose a changé")
                avant = photo()
    assert not fautes, "\n".join(fautes)


def envoyer_le_panier(monde: Monde, **plus: str) -> None:
    monde.client.post("/panier/envoi", {"jeton": str(depot.panier_de(monde.roussel.famille).jeton), **plus})


def un_prix_ou_un_etat_dans_le_formulaire_ne_change_rien(monde: Monde) -> None:
    """The same days posted twice, with a state, a price, an origin and another household in the form: one demande, waiting."""
    faux = {
        "etat": "acceptee",
        "prix": "0",
        "prix_centimes": "0",
        "origine": "agent",
        "famille": str(monde.fauvel.famille.pk),
    }
    for porte, par in portes():
        with transaction.atomic():
            par(monde, monde.elio, monde.unite, monde.portail.bon, **faux)
            envoyer_le_panier(monde, **faux)
            avant = photo()
            if porte in ("grille", "agenda"):  # the others put a day in the cart, then take it out
                par(monde, monde.elio, monde.unite, monde.portail.bon, **faux)
            envoyer_le_panier(monde, **faux)
            assert photo() == avant, porte
            [demande] = Demande.objects.exclude(etat="panier")
            assert (demande.etat, demande.origine) == ("deposee", "famille"), porte
            assert demande.famille_id == monde.roussel.famille.pk, porte
            assert not Reservation.objects.exists(), porte
            assert verifier() == [], porte
            transaction.set_rollback(True)


def un_jour_complet_ne_prend_aucune_place(monde: Monde) -> None:
    Jauge.objects.filter(date=monde.portail.bon).update(places=0)
    for porte, par in portes():
        with transaction.atomic():
            par(monde, monde.elio, monde.unite, monde.portail.bon)
            envoyer_le_panier(monde)
            assert [un.etat for un in Demande.objects.exclude(etat="panier")] in ([], ["liste_attente"]), porte
            assert not Jauge.objects.exclude(prises=0, retenues=0).exists(), porte
            assert not Reservation.objects.exists(), porte
            assert verifier() == [], porte
            transaction.set_rollback(True)


def rien_de_ce_qui_est_a_une_autre_famille_ne_repond(monde: Monde) -> None:
    """Every address of the families that names something, with what is the other household's: read or written, 404."""
    un = monde.portail
    [reservee] = reserver(monde.fauvel, monde.malo, monde.unite, un.bon)
    panier.basculer(monde.fauvel.famille, monde.malo, monde.unite, date.fromordinal(un.bon.toordinal() + 7))
    reservation = Reservation.objects.get()
    leurs = {
        "enfant_id": monde.malo.pk,
        "demande_id": reservee.pk,
        "envoi_id": reservee.envoi_id,
        "reservation_id": reservation.pk,
        "ligne_id": JourDemande.objects.get(demande__etat="panier").pk,
        "responsable_id": monde.fauvel.adultes["ines"].pk,
        "cle": Piece.objects.filter(famille=monde.fauvel.famille).order_by("pk")[0].cle,
        "activite_id": monde.unite.activite_id,
        "unite_id": monde.unite.pk,
        "jour": un.bon.isoformat(),
        "onglet": identite().onglets[0].code,
    }
    siens = {*list(leurs)[:7]}
    client, avant, fautes = monde.client, photo(), []
    for nom, exemples in adresses(get_resolver()):
        if not nom.startswith("espace_famille:") or not siens & exemples.keys():
            continue
        adresse = reverse(
            nom,
            kwargs={
                cle: leurs.get(cle, EXEMPLES["int"] if valeur == 1 else valeur) for cle, valeur in exemples.items()
            },
        )
        fautes += [f"GET {adresse}"] if client.get(adresse).status_code not in (404, 405) else []
        fautes += [f"POST {adresse}"] if client.post(adresse, {"motif": "x"}).status_code not in (404, 405) else []
    if "agenda" in identite().ecrans:
        for geste in ("annuler", "reprendre", "absence"):
            donnees = {geste: reservation.pk, "reservation": reservation.pk, "absence-motif": "maladie"}
            reponse = client.post(f"/agenda/{monde.elio.pk}/{un.bon}/geste", donnees)
            fautes += [f"geste {geste} : {reponse.status_code}"] if reponse.status_code not in (404, 409) else []
    assert not fautes, "\n".join(fautes)
    assert photo() == avant


def aucune_page_du_guichet_ne_s_ouvre_a_une_famille(monde: Monde) -> None:
    """The desk is the same in every portal: each one tries a quarter of its addresses."""
    [demande] = envoyer(monde.roussel, monde.elio, monde.unite, monde.portail.bon)
    propres = {
        "demande_id": demande.pk,
        "famille_id": monde.roussel.famille.pk,
        "enfant_id": monde.elio.pk,
        "activite_id": monde.unite.activite_id,
        "jour": monde.portail.bon.isoformat(),
    }
    client, avant, ouvertes = monde.client, photo(), []
    toutes = [une for une in adresses(get_resolver()) if une[0].startswith("guichet:")]
    for nom, exemples in toutes[PORTAILS.index(monde.portail) :: len(PORTAILS)]:
        adresse = reverse(nom, kwargs={cle: propres.get(cle, valeur) for cle, valeur in exemples.items()})
        statuts = {client.get(adresse).status_code, client.post(adresse, {"motif": "Parce que."}).status_code}
        ouvertes += [f"{adresse} : {statuts}"] if not statuts <= {404, 405} else []
    assert not ouvertes, "\n".join(ouvertes)
    assert photo() == avant


VERIFICATIONS = (
    chaque_porte_refuse_et_dit_pourquoi,
    un_prix_ou_un_etat_dans_le_formulaire_ne_change_rien,
    un_jour_complet_ne_prend_aucune_place,
    rien_de_ce_qui_est_a_une_autre_famille_ne_repond,
    aucune_page_du_guichet_ne_s_ouvre_a_une_famille,
)


def test_aucune_tentative_ne_passe(monde: Monde) -> None:
    for verification in VERIFICATIONS:
        with transaction.atomic():
            verification(monde)
            transaction.set_rollback(True)
        cache.clear()
