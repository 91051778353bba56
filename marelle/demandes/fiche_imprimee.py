"""The sheet of a child on paper: what is in force, simple (identity, contacts, authorisations) or complete (with health)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from typing import Any

from marelle.collectivite.identite import identite
from marelle.editions import produire
from marelle.editions.formes import Autorisation, FicheEnfant, PersonneAutorisee, Responsable, Sante
from marelle.familles import models as dossier
from marelle.familles.models import Enfant, Famille
from marelle.familles.selection import adultes_de
from marelle.journal.service import noter_lecture_sante
from marelle.socle.francais import age, de
from marelle.socle.horloge import PARIS, aujourdhui
from marelle.socle.pays import lignes_d_adresse

from .natures.base import Sujet, dire
from .natures.fiche_sanitaire import PREFIXE_VACCIN, FicheMedicale, vaccins_de

SEXES = {Enfant.Sexe.FILLE: "Fille", Enfant.Sexe.GARCON: "Garçon"}
SANS_FICHE = "Aucune fiche n’est validée par le service."
A_APPELER = "À appeler ; ne vient pas chercher l’enfant."


def fiche_simple(enfant: Enfant, foyers: Sequence[Famille]) -> bytes:
    """The PDF without health data. `foyers`: the households whose adults are shown (a family sees only its own)."""
    return produire("fiche_enfant", donnees(enfant, foyers))


def fiche_complete(enfant: Enfant, foyers: Sequence[Famille], lecteur: Any, adresse_ip: str) -> bytes:
    """The same with the health sheet in force; whoever has it printed is written in the journal."""
    noter_lecture_sante(lecteur, enfant, dossier=f"famille:{foyers[0].pk}", adresse_ip=adresse_ip)
    return produire("fiche_enfant", {**donnees(enfant, foyers), "sante": _sante(enfant, foyers[0])})


def donnees(enfant: Enfant, foyers: Sequence[Famille]) -> FicheEnfant:
    """What the model needs, without health. Only what is in force: what waits for the service is not printed."""
    fiche = dossier.FicheEnfant.objects.filter(enfant=enfant).first()
    repas = {un.code: un.nom for un in identite().repas}
    faits: FicheEnfant = {
        "titre": f"Fiche {de(enfant.prenom)} {enfant.nom}",
        "prenom": enfant.prenom,
        "nom": enfant.nom,
        "naissance": enfant.date_naissance,
        "age": age(enfant.date_naissance, aujourdhui()),
        "sexe": SEXES.get(Enfant.Sexe(enfant.sexe), ""),
        "ecole": " – ".join(filter(None, (enfant.ecole, enfant.classe))),
        "repas": repas.get(fiche.type_repas, fiche.type_repas) if fiche else "",
        "assurance": _assurance(fiche),
        "responsables": [_responsable(adulte) for foyer in foyers for adulte in adultes_de(foyer)],
        "personnes": _personnes(enfant),
        "autorisations": _autorisations(enfant),
    }
    if fiche is not None and fiche.validee_le is not None:
        faits["validee_le"] = fiche.validee_le.astimezone(PARIS).date()
    return faits


def _assurance(fiche: dossier.FicheEnfant | None) -> str:
    if fiche is None or not fiche.assurance_compagnie:
        return ""
    contrat = f", contrat {fiche.assurance_police}" if fiche.assurance_police else ""
    return f"{fiche.assurance_compagnie}{contrat}"


def _responsable(adulte: dossier.Responsable) -> Responsable:
    return {
        "nom": str(adulte),
        "qui": "responsable principal" if adulte.est_principal else "responsable",
        "telephones": [numero for numero in (adulte.mobile, adulte.telephone) if numero],
        "courriel": adulte.courriel,
        "adresse": lignes_d_adresse(vars(adulte)),
    }


def _personnes(enfant: Enfant) -> list[PersonneAutorisee]:
    lignes = dossier.PersonneAutorisee.objects.filter(enfant=enfant).order_by("rang", "pk")
    return [
        {
            "nom": str(une),
            "qui": une.lien,
            "telephone": une.telephone,
            "precision": "" if une.peut_recuperer else A_APPELER,
        }
        for une in lignes
    ]


def _autorisations(enfant: Enfant) -> list[Autorisation]:
    ligne = dossier.Autorisations.objects.filter(enfant=enfant).first()
    accords = ligne.accords if ligne is not None else {}
    return [
        {"question": une.question, "reponse": accords.get(une.code), "precision": une.aide}
        for une in identite().autorisations
    ]


def _sante(enfant: Enfant, foyer: Famille) -> Sante:
    """The health sheet in force, field by field as the form asks them; the answers left empty are not printed."""
    ligne = dossier.FicheSanitaire.objects.filter(enfant=enfant, validee_le__isnull=False).first()
    contenu = json.loads(ligne.contenu) if ligne is not None and ligne.contenu else {}
    if ligne is None or not contenu:
        return {"rubriques": [("Fiche sanitaire", SANS_FICHE)], "vaccins": []}
    formulaire = FicheMedicale.formulaire(Sujet(foyer, enfant), initial=contenu)
    rubriques, medecin = [], []
    for un in (un for _, _, champs in formulaire.sections() for un in champs):
        dit = dire(un.field, contenu.get(un.name))
        if un.name.startswith(PREFIXE_VACCIN) or dit == "–":
            continue
        if un.name.startswith("medecin_"):
            medecin.append(dit)
        else:
            rubriques.append((str(un.label).rstrip(" ?"), dit))
    vaccins = [(un.nom, _du_vaccin(str(contenu.get(PREFIXE_VACCIN + un.code)))) for un in vaccins_de(enfant)]
    return {"alerte": ligne.alerte or "", "rubriques": rubriques, "vaccins": vaccins, "medecin": ", ".join(medecin)}


def _du_vaccin(iso: str) -> str:
    try:
        return date.fromisoformat(iso).strftime("%d/%m/%Y")
    except ValueError:
        return "Sans date"
