"""A règlement is read whole or refused with one line; scopes and versions give each day its rule."""

from datetime import date, datetime

import pytest

from marelle.regles.bornes import PARIS
from marelle.regles.reglement import ErreurReglement, Reglement, lire_reglement, phrases_du_reglement
from marelle.regles.situation import Action

VERSION = '[[version]]\nen_vigueur_le = 2024-09-01\nsource = "Guide"\n'
MAINTENANT = datetime(2026, 11, 20, 9, tzinfo=PARIS)
MERCREDI = date(2026, 12, 2)

FAUTES = [
    ("", "« version » : cette clé manque."),
    ("version = []", "« version » : il faut au moins une version."),
    ("a = ", "pas du TOML lisible"),
    ("[[version]]\nsource = 'x'", "« version[0].en_vigueur_le » : cette clé manque."),
    (VERSION + "reserve = {}", "« version[0].reserve » : clé inconnue. Vouliez-vous dire « reserver » ?"),
    (VERSION + "[version.reserver.delai]\nnombre = 4\nunite = 'jours_ouvre'",
     "« version[0].reserver.delai.unite » : « jours_ouvre » n’est pas permis. Vouliez-vous dire « jours_ouvres » ?"),
    (VERSION + "[version.reserver.delai]\nnombre = 4", "« version[0].reserver.delai.unite » : cette clé manque"),
    (VERSION + "[version.reserver]\ndelai = [{ nombre = 1, unite = 'heures' }, { nombre = -1, unite = 'heures' }]",
     "« version[0].reserver.delai[1].nombre » : -1 n’est pas permis, il faut un nombre entier de 0 à 1000."),
    (VERSION + "[version.reserver]\ndelai = { nombre = '4' }", "il faut un nombre entier"),
    (VERSION + "[version.reserver]\ndelai = { nombre = true, unite = 'heures' }", "il faut un nombre entier"),
    (VERSION + "[version.reserver]\ndelai = { nombre = 2, unite = 'heures', heure = '09:00' }", "retirez cette clé"),
    (VERSION + "[version.reserver]\ndelai = { avant = 'semaine', heure = '25:00' }", "« 25:00 » n’est pas une heure"),
    (VERSION + "[version.reserver]\ndelai = { avant = 'dates' }", "« dates » et avant = \"dates\" vont ensemble"),
    (VERSION + "[version.reserver]\ndelai = { nombre = 1, unite = 'semaines', non_comptes = ['feries'] }",
     "ne va qu’avec unite = \"jours_ouvres\""),
    (VERSION + "[version.reserver.delai]\ntable = [{ pour = ['lundi'], le = 'jeudy' }]",
     "« version[0].reserver.delai.table[0].le » : « jeudy » n’est pas permis. Vouliez-vous dire « jeudi » ?"),
    (VERSION + "[version.reserver.delai]\ntable = [{ pour = ['lundi'], le = 'jeudi' }, { pour = ['lundi'], le = 'mardi' }]",
     "« lundi » est déjà dans la table"),
    (VERSION + "[version.reserver]\nportes = ['fiche_sanitair']", "Vouliez-vous dire « fiche_sanitaire » ?"),
    (VERSION + "[version.reserver]\nphases = [{ publics = ['residents'] }]\n[publics]\nresident = 'les habitants'",
     "« version[0].reserver.phases[0].publics » : « residents » n’est pas permis. Vouliez-vous dire « resident » ?"),
    (VERSION + "[version.reserver]\nphases = [{ ouvre = 2027-01-01T07:00:00Z }]", "il faut l’heure de Paris"),
    (VERSION + "[version.reserver]\nmaximum = { nombre = 3 }", "« version[0].reserver.maximum.par » : cette clé manque."),
    (VERSION + "[version.reserver]\ncomme = 'reserver'", "« version[0].reserver.comme »"),
    (VERSION + "[version.reserver]\ncomme = 'annuler'\n[version.annuler]\ncomme = 'modifier'", "doit être écrite elle-même"),
    (VERSION + "[version.activites.'*-vacances'.reserver]\ndelais = 3",
     "« version[0].activites.\"*-vacances\".reserver.delais » : clé inconnue. Vouliez-vous dire « delai » ?"),
    (VERSION + VERSION, "deux versions commencent le 01/09/2024"),
]  # fmt: skip


@pytest.mark.parametrize(("texte", "attendu"), FAUTES)
def test_une_faute_arrete_la_lecture_avec_une_ligne(texte: str, attendu: str) -> None:
    with pytest.raises(ErreurReglement) as erreur:
        lire_reglement(texte, "essai/reglement.toml")
    message = str(erreur.value)
    assert attendu in message
    assert message.startswith("essai/reglement.toml : ")
    assert "\n" not in message


def portees() -> Reglement:
    return lire_reglement(
        VERSION
        + """
        liste_attente = true
        [version.reserver]
        decision = "agent"
        portes = ["fiche_enfant"]
        maximum = { nombre = 5, par = "mois" }
        [version.annuler]
        comme = "reserver"
        maximum = "aucun"
        [version.activites."*-vacances".reserver]
        decision = "automatique"
        [version.activites.bourg-mercredis.reserver]
        decision = "agent"
        [version.activites."bourg-*".reserver]
        portes = []
        decision = "automatique"
        [version.activites.bourg-vacances]
        liste_attente = false
        panier_retient_minutes = 20
        retient_places = false
        """
    )


def test_la_portee_la_plus_precise_l_emporte_cle_par_cle() -> None:
    version = portees().version_du(MERCREDI, MAINTENANT)
    assert version.decision("cantine", Action.RESERVER) == "agent"
    assert version.decision("bourg-vacances", Action.RESERVER) == "automatique"
    assert version.decision("bourg-mercredis", Action.RESERVER) == "agent"
    assert version.portes("bourg-vacances", Action.RESERVER) == ()
    assert version.portes("cantine", Action.RESERVER) == ("fiche_enfant",)
    assert version.liste_attente("cantine")
    assert not version.liste_attente("bourg-vacances")
    assert version.retient_places("cantine")
    assert not version.retient_places("bourg-vacances")
    assert version.panier_retient_minutes("bourg-vacances") == 20
    assert version.panier_retient_minutes("cantine") == 0


@pytest.mark.parametrize("sens", [1, -1])
def test_l_ordre_d_ecriture_des_portees_ne_change_rien(sens: int) -> None:
    decisions = {"*": "agent", "bourg-*": "automatique", "*-vacances": "agent", "bourg-vacances": "automatique"}
    tables = [f'[version.activites."{m}".reserver]\ndecision = "{d}"\n' for m, d in list(decisions.items())[::sens]]
    version = lire_reglement(VERSION + "".join(tables)).versions[0]
    codes = ("cantine", "bourg-mercredis", "ville-vacances", "bourg-vacances")
    assert [version.decision(code, Action.RESERVER) for code in codes] == list(decisions.values())


def test_comme_reprend_une_autre_action_et_aucun_retire_une_clause() -> None:
    version = portees().version_du(MERCREDI, MAINTENANT)
    assert version.portes("cantine", Action.ANNULER) == ("fiche_enfant",)
    assert version.regle("cantine", Action.ANNULER).maxima == ()
    assert version.regle("cantine", Action.RESERVER).maxima != ()


DEUX_VERSIONS = """
[[version]]
code = "nouvelle"
en_vigueur_le = 2027-01-04
source = "Délibération"
s_applique_aux = "{}"
[[version]]
code = "ancienne"
en_vigueur_le = 2024-09-01
source = "Guide"
"""


def test_une_version_vaut_pour_les_jours_d_accueil_depuis_sa_date() -> None:
    reglement = lire_reglement(DEUX_VERSIONS.format("jours"))
    assert reglement.version_du(date(2027, 1, 3), MAINTENANT).code == "ancienne"
    assert reglement.version_du(date(2027, 1, 4), MAINTENANT).code == "nouvelle"
    assert reglement.version_du(date(2020, 1, 1), MAINTENANT).code == "ancienne"


def test_ou_pour_les_demandes_faites_depuis_sa_date() -> None:
    reglement = lire_reglement(DEUX_VERSIONS.format("demandes"))
    assert reglement.version_du(date(2027, 1, 20), MAINTENANT).code == "ancienne"
    veille_a_londres = datetime.fromisoformat("2027-01-03T23:30:00+00:00")  # already 4 January in Paris
    assert reglement.version_du(date(2027, 1, 20), veille_a_londres).code == "nouvelle"


def test_le_reglement_se_dit_en_phrases() -> None:
    reglement = lire_reglement(
        """
        [publics]
        resident = "les habitants"
        [[version]]
        en_vigueur_le = 2024-09-01
        source = "Guide"
        liste_attente = true
        [version.reserver]
        decision = "automatique"
        portes = ["fiche_sanitaire", "piece.assurance", "modification_en_attente", "dette"]
        delai = [{ nombre = 4, unite = "jours_ouvres" }, { nombre = 1, unite = "jours_calendaires", heure = "18:00" }]
        motif = { minimum_par_semaine = 3, minimum_si_ferie = 2 }
        [[version.reserver.phases]]
        publics = ["resident"]
        ouvre = { nombre = 4, unite = "semaines", avant = "periode", heure = "09:00" }
        ferme = { avant = "periode", jour = "mercredi" }
        [version.annuler]
        delai = { table = [{ pour = ["lundi", "mardi"], le = "jeudi", heure = "12:00" }], nombre = 48, unite = "heures" }
        maximum = { nombre = 3, par = "periode" }
        [version.annuler.tardif]
        jusqua = { nombre = 0, avant = "jour", heure = "09:00" }
        majoration = { forfait_centimes = 250 }
        decision = "agent"
        [version.modifier]
        interdit = true
        [version.activites.garderie]
        sans_reservation = true
        """
    )
    phrases = [phrase.replace("\u00a0", " ") for phrase in phrases_du_reglement(reglement, "mercredis", MERCREDI)]
    assert phrases == [
        "Les réservations sont pour les habitants : elles ouvrent 4 semaines avant le premier jour de la période à 9 h "
        "et ferment le mercredi précédant le premier jour de la période à minuit.",
        "Une réservation se demande au plus tard 4 jours ouvrés avant le jour de l’accueil et la veille de l’accueil à 18 h.",
        "Au moins 3 jours par semaine (2 avec un jour férié).",
        "Pour réserver, il faut avoir complété et fait valider la fiche médicale et les documents demandés.",
        "Une modification du dossier en attente doit être validée avant de réserver.",
        "Les factures échues doivent être réglées avant de réserver.",
        "La réservation est acceptée aussitôt s’il reste des places.",
        "Les modifications ne se font pas en ligne : appelez le centre.",
        "Une annulation se demande au plus tard le jeudi précédent à 12 h pour le lundi et le mardi ; "
        "48 heures avant le début de l’accueil pour les autres jours.".replace(" ;", "\u202f;"),
        "Ensuite, encore possible jusqu’au jour de l’accueil à 9 h, avec une majoration de 2,50 €, avec l’accord du service.",
        "3 annulations par période au plus.",
        "Le service décide de chaque annulation, par ordre d’arrivée.",
        "Quand un jour est complet, la demande rejoint la liste d’attente.",
    ]
    assert phrases_du_reglement(reglement, "garderie", MERCREDI)[0].startswith("Cet accueil est sans réservation")
