"""Changing a demande that the service has not decided: a day less, a day more, another formula. All of it, or nothing.

No passage changes what a demande asks: a day taken out is withdrawn, a day added or changed is asked anew, through the cart,
and arrives now. The days that do not change keep their demande, its number, its places and its rank.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from marelle.activites.models import Activite, Jauge, Ouverture, Unite
from marelle.familles.models import Enfant, Famille
from marelle.regles.phrases import dire_date
from marelle.reservations.file_ecriture import transaction_de_places
from marelle.reservations.places import ouvrir
from marelle.socle.erreurs import Introuvable, Refus
from marelle.transport.selection import PAS_DE_BUS, choix_du, lire_choix

from . import panier
from .besoins import jours_complets
from .decision import retirer
from .depot import deposer_panier, panier_de
from .models import Demande, Envoi, JourDemande
from .passages import Etat
from .passer import Auteur, dire_impossible
from .retenues import supprimer

MODIFIABLES = (Etat.DEPOSEE, Etat.LISTE_ATTENTE)
TOUT_RETIRER = "Gardez au moins un jour, ou retirez toute la demande."
RIEN = "Rien n’a changé : modifiez un jour, ou revenez à la demande."
N_OUVRE_PAS = "{nom} n’ouvre pas le {jour} : choisissez un autre jour."
D_AUTRES_ATTENDENT = (
    "Le {jour} est complet ainsi, et d’autres familles attendent : votre demande est restée comme elle était."
)


@dataclass(frozen=True, slots=True)
class Voulu:
    """What a family wants of its demande: for each of its jours (by key) an unité, None to take it out; and days more."""

    jours: Mapping[int, int | None]
    ajouts: Sequence[tuple[date, int]] = ()


def est_modifiable(demande: Demande) -> bool:
    return demande.nature == "reservation" and demande.etat in MODIFIABLES


def formules(demande: Demande) -> dict[int, list[Unite]]:
    """For each jour of the demande, the unités that open that day for the child, its own among them. Three queries."""
    assert demande.enfant is not None
    assert demande.activite is not None
    jours = list(demande.jours.all())
    unites = sorted(demande.activite.unites.all(), key=lambda une: (une.ordre, une.pk))
    ouvertes = panier.ouvertures_de(unites, demande.enfant, [jour.date for jour in jours])
    par_date: dict[date, set[int]] = {}
    for une in ouvertes:
        if not une.fermeture:
            par_date.setdefault(une.date, set()).add(une.unite_id)
    return {
        jour.pk: [
            une for une in unites if une.pk == jour.ouverture.unite_id or une.pk in par_date.get(jour.date, set())
        ]
        for jour in jours
    }


def modifier(famille: Famille, demande_id: int, voulu: Voulu, auteur: Auteur) -> Envoi | None:
    """Make the change; the receipt of what is asked anew, None when days were only taken out.

    `Introuvable` for another household's demande or day; `Refus` when it has been decided meanwhile, or when a day cannot be
    had: nothing has changed then.
    """
    with transaction_de_places():
        panier.verrouiller(famille)
        demande = _la_demande(famille, demande_id)
        changes = _changes(demande, voulu)
        nouvelles = [_ouverture(demande, le, unite) for le, unite, _ in changes] + [
            _ouverture(demande, le, unite) for le, unite in voulu.ajouts
        ]
        sortis = [cle for cle, unite in voulu.jours.items() if unite is None] + [cle for _, _, cle in changes]
        if not sortis and not nouvelles:
            raise Refus(RIEN)
        if not nouvelles and len(sortis) == demande.jours.count():
            raise Refus(TOUT_RETIRER)
        bus = {une.pk: _bus(demande, cle) for une, (_, _, cle) in zip(nouvelles, changes, strict=False)}
        _verrouiller(demande, nouvelles)
        if sortis:
            retirer(demande.pk, auteur, famille.pk, sortis)
        if not nouvelles:
            return None
        attendait = demande.etat == Etat.LISTE_ATTENTE
        return _demander(demande, nouvelles, bus, auteur, changees=0 if attendait else len(changes))


def _la_demande(famille: Famille, demande_id: int) -> Demande:
    demande = Demande.objects.select_related("enfant", "activite").filter(famille=famille, pk=demande_id).first()
    if demande is None or demande.depose_le is None:
        raise Introuvable("Cette demande n’existe pas.")
    if not est_modifiable(demande):
        raise Refus(dire_impossible(demande))
    return demande


def _changes(demande: Demande, voulu: Voulu) -> list[tuple[date, int, int]]:
    """The days whose unité changes: date, unité, key of the jour. `Introuvable` for a day that is not the demande's."""
    siens = {jour.pk: jour for jour in demande.jours.select_related("ouverture")}
    if not set(voulu.jours) <= set(siens):
        raise Introuvable("Ce jour n’est pas dans la demande.")
    return [
        (siens[cle].date, unite, cle)
        for cle, unite in voulu.jours.items()
        if unite is not None and unite != siens[cle].ouverture.unite_id
    ]


def _ouverture(demande: Demande, le: date, unite_id: int) -> Ouverture:
    activite, enfant = demande.activite, demande.enfant
    assert activite is not None
    assert enfant is not None
    unites = list(activite.unites.filter(pk=unite_id))
    trouvees = panier.ouvertures_de(unites, enfant, [le]) if unites else []
    if not trouvees:
        raise Refus(N_OUVRE_PAS.format(nom=activite.nom, jour=dire_date(le)))
    return trouvees[0]


def _bus(demande: Demande, jour_id: int) -> tuple[str, str]:
    """The stops of the day that is changed: the new one keeps its bus."""
    jour = demande.jours.select_related("trajet").get(pk=jour_id)
    return choix_du(getattr(jour, "trajet", None))


def _verrouiller(demande: Demande, nouvelles: Sequence[Ouverture]) -> None:
    """Every jauge that will move, by key, before any demande: the order of all actions. Then the demande as it now stands."""
    voulues = Q(ouvertures__jours_demandes__demande=demande) | Q(ouvertures__in=nouvelles)
    ouvrir(Jauge.objects.filter(voulues), [demande.enfant_id or 0])
    la = Demande.objects.select_for_update(of=("self",), no_key=True).get(pk=demande.pk)
    if not est_modifiable(la):
        raise Refus(dire_impossible(la))
    demande.etat = la.etat


def _demander(
    demande: Demande,
    nouvelles: Sequence[Ouverture],
    bus: Mapping[int, tuple[str, str]],
    auteur: Auteur,
    *,
    changees: int,
) -> Envoi:
    """Through the cart, of which these days only are sent. The first `changees` had their place: it is not changed for a line."""
    famille, enfant, activite = demande.famille, demande.enfant, demande.activite
    assert enfant is not None
    assert activite is not None
    lignes = _au_panier(famille, enfant, nouvelles)
    supprimer(jours_complets(lignes))
    for une in nouvelles:
        _mettre(famille, enfant, activite, une, bus.get(une.pk))
    depot = deposer_panier(
        famille, panier_de(famille).jeton, auteur, seulement=list(lignes.values_list("pk", flat=True))
    )
    if depot.refuses or depot.envoi is None:
        jour = depot.refuses[0].jour
        raise Refus(f"{_capitale(dire_date(jour.date))} : {depot.refuses[0].verdict.phrase}")
    for une in nouvelles[:changees]:
        if JourDemande.objects.filter(
            demande__envoi=depot.envoi, demande__etat=Etat.LISTE_ATTENTE, ouverture=une
        ).exists():
            raise Refus(D_AUTRES_ATTENDENT.format(jour=dire_date(une.date)))
    return depot.envoi


def _au_panier(famille: Famille, enfant: Enfant, ouvertures: Sequence[Ouverture]) -> QuerySet[JourDemande]:
    return JourDemande.objects.filter(
        demande__famille=famille, demande__enfant=enfant, demande__etat=Etat.PANIER, ouverture__in=ouvertures
    ).order_by("pk")


def _mettre(
    famille: Famille, enfant: Enfant, activite: Activite, une: Ouverture, arrets: tuple[str, str] | None
) -> None:
    ajout = panier.Ajout()
    choix = lire_choix(une.unite, *arrets) if arrets else PAS_DE_BUS
    panier.ajouter(famille, enfant, activite, [une], panier.RESERVER, ajout, choix)
    for le, phrase in ajout.refuses:
        raise Refus(f"{_capitale(dire_date(le))} : {phrase}")


def _capitale(texte: str) -> str:
    return texte[:1].upper() + texte[1:]
