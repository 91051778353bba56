"""A mandate that nothing used for 36 months is void: not debited, not sent, said at the desk, replaced by a new one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from marelle.comptes.models import Agent
from marelle.creances.models import Payeur, Regie
from marelle.creances.payeurs import payeur_de
from marelle.journal.models import Entree
from marelle.regie import fichier_sepa, mandats_sepa, prelevements
from marelle.regie.caducite import caducites
from marelle.regie.models import MandatSepa
from marelle.socle.erreurs import Refus
from marelle.socle.horloge import aujourdhui, maintenant
from tests.distribution import Foyer

from .conftest import Facturer
from .test_prelevements import IBAN, signer

pytestmark = pytest.mark.django_db
Horloge = Callable[[str], object]
LE = date(2026, 12, 15)


def ancien(regie: Regie, payeur: Payeur, agent: Agent, signe_le: date, **autres: object) -> MandatSepa:
    """A mandate entered in its time: nothing refuses it today."""
    return MandatSepa.objects.create(
        payeur=payeur, regie=regie, rum="MARELLE-1", titulaire="Camille Roussel", iban=IBAN.replace(" ", ""),
        iban_fin="0185", bic="BDFEFRPPCCT", signe_le=signe_le, saisi_le=maintenant(), saisi_par=agent, **autres,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("signe_le", "est_preleve"), [(date(2023, 12, 16), True), (date(2023, 12, 15), False), (date(2023, 12, 14), False)]
)
def test_trente_cinq_mois_et_trente_jours_servent_trente_six_non(
    signe_le: date, est_preleve: bool, facturer: Facturer, regie: Regie, payeur: Payeur, regisseuse: Agent
) -> None:
    facturer(payeur, 4860)
    ancien(regie, payeur, regisseuse, signe_le)
    assert bool(prelevements.proposer(regie, LE)) is est_preleve
    if est_preleve:
        assert prelevements.preparer(regie, LE, auteur=regisseuse).nombre == 1
    else:
        with pytest.raises(Refus, match="1 mandat est caduc à cette date"):
            prelevements.preparer(regie, LE, auteur=regisseuse)


def test_un_prelevement_le_renouvelle_un_abandon_non(
    facturer: Facturer, regie: Regie, payeur: Payeur, regisseuse: Agent, horloge: Horloge
) -> None:
    facturer(payeur, 4860)
    mandat = ancien(regie, payeur, regisseuse, date(2024, 1, 10))
    run = prelevements.preparer(regie, LE, auteur=regisseuse)
    assert caducites([mandat], date(2029, 12, 14)) == {}
    assert caducites([mandat], date(2029, 12, 15)) == {mandat.pk: date(2029, 12, 15)}
    prelevements.abandonner(run, auteur=regisseuse)
    assert caducites([mandat], date(2029, 12, 14)) == {mandat.pk: date(2027, 1, 10)}


def test_un_prelevement_rejete_compte_encore(
    facturer: Facturer, regie: Regie, payeur: Payeur, regisseuse: Agent, horloge: Horloge
) -> None:
    from marelle.creances.models import Paiement
    from marelle.regie.encaissements import annuler

    facturer(payeur, 4860)
    mandat = ancien(regie, payeur, regisseuse, date(2024, 1, 10))
    run = prelevements.preparer(regie, LE, auteur=regisseuse)
    horloge("2026-12-15 09:00")
    prelevements.enregistrer(run, auteur=regisseuse)
    annuler(Paiement.objects.get(), prelevements.dire_le_rejet("AM04"), auteur=regisseuse)
    assert caducites([mandat], date(2029, 12, 14)) == {}


def test_ce_qui_le_devient_apres_la_preparation_ne_part_pas_a_la_banque(
    facturer: Facturer, regie: Regie, payeur: Payeur, regisseuse: Agent, horloge: Horloge
) -> None:
    """The run that kept it alive was abandoned since."""
    facturer(payeur, 4860)
    mandat = ancien(regie, payeur, regisseuse, date(2023, 12, 20))
    premier = prelevements.preparer(regie, LE, auteur=regisseuse)
    facturer(payeur, 2005)
    second = prelevements.preparer(regie, date(2027, 1, 5), auteur=regisseuse)
    assert fichier_sepa.remettre(second, auteur=regisseuse)
    prelevements.abandonner(premier, auteur=regisseuse)
    with pytest.raises(Refus, match=f"Caduc au 05/01/2027.* : {mandat.rum}. Abandonnez"):
        fichier_sepa.remettre(second, auteur=regisseuse)
    horloge("2027-01-05 09:00")
    prelevements.enregistrer(second, auteur=regisseuse)  # the bank had the file already: the money came
    assert mandat.rum in fichier_sepa.ecrire(second).decode()


def test_un_mandat_qui_servait_ailleurs_dit_son_dernier_prelevement(
    facturer: Facturer, regie: Regie, payeur: Payeur, regisseuse: Agent
) -> None:
    facturer(payeur, 4860)
    with pytest.raises(Refus, match="depuis 36 mois"):
        signer(regie, payeur, regisseuse, signe_le=date(2015, 3, 1))
    for jour, phrase in ((date(2026, 11, 21), "à venir"), (date(2015, 2, 28), "avant la signature")):
        with pytest.raises(Refus, match=phrase):
            signer(regie, payeur, regisseuse, signe_le=date(2015, 3, 1), dernier_ailleurs_le=jour)
    signer(regie, payeur, regisseuse, signe_le=date(2015, 3, 1), dernier_ailleurs_le=date(2026, 10, 5))
    (une,) = prelevements.proposer(regie, LE)
    assert une.sequence == "RCUR"


def test_un_nouveau_mandat_remplace_celui_qui_est_caduc(
    regie: Regie, payeur: Payeur, regisseuse: Agent, horloge: Horloge
) -> None:
    mort = ancien(regie, payeur, regisseuse, date(2023, 11, 21))
    with pytest.raises(Refus, match="déjà un mandat en vigueur"):
        signer(regie, payeur, regisseuse)
    horloge("2026-11-21 00:01")  # in Paris: it is still the 20th in UTC
    neuf = signer(regie, payeur, regisseuse)
    mort.refresh_from_db()
    assert "36 mois" in mort.revoque_motif
    assert mandats_sepa.mandat_du_payeur(payeur, regie) == neuf
    assert Entree.objects.filter(action="regie.mandat_sepa_revoque").count() == 1


def test_un_mandat_tenu_pour_caduc_se_ressaisit_avec_son_dernier_prelevement_et_sa_rum(
    facturer: Facturer, regie: Regie, payeur: Payeur, fauvel: Foyer, regisseuse: Agent
) -> None:
    """It was entered without the collections made elsewhere: the paper, and its RUM, are the same."""
    facturer(payeur, 4860)
    signe_le = date(2023, 11, 20)
    mort = ancien(regie, payeur, regisseuse, signe_le)
    meme = {"rum": mort.rum, "signe_le": signe_le, "dernier_ailleurs_le": date(2026, 10, 5)}
    for autre in ({"payeur": payeur_de(fauvel.famille)}, {"signe_le": date(2024, 1, 10)}):
        with pytest.raises(Refus, match="celle d’un autre mandat"):
            signer(**({"regie": regie, "payeur": payeur, "agent": regisseuse} | meme | autre))
    neuf = signer(regie, payeur, regisseuse, **meme)
    assert (neuf.rum, mandats_sepa.mandat_du_payeur(payeur, regie)) == (mort.rum, neuf)
    (une,) = prelevements.proposer(regie, LE)
    assert (une.mandat, une.sequence) == (neuf, "RCUR")
    mandats_sepa.revoquer(neuf, "Compte clos", auteur=regisseuse)
    with pytest.raises(Refus, match="celle d’un autre mandat"):  # revoked for good
        signer(regie, payeur, regisseuse, **meme)


def test_le_guichet_le_dit(
    guichet: Callable[[Agent], Client], facturer: Facturer, regie: Regie, payeur: Payeur, regisseuse: Agent
) -> None:
    facturer(payeur, 4860)
    ancien(regie, payeur, regisseuse, date(2023, 11, 20))
    client, ici = guichet(regisseuse), "/guichet/finances/regie/1/"
    phrase = "Caduc depuis le 20 novembre : aucun prélèvement depuis 36 mois, un nouveau mandat est à signer"
    for adresse in ("prelevements/", f"payeurs/{payeur.pk}/"):
        assert phrase in client.get(ici + adresse).content.decode().replace("\u00a0", " ").replace("\u202f", " ")
    assert "Enregistrer un mandat signé" in client.get(f"{ici}payeurs/{payeur.pk}/").content.decode()
    assert aujourdhui() == date(2026, 11, 20)


def test_le_guichet_dit_ce_qui_le_sera_a_la_date_choisie(
    guichet: Callable[[Agent], Client], facturer: Facturer, regie: Regie, payeur: Payeur, regisseuse: Agent
) -> None:
    facturer(payeur, 4860)
    ancien(regie, payeur, regisseuse, date(2023, 12, 10))
    dite = guichet(regisseuse).get("/guichet/finances/regie/1/prelevements/", {"jour": "2026-12-15"}).content.decode()
    assert "Caduc à partir du 10 décembre" in dite
