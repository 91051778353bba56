"""Mandates of a budget whose titres the Treasury collects: entered at the desk, carried by the file, void when unused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from marelle.comptes.droits import Role
from marelle.comptes.models import Agent, Compte
from marelle.courriels.models import Courriel
from marelle.creances.imputation import imputer_credits
from marelle.creances.models import Facture, Regie
from marelle.creances.payeurs import destinataire, payeur_de
from marelle.creances.regies import charger_regies
from marelle.facturation import documents, envois
from marelle.familles.models import Responsable
from marelle.regie import mandats_sepa
from marelle.regie.caducite import caducites
from marelle.regie.mandats_sepa import SaisieMandat
from marelle.regie.models import MandatSepa
from marelle.socle.erreurs import Refus
from marelle.socle.horloge import maintenant
from marelle.tresor import envoi
from marelle.tresor.debits_annules import prevenir_des_debits_annules
from marelle.tresor.models import PieceExportee
from tests import distribution as gens
from tests.distribution import Foyer

from .conftest import REGIES
from .test_envoi import arbre, faire
from .test_guichet import texte
from .test_pes import SCHEMAS, avec_schemas

pytestmark = pytest.mark.django_db
Facturer = Callable[..., Facture]
Horloge = Callable[[str], object]
IBAN = "FR76 3000 1007 9412 3456 7890 185"
CHAMPS = {"titulaire": "Camille Roussel", "iban": IBAN, "bic": "BDFEFRPPCCT", "signe_le": "2026-11-01", "rum": "TVV-1"}


@pytest.fixture
def mandat(regie: Regie, roussel: Foyer, agent: Agent) -> Callable[..., MandatSepa]:
    """`mandat(date(2023, 12, 4))`: one signed that day, entered in its time."""

    def signer(signe_le: date, **autres: Any) -> MandatSepa:
        return MandatSepa.objects.create(
            payeur=payeur_de(roussel.famille), regie=regie, rum="TVV-1", titulaire="Camille Roussel", bic="BDFEFRPPCCT",
            iban=IBAN.replace(" ", ""), iban_fin="0185", signe_le=signe_le, saisi_le=maintenant(), saisi_par=agent, **autres,
        )  # fmt: skip

    return signer


# Families are told 14 days before: what is sent on 20 November is debited on 4 December.
@pytest.mark.parametrize(("signe_le", "est_preleve"), [(date(2023, 12, 5), True), (date(2023, 12, 4), False)])
def test_trente_six_mois_sans_prelevement_et_le_titre_part_sans(
    signe_le: date, est_preleve: bool, regie: Regie, agent: Agent, facturer: Facturer, mandat: Callable[..., MandatSepa]
) -> None:
    facture = facturer(4860)
    mandat(signe_le)
    _, prepare = envoi.essayer(regie, "ormc", 2026, date(2026, 11, 20))
    dites = [(une.facture, une.est_bloquante) for une in prepare.anomalies if une.code == "mandat_caduc"]
    assert dites == ([] if est_preleve else [(facture.numero, False)])
    export = faire(regie, agent)
    assert (arbre(export).find(".//InfoPrelevementSEPA") is not None) is est_preleve
    piece = PieceExportee.objects.get(export=export)
    assert piece.preleve_le == (date(2026, 12, 4) if est_preleve else None)


def test_un_titre_preleve_le_renouvelle_un_titre_non_preleve_ou_refuse_non(
    regie: Regie, agent: Agent, facturer: Facturer, mandat: Callable[..., MandatSepa], horloge: Horloge
) -> None:
    signe = mandat(date(2023, 12, 20))
    facturer(4860)
    premier = faire(regie, agent)
    assert caducites([signe], date(2029, 12, 4)) == {signe.pk: date(2029, 12, 4)}
    envoi.annuler(premier.pk, "Poste inconnu", agent)
    assert caducites([signe], date(2029, 12, 4)) == {signe.pk: date(2026, 12, 20)}
    horloge("2027-01-04 09:00")
    faire(regie, agent, jour=date(2027, 1, 4))  # void since: the titre goes, nothing is debited
    assert not PieceExportee.objects.filter(export__annulation__isnull=True, mandat__isnull=False).exists()
    assert caducites([signe], date(2029, 12, 4)) == {signe.pk: date(2026, 12, 20)}


def test_la_famille_est_prevenue_une_fois_quand_le_fichier_est_fait(
    regie: Regie, agent: Agent, facturer: Facturer, mandat: Callable[..., MandatSepa], horloge: Horloge, fauvel: Foyer
) -> None:
    mandat(date(2026, 11, 1))
    facture = facturer(4860)
    facturer(-385, corrige=facture)  # goes with it: what is debited is what is left
    facturer(700, payeur_de(fauvel.famille))  # no mandate: the Treasury writes to them
    _, prepare = envoi.essayer(regie, "ormc", 2026, date(2026, 11, 20))
    assert not Courriel.objects.exists()
    assert "sans_annonce" not in {une.code for une in prepare.anomalies}
    export = faire(regie, agent)
    annonce = Courriel.objects.get()
    assert annonce.destinataire == destinataire(facture.payeur)["courriel"]
    dite = " ".join(annonce.texte.replace("\u00a0", " ").replace("\u202f", " ").split())
    for mot in (
        "Le Trésor public prélèvera 44,75 €", "à partir du vendredi 4 décembre 2026", "finit par 0185", "TVV-1",
        "FR12ZZZ123456", facture.numero, "Vous n’avez rien à faire", "Si ce montant",
    ):  # fmt: skip
        assert mot in dite, mot
    assert "7890" not in annonce.texte + annonce.html
    envoi.annuler(export.pk, "Poste inconnu", agent)
    refait = faire(regie, agent)  # made again, nothing changes for the family
    assert Courriel.objects.count() == 1
    envoi.annuler(refait.pk, "Poste inconnu", agent)
    horloge("2026-12-01 09:00")
    faire(regie, agent, jour=date(2026, 12, 1))
    nouvelle = Courriel.objects.latest("pk")
    assert "Cette annonce remplace celle que vous aviez reçue" in nouvelle.texte
    assert "mardi 15 décembre 2026" in nouvelle.texte.replace("\u00a0", " ")
    for adulte in Responsable.objects.filter(famille=facture.payeur.famille):
        adulte.courriel = ""
        adulte.save()
    facturer(1200)
    _, prepare = envoi.essayer(regie, "ormc", 2026, date(2026, 12, 1))
    assert ("sans_annonce", False) in {(une.code, une.est_bloquante) for une in prepare.anomalies}


def dit_le(courriel: Courriel) -> str:
    return " ".join(courriel.texte.replace("\u00a0", " ").replace("\u202f", " ").split())


def test_un_debit_annonce_puis_annule_se_dit_une_fois_le_lendemain(
    client: Client, guichet: Client, regie: Regie, agent: Agent, facturer: Facturer,
    mandat: Callable[..., MandatSepa], roussel: Foyer, horloge: Horloge,
) -> None:  # fmt: skip
    """The annulment is certain when its day is over: until then the file may be made again, and there is nothing to know."""
    mandat(date(2026, 11, 1))
    facture = facturer(4860)
    facturer(-385, corrige=facture)
    client.force_login(roussel.compte)
    export = faire(regie, agent)
    dite = texte(
        guichet.post(reverse("guichet:tresor_annulation", args=[export.pk]), {"motif": "Poste inconnu"}, follow=True)
    )
    assert "Chaque famille saura demain matin, par e-mail, que le sien est annulé" in dite
    assert prevenir_des_debits_annules() == 0
    assert "prélèvera cette somme" in texte(client.get(reverse("espace_famille:facture", args=[facture.numero])))
    horloge("2026-11-21 07:50")
    assert (prevenir_des_debits_annules(), prevenir_des_debits_annules()) == (1, 0)
    annonce = Courriel.objects.latest("pk")
    guichet.force_login(agent.compte)
    assert "a su par e-mail que le sien est annulé" in texte(
        guichet.get(reverse("guichet:tresor_envoi", args=[export.pk]))
    )
    assert annonce.destinataire == destinataire(facture.payeur)["courriel"]
    assert "Prélèvement de 44,75 € annulé" in annonce.objet.replace("\u00a0", " ")
    for mot in (
        "annoncé", "44,75 €", "vendredi 4 décembre 2026", "finit par 0185", "TVV-1", facture.numero,
        "rien ne sera pris sur votre compte", "reste à payer", "comme l’avis l’indique",
    ):  # fmt: skip
        assert mot in dit_le(annonce), mot
    client.force_login(roussel.compte)
    for adresse in (reverse("espace_famille:facture", args=[facture.numero]), reverse("espace_famille:payer")):
        page = texte(client.get(adresse))
        assert "comme l’avis l’indique" in page
        assert "prél" not in page
    moyens = ["Auprès du Trésor public, comme l’avis l’indique. Le service ne reçoit pas d’argent."]
    assert documents.decrire(facture)["payer"]["moyens"] == moyens  # nothing else goes before
    # Sent again later: told again, and asked to say so when it was paid meanwhile.
    horloge("2026-11-23 09:00")
    faire(regie, agent, jour=date(2026, 11, 23))
    nouvelle = dit_le(Courriel.objects.latest("pk"))
    assert "lundi 7 décembre 2026" in nouvelle
    assert "Si vous avez déjà payé cette facture" in nouvelle
    horloge("2026-11-24 07:50")
    assert prevenir_des_debits_annules() == 0
    client.force_login(roussel.compte)
    assert "prélève cette somme à partir du 7 décembre" in texte(client.get(reverse("espace_famille:payer")))


def test_un_debit_refait_le_jour_meme_ne_se_dit_ni_annule_ni_deux_fois(
    regie: Regie, agent: Agent, facturer: Facturer, mandat: Callable[..., MandatSepa], horloge: Horloge
) -> None:
    mandat(date(2026, 11, 1))
    facturer(4860)
    envoi.annuler(faire(regie, agent).pk, "Poste inconnu", agent)
    faire(regie, agent)
    horloge("2026-11-21 07:50")
    assert prevenir_des_debits_annules() == 0
    assert Courriel.objects.count() == 1


def test_un_titre_qui_repart_sans_debit_se_dit_et_le_meme_debit_apres_aussi(
    regie: Regie, agent: Agent, facturer: Facturer, mandat: Callable[..., MandatSepa], horloge: Horloge
) -> None:
    """Sent again once its mandate is gone: nothing is debited. Then exactly what had been announced first."""
    signe = mandat(date(2026, 11, 1))
    facturer(4860)
    envoi.annuler(faire(regie, agent).pk, "Poste inconnu", agent)
    mandats_sepa.revoquer(signe, "Compte clos", auteur=agent)
    sans = faire(regie, agent)
    horloge("2026-11-21 07:50")
    assert prevenir_des_debits_annules() == 1
    envoi.annuler(sans.pk, "Poste inconnu", agent)
    MandatSepa.objects.filter(pk=signe.pk).update(revoque_le=None)
    preavis = REGIES.replace('ics = "FR12ZZZ123456"', 'ics = "FR12ZZZ123456"\npreavis_jours = 13')
    charger_regies(preavis, "essai/regies.toml")
    faire(regie, agent, jour=date(2026, 11, 21))  # on 4 December again
    assert [une.gabarit for une in Courriel.objects.order_by("pk")] == [
        "prelevement_tresor", "prelevement_tresor_annule", "prelevement_tresor",
    ]  # fmt: skip


def test_un_debit_annule_dont_plus_rien_n_est_du_ne_demande_rien(
    regie: Regie, agent: Agent, facturer: Facturer, mandat: Callable[..., MandatSepa], horloge: Horloge
) -> None:
    mandat(date(2026, 11, 1))
    facture = facturer(4860)
    envoi.annuler(faire(regie, agent).pk, "Poste inconnu", agent)
    facturer(-4860, corrige=facture)
    imputer_credits(facture.payeur, regie)  # as whoever makes an avoir does
    horloge("2026-11-21 07:50")
    assert prevenir_des_debits_annules() == 1
    assert "Cette facture n’est plus à payer" in dit_le(Courriel.objects.latest("pk"))


def test_qui_n_a_pas_d_adresse_est_nomme_a_l_agent_qui_annule(
    guichet: Client, regie: Regie, agent: Agent, facturer: Facturer, mandat: Callable[..., MandatSepa], horloge: Horloge
) -> None:
    mandat(date(2026, 11, 1))
    facture = facturer(4860)
    for adulte in Responsable.objects.filter(famille=facture.payeur.famille):
        adulte.courriel = ""
        adulte.save()
    export = faire(regie, agent)
    adresse = reverse("guichet:tresor_annulation", args=[export.pk])
    dite = texte(guichet.post(adresse, {"motif": "Poste inconnu"}, follow=True))
    assert "à prévenir par courrier" in dite
    assert f"Camille Roussel (facture {facture.numero})" in dite
    horloge("2026-11-21 07:50")
    assert prevenir_des_debits_annules() == 0


def test_la_famille_prelevee_lit_qu_elle_n_a_rien_a_faire(
    client: Client, regie: Regie, agent: Agent, facturer: Facturer, mandat: Callable[..., MandatSepa], roussel: Foyer
) -> None:
    def pages() -> list[str]:
        adresses = [reverse("espace_famille:facture", args=[facture.numero]), reverse("espace_famille:finances")]
        return [texte(client.get(une)) for une in (*adresses, reverse("espace_famille:payer"))]

    facture = facturer(4860)
    client.force_login(roussel.compte)
    assert all("comme l’avis l’indique" in page and "prél" not in page for page in pages())
    signe = mandat(date(2026, 11, 1))
    sur = "sur votre compte qui finit par 0185 (mandat TVV-1) : vous n’avez rien à faire"
    for page in pages():
        assert f"Le Trésor public prélèvera cette somme {sur}. La date vous sera annoncée." in page
        assert "l’avis" not in page
    facturer(1250)
    a_payer = texte(client.get(reverse("espace_famille:payer")))
    assert "Le Trésor public prélèvera ces sommes sur" in a_payer
    assert "Choisissez les factures" not in a_payer
    dite = documents.decrire(facture)  # its PDF
    assert dite["payer"]["moyens"] == [f"Le Trésor public prélèvera cette somme {sur}. La date vous sera annoncée."]
    facture.destinataire["par_courriel"] = "oui"
    envois.annoncer([facture])
    assert "prélèvera cette somme" in Courriel.objects.get(gabarit="facture").texte
    export = faire(regie, agent)
    facturee, finances, payer = pages()
    assert all(f"prélève cette somme à partir du 4 décembre 2026 {sur}." in page for page in (facturee, finances))
    assert f"prélève ces sommes à partir du 4 décembre 2026 {sur}." in payer
    envoi.annuler(export.pk, "Poste inconnu", agent)
    mandats_sepa.revoquer(signe, "Compte clos", auteur=agent)
    assert all("comme l’avis l’indique" in page for page in pages())


def test_un_mandat_qui_servait_ailleurs_n_en_est_pas_a_son_premier(
    regie: Regie, agent: Agent, facturer: Facturer, mandat: Callable[..., MandatSepa]
) -> None:
    mandat(date(2015, 3, 1), dernier_ailleurs_le=date(2026, 10, 5))
    facturer(4860)
    assert arbre(faire(regie, agent)).find(".//SequencePres").get("V") == "03"


def test_le_guichet_enregistre_un_mandat_que_le_fichier_porte(
    guichet: Client, regie: Regie, agent: Agent, facturer: Facturer, roussel: Foyer
) -> None:
    facturer(4860)
    liste = reverse("guichet:tresor_mandats", args=[1])
    assert liste in guichet.get(reverse("guichet:tresor_regie", args=[1])).content.decode()
    assert "Personne de ce nom" in texte(guichet.get(liste, {"q": "Zzz"}))
    page = guichet.get(liste, {"q": "Roussel"})
    adresse = reverse("guichet:tresor_mandat", args=[1, payeur_de(roussel.famille).pk])
    assert adresse in page.content.decode()
    assert "Recopiez le mandat signé" in texte(guichet.get(adresse))
    assert guichet.post(adresse, {**CHAMPS, "iban": "FR00"}).status_code == 409
    assert guichet.post(adresse, {**CHAMPS, "rum": "A//B"}).status_code == 422
    reponse = guichet.post(adresse, CHAMPS, follow=True)
    assert "Mandat TVV-1 enregistré" in texte(reponse)
    assert "7890" not in reponse.content.decode()
    envoye = arbre(faire(regie, agent))
    bloc, compte = envoye.find(".//InfoPrelevementSEPA"), envoye.find(".//CpteBancaire")
    lus = {nom: bloc.find(nom).get("V") for nom in ("RefUniMdt", "DateSignMandat", "SequencePres", "DtePrel", "MtPrel")}
    assert lus == {
        "RefUniMdt": "TVV-1", "DateSignMandat": "2026-11-01", "SequencePres": "02", "DtePrel": "2026-12-04",
        "MtPrel": "48.60",
    }  # fmt: skip
    assert [compte.find(nom).get("V") for nom in ("BIC", "IBAN", "TitCpte")] == [
        "BDFEFRPPCCT", IBAN.replace(" ", ""), "Camille Roussel",
    ]  # fmt: skip


@avec_schemas
@pytest.mark.parametrize("bic", ["BDFEFRPPCCT", ""])
def test_les_schemas_de_la_dgfip_acceptent_ce_qui_fut_saisi(
    bic: str, guichet: Client, regie: Regie, facturer: Facturer, roussel: Foyer, settings: Any
) -> None:
    settings.SCHEMAS_PES = SCHEMAS
    facturer(4860)
    guichet.post(reverse("guichet:tresor_mandat", args=[1, payeur_de(roussel.famille).pk]), {**CHAMPS, "bic": bic})
    assert MandatSepa.objects.count() == 1
    _, prepare = envoi.essayer(regie, "ormc", 2026, date(2026, 11, 20))
    assert prepare.erreurs == []


def test_le_guichet_dit_la_caducite_et_revoque(
    guichet: Client, regie: Regie, mandat: Callable[..., MandatSepa]
) -> None:
    signe = mandat(date(2023, 11, 20))
    liste = reverse("guichet:tresor_mandats", args=[1])
    page = guichet.get(liste)
    assert "Caduc depuis le 20 novembre : aucun prélèvement depuis 36 mois" in texte(page)
    assert "S’il a servi ailleurs depuis, enregistrez-le de nouveau avec cette date" in texte(page)
    assert reverse("guichet:tresor_mandat", args=[1, signe.payeur_id]) in page.content.decode()
    adresse = reverse("guichet:tresor_mandat_revoque", args=[1, signe.pk])
    assert guichet.post(adresse, {"motif": ""}).status_code == 409
    assert "Compte clos" in texte(guichet.post(adresse, {"motif": "Compte clos"}, follow=True))
    assert not mandats_sepa.en_vigueur(regie).exists()


def test_qui_tient_les_mandats_du_tresor_et_ou(guichet: Client, regie: Regie, roussel: Foyer) -> None:
    payeur = payeur_de(roussel.famille)
    saisie = SaisieMandat("Camille Roussel", IBAN, "", date(2026, 11, 1))
    secretaire = Agent.objects.create(
        compte=Compte.objects.create_user("lea"), nom="Morel", prenom="Léa", role=Role.SECRETARIAT
    )
    with pytest.raises(Refus, match="fichiers pour le Trésor") as refus:
        mandats_sepa.saisir(regie, payeur, saisie, auteur=secretaire)
    assert refus.value.statut == 403
    karim = Client()
    karim.force_login(gens.karim().compte)
    assert karim.get(reverse("guichet:tresor_mandats", args=[1])).status_code == 403
    for code in (2, 3, 77):  # a régie has its own pages; no ICS, no debit; nothing
        assert guichet.get(reverse("guichet:tresor_mandats", args=[code])).status_code == 404
        assert guichet.post(reverse("guichet:tresor_mandat", args=[code, payeur.pk]), CHAMPS).status_code == 404
    sans = Regie.objects.get(code=3)
    page = guichet.get(reverse("guichet:tresor_regie", args=[3])).content.decode()
    assert reverse("guichet:tresor_mandats", args=[3]) not in page
    with pytest.raises(Refus, match="ne prélève pas"):
        mandats_sepa.saisir(sans, payeur, saisie, auteur=Agent.objects.get(compte__username="nadia"))
