"""The world in which scenarios happen: a loaded collectivité with its days open, and files that are ready to book."""

from __future__ import annotations

from datetime import date, datetime

from marelle.activites.models import Activite, Unite
from marelle.demandes import decision, depot, panier
from marelle.demandes.models import Demande
from marelle.familles.models import Autorisations, Enfant, FicheEnfant, FicheSanitaire, ListePersonnes
from marelle.pieces.models import Piece
from marelle.socle.horloge import annee_scolaire, aujourdhui, maintenant

from .distribution import COLLECTIVITES, Foyer, auteur_agent, famille_roussel, karim
from .salle.portails import portail_charge


def portail(code: str = "cc-tvv") -> None:
    """A collectivité with its règlement, its activities and the openings of the school year."""
    portail_charge(COLLECTIVITES / code)


def dossier_complet(foyer: Foyer, enfant: Enfant) -> None:
    """Everything that the service has validated before: the four sheets, the insurance of the school year."""
    instant = maintenant()
    FicheEnfant.objects.create(enfant=enfant, type_repas="ordinaire", assurance_compagnie="MAIF", validee_le=instant)
    Autorisations.objects.create(enfant=enfant, accords={"soins_urgence": True}, validees_le=instant)
    ListePersonnes.objects.create(enfant=enfant, validee_le=instant)
    FicheSanitaire.objects.create(enfant=enfant, contenu="{}", validee_le=instant)
    Piece.objects.create(
        famille=foyer.famille,
        enfant=enfant,
        type_piece="assurance",
        nom="assurance.pdf",
        format="application/pdf",
        taille=1,
        empreinte="0" * 64,
        etat=Piece.Etat.ACCEPTEE,
        valable_au=annee_scolaire(aujourdhui())[1],
    )


def roussel_prets() -> Foyer:
    """The Roussels, the files of the three children complete."""
    foyer = famille_roussel()
    for enfant in foyer.enfants.values():
        dossier_complet(foyer, enfant)
    return foyer


def unite(activite: str, code: str = "journee") -> Unite:
    return Unite.objects.select_related("activite").get(activite__code=activite, code=code)


def activite(code: str) -> Activite:
    return Activite.objects.get(code=code)


def envoyer(foyer: Foyer, enfant: Enfant, quoi: Unite, *jours: date) -> list[Demande]:
    """Put these days in the cart and send it, as the family does."""
    for jour in jours:
        panier.basculer(foyer.famille, enfant, quoi, jour)
    jeton = depot.panier_de(foyer.famille).jeton
    envoi = depot.deposer_panier(foyer.famille, jeton, foyer.auteur).envoi
    return list(envoi.demandes.order_by("pk")) if envoi else []


def reserver(foyer: Foyer, enfant: Enfant, quoi: Unite, *jours: date) -> list[Demande]:
    """The same, accepted by the service."""
    from marelle.comptes.models import Agent

    agent = Agent.objects.first() or karim()
    return [decision.accepter(demande.pk, auteur_agent(agent)) for demande in envoyer(foyer, enfant, quoi, *jours)]


def instant(texte: str) -> datetime:
    return datetime.fromisoformat(texte)
