"""How long the tax certificates of a year take: reading and computing them, giving them numbers, drawing the document to print.

Alone, on a database that `marelle migrer` and `marelle charger` made: `python -m bench.attestations [payeurs]` makes as
many payers, each with ten monthly invoices of two children, measures, and undoes it all; `mesurer()` works on whatever
the ledger holds.
"""

from __future__ import annotations

import os
import resource
import sys
import time
from datetime import date, datetime
from typing import Any

PAYEURS, ANNEE = 962, 2026


def mesurer(annee: int = ANNEE) -> dict[str, Any]:
    """Seconds of each step on the ledger as it is, and how many certificates; nothing is kept of them."""
    from django.db import transaction

    from marelle.attestations.calcul import a_certifier
    from marelle.attestations.documents import pdf_a_imprimer
    from marelle.attestations.emission import en_vigueur, etablir_ce_que
    from marelle.creances.models import Payeur

    mesures: dict[str, Any] = {"avant_mo": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024}
    debut = time.perf_counter()
    certifie = a_certifier(annee)
    mesures["calcul_s"] = round(time.perf_counter() - debut, 3)
    payeurs = list(Payeur.objects.filter(pk__in=certifie).order_by("pk"))
    with transaction.atomic():
        debut = time.perf_counter()
        etablir_ce_que(annee, payeurs, certifie, None)
        mesures["numeros_s"] = round(time.perf_counter() - debut, 3)
        attestations = list(en_vigueur((un.pk for un in payeurs), annee).select_related("remplace").order_by("pk"))
        debut = time.perf_counter()
        octets = pdf_a_imprimer(attestations)
        mesures["pdf_s"] = round(time.perf_counter() - debut, 3)
        transaction.set_rollback(True)
    avant = mesures.pop("avant_mo")
    pic = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return {
        **mesures,
        "attestations": len(attestations),
        "pdf_ko": len(octets) // 1024,
        "avant_mo": avant,
        "pic_mo": pic,
    }


def peupler(payeurs: int) -> None:
    """Households of two children, one of them under six, ten months billed and paid."""
    from marelle.creances.emission import FactureAEmettre, LigneAEmettre, emettre
    from marelle.creances.encaissement import encaisser
    from marelle.creances.models import Regie
    from marelle.creances.payeurs import payeurs_des
    from marelle.familles.models import Enfant, Famille, Rattachement, Responsable

    regie, _ = Regie.objects.get_or_create(code=99, defaults={"nom": "Banc"})
    familles = Famille.objects.bulk_create(Famille(numero=f"BANC-{n:05}", nom=f"Banc {n:04}") for n in range(payeurs))
    for famille in familles:
        Responsable.objects.create(famille=famille, nom=famille.nom, prenom="Camille", est_principal=True)
    par_famille = payeurs_des(une.pk for une in familles)
    for n, famille in enumerate(familles):
        enfants = [
            Enfant.objects.create(prenom=f"Enfant {k}", nom=famille.nom, date_naissance=date(2017 + 5 * k, 3, 1))
            for k in range(2)
        ]
        Rattachement.objects.bulk_create(Rattachement(enfant=un, famille=famille) for un in enfants)
        for mois in range(1, 11):
            lignes = [
                LigneAEmettre(
                    f"banc:{un.pk}:{mois}:{jour}", "Journée", 1120, eligible_centimes=800, enfant_id=un.pk,
                    activite="banc", date=date(ANNEE, mois, jour),
                )
                for un in enfants
                for jour in (7, 14, 21)
            ]  # fmt: skip
            demandee = FactureAEmettre(par_famille[famille.pk], date(ANNEE, mois, 1), date(ANNEE, mois, 28), lignes)
            emettre(regie, [demandee], date_emission=date(ANNEE, mois, 28))
        paye = 67_200 if n % 3 else 40_000  # some still owe
        encaisser(regie, par_famille[famille.pk], paye, "cheque", auteur=None, date_paiement=date(ANNEE, 11, 5))


def principal() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "marelle.reglages.settings")
    import django

    django.setup()
    from django.db import transaction

    from marelle.socle.horloge import PARIS, a_l_instant

    maintenant = datetime(ANNEE + 1, 1, 12, 9, tzinfo=PARIS)
    with a_l_instant(maintenant), transaction.atomic():
        peupler(int(sys.argv[1]) if len(sys.argv) > 1 else PAYEURS)
        print(mesurer())
        transaction.set_rollback(True)


if __name__ == "__main__":
    principal()
