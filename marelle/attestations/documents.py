"""The certificates as documents: one, or all those of a year to print; drawn from what was frozen."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils.timezone import localdate

from marelle.creances.payeurs import nom_de
from marelle.editions import formes, produire
from marelle.familles.models import Responsable
from marelle.regles.argent import euros
from marelle.regles.lettres import en_lettres
from marelle.regles.phrases import dire_jour_du_mois
from marelle.socle.pays import lignes_d_adresse

from .models import Attestation

PAR_PARTIE = 25  # certificates set at once: the typesetter keeps about a megabyte for each
REPARTITION = (
    "Chaque paiement est imputé sur les journées de sa facture, de la plus ancienne à la plus récente ; une journée payée en "
    "partie l’est dans la même proportion pour la garde et pour le reste, au centime inférieur. Une somme compte pour l’année "
    "de son paiement, ou pour celle de l’accueil s’il vient après. Les avoirs sont déduits."
)
DECLARATION = (
    "Cette attestation ne dit pas le montant du crédit d’impôt, que l’administration fiscale calcule. À titre d’aide : les "
    "frais de garde hors du domicile se déclarent aux cases 7GA à 7GC de la déclaration 2042 RICI, une par enfant à charge "
    "(7GE à 7GG en résidence alternée). Retranchez les aides reçues de votre Caf, de votre MSA ou de votre employeur, "
    "dont la part qu’il a payée des CESU préfinancés."
)


def pdf(une: Attestation) -> bytes:
    """The document of one certificate: the same bytes each time, until another one replaces it: it then says so."""
    return pdf_de([une], par=Attestation.objects.filter(remplace=une).first())


def pdf_de(attestations: Sequence[Attestation], *, par: Attestation | None = None) -> bytes:
    """Several of them, each on its own pages; `par` is what replaces the only one. Raises `EditionImpossible`."""
    annee = attestations[0].annee
    donnees: formes.AttestationsFiscales = {
        "titre": f"Attestations fiscales {annee}",
        "attestations": [decrire(une, par) for une in attestations],
        "repartition": REPARTITION,
        "declaration": DECLARATION,
    }
    return produire("attestation_fiscale", donnees, edite=max(une.emise_le for une in attestations))


def pdf_a_imprimer(attestations: Sequence[Attestation]) -> bytes:
    """All of them end to end, for paper: made in parts, so that it holds little memory. Each alone is the accessible one."""
    from pypdf import PdfWriter  # only the jobs that print carry it

    from marelle.editions.service import oublier_les_pages

    livre = PdfWriter()
    for debut in range(0, len(attestations), PAR_PARTIE):
        partie = pdf_de(attestations[debut : debut + PAR_PARTIE])
        livre.append(io.BytesIO(partie), import_outline=False)
        oublier_les_pages()
    livre.add_metadata({"/Title": f"Attestations fiscales {attestations[0].annee}"})
    sortie = io.BytesIO()
    livre.write(sortie)
    return sortie.getvalue()


def nom_de_fichier(une: Attestation) -> str:
    return f"attestation-fiscale-{une.annee}-{une.numero}.pdf"


def decrire(une: Attestation, par: Attestation | None = None) -> formes.AttestationFiscale:
    """What a certificate says, ready to be drawn."""
    contenu = une.contenu
    organisme, signe = contenu["organisme"], contenu["signataire"]
    return {
        "numero": une.numero,
        "annee": str(une.annee),
        "emise_le": dire_jour_du_mois(localdate(une.emise_le), 0),
        "version": une.version,
        "remplace": une.remplace.numero if une.remplace else "",
        "remplacee_par": par.numero if par else "",
        "organisme": {
            "nom": organisme["nom"],
            "service": organisme["service"],
            "adresse": [un.strip() for un in organisme["adresse"].split(",") if un.strip()],
            "siret": organisme["siret"],
        },
        "destinataire": {"nom": nom_ecrit(une.destinataire), "adresse": lignes_d_adresse(une.destinataire)},
        "dossier": une.destinataire.get("dossier", ""),
        "enfants": [_enfant(un) for un in contenu["enfants"]],
        "total": euros(une.montant_centimes),
        "en_lettres": en_lettres(une.montant_centimes),
        "cesu": euros(une.cesu_centimes) if une.cesu_centimes else "",
        "signataire": {
            "nom": signe["nom"],
            "qualite": signe["qualite"],
            "lieu": signe["lieu"],
        },
    }


def _enfant(un: dict[str, Any]) -> formes.EnfantAtteste:
    return {
        "nom": f"{un['prenom']} {un['nom']}",
        "ne_le": dire_jour_du_mois(date.fromisoformat(un["ne_le"]), 0),
        "lignes": [
            {
                "service": ligne["service"],
                "periode": periode(date.fromisoformat(ligne["debut"]), date.fromisoformat(ligne["fin"])),
                "montant": euros(ligne["centimes"]),
            }
            for ligne in un["lignes"]
        ],
        "total": euros(un["centimes"]),
    }


def periode(debut: date, fin: date) -> str:
    """« du 7 janvier au 16 décembre 2026 », « le 7 janvier 2026 »."""
    if debut == fin:
        return f"le {dire_jour_du_mois(debut, 0)}"
    premier = dire_jour_du_mois(debut, fin.year)
    return f"du {premier} au {dire_jour_du_mois(fin, 0)}"


def nom_ecrit(destinataire: dict[str, str]) -> str:
    """« Madame Camille Roussel », as it was."""
    civilite = destinataire.get("civilite", "")
    dite = Responsable.Civilite(civilite).label if civilite in ("mme", "m") else ""
    return f"{dite} {nom_de(destinataire)}".strip() or "Destinataire sans nom"
