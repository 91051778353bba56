"""`marelle charger <dossier>`: a collectivité's folder becomes its portal; loading again adds what is new and undoes nothing."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta
from pathlib import Path

from django.db import transaction

from marelle.activites.chargement import Plan, PlanFermeture, charger_activites
from marelle.activites.models import Periode, Temps
from marelle.activites.ouvertures import ouvrir_les_jours
from marelle.collectivite.models import Collectivite, TexteReglement, Vacances
from marelle.collectivite.options import lire_options
from marelle.collectivite.vacances import Plage, periodes_d_ecole, vacances_de_l_annee
from marelle.creances.regies import charger_regies
from marelle.regles.calendrier import feries
from marelle.regles.lecture import ErreurReglement
from marelle.regles.phrases import MOIS
from marelle.regles.reglement import lire_reglement
from marelle.scolarite.chargement import charger_scolarite
from marelle.socle.erreurs import ErreurMarelle
from marelle.socle.horloge import annee_scolaire, aujourdhui
from marelle.socle.memoire import oublier
from marelle.tarification.chargement import charger_tarifs
from marelle.tarification.programme import prevoir, verifier_les_prevus
from marelle.transport.chargement import charger_transport
from marelle.transport.courses import ouvrir_les_courses
from marelle.tresor.caf import charger_caf

# From that month on, the next school year opens too: families book September before the summer.
MOIS_DE_L_ANNEE_SUIVANTE = 4


def charger(dossier: Path) -> str:
    """Load collectivite, reglement, activites and (with schools) scolarite.toml; one French line says what stands now.

    Raises `ErreurMarelle` with the file, the key and what is wrong; nothing is then changed.
    """
    if not dossier.is_dir():
        raise ErreurMarelle(
            f"{dossier} : ce dossier n’existe pas. Donnez celui d’une collectivité, collectivites/<code>."
        )
    try:
        with transaction.atomic():
            bilan = _charger(dossier)
    except ErreurReglement as erreur:
        raise ErreurMarelle(str(erreur)) from None
    finally:
        oublier()
    return bilan


def _lire(dossier: Path, nom: str) -> str:
    try:
        return (dossier / nom).read_text(encoding="utf-8")
    except FileNotFoundError:
        raise ErreurMarelle(f"{dossier / nom} : ce fichier manque.") from None
    except UnicodeDecodeError:
        raise ErreurMarelle(f"{dossier / nom} : ce fichier n’est pas écrit en UTF-8.") from None


def _charger(dossier: Path) -> str:
    code = dossier.resolve().name
    autre = Collectivite.objects.exclude(code=code).first()
    if autre is not None:
        raise ErreurMarelle(f"Cette base est celle de « {autre.code} » : une base par collectivité.")
    texte = _lire(dossier, "collectivite.toml")
    options = lire_options(texte, code, f"{code}/collectivite.toml")
    Collectivite.objects.update_or_create(code=code, defaults={"nom": options.nom, "texte": texte})
    _charger_reglement(_lire(dossier, "reglement.toml"), f"{code}/reglement.toml")
    plan = charger_activites(_lire(dossier, "activites.toml"), f"{code}/activites.toml")
    if (dossier / "tarifs.toml").exists():
        charger_tarifs(_lire(dossier, "tarifs.toml"), f"{code}/tarifs.toml")
    if (dossier / "regies.toml").exists():
        charger_regies(_lire(dossier, "regies.toml"), f"{code}/regies.toml")
    if (dossier / "caf.toml").exists():
        charger_caf(_lire(dossier, "caf.toml"), f"{code}/caf.toml")
    if options.inscription_scolaire or (dossier / "scolarite.toml").exists():
        charger_scolarite(_lire(dossier, "scolarite.toml"), f"{code}/scolarite.toml")
    nombre = 0
    for rentree in annees_a_ouvrir(aujourdhui()):
        nombre += ouvrir_l_annee(plan, options.zone, rentree, alsace_moselle=options.alsace_moselle)
    oublier()  # the tariffs may have just changed
    prevoir(plan.evenements)
    verifier_les_prevus()
    if (dossier / "transport.toml").exists():
        charger_transport(_lire(dossier, "transport.toml"), f"{code}/transport.toml")
        ouvrir_les_courses()
    return f"{options.nom} : {len(plan.activites)} activités, {nombre} ouvertures ajoutées."


def _charger_reglement(texte: str, source: str) -> None:
    lire_reglement(texte, source)
    empreinte = hashlib.sha256(texte.encode()).hexdigest()
    derniere = TexteReglement.objects.order_by("-pk").first()
    if derniere is None or derniere.empreinte != empreinte:
        TexteReglement.objects.create(texte=texte, source=source, empreinte=empreinte)


def annees_a_ouvrir(jour: date) -> list[int]:
    """The school years (by their September) in which days must be open today."""
    rentree = annee_scolaire(jour)[0].year
    return [rentree, rentree + 1] if MOIS_DE_L_ANNEE_SUIVANTE <= jour.month <= 8 else [rentree]


def ouvrir_l_annee(plan: Plan, zone: str, rentree: int, *, alsace_moselle: bool = False) -> int:
    """Holidays, cycles and openings of one school year, added where they miss; returns the number of ouvertures made."""
    vacances = vacances_de_l_annee(zone, rentree)
    for plage in vacances:
        Vacances.objects.get_or_create(nom=plage.nom, debut=plage.debut, defaults={"fin": plage.fin})
    classe = periodes_d_ecole(vacances, rentree)
    _creer_periodes(vacances, classe)
    chomes = feries(rentree, alsace_moselle) | feries(rentree + 1, alsace_moselle)
    nombre = 0
    for un in plan.activites:
        plages = vacances if un.activite.temps == Temps.VACANCES else classe
        jours = [jour for plage in plages for jour in _jours(plage) if jour.weekday() in un.jours]
        fermes = {jour: motif for jour in jours if (motif := _motif(jour, chomes, plan.fermetures))}
        nombre += ouvrir_les_jours(un.activite, jours, un.places, fermes)
    return nombre


def _motif(jour: date, chomes: dict[date, str], fermetures: list[PlanFermeture]) -> str:
    if jour in chomes:
        return chomes[jour]
    return next((une.motif for une in fermetures if une.ferme(jour)), "")


def _jours(plage: Plage) -> list[date]:
    return [plage.debut + timedelta(days=n) for n in range((plage.fin - plage.debut).days + 1)]


def _creer_periodes(vacances: list[Plage], classe: list[Plage]) -> None:
    """One cycle per holiday, and one per stretch of class for each time of care that goes with school."""
    for plage in vacances:
        _periode(plage.nom, Temps.VACANCES, plage)
    for temps, nom in (
        (Temps.MERCREDI, "Mercredis"),
        (Temps.PERISCOLAIRE, "Périscolaire"),
        (Temps.RESTAURATION, "Cantine"),
    ):
        for plage in classe:
            _periode(f"{nom} {_de_mois_a_mois(plage)}", temps, plage)


def _periode(nom: str, temps: Temps, plage: Plage) -> None:
    Periode.objects.get_or_create(
        code=f"{temps}-{plage.debut:%Y-%m-%d}",
        defaults={"nom": nom, "temps": temps, "debut": plage.debut, "fin": plage.fin},
    )


def _de_mois_a_mois(plage: Plage) -> str:
    debut, fin = MOIS[plage.debut.month - 1], MOIS[plage.fin.month - 1]
    if debut == fin:
        return f"de {debut} {plage.fin.year}" if debut[0] not in "ao" else f"d’{debut} {plage.fin.year}"
    liaison = "d’" if debut[0] in "ao" else "de "
    return f"{liaison}{debut} à {fin} {plage.fin.year}"
