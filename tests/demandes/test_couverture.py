"""A proof has a first and a last day: one accepted for next school year does not cover today, nor the reverse."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from marelle.demandes.couverture import Couverture
from marelle.demandes.dossier import etat_du_dossier
from marelle.demandes.models import Demande
from marelle.familles.models import Enfant
from marelle.pieces.models import Piece
from tests.distribution import Foyer
from tests.monde import portail, roussel_prets

CETTE_ANNEE = (date(2026, 9, 1), date(2027, 8, 31))
LA_SUIVANTE = (date(2027, 9, 1), date(2028, 8, 31))
AUJOURDHUI = date(2027, 5, 12)


def test_deux_annees_qui_se_suivent_n_en_font_qu_une() -> None:
    deux = Couverture.de([LA_SUIVANTE, CETTE_ANNEE])
    assert deux.periodes == ((CETTE_ANNEE[0], LA_SUIVANTE[1]),)
    assert deux.fin(AUJOURDHUI) == LA_SUIVANTE[1]
    assert deux.trous(AUJOURDHUI) == [(LA_SUIVANTE[1], None)]


@pytest.mark.parametrize(
    ("periodes", "couvre", "trous"),
    [
        ([], False, [(None, None)]),
        ([LA_SUIVANTE], False, [(None, LA_SUIVANTE[0]), (LA_SUIVANTE[1], None)]),
        ([CETTE_ANNEE], True, [(CETTE_ANNEE[1], None)]),
        ([(None, CETTE_ANNEE[1])], True, [(CETTE_ANNEE[1], None)]),
        ([(CETTE_ANNEE[0], None)], True, []),
        ([(CETTE_ANNEE[0], None), LA_SUIVANTE], True, []),
        ([(date(2025, 9, 1), date(2026, 8, 31))], False, [(date(2026, 8, 31), None)]),
        (
            [(date(2025, 9, 1), date(2026, 8, 31)), LA_SUIVANTE],
            False,
            [(date(2026, 8, 31), LA_SUIVANTE[0]), (LA_SUIVANTE[1], None)],
        ),
    ],
)
def test_ce_que_couvre_un_document(periodes, couvre, trous) -> None:
    une = Couverture.de(periodes)
    assert une.couvre(AUJOURDHUI) == couvre
    assert une.trous(AUJOURDHUI) == trous


@pytest.fixture
def elio(db: None, horloge: Callable[[str], object]) -> Foyer:
    horloge(f"{AUJOURDHUI} 10:00")
    portail("cc-tvv")
    foyer = roussel_prets()
    Piece.objects.filter(enfant=foyer.elio).delete()
    return foyer


def piece(foyer: Foyer, du: date | None, au: date | None, etat: str = "acceptee") -> None:
    Piece.objects.create(
        famille=foyer.famille, enfant=foyer.elio, type_piece="assurance", nom="a.pdf", format="application/pdf",
        taille=1, empreinte=str(Piece.objects.count()), etat=etat, valable_du=du, valable_au=au,
    )  # fmt: skip


def attestation(foyer: Foyer):
    dossier = etat_du_dossier(foyer.famille, foyer.elio)  # type: ignore[arg-type]
    manques = [m for m in dossier.manques if m.code == "piece.assurance"]
    return next(une for une in dossier.exigences if une.code == "piece.assurance"), manques, dossier


@pytest.mark.base
def test_celle_de_l_annee_prochaine_ne_couvre_pas_aujourd_hui(elio: Foyer) -> None:
    piece(elio, *LA_SUIVANTE)
    exigence, manques, dossier = attestation(elio)
    assert (exigence.etat, dossier.est_complet) == ("manque", False)
    jours = (AUJOURDHUI, date(2027, 8, 31), date(2027, 9, 1), date(2028, 9, 1))
    assert [any(m.concerne(jour) for m in manques) for jour in jours] == [True, True, False, True]


@pytest.mark.base
def test_celle_de_cette_annee_ne_couvre_pas_la_prochaine(elio: Foyer) -> None:
    piece(elio, *CETTE_ANNEE)
    exigence, manques, dossier = attestation(elio)
    assert (exigence.etat, exigence.jusquau, dossier.est_complet) == ("valide", CETTE_ANNEE[1], True)
    assert [any(m.concerne(jour) for m in manques) for jour in (AUJOURDHUI, date(2027, 9, 1))] == [False, True]
    piece(elio, *LA_SUIVANTE)
    exigence, manques, _ = attestation(elio)
    assert exigence.jusquau == LA_SUIVANTE[1]
    assert not any(m.concerne(date(2027, 9, 1)) for m in manques)


@pytest.mark.base
def test_une_refusee_ne_couvre_rien_et_celle_d_un_autre_enfant_non_plus(elio: Foyer) -> None:
    piece(elio, *CETTE_ANNEE, etat="refusee")
    Piece.objects.filter(enfant=elio.anouk).update(valable_du=None, valable_au=None)
    exigence, manques, _ = attestation(elio)
    assert exigence.etat == "manque"
    assert [(m.jusquau, m.avant) for m in manques] == [(None, None)]


@pytest.mark.base
def test_une_expiree_se_dit_meme_si_la_prochaine_est_la(elio: Foyer) -> None:
    piece(elio, date(2025, 9, 1), date(2026, 8, 31))
    piece(elio, *LA_SUIVANTE)
    assert attestation(elio)[0].etat == "perime"


@pytest.mark.base
def test_une_qui_attend_pour_l_annee_prochaine_n_attend_pas_pour_aujourd_hui(elio: Foyer) -> None:
    for annee, etat in ((2027, "manque"), (2026, "en_attente")):
        Demande.objects.filter(nature="piece").delete()
        Demande.objects.create(
            famille=elio.famille, enfant=Enfant.objects.get(pk=elio.elio.pk), nature="piece", etat="panier",
            origine="famille", contenu_clair={"type_piece": "assurance", "annee": annee},
        )  # fmt: skip
        from marelle.demandes.models import Envoi
        from marelle.socle.horloge import maintenant

        envoi = Envoi.objects.create(famille=elio.famille, depose_le=maintenant(), jeton=f"{annee:032d}")
        Demande.objects.filter(nature="piece").update(etat="deposee", envoi=envoi, depose_le=maintenant())
        assert attestation(elio)[0].etat == etat, annee
