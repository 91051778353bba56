"""The example month of docs/regles/facturation.md is lived as it is written: each row of its tables, to the centime."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from marelle.comptes.models import Agent
from marelle.creances.encaissement import encaisser
from marelle.creances.models import Facture, Regie
from marelle.creances.soldes import releve
from marelle.facturation.avoirs import faire_un_avoir
from marelle.facturation.models import Campagne
from marelle.regles.regies import CLES
from marelle.reservations.models import Pointage
from marelle.socle.horloge import maintenant
from marelle.socle.memoire import oublier
from marelle.tarification.chargement import charger_tarifs
from tests.distribution import Foyer
from tests.tarification.monde import quotient

from .conftest import ACTIVITE, MERCREDIS, OCTOBRE, SEPTEMBRE, factures
from .monde import absent, annule, ouverture, reserve

PAGE = (Path(__file__).parents[2] / "docs" / "regles" / "facturation.md").read_text(encoding="utf-8")
EXEMPLE = PAGE.partition("## An example month")[2]
TARIFS = re.findall(r"```toml\n(.*?)```", EXEMPLE, re.DOTALL)[0]
RANGEE = re.compile(r"^\| (.+?) \| (.*?) ?\| (-?\d+) \|$", re.MULTILINE)
MOIS = {9: "September", 10: "October"}


def tableau(titre: str) -> list[tuple[str, int]]:
    """The rows of the table that follows this bold title: what, centimes."""
    table = EXEMPLE.partition(f"**{titre}**")[2].partition("|---|")[2].partition("\n\n")[0]
    return [(quoi, int(centimes)) for quoi, _, centimes in RANGEE.findall(table)]


def dites(facture: Facture) -> list[tuple[str, int]]:
    lignes = [
        (f"{une.enfant.prenom}, {une.date.day} {MOIS[une.date.month]}", une.montant_centimes)
        for une in facture.lignes.order_by("rang")
    ]
    return [*lignes, (f"**{MOIS[facture.periode_debut.month]}**", facture.montant_centimes)]


@pytest.mark.django_db
def test_le_mois_d_exemple(
    roussel: Foyer, regie: Regie, agent: Agent, facturer: Callable[..., Campagne], horloge: Callable[[str], object]
) -> None:
    charger_tarifs(TARIFS, "exemple/tarifs.toml")
    oublier()
    quotient(roussel.famille, 712)
    anouk = reserve(roussel.famille, roussel.anouk, ACTIVITE, *MERCREDIS, date(2026, 10, 7), date(2026, 10, 14))
    elio = reserve(roussel.famille, roussel.elio, ACTIVITE, *MERCREDIS[:2])
    annule(elio[1:])
    absent(anouk[1], preuve="2026-09-17 09:00")
    absent(anouk[3])
    la = ouverture(ACTIVITE, roussel.elio, MERCREDIS[2])
    Pointage.objects.create(
        enfant=roussel.elio, famille=roussel.famille, ouverture=la, activite_id=la.activite_id, date=la.date,
        etat=Pointage.Etat.PRESENT, sans_reservation=True, saisi_le=maintenant(),
    )  # fmt: skip
    facturer(SEPTEMBRE)
    (septembre,) = factures(roussel)
    assert dites(septembre) == tableau("September")
    assert sum(une.eligible_centimes for une in septembre.lignes.all()) == 2374
    absent(anouk[3], preuve="2026-10-01 10:00")
    encaisser(regie, septembre.payeur, 4864, "tresor", auteur=None)
    facturer(OCTOBRE)
    octobre = factures(roussel)[1]
    assert dites(octobre) == tableau("October")
    ligne = septembre.lignes.order_by("rang").first()
    faire_un_avoir(septembre, {ligne.pk: 500}, "Sortie annulée", agent=agent)
    compte = [(une.facture_centimes - une.paye_centimes, une.solde_centimes) for une in releve([octobre.payeur])]
    ecrit = re.findall(r"^\| .+ \| (-?\d+) \| (-?\d+) \|$", EXEMPLE, re.MULTILINE)
    assert compte == [(int(montant), int(solde)) for montant, solde in ecrit]


def test_chaque_cle_de_regies_toml_est_dite() -> None:
    cles = re.findall(r"`([a-z_]+)`", PAGE.partition("## A run")[0])
    assert set(CLES) <= set(cles)
