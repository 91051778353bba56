"""The one table that `make demo` prints: where to go, who to be, with which password, where the e-mails are."""

from collections.abc import Iterable, Sequence

Ligne = tuple[str, str]


def tableau(portails: Iterable[tuple[str, Sequence[Ligne]]], comptes: Sequence[Ligne], mot_de_passe: str) -> str:
    """Lines (what, where) of each named portal, then lines (identifiant, who) of the accounts, the same in all of them."""
    blocs: list[tuple[str, Sequence[Ligne]]] = [*portails]
    blocs.append(("Comptes, tous avec le même mot de passe", [*comptes, ("mot de passe", mot_de_passe)]))
    gauche = max(len(ligne[0]) for _, lignes in blocs for ligne in lignes)
    droite = max(len(ligne[1]) for _, lignes in blocs for ligne in lignes)
    largeur = max(gauche + droite + 6, *(len(titre) + 2 for titre, _ in blocs))
    trait = "─" * largeur
    corps: list[str] = []
    for titre, lignes in blocs:
        corps += [f"├{trait}┤", f"│ {titre:<{largeur - 1}}│"]
        corps += [f"│   {quoi:<{gauche}}  {valeur:<{largeur - gauche - 5}}│" for quoi, valeur in lignes]
    corps[0] = f"┌{trait}┐"
    return "\n".join(["", *corps, f"└{trait}┘", "Ctrl-C arrête tout.", ""])
