"""How the school enrolment and the sheet of new families are switched on: two tables of `collectivite.toml`."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from marelle.regles.lecture import Table


@dataclass(frozen=True, slots=True)
class InscriptionScolaire:
    """*Nouvelle inscription scolaire*. `pieces` are codes of the documents asked; `motifs` why another school, by code;
    `mois_ouverture` the month from which the next school year may be asked for."""

    pieces: tuple[str, ...] = ()
    motifs: tuple[tuple[str, str], ...] = ()
    mois_ouverture: int = 2


@dataclass(frozen=True, slots=True)
class FichePreInscription:
    """*Fiche de pré-inscription*. Never confirmed, it is forgotten after `jours_pour_confirmer` days; its answer given,
    what it says after `conservation_jours`."""

    jours_pour_confirmer: int = 7
    conservation_jours: int = 180


def lire_inscription_scolaire(table: Table, pieces: Collection[str]) -> InscriptionScolaire | None:
    """None when the collectivité has no such table."""
    if "inscription_scolaire" not in table:
        return None
    sienne = table.table("inscription_scolaire")
    sienne.verifier(("pieces", "motifs_derogation", "mois_ouverture"))
    motifs = []
    for un in sienne.tables("motifs_derogation"):
        un.verifier(("code", "nom"), ("code", "nom"))
        motifs.append((un.texte("code"), un.texte("nom")))
    return InscriptionScolaire(sienne.textes("pieces", pieces), tuple(motifs), sienne.entier("mois_ouverture", 2, 1, 8))


def lire_pre_inscription(table: Table) -> FichePreInscription | None:
    """None when the collectivité has no such table."""
    if "pre_inscription" not in table:
        return None
    sienne = table.table("pre_inscription")
    sienne.verifier(("jours_pour_confirmer", "conservation_jours"))
    return FichePreInscription(
        sienne.entier("jours_pour_confirmer", 7, 1, 30), sienne.entier("conservation_jours", 180, 60, 730)
    )
