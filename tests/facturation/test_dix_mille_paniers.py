"""The quote is the invoice line, to the centime: ten thousand carts, with the tariffs of every collectivité (the suite takes
the first thousand and a half; MARELLE_TEST_PANIERS=1 takes them all)."""

from __future__ import annotations

import json
import os
import random
import tomllib
from dataclasses import replace
from datetime import date, time, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

from marelle.activites.models import Activite, Unite
from marelle.facturation.debiteurs import Debiteur, du_foyer
from marelle.facturation.journees import Journee
from marelle.facturation.prix_factures import Tarificateur
from marelle.regles.calculs import TauxEffort, Unique
from marelle.regles.lecture_tarifs import lire_tarifs
from marelle.regles.prix import Prix
from marelle.regles.tarifs import Tarifs, calculer
from marelle.tarification.foyer import FoyerTarifaire, Quotient
from marelle.tarification.situation import Presences, faits_du_foyer
from tests.distribution import COLLECTIVITES

PANIERS = 10_000 if os.environ.get("MARELLE_TEST_PANIERS") else 1_500
DOSSIERS = sorted(dossier for dossier in COLLECTIVITES.iterdir() if (dossier / "tarifs.toml").exists())
COMMUNES = ("", "Chaveignes", "Tours", "La Tour-du-Pin")
REPAS = ("", "ordinaire", "panier_pai")
# No collectivité of the shelf has voted outings yet: each is given two, one for all and one by quotient.
SORTIES = {
    "piscine": ("Sortie à la piscine", Unique(450)),
    "cirque": ("Cirque", TauxEffort(Fraction(1, 200), 200, 600)),
}


def offre(dossier: Path) -> list[tuple[str, Unite]]:
    """What can be booked there, as rows that no database has."""
    lues: list[tuple[str, Unite]] = []
    for une in tomllib.loads((dossier / "activites.toml").read_text(encoding="utf-8"))["activites"]:
        for rang, unite in enumerate(une["unites"]):
            debut, fin = time.fromisoformat(unite["debut"]), time.fromisoformat(unite["fin"])
            la = Unite(code=unite["code"], nom=unite["nom"], heure_debut=debut, heure_fin=fin, activite=Activite(pk=1))
            la.pk = len(lues) * 10 + rang + 1
            lues.append((une["code"], la))
    return lues


def foyer(hasard: random.Random) -> FoyerTarifaire:
    enfants = range(1, hasard.randint(2, 5))
    debut = date(2026, hasard.choice((1, 9)), 1)
    quotient = Quotient(
        1, hasard.randint(0, 2500), "cdap", debut, debut, None, None, hasard.choice(("", "CNAF", "MSA"))
    )
    return FoyerTarifaire(
        (quotient,) if hasard.random() < 0.8 else (), hasard.choice(COMMUNES),
        {cle: cle for cle in enfants}, {cle: hasard.choice(REPAS) for cle in enfants},
    )  # fmt: skip


def montre(
    tarifs: Tarifs, chez: FoyerTarifaire, enfant: int, activite: str, unite: Unite, jour: date, sorties: tuple[str, ...]
) -> tuple[Any, Prix | None]:
    """What the portal shows before anything is asked."""
    version = tarifs.version_du(jour)
    quotient = chez.quotient_du(jour, tarifs, jour)
    presences = Presences({jour: set(chez.rangs)})
    faits = faits_du_foyer(chez, tarifs, enfant, unite, activite, jour, quotient, presences=presences)
    if version is None:
        return faits, None
    return faits, calculer(tarifs, version, faits.avec_les_evenements(version, sorties))


def avec_des_sorties(tarifs: Tarifs) -> Tarifs:
    versions = []
    for version in tarifs.versions:
        siens = [replace(un, supplements=replace(un.supplements, evenements=SORTIES)) for un in version.tarifs]
        versions.append(replace(version, tarifs=tuple(siens)))
    return replace(tarifs, versions=tuple(versions))


def test_le_prix_montre_est_la_ligne_facturee() -> None:
    hasard = random.Random(20261120)
    mondes = []
    for dossier in DOSSIERS:
        tarifs = avec_des_sorties(lire_tarifs((dossier / "tarifs.toml").read_text(encoding="utf-8"), dossier.name))
        mondes.append((tarifs, Tarificateur(tarifs), offre(dossier)))
    lignes = 0
    for _ in range(PANIERS):
        tarifs, facturation, offertes = hasard.choice(mondes)
        chez = foyer(hasard)
        for _ in range(hasard.randint(1, 4)):
            activite, unite = hasard.choice(offertes)
            enfant, jour = hasard.choice(list(chez.rangs)), date(2026, 1, 5) + timedelta(days=hasard.randint(0, 700))
            sorties = hasard.choice(((), (), ("piscine",), ("piscine", "cirque", "inconnue")))
            faits, prix = montre(tarifs, chez, enfant, activite, unite, jour, sorties)
            qui = Debiteur(1, 1, du_foyer(faits))
            fige = Debiteur.depuis(1, json.loads(json.dumps(qui.en_donnees())))
            une = Journee("resa:1", enfant, 1, unite, activite, jour, evenements=sorties)
            for chiffre in (facturation.chiffrer(une, qui), facturation.chiffrer(une, fige)):
                assert (chiffre is None) == (prix is None)
                if chiffre is not None and prix is not None:
                    assert chiffre.prix == prix
                    assert chiffre.montant == prix.total_centimes
                    en_plus = sum(ligne.montant_centimes for ligne in prix.lignes if ligne.sorte == "evenement")
                    assert 0 <= chiffre.eligible <= chiffre.montant - en_plus, "une sortie n’est pas de la garde"
                    lignes += 1
    assert lignes > PANIERS
