"""The month of October 2026 of the data set, billed: the preview, the issue by lots, and each step that follows it."""

from __future__ import annotations

import time
from datetime import date, datetime

from marelle.creances.models import Facture, LigneFacture, Regie
from marelle.creances.regies import charger_regies
from marelle.creances.verification import verifier
from marelle.facturation import campagnes
from marelle.facturation.emission import emettre_campagne
from marelle.facturation.models import Campagne
from marelle.socle.horloge import PARIS, a_l_instant
from marelle.socle.memoire import oublier
from marelle.tarification.chargement import charger_tarifs
from marelle.tarification.models import QuotientFamilial, TexteTarifs

from .mesures import Carnet

REGIES = '[[regies]]\ncode = 1\nnom = "Régie de mesure"\nmodes = ["cheque", "carte"]\n'
TARIFS = """
nom = "Tarifs de mesure"
[[version]]
en_vigueur_le = 2026-01-01
deliberation = "Délibération de mesure"
tranches = [{ code = "A", de = 0, a = 600 }, { code = "B", de = 601, a = 1200 }, { code = "C", de = 1201 }]
fratrie = { remises = { 2 = "10 %", 3 = "20 %" } }
[[version.tarifs]]
nom = "Repas"
activites = ["cantine"]
accueil = "0,65"
repas = { tranches = { A = "2,10", B = "3,20", C = "4,05" } }
[[version.tarifs]]
nom = "Accueil"
activites = ["mercredis"]
accueil = { taux = "0,85 %", plancher = "4,00", plafond = "14,50" }
"""
LE_CINQ = datetime(2026, 11, 5, 9, 0, tzinfo=PARIS)
OCTOBRE = (date(2026, 10, 1), date(2026, 10, 31))


def preparer() -> Regie:
    """Tariffs, a régie, a quotient for nine households in ten."""
    from marelle.familles.models import Famille

    charger_tarifs(TARIFS, "mesure/tarifs.toml")
    charger_regies(REGIES, "mesure/regies.toml")
    oublier()
    familles = Famille.objects.order_by("pk").values_list("pk", flat=True)
    jour = date(2026, 9, 1)
    QuotientFamilial.objects.bulk_create(
        QuotientFamilial(
            famille_id=cle, valeur=150 + cle * 37 % 1900, source="cdap", releve_le=jour, valable_du=jour
        )
        for cle in familles if cle % 10
    )  # fmt: skip
    return Regie.objects.get(code=1)


def mesurer_la_facturation(carnet: Carnet) -> Campagne:
    """The preview of the month, then its issue; the whole run is asked to last 3 seconds at most for 933 families."""
    with a_l_instant(LE_CINQ):
        regie = preparer()
        depart = time.monotonic()
        une = campagnes.preparer(regie, libelle="Octobre 2026", debut=OCTOBRE[0], fin=OCTOBRE[1], agent=None)
        apercu = time.monotonic() - depart
        depart = time.monotonic()
        campagnes.lancer(une, campagnes.empreinte(une), None)
        lancement = time.monotonic() - depart
        depart = time.monotonic()
        emettre_campagne.call(une.pk)
        emission = time.monotonic() - depart
        assert verifier() == []
        une.refresh_from_db()
        assert une.etat == Campagne.Etat.EMISE
        factures, lignes = Facture.objects.count(), LigneFacture.objects.count()
        _noter(carnet, f"Facturation : aperçu de {factures} factures, {lignes} lignes", apercu, factures)
        _noter(carnet, "Facturation : l’aperçu relu au moment d’émettre", lancement, factures)
        _noter(carnet, "Facturation : calcul et émission, par lots", emission, factures, budget=3.0)
        _refaire(carnet, regie)
    return une


def _refaire(carnet: Carnet, regie: Regie) -> None:
    """The same month again: everything is read, nothing is billed."""
    depart = time.monotonic()
    encore = campagnes.preparer(regie, libelle="Octobre encore", debut=OCTOBRE[0], fin=OCTOBRE[1], agent=None)
    assert not encore.prevues.filter(etat="prevue").exists()
    _noter(carnet, "Facturation : le même mois une seconde fois, rien de plus", time.monotonic() - depart, 0)
    encore.delete()


def _noter(carnet: Carnet, quoi: str, secondes: float, nombre: int, budget: float | None = None) -> None:
    ok = None if budget is None else secondes <= budget
    carnet.noter(quoi, f"≤ {budget:.0f} s" if budget else "", f"{secondes:.2f} s", ok, duree_s=secondes, nombre=nombre)


def mesurer_l_argent(carnet: Carnet, fois: int) -> None:
    """The run, then its documents; certificates have their own: `python -m bench.attestations`. The tariffs leave again, so that
    the pages measured after are those measured before."""
    from .documents import mesurer_les_documents

    mesurer_la_facturation(carnet)
    mesurer_les_documents(carnet, fois)
    TexteTarifs.objects.all().delete()
    oublier()
