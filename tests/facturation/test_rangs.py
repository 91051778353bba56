"""The n-th absence, late collection or unbooked day of a year is the n-th for ever: every run counts the same."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from marelle.activites.models import Periode
from marelle.comptes.models import Agent
from marelle.creances.models import Facture, Regie
from marelle.facturation.compteurs import ce_qui_compte
from marelle.facturation.models import Campagne
from marelle.facturation.selection import Selection
from marelle.reservations.models import Pointage
from marelle.socle.horloge import maintenant
from marelle.tarification.identite import tarifs as tarifs_en_vigueur
from tests.distribution import Foyer, famille_lemoine

from .conftest import ACTIVITE, MERCREDIS, OCTOBRE, SEPTEMBRE, factures, lignes, preparer_le_cinq
from .monde import absent, ouverture, reserve, tarifs

pytestmark = pytest.mark.django_db
Facturer = Callable[..., Campagne]
VACANCES = "chaveignes-vacances"
VERSION = """
absences = {{ repetees = {{ des = 2, prix = "20,00", par = "{par}" }}, excuses = [
  {{ motif = "maladie", nom = "maladie", preuve_heures = 48, carence_jours = 1 }} ] }}
retard = [{{ prix = "5,00" }}]
retard_repete = {{ des = 2, prix = "6,00", par = "{par}" }}
sans_reservation = "1,00"
sans_reservation_repetee = {{ des = 2, prix = "7,00", par = "{par}" }}
"""


def pointer(
    foyer: Foyer, jour: date, etat: str = "present", retard: int = 0, est_venu: bool = False, activite: str = ACTIVITE
) -> None:
    la = ouverture(activite, foyer.elio, jour)
    Pointage.objects.create(
        enfant=foyer.elio, famille=foyer.famille, ouverture=la, activite_id=la.activite_id, date=jour, etat=etat,
        minutes_de_retard=retard, sans_reservation=est_venu, saisi_le=maintenant(),
    )  # fmt: skip


@pytest.mark.parametrize("par", ["annee_scolaire", "annee_civile"])
@pytest.mark.parametrize("quoi", ["absence", "retard", "venue", "maladie"])
def test_le_rang_d_un_jour_facture_ne_change_pas_quand_on_regarde_moins_loin(
    roussel: Foyer,
    regie: Regie,
    agent: Agent,
    horloge: Callable[[str], object],
    facturer: Facturer,
    quoi: str,
    par: str,
) -> None:
    """On 30 September for the second time; fourteen months later a run looks back to 27 September."""
    tarifs(version=VERSION.format(par=par))
    reservees = reserve(roussel.famille, roussel.elio, ACTIVITE, *MERCREDIS) if quoi != "venue" else []
    for jour in (MERCREDIS[0], MERCREDIS[3]):
        if quoi == "absence":
            pointer(roussel, jour, "absent_injustifie")
        elif quoi == "retard":
            pointer(roussel, jour, retard=20)
        elif quoi == "venue":
            pointer(roussel, jour, est_venu=True)
        else:
            absent(next(une for une in reservees if une.date == jour), preuve=f"{jour} 12:00")
    facturer(SEPTEMBRE)
    plus_tard = preparer_le_cinq(regie, agent, (date(2027, 11, 1), date(2027, 11, 30)), horloge)
    assert not plus_tard.prevues.exists()


def test_il_ne_change_pas_non_plus_quand_on_facture_une_activite_apres_l_autre(
    roussel: Foyer, regie: Regie, agent: Agent, horloge: Callable[[str], object], facturer: Facturer
) -> None:
    tarifs(version=VERSION.format(par="annee_scolaire"))
    for activite, jour in ((ACTIVITE, date(2026, 10, 7)), (VACANCES, date(2026, 10, 20))):
        reserve(roussel.famille, roussel.elio, activite, jour)
        pointer(roussel, jour, "absent_injustifie", activite=activite)
        facturer(OCTOBRE, activites=[activite])
    assert [une.montant_centimes for une in factures(roussel)] == [1100, 2000]
    assert not preparer_le_cinq(regie, agent, OCTOBRE, horloge).prevues.exists()


def test_ni_quand_on_facture_une_famille_de_l_enfant_apres_l_autre(
    roussel: Foyer, regie: Regie, agent: Agent, horloge: Callable[[str], object], facturer: Facturer
) -> None:
    """Whoever booked pays; the child was absent twice, once for each."""
    tarifs(version=VERSION.format(par="annee_scolaire"))
    for foyer, jour in ((roussel, MERCREDIS[0]), (famille_lemoine(roussel.anouk), MERCREDIS[3])):
        (une,) = reserve(foyer.famille, roussel.anouk, ACTIVITE, jour)
        absent(une, "rendez-vous")
        facturer(SEPTEMBRE, familles=[foyer.famille.pk])
    assert list(Facture.objects.order_by("pk").values_list("montant_centimes", flat=True)) == [1100, 2000]
    assert not preparer_le_cinq(regie, agent, OCTOBRE, horloge).prevues.exists()


def test_deux_tarifs_qui_ne_comptent_pas_dans_la_meme_annee_comptent_chacun_pour_soi(
    roussel: Foyer, facturer: Facturer
) -> None:
    """« 2026 » is the school year of one and the civil year of the other."""
    des_vacances = (
        '[[version.tarifs]]\nnom = "Vacances"\nactivites = ["*-vacances"]\naccueil = "11,00"\n'
        'absences = { repetees = { des = 2, prix = "20,00", par = "annee_civile" } }'
    )
    tarifs(version=VERSION.format(par="annee_scolaire") + des_vacances)
    for activite, jour in ((ACTIVITE, MERCREDIS[0]), (VACANCES, date(2026, 10, 20)), (ACTIVITE, date(2026, 10, 7))):
        reserve(roussel.famille, roussel.elio, activite, jour)
        pointer(roussel, jour, "absent_injustifie", activite=activite)
    facturer((SEPTEMBRE[0], OCTOBRE[1]))
    assert [montant for _, montant in lignes(factures(roussel)[0])] == [1100, 2000, 1100]


def test_une_absence_qui_dure_repart_de_la_rentree(
    roussel: Foyer, regie: Regie, agent: Agent, horloge: Callable[[str], object], facturer: Facturer
) -> None:
    """Ill on the last day booked of August and on the next one, in October: the first day of each year is waited for, whether
    a run looks back to August or not."""
    tarifs(version=VERSION.format(par="annee_scolaire"))
    d_aout = ouverture(VACANCES, roussel.elio, date(2026, 10, 20))
    d_aout.pk, d_aout.date = None, date(2026, 8, 28)
    d_aout.save(force_insert=True)
    for une in reserve(roussel.famille, roussel.elio, VACANCES, d_aout.date, date(2026, 10, 20)):
        absent(une, preuve=f"{une.date} 12:00")
    facturer((date(2026, 8, 1), OCTOBRE[1]))
    assert factures(roussel)[0].montant_centimes == 2 * 1100
    plus_tard = preparer_le_cinq(regie, agent, (date(2027, 11, 1), date(2027, 11, 30)), horloge)
    assert not plus_tard.prevues.exists()


def test_on_compte_depuis_le_debut_de_la_plus_longue(roussel: Foyer, regie: Regie) -> None:
    jour, rentree = date(2026, 10, 5), date(2026, 9, 1)
    Periode.objects.create(code="longue", nom="Longue", temps="mercredi", debut=date(2026, 8, 24), fin=jour)
    departs = {
        "mois": rentree,
        "annee_scolaire": rentree,
        "annee_civile": date(2026, 1, 1),
        "periode": date(2026, 8, 24),
    }
    for par, depart in departs.items():
        tarifs(version=VERSION.format(par=par))
        lus = tarifs_en_vigueur()
        assert lus is not None
        lue = ce_qui_compte(Selection(regie, jour, jour, {}), lus)
        assert (lue.premier_jour, VACANCES in lue.activites) == (depart, True)
