"""The data set of `dataset_spec.py`, loaded through the product: carts sent by the families, accepted by the service."""

from __future__ import annotations

import time
import uuid
from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

from django.db import connection, transaction

from marelle.activites.models import Activite, Ouverture, Unite
from marelle.activites.ouvertures import ouvrir_les_jours
from marelle.chargement import charger
from marelle.comptes.models import Compte
from marelle.demandes.decision import accepter_lot
from marelle.demandes.depot import deposer_panier
from marelle.demandes.models import Demande, JourDemande, Panier
from marelle.demandes.passages import Acteur
from marelle.demandes.passer import Auteur
from marelle.demonstration.donnees import _dossiers as dossiers_valides
from marelle.demonstration.passe import Inscription, inscrire, jours_voulus
from marelle.familles.models import Acces, Enfant, Famille, Rattachement, Responsable
from marelle.socle.horloge import PARIS, a_l_instant, maintenant

from . import dataset_spec
from .mesures import Carnet

AVANT_LA_RENTREE = datetime(2026, 8, 20, 19, 0, tzinfo=PARIS)
LA_RENTREE = datetime(2026, 9, 1, 8, 0, tzinfo=PARIS)
FAMILLE = Auteur(Acteur.FAMILLE, None, "Famille")
SERVICE = Auteur(Acteur.AGENT, None, "Service")
COLLECTIVITE = Path(__file__).parent / "collectivite"


def charger_tout(carnet: Carnet, familles: int) -> None:
    """The collectivité, `familles` households of the data set, their bookings."""
    debut = time.monotonic()
    with a_l_instant(AVANT_LA_RENTREE):
        charger(COLLECTIVITE)
        ouvrir()
        foyers, enfants, voulues = dataset_spec.build()
        gardes = {un["id"] for un in enfants if un["famille"] < familles}
        creer_les_familles(foyers[:familles], [un for un in enfants if un["id"] in gardes])
        nombre = reserver([une for une in voulues if une[0] in gardes])
    duree = time.monotonic() - debut
    tenir_les_statistiques()
    carnet.noter(
        f"Chargement par le produit : {nombre} réservations", "", f"{duree:.0f} s", None, duree_s=duree, nombre=nombre
    )


def tenir_les_statistiques() -> None:
    """What PostgreSQL does by itself in the minutes that follow such a load, unless the measures come first."""
    with connection.cursor() as curseur:
        curseur.execute("ANALYZE")


def ouvrir() -> None:
    """The very days of the data set; those that the zone's calendar opened beside them are left out."""
    for code, dates, places in (
        ("cantine", dataset_spec.DATES_CANTINE, 1500),
        ("mercredis", dataset_spec.DATES_MERCREDIS, 800),
    ):
        activite = Activite.objects.get(code=code)
        Ouverture.objects.filter(activite=activite).exclude(date__in=dates).delete()
        ouvrir_les_jours(activite, dates, {None: places})


def creer_les_familles(foyers: Sequence[dict], enfants: Sequence[dict]) -> None:
    with transaction.atomic():
        lignes = {f["id"]: Famille.objects.create(numero=f"BANC-{f['id']:05d}", nom=f["nom"]) for f in foyers}
        Responsable.objects.bulk_create(
            [
                Responsable(famille=famille, nom=famille.nom, prenom="Parent", courriel=f"{famille.nom}@mesure.exemple")
                for famille in lignes.values()
            ]
        )
        comptes = Compte.objects.bulk_create([Compte(username=f"banc{cle}") for cle in lignes])
        Acces.objects.bulk_create(
            [Acces(compte=compte, famille=famille) for compte, famille in zip(comptes, lignes.values(), strict=True)]
        )
        Panier.objects.bulk_create([Panier(famille=famille, jeton=uuid.uuid4()) for famille in lignes.values()])
        petits = [
            Enfant(nom=lignes[e["famille"]].nom, prenom=e["prenom"], date_naissance=e["naissance"]) for e in enfants
        ]
        petits = Enfant.objects.bulk_create(petits)
        couples = [(lignes[e["famille"]], petit) for e, petit in zip(enfants, petits, strict=True)]
        Rattachement.objects.bulk_create([Rattachement(famille=famille, enfant=petit) for famille, petit in couples])
        import random

        dossiers_valides(couples, random.Random(dataset_spec.SEED))


def reserver(voulues: Sequence[tuple[int, str, date, str]]) -> int:
    """The days are put in the carts in bulk (twenty clicks each would measure the clicks), then sent and accepted."""
    unites = {(une.activite.code, une.code): une for une in Unite.objects.select_related("activite")}
    ouvertures = {(une.unite_id, une.date): une for une in Ouverture.objects.all()}
    par_famille: dict[int, dict[tuple[int, str], list[Ouverture]]] = defaultdict(lambda: defaultdict(list))
    enfants = {une.prenom: une.pk for une in Enfant.objects.all()}
    foyer_de = dict(Rattachement.objects.values_list("enfant_id", "famille_id"))
    for numero, activite, jour, unite in voulues:
        ouverture = ouvertures[(unites[(activite, unite)].pk, jour)]
        enfant = enfants[f"Enfant{numero:04d}"]
        par_famille[foyer_de[enfant]][(enfant, activite)].append(ouverture)
    for famille, paniers in par_famille.items():
        envoyer(Famille(pk=famille), paniers)
    cles = list(Demande.objects.filter(etat="deposee").order_by("pk").values_list("pk", flat=True))
    acceptees = 0
    for rang in range(0, len(cles), 100):
        acceptees += len(accepter_lot(cles[rang : rang + 100], SERVICE).acceptees)
    assert acceptees == len(cles), "every booking of the data set has its place"
    return len(voulues)


def remplir_le_panier(famille: Famille, paniers: dict[tuple[int, str], list[Ouverture]]) -> uuid.UUID:
    """These ouvertures in the cart, as the clicks would have left them; the jeton to send it with."""
    lignes = []
    for (enfant, _), ouvertures in paniers.items():
        demande = Demande.objects.create(
            famille=famille,
            enfant_id=enfant,
            activite_id=ouvertures[0].activite_id,
            nature="reservation",
            origine=Acteur.FAMILLE.value,
        )
        lignes += [JourDemande(demande=demande, ouverture=une, date=une.date) for une in ouvertures]
    JourDemande.objects.bulk_create(lignes)
    return Panier.objects.get(famille=famille).jeton


def envoyer(famille: Famille, paniers: dict[tuple[int, str], list[Ouverture]]) -> list[int]:
    """Send a cart; the keys of its demandes."""
    with transaction.atomic():
        jeton = remplir_le_panier(famille, paniers)
        depot = deposer_panier(famille, jeton, FAMILLE)
    assert depot.envoi is not None, [refuse.verdict.phrase for refuse in depot.refuses[:1]]
    assert not depot.refuses
    return list(depot.envoi.demandes.values_list("pk", flat=True))


def dix_fois_plus(carnet: Carnet) -> None:
    """Nine more children behind each one that books the canteen: the counters and the tables grow tenfold."""
    debut = time.monotonic()
    nombre = Enfant.objects.count() * 9
    cantine = Activite.objects.get(code="cantine")
    ouvertures = list(Ouverture.objects.filter(activite=cantine).prefetch_related("jauges").order_by("date"))
    jours = jours_voulus(ouvertures)
    from marelle.activites.models import Jauge

    Jauge.objects.filter(activite=cantine).update(places=100_000)
    famille = Famille.objects.create(numero="BANC-FOULE", nom="Foule")
    faites = 0
    for lot in range(0, nombre, 500):
        petits = Enfant.objects.bulk_create(
            [
                Enfant(nom="Foule", prenom="Foule", date_naissance=date(2018, 1, 1))
                for _ in range(min(500, nombre - lot))
            ]
        )
        Rattachement.objects.bulk_create([Rattachement(famille=famille, enfant=petit) for petit in petits])
        instant = maintenant() - timedelta(days=10)
        faites += inscrire(
            [
                Inscription(famille.pk, petit.pk, cantine.pk, tuple(jours[rang % 4 :: 4]), instant)
                for rang, petit in enumerate(petits)
            ],
            "Service",
        )
    tenir_les_statistiques()
    carnet.noter(f"Dix fois plus : {faites} réservations de plus", "", f"{time.monotonic() - debut:.0f} s", None)
