"""The countries of an address: a code each, a line of an envelope, a postcode that is checked in France only."""

from __future__ import annotations

import re
import unicodedata

import pytest
from django import forms

from marelle.socle.pays import (
    FRANCE,
    PAYS,
    ChampPays,
    champ_code_postal,
    code_insee,
    est_a_l_etranger,
    exiger_le_code_postal,
    lignes_d_adresse,
)


class Fiche(forms.Form):
    code_postal = champ_code_postal(required=False)
    pays = ChampPays()

    def clean(self) -> None:
        exiger_le_code_postal(self)


def test_la_table_se_lit_dans_l_ordre_et_chaque_pays_a_son_code() -> None:
    noms = [unicodedata.normalize("NFD", nom).encode("ascii", "ignore").decode() for nom, _ in PAYS.values()]
    mots = [re.findall("[a-z]+", nom.lower()) for nom in noms]
    assert mots == sorted(mots)
    assert len(set(noms)) == len(noms)
    assert all(len(code) == 2 and code.isupper() for code in PAYS)
    codes = [numero for _, numero in PAYS.values()]
    # Territories that the Insee counts together, and no others.
    partages = {
        ("AI", "BM", "KY", "MS", "TC", "VG"),
        ("AS", "GU", "MP"),
        ("CC", "CX"),
        ("GG", "IM", "JE"),
        ("PR", "VI"),
    }
    ensemble = {tuple(sorted(c for c, (_, autre) in PAYS.items() if autre == n)) for n in codes if codes.count(n) > 1}
    assert ensemble == partages
    assert all(numero.isdecimal() and "101" <= numero <= "599" for numero in codes)
    assert FRANCE not in PAYS, "la France n’a pas de code à l’étranger"
    assert (code_insee("BE"), code_insee(FRANCE), code_insee("ZZ")) == ("131", "", "")
    vivent = {"HK": "230", "MO": "232", "TW": "236", "CO": "419", "TH": "219", "NG": "338", "JE": "161", "VU": "514"}
    assert {code: code_insee(code) for code in vivent} == vivent
    assert {"GP", "MQ", "GF", "RE", "YT", "PM", "BL", "MF", "WF", "PF", "NC"}.isdisjoint(PAYS), (
        "leur courrier est français"
    )
    assert len(PAYS) == 230
    assert ChampPays().choices[0] == (FRANCE, "France")
    assert [est_a_l_etranger(un) for un in ("", FRANCE, "BE", "ZZ")] == [False, False, True, True]


@pytest.mark.parametrize(
    ("pays", "lignes"),
    [
        ("BE", ["3 rue Haute", "1050 Ixelles", "BELGIQUE"]),
        ("CI", ["3 rue Haute", "1050 Ixelles", "CÔTE D’IVOIRE"]),
        (FRANCE, ["3 rue Haute", "1050 Ixelles"]),
        (None, ["3 rue Haute", "1050 Ixelles"]),
    ],
)
def test_le_pays_est_la_derniere_ligne_en_capitales(pays: str | None, lignes: list[str]) -> None:
    ecrit = {"adresse": "3 rue Haute\n ", "code_postal": "1050", "commune": "Ixelles"}
    assert lignes_d_adresse(ecrit | ({"pays": pays} if pays else {})) == lignes
    assert lignes_d_adresse({"adresse": "1 Pearse St", "commune": "Dublin 2", "pays": "IE"})[1:] == [
        "Dublin 2",
        "IRLANDE",
    ]
    assert lignes_d_adresse({"pays": "BE"}) == [], "un pays seul n’est pas une adresse"


@pytest.mark.parametrize(
    ("code", "pays", "est_bon"),
    [
        ("37500", None, True), ("37500", FRANCE, True), ("", FRANCE, True), ("3750", None, False),
        ("1050", "BE", True), ("SW1A 1AA", "GB", True), ("1050", "ZZ", False), ("SW1A 1AA 000", "GB", False),
    ],
)  # fmt: skip
def test_le_code_postal_a_cinq_chiffres_en_france(code: str, pays: str | None, est_bon: bool) -> None:
    fiche = Fiche({"code_postal": code} | ({"pays": pays} if pays else {}))
    assert fiche.is_valid() is est_bon
    assert not est_bon or fiche.cleaned_data["pays"] == (pays or FRANCE)


@pytest.mark.parametrize(
    ("code", "pays", "dit"),
    [("", None, "À remplir."), (" ", FRANCE, "À remplir."), ("", "IE", ""), ("D02 AF30", "IE", ""), ("", "AE", "")],
)  # fmt: skip
def test_exige_il_ne_l_est_qu_en_france(code: str, pays: str | None, dit: str) -> None:
    class FicheExigeante(Fiche):
        code_postal = champ_code_postal()

    fiche = FicheExigeante({"code_postal": code} | ({"pays": pays} if pays else {}))
    assert fiche.errors.get("code_postal", []) == ([dit] if dit else [])
    assert not fiche["code_postal"].est_facultatif, "en France, il ne l’est pas"
    assert Fiche()["code_postal"].est_facultatif


def test_une_fiche_vide_ou_le_pays_est_deja_choisi_reste_vide() -> None:
    assert not Fiche({"pays": FRANCE}).has_changed()
    assert not Fiche({}).has_changed()
    assert Fiche({"pays": "BE"}).has_changed()
