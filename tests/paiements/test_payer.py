"""From the choice of the invoices to the payment: what is asked of PayFiP, and what each of its answers becomes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from marelle.courriels.models import Courriel
from marelle.creances import soldes, verification
from marelle.creances.encaissement import encaisser
from marelle.creances.models import Facture, Mandat, Paiement, Payeur, Regie
from marelle.creances.payeurs import payeur_adulte, payeur_de
from marelle.familles.models import Acces
from marelle.journal.models import Entree
from marelle.paiements import selection
from marelle.paiements.interrogation import interroger
from marelle.paiements.models import Etat, Tentative
from marelle.paiements.payfip import ErreurPayfip, decrire_client, page_de_paiement
from marelle.paiements.preparation import EnCours, SansAdresse, TotalChange, preparer
from marelle.paiements.reconciliation import reconcilier
from marelle.socle.erreurs import ErreurMarelle, Introuvable, Refus
from tests.distribution import Foyer, famille_fauvel, nadia
from tests.paiements.conftest import RETOURS, Simulateur

pytestmark = pytest.mark.django_db
Commencer = Callable[..., Tentative]
Facturer = Callable[..., Facture]


def recus() -> list[tuple[int, str]]:
    return list(Paiement.objects.order_by("pk").values_list("montant_centimes", "mode"))


def relu(tentative: Tentative) -> Tentative:
    return Tentative.objects.select_related("regie", "payeur", "paiement").get(pk=tentative.pk)


def reste(facture: Facture) -> int:
    return soldes.avec_restes(Facture.objects.filter(pk=facture.pk)).get().reste_centimes


# What is asked


def test_le_serveur_calcule_ce_qui_est_du_et_payfip_le_recoit_au_centime(
    facturer: Facturer, commencer: Commencer, payfip: Simulateur
) -> None:
    premiere, seconde = facturer(1999), facturer(4860)
    tentative = commencer(premiere, seconde)
    demande = payfip()["operations"][tentative.idop]["demande"]
    assert demande["montant"] == "6859"
    assert demande["refdet"] == tentative.refdet == f"P{premiere.numero}N2T01"
    assert demande["numcli"] == "102030"
    assert demande["saisie"] == "T"
    assert demande["objet"] == f"Factures {premiere.numero} {seconde.numero}"
    assert tentative.etat == Etat.EN_ATTENTE
    assert page_de_paiement(tentative.regie, tentative.idop or "") == (
        f"{payfip.adresse}/tpa/paiementws.web?idop={tentative.idop}"
    )


@pytest.mark.parametrize("centimes", [100, 1999, 1001, 805, 106_480, 9_999_999])
def test_aucun_montant_ne_perd_un_centime(
    facturer: Facturer, commencer: Commencer, payfip: Simulateur, centimes: int
) -> None:
    tentative = commencer(facturer(centimes))
    assert payfip()["operations"][tentative.idop]["demande"]["montant"] == str(centimes)


def test_une_tentative_se_lit_sur_les_listes_du_regisseur(
    facturer: Facturer, commencer: Commencer, payfip: Simulateur
) -> None:
    facture = facturer(4860)
    premiere = commencer(facture)
    assert premiere.refdet == f"F{facture.numero}T01"
    payfip.issue(premiere, "A")
    interroger(premiere)
    assert commencer(facture).refdet == f"F{facture.numero}T02"


def test_une_partie_est_payee_la_plus_ancienne_d_abord(
    facturer: Facturer, commencer: Commencer, payfip: Simulateur
) -> None:
    premiere, seconde = facturer(3000), facturer(4860)
    tentative = commencer(premiere, seconde, montant_centimes=5000)
    payfip.issue(tentative, "P")
    interroger(tentative)
    assert (reste(premiere), reste(seconde)) == (0, 2860)


@pytest.mark.parametrize(
    ("montant", "phrase"),
    [
        (50, "PayFiP ne reçoit pas moins de 1,00\u00a0€"),
        (9999, "Il reste 48,60\u00a0€ à payer"),
        (-5, "−5"),
        (0, "0,00"),
    ],
)
def test_un_montant_qui_ne_va_pas_est_refuse_avec_sa_phrase(
    facturer: Facturer, commencer: Commencer, montant: int, phrase: str
) -> None:
    with pytest.raises(Refus) as refus:
        commencer(facturer(4860), montant_centimes=montant)
    assert phrase.replace("−5", "\u22120,05") in refus.value.phrase
    assert not Tentative.objects.exists()


def test_la_regie_qui_ne_le_permet_pas_ne_prend_pas_de_partie(facturer: Facturer, commencer: Commencer) -> None:
    facture = facturer(4860, regie=Regie.objects.get(code=3))
    with pytest.raises(Refus, match="plusieurs fois"):
        commencer(facture, montant_centimes=1000)


def test_personne_ne_paie_un_total_qu_il_n_a_pas_lu(facturer: Facturer, commencer: Commencer) -> None:
    with pytest.raises(TotalChange, match="48,60"):
        commencer(facturer(4860), vu_centimes=3000)


def test_on_ne_paie_que_ce_qu_on_voit(facturer: Facturer, commencer: Commencer, roussel: Foyer) -> None:
    autre = facturer(4860, de=payeur_de(famille_fauvel().famille))
    with pytest.raises(Introuvable):
        commencer(autre)
    with pytest.raises(Introuvable):
        commencer(facturer(1000), autre)


def test_l_autre_parent_ne_voit_ni_ne_paie_ce_qui_est_facture_a_part(
    facturer: Facturer, commencer: Commencer, roussel: Foyer, acces: Acces
) -> None:
    de_paul = facturer(4860, de=payeur_adulte(roussel.paul))
    acces.responsable = roussel.camille
    acces.save()
    with pytest.raises(Introuvable):
        commencer(de_paul)
    assert selection.groupes(acces) == []


def test_deux_payeurs_ou_deux_regies_ne_se_paient_pas_ensemble(
    facturer: Facturer, commencer: Commencer, roussel: Foyer
) -> None:
    with pytest.raises(Refus, match="ne se paient pas ensemble"):
        commencer(facturer(1000), facturer(2000, de=payeur_adulte(roussel.paul)))
    with pytest.raises(Refus, match="ne se paient pas ensemble"):
        commencer(facturer(1000), facturer(2000, regie=Regie.objects.get(code=3)))


def test_un_titre_se_paie_avec_les_references_de_l_avis(facturer: Facturer, commencer: Commencer) -> None:
    with pytest.raises(Refus, match="avis des sommes à payer"):
        commencer(facturer(4860, regie=Regie.objects.get(code=2)))


def test_rien_de_choisi_ou_sans_adresse(facturer: Facturer, acces: Acces, payfip: Simulateur) -> None:
    with pytest.raises(ErreurMarelle, match="au moins une facture"):
        preparer(acces, [], retours=RETOURS, mel="a@b.fr")
    facture = facturer(1000)
    for mel in ("", "camille", "a@b", "é" * 5 + "@familles.exemple", "a" * 76 + "@b.fr"):
        with pytest.raises(SansAdresse):
            preparer(acces, [facture.numero], retours=RETOURS, mel=mel)


def test_ce_qui_est_demande_ne_se_reecrit_pas(facturer: Facturer, commencer: Commencer) -> None:
    tentative = commencer(facturer(4860))
    for ecriture in (
        lambda: Tentative.objects.filter(pk=tentative.pk).update(montant_centimes=1),
        lambda: tentative.lignes.update(montant_centimes=1),
        lambda: Tentative.objects.filter(pk=tentative.pk).update(saisie="W"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            ecriture()


# One at a time


def test_pendant_qu_on_paie_la_facture_est_gardee_puis_rendue(
    facturer: Facturer, commencer: Commencer, horloge: Callable[[str], Any]
) -> None:
    voyage = horloge("2026-11-18 10:00")
    premiere, seconde = facturer(1000), facturer(2000)
    tentative = commencer(premiere)
    with pytest.raises(EnCours, match="10 h 15"):
        commencer(premiere, seconde)
    assert list(selection.en_cours([premiere.pk, seconde.pk])) == [premiere.pk]
    voyage.shift(timedelta(minutes=15))
    assert selection.en_cours([premiere.pk]) == {}
    assert commencer(premiere, seconde).pk != tentative.pk


def test_demander_deux_fois_la_meme_chose_reprend_le_meme_paiement(facturer: Facturer, commencer: Commencer) -> None:
    facture = facturer(1000)
    assert commencer(facture) == commencer(facture)
    assert Tentative.objects.count() == 1


@pytest.mark.parametrize("issue", ["R", "Z", "A"])
def test_refuse_ou_abandonne_la_facture_est_libre_aussitot(
    facturer: Facturer, commencer: Commencer, payfip: Simulateur, issue: str
) -> None:
    facture = facturer(1000)
    tentative = commencer(facture)
    payfip.issue(tentative, issue)
    assert interroger(tentative).etat == (Etat.ABANDONNEE if issue == "A" else Etat.REFUSEE)
    assert recus() == []
    assert commencer(facture).pk != tentative.pk
    refus = Courriel.objects.filter(gabarit="paiement_refuse")
    assert refus.count() == (0 if issue == "A" else 1)


# What PayFiP answers


@pytest.mark.parametrize(
    ("issue", "etat", "mode"), [("P", Etat.PAYEE, "en_ligne"), ("V", Etat.PRELEVEE, "prelevement_en_ligne")]
)
def test_paye_c_est_un_paiement_un_recu_et_un_seul(
    facturer: Facturer, commencer: Commencer, payfip: Simulateur, issue: str, etat: str, mode: str
) -> None:
    facture = facturer(4860)
    tentative = commencer(facture)
    assert interroger(tentative).etat == Etat.EN_ATTENTE
    payfip.issue(tentative, issue)
    for _ in range(3):
        tentative = interroger(Tentative.objects.get(pk=tentative.pk))
    assert tentative.etat == etat
    assert recus() == [(4860, mode)]
    assert reste(facture) == 0
    assert tentative.paiement is not None
    assert tentative.paiement.reference_unique == f"payfip:{tentative.idop}"
    assert tentative.refdet in tentative.paiement.reference
    recu = Courriel.objects.get(gabarit="paiement_recu")
    assert tentative.paiement.numero in recu.texte
    assert facture.numero in recu.texte
    assert "02 47" in recu.texte  # the service's telephone: R112-11-1
    assert Entree.objects.filter(action="paiement.en_ligne.recu").count() == 1
    assert verification.verifier() == []


@pytest.mark.parametrize("champ", ["montant", "numcli", "refdet", "saisie", "exer"])
def test_une_reponse_qui_ne_correspond_pas_n_est_jamais_de_l_argent(
    facturer: Facturer, commencer: Commencer, payfip: Simulateur, champ: str
) -> None:
    tentative = commencer(facturer(4860))
    payfip.issue(tentative, "P")
    payfip(idop=tentative.idop, falsifier={champ: "7777"})
    tentative = interroger(tentative)
    assert tentative.etat == Etat.A_VERIFIER
    assert tentative.reponse["ecarts"] == [champ]
    assert recus() == []
    assert list(selection.a_verifier()) == [tentative]
    assert Courriel.objects.filter(gabarit="paiement_a_verifier").count() == 1
    assert Entree.objects.filter(action="paiement.en_ligne.a_verifier").count() == 1
    payfip(idop=tentative.idop, falsifier={})
    assert interroger(relu(tentative)).etat == Etat.A_VERIFIER


def test_un_exercice_coupe_n_est_pas_un_ecart(facturer: Facturer, commencer: Commencer, payfip: Simulateur) -> None:
    tentative = commencer(facturer(4860))
    payfip.issue(tentative, "P")
    payfip(idop=tentative.idop, falsifier={"exer": "20"})
    assert interroger(tentative).etat == Etat.PAYEE


def test_un_essai_n_est_jamais_de_l_argent_en_production(
    facturer: Facturer, commencer: Commencer, payfip: Simulateur, settings: Any
) -> None:
    settings.PRODUCTION = True
    tentative = commencer(facturer(4860))
    payfip.issue(tentative, "P")
    tentative = interroger(tentative)
    assert (tentative.etat, tentative.reponse["ecarts"]) == (Etat.A_VERIFIER, ["essai"])
    assert recus() == []


def test_la_production_demande_w_que_payfip_refuse_sans_activation(
    facturer: Facturer, commencer: Commencer, payfip: Simulateur, settings: Any
) -> None:
    settings.PRODUCTION, settings.PAYFIP_SAISIE = True, "W"
    facture = facturer(4860)
    with pytest.raises(ErreurPayfip) as erreur:
        commencer(facture)
    assert erreur.value.code == "S1"
    assert Tentative.objects.get().etat == Etat.ABANDONNEE
    payfip(accepte_w=True)
    tentative = commencer(facture)
    payfip.issue(tentative, "P")
    assert interroger(tentative).etat == Etat.PAYEE


@pytest.mark.parametrize("mot", ["Q", "", "PP"])
def test_un_mot_inconnu_attend_puis_quelqu_un_regarde(
    facturer: Facturer, commencer: Commencer, payfip: Simulateur, horloge: Callable[[str], Any], mot: str
) -> None:
    voyage = horloge("2026-11-18 10:00")
    tentative = commencer(facturer(4860))
    payfip.issue(tentative, mot)
    assert interroger(tentative).etat == Etat.EN_ATTENTE
    voyage.shift(timedelta(hours=25))
    reconcilier()
    assert relu(tentative).etat == (Etat.A_VERIFIER if mot else Etat.EXPIREE)
    assert recus() == []


def test_une_facture_payee_entre_temps_laisse_une_avance_et_on_le_dit(
    facturer: Facturer, commencer: Commencer, payfip: Simulateur, regie: Regie, payeur: Payeur
) -> None:
    agent = nadia()
    Mandat.objects.create(regie=regie, agent=agent, qualite="titulaire", debut="2020-01-01")
    facture, autre = facturer(4860), facturer(1000)
    tentative = commencer(facture)
    encaisser(regie, payeur, 3000, "cheque", auteur=agent, factures=[(facture, 3000)])
    payfip.issue(tentative, "P")
    tentative = interroger(tentative)
    assert (tentative.etat, reste(facture), reste(autre)) == (Etat.PAYEE, 0, 1000)
    assert [une.reste_centimes for une in soldes.avances(payeur, regie)] == [3000]
    assert "30,00\u00a0€ dépassent" in Courriel.objects.get(gabarit="paiement_recu").texte
    alerte = Courriel.objects.get(gabarit="paiement_a_verifier")
    assert (alerte.destinataire, "30,00\u00a0€" in alerte.texte) == ("nadia@service.exemple", True)
    assert verification.verifier() == []


def test_un_abandon_suivi_d_un_paiement_sur_la_meme_page_est_un_paiement(
    facturer: Facturer, commencer: Commencer, payfip: Simulateur
) -> None:
    tentative = commencer(facturer(4860))
    payfip.issue(tentative, "A")
    tentative = interroger(tentative)
    assert tentative.etat == Etat.ABANDONNEE
    payfip.issue(tentative, "P")
    assert interroger(relu(tentative)).etat == Etat.PAYEE
    assert recus() == [(4860, "en_ligne")]


# When PayFiP does not answer


@pytest.mark.parametrize("panne", ["dysfonctionnement", "indisponible", "protocolaire", "html", "coupure"])
def test_payfip_en_panne_ne_garde_rien_et_ne_perd_rien(
    facturer: Facturer, commencer: Commencer, payfip: Simulateur, panne: str
) -> None:
    facture = facturer(4860)
    payfip(panne=panne, panne_fois=1)
    with pytest.raises(ErreurPayfip, match="Rien n’a été débité"):
        commencer(facture)
    tentative = commencer(facture)
    payfip.issue(tentative, "P")
    payfip(panne=panne, panne_fois=1)
    assert interroger(tentative).etat == Etat.EN_ATTENTE
    assert interroger(relu(tentative)).etat == Etat.PAYEE


def test_un_silence_ne_retient_pas_le_portail(
    facturer: Facturer, commencer: Commencer, payfip: Simulateur, monkeypatch: pytest.MonkeyPatch
) -> None:
    tentative = commencer(facturer(4860))
    payfip.issue(tentative, "P")
    payfip(panne="delai", panne_fois=1, delai_s=2)
    assert interroger(tentative, delai=0.3).etat == Etat.EN_ATTENTE  # type: ignore[arg-type]
    assert relu(tentative).reponse == {"code": "technique"}
    assert interroger(relu(tentative)).etat == Etat.PAYEE


def test_une_adresse_ou_personne_n_ecoute(facturer: Facturer, commencer: Commencer, settings: Any) -> None:
    settings.PAYFIP_ADRESSE = "http://127.0.0.1:9"
    with pytest.raises(ErreurPayfip):
        commencer(facturer(4860))


def test_essayer_ses_reglages(facturer: Facturer, regie: Regie, payfip: Simulateur) -> None:
    assert decrire_client(regie, "102030") == ["SIMULATEUR PAYFIP", "REGIE DE DEMONSTRATION"]
    with pytest.raises(ErreurPayfip) as erreur:
        decrire_client(regie, "999999")
    assert erreur.value.code == "T2"
