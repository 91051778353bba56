"""What is asked of whoever signs in, and is it done? A question in French, or a small computation of the browser's.

A challenge (*défi*) is one signed text, without a row of its own: the number to write and the number to find both follow
from it and from the portal's secret. It is worth half an hour, and one use: the mark of its use is in the cache that all
processes share, and only one of two that write it at once succeeds.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from enum import Enum

from django.core.cache import cache
from django.core.signing import BadSignature, SignatureExpired, TimestampSigner
from django.utils.crypto import constant_time_compare, salted_hmac

from . import nombres

DUREE_S = 30 * 60
# The browser tries numbers until BORNE, each worth TOURS of PBKDF2: half a second of a computer, three of an old telephone.
BORNE, TOURS = 6_000, 200
_PLUS_PETIT, _PLUS_GRAND = 101, 999
_sceau = TimestampSigner(salt="marelle.cryptogramme")


class Issue(Enum):
    """What an answer is worth."""

    JUSTE = "juste"
    VIDE = "vide"
    FAUSSE = "fausse"
    EXPIREE = "expirée"
    SERVIE = "servie"


@dataclass(frozen=True, slots=True)
class Defi:
    """One challenge: `jeton` is what the page carries, `sel` what its numbers follow from."""

    jeton: str
    sel: str

    @property
    def nombre(self) -> int:
        """The number that the question says in words."""
        return _PLUS_PETIT + self._tirage("question") % (_PLUS_GRAND - _PLUS_PETIT + 1)

    @property
    def question(self) -> str:
        return nombres.en_lettres(self.nombre)

    @property
    def preuve(self) -> int:
        """The number that the browser has to find."""
        return 1 + self._tirage("preuve") % BORNE

    @property
    def cible(self) -> str:
        """What the browser's number must give, in hexadecimal."""
        return hashlib.pbkdf2_hmac("sha256", str(self.preuve).encode(), self.jeton.encode(), TOURS).hex()

    def _tirage(self, de_quoi: str) -> int:
        return int(salted_hmac(f"marelle.cryptogramme.{de_quoi}", self.sel, algorithm="sha256").hexdigest(), 16)


def nouveau() -> Defi:
    sel = secrets.token_urlsafe(12)
    return Defi(_sceau.sign(sel), sel)


def lire(jeton: str) -> Defi | Issue:
    """The challenge that a page sent back, or why it is worth nothing. A text that is not ours is an expired one."""
    try:
        defi = Defi(jeton, _sceau.unsign(jeton, max_age=DUREE_S))
    except (SignatureExpired, BadSignature):
        return Issue.EXPIREE
    return Issue.SERVIE if cache.get(_marque(defi)) else defi


def juger(defi: Defi, reponse: str, preuve: str) -> Issue:
    """Is it the number found by the browser, or the one asked by the question?"""
    if preuve and constant_time_compare(preuve, str(defi.preuve)):
        return Issue.JUSTE
    if not reponse.strip():
        return Issue.FAUSSE if preuve else Issue.VIDE
    return Issue.JUSTE if nombres.se_lit(reponse, defi.nombre) else Issue.FAUSSE


def user(defi: Defi) -> bool:
    """Mark the challenge as used; False when somebody has just done so."""
    return cache.add(_marque(defi), 1, DUREE_S)


def _marque(defi: Defi) -> str:
    return f"cryptogramme:{defi.sel}"
