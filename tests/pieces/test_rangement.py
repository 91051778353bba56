"""A large file is kept by pieces: read whole, in their order, none missing, none of another file, under the key in force."""

import io
import uuid

import pytest

from marelle.pieces import cles, rangement
from marelle.socle.erreurs import Introuvable

GRAND = bytes(range(256)) * 3 + b"la fin"


@pytest.fixture
def cle(settings, tmp_path, monkeypatch):
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr(rangement, "MORCEAU", 100)
    voulue = uuid.uuid4()
    rangement.ranger_par_morceaux(voulue, io.BytesIO(GRAND))
    return voulue


def test_un_grand_fichier_se_relit_par_morceaux(cle):
    morceaux = list(rangement.lire_par_morceaux(cle))
    assert [len(un) for un in morceaux] == [100] * 7 + [74]
    assert b"".join(morceaux) == rangement.lire(cle) == GRAND
    for reste in (b"", b"a" * 100):
        rangement.ranger_par_morceaux(cle, io.BytesIO(reste))
        assert rangement.lire(cle) == reste


def test_un_morceau_perdu_deplace_ou_d_un_autre_ne_passe_pas(cle):
    fichier, autre = rangement.chemin(cle), uuid.uuid4()
    marque, *jetons = fichier.read_bytes().split(b"\n")
    rangement.ranger_par_morceaux(autre, io.BytesIO(GRAND))
    d_ailleurs = rangement.chemin(autre).read_bytes().split(b"\n")[1]
    echanges = [jetons[1], jetons[0], *jetons[2:]]
    for faux in (jetons[:-1], jetons[1:], echanges, [*jetons, jetons[-1]], [], [d_ailleurs, *jetons[1:]]):
        fichier.write_bytes(b"\n".join([marque, *faux]))
        with pytest.raises(Introuvable):
            rangement.lire(cle)


def test_il_passe_a_la_nouvelle_cle(cle, settings, db):
    for en_vigueur in (["nouvelle", *settings.SALT_KEY], ["nouvelle"]):
        settings.SALT_KEY = en_vigueur
        assert cles.renouveler().illisibles == []
    assert rangement.lire(cle) == GRAND
