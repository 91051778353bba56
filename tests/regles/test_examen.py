"""The order in which a day is examined, and what each kind of clause answers."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest

from marelle.regles.bornes import PARIS
from marelle.regles.reglement import Reglement, examiner, examiner_demande, limite, lire_reglement
from marelle.regles.situation import Action, Contexte, Jour, Manque, Places
from marelle.regles.verdict import Issue, Option
from tests.regles.mondes import CALENDRIER, contexte, un_jour

ENTETE = '[publics]\nresident = "les habitants"\n[[version]]\nen_vigueur_le = 2024-09-01\nsource = "Guide"\n'
MERCREDI = date(2026, 12, 2)
VENDREDI_27 = datetime(2026, 11, 27, 10)  # noqa: DTZ001 - Paris time, given its zone by contexte()


def reglement(texte: str) -> Reglement:
    return lire_reglement(ENTETE + texte)


TOUT = reglement(
    """
    [version.reserver]
    portes = ["fiche_sanitaire", "piece.*"]
    delai = { nombre = 4, unite = "jours_ouvres" }
    phases = [{ ouvre = 2026-11-02, ferme = 2026-11-20, publics = ["resident"], motif = { semaines = "paires" } }]
    maximum = { nombre = 1, par = "mois" }
    """
)
FICHE = Manque("fiche_sanitaire", "La fiche médicale d’Élio n’est pas validée.")
COMPLET = Places(24, 24)
AVANT, PENDANT, APRES = datetime(2026, 10, 30), datetime(2026, 11, 10), datetime(2026, 11, 21)  # noqa: DTZ001
HABITANT = frozenset({"resident"})


@pytest.mark.parametrize(
    ("maintenant", "situation", "jour", "clause"),
    [
        (APRES, {"manques": (FICHE,)}, un_jour(MERCREDI, fermeture="Grève", places=COMPLET), "jour.ferme"),
        (APRES, {"manques": (FICHE,)}, un_jour(date(2026, 11, 18), places=COMPLET), "jour.passe"),
        (APRES, {"manques": (FICHE,)}, un_jour(MERCREDI, places=COMPLET), "portes.fiche_sanitaire"),
        (PENDANT, {}, un_jour(MERCREDI, places=COMPLET), "reserver.publics"),
        (AVANT, {"publics": HABITANT}, un_jour(MERCREDI, places=COMPLET), "reserver.fenetre"),
        (APRES, {"publics": HABITANT}, un_jour(MERCREDI, places=COMPLET), "reserver.fenetre"),
        (PENDANT, {"publics": HABITANT}, un_jour(date(2026, 11, 12), places=COMPLET), "reserver.delai"),
        (PENDANT, {"publics": HABITANT}, un_jour(date(2026, 12, 9), places=COMPLET), "places"),
        (PENDANT, {"publics": HABITANT}, un_jour(MERCREDI, places=COMPLET), "reserver.motif"),
        (PENDANT, {"publics": HABITANT, "deja": frozenset({date(2026, 12, 8)})},
         un_jour(date(2026, 12, 9), places=COMPLET), "reserver.maximum"),
        (PENDANT, {"publics": HABITANT}, un_jour(date(2026, 12, 9), places=Places(24)), "reserver.decision"),
    ],
)  # fmt: skip
def test_l_ordre_de_l_examen(maintenant: datetime, situation: dict[str, Any], jour: Jour, clause: str) -> None:
    assert examiner(TOUT, CALENDRIER, contexte(maintenant, **situation), jour).clause == clause


def test_tous_les_manques_sont_dits_d_un_coup() -> None:
    assurance = Manque("piece.assurance", "L’attestation d’assurance expire le 30 novembre.", date(2026, 11, 30))
    verdict = examiner(TOUT, CALENDRIER, contexte(PENDANT, manques=(assurance, FICHE)), un_jour(MERCREDI))
    assert verdict.clause == "portes.fiche_sanitaire"
    assert verdict.option is Option.COMPLETER_DOSSIER
    assert verdict.phrase == f"{FICHE.phrase} {assurance.phrase}"


def test_une_porte_que_le_reglement_ne_nomme_pas_ne_bloque_pas() -> None:
    manques = (Manque("dette", "La facture d’octobre n’est pas réglée."),)
    situation = contexte(PENDANT, publics=HABITANT, manques=manques)
    assert examiner(TOUT, CALENDRIER, situation, un_jour(date(2026, 12, 9))).est_possible


def test_la_fenetre_dit_quand_elle_ouvre() -> None:
    verdict = examiner(TOUT, CALENDRIER, contexte(AVANT, publics=HABITANT), un_jour(MERCREDI))
    assert verdict.prochaine == datetime(2026, 11, 2, tzinfo=PARIS)
    assert verdict.phrase == "La réservation du mercredi 2 décembre ouvre le lundi 2 novembre."


def test_une_fenetre_qui_ouvre_apres_le_delai_ne_promet_rien() -> None:
    regles = reglement(
        """
        [version.reserver]
        delai = { nombre = 10, unite = "jours_calendaires" }
        phases = [{ ouvre = 2026-11-25 }]
        """
    )
    verdict = examiner(regles, CALENDRIER, contexte(PENDANT), un_jour(MERCREDI))
    assert (verdict.clause, verdict.prochaine, verdict.option) == ("reserver.fenetre", None, Option.APPELER)


def test_deux_horloges_a_la_fois_la_fenetre_et_48_heures() -> None:
    regles = reglement(
        """
        [version.reserver]
        delai = { nombre = 48, unite = "heures" }
        phases = [{ ferme = 2026-12-01T20:00:00 }]
        """
    )
    jour = un_jour(MERCREDI)
    assert limite(regles, CALENDRIER, contexte(PENDANT), jour) == datetime(2026, 11, 30, 7, 30, tzinfo=PARIS)
    tard = contexte(datetime(2026, 11, 30, 7, 31))  # noqa: DTZ001
    verdict = examiner(regles, CALENDRIER, tard, jour)
    assert verdict.clause == "reserver.delai"
    assert verdict.phrase.endswith("Appelez le centre.")


def test_le_regime_tardif_prend_la_suite_et_ses_premieres_fois_seulement() -> None:
    regles = reglement(
        """
        [version.reserver]
        decision = "automatique"
        delai = { nombre = 4, unite = "jours_ouvres" }
        [version.reserver.tardif]
        jusqua = { nombre = 24, unite = "heures" }
        decision = "agent"
        majoration = { pourcentage = 25 }
        maximum = { nombre = 1, par = "mois" }
        """
    )
    jour = un_jour(MERCREDI)
    tard = examiner(regles, CALENDRIER, contexte(VENDREDI_27), jour)
    assert (tard.issue, tard.regime, tard.clause) == (Issue.INSTRUIRE, "tardif", "reserver.tardif")
    assert tard.limite == datetime(2026, 12, 1, 7, 30, tzinfo=PARIS)
    assert "majoration de 25" in tard.phrase
    assert examiner(regles, CALENDRIER, contexte(tard.limite.replace(tzinfo=None)), jour).regime == "tardif"
    demande = examiner_demande(regles, CALENDRIER, contexte(VENDREDI_27), [un_jour(date(2026, 12, 1)), jour])
    assert [v.issue for v in demande] == [Issue.INSTRUIRE, Issue.REFUSER]
    assert demande[1].clause == "reserver.tardif"


def test_une_reservation_prise_dans_une_phase_ferme_est_definitive() -> None:
    regles = reglement(
        """
        [version.reserver]
        phases = [
            { ouvre = 2026-11-02, ferme = 2026-11-08, annulable = false },
            { ouvre = 2026-11-09 },
        ]
        [version.annuler]
        delai = { nombre = 2, unite = "jours_ouvres" }
        """
    )
    situation = contexte(PENDANT, Action.ANNULER)
    ferme = un_jour(MERCREDI, reserve_le=datetime(2026, 11, 5, tzinfo=PARIS))
    souple = replace(ferme, reserve_le=datetime(2026, 11, 9, tzinfo=PARIS))
    assert examiner(regles, CALENDRIER, situation, ferme).clause == "annuler.interdit"
    assert examiner(regles, CALENDRIER, situation, souple).est_possible


def test_retenir_ou_non_les_places_des_demandes() -> None:
    jour = un_jour(MERCREDI, places=Places(24, 20, 4))
    retient = reglement("[version.reserver]\n")
    ne_retient_pas = reglement("retient_places = false\n[version.reserver]\n")
    assert examiner(retient, CALENDRIER, contexte(PENDANT), jour).clause == "places"
    assert examiner(ne_retient_pas, CALENDRIER, contexte(PENDANT), jour).est_possible


def test_sans_liste_d_attente_un_jour_complet_est_refuse() -> None:
    verdict = examiner(
        reglement("[version.reserver]\n"), CALENDRIER, contexte(PENDANT), un_jour(MERCREDI, places=COMPLET)
    )
    assert (verdict.issue, verdict.option) == (Issue.REFUSER, Option.AUTRE_JOUR)
    assert verdict.phrase == "Les 24 places du mercredi 2 décembre sont prises. Choisissez un autre jour."


def test_une_place_libre_va_d_abord_a_ceux_qui_attendent() -> None:
    jour = un_jour(MERCREDI, places=Places(24, 23, 0, 2))
    verdict = examiner(reglement("liste_attente = true\n[version.reserver]\n"), CALENDRIER, contexte(PENDANT), jour)
    assert verdict.issue is Issue.LISTE_ATTENTE
    assert verdict.phrase.startswith("D’autres enfants attendent déjà une place le mercredi 2 décembre.")


def test_la_liste_d_attente_d_une_phase() -> None:
    regles = reglement('[version.reserver]\nphases = [{ ouvre = 2026-11-02, issue = "liste_attente" }]')
    verdict = examiner(regles, CALENDRIER, contexte(PENDANT), un_jour(MERCREDI, places=Places(24)))
    assert verdict.issue is Issue.LISTE_ATTENTE


def test_l_unite_interdite() -> None:
    regles = reglement('[version.reserver]\nmotif = { unites = ["journee*"] }')
    matin = examiner(regles, CALENDRIER, contexte(PENDANT), un_jour(MERCREDI, unite="matin"))
    assert (matin.clause, matin.option) == ("reserver.motif", Option.AUTRE_CHOIX)
    assert examiner(regles, CALENDRIER, contexte(PENDANT), un_jour(MERCREDI, unite="journee-repas")).est_possible


def test_la_semaine_complete_est_celle_ou_l_activite_ouvre() -> None:
    regles = reglement("[version.reserver]\nmotif = { semaine_complete = true }")
    ouverts = frozenset({MERCREDI, date(2026, 12, 4)})
    demande = [un_jour(MERCREDI), un_jour(date(2026, 12, 4))]
    verdicts = examiner_demande(regles, CALENDRIER, contexte(PENDANT, ouverts=ouverts), demande)
    assert all(verdict.est_possible for verdict in verdicts)


def test_la_veille_d_un_ferie_recule_au_dernier_jour_d_ecole() -> None:
    regles = reglement(
        """
        [version.reserver.delai]
        nombre = 1
        unite = "jours_calendaires"
        heure = "09:00"
        decalage = "plus_tot"
        jours_evites = ["samedi", "dimanche", "feries", "vacances"]
        """
    )
    rentree = un_jour(date(2027, 1, 4))
    assert limite(regles, CALENDRIER, contexte(PENDANT), rentree) == datetime(2026, 12, 18, 9, tzinfo=PARIS)


def test_minuit_passe_a_paris_pas_a_greenwich() -> None:
    regles = reglement('[version.reserver]\ndelai = { nombre = 4, unite = "jours_ouvres" }')
    jour = un_jour(MERCREDI)
    for instant, possible in (("2026-11-26T22:59:59+00:00", True), ("2026-11-26T23:00:00+00:00", False)):
        situation = Contexte(Action.RESERVER, datetime.fromisoformat(instant), "mercredis")
        assert examiner(regles, CALENDRIER, situation, jour).est_possible is possible


def test_la_deuxieme_heure_d_octobre_est_bien_apres_la_premiere() -> None:
    regles = reglement('[version.annuler]\ndelai = { nombre = 48, unite = "heures" }')
    jour = Jour(date(2026, 10, 27), heure_debut=datetime(2026, 1, 1, 2, 30, tzinfo=PARIS).time())
    premiere, seconde = "2026-10-25T00:29:00+00:00", "2026-10-25T01:29:00+00:00"  # 2 h 29 twice, on Paris walls
    for instant, possible in ((premiere, True), (seconde, False)):
        maintenant = datetime.fromisoformat(instant).astimezone(PARIS)
        situation = Contexte(Action.ANNULER, maintenant, "mercredis")
        assert examiner(regles, CALENDRIER, situation, jour).est_possible is possible


def test_un_instant_sans_fuseau_est_une_erreur_du_programme() -> None:
    situation = Contexte(Action.RESERVER, VENDREDI_27, "mercredis")
    with pytest.raises(ValueError, match="aware"):
        examiner(TOUT, CALENDRIER, situation, un_jour(MERCREDI))


def test_le_jour_change_a_minuit_de_paris() -> None:
    regles = reglement("[version.reserver]\n")
    jour = un_jour(MERCREDI)
    for instant, clause in (
        ("2026-12-02T22:59:59+00:00", "reserver.decision"),
        ("2026-12-02T23:00:00+00:00", "jour.passe"),
    ):
        situation = Contexte(Action.RESERVER, datetime.fromisoformat(instant), "mercredis")
        assert examiner(regles, CALENDRIER, situation, jour).clause == clause


def test_un_jour_refuse_faute_de_place_ne_compte_pas_dans_le_maximum() -> None:
    regles = reglement('[version.reserver]\nmaximum = { nombre = 1, par = "mois" }')
    demande = [un_jour(MERCREDI, places=COMPLET), un_jour(date(2026, 12, 9), places=Places(24))]
    verdicts = examiner_demande(regles, CALENDRIER, contexte(PENDANT), demande)
    assert [verdict.clause for verdict in verdicts] == ["places", "reserver.decision"]


def test_une_phase_sans_fin_n_a_pas_de_limite() -> None:
    regles = reglement("[version.reserver]\nphases = [{ ferme = 2026-11-20 }, { ouvre = 2026-11-15 }]")
    assert examiner(regles, CALENDRIER, contexte(PENDANT), un_jour(MERCREDI)).limite is None
