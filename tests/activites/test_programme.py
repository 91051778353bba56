"""The programme of outings in a collectivité's folder: on its days once, refused in one French line that says where."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from marelle.activites.chargement import charger_activites
from marelle.activites.evenements import codes_prevus, sans
from marelle.activites.models import Ouverture
from marelle.chargement import charger
from marelle.regles.lecture import ErreurReglement
from marelle.socle.horloge import maintenant
from marelle.socle.memoire import oublier
from marelle.tarification.chargement import charger_tarifs
from marelle.tarification.programme import prevoir, verifier_les_prevus
from tests.distribution import COLLECTIVITES
from tests.monde import portail

pytestmark = pytest.mark.django_db
TVV = COLLECTIVITES / "cc-tvv"
PISCINE = '{ code = "piscine", nom = "Sortie à la piscine", prix = "4,50" }'
NOEL = date(2026, 12, 22)


def lu(nom: str) -> str:
    return (TVV / nom).read_text(encoding="utf-8")


def tarifs(prix: str = PISCINE) -> str:
    return lu("tarifs.toml").replace("hors_secteur = {", f"evenements = [{prix}]\nhors_secteur = {{")


def activites(**cles: str) -> str:
    """An outing of the holidays of Christmas; its other day has gone by."""
    lignes = {"activite": '"chaveignes-vacances"', "code": '"piscine"', "dates": "[2026-10-20, 2026-12-22]"} | cles
    return "\n".join([lu("activites.toml"), "[[evenements]]", *(f"{cle} = {une}" for cle, une in lignes.items()), ""])


@pytest.fixture
def charge(horloge: Callable[[str], Any]) -> Callable[..., int]:
    """Reads a programme again on a portal whose days are open."""
    horloge("2026-11-02 08:00")
    portail()
    charger_tarifs(tarifs(), "cc-tvv/tarifs.toml")
    oublier()
    return lambda **cles: prevoir(charger_activites(activites(**cles), "cc-tvv/activites.toml").evenements)


def test_le_programme_se_charge_avec_le_dossier(tmp_path: Path, horloge: Callable[[str], Any]) -> None:
    horloge("2026-11-02 08:00")
    dossier = Path(shutil.copytree(TVV, tmp_path / "cc-tvv"))
    (dossier / "tarifs.toml").write_text(tarifs(), encoding="utf-8")
    (dossier / "activites.toml").write_text(activites(), encoding="utf-8")
    charger(dossier)
    assert set(Ouverture.objects.exclude(evenements=[]).values_list("date", flat=True)) == {NOEL}


def test_ce_qu_un_agent_retire_ne_revient_pas(charge: Callable[..., int]) -> None:
    assert charge(groupes='["6-11 ans"]') == 1
    [une] = Ouverture.objects.exclude(evenements=[]).select_related("groupe")
    assert (une.date, une.groupe.nom if une.groupe else "") == (NOEL, "6-11 ans")
    assert charge(groupes='["6-11 ans"]') == 0
    une.evenements = sans(une.evenements, "piscine", maintenant())
    une.save()
    assert charge() == 1, "les 3-5 ans seulement"
    une.refresh_from_db()
    assert codes_prevus(une.evenements) == ()


@pytest.mark.parametrize(
    ("cles", "phrase"),
    [
        (
            {"code": '"cirque"'},
            "cc-tvv/activites.toml : « evenements[0].code » : « cirque » n’a pas de prix le mardi 22 décembre 2026 "
            "(chaveignes-vacances, journee) : écrivez-le dans tarifs.toml.",
        ),
        (
            {"dates": "[2026-12-09]"},
            "cc-tvv/activites.toml : « evenements[0].dates » : chaveignes-vacances n’ouvre pas le mercredi 9 décembre 2026.",
        ),
        ({"groupes": '["12 ans"]'}, "« evenements[0].groupes » : « 12 ans » n’est pas permis."),
        ({"activite": '"chinon"'}, "« evenements[0].activite » : « chinon » n’est pas permis."),
    ],
)
def test_une_faute_dit_ou(charge: Callable[..., int], cles: dict[str, str], phrase: str) -> None:
    with pytest.raises(ErreurReglement) as faute:
        charge(**cles)
    assert phrase in str(faute.value)


def test_des_tarifs_n_oublient_pas_une_sortie_prevue(charge: Callable[..., int]) -> None:
    charge()
    verifier_les_prevus()
    charger_tarifs(tarifs(prix=""), "cc-tvv/tarifs.toml")
    oublier()
    with pytest.raises(ErreurReglement, match=r"« piscine » est prévu le mardi 22 décembre 2026 .* n’y a plus de prix"):
        verifier_les_prevus()
