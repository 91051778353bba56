"""The strict room is strict: each trap is sprung once."""

import socket
import subprocess
import sys
import urllib.request
import warnings

import pytest
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.template import Context, Engine, Origin, Template
from django.utils import timezone

from marelle.socle import horloge as pendule
from tests.salle.gabarits import RACINE, VariableAbsente
from tests.salle.historique import est_historise
from tests.salle.navigateur import sans_debordement, sans_defaut_axe
from tests.salle.reseau import SortieRefusee


def test_un_avertissement_est_une_erreur():
    with pytest.raises(UserWarning):
        warnings.warn("attention", stacklevel=1)


@pytest.mark.parametrize("hote", ["192.0.2.1", "marelle.example"])
def test_aucune_connexion_ne_sort(hote):
    with pytest.raises(SortieRefusee):
        socket.create_connection((hote, 80), timeout=1)
    with pytest.raises(SortieRefusee):
        urllib.request.urlopen(f"http://{hote}/")


def test_une_variable_absente_fait_echouer_nos_gabarits():
    moteur = Engine(string_if_invalid=VariableAbsente())
    gabarit = Template("{{ inconnue }}", origin=Origin(str(RACINE / "marelle/socle/templates/x.html")), engine=moteur)
    with pytest.raises(AssertionError, match=r"« inconnue » dans marelle/socle/templates/x\.html"):
        gabarit.render(Context())
    assert Template("a{{ inconnue }}", origin=Origin("ailleurs.html"), engine=moteur).render(Context()) == "a"


def test_l_horloge_s_arrete(horloge):
    voyage = horloge("2026-10-25 08:00")
    assert pendule.maintenant().isoformat() == "2026-10-25T08:00:00+01:00"
    voyage.shift(60)
    assert timezone.now().isoformat() == "2026-10-25T07:01:00+00:00"


@pytest.mark.django_db
def test_les_lignes_sans_ordre_sont_melangees(request):
    assert request.node.get_closest_marker("base")
    ordres = {tuple(ContentType.objects.order_by().values_list("pk", flat=True)) for _ in range(5)}
    assert len(ordres) > 1
    assert len({tuple(ContentType.objects.order_by("pk")) for _ in range(3)}) == 1


@pytest.mark.django_db
@pytest.mark.parametrize("geste", [lambda lignes: lignes.update(pk=1), lambda lignes: lignes.bulk_create([])])
def test_le_passe_d_un_modele_historise_n_a_pas_de_trou(geste):
    modele = next(modele for modele in apps.get_models() if est_historise(modele))
    with pytest.raises(AssertionError, match="simple_history"):
        geste(modele._default_manager.all())


@pytest.mark.processus
def test_un_processus_voit_la_base_de_l_essai(environnement_base):
    ContentType.objects.create(app_label="essai", model="processus")
    code = (
        "import django; django.setup();"
        "from django.contrib.contenttypes.models import ContentType as C; C.objects.create(app_label='essai', model='enfant');"
        "print(C.objects.filter(app_label='essai').count())"
    )
    enfant = subprocess.run(
        [sys.executable, "-c", code], env=environnement_base, cwd=RACINE, capture_output=True, text=True
    )
    assert (enfant.stdout, enfant.stderr) == ("2\n", "")
    assert ContentType.objects.filter(app_label="essai", model="enfant").exists()


@pytest.mark.django_db
def test_la_base_est_celle_de_la_production():
    with connection.cursor() as curseur:
        if connection.vendor == "sqlite":
            curseur.execute("PRAGMA journal_mode")
            assert curseur.fetchone() == ("wal",)
            assert connection.transaction_mode == "IMMEDIATE"
        else:
            curseur.execute("SHOW server_version_num")
            assert int(curseur.fetchone()[0]) >= 140000


def test_le_navigateur_ouvre_une_page(page_telephone, live_server):
    page_telephone.goto("/adresse-qui-n-existe-pas")
    page_telephone.set_content("<html lang=fr><title>Essai</title><main><h1>Bonjour</h1></main></html>")
    sans_defaut_axe(page_telephone)
    sans_debordement(page_telephone)
    page_telephone.set_content("<html lang=fr><title>Essai</title><main><h1>Bonjour</h1><img src=''></main></html>")
    with pytest.raises(AssertionError, match="image-alt"):
        sans_defaut_axe(page_telephone)
