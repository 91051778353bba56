"""Errors that carry one French sentence for the person in front of the screen, and the HTTP status that goes with it."""


class ErreurMarelle(Exception):
    """Something that was asked cannot be done; `str(erreur)` says what, where and what to do."""

    statut = 400

    def __init__(self, phrase: str) -> None:
        super().__init__(phrase)
        self.phrase = phrase


class Refus(ErreurMarelle):
    """The rules or the state of things say no; nothing has changed."""

    statut = 409


class Introuvable(ErreurMarelle):
    """What one may not see does not exist."""

    statut = 404
