"""Documents follow the keys: encrypted again with the newest, and what is missing or closed is said."""

import pytest

from marelle.familles.models import Famille
from marelle.pieces import cles, rangement
from marelle.pieces.models import Piece
from marelle.socle.chiffrement import Bilan

OCTETS = b"%PDF-1.7 une attestation"


@pytest.fixture
def avec(settings, tmp_path):
    """`avec("nouvelle", "ancienne")` puts these keys in force, as a restart would."""
    settings.MEDIA_ROOT = tmp_path

    def mettre(*noms: str) -> None:
        settings.SALT_KEY = list(noms)

    return mettre


@pytest.fixture
def piece(db, avec):
    avec("ancienne")
    famille = Famille.objects.create(numero="F-1", nom="Lemoine")
    piece = Piece.objects.create(famille=famille, type_piece="assurance", nom="a.pdf", taille=len(OCTETS))
    rangement.ranger(piece.cle, OCTETS)
    return piece


def test_un_document_passe_a_la_nouvelle_cle(piece, avec):
    avec("nouvelle", "ancienne")
    assert cles.renouveler() == Bilan(1, [])
    avec("nouvelle")
    assert rangement.lire(piece.cle) == OCTETS
    assert cles.verifier() == Bilan(1, [])
    assert [fichier.suffix for fichier in rangement.chemin(piece.cle).parent.iterdir()] == [".piece"]


def test_une_cle_qui_manque_ou_un_fichier_absent_est_dit(piece, avec):
    avec("une autre")
    avant = rangement.chemin(piece.cle).read_bytes()
    assert cles.renouveler() == Bilan(1, [f"document {piece.cle.hex}"])
    assert rangement.chemin(piece.cle).read_bytes() == avant
    rangement.jeter(piece.cle)
    assert cles.verifier() == Bilan(1, [f"document {piece.cle}, absent"])
