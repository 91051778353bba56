"""What the page « Payer » shows: what can be paid together, what is ticked, the total that the server makes of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse

from marelle.creances.models import Payeur, Regie
from marelle.facturation.comment_payer import moyens_de_la_regie
from marelle.paiements import payfip
from marelle.paiements.models import Tentative
from marelle.paiements.preparation import Retours, adresse_connue, repartir
from marelle.paiements.selection import WS, Groupe, Payable, groupes
from marelle.regles.argent import euros
from marelle.socle.erreurs import ErreurMarelle, Introuvable

from .finances import moyens_du_tresor
from .personne import RequeteFamille
from .reservations_a_payer import dans_le_retour

_EUROS = re.compile(r"(\d{1,6})(?:[.,](\d{1,2}))?")


@dataclass(slots=True)
class Choix:
    """One form of the page: the invoices of one payer and one régie, those that are ticked, what they come to."""

    groupe: Groupe
    cochees: list[Payable]
    saisi: str = ""
    mel: str = ""
    mel_connu: str = ""
    refus: str = ""
    est_a_reprendre: bool = False  # what was typed is no amount that can be paid
    tresor: tuple[list[str], bool] | None = None  # `moyens_du_tresor`, once read

    @property
    def cle(self) -> str:
        return f"{self.groupe.regie.code}-{self.groupe.payeur.pk}"

    @property
    def est_en_ligne(self) -> bool:
        return self.groupe.options.paiement_en_ligne == WS

    @property
    def moyens(self) -> list[str]:
        """How else it is paid: everything there is, where nothing is paid here."""
        options = self.groupe.options
        if options.est_titre:
            return self._du_tresor[0]
        return moyens_de_la_regie(options, "de la facture")

    @property
    def est_preleve(self) -> bool:
        """The Treasury debits all of it: there is nothing to pay."""
        return self.groupe.options.est_titre and self._du_tresor[1]

    @property
    def _du_tresor(self) -> tuple[list[str], bool]:
        if self.tresor is None:
            self.tresor = moyens_du_tresor(self.groupe.options, [une.facture for une in self.groupe.payables])
        return self.tresor

    @property
    def lien_payfip(self) -> str:
        """The State's own site, where the references of a titre are typed; empty when the Treasury debits everything."""
        options = self.groupe.options
        if options.paiement_en_ligne != "lien_payfip_titre" or self.est_preleve:
            return ""
        return options.adresse_payfip

    @property
    def du_centimes(self) -> int:
        return sum(une.reste_centimes for une in self.cochees)

    @property
    def montant_centimes(self) -> int | None:
        """The part that was typed; None: everything. Raises `ErreurMarelle` for what is no amount."""
        if not self.saisi.strip() or not self.groupe.options.paiement_partiel:
            return None
        trouve = _EUROS.fullmatch(re.sub(r"[\s€]+", "", self.saisi))
        if trouve is None:
            raise ErreurMarelle("Écrivez un montant en euros, par exemple 30,00.")
        return int(trouve[1]) * 100 + int((trouve[2] or "0").ljust(2, "0"))

    @property
    def total_centimes(self) -> int:
        """What will be asked; what was typed and cannot be paid is said in `refus`."""
        try:
            parts = repartir(
                [(une.facture, une.reste_centimes) for une in self.cochees], self.montant_centimes, self.groupe.regie
            )
        except ErreurMarelle as erreur:
            self.refus, self.est_a_reprendre = self.refus or erreur.phrase, True
            return self.du_centimes
        return sum(part for _, part in parts)

    @property
    def trop_peu(self) -> str:
        """Why PayFiP would not take it, said before the click."""
        if 0 < self.du_centimes < payfip.MINIMUM:
            return f"PayFiP ne reçoit pas moins de {euros(payfip.MINIMUM)} : réglez cette somme auprès du service."
        return ""

    @property
    def en_cours(self) -> list[tuple[Tentative, str]]:
        """The attempts that keep some of these invoices, each with the page where it goes on."""
        return [
            (une, payfip.page_de_paiement(une.regie, une.idop) if une.idop else "") for une in self.groupe.tentatives
        ]


def choix_de(request: RequeteFamille, donnees: QueryDict) -> list[Choix]:
    """The forms of the page: ticked as asked (`facture`, repeated), everything when nothing is asked."""
    demandees, cle = donnees.getlist("facture"), donnees.get("groupe", "")
    tous = []
    for groupe in groupes(request.acces):
        siens = {un.facture.numero for un in groupe.payables}
        un = Choix(groupe, groupe.libres, mel_connu=_adresse_connue(request, groupe.payeur))
        if cle == un.cle or siens.intersection(demandees):
            un.cochees = [une for une in groupe.libres if une.facture.numero in demandees]
            un.saisi, un.mel = donnees.get("montant", "")[:20], donnees.get("mel", "")[:80]
        tous.append(un)
    # What was asked for comes first.
    return sorted(
        tous, key=lambda un: cle != un.cle and not {p.facture.numero for p in un.groupe.payables} & set(demandees)
    )


def choix_poste(request: RequeteFamille, tous: Sequence[Choix]) -> Choix:
    """The form that was sent. Raises `Introuvable`: one may only pay what one sees."""
    cle = request.POST.get("groupe", "")
    trouve = next((un for un in tous if un.cle == cle), None)
    if trouve is None:
        raise Introuvable("Il n’y a rien à payer ici : vos factures le sont déjà, ou se paient autrement.")
    return trouve


def _adresse_connue(request: RequeteFamille, payeur: Payeur) -> str:
    return adresse_connue(request.acces, payeur)


def retours(request: HttpRequest) -> Retours:
    """The two addresses that PayFiP comes back to, whole."""
    base = settings.BASE_URL or request.build_absolute_uri("/").rstrip("/")
    notification = base + reverse("espace_famille:payer_notification")
    return Retours(notification, base + reverse("espace_famille:payer_retour"))


def autoriser_la_sortie(reponse: HttpResponse, tous: Sequence[Choix]) -> HttpResponse:
    return laisser_sortir(reponse, [un.groupe.regie for un in tous if un.est_en_ligne])


def laisser_sortir(reponse: HttpResponse, regies: Sequence[Regie]) -> HttpResponse:
    """Let the forms of this page end on PayFiP: browsers hold the redirection of a form to `form-action` too."""
    sites = {urlsplit(payfip.adresse(une)) for une in regies}
    origines = sorted(f"{site.scheme}://{site.netloc}" for site in sites)
    if origines:
        reponse._csp_update = {"form-action": origines}  # type: ignore[attr-defined]
    return reponse


# What the family reads when it comes back, by state: tone, symbol, title, what it means.
FINS: dict[str, tuple[str, str, str, str]] = {
    "payee": ("vert", "coche", "Paiement reçu", ""),
    "prelevee": (
        "vert", "coche", "Prélèvement enregistré",
        "Votre banque sera débitée dans les prochains jours. Si elle refuse, le service vous préviendra.",
    ),
    "refusee": (
        "rouge", "croix", "Paiement refusé",
        "La banque n’a pas accepté ce paiement : rien n’est débité. Vous pouvez recommencer, avec une autre carte si besoin.",
    ),
    "abandonnee": (
        "ocre", "alerte", "Paiement abandonné",
        "Rien n’est débité et rien n’est payé. Vous pouvez recommencer quand vous voulez.",
    ),
    "expiree": (
        "ocre", "alerte", "Paiement expiré",
        "La page de PayFiP n’a pas servi à temps : rien n’est débité. Vous pouvez recommencer.",
    ),
    "a_verifier": (
        "ocre", "horloge", "Nous vérifions ce paiement",
        "PayFiP et le service ne disent pas la même chose. Ne payez pas une deuxième fois : le service regarde et vous répond.",
    ),
    "en_attente": (
        "bleu", "horloge", "Nous vérifions votre paiement",
        "PayFiP ne connaît pas encore le résultat. Ne payez pas une deuxième fois : un e-mail vous dira que c’est fait. "
        "Vous pouvez fermer cette page.",
    ),
}  # fmt: skip


def contexte_du_retour(tentative: Tentative, essai: int) -> dict[str, Any]:
    """What happened to an attempt, in the family's words; `essai`: how many times the page has asked by itself."""
    ton, symbole, titre, texte = FINS.get(tentative.etat, FINS["en_attente"])
    if "essai" in tentative.reponse.get("ecarts", []):
        titre, texte = "Paiement d’essai", "PayFiP est réglé en mode test : rien n’est débité et rien n’est payé."
    paiement = tentative.paiement
    parts = paiement.ventilations.select_related("facture").order_by("pk") if paiement else []
    lignes = [(une.facture.numero, une.montant_centimes) for une in parts]
    avance = paiement.montant_centimes - sum(part for _, part in lignes) if paiement else 0
    appels = dans_le_retour(tentative, paiement, avance)
    return appels | {
        "tentative": tentative,
        "paiement": paiement,
        "est_annule": paiement is not None and paiement.est_annule,
        "lignes": lignes,
        "avance": avance - appels["garde_centimes"],
        "ton": ton,
        "symbole": symbole,
        "titre": titre,
        "texte": texte,
        "peut_recommencer": tentative.etat in ("refusee", "abandonnee", "expiree"),
        "est_en_attente": tentative.etat in ("cree", "en_attente"),
        "essai": essai + 1 if essai < ESSAIS else 0,
    }


ESSAIS = 5  # times that the page asks again by itself
