"""Finding who pays: by a name, a family's number, the number of an invoice; what each owes to the régie."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from marelle.creances.models import Facture, Payeur, Regie
from marelle.creances.payeurs import destinataires, nom_de
from marelle.creances.soldes import soldes
from marelle.familles.recherche import chercher, sans_accents
from marelle.socle.erreurs import Introuvable

AU_PLUS = 30


@dataclass(frozen=True, slots=True)
class PayeurTrouve:
    """`solde_centimes`: what is owed to that régie (negative: in credit)."""

    payeur: Payeur
    nom: str
    detail: str
    solde_centimes: int

    @property
    def avance_centimes(self) -> int:
        return max(0, -self.solde_centimes)


@dataclass(frozen=True, slots=True)
class Trouvaille:
    """`facture`: the one whose number was written whole; `est_coupee`: there were more than what is shown."""

    payeurs: list[PayeurTrouve]
    facture: Facture | None = None
    est_coupee: bool = False


def chercher_un_payeur(texte: str, regie: Regie) -> Trouvaille:
    """Those who owe first. A number of invoice finds its payer, whatever spaces it was written with."""
    numero = "".join(texte.split())
    facture = Facture.objects.filter(numero=numero, regie=regie).select_related("payeur").first()
    if facture is not None:
        return Trouvaille(presenter([facture.payeur], regie), facture)
    if not sans_accents(texte):
        return Trouvaille([])
    familles = set(chercher(texte).familles)
    familles |= _familles_des_enfants(texte)
    siens = list(Payeur.objects.filter(famille__in=familles).select_related("famille", "responsable").order_by("pk"))
    siens += _tiers(texte)
    tous = presenter(siens, regie)
    return Trouvaille(tous[:AU_PLUS], est_coupee=len(tous) > AU_PLUS)


def _familles_des_enfants(texte: str) -> set[int]:
    from marelle.familles.models import Rattachement

    liens = Rattachement.objects.filter(enfant__in=chercher(texte).enfants)
    return set(liens.values_list("famille_id", flat=True))


def _tiers(texte: str) -> list[Payeur]:
    mots = sans_accents(texte).split()
    tous = Payeur.objects.filter(sorte=Payeur.Sorte.TIERS).order_by("nom", "pk")
    return [un for un in tous if all(mot in sans_accents(f"{un.nom} {un.code}") for mot in mots)]


def presenter(payeurs: Iterable[Payeur], regie: Regie) -> list[PayeurTrouve]:
    """With their names and what they owe; who owes the most first."""
    tous = list(payeurs)
    ecrits = destinataires(tous)
    dus = soldes([un.pk for un in tous], regie)
    trouves = [
        PayeurTrouve(un, nom_de(ecrits[un.pk]) or str(un.famille or un), _detail(un), dus.get(un.pk, 0)) for un in tous
    ]
    return sorted(trouves, key=lambda t: (t.solde_centimes <= 0, sans_accents(t.nom), t.payeur.pk))


def _detail(payeur: Payeur) -> str:
    if payeur.sorte == Payeur.Sorte.TIERS:
        return f"Organisme, {payeur.code}"
    famille = f"Famille {payeur.famille.nom}, {payeur.famille.numero}" if payeur.famille else ""
    return famille if payeur.sorte == Payeur.Sorte.FAMILLE else f"{famille}, facturé à part"


def un_payeur(cle: int) -> Payeur:
    """Any payer, or `Introuvable`."""
    trouve = Payeur.objects.select_related("famille", "responsable").filter(pk=cle).first()
    if trouve is None:
        raise Introuvable("Ce payeur n’existe pas.")
    return trouve
