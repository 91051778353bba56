"""Is this password strong enough, and how is it kept? (CNIL, délibération 2022-100 of 21 July 2022.)"""

import re
import string

from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core.exceptions import ValidationError

LONGUEUR_MAXIMALE = 256
AIDE = (
    "12 caractères de quatre sortes (minuscules, majuscules, chiffres, signes), 14 de trois sortes, "
    "ou une phrase de 7 mots différents."
)
TROP_FAIBLE = f"Trop facile à deviner. Il faut {AIDE}"
TROP_LONG = f"Ce mot de passe est trop long : {LONGUEUR_MAXIMALE} caractères au plus."


class Argon2Portail(Argon2PasswordHasher):
    """Argon2id at OWASP's first setting (46 MiB, one pass): a sign-in must fit in the memory of a small server."""

    time_cost = 1
    memory_cost = 46 * 1024
    parallelism = 1


def sortes(mot_de_passe: str) -> int:
    """How many of the four sorts it has: minuscules, majuscules, chiffres, signes."""
    return sum(
        (
            any(c.islower() for c in mot_de_passe),
            any(c.isupper() for c in mot_de_passe),
            any(c.isdigit() for c in mot_de_passe),
            any(c in string.punctuation or not (c.isalnum() or c.isspace()) for c in mot_de_passe),
        )
    )


def mots(mot_de_passe: str) -> int:
    """How many different words of two letters or more it has."""
    return len({mot for mot in re.split(r"[^\w]+|_", mot_de_passe.casefold()) if len(mot) >= 2 and mot.isalpha()})


def est_solide(mot_de_passe: str) -> bool:
    """80 bits or nearly: 12 characters of 4 sorts, 14 of 3 sorts, or 7 words; the same few letters repeated do not count."""
    if mots(mot_de_passe) >= 7:
        return True
    if len(set(mot_de_passe)) < 8:
        return False
    longueur, nombre = len(mot_de_passe), sortes(mot_de_passe)
    return (longueur >= 12 and nombre == 4) or (longueur >= 14 and nombre >= 3)


class MotDePasseSolide:
    """Django's validator for `est_solide`; says the whole rule in one sentence, whatever is missing."""

    def validate(self, password: str, user: object = None) -> None:
        """Raise ValidationError with the rule; `user` is not looked at."""
        if len(password) > LONGUEUR_MAXIMALE:
            raise ValidationError(TROP_LONG, code="mot_de_passe_long")
        if not est_solide(password):
            raise ValidationError(TROP_FAIBLE, code="mot_de_passe_faible")

    def get_help_text(self) -> str:
        """The rule, for the page."""
        return AIDE
