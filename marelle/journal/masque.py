"""What must not be read in a log nor in the journal: e-mail addresses, telephone numbers, query strings, tokens."""

import re

_ADRESSE = re.compile(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+")
# Anything after « ? » in an address, absolute or not: it holds what a person typed.
_QUESTION = re.compile(r"(?<=\S)\?[^\s\"'<>]*=[^\s\"'<>]*")
# Single-use links: a long run of the letters of a token, with at least one digit, as one segment of a path.
_JETON = re.compile(r"(?<=/)(?=[A-Za-z_:-]*\d)[A-Za-z0-9_:-]{20,}(?=/|\b)")
_ESPACE = r"[\s.\u00a0\u202f-]?"
_TELEPHONE = re.compile(
    rf"(?<![\w:.-])(?:(?:\+|00)33{_ESPACE}(?:\(0\){_ESPACE})?|0)[1-9](?:{_ESPACE}\d{{2}}){{4}}(?![\w:-])"
    rf"|(?<![\w:.-])(?:\+|00)\d{{1,3}}{_ESPACE}\d(?:{_ESPACE}\d){{6,12}}(?!\w)"
)
_REGLES = ((_ADRESSE, "[adresse]"), (_QUESTION, "?[…]"), (_JETON, "[jeton]"), (_TELEPHONE, "[téléphone]"))


def masquer(texte: str) -> str:
    """The text without what would name a person: « [adresse] », « [téléphone] », « ?[…] » and « [jeton] » in its place."""
    for motif, remplacement in _REGLES:
        texte = motif.sub(remplacement, texte)
    return texte
