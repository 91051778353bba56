"""Which certificates somebody may read: those of the payers they see; and, by year, what the page says."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from marelle.creances.models import Payeur
from marelle.creances.payeurs import destinataires, nom_de, payeurs_visibles
from marelle.creances.regies import regies
from marelle.familles.models import Acces, Enfant, Famille
from marelle.regles.fiscal import est_concerne
from marelle.socle.erreurs import Introuvable

from .emission import annees_ouvertes, en_vigueur
from .models import Attestation


@dataclass(frozen=True, slots=True)
class Annee:
    """A year that may be certified: the children that count, the certificates in force."""

    annee: int
    enfants: list[Enfant]
    attestations: list[Attestation]


def annees_de(acces: Acces) -> list[Annee]:
    """The years that the holder of this access may ask for, the latest first; only those with a child under six, or with a
    certificate."""
    enfants = list(acces.famille.enfants.order_by("date_naissance", "pk"))
    donnees = en_vigueur(payeurs_visibles(acces).values_list("pk", flat=True)).order_by("annee", "payeur_id")
    annees = []
    for annee in annees_ouvertes():
        concernes = [un for un in enfants if est_concerne(un.date_naissance, annee) and un.date_naissance.year <= annee]
        siennes = [une for une in donnees if une.annee == annee]
        if concernes or siennes:
            annees.append(Annee(annee, concernes, siennes))
    return annees


def attestation_visible(acces: Acces, numero: str) -> Attestation:
    """A certificate of a payer that this access sees; `Introuvable` otherwise."""
    siennes = Attestation.objects.filter(payeur__in=payeurs_visibles(acces), numero=numero)
    une = siennes.select_related("remplace").first()
    if une is None:
        raise Introuvable("Cette attestation n’existe pas.")
    return une


def une_attestation(numero: str) -> Attestation:
    """For the desk."""
    une = Attestation.objects.select_related("remplace", "payeur").filter(numero=numero).first()
    if une is None:
        raise Introuvable("Cette attestation n’existe pas.")
    return une


def payeurs_de_la_famille(famille: Famille) -> list[tuple[Payeur, str]]:
    """The payers of a household with how each is named, the household's own first."""
    siens = sorted(
        Payeur.objects.filter(famille=famille).order_by("pk"), key=lambda un: un.sorte != Payeur.Sorte.FAMILLE
    )
    ecrits = destinataires(siens)
    return [(un, nom_de(ecrits[un.pk]) or famille.nom) for un in siens]


def versions_de(payeurs: Iterable[Payeur]) -> list[tuple[Attestation, str]]:
    """Every version of these payers' certificates, the latest first, with the number of what replaces it (or nothing)."""
    toutes = Attestation.objects.filter(payeur__in=list(payeurs)).select_related("emise_par")
    ordonnees = list(toutes.order_by("-annee", "payeur_id", "-version"))
    par = {une.remplace_id: une.numero for une in ordonnees if une.remplace_id}
    return [(une, par.get(une.pk, "")) for une in ordonnees]


def titres() -> Sequence[str]:
    """The names of the budgets whose titres the Treasury collects: only what it has returned is certified."""
    return [une.nom for une in regies() if une.est_titre]
