"""What booking asks to pay, as the family reads it: before it sends, on its first page, on the page where it pays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from marelle.appels.phrases import dire_l_appel, dire_l_echeance, dire_les_sommes
from marelle.appels.selection import Du, Groupe, groupes, prochain
from marelle.creances.models import Paiement
from marelle.demandes.a_payer import sommes_du_panier
from marelle.demandes.apercu import LignePanier
from marelle.facturation.comment_payer import moyens_de_la_regie
from marelle.familles.models import Acces
from marelle.paiements import payfip
from marelle.paiements.models import Tentative
from marelle.paiements.preparation import adresse_connue
from marelle.paiements.selection import WS
from marelle.regles.argent import euros
from marelle.regles.phrases import typo
from marelle.socle.horloge import maintenant
from marelle.tarification.devis import Devis
from marelle.tarification.identite import tarifs


def a_payer_en_reservant(lignes: Sequence[LignePanier], devis: Devis) -> list[str]:
    """What sending the cart will ask, in sentences; nothing where booking asks nothing."""
    une = sommes_du_panier(lignes, devis)
    return dire_les_sommes(une.sommes, maintenant(), est_ferme=une.est_ferme, credit_centimes=une.credit_centimes)


def a_garder(acces: Acces) -> str:
    """The most pressing sum, in one sentence; empty when there is none. No query where the tariffs never ask."""
    lus = tarifs()
    premier = prochain(acces) if lus is not None and lus.a_des_paiements else None
    return typo(dire_l_appel(premier)) if premier is not None else ""


@dataclass(slots=True)
class Choix:
    """One sum of the page: what it keeps, until when, the ways to pay it."""

    groupe: Groupe
    du: Du
    mel_connu: str
    refus: str = ""
    mel: str = ""

    @property
    def cle(self) -> str:
        return str(self.du.appel.pk)

    @property
    def titre(self) -> str:
        est_solde = self.du.appel.sorte == self.du.appel.Sorte.SOLDE
        return f"{euros(self.du.reste_centimes)} {'de solde ' if est_solde else ''}à payer"

    @property
    def echeance(self) -> str:
        dite = dire_l_echeance(self.du.appel)
        return f"{dite[:1].upper()}{dite[1:]}."

    @property
    def est_en_ligne(self) -> bool:
        return self.groupe.options.paiement_en_ligne == WS

    @property
    def trop_peu(self) -> str:
        """Why PayFiP would not take it, said before the click."""
        if self.du.reste_centimes < payfip.MINIMUM:
            return f"PayFiP ne reçoit pas moins de {euros(payfip.MINIMUM)} : réglez cette somme auprès du service."
        return ""

    @property
    def moyens(self) -> list[str]:
        return moyens_de_la_regie(self.groupe.options, self.du.appel.numero)

    @property
    def page_en_cours(self) -> str:
        """Where the attempt that keeps it goes on."""
        tentative = self.du.en_cours
        return payfip.page_de_paiement(tentative.regie, tentative.idop) if tentative and tentative.idop else ""


def choix_de(acces: Acces) -> list[Choix]:
    """Everything that this access may pay to keep its places, the most pressing first."""
    trouves = []
    for groupe in groupes(acces):
        mel = adresse_connue(acces, groupe.payeur)
        trouves += [Choix(groupe, du, mel) for du in groupe.dus]
    return trouves


def dans_le_retour(tentative: Tentative, paiement: Paiement | None, reste_centimes: int) -> dict[str, Any]:
    """What an attempt that paid what booking asked says when the family comes back. `reste_centimes`: what pays no invoice."""
    siens = [une.appel for une in tentative.appels.select_related("appel").order_by("pk")]
    payes = {
        un.pk for un in siens if paiement is not None and un.paiement_id == paiement.pk and un.etat == un.Etat.PAYE
    }
    parts = {une.appel_id: une.montant_centimes for une in tentative.appels.order_by("pk")}
    garde = min(reste_centimes, sum(parts[cle] for cle in payes))
    return {
        "pour_reserver": bool(siens),
        "garde_centimes": garde,
        "est_garde": bool(payes),
        "est_trop_tard": paiement is not None and len(payes) < len(siens),
    }
