"""Two workers send at the same time: each message leaves once."""

import subprocess
import sys
from pathlib import Path

import pytest

from marelle.courriels import service
from marelle.courriels.models import Courriel, Etat

from .conftest import Facteur

pytestmark = [pytest.mark.processus, pytest.mark.django_db(transaction=True)]
RACINE = Path(__file__).resolve().parents[2]
PROGRAMME = """
import sys, django; django.setup()
from marelle.reglages import env
env.COURRIEL_URL = sys.argv[1]
from marelle.courriels import envoi
while envoi.il_y_en_a_a_envoyer():
    envoi.envoyer_en_attente(limite=7)
"""


def test_chaque_message_part_une_seule_fois(environnement_base: dict[str, str], facteur: Facteur) -> None:
    adresses = {f"famille{n}@exemple.fr" for n in range(60)}
    service.ecrire("bonjour", adresses, {"prenom": "Élio"})
    enfants = [
        subprocess.Popen(
            [sys.executable, "-c", PROGRAMME, facteur.url], cwd=RACINE, env=environnement_base, stderr=subprocess.PIPE
        )
        for _ in range(2)
    ]
    for enfant in enfants:
        _sortie, erreurs = enfant.communicate(timeout=60)
        assert enfant.returncode == 0, erreurs.decode()
    assert sorted(recu["To"] for recu in facteur.recus) == sorted(adresses)
    assert Courriel.objects.filter(etat=Etat.ENVOYE, essais=1).count() == 60
