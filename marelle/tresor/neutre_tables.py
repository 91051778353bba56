"""The tables of the parcel: which columns, in which order, what each means. Stable: a column is added at the end, never moved."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any, TextIO

from marelle.creances.models import Facture, LigneFacture
from marelle.creances.payeurs import nom_de
from marelle.creances.regies import options_de
from marelle.regles.regies import OptionsRegie
from marelle.socle.pays import FRANCE

from .models import Export

VERSION = 1
Colonne = tuple[str, str]

FACTURES: tuple[Colonne, ...] = (
    ("numero", "numéro de la facture ou de l’avoir, unique"),
    ("sorte", "« facture » (somme due) ou « avoir » (somme rendue, montant négatif)"),
    ("date_emission", "jour/mois/année"),
    ("date_echeance", "jour/mois/année"),
    ("periode_debut", "premier jour facturé"),
    ("periode_fin", "dernier jour facturé"),
    ("montant", "euros, virgule décimale ; négatif pour un avoir"),
    ("facture_corrigee", "numéro de la facture que l’avoir corrige, s’il n’en corrige qu’une"),
    ("motif", "pourquoi l’avoir est fait"),
    ("code_regie", "code de la régie ou du budget"),
    ("code_analytique", "de la régie, dans regies.toml"),
    ("code_produit", "code produit local"),
    ("nature", "compte par nature"),
    ("fonction", "code fonction"),
    ("payeur", "numéro du payeur dans Marelle, stable"),
    ("dossier", "numéro du dossier de la famille, vide pour un organisme"),
    ("civilite", "« m », « mme » ou vide"),
    ("nom", "du payeur, ou de l’organisme"),
    ("prenom", "vide pour un organisme"),
    ("siret", "d’un organisme"),
    ("adresse", "numéro et voie"),
    ("code_postal", "cinq chiffres en France"),
    ("commune", "du payeur"),
    ("pays", "code ISO à deux lettres, FR pour la France"),
    ("fichier", "nom du PDF dans le dossier « pdf »"),
)
LIGNES: tuple[Colonne, ...] = (
    ("numero", "numéro de la facture ou de l’avoir"),
    ("rang", "rang de la ligne dans la facture"),
    ("sorte", "prestation, forfait, cotisation, correction, prise_en_charge ou autre"),
    ("activite", "code de l’activité"),
    ("unite", "code de ce qui est réservé (journée, matin…)"),
    ("jour", "jour de la prestation, s’il y en a un"),
    ("libelle", "ce que la famille lit"),
    ("minutes", "minutes facturées"),
    ("montant", "euros, virgule décimale"),
    ("code_analytique", "de la régie"),
    ("code_produit", "code produit local"),
)
TOTAUX: tuple[Colonne, ...] = (
    ("code_analytique", "de la régie"),
    ("code_produit", "code produit local"),
    ("nature", "compte par nature"),
    ("activite", "code de l’activité"),
    ("sorte", "sorte de ligne"),
    ("lignes", "nombre de lignes"),
    ("montant", "somme, en euros ; la somme de cette colonne est le total de l’export"),
)
TABLES = (("factures.csv", FACTURES), ("lignes.csv", LIGNES), ("totaux.csv", TOTAUX))


def tables_de(export: Export, factures: Iterable[Facture]) -> dict[str, Callable[[TextIO], None]]:
    """The three CSV, by name, each as what writes it: « ; », French decimals, one line of titles. Invoices are gone through once
    for each, and never held together."""
    options = options_de(export.regie)
    contenus = (
        (_ligne_de_facture(une, options) for une in factures),
        (_ligne(facture, une, options) for facture in factures for une in facture.lignes.all()),
        (une for une in _totaux(factures, options)),
    )
    return {
        nom: partial(_ecrire_csv, colonnes, lignes) for (nom, colonnes), lignes in zip(TABLES, contenus, strict=True)
    }


def ecrire_json(export: Export, factures: Iterable[Facture], sortie: TextIO) -> None:
    """The same for programs: amounts in whole centimes, ISO dates."""
    options = options_de(export.regie)
    document = {
        "version": VERSION,
        "regie": {"code": export.regie.code, "nom": export.regie.nom, "code_analytique": options.code_analytique},
        "export": {"exercice": export.exercice, "numero": export.numero, "fait_le": export.fait_le.isoformat()},
        "periode": {"debut": _iso(export.periode_debut), "fin": _iso(export.periode_fin)},
        "total_centimes": export.total_centimes,
        "totaux": [dict(zip([nom for nom, _ in TOTAUX], un, strict=True)) for un in _totaux(factures, options, int)],
    }
    sortie.write(_json(document).removesuffix("\n}") + ',\n "factures": [')
    for rang, une in enumerate(factures):
        sortie.write(f"{',' if rang else ''}\n{_json(_objet(une))}")
    sortie.write("\n]}\n")


def lisezmoi(export: Export) -> str:
    """What each file and each column is, in French, for whoever opens the parcel."""
    parties = [
        f"Export {export.exercice}-{export.numero}, {export.regie.nom}. Format {VERSION}.",
        "Les CSV sont en UTF-8 avec BOM, séparés par des points-virgules. Les montants ont une virgule, les dates sont"
        " jour/mois/année. Un texte qui commencerait par =, +, - ou @ est précédé d’une apostrophe.",
        "export.json dit la même chose, en centimes entiers et en dates ISO. Le dossier pdf tient chaque facture.",
    ]
    for nom, colonnes in TABLES:
        parties.append(f"\n{nom}")
        parties += [f"  {colonne} : {sens}" for colonne, sens in colonnes]
    return "\n".join(parties) + "\n"


def decimal(centimes: int) -> str:
    """« -48,60 », from an integer."""
    return f"{'-' if centimes < 0 else ''}{abs(centimes) // 100},{abs(centimes) % 100:02}"


def texte_sur(texte: str) -> str:
    """A text that a spreadsheet will not take for a formula."""
    net = " ".join(texte.split())
    return f"'{net}" if net[:1] in ("=", "+", "-", "@") else net


def _json(objet: dict[str, Any]) -> str:
    return json.dumps(objet, ensure_ascii=False, indent=1)


def _ecrire_csv(colonnes: Sequence[Colonne], lignes: Iterable[Sequence[Any]], sortie: TextIO) -> None:
    ecrit = csv.writer(sortie, delimiter=";", lineterminator="\r\n")
    ecrit.writerow([nom for nom, _ in colonnes])
    ecrit.writerows(lignes)


def _ligne_de_facture(facture: Facture, options: OptionsRegie) -> list[Any]:
    ecrit, pes = facture.destinataire, options.pes
    textes = [texte_sur(str(ecrit.get(champ, ""))) for champ in ("civilite", "nom", "prenom", "siret")]
    lieu = [texte_sur(str(ecrit.get(champ, ""))) for champ in ("adresse", "code_postal", "commune")]
    lieu.append(str(ecrit.get("pays") or FRANCE))  # invoices of before countries were known
    return [
        facture.numero, facture.sorte, _jour(facture.date_emission), _jour(facture.date_echeance),
        _jour(facture.periode_debut), _jour(facture.periode_fin), decimal(facture.montant_centimes),
        facture.corrige.numero if facture.corrige else "", texte_sur(facture.motif), options.code,
        options.code_analytique, _produit(options), pes.nature, pes.fonction, facture.payeur_id,
        ecrit.get("dossier", ""), *textes, *lieu, f"{facture.sorte}-{facture.numero}.pdf",
    ]  # fmt: skip


def _ligne(facture: Facture, ligne: LigneFacture, options: OptionsRegie) -> list[Any]:
    return [
        facture.numero, ligne.rang, ligne.sorte, ligne.activite, ligne.unite, _jour(ligne.date),
        texte_sur(ligne.libelle), ligne.minutes, decimal(ligne.montant_centimes), options.code_analytique,
        _produit(options),
    ]  # fmt: skip


def _totaux(
    factures: Iterable[Facture], options: OptionsRegie, dire: Callable[[int], Any] = decimal
) -> list[list[Any]]:
    sommes: dict[tuple[str, str], tuple[int, int]] = {}
    for facture in factures:
        for ligne in facture.lignes.all():
            cle = (ligne.activite, ligne.sorte)
            nombre, somme = sommes.get(cle, (0, 0))
            sommes[cle] = (nombre + 1, somme + ligne.montant_centimes)
    return [
        [options.code_analytique, _produit(options), options.pes.nature, activite, sorte, nombre, dire(somme)]
        for (activite, sorte), (nombre, somme) in sorted(sommes.items())
    ]


def _objet(facture: Facture) -> dict[str, Any]:
    lignes = [
        {
            "rang": une.rang, "sorte": une.sorte, "activite": une.activite, "unite": une.unite, "jour": _iso(une.date),
            "libelle": une.libelle, "minutes": une.minutes, "montant_centimes": une.montant_centimes,
        }
        for une in facture.lignes.all()
    ]  # fmt: skip
    return {
        "numero": facture.numero, "sorte": facture.sorte, "montant_centimes": facture.montant_centimes,
        "date_emission": _iso(facture.date_emission), "date_echeance": _iso(facture.date_echeance),
        "periode_debut": _iso(facture.periode_debut), "periode_fin": _iso(facture.periode_fin),
        "facture_corrigee": facture.corrige.numero if facture.corrige else None, "motif": facture.motif,
        "payeur": {"numero": facture.payeur_id, "nom_complet": nom_de(facture.destinataire), **facture.destinataire},
        "lignes": lignes, "fichier": f"pdf/{facture.sorte}-{facture.numero}.pdf",
    }  # fmt: skip


def _produit(options: OptionsRegie) -> str:
    return options.code_produit_local or options.pes.code_produit


def _jour(jour: Any) -> str:
    return f"{jour:%d/%m/%Y}" if jour else ""


def _iso(jour: Any) -> str | None:
    return jour.isoformat() if jour else None
