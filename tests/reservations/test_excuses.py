"""The service excuses days for all: who is concerned, said once, ended sooner, taken back, what families are told."""

from __future__ import annotations

from datetime import date

from marelle.reservations.excuses import JourDit, Portee, _se_suivent, plats

JUIN, RENTREE, DIX, NOEL = date(2026, 6, 10), date(2026, 9, 1), date(2026, 9, 10), date(2026, 12, 20)


def tiennent(lignes: list[tuple[date, str, str]], jour: date, ecole: str, *classes: str) -> bool:
    """Whether an excuse of that school on that day is about a child whose sheet was written so."""
    portee = Portee("greve", jour, jour, frozenset({1}), ecoles=plats([ecole]), classes=plats(classes))
    return portee.vise(JourDit(1, 1, "repas", jour), _se_suivent(lignes))


def test_la_premiere_fiche_de_l_annee_vaut_depuis_la_rentree_et_les_suivantes_depuis_leur_jour() -> None:
    present = (date.max, "Saint-Joseph", "CE2")
    ecrites = [(JUIN, "Jean-Moulin", "CE1"), (DIX, "Jean Moulin", "CE2"), (NOEL, "Saint-Joseph", "CE2"), present]
    avant, apres = date(2026, 9, 4), date(2027, 1, 5)
    assert tiennent(ecrites, avant, "JEAN MOULIN", "ce2")
    assert not tiennent(ecrites, avant, "Saint-Joseph")
    assert not tiennent(ecrites, apres, "Jean-Moulin")
    assert tiennent(ecrites, apres, "saint joseph", "CE2")
    assert not tiennent(ecrites, JUIN, "Jean-Moulin", "CE2")
    assert tiennent([present], JUIN, "Saint-Joseph")  # without history, what the sheet says
    assert not tiennent([(date.max, "", "")], JUIN, "Saint-Joseph")
    assert tiennent([(RENTREE, "", ""), (DIX, "Saint-Joseph", ""), present], RENTREE, "Saint-Joseph")
