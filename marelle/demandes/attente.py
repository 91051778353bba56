"""When a place is free again: it is given to the first in line, offered to them, or brought back before the agent."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from marelle.regles.situation import Action
from marelle.regles.verdict import Issue
from marelle.reservations.places import Registre
from marelle.socle.horloge import jour_a_paris

from . import classement, offres
from .besoins import jours_complets, par_demande, reserver
from .models import Demande, JourDemande
from .passages import Verbe
from .passer import REGLE, Cahier, detacher

AUTOMATIQUE = "automatique"


def est_automatique(demande: Demande, issue: Issue) -> bool:
    """Whether a rule decides this demande: the activity's own way of deciding, else the règlement's verdict."""
    mode = demande.activite.mode_decision if demande.activite else ""
    return mode == AUTOMATIQUE if mode else issue is Issue.ACCEPTER


def decide_la_regle(demande: Demande) -> bool:
    """The same for a demande that waits: the règlement says it without a verdict."""
    from marelle.collectivite.identite import reglement

    assert demande.activite is not None
    if demande.activite.mode_decision:
        return demande.activite.mode_decision == AUTOMATIQUE
    assert demande.depose_le is not None
    version = reglement().version_du(jour_a_paris(demande.depose_le), demande.depose_le)
    return version.decision(demande.activite.code, Action.RESERVER) == AUTOMATIQUE


def servir(registre: Registre, cahier: Cahier, *, en_dernier: Collection[int] = ()) -> list[Demande]:
    """Give the freed places to those who wait; the demandes that moved. To be called before the registre is written.

    `en_dernier`: jours de demande that have just let a place pass, and come after the others for this time."""
    classement.actualiser(registre)
    references = registre.servir(en_dernier)
    if not references:
        return []
    jours = jours_complets(JourDemande.objects.filter(pk__in=references))
    demandes = {
        demande.pk: demande
        for demande in Demande.objects.select_for_update(of=("self",), no_key=True)
        .select_related("famille", "enfant", "activite", "envoi")
        .filter(pk__in={jour.demande_id for jour in jours})
        .order_by("pk")
    }
    demandes |= {cle: une for cle, une in cahier.demandes.items() if cle in demandes}  # moved, and not written yet
    servies = [(_part_servie(demandes[cle], siens), siens) for cle, siens in _par_demande(jours, demandes)]
    proposees = offres.proposer(servies, cahier, REGLE)
    _remettre([(demande, siens) for demande, siens in servies if demande.pk not in proposees], registre, cahier)
    return [demande for demande, _ in servies]


def _par_demande(jours: Sequence[JourDemande], demandes: dict[int, Demande]) -> list[tuple[int, list[JourDemande]]]:
    nombres: dict[int, int] = {}
    for cle in JourDemande.objects.filter(demande__in=list(demandes)).order_by().values_list("demande_id", flat=True):
        nombres[cle] = nombres.get(cle, 0) + 1
    for cle, demande in demandes.items():
        demande.nombre_de_jours = nombres[cle]  # type: ignore[attr-defined]
    return list(par_demande(jours).items())


def _part_servie(demande: Demande, siens: Sequence[JourDemande]) -> Demande:
    """The demande itself when all its days are served, else a demande of its own for those that are."""
    if demande.nombre_de_jours > len(siens):  # type: ignore[attr-defined]
        return detacher(demande, [jour.pk for jour in siens])
    return demande


def _remettre(servies: Sequence[tuple[Demande, list[JourDemande]]], registre: Registre, cahier: Cahier) -> None:
    """Back before the agent with the place held, or accepted at once where a rule decides; the bookings in one go."""
    acceptees = []
    for demande, siens in servies:
        cahier.passer(demande, Verbe.REMETTRE_EN_FILE, REGLE)
        if offres.regles_de(demande, siens) is None and decide_la_regle(demande):
            acceptees.append((demande, siens))
    if acceptees:
        reserver([(demande, jour) for demande, siens in acceptees for jour in siens], registre)
    for demande, _ in acceptees:
        cahier.passer(demande, Verbe.ACCEPTER, REGLE)
