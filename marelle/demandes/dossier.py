"""Where a child's file stands: each thing the collectivité wants, in force, pending, to correct or missing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, Max, OuterRef, Q, QuerySet

from marelle.collectivite.identite import identite
from marelle.familles.models import Enfant, Famille, Rattachement
from marelle.pieces.models import Piece
from marelle.regles.situation import Manque
from marelle.socle.francais import de
from marelle.socle.horloge import aujourdhui

from .models import Demande
from .passages import EN_COURS, Etat

# Where each nature of the child's file keeps the instant of its validation.
VALIDEES = {
    "fiche_enfant": "fiche__validee_le",
    "autorisations": "autorisations__validees_le",
    "personnes_autorisees": "liste_personnes__validee_le",
    "fiche_sanitaire": "fiche_sanitaire__validee_le",
}
NATURES_DU_DOSSIER = (*VALIDEES, "fiche_responsable", "nouvel_enfant")
MODIFICATION = "modification_en_attente"
PAS_A_VOUS = "Votre foyer ne peut pas réserver pour cet enfant : adressez-vous au service."


@dataclass(frozen=True, slots=True)
class Exigence:
    """One thing wanted for a child. `etat`: valide, en_attente, a_corriger, manque, perime. `onglet` is where to do it."""

    code: str
    nom: str
    etat: str
    onglet: str = ""
    valide_le: datetime | None = None
    jusquau: date | None = None

    @property
    def est_satisfaite(self) -> bool:
        return self.etat == "valide"


@dataclass(frozen=True, slots=True)
class EtatDossier:
    """Everything wanted for one child, and what the rules are told is missing."""

    enfant_id: int
    prenom: str
    exigences: tuple[Exigence, ...]
    manques: tuple[Manque, ...]
    peut_reserver: bool = True  # this household may book for the child

    @property
    def est_complet(self) -> bool:
        """Nothing stands against booking today (a document may still end later in the year)."""
        return all(manque.jusquau is not None for manque in self.manques)

    @property
    def a_faire(self) -> tuple[Exigence, ...]:
        """What the family itself has to do."""
        return tuple(une for une in self.exigences if une.etat in ("manque", "perime", "a_corriger"))


def etats_des_dossiers(famille: Famille, enfant_ids: Iterable[int]) -> dict[int, EtatDossier]:
    """The state of the file of these children, as this household sees it. Two queries, whatever
    their number; one when nothing is pending."""
    pieces = [piece for piece in identite().pieces if piece.est_obligatoire]
    fins: dict[str, Any] = {
        f"fin_{piece.code}": Max(
            "pieces__valable_au", filter=Q(pieces__type_piece=piece.code, pieces__etat=Piece.Etat.ACCEPTEE)
        )
        for piece in pieces
    } | {
        f"sans_fin_{piece.code}": Max(
            "pieces__pk",
            filter=Q(pieces__type_piece=piece.code, pieces__etat=Piece.Etat.ACCEPTEE, pieces__valable_au=None),
        )
        for piece in pieces
    }
    lignes = list(
        Enfant.objects.filter(pk__in=list(enfant_ids))
        .order_by("pk")
        .values("pk", "prenom", *VALIDEES.values())
        .annotate(
            attend=Exists(_attendues(famille, OuterRef("pk"))),
            reserve=Exists(Rattachement.objects.filter(famille=famille, enfant=OuterRef("pk"), peut_reserver=True)),
            **fins,
        )
    )
    en_cours = _en_cours(famille, enfant_ids) if any(ligne["attend"] for ligne in lignes) else {}
    return {ligne["pk"]: _etat(ligne, en_cours) for ligne in lignes}


def etat_du_dossier(famille: Famille, enfant: Enfant) -> EtatDossier:
    return etats_des_dossiers(famille, [enfant.pk])[enfant.pk]


def _attendues(famille: Famille, enfant: Any) -> QuerySet[Demande]:
    """What is not decided of the files of a child, or of the household's adults."""
    return Demande.objects.filter(
        Q(enfant_id=enfant) | Q(famille=famille, enfant__isnull=True),
        etat__in=EN_COURS,
        nature__in=[*NATURES_DU_DOSSIER, "piece"],
    )


def _en_cours(famille: Famille, enfant_ids: Iterable[int]) -> dict[tuple[int | None, str], str]:
    """States of the demandes not decided, by child (None: the household's adults) and nature; documents by « piece.<type> »."""
    lignes = Demande.objects.filter(
        Q(enfant_id__in=list(enfant_ids)) | Q(famille=famille, enfant__isnull=True),
        etat__in=EN_COURS,
        nature__in=[*NATURES_DU_DOSSIER, "piece"],
    ).values_list("enfant_id", "nature", "etat", "contenu_clair")
    trouvees: dict[tuple[int | None, str], str] = {}
    for enfant_id, nature, etat, contenu in lignes:
        cle = f"piece.{contenu.get('type_piece', '')}" if nature == "piece" else nature
        trouvees[(enfant_id, cle)] = etat
    return trouvees


def _etat(ligne: dict[str, Any], en_cours: dict[tuple[int | None, str], str]) -> EtatDossier:
    enfant_id = ligne["pk"]
    exigences = []
    for onglet in identite().onglets:
        for nature in onglet.natures:
            etat = _etat_de(en_cours.get((enfant_id, nature)), ligne[VALIDEES[nature]] is not None)
            exigences.append(Exigence(nature, onglet.titre, etat, onglet.code, ligne[VALIDEES[nature]]))
    for piece in identite().pieces:
        if piece.est_obligatoire:
            code = f"piece.{piece.code}"
            fin = ligne[f"fin_{piece.code}"]
            est_valide = bool(ligne[f"sans_fin_{piece.code}"]) or (fin is not None and fin >= aujourdhui())
            etat = _etat_de(en_cours.get((enfant_id, code)), est_valide)
            exigences.append(
                Exigence(
                    code,
                    piece.nom,
                    _perime(etat, fin),
                    "documents",
                    None,
                    None if ligne[f"sans_fin_{piece.code}"] else fin,
                )
            )
    manques = (*_manques(exigences, ligne["prenom"]), *_modifications(enfant_id, ligne["prenom"], en_cours))
    return EtatDossier(enfant_id, ligne["prenom"], tuple(exigences), manques, ligne["reserve"])


def _etat_de(demande: str | None, est_valide: bool) -> str:
    """What is in force stays so while a change of it is pending: the change itself is another matter."""
    if est_valide:
        return "valide"
    if demande == Etat.A_CORRIGER:
        return "a_corriger"
    return "en_attente" if demande else "manque"


def _perime(etat: str, fin: date | None) -> str:
    return "perime" if etat == "manque" and fin is not None else etat


PHRASES = {
    "manque": "{nom} {de_prenom} : à compléter avant de réserver.",
    "a_corriger": "{nom} {de_prenom} : à corriger, le service vous l’a renvoyée.",
    "en_attente": "{nom} {de_prenom} : le service doit encore la valider.",
    "perime": "{nom} {de_prenom} : celle que nous avons a expiré, envoyez la nouvelle.",
}


def _manques(exigences: list[Exigence], prenom: str) -> list[Manque]:
    manques = [
        Manque(une.code, PHRASES[une.etat].format(nom=une.nom, de_prenom=de(prenom)))
        for une in exigences
        if not une.est_satisfaite
    ]
    # A document in force stops counting for the days after its end (R18: valid on the session date).
    manques += [
        Manque(
            une.code,
            f"{une.nom} {de(prenom)} : elle ne couvre pas ce jour, envoyez la suivante.",
            jusquau=une.jusquau,
        )
        for une in exigences
        if une.est_satisfaite and une.jusquau is not None
    ]
    return manques


def _modifications(enfant_id: int, prenom: str, en_cours: dict[tuple[int | None, str], str]) -> list[Manque]:
    if not identite().modification_bloque:
        return []
    cles = [cle for cle, nature in en_cours if nature in NATURES_DU_DOSSIER and cle in (enfant_id, None)]
    if not cles:
        return []
    qui = f"du dossier {de(prenom)}" if enfant_id in cles else "de la fiche d’un adulte"
    return [Manque(MODIFICATION, f"Une modification {qui} attend la validation du service.")]
