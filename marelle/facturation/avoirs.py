"""An avoir made at the desk: some lines of an issued invoice are given back, in whole or in part, and the family is told why.

Also after the month is closed and exported: the invoice never moves. What is given back so is not billed again by the next
runs, and never more than what stands billed."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction

from marelle.comptes.models import Agent
from marelle.creances.emission import FactureAEmettre, LigneAEmettre, emettre
from marelle.creances.imputation import imputer_credits
from marelle.creances.models import Facture, LigneFacture, Payeur
from marelle.journal.service import noter
from marelle.regles.argent import euros
from marelle.regles.phrases import typo
from marelle.socle.erreurs import Refus

from .dates import date_d_un_avoir
from .deja import GESTE, Deja
from .envois import annoncer

SANS_MOTIF = "Dites pourquoi cet avoir est fait : la famille le lira."


@dataclass(frozen=True, slots=True)
class LigneAvecReste:
    """A line of an invoice, and how much of it may still be given back (centimes, ≥ 0)."""

    ligne: LigneFacture
    reste_centimes: int
    deja: Deja


def lignes_a_rendre(facture: Facture) -> list[LigneAvecReste]:
    """The lines of that invoice with what stands billed of each, in two queries. Raises `Refus` for an avoir."""
    if facture.est_avoir:
        raise Refus("Ceci est déjà un avoir : corrigez la facture qu’il corrige, ou faites une nouvelle facturation.")
    lignes = list(facture.lignes.select_related("enfant").order_by("rang"))
    dejas = _tiennent(facture.payeur_id, {une.cle for une in lignes})
    return [
        LigneAvecReste(une, max(0, min(une.montant_centimes, dejas[une.cle].tient)), dejas[une.cle]) for une in lignes
    ]


def _tiennent(payeur_id: int, cles: set[str]) -> dict[str, Deja]:
    """What stands billed of these keys, for that payer, all invoices and avoirs together."""
    dejas = {cle: Deja() for cle in cles}
    toutes = [*cles, *(f"{GESTE}{cle}" for cle in cles)]
    lignes = LigneFacture.objects.filter(payeur=payeur_id, cle__in=toutes).order_by()
    for cle, montant, eligible in lignes.values_list("cle", "montant_centimes", "eligible_centimes"):
        deja = dejas[cle.removeprefix(GESTE)]
        if cle.startswith(GESTE):
            deja.rendu += montant
            deja.eligible_rendu += eligible
        else:
            deja.facture += montant
            deja.eligible += eligible
    return dejas


@transaction.atomic
def faire_un_avoir(
    facture: Facture, montants: Mapping[int, int], motif: str, *, agent: Agent | None, jeton: uuid.UUID | None = None
) -> Facture:
    """Give back `montants` (by key of line, centimes); the same `jeton` twice is the same avoir. It pays the invoice that it
    corrects first, then the oldest.

    Raises `Refus`: no reason, nothing chosen, an amount that is not positive or over what stands billed of its line, a line of
    another invoice, invoices of an earlier date that are being issued; nothing is then issued."""
    payeur = Payeur.objects.select_for_update().get(pk=facture.payeur_id)
    reference = f"avoir:{jeton or uuid.uuid4()}"
    if deja := Facture.objects.filter(reference=reference).first():
        return deja
    if not motif.strip():
        raise Refus(SANS_MOTIF)
    demandee = FactureAEmettre(
        payeur=payeur,
        periode_debut=facture.periode_debut,
        periode_fin=facture.periode_fin,
        lignes=_lignes(facture, montants),
        famille_id=facture.famille_id,
        reference=reference,
        motif=typo(motif.strip())[:300],
        corrige=facture,
    )
    avoir = emettre(facture.regie, [demandee], date_emission=date_d_un_avoir(facture.regie), auteur=agent)[0]
    imputer_credits(payeur, facture.regie)
    noter(
        agent.compte if agent else None, "facture.avoir", avoir,
        dossier=f"famille:{facture.famille_id}" if facture.famille_id else "",
        corrige=facture.numero, montant_centimes=avoir.montant_centimes, motif=avoir.motif,
    )  # fmt: skip
    annoncer([avoir])
    return avoir


def _lignes(facture: Facture, montants: Mapping[int, int]) -> list[LigneAEmettre]:
    connues = {une.ligne.pk: une for une in lignes_a_rendre(facture)}
    if not montants:
        raise Refus("Choisissez au moins une ligne à rendre : rien n’est choisi.")
    lignes = []
    for cle, montant in montants.items():
        if cle not in connues:
            raise Refus(f"Une des lignes choisies n’est pas de la facture {facture.numero} : rien n’est rendu.")
        lignes.append(_ligne(connues[cle], montant))
    return lignes


def _ligne(une: LigneAvecReste, montant: int) -> LigneAEmettre:
    ligne, deja = une.ligne, une.deja
    if montant <= 0 or montant > une.reste_centimes:
        raise Refus(
            f"« {ligne.libelle} » : il reste {euros(une.reste_centimes)} à rendre au plus, {euros(montant)} ne va pas."
        )
    garde = (
        deja.eligible + deja.eligible_rendu
    )  # given back in proportion, rounded up: a certificate never says too much
    return LigneAEmettre(
        cle=f"{GESTE}{ligne.cle}",
        libelle=ligne.libelle,
        montant_centimes=-montant,
        explication="rendu par le service",
        eligible_centimes=-min(garde, -(-garde * montant // deja.tient)) if garde > 0 else 0,
        sorte=LigneFacture.Sorte.CORRECTION,
        enfant_id=ligne.enfant_id,
        activite=ligne.activite,
        unite=ligne.unite,
        date=ligne.date,
    )
