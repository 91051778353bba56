"""Where a child's file stands: each thing the collectivité wants, in force, pending, to correct or missing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from fnmatch import fnmatchcase
from typing import Any

from django.db.models import Exists, FilteredRelation, OuterRef, Q, QuerySet

from marelle.collectivite.identite import identite, reglement
from marelle.familles.models import Enfant, Famille, Rattachement
from marelle.pieces.models import Piece
from marelle.regles.situation import Action, Manque
from marelle.socle.francais import de
from marelle.socle.horloge import annee_scolaire, aujourdhui, maintenant

from .couverture import Couverture
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
        """Nothing is missing for today (a document may still end later in the year)."""
        return not any(manque.concerne(aujourdhui()) for manque in self.manques)

    @property
    def peut_demander(self) -> bool:
        """Nothing that is missing closes a booking: some collectivités take it, and wait for the file meanwhile."""
        return not any(ferme_la_reservation(manque.code) for manque in self.manques if manque.concerne(aujourdhui()))

    @property
    def a_faire(self) -> tuple[Exigence, ...]:
        """What the family itself has to do."""
        return tuple(une for une in self.exigences if une.etat in ("manque", "perime", "a_corriger"))


def ferme_la_reservation(code: str) -> bool:
    """Whether the règlement in force wants this in order before some booking."""
    portes = reglement().version_du(aujourdhui(), maintenant()).portes_de(Action.RESERVER)
    return any(fnmatchcase(code, porte) for porte in portes)


def etats_des_dossiers(famille: Famille, enfant_ids: Iterable[int]) -> dict[int, EtatDossier]:
    """The state of the file of these children, as this household sees it. Two queries, whatever
    their number; one when nothing is pending."""
    codes = [piece.code for piece in identite().pieces if piece.est_obligatoire]
    acceptees = Q(pieces__etat=Piece.Etat.ACCEPTEE, pieces__type_piece__in=codes or [""])
    lignes = list(
        Enfant.objects.filter(pk__in=list(enfant_ids))
        .annotate(
            attend=Exists(_attendues(famille, OuterRef("pk"))),
            reserve=Exists(Rattachement.objects.filter(famille=famille, enfant=OuterRef("pk"), peut_reserver=True)),
            acceptees=FilteredRelation("pieces", condition=acceptees),
        )
        .order_by("pk", "acceptees__pk")
        .values("pk", "prenom", "attend", "reserve", *VALIDEES.values(), *ACCEPTEES)
    )
    par_enfant: dict[int, list[dict[str, Any]]] = {}
    for ligne in lignes:  # one for each accepted document of a child
        par_enfant.setdefault(ligne["pk"], []).append(ligne)
    en_cours = _en_cours(famille, enfant_ids) if any(ligne["attend"] for ligne in lignes) else {}
    return {cle: _etat(siennes[0], _couvertures(siennes), en_cours) for cle, siennes in par_enfant.items()}


ACCEPTEES = ("acceptees__type_piece", "acceptees__valable_du", "acceptees__valable_au")


def _couvertures(lignes: list[dict[str, Any]]) -> dict[str, Couverture]:
    """The days that the accepted documents of a child cover, by kind."""
    periodes: dict[str, list[tuple[date | None, date | None]]] = {}
    for ligne in lignes:
        code, du, au = (ligne[nom] for nom in ACCEPTEES)
        if code:
            periodes.setdefault(code, []).append((du, au))
    return {code: Couverture.de(siennes) for code, siennes in periodes.items()}


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
    rentree = annee_scolaire(aujourdhui())[0].year
    trouvees: dict[tuple[int | None, str], str] = {}
    for enfant_id, nature, etat, contenu in lignes:
        cle = f"piece.{contenu.get('type_piece', '')}" if nature == "piece" else nature
        annee = contenu.get("annee") if nature == "piece" else None
        if annee is not None and annee != rentree:  # what it will cover is not today
            cle = f"{cle}{AUTRE_ANNEE}"
        trouvees[(enfant_id, cle)] = etat
    return trouvees


AUTRE_ANNEE = " d’une autre année"


def _etat(
    ligne: dict[str, Any], couvertures: dict[str, Couverture], en_cours: dict[tuple[int | None, str], str]
) -> EtatDossier:
    enfant_id, prenom = ligne["pk"], ligne["prenom"]
    exigences = []
    manques: list[Manque] = []
    for onglet in identite().onglets:
        for nature in onglet.natures:
            etat = _etat_de(en_cours.get((enfant_id, nature)), ligne[VALIDEES[nature]] is not None)
            exigences.append(Exigence(nature, onglet.titre, etat, onglet.code, ligne[VALIDEES[nature]]))
            if etat != "valide":
                manques.append(Manque(nature, PHRASES[etat].format(nom=onglet.titre, de_prenom=de(prenom))))
    for piece in identite().pieces:
        if piece.est_obligatoire:
            code, couverture = f"piece.{piece.code}", couvertures.get(piece.code, Couverture())
            etat = _perime(_etat_de(en_cours.get((enfant_id, code)), couverture.couvre(aujourdhui())), couverture)
            exigences.append(Exigence(code, piece.nom, etat, "documents", None, couverture.fin(aujourdhui())))
            attendue = (enfant_id, f"{code}{AUTRE_ANNEE}") in en_cours
            manques += _manques_d_une_piece(exigences[-1], prenom, couverture, est_attendue=attendue)
    manques += _modifications(enfant_id, prenom, en_cours)
    return EtatDossier(enfant_id, prenom, tuple(exigences), tuple(manques), ligne["reserve"])


def _etat_de(demande: str | None, est_valide: bool) -> str:
    """What is in force stays so while a change of it is pending: the change itself is another matter."""
    if est_valide:
        return "valide"
    if demande == Etat.A_CORRIGER:
        return "a_corriger"
    return "en_attente" if demande else "manque"


def _perime(etat: str, couverture: Couverture) -> str:
    return "perime" if etat == "manque" and couverture.a_fini_avant(aujourdhui()) else etat


PHRASES = {
    "manque": "{nom} {de_prenom} : à compléter avant de réserver.",
    "a_corriger": "{nom} {de_prenom} : à corriger, le service vous l’a renvoyée.",
    "en_attente": "{nom} {de_prenom} : le service doit encore la valider.",
    "perime": "{nom} {de_prenom} : celle que nous avons a expiré, envoyez la nouvelle.",
    "ailleurs": "{nom} {de_prenom} : elle ne couvre pas ce jour, envoyez la suivante.",
}


def _manques_d_une_piece(
    exigence: Exigence, prenom: str, couverture: Couverture, *, est_attendue: bool
) -> list[Manque]:
    """The days that no accepted document covers (R18: valid on the session date), from today on: each stretch with its words.
    `est_attendue`: one for another school year waits for the service."""
    manques = []
    for jusquau, avant in couverture.trous(aujourdhui()):
        manque = Manque(exigence.code, "", jusquau, avant)
        cas = "en_attente" if est_attendue else "ailleurs"
        if manque.concerne(aujourdhui()):
            cas = exigence.etat
        manques.append(replace(manque, phrase=PHRASES[cas].format(nom=exigence.nom, de_prenom=de(prenom))))
    return manques


def _modifications(enfant_id: int, prenom: str, en_cours: dict[tuple[int | None, str], str]) -> list[Manque]:
    if not identite().modification_bloque:
        return []
    cles = [cle for cle, nature in en_cours if nature in NATURES_DU_DOSSIER and cle in (enfant_id, None)]
    if not cles:
        return []
    qui = f"du dossier {de(prenom)}" if enfant_id in cles else "de la fiche d’un adulte"
    return [Manque(MODIFICATION, f"Une modification {qui} attend la validation du service.")]
