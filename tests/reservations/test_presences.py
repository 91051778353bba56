"""Who came: one tap on a tablet, hours, a child nobody expected, what billing reads; absences and their proofs."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, time

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from marelle.activites.models import Ouverture
from marelle.comptes.models import Agent
from marelle.familles.models import Enfant, Famille, Rattachement
from marelle.journal.models import Entree
from marelle.regles.presences import Excuse
from marelle.reservations import absences, presences
from marelle.reservations.models import Absence, Pointage, Reservation
from marelle.socle.erreurs import Introuvable, Refus
from marelle.socle.horloge import maintenant
from marelle.tarification.chargement import charger_tarifs
from marelle.tarification.identite import tarifs
from tests import distribution as gens
from tests.guichet import monde

pytestmark = pytest.mark.django_db
MERCREDI, SUIVANT = date(2026, 12, 2), date(2026, 12, 9)
TARIFS = """
nom = "Essai"
[[version]]
en_vigueur_le = 2026-09-01
deliberation = "D 1"
absences = { excuses = [{ motif = "maladie", nom = "maladie", preuve_heures = 48 }] }
[[version.tarifs]]
nom = "Journée"
activites = ["chaveignes-mercredis"]
accueil = "8,00"
"""
MALADIE = Excuse("maladie", "maladie", preuve_heures=48)


@dataclass
class Jour:
    """Wednesday 2 December, 17:00: Anouk and Élio are booked for the day at Chaveignes, Malo is not."""

    roussel: gens.Foyer
    fauvel: gens.Foyer
    lucas: Agent
    grands: Ouverture

    def pointer(self, prenom: str, etat: str = "present", **heures: object) -> Pointage:
        return presences.pointer(self.lucas, self.grands, self.roussel.enfants[prenom].pk, etat, **heures)


@pytest.fixture
def jour(horloge: Callable[[str], object]) -> Jour:
    horloge("2026-12-02 17:00")
    gens.collectivite()
    une = monde.activite()
    roussel, fauvel = gens.famille_roussel(), gens.famille_fauvel()
    grands = Ouverture.objects.get(unite__activite=une, unite__code="journee", date=MERCREDI, groupe__age_min=6)
    for prenom in ("anouk", "elio"):
        reserver(roussel, prenom, grands)
    return Jour(roussel, fauvel, gens.lucas(), grands)


def reserver(foyer: gens.Foyer, prenom: str, ouverture: Ouverture) -> Reservation:
    return Reservation.objects.create(
        enfant=foyer.enfants[prenom], famille=foyer.famille, ouverture=ouverture, activite=ouverture.activite,
        date=ouverture.date,
    )  # fmt: skip


def declarer(jour: Jour, prenom: str = "elio", motif: str = "maladie") -> Reservation:
    une = Reservation.objects.get(enfant=jour.roussel.enfants[prenom])
    Absence.objects.create(reservation=une, motif=motif, declaree_le=maintenant())
    return une


def test_la_facturation_lit_tout_en_une_requete(jour: Jour) -> None:
    jour.pointer("anouk", arrivee=time(8, 12), depart=time(18, 45))
    jour.pointer("elio", "absent_injustifie")
    with CaptureQueriesContext(connection) as requetes:
        lus = presences.presences_de(date(2026, 12, 1), date(2026, 12, 31), [jour.grands.activite])
    assert len(requetes) == 1
    anouk, elio = (lus[jour.roussel.enfants[nom].pk, jour.grands.pk] for nom in ("anouk", "elio"))
    assert anouk.est_present
    assert (anouk.minutes_de_presence, anouk.minutes_de_retard) == (10 * 60 + 33, 15)
    assert (elio.est_present, elio.minutes_de_presence, elio.sans_reservation) == (False, 0, False)
    assert presences.presences_de(SUIVANT, SUIVANT) == {}


def test_une_correction_dit_au_journal_ce_qui_etait_et_qui_l_a_change(jour: Jour) -> None:
    jour.pointer("anouk", arrivee=time(8, 12))
    jour.pointer("anouk", depart=time(17, 40))
    assert not Entree.objects.filter(action="presence.correction").exists()
    jour.pointer("anouk", "absent_injustifie")
    entree = Entree.objects.get(action="presence.correction")
    assert entree.acteur == jour.lucas.compte
    assert entree.details["avant"] == "present 08:12 17:40"
    assert entree.details["apres"] == "absent_injustifie"
    assert Pointage.objects.get().arrivee is None


def test_un_depart_avant_l_arrivee_ne_s_ecrit_pas(jour: Jour) -> None:
    jour.pointer("anouk", arrivee=time(9))
    with pytest.raises(Refus, match="vient avant l’arrivée"):
        jour.pointer("anouk", depart=time(8, 30))
    assert Pointage.objects.get().depart is None


def test_tous_presents_sauf_ceux_que_leur_famille_dit_absents(jour: Jour) -> None:
    declarer(jour)
    assert presences.tous_presents(jour.lucas, [jour.grands]) == 1
    assert Pointage.objects.get().enfant == jour.roussel.enfants["anouk"]
    assert presences.tous_presents(jour.lucas, [jour.grands]) == 0


def test_un_jour_ferme_et_un_jour_a_venir_se_refusent(jour: Jour) -> None:
    Ouverture.objects.update(fermeture="Grève")
    with pytest.raises(Refus, match=r"fermé ce jour-là \(Grève\)"):
        jour.pointer("anouk")
    Ouverture.objects.update(fermeture="")
    demain = Ouverture.objects.get(unite__code="journee", date=SUIVANT, groupe__age_min=6)
    reserver(jour.roussel, "anouk", demain)
    with pytest.raises(Refus, match="à venir"):
        presences.tous_presents(jour.lucas, [demain])
    assert not Pointage.objects.exists()


def test_un_enfant_que_personne_n_attend_s_ajoute_et_ne_peut_etre_dit_absent(jour: Jour) -> None:
    malo = jour.fauvel.enfants["malo"]
    with pytest.raises(Introuvable):
        presences.pointer(jour.lucas, jour.grands, malo.pk, "present")
    un = presences.ajouter(jour.lucas, jour.grands, malo.pk, jour.fauvel.famille.pk)
    assert (un.sans_reservation, un.arrivee, un.famille) == (True, time(17), jour.fauvel.famille)
    with pytest.raises(Refus, match="effacez"):
        presences.pointer(jour.lucas, jour.grands, malo.pk, "absent_injustifie")
    with pytest.raises(Refus, match="déjà sur la liste"):
        presences.ajouter(jour.lucas, jour.grands, jour.roussel.enfants["anouk"].pk, jour.roussel.famille.pk)
    with pytest.raises(Introuvable):  # not a household of this child
        presences.ajouter(jour.lucas, jour.grands, malo.pk, jour.roussel.famille.pk)
    with pytest.raises(Refus, match="reçoit de 6 à 11 ans"):
        presences.ajouter(jour.lucas, jour.grands, jour.roussel.enfants["jeanne"].pk, jour.roussel.famille.pk)
    presences.effacer(jour.lucas, jour.grands, malo.pk)
    assert not Pointage.objects.exists()


def test_quarante_enfants_se_lisent_en_deux_requetes(jour: Jour) -> None:
    for n in range(40):
        enfant = Enfant.objects.create(prenom=f"Lou {n}", nom="Giraudet", date_naissance=date(2018, 1, 1))
        famille = Famille.objects.create(numero=f"FAM-2{n:04}", nom="Giraudet")
        Rattachement.objects.create(enfant=enfant, famille=famille)
        Reservation.objects.create(
            enfant=enfant, famille=famille, ouverture=jour.grands, activite=jour.grands.activite, date=MERCREDI
        )
    centre = jour.grands.activite.centre
    tarifs()  # kept in memory
    with CaptureQueriesContext(connection) as requetes:
        lignes = presences.feuille(centre, MERCREDI)
        assert {une.groupe[1] for une in lignes} == {"Chaveignes mercredis · 6-11 ans"}
    assert (len(lignes), len(requetes)) == (42, 2)


# -- absences and their proofs -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("recu", "heures"),
    [("2026-12-01 10:00", 0), ("2026-12-02 07:30", 0), ("2026-12-02 07:31", 1), ("2026-12-04 07:30", 48)],
)
def test_une_preuve_a_temps_justifie(jour: Jour, horloge: Callable[[str], object], recu: str, heures: int) -> None:
    une = declarer(jour)
    jour.pointer("elio", "absent_injustifie")
    horloge("2026-12-05 09:00")
    absences.justifier(jour.lucas, une, "maladie", _a(recu), MALADIE)
    lue = absences.absences_de(MERCREDI, MERCREDI)[une.enfant_id, une.ouverture_id]
    assert (lue.motif, lue.preuve_apres_heures) == ("maladie", heures)
    assert Pointage.objects.get().etat == Pointage.Etat.ABSENT_JUSTIFIE


def test_une_preuve_apres_son_delai_est_refusee_et_rien_ne_change(jour: Jour, horloge: Callable[[str], object]) -> None:
    une = declarer(jour)
    horloge("2026-12-05 09:00")
    with pytest.raises(Refus, match=r"trop tard : il fallait le recevoir avant le vendredi 4 décembre à 7.h.30"):
        absences.justifier(jour.lucas, une, "maladie", _a("2026-12-04 07:31"), MALADIE)
    with pytest.raises(Refus, match="aujourd’hui ou avant"):
        absences.justifier(jour.lucas, une, "maladie", _a("2026-12-06 07:31"), MALADIE)
    with pytest.raises(Refus, match="n’excusent pas"):
        absences.justifier(jour.lucas, une, "flemme", _a("2026-12-02 07:31"), None)
    assert absences.absences_de(MERCREDI, MERCREDI)[une.enfant_id, une.ouverture_id].preuve_apres_heures is None


def test_un_enfant_present_n_a_pas_d_absence_a_justifier(jour: Jour) -> None:
    une = declarer(jour)
    jour.pointer("elio")
    with pytest.raises(Refus, match="pointé présent"):
        absences.justifier(jour.lucas, une, "maladie", maintenant(), MALADIE)
    assert absences.a_examiner(jour.lucas) == []


def test_ne_pas_justifier_efface_l_excuse_et_demande_pourquoi(jour: Jour) -> None:
    une = declarer(jour)
    assert absences.a_examiner(jour.lucas) == [une]
    with pytest.raises(Refus, match="Dites pourquoi"):
        absences.ne_pas_justifier(jour.lucas, une, "  ")
    absences.ne_pas_justifier(jour.lucas, une, "Pas de certificat")
    assert absences.absences_de(MERCREDI, MERCREDI)[une.enfant_id, une.ouverture_id].motif == ""
    assert absences.a_examiner(jour.lucas) == []


def test_une_absence_que_la_famille_n_avait_pas_dite_s_examine_apres_le_pointage(jour: Jour) -> None:
    une = Reservation.objects.get(enfant=jour.roussel.enfants["elio"])
    assert absences.a_examiner(jour.lucas) == []
    jour.pointer("elio", "absent_injustifie")
    assert absences.a_examiner(jour.lucas) == [une]
    absences.justifier(jour.lucas, une, "maladie", maintenant(), MALADIE)
    lue = absences.absences_de(MERCREDI, MERCREDI)[une.enfant_id, une.ouverture_id]
    assert (lue.declaree_le, lue.motif, lue.preuve_apres_heures) == (None, "maladie", 10)


def _a(texte: str):  # type: ignore[no-untyped-def]
    from datetime import datetime

    from marelle.socle.horloge import PARIS

    return datetime.fromisoformat(texte).replace(tzinfo=PARIS)


# -- the pages of the desk --------------------------------------------------------------------------------------------


@pytest.fixture
def tablette(jour: Jour) -> Client:
    client = Client()
    client.force_login(jour.lucas.compte)
    return client


def texte(reponse) -> str:  # type: ignore[no-untyped-def]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", reponse.content.decode())).replace("\u202f", " ")


def adresse(jour: Jour, prenom: str) -> str:
    return reverse("guichet:pointage", args=[jour.grands.pk, jour.roussel.enfants[prenom].pk])


def test_un_appui_pointe_avec_ou_sans_script(jour: Jour, tablette: Client) -> None:
    page = texte(tablette.get(reverse("guichet:presences")))
    assert "0 présent , 0 absent, 2 à pointer" in page
    assert "Anouk Roussel-Lemoine" in page
    suite = tablette.post(adresse(jour, "anouk"), {"geste": "present"})
    assert suite.url.endswith(f"jour=2026-12-02#p-{jour.grands.pk}-{jour.roussel.enfants['anouk'].pk}")
    rang = tablette.post(adresse(jour, "elio"), {"geste": "absent"}, headers={"HX-Request": "true"})
    assert "<html" not in rang.content.decode()
    assert "1 présent , 1 absent, 0 à pointer" in texte(rang)
    part = tablette.post(adresse(jour, "anouk"), {"geste": "depart"}, headers={"HX-Request": "true"})
    assert "départ 17 h" in texte(part).replace("\u00a0", " ")


def test_sans_centre_on_voit_celui_ou_l_on_attend_des_enfants_le_dernier_vu_d_abord(jour: Jour) -> None:
    """Avoine is the first by name; nobody is expected there until a child is booked."""
    avoine = monde.activite("avoine")
    ici, la_bas = jour.grands.activite.centre, avoine.centre
    client = Client()
    client.force_login(gens.nadia().compte)

    def montre(nom: str = "guichet:presences", **choix: object) -> int:
        return client.get(reverse(nom), choix).context["centre"].pk

    assert (montre(), montre("guichet:liste_du_jour")) == (ici.pk, ici.pk)
    assert montre(centre=la_bas.pk) == la_bas.pk
    assert montre() == ici.pk  # it was used last, but nobody comes there today
    matin = Ouverture.objects.get(activite=avoine, unite__code="matin", date=MERCREDI, groupe__age_min=6)
    reserver(jour.fauvel, "malo", matin)
    assert (montre(), montre("guichet:liste_du_jour")) == (la_bas.pk, la_bas.pk)
    assert montre(centre=ici.pk) == ici.pk
    assert montre() == ici.pk
    assert montre(jour="2026-12-09") == ici.pk  # nobody anywhere: the last one used
    assert client.get(reverse("guichet:presences"), {"centre": "0"}).status_code == 404


def test_les_heures_s_ecrivent_et_se_refusent_avec_une_phrase(jour: Jour, tablette: Client) -> None:
    tablette.post(adresse(jour, "anouk"), {"geste": "heures", "arrivee": "08:05", "depart": "18:40"})
    assert Pointage.objects.get().minutes_de_retard == 10
    for heures, phrase in (({"arrivee": "19:00", "depart": "18:40"}, "avant l’arrivée"), ({"arrivee": "x"}, "17:30")):
        refus = tablette.post(adresse(jour, "anouk"), {"geste": "heures", **heures})
        assert (refus.status_code, phrase in refus.content.decode()) == (409, True)
    assert Pointage.objects.get().arrivee == time(8, 5)
    assert "Dites si l’enfant" in tablette.post(adresse(jour, "anouk"), {"geste": "danse"}).content.decode()


def test_on_ajoute_un_enfant_par_son_nom(jour: Jour, tablette: Client) -> None:
    trouve = tablette.get(reverse("guichet:presence_ajout"), {"q": "fauv", "jour": "2026-12-02"})
    assert "Malo Fauvel" in texte(trouve)
    donnees = {"enfant": jour.fauvel.enfants["malo"].pk, "famille": jour.fauvel.famille.pk, "ouverture": jour.grands.pk}
    suite = tablette.post(reverse("guichet:presence_ajout"), {**donnees, "jour": "2026-12-02"}, follow=True)
    assert "sans réservation" in texte(suite)
    assert tablette.post(reverse("guichet:presence_ajout"), {**donnees, "jour": "2026-12-02"}).status_code == 409
    assert tablette.post(reverse("guichet:presence_ajout"), {"enfant": "x"}).status_code == 404


def test_un_autre_centre_n_existe_pas_et_la_lecture_seule_ne_pointe_pas(jour: Jour, tablette: Client) -> None:
    from marelle.activites.models import Centre

    jour.lucas.centres.add(Centre.objects.create(code="ailleurs", nom="Ailleurs"))
    assert tablette.post(adresse(jour, "anouk"), {"geste": "present"}).status_code == 404
    assert tablette.post(reverse("guichet:presences_tous"), {"ouverture": jour.grands.pk}).status_code == 404
    assert tablette.get(reverse("guichet:absences")).status_code == 403
    assert not Pointage.objects.exists()


def test_le_secretariat_examine_les_absences(jour: Jour) -> None:
    karim = Client()
    karim.force_login(gens.karim().compte)
    une = declarer(jour)
    charger_tarifs(TARIFS, "essai")
    assert "Élio Roussel" in texte(karim.get(reverse("guichet:absences")))
    adresse = reverse("guichet:absence_justification", args=[une.pk])
    refus = karim.post(adresse, {"motif": "maladie", "recu_le": "2026-12-03"})
    assert (refus.status_code, "aujourd’hui ou avant" in refus.content.decode()) == (409, True)
    assert karim.post(adresse, {"motif": "maladie", "recu_le": "2026-12-02"}).status_code == 302
    assert Absence.objects.get().justification == Absence.Justification.ACCEPTEE
