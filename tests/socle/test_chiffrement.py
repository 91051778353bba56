"""Keys change without losing anything; a wrong key is said instead of showing ciphertext as if it were a text."""

import pytest
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC
from django.db import connection

from marelle.familles.models import Enfant, FicheSanitaire
from marelle.socle import chiffrement

CONTENU = "Allergie à l’arachide"


@pytest.fixture
def cles(settings):
    """`cles("nouvelle", "ancienne")` puts these keys in force."""

    def mettre(*noms: str, secretes: tuple[str, ...] = ("première",)) -> None:
        settings.SALT_KEY = list(noms)
        settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = secretes[0], list(secretes[1:])

    return mettre


@pytest.fixture
def fiche(db, cles):
    cles("ancienne")
    enfant = Enfant.objects.create(nom="Lemoine", prenom="Anouk", date_naissance="2019-03-04")
    return FicheSanitaire.objects.create(enfant=enfant, contenu=CONTENU, alerte="Trousse au bureau")


def lire_brut(fiche):
    with connection.cursor() as curseur:
        curseur.execute("SELECT contenu FROM familles_fichesanitaire WHERE id = %s", [fiche.pk])
        return curseur.fetchone()[0]


def test_les_champs_chiffres_sont_trouves():
    noms = {f"{modele.__name__}.{champ.name}" for modele, champ in chiffrement.champs_chiffres()}
    assert {"FicheSanitaire.contenu", "FicheSanitaire.alerte", "Demande.contenu_chiffre"} <= noms


def test_l_ancienne_cle_peut_partir_une_fois_tout_rechiffre(fiche, cles):
    avant = lire_brut(fiche)
    cles("nouvelle", "ancienne")
    assert chiffrement.renouveler() == chiffrement.Bilan(2, [])
    assert CONTENU not in avant + lire_brut(fiche)
    assert lire_brut(fiche) != avant
    cles("nouvelle")
    fiche.refresh_from_db()
    assert (fiche.contenu, fiche.alerte) == (CONTENU, "Trousse au bureau")
    assert chiffrement.verifier() == chiffrement.Bilan(2, [])


def test_la_cle_secrete_change_sans_rien_perdre(fiche, cles):
    cles("sel", "ancienne", secretes=("seconde", "première"))
    assert chiffrement.verifier() == chiffrement.Bilan(2, [])
    assert chiffrement.renouveler() == chiffrement.Bilan(2, [])
    cles("sel", secretes=("seconde",))
    fiche.refresh_from_db()
    assert (fiche.contenu, fiche.alerte) == (CONTENU, "Trousse au bureau")
    cles("sel", secretes=("première",))
    assert len(chiffrement.verifier().illisibles) == 2


def test_une_cle_qui_manque_est_dite_et_rien_n_est_touche(fiche, cles):
    avant = lire_brut(fiche)
    cles("une autre")
    bilan = chiffrement.renouveler()
    assert bilan.lues == 2
    assert bilan.illisibles[0] == f"familles_fichesanitaire.contenu, ligne {fiche.pk}"
    assert lire_brut(fiche) == avant


def test_les_cles_se_derivent_une_fois_pour_tous_les_champs(fiche, cles, monkeypatch):
    """A tenth of a second of processor each time: nine fields, then the documents, in each process that starts."""
    fois = []
    deriver = PBKDF2HMAC.derive
    monkeypatch.setattr(PBKDF2HMAC, "derive", lambda kdf, secret: fois.append(secret) or deriver(kdf, secret))
    cles("jamais-vue")
    for _, champ in chiffrement.champs_chiffres():
        champ.f.encrypt(b"une alerte")
    assert len(fois) == 1
