"""What the Treasury returns: a CSV imported whole or not at all, once whatever is replayed; and the references of titres."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from marelle.comptes.models import Agent
from marelle.creances.models import Facture, Paiement, Regie
from marelle.creances.soldes import solde
from marelle.socle.erreurs import Refus
from marelle.tresor import retours
from marelle.tresor.models import ImportRetour
from marelle.tresor.references import noter_reference, reference_de, references_des

pytestmark = pytest.mark.django_db
Facturer = Callable[..., Facture]
TITRES = "numero_facture;date;montant;mode;identifiant;reference\n"


def importer(agent: Agent, texte: str, codage: str = "utf-8") -> retours.BilanRetour:
    return retours.importer("retour.csv", texte.encode(codage), agent)


def refuse(agent: Agent, texte: str) -> str:
    with pytest.raises(retours.RetourRefuse) as refus:
        importer(agent, texte)
    return " | ".join(refus.value.lignes)


def test_un_paiement_du_tresor_solde_la_facture(agent: Agent, facturer: Facturer) -> None:
    facture = facturer(104860)
    bilan = importer(agent, f"{TITRES}{facture.numero};14/11/2026;1 048,60 €;PayFiP;;2026-1-12\n")
    assert (bilan.paiements, bilan.total_centimes, bilan.references) == (1, 104860, 1)
    paiement = Paiement.objects.get()
    assert (paiement.mode, paiement.emetteur, paiement.enregistre_par) == ("tresor", "PayFiP", None)
    assert solde(facture.payeur) == 0
    assert reference_de(facture) == "2026-1-12"


def test_le_meme_fichier_deux_fois_n_ajoute_rien(agent: Agent, facturer: Facturer) -> None:
    une, autre = facturer(4860), facturer(2000)
    texte = (
        f"{TITRES}{une.numero};14/11/2026;20,00;Chèque;;\n{une.numero};14/11/2026;20,00;Chèque;;\n"
        f"{autre.numero};2026-11-15;5,5;;OP-77;\n"
    )
    assert importer(agent, texte).paiements == 3
    bilan = importer(agent, texte)
    assert (bilan.paiements, bilan.deja_connus, bilan.total_centimes) == (0, 3, 0)
    assert sum(Paiement.objects.values_list("montant_centimes", flat=True)) == 4550
    assert ImportRetour.objects.count() == 2


def test_rien_n_est_importe_a_moitie_et_chaque_ligne_dit_sa_faute(agent: Agent, facturer: Facturer) -> None:
    facture, avoir = facturer(4860), facturer(-100)
    regie = facturer(900, chez=Regie.objects.get(code=2))
    dit = refuse(
        agent,
        f"{TITRES}{facture.numero};14/11/2026;48,60;;;\n999;14/11/2026;1;;;\n{avoir.numero};14/11/2026;1;;;\n"
        f"{facture.numero};31/02/2026;douze;;;\n{facture.numero};14/12/2027;-4;;;\n;;;;;x\n{regie.numero};14/11/2026;9;;;\n"
        f"{facture.numero};;;;;\n",
    )
    assert "Ligne 3 : la facture « 999 » n’existe pas" in dit
    assert "Ligne 4" in dit
    assert "est un avoir" in dit
    assert "« douze » n’est pas un montant" in dit
    assert "« 31/02/2026 » n’est pas une date" in dit
    assert "reprend un paiement" in dit
    assert "est à venir" in dit
    assert "Ligne 7 : le numéro de facture manque" in dit
    assert "encaissée par la régie" in dit
    assert "ni montant ni référence" in dit
    assert not Paiement.objects.exists()


def test_des_fichiers_qui_n_en_sont_pas(agent: Agent, facturer: Facturer) -> None:
    facture = facturer(100)
    assert "numero_facture" in refuse(agent, "a;b\n1;2\n")
    assert "aucune ligne" in refuse(agent, TITRES)
    assert refuse(agent, TITRES + "1;14/11/2026;1;;;\n" * 10_001) == (
        "Le fichier a plus de 10 000 lignes : coupez-le en plusieurs."
    )
    with pytest.raises(retours.RetourRefuse):
        retours.importer("x.xlsx", b"PK\x03\x04\x00\x00", agent)
    assert importer(agent, f"Numéro facture;Date;Montant\n{facture.numero};14/11/2026;1,00\n", "cp1252").paiements == 1


def test_ce_que_le_tresor_reprend_est_du_de_nouveau_une_fois(agent: Agent, facturer: Facturer) -> None:
    facture = facturer(4860)
    paye, repris = f"{facture.numero};14/11/2026;48,60;Chèque;OP-7;\n", f"{facture.numero};18/11/2026;-48,60;;OP-7;\n"
    assert "aucun paiement de 48,60" in refuse(agent, TITRES + repris)
    importer(agent, TITRES + paye)
    assert "aucun paiement de 40,00" in refuse(agent, TITRES + repris.replace("48,60", "40,00"))
    assert solde(facture.payeur) == 0
    bilan = importer(agent, TITRES + paye + repris)
    assert (bilan.deja_connus, bilan.repris, bilan.total_centimes) == (1, 1, -4860)
    assert importer(agent, TITRES + repris).repris == 0
    assert solde(facture.payeur) == 4860


def test_trop_paye_reste_au_credit_du_payeur(agent: Agent, facturer: Facturer) -> None:
    facture = facturer(1000)
    bilan = importer(agent, f"{TITRES}{facture.numero};14/11/2026;15,00;;;\n")
    assert "5,00\u00a0€ de plus" in bilan.avertissements[0]
    assert solde(facture.payeur) == -500


@pytest.mark.parametrize(
    ("texte", "centimes"),
    [("48,60", 4860), ("48.6", 4860), ("1 048", 104800), ("-3", -300), ("3,855", None), ("", None)],
)
def test_un_montant_se_lit_sans_virgule_flottante(texte: str, centimes: int | None) -> None:
    assert retours.lire_le_montant(texte) == centimes


def test_la_derniere_reference_compte(agent: Agent, facturer: Facturer) -> None:
    une, autre = facturer(100), facturer(200)
    assert reference_de(une) == ""
    assert noter_reference(une, "2026-1-12", agent)
    assert not noter_reference(une, "2026-1-12", agent)
    assert noter_reference(une, "2026-2-7", agent)
    assert noter_reference(une, "2026-1-12", agent)
    assert references_des([une.pk, autre.pk]) == {une.pk: "2026-1-12"}
    with pytest.raises(Refus, match="n’est pas une référence"):
        noter_reference(une, "<script>", agent)
