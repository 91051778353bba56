"""Every no explains itself, and is the right one: a sample of the hundred thousand situations, always the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from marelle.regles.verdict import Issue, Verdict
from tests.regles import cent_mille
from tests.regles.cent_mille import parcourir, textes

NOMBRE = 12_000
# What the sample has to meet for its silence to mean something.
CLAUSES = {
    *(
        "jour.ferme",
        "jour.passe",
        "places",
        "sans_reservation",
        "reserver.delai",
        "reserver.fenetre",
        "reserver.tardif",
    ),
    *("reserver.maximum", "annuler.delai", "annuler.maximum", "annuler.fenetre", "annuler.interdit", "modifier.delai"),
    *("annuler.non_prevu", "declarer_absence.decision", "portes.piece.assurance", "portes.adhesion"),
}


def test_chaque_refus_s_explique_et_s_accorde_avec_le_juge_lent() -> None:
    fautes, clauses = parcourir(NOMBRE)
    assert not fautes, "\n".join(fautes[:5])
    assert clauses.keys() >= CLAUSES, sorted(CLAUSES - clauses.keys())
    assert min(clauses[clause] for clause in CLAUSES) >= 5


def test_les_reglements_livres_et_ceux_du_catalogue_y_sont_tous() -> None:
    noms = {texte.nom for texte in textes()}
    assert len(noms) >= 20
    for fichier in cent_mille.RACINE.glob("collectivites/*/reglement.toml"):
        assert fichier.parent.name in noms


@pytest.mark.parametrize("quoi", ["phrase", "limite", "clause", "issue"])
def test_une_reponse_gatee_se_voit(quoi: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The comparison itself: one spoilt answer in each way is found."""
    vrai = cent_mille.verdict_de

    def gate(texte: cent_mille.Texte, cas: cent_mille.Cas) -> Verdict:
        verdict = vrai(texte, cas)
        if verdict.est_possible or verdict.limite is None:
            return verdict
        plus_tard = verdict.limite + timedelta(days=1)
        mauvais = {
            "phrase": "C’est trop tard.",
            "limite": plus_tard,
            "clause": "reserver.autre",
            "issue": Issue.ACCEPTER,
        }
        return replace(verdict, **{quoi: mauvais[quoi]})

    monkeypatch.setattr(cent_mille, "verdict_de", gate)
    assert parcourir(400)[0]
