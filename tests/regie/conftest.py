"""A régie that takes every means, its régisseuse, colleagues without mandate, and invoices to pay."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

import pytest
from django.core.cache import cache
from django.test import Client

from marelle.activites.models import Activite, Centre
from marelle.comptes.droits import Role
from marelle.comptes.models import Agent, Compte
from marelle.creances.emission import FactureAEmettre, LigneAEmettre, emettre
from marelle.creances.models import Facture, Mandat, Payeur, Regie
from marelle.creances.payeurs import payeur_de
from marelle.creances.regies import charger_regies
from marelle.familles.models import Enfant
from marelle.regie.encaissements import Reception
from marelle.socle.memoire import oublier
from tests import distribution as gens

MAINTENANT = "2026-11-20 10:00"
REGIES = """
[[regies]]
code = 1
nom = "Régie d’essai"
modes = ["especes", "cheque", "carte", "en_ligne", "virement", "prelevement", "cesu", "ancv"]
plafond_especes = "300,00"
encaisse_maximum = "500,00"
fonds_de_caisse = "50,00"
acompte = true
ordre_cheque = "Régie d’essai"

[regies.sepa]
ics = "FR12ZZZ123456"
iban = "FR76 3000 1007 9412 3456 7890 185"
bic = "BDFEFRPPCCT"
titulaire = "REGIE ENFANCE"
preavis_jours = 14

[[regies.relances]]
jours = 10
moyen = "courriel"
titre = "Rappel de facture"
texte = "Sauf erreur de notre part, la facture ci-dessous n’est pas encore payée."

[[regies.relances]]
jours = 30
moyen = "courrier"
titre = "Relance avant transmission"
texte = "Malgré notre rappel, la facture ci-dessous reste à payer. Sans paiement sous quinze jours, elle ira au Trésor."

[[regies]]
code = 2
nom = "Régie sans acompte"
modes = ["especes", "cheque"]
activites = ["bus-*"]

[[regies]]
code = 3
nom = "Titres"
recouvrement = "titre"
activites = ["cantine-*"]
"""


@pytest.fixture(autouse=True)
def _decor(db: None, horloge: Callable[[str], object]) -> Iterator[None]:
    horloge(MAINTENANT)
    gens.collectivite()
    cache.clear()
    yield
    oublier()


@pytest.fixture
def regie() -> Regie:
    charger_regies(REGIES, "essai/regies.toml")
    return Regie.objects.get(code=1)


@pytest.fixture
def autre_regie(regie: Regie) -> Regie:
    return Regie.objects.get(code=2)


@pytest.fixture
def roussel() -> gens.Foyer:
    return gens.famille_roussel()


@pytest.fixture
def fauvel() -> gens.Foyer:
    return gens.famille_fauvel()


@pytest.fixture
def payeur(roussel: gens.Foyer) -> Payeur:
    return payeur_de(roussel.famille)


@pytest.fixture
def regisseuse(regie: Regie) -> Agent:
    """Zoé Ferry: régisseuse titulaire of the first régie, since 2020."""
    compte = Compte.objects.create_user("zoe", "zoe@service.exemple", gens.MOT_DE_PASSE)
    agent = Agent.objects.create(compte=compte, nom="Ferry", prenom="Zoé", role=Role.REGIE)
    Mandat.objects.create(regie=regie, agent=agent, qualite=Mandat.Qualite.TITULAIRE, debut=date(2020, 1, 1))
    return agent


@pytest.fixture
def direction() -> Agent:
    """May do everything; has no mandate."""
    return gens.nadia()


@pytest.fixture
def secretariat() -> Agent:
    return gens.karim()


@pytest.fixture
def guichet() -> Callable[[Agent], Client]:
    def ouvrir(agent: Agent) -> Client:
        client = Client()
        client.force_login(agent.compte)
        return client

    return ouvrir


Facturer = Callable[..., Facture]


@pytest.fixture
def facturer(regie: Regie) -> Facturer:
    """`facturer(payeur, 4860)` issues an invoice; `garde=` the part that a voucher may pay, of that child and activity."""
    rangs = iter(range(1, 1000))

    def faire(
        payeur: Payeur,
        montant: int,
        jour: date = date(2026, 10, 6),
        *,
        echeance: date | None = None,
        par: Regie | None = None,
        enfant: Enfant | None = None,
        activite: str = "",
        garde: int = 0,
    ) -> Facture:
        ligne = LigneAEmettre(
            f"essai:{next(rangs)}", "Mercredi 2 septembre, journée", montant, enfant_id=enfant.pk if enfant else None,
            activite=activite, eligible_centimes=garde, date=date(2026, 9, 2),
        )  # fmt: skip
        demandee = FactureAEmettre(
            payeur, date(2026, 9, 1), date(2026, 9, 30), [ligne], date_echeance=echeance, famille_id=payeur.famille_id
        )
        return emettre(par or regie, [demandee], date_emission=jour)[0]

    return faire


@pytest.fixture
def activites() -> None:
    """A Wednesday, a garderie and a canteen, for what vouchers may pay."""
    centre = Centre.objects.create(code="chaveignes", nom="Chaveignes")
    for code, temps in (("mercredis", "mercredi"), ("garderie", "periscolaire"), ("cantine", "restauration")):
        Activite.objects.create(code=code, nom=code.capitalize(), centre=centre, temps=temps)


def recu(montant: int, mode: str = "cheque", jeton: str = "j1", **autres: object) -> Reception:
    """A payment as an agent enters it, of today."""
    champs: dict[str, object] = {"emetteur": "Banque postale", "reference": "0001234"} if mode == "cheque" else {}
    if mode in ("cesu", "ancv"):
        champs = {"nombre_titres": 2, "numeros_titres": "A1 A2"}
    champs = {"date_paiement": date(2026, 11, 20), **champs, **autres}
    return Reception(mode, montant, jeton=jeton, **champs)  # type: ignore[arg-type]
