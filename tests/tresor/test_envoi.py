"""What goes to the Treasury: each invoice once, numbers without gaps, avoirs before or after, what blocks and what waits."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from marelle.comptes.models import Agent
from marelle.creances.models import Compteur, Facture, Payeur, Regie
from marelle.creances.payeurs import payeur_de
from marelle.creances.regies import charger_regies
from marelle.familles.models import Responsable
from marelle.journal.models import Entree
from marelle.pieces import rangement
from marelle.pieces.tenues import fichiers_tenus
from marelle.socle.erreurs import Refus
from marelle.tresor import envoi
from marelle.tresor.models import CategorieTiers, Export, PieceExportee
from marelle.tresor.pes.controles import controler
from marelle.tresor.pes.lecture import centimes, v
from marelle.tresor.pes.schemas import valider
from marelle.tresor.selection import trier
from marelle.tresor.verification import verifier
from marelle.tresor.verrous import verrous
from tests.distribution import Foyer

from .conftest import REGIES
from .test_pes import SCHEMAS, avec_schemas

pytestmark = pytest.mark.django_db
JOUR = date(2026, 11, 20)
Facturer = Callable[..., Facture]


def faire(regie: Regie, agent: Agent, sorte: str = "ormc", jour: date = JOUR, **options: Any) -> Export:
    return envoi.envoyer(regie, sorte, jour.year, jour, agent, **options)


def arbre(export: Export) -> ET.Element:
    return ET.fromstring(rangement.lire(export.fichier.cle))


def test_ce_qui_part_est_ce_qui_est_facture(regie: Regie, agent: Agent, facturer: Facturer, fauvel: Foyer) -> None:
    factures = [facturer(4860), facturer(385, payeur_de(fauvel.famille)), facturer(12)]
    export = faire(regie, agent)
    assert (export.exercice, export.numero, export.pieces) == (2026, 1, 3)
    assert export.total_centimes == sum(une.montant_centimes for une in factures)
    lu = arbre(export)
    assert centimes(lu.find(".//MtBordHt").get("V")) == export.total_centimes
    assert [un.get("V") for un in lu.iterfind(".//NumDette")] == [une.numero for une in factures]
    assert [un.get("V") for un in lu.iterfind(".//IdPce")] == ["1", "2", "3"]
    assert controler(lu) == []
    assert export.fichier.cle in fichiers_tenus(), "le ménage quotidien ne le jette pas"
    entree = Entree.objects.get(action="export.fait")
    assert entree.details["empreinte"] == export.fichier.empreinte


def test_une_facture_ne_part_qu_une_fois(regie: Regie, agent: Agent, facturer: Facturer) -> None:
    premiere = facturer(4860)
    faire(regie, agent)
    with pytest.raises(Refus, match="Rien n’est à envoyer"):
        faire(regie, agent)
    deuxieme = facturer(700)
    export = faire(regie, agent)
    assert (export.numero, [une.facture for une in export.contenu.all()]) == (2, [deuxieme])
    # The constraint holds whatever the code does.
    autre = Export.objects.exclude(pk=export.pk).get()
    with pytest.raises(IntegrityError), transaction.atomic():
        envoi.inscrire_pieces(autre, [(premiere, "titre", 9, 4860)])


def test_deux_agents_en_meme_temps(
    regie: Regie, agent: Agent, facturer: Facturer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second had sorted before the first wrote: the database refuses, in a sentence, and no number is lost."""
    facturer(4860)
    deja = trier(regie, 2026)
    faire(regie, agent)
    monkeypatch.setattr(envoi, "trier", lambda *_: deja)
    with pytest.raises(Refus, match="vient de partir"):
        faire(regie, agent)
    assert Export.objects.count() == 1
    assert Compteur.objects.get(serie="bordereau-06").dernier == 1


def test_un_export_refuse_par_le_tresor_s_annule_et_repart(regie: Regie, agent: Agent, facturer: Facturer) -> None:
    facture = facturer(4860)
    export = faire(regie, agent)
    with pytest.raises(Refus, match="pourquoi"):
        envoi.annuler(export.pk, "  ", agent)
    envoi.annuler(export.pk, "Poste comptable inconnu", agent)
    with pytest.raises(Refus, match="déjà annulé"):
        envoi.annuler(export.pk, "Encore", agent)
    nouveau = faire(regie, agent)
    assert nouveau.numero == 2, "un numéro de bordereau ne sert qu’une fois"
    assert list(PieceExportee.objects.filter(facture=facture).values_list("envoi", flat=True).order_by("envoi")) == [
        1,
        2,
    ]


def test_ce_qui_est_parti_ne_se_reecrit_pas(regie: Regie, agent: Agent, facturer: Facturer) -> None:
    facturer(4860)
    export = faire(regie, agent)
    for requete in (Export.objects.filter(pk=export.pk), PieceExportee.objects.filter(export=export)):
        with pytest.raises(DatabaseError), transaction.atomic():
            requete.update(**({"total_centimes": 1} if requete.model is Export else {"montant_centimes": 1}))
        with pytest.raises(DatabaseError), transaction.atomic():
            requete._raw_delete(requete.db)


def test_un_avoir_avant_l_envoi_reduit_la_facture(regie: Regie, agent: Agent, facturer: Facturer) -> None:
    facture = facturer(4860)
    avoir = facturer(-1860, corrige=facture)
    entiere = facturer(900)
    facturer(-900, corrige=entiere)
    tri = trier(regie, 2026)
    assert [(une.facture, une.montant_centimes) for une in tri.titres] == [(facture, 3000)]
    assert len(tri.sans_objet) == 2
    assert tri.annulations == []
    export = faire(regie, agent)
    assert export.total_centimes == 3000 == sum(une.montant_centimes for une in export.contenu.all())
    assert {une.facture_id for une in export.contenu.all()} == {facture.pk, avoir.pk}


def test_un_avoir_apres_l_envoi_part_en_reduction_de_son_titre(regie: Regie, agent: Agent, facturer: Facturer) -> None:
    facturer(100)
    facture = facturer(4860)
    parti = faire(regie, agent)
    facturer(-1860, corrige=facture)
    reduction = faire(regie, agent, "annulation")
    lu = arbre(reduction)
    assert [lu.find(f".//{nom}").get("V") for nom in ("TypBord", "TypPce", "NatPce")] == ["02", "02", "06"]
    rattachee = lu.find(".//RattachPiece")
    titre = parti.contenu.get(facture=facture)
    assert [v(rattachee, nom) for nom in ("NatPceOrig", "ExerRat", "IdPceOrig", "IdLigneOrig")] == [
        "01", "2026", str(titre.id_pce), "1",
    ]  # fmt: skip
    assert reduction.total_centimes == 1860
    assert controler(lu) == []
    with pytest.raises(Refus, match="annulez d’abord"):
        envoi.annuler(parti.pk, "Refusé", agent)


def test_un_avoir_sans_facture_designee_suit_ses_lignes(regie: Regie, agent: Agent, facturer: Facturer) -> None:
    facturer(2000, cle="enfant:1:jour:7")
    facturer(2500, cle="enfant:1:jour:8")
    faire(regie, agent)
    avoir = facturer(-500, cle="enfant:1:jour:8")
    perdu = facturer(-300, cle="jamais-facture")
    tri = trier(regie, 2026)
    assert [(une.facture, une.originaux[0][0].facture.montant_centimes) for une in tri.annulations] == [(avoir, 2500)]
    assert tri.autrement == [perdu]


def test_un_exercice_clos_se_traite_dans_le_logiciel_de_finances(
    regie: Regie, agent: Agent, facturer: Facturer, horloge: Callable[[str], object]
) -> None:
    facture = facturer(4860)
    faire(regie, agent)
    horloge("2027-02-03 09:00")
    avoir = facturer(-1000, corrige=facture, jour=date(2027, 2, 3))
    tri = trier(regie, 2027)
    assert (tri.annulations, tri.autrement) == ([], [avoir])
    with pytest.raises(Refus, match="L’exercice 2026"):
        faire(regie, agent, jour=JOUR)
    with pytest.raises(Refus, match="Dites comment"):
        envoi.traiter_autrement(regie, [avoir.pk], "", agent)
    envoi.traiter_autrement(regie, [avoir.pk], "Mandat 128", agent)
    assert trier(regie, 2027).autrement == []


def test_une_erreur_bloque_ou_se_met_de_cote(regie: Regie, agent: Agent, facturer: Facturer, fauvel: Foyer) -> None:
    bonne, ines = facturer(4860), fauvel.ines
    fautive = facturer(385, payeur_de(fauvel.famille))
    ines.civilite, ines.code_postal = "", "375"
    ines.save()
    _, prepare = envoi.essayer(regie, "ormc", 2026, JOUR)
    assert {(une.code, une.facture) for une in prepare.erreurs} == {
        ("civilite", fautive.numero), ("code_postal", fautive.numero),
    }  # fmt: skip
    with pytest.raises(Refus, match=f"Facture {fautive.numero}"):
        faire(regie, agent)
    assert not Compteur.objects.filter(serie="bordereau-06", dernier__gt=0).exists(), "aucun numéro n’est pris"
    export = faire(regie, agent, ecarter_les_erreurs=True)
    assert [une.facture for une in export.contenu.all()] == [bonne]
    ines.civilite, ines.code_postal = "mme", "37500"
    ines.save()
    assert [une.facture for une in faire(regie, agent).contenu.all()] == [fautive], "complétée depuis, elle part"


def test_une_regie_sans_reglages_ne_fait_pas_de_fichier(regie: Regie, agent: Agent, facturer: Facturer) -> None:

    charger_regies('[[regies]]\ncode = 1\nnom = "Titres"\nrecouvrement = "titre"\n', "essai")
    facturer(4860)
    _, prepare = envoi.essayer(regie, "ormc", 2026, JOUR)
    assert {"reglage_siret", "reglage_code_poste", "reglage_code_collectivite", "reglage_sigle", "code_produit"} <= {
        une.code for une in prepare.erreurs
    }
    assert all("regies.toml" in une.remede or "[regies.pes]" in une.remede for une in prepare.erreurs)
    with pytest.raises(Refus):
        faire(regie, agent, ecarter_les_erreurs=True)


def test_un_organisme_part_avec_sa_categorie(regie: Regie, agent: Agent, facturer: Facturer) -> None:
    ccas = Payeur.objects.create(
        sorte="tiers", code="ccas", nom="CCAS de Chinon", siret="20007229000014", adresse="Place du Puits",
        code_postal="37500", commune="Chinon",
    )  # fmt: skip
    facturer(9900, ccas)
    _, prepare = envoi.essayer(regie, "titre", 2026, JOUR)
    assert [une.code for une in prepare.erreurs] == ["couple"]
    CategorieTiers.objects.create(payeur=ccas, categorie="26", nature_juridique="09")
    lu = arbre(faire(regie, agent, "titre"))
    assert (v(lu.find(".//InfoTiers"), "CatTiers"), v(lu.find(".//InfoTiers"), "IdTiers")) == ("26", "20007229000014")


@avec_schemas
def test_qui_habite_a_l_etranger_part_avec_son_pays(
    regie: Regie, agent: Agent, facturer: Facturer, fauvel: Foyer
) -> None:
    ines = fauvel.ines
    ines.civilite, ines.adresse, ines.pays = "mme", "3 rue Haute", "BE"
    ines.code_postal, ines.commune = "1050", "Ixelles"
    ines.save()
    facturer(4860)
    facturer(385, payeur_de(fauvel.famille))
    export = faire(regie, agent)
    lu = arbre(export)
    assert controler(lu) == []
    assert valider(rangement.lire(export.fichier.cle), SCHEMAS) == []
    ecrites = [
        tuple(v(une, nom) for nom in ("Adr2", "CP", "Ville", "CodRes", "CodPays"))
        for une in lu.iterfind(".//Tiers/Adresse")
    ]
    assert [une[1:] for une in ecrites] == [("37500", "Chaveignes", "0", ""), ("99999", "1050 Ixelles", "1", "131")]
    ines.pays, ines.code_postal, ines.commune = "IE", "", "Dublin"  # no postcode: the town alone
    ines.save()
    facturer(700, payeur_de(fauvel.famille))
    adresse = arbre(faire(regie, agent)).find(".//Tiers/Adresse")
    assert [v(adresse, nom) for nom in ("CP", "Ville", "CodPays")] == ["99999", "Dublin", "136"]
    ines.pays = "ZZ"
    ines.save()
    facturer(700, payeur_de(fauvel.famille))
    _, prepare = envoi.essayer(regie, "ormc", 2026, JOUR)
    assert [une.phrase for une in prepare.erreurs] == ["Ce payeur habite à l’étranger et son pays n’est pas dit."]


def test_une_regie_qui_encaisse_n_envoie_que_ce_qu_elle_a_transmis(agent: Agent, facturer: Facturer) -> None:
    encaisse = Regie.objects.get(code=2)
    facturer(4860, chez=encaisse)
    assert trier(encaisse, 2026).titres == []


@avec_schemas
@pytest.mark.parametrize("sorte", ["ormc", "titre"])
def test_les_schemas_acceptent_ce_qui_part(
    regie: Regie, agent: Agent, facturer: Facturer, settings: Any, sorte: str
) -> None:
    settings.SCHEMAS_PES = SCHEMAS
    facture = facturer(4860)
    facturer(12)
    faire(regie, agent, sorte)
    facturer(-60, corrige=facture)
    assert faire(regie, agent, "annulation").pieces == 1


def test_des_schemas_illisibles_bloquent(
    regie: Regie, agent: Agent, facturer: Facturer, settings: Any, tmp_path: Path
) -> None:
    (tmp_path / "PES_V2" / "Rev0").mkdir(parents=True)
    (tmp_path / "PES_V2" / "Rev0" / "PES_Aller.xsd").write_text("<rien/>")
    settings.SCHEMAS_PES = tmp_path
    facturer(4860)
    with pytest.raises(Refus, match="La validation par les schémas de la DGFiP a échoué"):
        faire(regie, agent)


def test_un_reste_transmis_part_pour_ce_qui_reste(agent: Agent, facturer: Facturer, regie: Regie) -> None:
    """A régie that cashes hands over what is left of an invoice; an avoir made since reduces it, one made before does not."""
    from marelle.regie.models import Transmission
    from marelle.socle.horloge import maintenant

    charger_regies(
        REGIES.replace("code = 2", 'code = 2\npes = {siret = "20007229000014", code_poste = "037010"}'), "essai"
    )
    encaisse = Regie.objects.get(code=2)
    facture = facturer(4860, chez=encaisse)
    facturer(-860, chez=encaisse, corrige=facture)
    Transmission.objects.create(facture=facture, montant_centimes=3000, transmise_le=maintenant(), transmise_par=agent)
    tri = trier(encaisse, 2026)
    assert [(une.facture, une.montant_centimes, une.avoirs) for une in tri.titres] == [(facture, 3000, ())]


def test_un_mandat_signe_se_preleve_par_le_tresor(
    regie: Regie, agent: Agent, facturer: Facturer, roussel: Foyer, horloge: Callable[[str], object]
) -> None:
    from marelle.regie.models import MandatSepa
    from marelle.socle.horloge import maintenant

    facturer(400)
    faire(regie, agent)  # before the mandate was entered: it has not served
    facturer(4860)
    facturer(100)
    MandatSepa.objects.create(
        payeur=payeur_de(roussel.famille), regie=regie, rum="MARELLE-1-1", titulaire="Camille Roussel", bic="BDFEFRPPCCT",
        iban="FR7630001007941234567890185", iban_fin="0185", signe_le=date(2026, 9, 1), saisi_le=maintenant(),
        saisi_par=agent,
    )  # fmt: skip
    horloge("2026-11-20 11:00")
    premier = arbre(faire(regie, agent, jour=date(2026, 11, 6)))
    assert [une.get("V") for une in premier.iter("SequencePres")] == ["02", "03"]
    assert {une.get("V") for une in premier.iter("DtePrel")} == {
        "2026-12-04"
    }  # counted from today: families are told first
    assert [v(premier.find(".//InfoPrelevementSEPA"), nom) for nom in ("NatPrel", "SequencePres", "MtPrel")] == [
        "01", "02", "48.60",
    ]  # fmt: skip
    assert controler(premier) == []
    facturer(1200)
    assert arbre(faire(regie, agent)).find(".//SequencePres").get("V") == "03"


def test_ce_qui_est_coupe_aujourd_hui_est_dit_et_la_date_est_de_l_exercice(
    regie: Regie, agent: Agent, facturer: Facturer, roussel: Foyer, horloge: Callable[[str], object]
) -> None:
    facturer(4860)
    for adulte in Responsable.objects.filter(famille=roussel.famille):
        adulte.prenom = "Marie-Antoinette-Joséphine Jeanne-Apolline"
        adulte.save()
    _, prepare = envoi.essayer(regie, "ormc", 2026, JOUR)
    assert "« Jeanne-Apolline », n’est pas écrite" in " ".join(une.phrase for une in prepare.anomalies)
    horloge("2027-01-05 09:00")
    with pytest.raises(Refus, match="vient avant l’exercice 2027"):
        envoi.envoyer(regie, "ormc", 2027, date(2026, 12, 31), agent)


def test_un_bordereau_ne_vient_pas_avant_ses_factures(regie: Regie, agent: Agent, facturer: Facturer) -> None:
    """A year mistyped, or the month before: the last day of what it holds, avoirs too, is the first that it may bear."""
    facturer(4860, jour=date(2026, 10, 6))
    facture = facturer(1000, jour=date(2026, 11, 6))
    facturer(-400, corrige=facture, jour=date(2026, 11, 12))
    for jour in (date(2026, 1, 1), date(2026, 11, 11)):
        with pytest.raises(Refus, match="Une facture ou un avoir de ce bordereau est du 12/11/2026"):
            faire(regie, agent, jour=jour)
    assert faire(regie, agent, jour=date(2026, 10, 31), jusqu_au=date(2026, 10, 31)).pieces == 1
    assert faire(regie, agent, jour=date(2026, 11, 12)).numero == 2


def test_la_verification_voit_un_export_fausse(regie: Regie, agent: Agent, facturer: Facturer, tmp_path: Path) -> None:
    facture = facturer(4860)
    export = faire(regie, agent)
    facturer(-860, corrige=facture)
    faire(regie, agent, "annulation")
    assert verifier() == []
    rangement.chemin(export.fichier.cle).unlink()
    with connection.cursor() as curseur:
        for verrou in verrous.verrous:
            verrou.lever_sur(connection)
        curseur.execute("UPDATE tresor_export SET total_centimes = 1, numero = 7 WHERE id = %s", [export.pk])
        for verrou in verrous.verrous:
            verrou.poser_sur(connection)
    assert len(verifier()) == 3


def test_deux_regies_d_un_budget_partagent_leurs_numeros(regie: Regie, agent: Agent, facturer: Facturer) -> None:
    premiere, _, _ = REGIES.partition("[[regies]]\ncode = 2")
    deuxieme = premiere.replace("code = 1", "code = 2").replace("siret", "premier_bordereau = 40\nsiret")
    charger_regies(premiere + deuxieme, "essai")
    facturer(100)
    facturer(200, chez=Regie.objects.get(code=2))
    assert faire(regie, agent).numero == 1
    assert faire(Regie.objects.get(code=2), agent).numero == 40
    facturer(300)
    assert faire(regie, agent).numero == 41
    assert verifier() == []
