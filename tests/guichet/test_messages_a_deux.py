"""Two agents press « Envoyer la réponse » at the same instant: one answer leaves, the other is told."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from marelle.comptes.models import Agent
from marelle.correspondance import envoi
from marelle.correspondance.models import Fil, Message
from marelle.courriels.models import Courriel
from marelle.socle.erreurs import Refus
from tests import distribution as gens

pytestmark = pytest.mark.base


def test_deux_reponses_au_meme_instant(transactional_db, karim, nadia):
    foyer = gens.famille_roussel()
    question = envoi.Ecrit("Peut-on venir à 9 h ?", uuid.uuid4())
    fil = envoi.ecrire_au_service(foyer.famille, envoi.Propos("Une question"), question, foyer.auteur)
    vu, ensemble = fil.messages.get().pk, Barrier(2)

    def repondre(agent: Agent) -> str:
        ensemble.wait()
        try:
            envoi.repondre_a_la_famille(fil.pk, envoi.Ecrit(f"Réponse de {agent}", uuid.uuid4()), agent, vu)
        except Refus as refus:
            return refus.phrase
        finally:
            connection.close()
        return "partie"

    with ThreadPoolExecutor(2) as deux:
        issues = sorted(deux.map(repondre, [karim, nadia]))
    assert issues == ["Un message est arrivé pendant que vous écriviez : relisez, puis envoyez.", "partie"]
    assert Message.objects.count() == 2
    assert Courriel.objects.count() == 2
    assert Fil.objects.get().attend_depuis is None
