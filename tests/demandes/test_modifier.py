"""Changing a demande that waits: a day less, a day more, another formula; all of it or nothing, and never one that is decided."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from marelle.activites.models import Jauge
from marelle.courriels.models import Courriel
from marelle.demandes import decision, panier
from marelle.demandes.models import Demande, JourDemande
from marelle.demandes.modifier import Voulu, formules, modifier
from marelle.demandes.verification import verifier
from marelle.socle.erreurs import Introuvable, Refus
from tests.distribution import Foyer, auteur_agent, famille_fauvel, karim
from tests.monde import dossier_complet, envoyer, portail, roussel_prets, unite

pytestmark = pytest.mark.base
PREMIER, DEUXIEME, TROISIEME = date(2026, 12, 2), date(2026, 12, 9), date(2026, 12, 16)


@pytest.fixture
def roussel(db: None, horloge: Callable[[str], object]) -> Foyer:
    horloge("2026-11-18 10:00")
    portail("chablis")
    return roussel_prets()


@pytest.fixture
def demande(roussel: Foyer, horloge: Callable[[str], object]) -> Demande:
    """Élio, the whole day on two Wednesdays; one hour ago."""
    [une] = envoyer(roussel, roussel.elio, journee(), PREMIER, DEUXIEME)  # type: ignore[arg-type]
    horloge("2026-11-18 11:00")
    return une


def journee():  # type: ignore[no-untyped-def]
    return unite("chablis-mercredis")


def matin():  # type: ignore[no-untyped-def]
    return unite("chablis-mercredis", "matin")


def jour(demande: Demande, le: date) -> JourDemande:
    return demande.jours.get(date=le)


def tel_quel(demande: Demande, **change: int | None) -> dict[int, int | None]:
    """What the page posts when nothing is touched, but the days named."""
    jours = {un.pk: un.ouverture.unite_id for un in demande.jours.select_related("ouverture")}
    return jours | {int(cle): unite for cle, unite in change.items()}


def etats(foyer: Foyer) -> list[tuple[str, str, str]]:
    lignes = JourDemande.objects.filter(demande__famille=foyer.famille).order_by("date", "pk")
    return [
        (f"{le:%d/%m}", code, etat)
        for le, code, etat in lignes.values_list("date", "ouverture__unite__code", "demande__etat")
    ]


def photo() -> tuple[object, ...]:
    return (
        list(Demande.objects.order_by("pk").values_list("pk", "etat", "depose_le")),
        list(JourDemande.objects.order_by("pk").values_list("pk", "demande_id", "ouverture_id")),
        list(Jauge.objects.order_by("pk").values_list("pk", "prises", "retenues", "attente")),
        Courriel.objects.count(),
    )


def test_les_formules_sont_celles_qui_ouvrent_ce_jour_la(demande: Demande) -> None:
    assert [[une.code for une in unites] for unites in formules(demande).values()] == [
        ["journee", "matin", "apres-midi"]
    ] * 2


def test_enlever_un_jour_garde_le_reste_et_son_rang(roussel: Foyer, demande: Demande) -> None:
    arrivee = demande.depose_le
    voulu = Voulu(tel_quel(demande, **{str(jour(demande, DEUXIEME).pk): None}))
    assert modifier(roussel.famille, demande.pk, voulu, roussel.auteur) is None
    assert etats(roussel) == [("02/12", "journee", "deposee"), ("09/12", "journee", "retiree")]
    demande.refresh_from_db()
    assert demande.depose_le == arrivee
    assert verifier() == []


def test_changer_de_formule_et_ajouter_un_jour_prennent_rang_maintenant(roussel: Foyer, demande: Demande) -> None:
    arrivee, accuses = demande.depose_le, Courriel.objects.filter(gabarit="depot").count()
    voulu = Voulu(tel_quel(demande, **{str(jour(demande, DEUXIEME).pk): matin().pk}), ((TROISIEME, journee().pk),))
    envoi = modifier(roussel.famille, demande.pk, voulu, roussel.auteur)
    assert envoi is not None
    assert etats(roussel) == [
        ("02/12", "journee", "deposee"),
        ("09/12", "journee", "retiree"),
        ("09/12", "matin", "deposee"),
        ("16/12", "journee", "deposee"),
    ]
    nouvelle = envoi.demandes.get()
    assert arrivee is not None
    assert nouvelle.depose_le > arrivee
    assert Demande.objects.get(pk=demande.pk).depose_le == arrivee
    assert Courriel.objects.filter(gabarit="depot").count() == accuses + 2, "un accusé à chaque adulte"
    assert (
        Jauge.objects.get(
            date=DEUXIEME, partie="apres_midi", groupe__age_min=6, activite__code="chablis-mercredis"
        ).retenues
        == 0
    )
    assert verifier() == []


def test_le_panier_en_cours_reste_au_panier(roussel: Foyer, demande: Demande) -> None:
    panier.basculer(roussel.famille, roussel.anouk, journee(), TROISIEME)  # type: ignore[arg-type]
    voulu = Voulu(tel_quel(demande), ((TROISIEME, matin().pk),))
    assert modifier(roussel.famille, demande.pk, voulu, roussel.auteur) is not None
    assert [ligne.demande.enfant_id for ligne in panier.lignes_du_panier(roussel.famille)] == [roussel.anouk.pk]


@pytest.mark.parametrize("geste", ["accepter", "refuser", "renvoyer"])
def test_une_demande_decidee_entre_temps_n_est_jamais_changee(roussel: Foyer, demande: Demande, geste: str) -> None:
    """The page was read before; the service decides; then the family posts."""
    voulus = (
        Voulu(tel_quel(demande, **{str(jour(demande, DEUXIEME).pk): None})),
        Voulu(tel_quel(demande, **{str(jour(demande, DEUXIEME).pk): matin().pk})),
        Voulu(tel_quel(demande), ((TROISIEME, journee().pk),)),
    )
    agent = auteur_agent(karim())
    getattr(decision, geste)(demande.pk, agent, **({} if geste == "accepter" else {"motif": "Parce que."}))
    avant = photo()
    for voulu in voulus:
        with pytest.raises(Refus):
            modifier(roussel.famille, demande.pk, voulu, roussel.auteur)
        assert photo() == avant


def test_un_jour_impossible_ne_change_rien_du_tout(roussel: Foyer, demande: Demande) -> None:
    avant = photo()
    enleve = {str(jour(demande, PREMIER).pk): None}
    for ajout, mot in (
        ((date(2026, 12, 3), journee().pk), "n’ouvre pas"),
        ((date(2026, 11, 18), journee().pk), "18 novembre"),
        ((DEUXIEME, matin().pk), "déjà"),
        ((TROISIEME, unite("pontigny-mercredis").pk), "n’ouvre pas"),
        ((TROISIEME, 999_999), "n’ouvre pas"),
    ):
        with pytest.raises(Refus, match=mot):
            modifier(roussel.famille, demande.pk, Voulu(tel_quel(demande, **enleve), (ajout,)), roussel.auteur)
        assert photo() == avant


def test_ne_rien_changer_ou_tout_enlever_se_dit(roussel: Foyer, demande: Demande) -> None:
    with pytest.raises(Refus, match="Rien n’a changé"):
        modifier(roussel.famille, demande.pk, Voulu(tel_quel(demande)), roussel.auteur)
    with pytest.raises(Refus, match="Gardez au moins un jour"):
        modifier(roussel.famille, demande.pk, Voulu(dict.fromkeys(tel_quel(demande))), roussel.auteur)


def test_la_demande_ou_le_jour_d_une_autre_famille_n_existe_pas(roussel: Foyer, demande: Demande) -> None:
    fauvel = famille_fauvel()
    dossier_complet(fauvel, fauvel.malo)  # type: ignore[arg-type]
    [autre] = envoyer(fauvel, fauvel.malo, journee(), PREMIER)  # type: ignore[arg-type]
    avant = photo()
    with pytest.raises(Introuvable):
        modifier(fauvel.famille, demande.pk, Voulu(dict.fromkeys(tel_quel(demande))), fauvel.auteur)
    with pytest.raises(Introuvable):
        modifier(roussel.famille, demande.pk, Voulu(tel_quel(demande) | dict.fromkeys(tel_quel(autre))), roussel.auteur)
    assert photo() == avant


def test_une_place_que_d_autres_attendent_ne_se_perd_pas_en_changeant(roussel: Foyer, demande: Demande) -> None:
    """Giving back the day would serve who waits: the change is refused, and the place stays."""
    Jauge.objects.filter(date=PREMIER, activite__code="chablis-mercredis", groupe__age_min=6).update(places=1)
    fauvel = famille_fauvel()
    dossier_complet(fauvel, fauvel.malo)  # type: ignore[arg-type]
    [autre] = envoyer(fauvel, fauvel.malo, journee(), PREMIER)  # type: ignore[arg-type]
    assert autre.etat == "liste_attente"
    avant = photo()
    voulu = Voulu(tel_quel(demande, **{str(jour(demande, PREMIER).pk): matin().pk}))
    with pytest.raises(Refus):
        modifier(roussel.famille, demande.pk, voulu, roussel.auteur)
    assert photo() == avant
    assert verifier() == []


def test_decidee_pendant_qu_on_attendait_le_verrou(
    roussel: Foyer, demande: Demande, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The demande was waiting when it was read; the service's answer stands when the places are ours."""
    from marelle.demandes import modifier as module

    agent, vrai = auteur_agent(karim()), module.ouvrir

    def le_service_passe_d_abord(*arguments: object) -> object:
        decision.accepter(demande.pk, agent)
        return vrai(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(module, "ouvrir", le_service_passe_d_abord)
    with pytest.raises(Refus, match="déjà « acceptée »"):
        modifier(roussel.famille, demande.pk, Voulu(tel_quel(demande), ((TROISIEME, journee().pk),)), roussel.auteur)
