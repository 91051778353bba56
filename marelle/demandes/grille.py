"""The grid dates × slots of a child in an activity: what each square says, and sending all that was ticked in one go."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from marelle.activites.models import Activite, Ouverture, Unite
from marelle.collectivite.identite import calendrier, reglement
from marelle.familles.models import Enfant, Famille
from marelle.regles.examen import limite
from marelle.regles.situation import Action
from marelle.reservations.file_ecriture import transaction_de_places
from marelle.reservations.models import Reservation

from . import panier
from .calendrier import CalendrierEnfant, Case, Creneau
from .contexte import contexte_des_regles, jour_des_regles
from .depot import deposer_panier
from .dossier import EtatDossier, etat_du_dossier
from .evenements import refuser_les_non_vues
from .models import Envoi, JourDemande
from .passages import Etat
from .passer import Auteur
from .retenues import supprimer

CHEVAUCHE = "Deux de vos choix se recouvrent ce jour-là : gardez l’un ou l’autre."
N_OUVRE_PAS = "Cet accueil n’ouvre pas ce jour-là : choisissez un autre jour."


def unites_de(activite: Activite) -> list[Unite]:
    """The columns of the grid, in their order."""
    return sorted(activite.unites.all(), key=lambda une: (une.ordre, une.pk))


class Grille(CalendrierEnfant):
    """One child, one activity, all its unités: a square knows only what shares a part of the day with it."""

    def __init__(
        self,
        famille: Famille,
        enfant: Enfant,
        activite: Activite,
        debut: date,
        fin: date,
        maintenant: datetime,
        dossier: EtatDossier | None = None,
    ) -> None:
        premiere, *_ = unites_de(activite)
        premiere.activite = activite  # its unités are already in memory
        super().__init__(famille, enfant, premiere, debut, fin, maintenant, dossier or etat_du_dossier(famille, enfant))

    def _unites_montrees(self) -> list[Unite]:
        return unites_de(self.activite)

    def lignes(self) -> list[tuple[date, list[Case | None]]]:
        """Each date that opens, with a square per unité in their order (None: this unité does not open that day)."""
        par_date: dict[date, dict[int, Case]] = {}
        for jour, case in zip(self.jours, self.cases(), strict=True):
            par_date.setdefault(jour.date, {})[jour.unite_id] = case
        return [(le, [cases.get(unite.pk) for unite in self.unites]) for le, cases in sorted(par_date.items())]

    def fin_des_preinscriptions(self) -> datetime | None:
        """The last instant at which a day of the period can still be asked; None when nothing limits it."""
        ouverts = [jour for jour in self.jours if not jour.fermeture]
        if not ouverts:
            return None
        dernier = max(ouverts, key=lambda jour: (jour.date, jour.heure_debut))
        contexte = contexte_des_regles(Action.RESERVER, self.activite, self.maintenant)
        return limite(reglement(), calendrier(), contexte, jour_des_regles(dernier, self.activite))


@dataclass
class Bilan:
    """What became of the squares: the receipt (None when nothing could be sent) and the reason of each one refused."""

    envoi: Envoi | None
    refuses: dict[Creneau, str] = field(default_factory=dict)
    nombre: int = 0
    est_nouveau: bool = True


def envoyer(
    famille: Famille,
    enfant: Enfant,
    activite: Activite,
    choix: Sequence[Creneau],
    jeton: uuid.UUID,
    auteur: Auteur,
    *,
    vues: Collection[str] | None = None,
) -> Bilan:
    """Put these squares in the cart and send them, in one transaction; what the cart held besides stays in it.

    The same `jeton` twice gives the same receipt. Raises `Refus` when the cart was sent meanwhile from elsewhere. What is
    refused leaves the cart: a family reads why on the grid, where its choices are. `vues`: the outings that the page showed
    (`cle_de_sortie`); one that was put there since is a `Refus`, so that its price is read first.
    """
    with transaction_de_places():
        if panier.verrouiller(famille).jeton != jeton:
            depot = deposer_panier(famille, jeton, auteur)
            return Bilan(depot.envoi, est_nouveau=False)
        refuses, ouvertures = _choisies(enfant, activite, choix)
        refuser_les_non_vues(ouvertures, vues)
        _ecarter_les_doubles(famille, enfant, ouvertures, refuses)
        ajout = panier.Ajout()
        panier.ajouter(famille, enfant, activite, ouvertures, panier.RESERVER, ajout)
        par_cle = {une.pk: (une.unite_id, une.date) for une in ouvertures}
        refuses |= {par_cle[cle]: phrase for cle, phrase in ajout.motifs.items()}
        lignes = _lignes_au_panier(famille, enfant, ouvertures)
        if not lignes:
            return Bilan(None, refuses)
        depot = deposer_panier(famille, jeton, auteur, seulement=[ligne.pk for ligne in lignes])
        for refuse in depot.refuses:
            refuses[par_cle[refuse.jour.ouverture_id]] = refuse.verdict.phrase
        supprimer([refuse.jour for refuse in depot.refuses])
        return Bilan(depot.envoi, refuses, len(lignes) - len(depot.refuses))


def _choisies(
    enfant: Enfant, activite: Activite, choix: Sequence[Creneau]
) -> tuple[dict[Creneau, str], list[Ouverture]]:
    """The openings of these squares for the child's age, by date; the squares that open on nothing are refused."""
    voulus = set(choix)
    toutes = panier.ouvertures_de(unites_de(activite), enfant, sorted({le for _, le in voulus})) if voulus else []
    ouvertures = [une for une in toutes if (une.unite_id, une.date) in voulus]
    trouves = {(une.unite_id, une.date) for une in ouvertures}
    return dict.fromkeys(sorted(voulus - trouves), N_OUVRE_PAS), ouvertures


def _ecarter_les_doubles(
    famille: Famille, enfant: Enfant, ouvertures: list[Ouverture], refuses: dict[Creneau, str]
) -> None:
    """Take out of the openings those that share a jauge with one before them, or with another already in the cart."""
    tenues: dict[int, int] = dict(
        Ouverture.jauges.through.objects.filter(
            ouverture__date__in={une.date for une in ouvertures},
            ouverture__jours_demandes__demande__famille=famille,
            ouverture__jours_demandes__demande__enfant=enfant,
            ouverture__jours_demandes__demande__etat=Etat.PANIER,
        ).values_list("jauge_id", "ouverture_id")
    )
    for une in list(ouvertures):
        cles = [jauge.pk for jauge in une.jauges.all()]
        if any(tenues.get(cle, une.pk) != une.pk for cle in cles):
            ouvertures.remove(une)
            refuses[une.unite_id, une.date] = CHEVAUCHE
        else:
            tenues |= dict.fromkeys(cles, une.pk)


def _lignes_au_panier(famille: Famille, enfant: Enfant, ouvertures: Sequence[Ouverture]) -> list[JourDemande]:
    return list(
        JourDemande.objects.filter(
            demande__famille=famille,
            demande__enfant=enfant,
            demande__etat=Etat.PANIER,
            demande__nature=panier.RESERVER,
            ouverture__in=ouvertures,
        )
    )


def reservation_de(famille: Famille, reservation_id: int) -> Reservation | None:
    """A booking of this household that stands, with what a page says of it."""
    return (
        Reservation.objects.filter(famille=famille, pk=reservation_id, etat=Reservation.Etat.RESERVEE)
        .select_related("enfant", "activite__centre", "ouverture__unite", "ouverture__groupe")
        .prefetch_related("ouverture__jauges")
        .first()
    )


def refus_d_annuler(famille: Famille, reservation: Reservation) -> str:
    """Why this booking cannot be cancelled from the portal now; empty when it can."""
    [verdict] = panier.examiner(
        famille, reservation.enfant, reservation.activite, [reservation.ouverture], Action.ANNULER
    )
    return "" if verdict.est_possible else verdict.phrase
