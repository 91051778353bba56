"""The service excuses days for all: who is concerned, said once, ended sooner, taken back, what families are told."""

from __future__ import annotations

import re
import uuid
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from marelle.activites.models import Activite, Ouverture
from marelle.courriels.models import Courriel
from marelle.journal.models import Entree
from marelle.reservations import absences, absences_ecole, excuses, excuses_dites
from marelle.reservations.excuses import JourDit, Portee, _se_suivent, plats
from marelle.reservations.excuses_dites import Saisie
from marelle.reservations.models import AbsenceEcole, ExcuseCollective, Reservation
from marelle.socle.erreurs import Introuvable, Refus
from marelle.socle.memoire import oublier
from marelle.tarification.chargement import charger_tarifs
from tests import distribution as gens
from tests.guichet import monde
from tests.guichet.formulaire import formulaire

JUIN, RENTREE, DIX, NOEL = date(2026, 6, 10), date(2026, 9, 1), date(2026, 9, 10), date(2026, 12, 20)


def tiennent(lignes: list[tuple[date, str, str]], jour: date, ecole: str, *classes: str) -> bool:
    """Whether an excuse of that school on that day is about a child whose sheet was written so."""
    portee = Portee("greve", jour, jour, frozenset({1}), ecoles=plats([ecole]), classes=plats(classes))
    return portee.vise(JourDit(1, 1, "repas", jour), _se_suivent(lignes))


def test_la_premiere_fiche_de_l_annee_vaut_depuis_la_rentree_et_les_suivantes_depuis_leur_jour() -> None:
    present = (date.max, "Saint-Joseph", "CE2")
    ecrites = [(JUIN, "Jean-Moulin", "CE1"), (DIX, "Jean Moulin", "CE2"), (NOEL, "Saint-Joseph", "CE2"), present]
    avant, apres = date(2026, 9, 4), date(2027, 1, 5)
    assert tiennent(ecrites, avant, "JEAN MOULIN", "ce2")
    assert not tiennent(ecrites, avant, "Saint-Joseph")
    assert not tiennent(ecrites, apres, "Jean-Moulin")
    assert tiennent(ecrites, apres, "saint joseph", "CE2")
    assert not tiennent(ecrites, JUIN, "Jean-Moulin", "CE2")
    assert tiennent([present], JUIN, "Saint-Joseph")  # without history, what the sheet says
    assert not tiennent([(date.max, "", "")], JUIN, "Saint-Joseph")
    assert tiennent([(RENTREE, "", ""), (DIX, "Saint-Joseph", ""), present], RENTREE, "Saint-Joseph")


TARIFS = """
nom = "Essai"
[[version]]
en_vigueur_le = 2026-09-01
deliberation = "D 1"
absences = { excuses = [
  { motif = "maladie", nom = "maladie", preuve_heures = 48 },
  { motif = "greve", nom = "grève", collective = true },
  { motif = "sortie", nom = "sortie scolaire", collective = true, facture = "25 %" },
  { motif = "ecole", nom = "absent de l’école aussi", si_absent_ecole = true },
] }
[[version.tarifs]]
nom = "Journée"
activites = ["chaveignes-mercredis"]
accueil = "8,00"
"""
MERCREDI, SUIVANT = date(2026, 12, 2), date(2026, 12, 9)


@dataclass
class Service:
    """16 November: Anouk (CM1) and Élio (CE1) booked on the 2nd, Élio on the 9th too, Malo on the 2nd in the morning."""

    roussel: gens.Foyer
    fauvel: gens.Foyer
    activite: Activite
    nadia: Client

    def page(self, nom: str, *cles: object, **donnees: object) -> HttpResponse:
        adresse = reverse(f"guichet:{nom}", args=cles)
        return self.nadia.post(adresse, donnees, follow=True) if donnees else self.nadia.get(adresse)

    def dire(self, **choix: object) -> HttpResponse:
        """The preview, then the confirmation of what it shows."""
        envoye = {"motif": "greve", "debut": MERCREDI, "activites": self.activite.pk, "jeton": uuid.uuid4()} | choix
        vu = formulaire(self.page("excuse_nouvelle", apercu="oui", **envoye)).get("vu", [""])[0]
        return self.page("excuse_nouvelle", dire="oui", vu=vu, **envoye)


@pytest.fixture
def service(db: None, horloge: Callable[[str], object]) -> Service:
    horloge("2026-11-16 09:00")
    gens.collectivite()
    une = monde.activite(places=9)
    charger_tarifs(TARIFS, "essai/tarifs.toml")
    oublier()
    roussel, fauvel = gens.famille_roussel(), gens.famille_fauvel()
    for enfant, ecole, classe in ((roussel.anouk, "Jean-Moulin", "CM1"), (roussel.elio, "Jean Moulin", "CE1")):
        enfant.ecole, enfant.classe = ecole, classe
        enfant.save()
    for foyer, enfant, jour, code in (
        (roussel, roussel.anouk, MERCREDI, "journee"), (roussel, roussel.elio, MERCREDI, "journee"),
        (roussel, roussel.elio, SUIVANT, "journee"), (fauvel, fauvel.malo, MERCREDI, "matin"),
    ):  # fmt: skip
        la = Ouverture.objects.get(unite__activite=une, unite__code=code, date=jour, groupe__age_min=6)
        Reservation.objects.create(enfant=enfant, famille=foyer.famille, ouverture=la, activite=une, date=jour)
    client = Client()
    client.force_login(gens.nadia().compte)
    return Service(roussel, fauvel, une, client)


def nu(page: HttpResponse) -> str:
    return re.sub(r"\s+", " ", page.content.decode().replace("\xa0", " ").replace("\u202f", " "))


def test_on_voit_qui_est_concerne_puis_on_le_dit_et_chaque_famille_recoit_un_courriel(service: Service) -> None:
    choix = {"motif": "greve", "debut": MERCREDI, "activites": service.activite.pk, "jeton": uuid.uuid4()}
    vue = service.page("excuse_nouvelle", apercu="oui", prevenir="on", **choix)
    assert "3 enfants réservés, 3 journées, 2 familles" in nu(vue)
    assert not ExcuseCollective.objects.exists()
    vu = formulaire(vue)["vu"][0]
    for _ in range(2):  # two clicks
        dite = service.page("excuse_nouvelle", dire="oui", vu=vu, prevenir="on", **choix)
    une = ExcuseCollective.objects.get()
    assert (une.motif, une.nom, une.debut, une.fin) == ("greve", "grève", MERCREDI, MERCREDI)
    assert "Grève" in nu(dite)
    assert "familles prévenues" in nu(dite)
    entree = Entree.objects.get(action="excuse.dite")
    assert (entree.details["enfants"], entree.details["activites"]) == (3, service.activite.code)
    par_famille = Counter(Courriel.objects.filter(gabarit="excuse").values_list("dossier", "destinataire"))
    assert set(par_famille.values()) == {1}
    assert len({dossier for dossier, _ in par_famille}) == 2
    texte = Courriel.objects.filter(dossier=f"famille:{service.roussel.famille.pk}").first().texte.replace("\xa0", " ")
    assert "Grève : une absence ce jour-là n’est pas facturée." in texte
    assert "Anouk" in texte
    assert "Malo" not in texte


def test_ce_qui_a_change_depuis_l_apercu_se_relit(service: Service) -> None:
    choix = {"motif": "greve", "debut": MERCREDI, "activites": service.activite.pk, "jeton": uuid.uuid4()}
    vu = formulaire(service.page("excuse_nouvelle", apercu="oui", **choix))["vu"][0]
    Reservation.objects.filter(enfant=service.fauvel.malo).update(etat="annulee")
    refus = service.page("excuse_nouvelle", dire="oui", vu=vu, **choix)
    assert refus.status_code == 409
    assert "ont changé" in nu(refus)
    assert "2 enfants réservés" in nu(refus)
    assert not ExcuseCollective.objects.exists()


def test_une_ecole_une_classe_un_accueil(service: Service) -> None:
    def combien(**choix: object) -> str:
        envoye = {"motif": "greve", "debut": MERCREDI, "fin": SUIVANT, "activites": service.activite.pk} | choix
        page = nu(service.page("excuse_nouvelle", apercu="oui", jeton=uuid.uuid4(), **envoye))
        return re.search(r"\d+ enfants? réservés?, \d+ journées?|Aucun enfant n’est réservé", page)[0]  # type: ignore[index]

    assert combien() == "3 enfants réservés, 4 journées"
    assert combien(ecoles=["Jean-Moulin"]) == "2 enfants réservés, 3 journées"
    assert combien(ecoles=["Jean-Moulin"], classes=["CE1"]) == "1 enfant réservé, 2 journées"
    assert combien(unites=["matin"]) == "1 enfant réservé, 1 journée"
    assert combien(classes=["CE1"], unites=["matin"]) == "Aucun enfant n’est réservé"


def test_finir_plus_tot_ou_annuler_garde_la_trace_et_previent_qui_l_avait_ete(service: Service) -> None:
    service.dire(fin=SUIVANT, prevenir="on")
    une = ExcuseCollective.objects.get()
    assert service.page("excuse_fin", une.pk, fin=SUIVANT).status_code == 409
    service.page("excuse_fin", une.pk, fin=MERCREDI)
    finis = Courriel.objects.filter(gabarit="excuse_finie")
    assert {un.dossier for un in finis} == {f"famille:{service.roussel.famille.pk}"}
    assert "9 décembre" in finis.first().texte.replace("\xa0", " ")
    assert service.page("excuse_annulation", une.pk, raison=" ").status_code == 409
    page = service.page("excuse_annulation", une.pk, raison="Préavis\x00 levé ")
    assert "Préavis levé" in nu(page)
    une.refresh_from_db()
    assert (une.fin, une.annulation) == (MERCREDI, "Préavis levé")
    assert service.page("excuse_annulation", une.pk, raison="encore").status_code == 409
    actions = Entree.objects.filter(action__startswith="excuse.").order_by("pk").values_list("action", flat=True)
    assert list(actions) == ["excuse.dite", "excuse.finie", "excuse.annulee"]


def test_ce_que_les_tarifs_ne_disent_pas_et_qui_ne_peut_pas(service: Service) -> None:
    muette = monde.activite("avoine")
    saisie = Saisie("greve", MERCREDI, MERCREDI, [service.activite, muette])
    with pytest.raises(Refus, match="Avoine mercredis"):
        excuses_dites.apercu(saisie)
    with pytest.raises(Refus, match="trop anciens"):
        excuses_dites.apercu(Saisie("greve", date(2025, 1, 8), date(2025, 1, 8), [service.activite]))
    lucas = gens.lucas()
    client = Client()
    client.force_login(lucas.compte)
    assert client.get(reverse("guichet:excuses")).status_code == 403
    service.dire()
    ailleurs = gens.karim()
    muette.centre.agents.add(ailleurs)
    with pytest.raises(Introuvable):
        excuses_dites.annuler(ailleurs, ExcuseCollective.objects.get().pk, "non")
    assert excuses_dites.excuses_de(ailleurs) == []


def test_la_famille_lit_ce_qui_arrive_si_son_enfant_ne_vient_pas(service: Service) -> None:
    service.dire(motif="sortie", classes=["CE1"])
    service.dire(fin=SUIVANT)
    roussel = service.roussel
    lues = excuses.phrases(roussel.famille, [roussel.anouk.pk, roussel.elio.pk], MERCREDI, SUIVANT)
    greve = "Grève : une absence ce jour-là n’est pas facturée."
    assert lues == {
        (roussel.anouk.pk, MERCREDI): [greve],
        (roussel.elio.pk, MERCREDI): ["Sortie scolaire : une absence ce jour-là est facturée à 25 %.", greve],
        (roussel.elio.pk, SUIVANT): [greve],
    }
    client = Client()
    client.force_login(roussel.compte)
    page = nu(client.get(reverse("espace_famille:mon_calendrier"), {"mois": "2026-12", "enfant": roussel.elio.pk}))
    assert f"Mercredi 9 décembre</strong>. {greve}" in page


def test_absent_de_l_ecole_aussi_d_un_appui_ou_par_la_liste(service: Service, horloge: Callable[[str], object]) -> None:
    """What the service excuses itself needs no proof: it leaves the list of absences to examine."""
    roussel, lucas = service.roussel, gens.lucas()
    horloge("2026-12-02 17:00")
    la = Reservation.objects.get(enfant=roussel.anouk).ouverture
    tablette = Client()
    tablette.force_login(lucas.compte)
    appui = reverse("guichet:pointage", args=[la.pk, roussel.anouk.pk])
    assert "Absent de l’école aussi" not in nu(tablette.get(reverse("guichet:presences")))
    tablette.post(appui, {"geste": "absent"})
    assert "Absent de l’école aussi" in nu(tablette.post(appui, {"geste": "ecole"}, follow=True))
    une = AbsenceEcole.objects.get()
    assert (une.enfant, une.date, une.source, une.notee_par) == (roussel.anouk, MERCREDI, "ecole", lucas)
    assert absences.a_examiner(lucas) == []
    page = tablette.get(reverse("guichet:absences_ecole"), {"jour": MERCREDI})
    assert formulaire(page)["enfant"] == [str(roussel.anouk.pk)]
    deux = [roussel.elio.pk, service.fauvel.malo.pk]
    envoye = {"jour": MERCREDI, "avant": roussel.anouk.pk, "enfant": deux, "source": "famille"}
    tablette.post(reverse("guichet:absences_ecole"), envoye)
    assert set(AbsenceEcole.objects.values_list("enfant", "source")) == {(cle, "famille") for cle in deux}
    assert [len(absences.a_examiner(lucas)), Entree.objects.filter(action__startswith="absence_ecole.").count()] == [
        1,
        4,
    ]
    with pytest.raises(Introuvable):
        absences_ecole.noter_l_ecole(lucas, MERCREDI, [roussel.jeanne.pk])
    with pytest.raises(Refus, match="à venir"):
        absences_ecole.noter_l_ecole(lucas, SUIVANT, [roussel.elio.pk])
