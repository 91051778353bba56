"""What is a password strong enough for (CNIL, délibération 2022-100)?"""

import pytest
from django.contrib.auth.hashers import check_password, identify_hasher, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from marelle.comptes import mots_de_passe
from marelle.comptes.models import Compte
from marelle.reglages import securite


@pytest.mark.parametrize(
    "bon",
    [
        "Cartable-2026",
        "Vélo.rouge 37",
        "grandeMarelle9",
        "cinq petits pas jusque dans la grande cour",
        "Ab1!" + "xyzw" * 60,
        "école-préau-craie-ardoise-ballon-cerceau-toboggan",
    ],
)
def test_accepte(bon: str) -> None:
    validate_password(bon)


@pytest.mark.parametrize(
    "mauvais",
    [
        "Court-2026",
        "toutenminuscules",
        "Treize7lettre",
        "1234567890123456",
        "Aa1!Aa1!Aa1!Aa1!",
        "oui oui oui oui oui oui oui",
        "a b c d e f g",
    ],
)
def test_refuse_en_une_phrase_qui_dit_toute_la_regle(mauvais: str) -> None:
    with pytest.raises(ValidationError) as refus:
        validate_password(mauvais)
    assert mots_de_passe.TROP_FAIBLE in refus.value.messages


def test_accepte_128_caracteres_et_refuse_un_roman() -> None:
    validate_password("Ab1!efgh" * 16)
    with pytest.raises(ValidationError, match="256 caractères au plus"):
        validate_password("Ab1!efgh" * 40)


def test_refuse_son_propre_identifiant() -> None:
    with pytest.raises(ValidationError, match="semblable"):
        validate_password("Dominique-Renard1", Compte(username="dominique-renard"))


def test_argon2_d_abord(settings: pytest.FixtureRequest) -> None:
    settings.PASSWORD_HASHERS = securite.PASSWORD_HASHERS  # type: ignore[attr-defined]
    empreinte = make_password("Cartable-2026")
    assert empreinte.startswith("argon2$argon2id$")
    assert identify_hasher(empreinte).memory_cost == 46 * 1024  # type: ignore[attr-defined]
    assert check_password("Cartable-2026", empreinte)
