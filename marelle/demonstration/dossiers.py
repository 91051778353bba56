"""The households of the demonstration as rows: adults, children, and what the service validated long ago."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

from marelle.chargement import MOIS_DE_L_ANNEE_SUIVANTE
from marelle.collectivite.identite import identite
from marelle.collectivite.options import TypePiece
from marelle.demandes.natures.fiche_sanitaire import PREFIXE_VACCIN, alerte, vaccins_de
from marelle.familles.models import (
    Autorisations,
    Enfant,
    Famille,
    FicheEnfant,
    FicheSanitaire,
    ListePersonnes,
    PersonneAutorisee,
    Rattachement,
    Responsable,
)
from marelle.pieces.service import Destination, accepter, recevoir
from marelle.pieces.televersement import lire
from marelle.socle.horloge import annee_scolaire, aujourdhui, maintenant
from marelle.tarification.models import QuotientFamilial

from . import noms
from .foyers import Adulte, Foyer, Petit
from .papiers import attestation

ANNIVERSAIRE = timedelta(days=75)  # since the last one: ages stay those of the script for nine months


def naissance(age: int, decalage: timedelta = ANNIVERSAIRE) -> date:
    """A birth date that makes a child of this age today, whatever today is."""
    jour = aujourdhui() - decalage
    return date(jour.year - age, jour.month, min(jour.day, 28))


def creer_foyer(foyer: Foyer) -> Famille:
    """The household, its adults, its children with their files."""
    famille = Famille.objects.create(numero=foyer.numero, nom=foyer.nom)
    for rang, adulte in enumerate(foyer.adultes, start=1):
        creer_adulte(famille, adulte, rang)
    if foyer.quotient is not None:
        debut, fin = annee_scolaire(aujourdhui())
        QuotientFamilial.objects.create(
            famille=famille, valeur=foyer.quotient, source="cdap", releve_le=debut, valable_du=debut, valable_au=fin
        )
    for petit in foyer.enfants:
        creer_enfant(famille, petit)
    for numero, prenom, part in foyer.partage:
        enfant = Enfant.objects.get(prenom=prenom, familles__numero=numero)
        Rattachement.objects.create(enfant=enfant, famille=famille, part_garde=part)
    return famille


def creer_adulte(famille: Famille, adulte: Adulte, rang: int = 1) -> Responsable:
    numero = int("".join(filter(str.isdigit, famille.numero)) or 0)
    return Responsable.objects.create(
        famille=famille,
        civilite=adulte.civilite,
        prenom=adulte.prenom,
        nom=adulte.nom,
        courriel=noms.courriel(adulte.prenom, adulte.nom, numero),
        adresse=noms.VOIES[numero % len(noms.VOIES)],
        code_postal=noms.CODE_POSTAL,
        commune=noms.COMMUNE,
        telephone=f"02 61 91 {numero % 100:02d} {rang:02d}",  # 02 61 91: numbers that the ARCEP keeps for fiction
        est_principal=rang == 1,
        rang=rang,
    )


def creer_enfant(famille: Famille, petit: Petit) -> Enfant:
    enfant = Enfant.objects.create(
        nom=petit.nom,
        prenom=petit.prenom,
        date_naissance=naissance(petit.age),
        sexe=petit.sexe,
        ecole=noms.ECOLE,
        classe=noms.CLASSES.get(petit.age, ""),
    )
    Rattachement.objects.create(enfant=enfant, famille=famille, part_garde=petit.part_garde)
    if petit.dossier != "vide":
        _remplir(famille, enfant, petit)
    return enfant


def _remplir(famille: Famille, enfant: Enfant, petit: Petit) -> None:
    """What was validated at the beginning of the year; without the health sheet and with an old insurance if incomplete."""
    valide = maintenant() - timedelta(days=45)
    repas = [choix.code for choix in identite().repas]
    FicheEnfant.objects.create(
        enfant=enfant,
        type_repas=petit.repas if petit.repas in repas else (repas or [""])[0],
        assurance_compagnie="Mutuelle Exemple",
        assurance_police=f"EX-{enfant.pk:06d}",
        validee_le=valide,
    )
    accords = {question.code: question.code != "partir_seul" for question in identite().autorisations}
    Autorisations.objects.create(enfant=enfant, accords=accords, validees_le=valide)
    ListePersonnes.objects.create(enfant=enfant, validee_le=valide)
    PersonneAutorisee.objects.create(
        enfant=enfant, nom=petit.nom, prenom="Monique", lien="Grand-mère", telephone="02 61 91 00 77"
    )
    est_complet = petit.dossier == "complet"
    if est_complet:
        contenu = contenu_sanitaire(enfant, petit)
        FicheSanitaire.objects.create(
            enfant=enfant,
            contenu=json.dumps(contenu, ensure_ascii=False),
            alerte=alerte(contenu),
            a_pai=petit.a_pai,
            validee_le=valide,
        )
    for type_piece in identite().pieces:
        if type_piece.est_obligatoire:
            _piece(famille, enfant, type_piece, en_cours=est_complet)


def contenu_sanitaire(enfant: Enfant, petit: Petit) -> dict[str, Any]:
    """A health sheet as the family's form writes it."""
    rappel = (enfant.date_naissance + timedelta(days=500)).isoformat()
    return {
        **{PREFIXE_VACCIN + vaccin.code: rappel for vaccin in vaccins_de(enfant)},
        "vaccins_absents": "",
        "maladies": [une.code for une in identite().maladies[:1]],
        "allergie": "oui" if petit.allergies else "non",
        "allergies": petit.allergies,
        "conduite": petit.conduite,
        "traitement": "non",
        "traitement_detail": "",
        "pai": "oui" if petit.a_pai else "non",
        "pai_detail": "Depuis la rentrée, signé par le médecin scolaire." if petit.a_pai else "",
        "medecin_nom": "Dr Exemple",
        "medecin_telephone": "02 61 91 00 15",
        "autres": "",
    }


def _piece(famille: Famille, enfant: Enfant, type_piece: TypePiece, *, en_cours: bool) -> None:
    """A document accepted, with its file: for this school year (and the next where days are open), or for the last one."""
    rentree = annee_scolaire(aujourdhui())[0].year - (0 if en_cours else 1)
    debut, fin = annee_scolaire(date(rentree, 9, 1))
    if en_cours and MOIS_DE_L_ANNEE_SUIVANTE <= aujourdhui().month <= 8:
        fin = annee_scolaire(date(rentree + 1, 9, 1))[1]
    image = attestation(type_piece.nom, f"{enfant.prenom} {enfant.nom}", f"{rentree}-{rentree + 1}")
    annee = rentree if type_piece.est_annuelle else None
    piece = recevoir(Destination(famille, enfant, type_piece.code, annee), lire(f"{type_piece.code}.jpg", image))
    accepter(piece.cle, debut, fin)
