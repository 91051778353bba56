"""The hours of the Caf: what each attendance counts, under its ceiling, by régime and age, with the lines behind each figure."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, time

import pytest
from django.test import Client
from django.urls import reverse

from marelle.activites.models import Ouverture
from marelle.comptes.models import Agent
from marelle.creances.emission import FactureAEmettre, LigneAEmettre, emettre
from marelle.creances.models import Regie
from marelle.creances.payeurs import payeur_de
from marelle.regles.caf import Conversion, ErreurCaf, OptionsCaf, lire_caf, minutes_realisees, plafonner
from marelle.reservations import presences
from marelle.reservations.models import Absence, Reservation
from marelle.socle.horloge import maintenant
from marelle.tresor import caf, caf_tables, regimes
from tests import distribution as gens
from tests.guichet import monde
from tests.tarification.monde import quotient

MERCREDI, SUIVANT = date(2026, 12, 2), date(2026, 12, 9)
JOURNEE, MATIN = ("matin", "repas", "apres_midi"), ("matin",)
SEPT_TRENTE, MIDI, DIX_HUIT_TRENTE = time(7, 30), time(12), time(18, 30)


@pytest.mark.parametrize(
    ("conversion", "parties", "minutes"),
    [
        (Conversion("mercredi"), JOURNEE, 660),
        (Conversion("mercredi", "forfait", journee=480, demi_journee=240), JOURNEE, 480),
        (Conversion("mercredi", "forfait", journee=480, demi_journee=240), MATIN, 240),
        (Conversion("mercredi", "reel"), JOURNEE, 500),
    ],
)
def test_ce_que_compte_une_presence(conversion: Conversion, parties: tuple[str, ...], minutes: int) -> None:
    lu = minutes_realisees(conversion, parties, SEPT_TRENTE, DIX_HUIT_TRENTE, time(8, 10), time(16, 30))
    assert lu == minutes


def test_le_reel_sans_heures_est_la_plage() -> None:
    assert minutes_realisees(Conversion("mercredi", "reel"), MATIN, SEPT_TRENTE, MIDI) == 270


@pytest.mark.parametrize(
    ("minutes", "parties", "comptees"),
    [
        ([660], [JOURNEE], [540]),
        ([270], [MATIN], [240]),
        ([270, 390], [MATIN, ("apres_midi",)], [240, 240]),  # without its meal, a day is two half-days
        ([660], [("matin", "apres_midi")], [480]),
        ([270, 120, 240], [MATIN, ("repas",), ("apres_midi",)], [270, 120, 150]),
        ([390], [("matin", "repas")], [240]),
        ([270, 100], [MATIN, ("soir",)], [240, 0]),
    ],
)
def test_le_plafond_d_une_journee(minutes: list[int], parties: list[tuple[str, ...]], comptees: list[int]) -> None:
    conversion = Conversion("mercredi", plafond_journee=540, plafond_demi_journee=240)
    assert plafonner(conversion, minutes, parties) == comptees


def test_la_convention_se_lit_et_ses_fautes_se_disent() -> None:
    lue = lire_caf(
        'tranches_age = ["3-5", "6-17"]\ntranches_quotient = ["500", "900"]\nsans_pointage = "present"\n'
        '[[conversions]]\ntemps = "mercredi"\nplafond_journee = "8:30"\n',
        "caf.toml",
    )
    assert lue.conversion("mercredi").plafond_journee == 510
    assert lue.conversion("vacances").compte == "forfait", "ce qui n’est pas dit garde l’usage"
    assert (lue.tranche_d_age(4), lue.tranche_d_age(2)) == ("3-5 ans", "2 ans, hors tranche")
    assert [lue.tranche_de_quotient(un) for un in (500, 501, 901, None)] == [
        "0 à 500",
        "501 à 900",
        "901 et plus",
        "inconnu",
    ]
    assert OptionsCaf().tranche_d_age(5) == "moins de 6 ans"
    for faute in (
        'tranches_age = ["5"]', 'tranches_quotient = ["900", "500"]', 'sans_pointage = "peut-être"', "inconnue = 1",
        '[[conversions]]\ntemps = "nuit"', '[[conversions]]\ntemps = "mercredi"\njournee = "8h"',
        '[[conversions]]\ntemps = "mercredi"\n[[conversions]]\ntemps = "mercredi"',
    ):  # fmt: skip
        with pytest.raises(ErreurCaf):
            lire_caf(faute, "caf.toml")


@dataclass
class Mercredis:
    """Wednesdays 2 and 9 December at Chaveignes: Anouk and Élio booked both days, Jeanne-Apolline the first morning."""

    roussel: gens.Foyer
    lucas: Agent

    def ouverture(self, jour: date, age: int = 6, code: str = "journee") -> Ouverture:
        return Ouverture.objects.get(unite__code=code, date=jour, groupe__age_min=age)

    def reserver(self, prenom: str, ouverture: Ouverture) -> Reservation:
        enfant = self.roussel.enfants[prenom]
        return Reservation.objects.create(
            enfant=enfant,
            famille=self.roussel.famille,
            ouverture=ouverture,
            activite=ouverture.activite,
            date=ouverture.date,
        )

    def pointer(self, prenom: str, ouverture: Ouverture, etat: str = "present") -> None:
        presences.pointer(self.lucas, ouverture, self.roussel.enfants[prenom].pk, etat)


@pytest.fixture
def mercredis(decor: None, horloge: Callable[[str], object]) -> Mercredis:
    horloge("2026-12-09 19:00")
    monde.activite(places=9)
    un = Mercredis(gens.famille_roussel(), gens.lucas())
    for jour in (MERCREDI, SUIVANT):
        for prenom in ("anouk", "elio"):
            un.reserver(prenom, un.ouverture(jour))
    un.reserver("jeanne", un.ouverture(MERCREDI, 3, "matin"))
    return un


def lignes() -> list[caf.LigneCaf]:
    return caf.lignes(MERCREDI, SUIVANT)


@pytest.mark.django_db
def test_les_etats_et_les_heures_de_chaque_presence(mercredis: Mercredis) -> None:
    premier = mercredis.ouverture(MERCREDI)
    mercredis.pointer("anouk", premier)
    mercredis.pointer("elio", premier, "absent_injustifie")
    mercredis.pointer("jeanne", mercredis.ouverture(MERCREDI, 3, "matin"))
    declaree = Reservation.objects.get(enfant=mercredis.roussel.anouk, date=SUIVANT)
    Absence.objects.create(
        reservation=declaree, motif="maladie", declaree_le=maintenant(), justification="acceptee",
        preuve_recue_le=maintenant(),
    )  # fmt: skip
    lues = {(une.enfant.split()[-1], une.jour): (une.etat, une.source, une.realisees) for une in lignes()}
    assert lues == {
        ("Anouk", MERCREDI): ("present", "pointage", 540),
        ("Élio", MERCREDI): ("absence_injustifiee", "pointage", 0),
        ("Jeanne-Apolline", MERCREDI): ("present", "pointage", 240),
        ("Anouk", SUIVANT): ("absence_justifiee", "réservation", 0),
        ("Élio", SUIVANT): ("reserve", "réservation", 0),
    }


@pytest.mark.django_db
def test_sans_pointage_la_convention_dit_si_l_on_est_venu(mercredis: Mercredis) -> None:
    caf.charger_caf('sans_pointage = "present"', "caf.toml")
    etats = [(une.jour, une.etat) for une in lignes() if une.enfant_id == mercredis.roussel.anouk.pk]
    assert etats == [(MERCREDI, "present"), (SUIVANT, "reserve")], "aujourd’hui n’est pas fini"


@pytest.mark.django_db
def test_les_chiffres_sont_les_sommes_de_leurs_lignes(mercredis: Mercredis) -> None:
    for jour in (MERCREDI, SUIVANT):
        mercredis.pointer("anouk", mercredis.ouverture(jour))
    toutes = lignes()
    for par, champs in caf_tables.CHAMPS.items():
        groupes = caf.sommes(toutes, champs)
        assert sum(une.realisees for une in groupes) == sum(une.realisees for une in toutes) == 1080
        for rangee in caf_tables.rangees(toutes, par):
            derriere = caf.choisir(toutes, caf_tables.criteres_de(dict(rangee.criteres)))
            assert sum(une.realisees for une in derriere) == rangee.somme.realisees
            assert {une.enfant_id for une in derriere} == rangee.somme.enfants
    assert caf.jours_ouverts(MERCREDI, SUIVANT)["Accueil de loisirs de Chaveignes", "mercredi"].jours == 2


@pytest.mark.django_db
def test_le_regime_vient_de_l_agent_sinon_du_quotient(mercredis: Mercredis, agent: Agent) -> None:
    famille = mercredis.roussel.famille
    assert {une.regime for une in lignes()} == {"inconnu"}
    un = quotient(famille, 712)
    un.fournisseur = "MSA"
    un.save()
    assert {(une.regime, une.quotient) for une in lignes()} == {("msa", "701 à 1000")}
    regimes.enregistrer(famille, "general", SUIVANT, agent)
    assert [(une.jour, une.regime) for une in lignes()][::3] == [(MERCREDI, "msa"), (SUIVANT, "general")]


@pytest.mark.django_db
def test_les_heures_facturees_sont_ce_qui_tient(mercredis: Mercredis) -> None:
    payeur, enfant = payeur_de(mercredis.roussel.famille), mercredis.roussel.anouk

    def facturer(jour: date, minutes: int, montant: int, cle: str) -> None:
        ligne = LigneAEmettre(
            cle, "Journée", montant, enfant_id=enfant.pk, activite="chaveignes-mercredis", unite="journee", date=jour,
            minutes=minutes,
        )  # fmt: skip
        demandee = FactureAEmettre(payeur, MERCREDI, SUIVANT, [ligne], motif="" if montant > 0 else "Erreur")
        emettre(Regie.objects.get(code=1), [demandee], date_emission=SUIVANT)

    facturer(MERCREDI, 660, 1120, "jour:1")
    facturer(SUIVANT, 660, 1120, "jour:2")
    facturer(SUIVANT, 0, -1120, "jour:2")
    lues = {une.jour: une.facturees for une in lignes() if une.enfant_id == enfant.pk}
    assert lues == {MERCREDI: 660, SUIVANT: 0}
    Reservation.objects.filter(enfant=enfant, date=MERCREDI).update(etat="annulee")
    (annulee,) = [une for une in lignes() if une.enfant_id == enfant.pk and une.jour == MERCREDI]
    assert (annulee.etat, annulee.source, annulee.facturees) == ("absence_injustifiee", "facture", 660)


@pytest.mark.django_db
def test_la_page_ses_lignes_et_ses_csv(mercredis: Mercredis, guichet: Client) -> None:
    mercredis.pointer("anouk", mercredis.ouverture(MERCREDI))
    periode = {"debut": "2026-12-01", "fin": "2026-12-31"}
    page = guichet.get(reverse("guichet:tresor_caf"), periode)
    assert "9\u00a0h" in page.content.decode()
    assert "Règle de calcul à vérifier" in page.content.decode().replace("\u00a0", " ")
    lien = re.search(r'href="([^"]*detail/\?[^"]*6-11[^"]*)"', page.content.decode())
    assert lien is not None
    detail = guichet.get(lien[1].replace("&amp;", "&")).content.decode()
    assert "Roussel-Lemoine Anouk" in detail
    assert "Jeanne" not in detail
    tableau = guichet.get(reverse("guichet:tresor_caf_csv"), {**periode, "tableau": "1"}).content.decode("utf-8-sig")
    lues = list(csv.DictReader(io.StringIO(tableau), delimiter=";"))
    assert sum(float(une["Heures réalisées"].replace(",", ".")) for une in lues) == 9
    chaque = guichet.get(reverse("guichet:tresor_caf_csv"), periode).content.decode("utf-8-sig")
    assert len(chaque.splitlines()) == 6
    faux = guichet.get(reverse("guichet:tresor_caf"), {"debut": "2026-12-31", "fin": "2026-12-01"})
    assert faux.status_code == 422
    vide = guichet.get(reverse("guichet:tresor_caf_csv"), {"debut": "x"})
    assert vide.status_code == 200


@pytest.mark.django_db
def test_saisir_le_regime_d_une_famille(mercredis: Mercredis, guichet: Client) -> None:
    famille = mercredis.roussel.famille
    page = guichet.get(reverse("guichet:tresor_caf"), {"debut": "2026-12-01", "fin": "2026-12-31"}).content.decode()
    adresse = reverse("guichet:tresor_regime", args=[famille.pk])
    assert adresse in page
    assert guichet.post(adresse, {"regime": "soleil", "du": "2026-09-01"}).status_code == 422
    assert guichet.post(adresse, {"regime": "general", "du": "2026-09-01"}).status_code == 302
    assert {une.regime for une in lignes()} == {"general"}
