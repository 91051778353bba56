"""What the simulated PayFiP shows: the page on which somebody pays, and the table of its operations. Plain HTML, no script."""

from __future__ import annotations

from html import escape
from pathlib import Path

from comptoir import ISSUES, PANNES, Comptoir, Operation

FEUILLE = (Path(__file__).parent / "page.css").read_text(encoding="utf-8")
QUAND = {
    "avant": "Prévenir le portail, puis y revenir (le cas courant)",
    "apres": "Revenir d’abord, prévenir deux secondes plus tard",
    "tard": "Prévenir bien plus tard",
    "deux": "Prévenir deux fois",
    "perdue": "Ne jamais prévenir : la notification est perdue",
}
BOUTONS = {
    "P": "Payer par carte bancaire",
    "V": "Payer par prélèvement",
    "R": "Carte refusée par la banque",
    "Z": "Prélèvement refusé",
    "A": "Abandonner le paiement",
}


def paiement(operation: Operation, libelle: str) -> str:
    """The page of an operation that can be paid."""
    demande = operation.demande
    lignes = {
        "Créancier": libelle,
        "Objet": demande["objet"] or "–",
        "Référence de la dette": demande["refdet"],
        "Montant": euros(demande["montant"]),
        "Adresse e-mail": demande["mel"],
    }
    choix = "".join(
        f'<label><input type="radio" name="notification" value="{cle}"{" checked" if cle == "avant" else ""}>'
        f"{escape(mot)}</label>"
        for cle, mot in QUAND.items()
    )
    boutons = "".join(
        f'<button name="issue" value="{cle}"{" class=premier" if cle == "P" else ""}>{mot}</button>'
        for cle, mot in BOUTONS.items()
    )
    return _page(
        f"Payer {euros(demande['montant'])}",
        f'<h1>Payer {euros(demande["montant"])}</h1><div class="carte"><dl>{_definitions(lignes)}</dl></div>'
        '<form method="post" action="/tpa/paiementws.web">'
        f'<input type="hidden" name="idop" value="{escape(operation.idop)}">'
        f'{boutons}<button name="issue" value="fermer">Fermer l’onglet sans rien faire</button>'
        f"<fieldset><legend>Comment le portail l’apprend</legend>{choix}</fieldset></form>",
    )


def erreur(code: str, phrase: str) -> str:
    return _page("Paiement impossible", f"<h1>Paiement impossible</h1><p>{escape(phrase)} ({escape(code)}).</p>")


def ferme() -> str:
    phrase = "Rien n’est décidé, le portail n’est pas prévenu. Fermez cet onglet comme l’aurait fait la famille."
    return _page("Onglet fermé", f"<h1>Onglet fermé</h1><p>{phrase}</p>")


def tableau(comptoir: Comptoir) -> str:
    """What this simulator has seen, and its settings."""
    lignes = "".join(
        f'<tr><td><a href="/tpa/paiementws.web?idop={escape(une.idop)}">{escape(une.demande["refdet"])}</a></td>'
        f"<td>{euros(une.demande['montant'])}</td><td>{escape(ISSUES.get(une.issue, une.issue or 'en cours'))}</td></tr>"
        for une in reversed(comptoir.operations.values())
    )
    pannes = "".join(
        f'<option value="{une}"{" selected" if une == comptoir.panne else ""}>{une or "aucune"}</option>'
        for une in PANNES
    )
    return _page(
        "Simulateur PayFiP",
        f"<h1>Simulateur PayFiP</h1><p>Il est {comptoir.maintenant():%H:%M} le {comptoir.maintenant():%d/%m/%Y} pour lui.</p>"
        f'<div class="carte"><h2>Opérations</h2><table><thead><tr><th scope="col">Référence</th><th scope="col">Montant</th>'
        f'<th scope="col">État</th></tr></thead><tbody>{lignes or "<tr><td colspan=3>Aucune</td></tr>"}</tbody></table></div>'
        '<form class="carte" method="post" action="/_simulateur"><h2>Réglages</h2>'
        '<label>Avancer l’horloge de (minutes)<input name="avancer_minutes" type="number" value="0"></label>'
        f'<label>Panne du service<select name="panne">{pannes}</select></label><button>Appliquer</button></form>',
    )


def euros(centimes: str) -> str:
    unites, reste = divmod(int(centimes), 100)
    return f"{unites:,}".replace(",", "\u00a0") + f",{reste:02}\u00a0€"


def _definitions(lignes: dict[str, str]) -> str:
    return "".join(f"<dt>{escape(quoi)}</dt><dd>{escape(mot)}</dd>" for quoi, mot in lignes.items())


def _page(titre: str, contenu: str) -> str:
    return (
        '<!doctype html><html lang="fr"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<title>SIMULATEUR – {titre}</title><link rel="icon" href="data:,"><style>{FEUILLE}</style></head><body>'
        '<header class="bande">SIMULATEUR de PayFiP : aucun argent ne circule</header>'
        f"<main>{contenu}</main></body></html>"
    )
