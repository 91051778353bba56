"""How is an invoice paid? The sentences of its régie, on the document as on the family's page."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse

from marelle.creances.models import Facture
from marelle.editions.formes import CommentPayer
from marelle.regles.argent import euros
from marelle.regles.iban import iban_en_groupes
from marelle.regles.regies import OptionsRegie, Sepa

TITRE = "Comment payer"
# The régie's own means, in the order in which they are proposed; those paid on the portal have their own sentence.
PHRASES = {
    "prelevement": "Par prélèvement, si vous avez signé un mandat : vous n’avez rien à faire, la date vous est annoncée.",
    "cheque": "Par chèque à l’ordre de « {ordre} », avec le numéro {numero} au dos.",
    "virement": "Par virement, avec la référence {numero} : {compte}.",
}
AU_SERVICE = {
    "carte": "carte bancaire",
    "especes": "espèces, jusqu’à {plafond}",
    "cesu": "CESU préfinancés, pour la garde d’un enfant",
    "ancv": "Chèques-Vacances ANCV",
}


def adresse_des_finances() -> str:
    """The page of the portal where a family reads and pays its invoices, whole."""
    return settings.BASE_URL + reverse("espace_famille:finances")


def comment_payer(
    facture: Facture, options: OptionsRegie, reste_centimes: int, reference_du_titre: str = ""
) -> CommentPayer:
    """What to do about an invoice of which so much is due (centimes), or about an avoir."""
    if facture.est_avoir:
        return {"titre": "Que devient cet avoir", "moyens": [_de_l_avoir(options)]}
    if reste_centimes <= 0:
        rien = "Rien à payer : ce que vous aviez en avance, ou en avoir, couvre cette facture."
        return {"titre": TITRE, "moyens": [rien]}
    if options.est_titre:
        return {"titre": TITRE, "moyens": moyens_du_titre(options, reference_du_titre)}
    if options.paiement_en_ligne == "payfip_regie_ws":
        ligne = "En ligne, par carte bancaire ou prélèvement : ouvrez cette adresse, puis « Payer ». "
        ligne += f"Référence : {facture.numero}."
        lien = adresse_des_finances()
        return {"titre": TITRE, "moyens": [ligne, *moyens_de_la_regie(options, facture.numero)], "lien": lien}
    return {"titre": TITRE, "moyens": moyens_de_la_regie(options, facture.numero)}


def moyens_de_la_regie(options: OptionsRegie, numero: str) -> list[str]:
    """A sentence for each means that the *acte constitutif* allows, then where the service is."""
    valeurs = {"ordre": options.ordre_cheque, "numero": numero, "plafond": euros(options.plafond_especes)}
    valeurs["compte"] = compte_dit(options.sepa)
    dits = [phrase.format(**valeurs) for mode, phrase in PHRASES.items() if mode in options.modes]
    if sur_place := [mot.format(**valeurs) for mode, mot in AU_SERVICE.items() if mode in options.modes]:
        dits.append(f"Au service : {' ; '.join(sur_place)}.")
    if options.adresse:
        dits.append(f"Le service : {options.nom}, {options.adresse}.")
    return dits


def compte_dit(sepa: Sepa) -> str:
    """« IBAN FR76 3000…, BIC BDFEFRPPCCT, au nom de … »; without an account in `regies.toml`, where to ask for it."""
    if not sepa.iban:
        return "demandez le relevé d’identité bancaire au service"
    parties = [f"IBAN\u00a0{iban_en_groupes(sepa.iban)}"]
    parties += [f"BIC\u00a0{sepa.bic}"] if sepa.bic else []
    parties += [f"au nom de « {sepa.titulaire} »"] if sepa.titulaire else []
    return ", ".join(parties)


def moyens_du_titre(options: OptionsRegie, reference: str = "") -> list[str]:
    """What the Treasury collects is paid to the Treasury, with what it has written to the family; `reference`: that of the
    titre, when the Treasury has given it back."""
    dits = []
    if options.paiement_en_ligne == "lien_payfip_titre" and reference:
        dits.append(
            f"En ligne, sur {_site(options)}, avec la référence {reference} et l’identifiant de la collectivité, écrit sur "
            "l’avis des sommes à payer que le Trésor public vous envoie par courrier."
        )
    elif options.paiement_en_ligne == "lien_payfip_titre":
        dits.append(
            f"En ligne, sur {_site(options)}, avec les références de l’avis des sommes à payer que le Trésor public vous "
            "envoie par courrier. Elles ne sont pas sur cette facture."
        )
    ou = "Par un autre moyen : auprès" if dits else "Auprès"
    dits.append(f"{ou} du Trésor public, comme l’avis l’indique. Le service ne reçoit pas d’argent.")
    return dits


def _de_l_avoir(options: OptionsRegie) -> str:
    if options.est_titre:
        return "Le Trésor public le déduit de ce que vous lui devez, ou vous rembourse. Vous n’avez rien à faire."
    return "Il se déduit de ce que vous devez ou, à défaut, de votre prochaine facture. Vous n’avez rien à faire."


def _site(options: OptionsRegie) -> str:
    return options.adresse_payfip.removeprefix("https://").rstrip("/")
