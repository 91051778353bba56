"""The document of an invoice: what it says, to whom, how to pay; the same each time; readable by everyone."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from pypdf import PdfReader

from marelle.creances.models import Facture, Regie
from marelle.creances.payeurs import payeur_de
from marelle.facturation.comment_payer import moyens_de_la_regie
from marelle.facturation.documents import decrire, dire_la_periode, pdf, pdf_pour_papier, sans_la_date
from marelle.regles.regies import ErreurRegies, lire_regies
from tests.distribution import Foyer, collectivite, famille_fauvel, famille_roussel
from tests.factures import facture_de_septembre, facturer, ligne, regie_de

pytestmark = pytest.mark.django_db
LONG = "Anne-Charlotte-Apolline de La Rochefoucauld-Montmorency d’Estrées-Villeneuve"


@pytest.fixture(autouse=True)
def en_octobre(horloge: Callable[[str], object]) -> None:
    horloge("2026-10-06 09:00")


@pytest.fixture
def portail() -> Callable[[str], Regie]:
    def charger(code: str) -> Regie:
        collectivite(code)
        return regie_de(code)

    return charger


@pytest.fixture
def roussel() -> Foyer:
    return famille_roussel()


def lire(octets: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(octets))


def texte(octets: bytes) -> str:
    pages = " ".join(page.extract_text() for page in lire(octets).pages)
    return " ".join(pages.replace("\u00a0", " ").replace("\u202f", " ").split())


def test_la_facture_dit_qui_quoi_combien_et_comment_payer(portail: Callable[[str], Regie], roussel: Foyer) -> None:
    facture = facture_de_septembre(portail("terres-val-de-loire"), roussel)
    dit = texte(pdf(facture))
    for phrase in (
        f"Numéro {facture.numero}",
        "Émise le 6 octobre 2026",
        "À payer avant le 5 novembre 2026",
        "Période septembre 2026",
        "Dossier FAM-00001",
        "Quotient familial 712",
        "Régie Enfance et Restauration",
        "Camille Roussel 4 rue du Puits 37500 Chaveignes",
        "Anouk Roussel-Lemoine",
        "Élio Roussel",
        "mercredi 2 septembre",
        "Tranche C, QF 712",
        "11,20 €",
        "56,00 €",
        "Net à payer 112,00 €",
        "En ligne, par carte bancaire",
        f"Référence : {facture.numero}",
        "/finances/",
        "Par chèque à l’ordre de « Régie Enfance et Restauration »",
        f"Par virement, avec la référence {facture.numero} : IBAN FR76 3000 1007 9412 3456 7890 185, BIC BDFEFRPPCCT,"
        " au nom de « REGIE ENFANCE »",
        "Au service : carte bancaire ; espèces, jusqu’à 300,00 €",
        "Tarifs : Délibération nº 2026-12 du 2 juillet 2026.",
        "Réclamation auprès du service dans les deux mois",
        "page 1 sur 1",
    ):
        assert phrase in dit, phrase


def test_un_compte_qui_manque_se_demande_et_un_faux_ne_se_charge_pas() -> None:
    """The IBAN is on the invoice only where transfers are taken; its key is checked before nine hundred invoices bear it."""
    regies = '[[regies]]\ncode = 1\nnom = "Essai"\nmodes = [{modes}]\n[regies.sepa]\niban = "{iban}"\n'
    iban = "fr76 3000 1007 9412 3456 7890 185"

    def moyens(**donnees: str) -> str:
        (options,) = lire_regies(regies.format(**donnees), "regies.toml")
        return " ".join(moyens_de_la_regie(options, "202601000123")).replace("\u00a0", " ")

    assert moyens(modes='"virement"', iban=iban).endswith("202601000123 : IBAN FR76 3000 1007 9412 3456 7890 185.")
    assert "IBAN" not in moyens(modes='"cheque"', iban=iban)
    assert "demandez le relevé d’identité bancaire" in moyens(modes='"virement"', iban="")
    with pytest.raises(ErreurRegies, match="n’est pas un IBAN"):
        moyens(modes='"virement"', iban=iban[:-1] + "6")


def test_les_memes_octets_chaque_fois_et_pour_tous(
    portail: Callable[[str], Regie], roussel: Foyer, horloge: Callable[[str], object]
) -> None:
    facture = facture_de_septembre(portail("terres-val-de-loire"), roussel)
    premiers = pdf(facture)
    horloge("2027-03-01 09:00")
    assert pdf(Facture.objects.get()) == premiers
    racine = lire(premiers).trailer["/Root"]
    xmp = racine["/Metadata"].get_data().decode()
    assert "<pdfuaid:part>1</pdfuaid:part>" in xmp
    assert "<pdfaid:part>2</pdfaid:part>" in xmp
    assert lire(premiers).metadata.title == f"Facture nº\u00a0{facture.numero}"


def test_un_titre_ne_se_paie_qu_avec_l_avis_du_tresor(portail: Callable[[str], Regie], roussel: Foyer) -> None:
    dit = texte(pdf(facture_de_septembre(portail("cc-tvv"), roussel)))
    assert "www.payfip.gouv.fr, avec les références de l’avis des sommes à payer" in dit
    assert "Elles ne sont pas sur cette facture" in dit
    assert "À payer à réception de l’avis du Trésor public" in dit
    for absent in ("À payer avant le", "Par chèque", "Au service", "/finances/"):
        assert absent not in dit


def test_le_solde_anterieur_s_ajoute_quand_la_regie_le_veut(portail: Callable[[str], Regie], roussel: Foyer) -> None:
    regie = portail("vals-du-dauphine")
    dit = texte(pdf(facture_de_septembre(regie, roussel, solde_anterieur_centimes=1250)))
    assert "Total de la facture 112,00 € Solde antérieur 12,50 € Net à payer 124,50 €" in dit
    assert "En ligne" not in dit
    zero = texte(pdf(facture_de_septembre(regie, roussel)))
    assert "Solde antérieur 0,00 € Net à payer 112,00 €" in zero
    couvert = texte(pdf(facture_de_septembre(regie, roussel, solde_anterieur_centimes=-15000)))
    assert "Solde antérieur en votre faveur −150,00 € En votre faveur 38,00 €" in couvert
    assert "Rien à payer" in couvert
    assert "Par chèque" not in couvert


def test_un_avoir_dit_pourquoi_et_ce_qu_il_corrige(portail: Callable[[str], Regie], roussel: Foyer) -> None:
    regie = portail("terres-val-de-loire")
    facture = facture_de_septembre(regie, roussel)
    lignes = [ligne(roussel.elio, date(2026, 9, 9), -1120, libelle="Absence pour maladie")]
    motif = "Élio était malade le 9 septembre : certificat reçu le 12."
    avoir = facturer(regie, payeur_de(roussel.famille), lignes, motif=motif, corrige=facture)
    dit = texte(pdf(avoir))
    assert "Avoir Numéro" in dit
    assert f"Corrige la facture {facture.numero}" in dit
    assert "Pourquoi cet avoir. Élio était malade le 9 septembre" in dit
    assert "En votre faveur 11,20 €" in dit
    assert "Il se déduit de ce que vous devez" in dit
    assert "À payer" not in dit


def test_les_aides_deduites_se_disent(portail: Callable[[str], Regie], roussel: Foyer) -> None:
    lignes = [ligne(roussel.elio, jour, 820, aide=300) for jour in (date(2026, 9, 2), date(2026, 9, 9))]
    facture = facturer(portail("terres-val-de-loire"), payeur_de(roussel.famille), lignes)
    assert decrire(facture)["aides"] == ["Déjà déduit des montants : Aide du CCAS, −6,00\u00a0€"]


def test_l_explication_commune_se_dit_une_fois_et_les_autres_a_leur_jour(
    portail: Callable[[str], Regie], roussel: Foyer
) -> None:
    jours = [date(2026, 9, 2), date(2026, 9, 9)]
    autre = ligne(roussel.elio, date(2026, 9, 16), 560, explication="tranche B, QF 498", quotient=498)
    lignes = [*(ligne(roussel.anouk, un) for un in jours), ligne(roussel.elio, jours[0]), autre]
    dite = decrire(facturer(portail("terres-val-de-loire"), payeur_de(roussel.famille), lignes))
    [anouk], [elio] = (partie["groupes"] for partie in dite["parties"])
    assert anouk["explication"] == "Tranche C, QF 712"
    assert [une["explication"] for une in anouk["lignes"]] == ["", ""]
    assert [une["explication"] for une in elio["lignes"]] == ["tranche C, QF 712", "tranche B, QF 498"]
    assert ("Quotient familial", "712 puis 498") in dite["reperes"]
    assert [partie["total"] for partie in dite["parties"]] == ["22,40\u00a0€", "16,80\u00a0€"]


def test_quatre_enfants_vingt_jours_un_nom_tres_long_sans_adresse(portail: Callable[[str], Regie]) -> None:
    regie, foyer = portail("terres-val-de-loire"), famille_roussel()
    adulte = foyer.camille
    adulte.nom, adulte.adresse, adulte.code_postal, adulte.commune = LONG[:80], "", "", ""
    adulte.save()
    from tests.distribution import _enfant

    _enfant(foyer, "zoe", "Zoé", LONG[:80], date(2022, 1, 5), "f")
    lignes = [
        ligne(enfant, date(2026, 9, 1) + timedelta(days=n)) for enfant in foyer.enfants.values() for n in range(20)
    ]
    lu = lire(pdf(facturer(regie, payeur_de(foyer.famille), lignes)))
    pages = [" ".join(page.extract_text().split()) for page in lu.pages]
    assert len(pages) == 3
    assert "Prestation pour Élio" in pages[1]
    assert all("Jour Prestation pour" in page for page in pages)
    assert f"page 3 sur {len(pages)}" in pages[-1]
    assert "896,00" in pages[-1]
    assert "La Rochefoucauld" in pages[0]


def test_un_lot_compte_les_pages_de_chacune(portail: Callable[[str], Regie], roussel: Foyer) -> None:
    regie = portail("terres-val-de-loire")
    deux = [facture_de_septembre(regie, roussel), facture_de_septembre(regie, famille_fauvel())]
    assert len(lire(pdf_pour_papier(deux, titre="Factures à imprimer")).pages) == 2
    recto_verso = lire(pdf_pour_papier(deux, titre="Factures à imprimer", recto_verso=True))
    assert len(recto_verso.pages) == 3
    assert "page 1 sur 1" in recto_verso.pages[2].extract_text().replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("debut", "fin", "dit"),
    [
        ("2026-09-01", "2026-09-30", "septembre 2026"),
        ("2026-09-01", "2026-09-15", "du 1er au 15 septembre 2026"),
        ("2026-10-17", "2026-11-01", "du 17 octobre au 1er novembre 2026"),
        ("2026-12-20", "2027-01-02", "du 20 décembre 2026 au 2 janvier 2027"),
        ("2026-09-02", "2026-09-02", "2 septembre 2026"),
    ],
)
def test_la_periode_se_dit(debut: str, fin: str, dit: str) -> None:
    assert dire_la_periode(date.fromisoformat(debut), date.fromisoformat(fin)) == dit


def test_la_date_ne_se_repete_pas() -> None:
    jour = date(2026, 9, 2)
    assert sans_la_date("Mercredi 2 septembre, journée", jour) == "Journée"
    assert sans_la_date("Mercredi 2 septembre 2026 : journée", jour) == "Journée"
    assert sans_la_date("Journée", jour) == "Journée"
    assert sans_la_date("Adhésion", None) == "Adhésion"
