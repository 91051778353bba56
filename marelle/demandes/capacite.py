"""Changing how many places a day has: never under what is taken or held, and what is added goes to who waits."""

from __future__ import annotations

from marelle.activites.models import Jauge
from marelle.comptes.models import Agent
from marelle.journal.service import noter
from marelle.reservations.file_ecriture import transaction_de_places
from marelle.reservations.places import ouvrir
from marelle.socle.erreurs import Introuvable, Refus
from marelle.socle.francais import accorde
from marelle.socle.horloge import maintenant

from .attente import servir
from .courrier import annoncer_decisions
from .models import Demande
from .passages import Etat
from .passer import Cahier


def changer_les_places(jauges: dict[int, int], agent: Agent) -> list[Demande]:
    """Give each of these jauges its new number of places, all or none; the demandes that this served.

    Raises `Refus` with the number under which a capacity cannot go.
    """
    with transaction_de_places():
        registre = ouvrir(jauges, set())
        if set(jauges) - set(registre.jauges):
            raise Introuvable("Cette capacité n’existe pas.")
        avant = {cle: registre.jauges[cle].places for cle in jauges}
        for cle, places in jauges.items():
            _verifier(registre.jauges[cle], places)
            registre.ouvrir_des_places(cle, places)
        cahier = Cahier(maintenant())
        servies = servir(registre, cahier)
        registre.ecrire()
        cahier.ecrire()
        for cle, places in jauges.items():
            if avant[cle] != places:
                noter(agent.compte, "activite.places", registre.jauges[cle], avant=avant[cle], apres=places)
        annoncer_decisions([une for une in servies if une.etat == Etat.ACCEPTEE])
    return servies


def _verifier(jauge: Jauge, places: int) -> None:
    occupees = jauge.prises + jauge.retenues
    if places < occupees:
        raise Refus(
            f"{occupees} {accorde(occupees, 'enfant')} {accorde(occupees, 'est,sont')} déjà "
            f"{accorde(occupees, 'inscrit')} ou {accorde(occupees, 'demandé')} : "
            f"la capacité ne peut pas descendre sous {occupees}."
        )
