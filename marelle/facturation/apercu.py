"""The preview of a run: what would be issued to each payer, computed again and kept to be read, page by page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta

from django.db import transaction

from marelle.creances.models import Facture, Payeur
from marelle.creances.payeurs import destinataires, nom_de
from marelle.regles.forfaits import est_facturable
from marelle.socle.erreurs import Refus
from marelle.socle.horloge import maintenant
from marelle.tarification.identite import tarifs

from .anomalies import Anomalie, est_inhabituel, gravite, ordonner
from .calcul import Compte, calculer
from .models import Campagne, FacturePrevue
from .selection import selection_de

Etat = FacturePrevue.Etat
MEMOIRE = timedelta(days=400)  # how far back the last invoice of a payer is looked for
FIGEE = "Cette facturation est déjà émise ou abandonnée : préparez-en une nouvelle."


def minimum_de(campagne: Campagne) -> int:
    """The smallest invoice that is sent, in centimes."""
    lus = tarifs()
    version = lus.version_du(campagne.fin) if lus else None
    return version.facture_minimum if version else 0


def est_emise(compte: Compte, minimum: int) -> bool:
    """Whether that payer has a document this time; otherwise its lines wait for the next run."""
    total = compte.montant_centimes
    return bool(compte.lignes) and total != 0 and est_facturable(total, minimum)


@transaction.atomic
def recalculer(campagne: Campagne) -> Campagne:
    """Read everything again; payers set aside stay so. Raises `Refus` once the run is issued."""
    campagne = Campagne.objects.select_for_update(of=("self",)).select_related("regie").get(pk=campagne.pk)
    if not campagne.est_modifiable:
        raise Refus(FIGEE)
    ecartees = dict(campagne.prevues.filter(etat=Etat.ECARTEE).order_by("pk").values_list("payeur_id", "motif"))
    tous, minimum = calculer(selection_de(campagne)), minimum_de(campagne)
    _sans_les_ecartees(tous, {un.famille_id for cle, un in tous.items() if cle in ecartees})
    comptes = {cle: un for cle, un in tous.items() if un.lignes or un.anomalies}
    payeurs = {un.pk: un for un in Payeur.objects.filter(pk__in=list(comptes)).order_by("pk")}
    ecrits = destinataires(payeurs.values())
    precedents = dernieres_factures(campagne, comptes)
    campagne.prevues.all().delete()
    prevues = []
    for cle, compte in comptes.items():
        une = _prevue(campagne, compte, ecrits[cle], precedents.get(cle), minimum)
        if cle in ecartees:
            une.etat, une.motif = Etat.ECARTEE, ecartees[cle]
        prevues.append(une)
    FacturePrevue.objects.bulk_create(prevues, batch_size=500)
    campagne.calculee_le = maintenant()
    campagne.save(update_fields=["calculee_le"])
    return campagne


def _sans_les_ecartees(comptes: Mapping[int, Compte], familles: set[int | None]) -> None:
    """A third party does not pay yet its share of what a household set aside owes."""
    for compte in comptes.values():
        if compte.famille_id is None and familles:
            compte.lignes = [une for une in compte.lignes if int(une.cle.split(":")[2]) not in familles]


def _prevue(
    campagne: Campagne, compte: Compte, ecrit: Mapping[str, str], precedent: int | None, minimum: int
) -> FacturePrevue:
    trouvees = ordonner(compte.anomalies | _de_la_facture(compte, ecrit, precedent, minimum))
    return FacturePrevue(
        campagne=campagne,
        payeur_id=compte.payeur_id,
        famille_id=compte.famille_id,
        nom=nom_de(dict(ecrit))[:200],
        montant_centimes=compte.montant_centimes,
        lignes=len(compte.lignes),
        precedent_centimes=precedent,
        anomalies=[une.value for une in trouvees],
        gravite=gravite(trouvees),
        etat=Etat.PREVUE if est_emise(compte, minimum) else Etat.REPORTEE,
    )


def _de_la_facture(compte: Compte, ecrit: Mapping[str, str], precedent: int | None, minimum: int) -> set[Anomalie]:
    trouvees = set()
    if not nom_de(dict(ecrit)):
        trouvees.add(Anomalie.SANS_NOM)
    elif not (ecrit.get("adresse") and ecrit.get("commune")) and not ecrit.get("par_courriel"):
        trouvees.add(Anomalie.SANS_ADRESSE)
    if compte.montant_centimes < 0:
        trouvees.add(Anomalie.NEGATIVE)
    if est_inhabituel(compte.montant_centimes, precedent):
        trouvees.add(Anomalie.INHABITUELLE)
    if not est_emise(compte, minimum):
        trouvees.add(Anomalie.REPORTEE)
    return trouvees


def dernieres_factures(campagne: Campagne, payeurs: Iterable[int]) -> dict[int, int]:
    """The last invoice of each of these payers in that régie, in centimes."""
    voulus = set(payeurs)
    lignes = Facture.objects.filter(
        regie=campagne.regie, sorte=Facture.Sorte.FACTURE, date_emission__gte=campagne.date_emission - MEMOIRE
    )
    montants = lignes.order_by("date_emission", "rang").values_list("payeur_id", "montant_centimes")
    return {payeur: montant for payeur, montant in montants if payeur in voulus}
