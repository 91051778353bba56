"""`marelle demo-donnees --familles N`: as many invented families as one wants, always the same, with their bookings."""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db import transaction
from simple_history.utils import bulk_create_with_history

from marelle.activites.models import Activite, Ouverture
from marelle.collectivite.identite import identite
from marelle.demandes.contexte import est_de_l_age
from marelle.familles.models import (
    Autorisations,
    Enfant,
    Famille,
    FicheEnfant,
    FicheSanitaire,
    ListePersonnes,
    Rattachement,
    Responsable,
)
from marelle.pieces.models import Piece
from marelle.socle.erreurs import ErreurMarelle
from marelle.socle.horloge import annee_scolaire, aujourdhui, maintenant

from . import noms
from .papiers import attestation, ranger_copies
from .passe import Inscription, JourVoulu, inscrire, jours_voulus

GRAINE = 20261120
PAR_LOT = 500  # families
PREFIXE = "INV-"
SERVICE = "Camille Aubert"


@dataclass(frozen=True, slots=True)
class _Offre:
    """An activity and its open days, by the age group of each."""

    activite: Activite
    ouvertures: Sequence[Ouverture]
    jours: dict[int, JourVoulu] = field(default_factory=dict)


def creer(familles: int) -> int:
    """Add this number of families after those that a former call made; returns the number of days booked.

    Deterministic for a given collectivité and day. Raises `ErreurMarelle` when no activity is loaded.
    """
    hasard = random.Random(GRAINE)
    offres = _offres()
    if not offres:
        raise ErreurMarelle("Aucune activité n’est chargée : lancez d’abord « marelle charger collectivites/<code> ».")
    premier = Famille.objects.filter(numero__startswith=PREFIXE).count()
    reserves = 0
    for debut in range(premier, premier + familles, PAR_LOT):
        nombre = min(PAR_LOT, premier + familles - debut)
        with transaction.atomic():
            enfants = _creer_un_lot(debut, nombre, hasard)
            reserves += inscrire(_inscriptions(enfants, offres, hasard), SERVICE)
    return reserves


def _offres() -> list[_Offre]:
    offres = []
    for activite in Activite.objects.filter(est_active=True).order_by("ordre", "pk"):
        unite = activite.unites.order_by("ordre", "pk").first()
        ouvertures = list(
            Ouverture.objects.filter(unite=unite, fermeture="", date__gte=aujourdhui() - timedelta(days=60))
            .select_related("groupe")
            .prefetch_related("jauges")
            .order_by("date", "pk")
        )
        if ouvertures:
            voulus = {jour.ouverture_id: jour for jour in jours_voulus(ouvertures)}
            offres.append(_Offre(activite, ouvertures, voulus))
    return offres


def _creer_un_lot(debut: int, nombre: int, hasard: random.Random) -> list[tuple[Famille, Enfant]]:
    """Households, adults, children and complete files, a few statements for hundreds of them."""
    familles = Famille.objects.bulk_create(
        [Famille(numero=f"{PREFIXE}{rang:06d}", nom=_nom(rang)) for rang in range(debut, debut + nombre)]
    )
    adultes = [_adulte(famille, rang, debut + n) for n, famille in enumerate(familles) for rang in (1, 2)]
    bulk_create_with_history(adultes, Responsable, batch_size=500)
    couples = [
        (famille, _enfant(famille, hasard))
        for famille in familles
        for _ in range(hasard.choices((1, 2, 3, 4), weights=(39, 45, 13, 3))[0])
    ]
    enfants = bulk_create_with_history([enfant for _, enfant in couples], Enfant, batch_size=500)
    couples = [(famille, enfant) for (famille, _), enfant in zip(couples, enfants, strict=True)]
    Rattachement.objects.bulk_create([Rattachement(enfant=enfant, famille=famille) for famille, enfant in couples])
    _dossiers(couples, hasard)
    return couples


def _nom(rang: int) -> str:
    """A double-barrelled surname once the single ones are used up: thousands of different ones."""
    premier = noms.NOMS[rang % len(noms.NOMS)]
    tour = rang // len(noms.NOMS)
    return premier if tour == 0 else f"{premier}-{noms.NOMS[(rang + tour) % len(noms.NOMS)]}"


def _adulte(famille: Famille, rang: int, numero: int) -> Responsable:
    prenom = noms.PRENOMS_ADULTES[(numero * 2 + rang) % len(noms.PRENOMS_ADULTES)]
    return Responsable(
        famille=famille,
        prenom=prenom,
        nom=famille.nom,
        courriel=noms.courriel(prenom, famille.nom, numero * 2 + rang),
        adresse=noms.VOIES[numero % len(noms.VOIES)],
        code_postal=noms.CODE_POSTAL,
        commune=noms.COMMUNE,
        telephone=f"02 61 91 {numero // 100 % 100:02d} {numero % 100:02d}",
        est_principal=rang == 1,
        rang=rang,
    )


def _enfant(famille: Famille, hasard: random.Random) -> Enfant:
    est_fille = hasard.random() < 0.5
    age = hasard.randint(3, 10)
    jour = aujourdhui() - timedelta(days=hasard.randint(1, 364))
    return Enfant(
        nom=famille.nom,
        prenom=hasard.choice(noms.PRENOMS_FILLES if est_fille else noms.PRENOMS_GARCONS),
        date_naissance=date(jour.year - age, jour.month, min(jour.day, 28)),
        sexe="f" if est_fille else "g",
        ecole=noms.ECOLE,
        classe=noms.CLASSES.get(age, ""),
    )


def _dossiers(couples: Sequence[tuple[Famille, Enfant]], hasard: random.Random) -> None:
    """Files validated, so that these families can book."""
    valide = maintenant() - timedelta(days=45)
    repas = [choix.code for choix in identite().repas] or [""]
    accords = {question.code: True for question in identite().autorisations}
    enfants = [enfant for _, enfant in couples]
    fiches = [FicheEnfant(enfant=e, type_repas=hasard.choice(repas), validee_le=valide) for e in enfants]
    bulk_create_with_history(fiches, FicheEnfant, batch_size=500)
    autorisations = [Autorisations(enfant=e, accords=accords, validees_le=valide) for e in enfants]
    bulk_create_with_history(autorisations, Autorisations, batch_size=500)
    ListePersonnes.objects.bulk_create([ListePersonnes(enfant=e, validee_le=valide) for e in enfants])
    contenu = json.dumps({"allergie": "non", "traitement": "non", "pai": "non"})
    FicheSanitaire.objects.bulk_create(
        [FicheSanitaire(enfant=e, contenu=contenu, alerte="", validee_le=valide) for e in enfants]
    )
    _pieces(couples)


def _pieces(couples: Sequence[tuple[Famille, Enfant]]) -> None:
    """The mandatory documents as accepted, each with its file: the same small picture for all."""
    debut, fin = annee_scolaire(aujourdhui())
    fin = max(fin, annee_scolaire(aujourdhui() + timedelta(days=150))[1])
    image = attestation("Attestation", "Un enfant inventé", f"{debut.year}-{debut.year + 1}")
    empreinte = hashlib.sha256(image).hexdigest()
    pieces = Piece.objects.bulk_create(
        [
            Piece(
                famille=famille,
                enfant=enfant,
                type_piece=type_piece.code,
                annee=debut.year,
                nom=f"{type_piece.code}.jpg",
                format="image/jpeg",
                taille=len(image),
                empreinte=empreinte,
                etat=Piece.Etat.ACCEPTEE,
                valable_du=debut,
                valable_au=fin,
            )
            for famille, enfant in couples
            for type_piece in identite().pieces
            if type_piece.est_obligatoire
        ]
    )
    ranger_copies([piece.cle for piece in pieces], image)


def _inscriptions(
    couples: Sequence[tuple[Famille, Enfant]], offres: Sequence[_Offre], hasard: random.Random
) -> list[Inscription]:
    """Each child goes to one or two activities, some days of each; one demande in twelve still waits for the service."""
    voulues = []
    for famille, enfant in couples:
        for offre in hasard.sample(offres, k=min(len(offres), hasard.randint(1, 2))):
            assiduite = hasard.choice((0.05, 0.2, 0.5))
            jours = tuple(
                offre.jours[une.pk]
                for une in offre.ouvertures
                if hasard.random() < assiduite and est_de_l_age(enfant, une, offre.activite)
            )
            if jours:
                acceptee = hasard.random() > 1 / 12
                voulues.append(
                    Inscription(famille.pk, enfant.pk, offre.activite.pk, jours, _depose_le(hasard), acceptee)
                )
    return voulues


def _depose_le(hasard: random.Random) -> datetime:
    return maintenant() - timedelta(days=hasard.randint(3, 60), seconds=hasard.randint(0, 86_399))
