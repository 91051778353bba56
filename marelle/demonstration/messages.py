"""What families and the service have already written to each other: one to read, one to answer, one closed."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from marelle.collectivite.identite import identite
from marelle.comptes.models import Agent
from marelle.correspondance import envoi, suivi
from marelle.correspondance.models import Fil
from marelle.familles.models import Famille
from marelle.socle.horloge import a_l_instant

from .vie import il_y_a, la_famille
from .voisins import Voisin


def echanges(famille: Famille, voisins: Sequence[Voisin]) -> None:
    """famille1 finds an answer in its inbox; the service finds questions on its desk, the oldest first."""
    agent = Agent.objects.filter(compte__username="agent1").first()
    if agent is None:
        return
    elio = famille.enfants.get(prenom="Élio")
    with a_l_instant(il_y_a(4, 18, 5)):
        objet = envoi.Propos("Arriver à 9 h le mercredi", _sujet(), elio)
        question = _demander(
            famille, objet, "Bonjour,\n\nÉlio a un rendez-vous à 8 h. Peut-il arriver à 9 h ?\n\nMerci."
        )
    with a_l_instant(il_y_a(3, 9, 30)):
        _repondre(question, agent, "Bonjour,\n\nOui, bien sûr : prévenez l’animateur en arrivant.\n\nBonne journée.")
    with a_l_instant(il_y_a(12, 10, 0)):
        rappel = envoi.Ecrit("Bonjour,\n\nPensez aux bottes : nous sortons par tous les temps.", uuid.uuid4())
        fil = envoi.ecrire_a_la_famille(famille, envoi.Propos("Les sorties d’hiver"), rappel, agent)
        suivi.marquer_lu(famille, fil)
        suivi.clore(fil.pk, agent)
    for rang, (objet_dit, texte) in enumerate(QUESTIONS):
        with a_l_instant(il_y_a(3 - rang, 19, 10 * rang)):
            voisin = voisins[rang + 2]
            _demander(voisin.famille, envoi.Propos(objet_dit, _sujet(), voisin.enfant), texte)


QUESTIONS = (
    ("Un sac oublié", "Bonjour, mon enfant a laissé son sac bleu mercredi. L’avez-vous retrouvé ?"),
    ("Changement d’école", "Bonjour, nous déménageons en janvier. Que faut-il faire pour le dossier ?"),
    ("Une question sur le repas", "Bonjour, peut-on prévoir un repas sans viande vendredi ?"),
)


def _sujet() -> str:
    return next((un.code for un in identite().messages.sujets), "")


def _demander(famille: Famille, propos: envoi.Propos, texte: str) -> Fil:
    return envoi.ecrire_au_service(famille, propos, envoi.Ecrit(texte, uuid.uuid4()), la_famille(famille))


def _repondre(fil: Fil, agent: Agent, texte: str) -> None:
    dernier = fil.messages.order_by("-pk").values_list("pk", flat=True)[0]
    envoi.repondre_a_la_famille(fil.pk, envoi.Ecrit(texte, uuid.uuid4()), agent, dernier)
