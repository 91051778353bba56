"""Loading a collectivité: the days of the year open once, what an agent changed stays, a mistake is one French line."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from marelle.activites.models import Activite, Centre, Jauge, Ouverture, Periode
from marelle.activites.ouvertures import ouvrir_les_jours, partager
from marelle.chargement import annees_a_ouvrir, charger
from marelle.collectivite.models import Collectivite, TexteReglement, Vacances
from marelle.socle.erreurs import ErreurMarelle
from tests.distribution import COLLECTIVITES
from tests.salle.portails import portail_charge

pytestmark = pytest.mark.django_db
TVV = COLLECTIVITES / "cc-tvv"


@pytest.fixture
def dossier(tmp_path: Path) -> Path:
    """A copy of a shipped collectivité, to be spoilt."""
    return Path(shutil.copytree(TVV, tmp_path / "cc-tvv"))


def test_charger_deux_fois_n_ajoute_rien(horloge: Callable[[str], Any]) -> None:
    horloge("2026-11-02 08:00")
    assert "ouvertures ajoutées" in charger(TVV)
    avant = [modele.objects.count() for modele in (Ouverture, Jauge, Periode, Vacances, TexteReglement, Centre)]
    assert charger(TVV).endswith("0 ouvertures ajoutées.")
    assert [m.objects.count() for m in (Ouverture, Jauge, Periode, Vacances, TexteReglement, Centre)] == avant


def test_ce_qu_un_agent_a_change_reste(horloge: Callable[[str], Any]) -> None:
    horloge("2026-11-02 08:00")
    portail_charge(TVV)
    Centre.objects.filter(code="chaveignes").update(nom="Accueil de Chaveignes")
    Activite.objects.filter(code="chaveignes-mercredis").update(mode_decision="automatique", est_active=False)
    Jauge.objects.filter(pk=Jauge.objects.order_by("pk").values("pk")[:1]).update(places=7)
    Ouverture.objects.filter(date=date(2026, 12, 2)).update(fermeture="Travaux")
    charger(TVV)
    assert Centre.objects.get(code="chaveignes").nom == "Accueil de Chaveignes"
    activite = Activite.objects.get(code="chaveignes-mercredis")
    assert (activite.mode_decision, activite.est_active) == ("automatique", False)
    assert Jauge.objects.order_by("pk")[0].places == 7
    assert set(Ouverture.objects.filter(date=date(2026, 12, 2)).values_list("fermeture", flat=True)) == {"Travaux"}


def test_les_mercredis_ouvrent_en_classe_et_les_vacances_en_vacances(horloge: Callable[[str], Any]) -> None:
    horloge("2026-11-02 08:00")
    portail_charge(TVV)
    mercredis = set(Ouverture.objects.filter(activite__code="chaveignes-mercredis").values_list("date", flat=True))
    vacances = set(Ouverture.objects.filter(activite__code="chaveignes-vacances").values_list("date", flat=True))
    assert {jour.weekday() for jour in mercredis} == {2}
    assert not mercredis & vacances
    assert date(2026, 12, 9) in mercredis
    assert date(2026, 12, 23) in vacances
    armistice = Ouverture.objects.filter(date=date(2026, 11, 11)).values_list("fermeture", flat=True)
    assert set(armistice) == {"Armistice"}
    assert set(Ouverture.objects.filter(date=date(2026, 12, 24)).values_list("fermeture", flat=True)) == {
        "Réveillon de Noël"
    }


@pytest.mark.parametrize(
    ("jour", "annees"),
    [
        (date(2026, 9, 1), [2026]),
        (date(2027, 3, 31), [2026]),
        (date(2027, 4, 1), [2026, 2027]),
        (date(2027, 8, 31), [2026, 2027]),
    ],
)
def test_l_annee_suivante_ouvre_au_printemps(jour: date, annees: list[int]) -> None:
    assert annees_a_ouvrir(jour) == annees


def test_un_nouveau_reglement_s_ajoute_et_un_ancien_redevient_en_vigueur(dossier: Path) -> None:
    charger(dossier)
    ancien = (dossier / "reglement.toml").read_text()
    (dossier / "reglement.toml").write_text(ancien.replace("nombre = 4", "nombre = 5"))
    charger(dossier)
    assert TexteReglement.objects.count() == 2
    (dossier / "reglement.toml").write_text(ancien)
    charger(dossier)
    derniere = TexteReglement.objects.order_by("-pk").first()
    assert derniere is not None
    assert derniere.texte == ancien


@pytest.mark.parametrize(
    ("fichier", "avant", "apres", "dit"),
    [
        ("activites.toml", 'jours = ["mercredi"]', 'jours = ["mercredy"]', "jours"),
        ("activites.toml", 'centre = "chaveignes"', 'centre = "chavaignes"', "chavaignes"),
        ("activites.toml", "places = 16", 'places = "seize"', "places"),
        ("activites.toml", 'parties = ["matin", "repas"]', 'parties = ["matin", "soupe"]', "parties"),
        ("activites.toml", 'debut = "12-24"', 'debut = "24 décembre"', "24 décembre"),
        ("collectivite.toml", 'zone = "B"', 'zone = "D"', "zone"),
        ("collectivite.toml", "acces_partage", "acces_partages", "acces_partages"),
        ("reglement.toml", 'decision = "agent"', 'decision = "agents"', "decision"),
        ("reglement.toml", "[[version]]", "[[version]", "reglement.toml"),
    ],
)
def test_une_erreur_dit_le_fichier_et_la_cle_et_ne_change_rien(
    dossier: Path, fichier: str, avant: str, apres: str, dit: str
) -> None:
    texte = (dossier / fichier).read_text(encoding="utf-8")
    assert avant in texte
    (dossier / fichier).write_text(texte.replace(avant, apres, 1), encoding="utf-8")
    with pytest.raises(ErreurMarelle) as erreur:
        charger(dossier)
    assert dit in str(erreur.value)
    assert fichier in str(erreur.value)
    assert not Collectivite.objects.exists()
    assert not Ouverture.objects.exists()


def test_un_dossier_absent_incomplet_ou_d_une_autre_collectivite(dossier: Path, tmp_path: Path) -> None:
    with pytest.raises(ErreurMarelle, match="n’existe pas"):
        charger(tmp_path / "ailleurs")
    charger(dossier)
    autre = shutil.copytree(dossier, tmp_path / "autre")
    with pytest.raises(ErreurMarelle, match="une base par collectivité"):
        charger(Path(autre))
    (dossier / "activites.toml").unlink()
    with pytest.raises(ErreurMarelle, match=r"activites\.toml : ce fichier manque"):
        charger(dossier)


def test_les_jauges_d_un_jour_font_un_bloc_et_le_partage_les_lie(horloge: Callable[[str], Any]) -> None:
    horloge("2026-11-02 08:00")
    charger(TVV)
    jour = date(2026, 12, 9)
    activite = Activite.objects.get(code="chaveignes-mercredis")
    blocs = Jauge.objects.filter(activite=activite, date=jour).values_list("groupe_id", "bloc").order_by().distinct()
    assert len(blocs) == 2, "one for each age group"
    premiere, autre = (
        Jauge.objects.get(activite=activite, date=jour, partie="repas", groupe__age_min=age) for age in (3, 6)
    )
    partager(premiere, autre)
    assert Jauge.objects.filter(activite=activite, date=jour).values("bloc").order_by().distinct().count() == 1
    assert ouvrir_les_jours(activite, [jour], {premiere.groupe_id: 16, autre.groupe_id: 24}) == 0
