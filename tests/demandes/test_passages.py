"""The table of passages, whole: what it allows happens, everything else is refused and changes nothing."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import pytest
from django.utils import timezone

from marelle.activites.models import Activite
from marelle.demandes import decision
from marelle.demandes.models import Demande, Envoi, Passage
from marelle.demandes.passages import TABLE, Acteur, Etat, Verbe, peut
from marelle.demandes.passer import Auteur, Cahier
from marelle.familles.models import Famille
from marelle.reservations.models import Place
from marelle.socle.erreurs import Refus
from tests.reservations.terrain import terrain

pytestmark = pytest.mark.django_db
TOUT = list(itertools.product(Etat, Verbe, Acteur))
SERVICE = Auteur(Acteur.AGENT, None, "Karim Benali")


def une_demande(etat: Etat, activite: Activite | None = None) -> Demande:
    famille, _ = Famille.objects.get_or_create(numero="F", defaults={"nom": "Fauvel"})
    envoi = Envoi.objects.create(
        famille=famille, depose_le=timezone.now(), jeton="0" * 31 + str(list(Etat).index(etat))
    )
    return Demande.objects.create(
        famille=famille,
        nature="reservation",
        activite=activite,
        etat=etat,
        origine="famille",
        envoi=envoi,
        depose_le=envoi.depose_le,
        motif="Complet." if etat is Etat.REFUSEE else "",
    )


def test_chaque_passage_de_la_table_se_fait_et_aucun_autre() -> None:
    for etat, verbe, acteur in TOUT:
        demande = une_demande(etat)
        cahier = Cahier(timezone.now())
        permis = etat in TABLE[verbe].depuis and acteur in TABLE[verbe].par
        assert peut(etat, verbe, acteur) is permis
        try:
            cahier.passer(demande, verbe, Auteur(acteur, None, "Quelqu’un"), motif="Parce que.")
        except Refus:
            assert not permis, (etat, verbe, acteur)
            assert cahier.passages == []
        else:
            assert permis, (etat, verbe, acteur)
            cahier.ecrire()
            assert Demande.objects.get(pk=demande.pk).etat == TABLE[verbe].vers
            assert Passage.objects.get().vers == TABLE[verbe].vers
            Passage.objects.all().delete()
        Demande.objects.all().delete()
        Envoi.objects.all().delete()


@pytest.mark.parametrize("verbe", [verbe for verbe, regle in TABLE.items() if regle.motif_obligatoire])
@pytest.mark.parametrize("motif", ["", "   ", "\n"])
def test_un_motif_obligatoire_ne_se_contente_pas_d_espaces(verbe: Verbe, motif: str) -> None:
    demande = une_demande(Etat.DEPOSEE)
    with pytest.raises(Refus, match="motif"):
        Cahier(timezone.now()).passer(demande, verbe, SERVICE, motif=motif)
    assert demande.etat == Etat.DEPOSEE


ACTIONS: dict[Verbe, Callable[[int], object]] = {
    Verbe.ACCEPTER: lambda cle: decision.accepter(cle, SERVICE),
    Verbe.REFUSER: lambda cle: decision.refuser(cle, SERVICE, "Complet."),
    Verbe.METTRE_EN_ATTENTE: lambda cle: decision.mettre_en_attente(cle, SERVICE),
    Verbe.RENVOYER: lambda cle: decision.renvoyer(cle, SERVICE, "À revoir."),
}


@pytest.mark.parametrize(("etat", "verbe"), list(itertools.product(Etat, ACTIONS)))
def test_une_action_ne_fait_que_ce_que_la_table_permet(etat: Etat, verbe: Verbe) -> None:
    demande = une_demande(etat, terrain(places=1, familles=1, jours=1).activite)
    if etat in TABLE[verbe].depuis:
        ACTIONS[verbe](demande.pk)
        assert Demande.objects.get().etat == TABLE[verbe].vers
        return
    with pytest.raises(Refus):
        ACTIONS[verbe](demande.pk)
    assert Demande.objects.get().etat == etat
    assert not Passage.objects.exists()
    assert not Place.objects.exists()


def test_la_regle_et_le_service_ne_retirent_pas_ce_qui_est_decide() -> None:
    for etat in (Etat.ACCEPTEE, Etat.REFUSEE, Etat.RETIREE):
        demande = une_demande(etat)
        with pytest.raises(Refus):
            decision.retirer(demande.pk, SERVICE, demande.famille_id)
