"""The bus of a day: offered from the data, held with the day, said when it is full, given back, changed, verified."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from marelle.activites.models import Jauge
from marelle.comptes.models import Agent
from marelle.demandes import bus, decision, depot, panier
from marelle.demandes.models import Demande, JourDemande
from marelle.demandes.verification import verifier
from marelle.regles.lecture import ErreurReglement
from marelle.reservations.models import Reservation
from marelle.socle.erreurs import ErreurMarelle, Introuvable, Refus
from marelle.socle.memoire import oublier
from marelle.transport.chargement import charger_transport
from marelle.transport.models import Course, LigneDeBus, Sens, Trajet
from marelle.transport.selection import PAS_DE_BUS, ChoixBus, dessertes, dire_le_bus, lire_choix
from tests.distribution import COLLECTIVITES, Foyer, auteur_agent, famille_fauvel, karim
from tests.monde import dossier_complet, portail, roussel_prets, unite

pytestmark = pytest.mark.django_db
MERCREDI, SUIVANT = date(2026, 12, 2), date(2026, 12, 9)


@pytest.fixture
def foyer(horloge: Callable[[str], object]) -> Foyer:
    horloge("2026-11-18 10:00")
    portail("chablis")
    karim()
    return roussel_prets()


def choix(aller: str = "Beine, mairie", retour: str = "") -> ChoixBus:
    quoi = unite("chablis-mercredis")
    cle = {une.nom: str(une.cle) for sens in Sens for une in dessertes(quoi, sens)} | {"": ""}
    return lire_choix(quoi, cle[aller], cle[retour])


def course(sens: Sens = Sens.ALLER, jour: date = MERCREDI) -> Course:
    return Course.objects.select_related("jauge").get(ligne__code="beine-chablis", date=jour, sens=sens)


def sieges(nombre: int, jour: date = MERCREDI) -> None:
    """Leave so many seats on the way to the centre."""
    une = course(jour=jour).jauge
    une.places = une.prises + une.retenues + nombre
    une.save()


def envoyer(foyer: Foyer) -> depot.Depot:
    return depot.deposer_panier(foyer.famille, depot.panier_de(foyer.famille).jeton, foyer.auteur)


def demander(foyer: Foyer, prenom: str, quoi: ChoixBus, jour: date = MERCREDI) -> Demande:
    panier.basculer(foyer.famille, foyer.enfants[prenom], unite("chablis-mercredis"), jour, quoi)
    fait = envoyer(foyer)
    assert fait.envoi is not None
    return fait.envoi.demandes.get()


def test_les_arrets_viennent_des_donnees_dans_l_ordre_du_bus(foyer: Foyer) -> None:
    noms = [f"{une}" for une in dessertes(unite("chablis-mercredis"), Sens.ALLER)]
    assert noms == [
        "Beine, mairie – 7\u00a0h\u00a040",
        "Poinchy, lavoir – 7\u00a0h\u00a048",
        "Milly, école – 7\u00a0h\u00a053",
    ]
    retours = [une.nom for une in dessertes(unite("chablis-mercredis"), Sens.RETOUR)]
    assert retours == ["Milly, école", "Poinchy, lavoir", "Beine, mairie"]
    assert not dessertes(unite("chablis-mercredis", "apres-midi"), Sens.ALLER)
    assert not dessertes(unite("peri-beine-matin", "matin"), Sens.ALLER)


def test_une_demande_retient_la_place_du_centre_et_celle_du_bus(foyer: Foyer) -> None:
    demande = demander(foyer, "anouk", choix(retour="Milly, école"))
    assert (course().jauge.retenues, course(Sens.RETOUR).jauge.retenues) == (1, 1)
    decision.accepter(demande.pk, auteur_agent(Agent.objects.get()))
    reservation = Reservation.objects.get()
    assert reservation.trajet.arret_aller is not None
    assert reservation.trajet.arret_aller.nom == "Beine, mairie"
    assert (course().jauge.prises, course().jauge.retenues) == (1, 0)
    dit = dire_le_bus(reservation.trajet)
    assert dit == "Bus\u00a0: départ Beine, mairie (7\u00a0h\u00a040), retour Milly, école (17\u00a0h\u00a042)"
    assert verifier() == []


def test_un_bus_plein_se_dit_au_choix_et_le_jour_reste_possible_sans_lui(foyer: Foyer) -> None:
    sieges(0)
    with pytest.raises(Refus, match="Le bus de 7\u00a0h\u00a040 à Beine, mairie est complet ce jour-là"):
        panier.basculer(foyer.famille, foyer.enfants["anouk"], unite("chablis-mercredis"), MERCREDI, choix())
    assert not JourDemande.objects.exists()
    demander(foyer, "anouk", PAS_DE_BUS)
    assert Demande.objects.get().etat == "deposee"


def test_le_bus_qui_se_remplit_entre_le_panier_et_l_envoi_garde_le_jour_au_panier(foyer: Foyer) -> None:
    panier.basculer(foyer.famille, foyer.enfants["anouk"], unite("chablis-mercredis"), MERCREDI, choix())
    sieges(0)
    fait = envoyer(foyer)
    assert fait.envoi is None
    assert "est complet" in fait.refuses[0].verdict.phrase
    assert Trajet.objects.count() == 1
    assert verifier() == []


def test_deux_freres_pour_un_siege_un_seul_part(foyer: Foyer) -> None:
    sieges(1)
    for prenom in ("anouk", "elio"):
        panier.basculer(foyer.famille, foyer.enfants[prenom], unite("chablis-mercredis"), MERCREDI, choix())
    fait = envoyer(foyer)
    assert fait.envoi is not None
    assert len(fait.refuses) == 1
    assert course().jauge.restantes == 0
    assert verifier() == []


def test_retirer_la_demande_rend_le_siege(foyer: Foyer) -> None:
    demande = demander(foyer, "anouk", choix())
    decision.retirer(demande.pk, foyer.auteur, foyer.famille.pk)
    assert course().jauge.retenues == 0
    assert verifier() == []


def test_annuler_la_reservation_rend_le_siege(foyer: Foyer) -> None:
    decision.accepter(demander(foyer, "anouk", choix()).pk, auteur_agent(Agent.objects.get()))
    panier.basculer(foyer.famille, foyer.enfants["anouk"], unite("chablis-mercredis"), MERCREDI)
    fait = envoyer(foyer)
    assert fait.envoi is not None
    decision.accepter(fait.envoi.demandes.get().pk, auteur_agent(Agent.objects.get()))
    assert course().jauge.prises == 0
    assert verifier() == []


def test_qui_attend_un_jour_plein_attend_aussi_son_siege(foyer: Foyer) -> None:
    autre = famille_fauvel()
    dossier_complet(autre, autre.enfants["malo"])
    Jauge.objects.filter(activite__code="chablis-mercredis", date=MERCREDI, groupe__age_min=6).update(places=1)
    premiere = demander(autre, "malo", choix())
    seconde = demander(foyer, "anouk", choix())
    assert seconde.etat == "liste_attente"
    assert course().jauge.attente == 1
    decision.retirer(premiere.pk, autre.auteur, autre.famille.pk)
    seconde.refresh_from_db()
    assert seconde.etat == "deposee"
    assert (course().jauge.retenues, course().jauge.attente) == (1, 0)
    assert verifier() == []


@pytest.mark.parametrize("etat", ["panier", "deposee"])
def test_changer_d_arret_ou_laisser_le_bus_avant_la_decision(foyer: Foyer, etat: str) -> None:
    panier.basculer(foyer.famille, foyer.enfants["anouk"], unite("chablis-mercredis"), MERCREDI, choix())
    if etat == "deposee":
        envoyer(foyer)
    jour = JourDemande.objects.get()
    assert jour.demande.etat == etat
    retour = choix("", "Milly, école").retour
    assert retour is not None
    bus.changer(foyer.famille, jour.pk, "", str(retour.cle), foyer.auteur)
    assert (Trajet.objects.get().aller, Trajet.objects.get().arret_retour_id) == (None, retour.cle)
    tenues = int(etat == "deposee")
    assert (course().jauge.retenues, course(Sens.RETOUR).jauge.retenues) == (0, tenues)
    bus.changer(foyer.famille, jour.pk, "", "", foyer.auteur)
    assert not Trajet.objects.exists()
    assert course(Sens.RETOUR).jauge.retenues == 0
    assert verifier() == []


def test_changer_pour_un_bus_plein_ne_change_rien(foyer: Foyer) -> None:
    demande = demander(foyer, "anouk", PAS_DE_BUS)
    sieges(0)
    depart = choix().depart
    assert depart is not None
    with pytest.raises(Refus, match="est complet"):
        bus.changer(foyer.famille, demande.jours.get().pk, str(depart.cle), "", foyer.auteur)
    assert not Trajet.objects.exists()
    assert verifier() == []


def test_on_ne_change_ni_le_bus_d_un_autre_foyer_ni_celui_d_un_jour_decide(foyer: Foyer) -> None:
    demande = demander(foyer, "anouk", choix())
    jour = demande.jours.get().pk
    with pytest.raises(Introuvable):
        bus.changer(famille_fauvel().famille, jour, "", "", foyer.auteur)
    decision.accepter(demande.pk, auteur_agent(Agent.objects.get()))
    with pytest.raises(Introuvable):
        bus.changer(foyer.famille, jour, "", "", foyer.auteur)
    assert Trajet.objects.count() == 1


def test_un_arret_d_une_autre_ligne_est_refuse(foyer: Foyer) -> None:
    [ailleurs, *_] = dessertes(unite("pontigny-mercredis"), Sens.ALLER)
    for forge in (str(ailleurs.cle), "999999", "x"):
        with pytest.raises(ErreurMarelle, match="ne s’arrête pas là"):
            lire_choix(unite("chablis-mercredis"), forge, "")


def test_un_enfant_ne_compte_qu_une_fois_dans_un_bus(foyer: Foyer) -> None:
    """A morning and an afternoon are two demandes of one day: the child has one seat, and is told so."""
    LigneDeBus.objects.filter(code="beine-chablis").update(parties_aller=[])
    oublier()
    matin, apres_midi = unite("chablis-mercredis", "matin"), unite("chablis-mercredis", "apres-midi")
    enfant = foyer.enfants["anouk"]
    panier.basculer(foyer.famille, enfant, matin, MERCREDI, choix())
    panier.basculer(foyer.famille, enfant, apres_midi, MERCREDI, choix())
    fait = envoyer(foyer)
    [refuse] = fait.refuses
    assert "L’enfant a déjà sa place dans ce bus" in refuse.verdict.phrase
    assert course().jauge.retenues == 1
    assert verifier() == []


@pytest.mark.parametrize(
    ("change", "dit"),
    [
        ("places = 20", "place = 20"),
        ('activites = ["chablis-mercredis"]', 'activites = ["ski"]'),
        ('aller = "07:48"', 'aller = "07:30"'),
        ('aller_pour = ["matin"]', 'aller_pour = ["nuit"]'),
        ('code = "poinchy-lavoir"', 'code = "beine-mairie"'),
        ('code = "ligny-pontigny"', 'code = "beine-chablis"'),
        (', aller = "07:53", retour = "17:42"', ""),
    ],
)
def test_une_cle_fausse_arrete_le_chargement_en_la_nommant(foyer: Foyer, change: str, dit: str) -> None:
    texte = (COLLECTIVITES / "chablis" / "transport.toml").read_text(encoding="utf-8")
    assert change in texte
    with pytest.raises(ErreurReglement, match=r"transport\.toml : « lignes"):
        charger_transport(texte.replace(change, dit, 1), "transport.toml")


def test_charger_de_nouveau_ne_defait_rien(foyer: Foyer) -> None:
    sieges(3)
    nombre = Course.objects.count()
    portail("chablis")
    assert Course.objects.count() == nombre
    assert course().jauge.places == 3
    blocs = set(Jauge.objects.filter(activite__code="chablis-mercredis", date=MERCREDI).values_list("bloc", flat=True))
    assert blocs == {course().jauge.bloc, course(Sens.RETOUR).jauge.bloc}
    assert len(blocs) == 1
