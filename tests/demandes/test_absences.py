"""*Déclarer une absence*: accepted, refused, taken back; in time, twice, on another's booking, once the day is past."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from marelle.collectivite.identite import identite
from marelle.collectivite.models import TexteReglement
from marelle.courriels.models import Courriel
from marelle.demandes import decision, fermeture, gestes, panier
from marelle.demandes.calendrier import CalendrierEnfant
from marelle.demandes.models import Demande
from marelle.demandes.selection import jours_de_famille
from marelle.demandes.verification import verifier
from marelle.familles.models import Enfant
from marelle.reservations.liste_du_jour import attendus, repas_du_jour
from marelle.reservations.models import Absence, Reservation
from marelle.socle.erreurs import Introuvable, Refus
from marelle.socle.horloge import maintenant
from marelle.socle.memoire import oublier
from tests.distribution import Foyer, auteur_agent, famille_fauvel, karim
from tests.monde import portail, reserver, roussel_prets, unite

pytestmark = pytest.mark.base

MERCREDI = date(2026, 12, 9)
RUBRIQUE_7 = 'source = "Guide, rubrique 7"\ndecision = "agent"\n'
MALADIE = {"motif": "maladie", "message": ""}


@pytest.fixture
def foyer(db: None, horloge: Callable[[str], object]) -> Foyer:
    """Élio booked on 9 December in the portal whose families declare absences."""
    horloge("2026-11-18 10:00")
    portail("vals-du-dauphine")
    karim()
    foyer = roussel_prets()
    reserver(foyer, elio(foyer), unite("saint-victor-mercredis"), MERCREDI)
    Courriel.objects.all().delete()
    return foyer


def elio(foyer: Foyer) -> Enfant:
    return foyer.enfants["elio"]


def la_reservation() -> Reservation:
    return Reservation.objects.get(date=MERCREDI)


def declarer(foyer: Foyer, contenu: dict[str, str] | None = None) -> Demande:
    [envoi] = gestes.declarer_absence(
        foyer.famille, elio(foyer), [la_reservation().pk], contenu or MALADIE, foyer.auteur
    )
    return envoi.demandes.get()


def regler(avant: str, apres: str) -> None:
    """Change the règlement as the collectivité would: a new text."""
    ligne = TexteReglement.objects.latest("pk")
    assert avant in ligne.texte
    texte = ligne.texte.replace(avant, apres)
    TexteReglement.objects.create(texte=texte, source=ligne.source, empreinte=f"{hash(texte):064d}"[:64])
    oublier()


def agent() -> object:
    from marelle.comptes.models import Agent

    return auteur_agent(Agent.objects.get())


def case(foyer: Foyer) -> str:
    quoi = unite("saint-victor-mercredis")
    [jour] = CalendrierEnfant(foyer.famille, elio(foyer), quoi, MERCREDI, MERCREDI, maintenant()).cases()
    return jour.etat


def test_acceptee_la_reservation_reste_et_se_dit_partout(foyer: Foyer) -> None:
    demande = declarer(foyer)
    assert demande.etat == "deposee"
    assert Courriel.objects.count() == 2  # the receipt, to both parents
    assert [j.detail for j in jours_de_famille(foyer.famille, [elio(foyer)], MERCREDI, MERCREDI)] == [
        "absence déclarée, en attente"
    ]
    decision.accepter(demande.pk, agent())
    absence = Absence.objects.get()
    assert (absence.motif, absence.etat, absence.place_rendue) == ("maladie", "declaree", False)
    assert la_reservation().etat == Reservation.Etat.RESERVEE
    assert case(foyer) == "absence"
    [jour] = jours_de_famille(foyer.famille, [elio(foyer)], MERCREDI, MERCREDI)
    assert (jour.etat, jour.detail) == ("absence", "maladie")
    [attendu] = attendus(la_reservation().activite.centre, MERCREDI)
    assert attendu.absence == "Absence déclarée (maladie)"
    assert repas_du_jour([attendu]) == []
    assert Courriel.objects.latest("pk").objet.startswith("Acceptée")
    assert verifier() == []


def test_refusee_rien_ne_change(foyer: Foyer) -> None:
    decision.refuser(declarer(foyer).pk, agent(), "Appelez le centre.")
    assert not Absence.objects.exists()
    assert case(foyer) == "direct" if la_reservation().est_directe else "reserve"
    assert declarer(foyer).etat == "deposee"  # it can be asked again


def test_retiree_avant_la_reponse(foyer: Foyer) -> None:
    demande = declarer(foyer)
    decision.retirer(demande.pk, foyer.auteur, foyer.famille.pk)
    assert not Absence.objects.exists()
    assert declarer(foyer).etat == "deposee"


def test_retiree_apres_la_reponse_puis_declaree_de_nouveau(foyer: Foyer) -> None:
    demande = decision.accepter(declarer(foyer).pk, agent())
    gestes.retirer_absence(foyer.famille, elio(foyer), la_reservation().pk, foyer.auteur)
    demande.refresh_from_db()
    assert demande.etat == "retiree"
    assert Absence.objects.get().etat == "retiree"
    assert case(foyer) == "reserve"
    decision.accepter(declarer(foyer, {"motif": "autre", "message": "Un mariage"}).pk, agent())
    assert (Absence.objects.get().motif, Absence.objects.get().message) == ("autre", "Un mariage")
    assert verifier() == []


def test_deux_fois_une_seule(foyer: Foyer) -> None:
    demande = declarer(foyer)
    with pytest.raises(Refus, match="déjà en cours"):
        declarer(foyer)
    decision.accepter(demande.pk, agent())
    with pytest.raises(Refus, match="déjà déclarée"):
        declarer(foyer)
    assert Demande.objects.filter(nature="absence").count() == 1
    assert not Demande.objects.filter(etat="panier").exists()


def test_la_reservation_d_une_autre_famille_n_existe_pas(foyer: Foyer) -> None:
    fauvel = famille_fauvel()
    with pytest.raises(Introuvable):
        gestes.declarer_absence(fauvel.famille, fauvel.enfants["malo"], [la_reservation().pk], MALADIE, fauvel.auteur)
    with pytest.raises(Introuvable):
        gestes.declarer_absence(fauvel.famille, elio(foyer), [la_reservation().pk], MALADIE, fauvel.auteur)


def test_le_jour_passe_rien_ne_se_declare_ni_ne_se_retire(foyer: Foyer, horloge: Callable[[str], object]) -> None:
    decision.accepter(declarer(foyer).pk, agent())
    horloge("2026-12-10 08:00")
    with pytest.raises(Refus, match="est passé"):
        gestes.retirer_absence(foyer.famille, elio(foyer), la_reservation().pk, foyer.auteur)
    Absence.objects.all().delete()
    with pytest.raises(Refus, match="est passé"):
        declarer(foyer)


def test_le_delai_du_reglement(foyer: Foyer, horloge: Callable[[str], object]) -> None:
    avant, apres = RUBRIQUE_7, RUBRIQUE_7.replace("agent", "automatique")
    regler(avant, apres + 'delai = { nombre = 48, unite = "heures" }\n')
    horloge("2026-12-06 07:00")
    assert declarer(foyer).etat == "acceptee"  # the rule decides
    horloge("2026-12-08 12:00")
    with pytest.raises(Refus, match="ne se retire plus en ligne"):
        gestes.retirer_absence(foyer.famille, elio(foyer), la_reservation().pk, foyer.auteur)
    assert Absence.objects.get().etat == "declaree"


def test_la_place_va_aux_autres_quand_le_reglement_le_dit(foyer: Foyer) -> None:
    regler("[version.reserver]", "absence_libere_la_place = true\n[version.reserver]")
    jauges = list(la_reservation().ouverture.jauges.all())
    jauges[0].__class__.objects.filter(pk__in=[j.pk for j in jauges]).update(places=1)
    absente = decision.accepter(declarer(foyer).pk, agent())
    assert Absence.objects.get().place_rendue
    assert verifier() == []
    anouk = foyer.enfants["anouk"]
    decision.accepter(
        gestes.demander(foyer.famille, anouk, unite("saint-victor-mercredis"), MERCREDI, foyer.auteur)
        .demandes.get()
        .pk,
        agent(),
    )
    with pytest.raises(Refus, match="donnée à un autre enfant"):
        gestes.retirer_absence(foyer.famille, elio(foyer), Reservation.objects.get(enfant=elio(foyer)).pk, foyer.auteur)
    absente.refresh_from_db()
    assert absente.etat == "acceptee"
    assert verifier() == []


def test_renvoyee_elle_se_declare_de_nouveau(foyer: Foyer) -> None:
    demande = decision.renvoyer(declarer(foyer).pk, agent(), "Quel motif ?")
    nouvelle = declarer(foyer, {"motif": "autre", "message": "Un rendez-vous"})
    demande.refresh_from_db()
    assert (demande.etat, nouvelle.etat) == ("retiree", "deposee")


def test_le_centre_ferme_et_l_absence_demandee_s_en_va(foyer: Foyer) -> None:
    demande = declarer(foyer)
    fermeture.fermer(None, MERCREDI, MERCREDI, "Neige", agent())
    demande.refresh_from_db()
    assert demande.etat == "retiree"
    assert verifier() == []


def test_un_geste_laisse_le_reste_du_panier(foyer: Foyer) -> None:
    quoi = unite("saint-victor-mercredis")
    panier.basculer(foyer.famille, elio(foyer), quoi, date(2026, 12, 2))
    envoi = gestes.demander(foyer.famille, elio(foyer), quoi, date(2026, 12, 16), foyer.auteur)
    assert [jour.date for jour in envoi.demandes.get().jours.all()] == [date(2026, 12, 16)]
    assert [ligne.date for ligne in panier.lignes_du_panier(foyer.famille)] == [date(2026, 12, 2)]


def test_les_motifs_viennent_de_la_collectivite(foyer: Foyer) -> None:
    assert identite().motif_absence("maladie") == "Maladie"
    assert identite().motif_absence("inconnu") == ""
