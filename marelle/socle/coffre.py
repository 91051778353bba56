"""With which keys is something encrypted at rest?

Each field of the library derives its keys for itself, a tenth of a second of processor each: the first pages that a process
answers would pay it for every field that they read. They are the same for all: derived once per process."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from encrypted_fields.fields import EncryptedTextField

if TYPE_CHECKING:
    from django.db.models import TextField

    _Texte = TextField[Any, Any]  # the library says no types
else:
    _Texte = EncryptedTextField


def coffre() -> MultiFernet:
    """What opens with every key in force and closes with the newest."""
    return _coffre((settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS), tuple(settings.SALT_KEY))


@cache
def _coffre(_secretes: tuple[str, ...], _sels: tuple[str, ...]) -> MultiFernet:
    """The library reads the settings by itself: the arguments say when they have changed."""
    return MultiFernet([Fernet(cle) for cle in EncryptedTextField().keys])


class TexteChiffre(_Texte):
    """A text that is encrypted at rest. For migrations it is the library's field."""

    @property
    def f(self) -> MultiFernet:
        """The keys in force, those of every other field."""
        return coffre()

    def deconstruct(self) -> Any:
        """The library's name: what is stored is the same."""
        nom, _, arguments, options = super().deconstruct()
        return nom, "encrypted_fields.fields.EncryptedTextField", arguments, options
