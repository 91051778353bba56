"""When a place is free again: the first in line comes back before the agent, or is accepted at once where a rule decides."""

from __future__ import annotations

from marelle.regles.situation import Action
from marelle.regles.verdict import Issue
from marelle.reservations.places import Registre

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
    version = reglement().version_du(demande.depose_le.date(), demande.depose_le)
    return version.decision(demande.activite.code, Action.RESERVER) == AUTOMATIQUE


def servir(registre: Registre, cahier: Cahier) -> list[Demande]:
    """Give the freed places to those who wait; the demandes that moved. To be called before the registre is written."""
    references = registre.servir()
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
    servies = []
    for cle, siens in par_demande(jours).items():
        demande = demandes[cle]
        if demande.jours.count() > len(siens):
            demande = detacher(demande, [jour.pk for jour in siens])
        cahier.passer(demande, Verbe.REMETTRE_EN_FILE, REGLE)
        if decide_la_regle(demande):
            reserver([(demande, jour) for jour in siens], registre)
            cahier.passer(demande, Verbe.ACCEPTER, REGLE)
        servies.append(demande)
    return servies
