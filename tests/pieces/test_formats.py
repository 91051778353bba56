"""A file is what it contains: traps are refused with a sentence, images come out redrawn, documents keep nothing hidden."""

import io
import time

import pytest
from PIL import Image

from marelle.pieces import formats, images
from marelle.pieces.service import nom_montrable
from tests.pieces import fichiers


@pytest.mark.parametrize(
    ("octets", "phrase"),
    [
        (b"", formats.VIDE),
        (b"MZ\x90\x00" + b"\0" * 200, formats.INCONNU),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", formats.INCONNU),
        (b"<!doctype html><script>alert(1)</script>", formats.INCONNU),
        (b"PK\x03\x04" + b"\0" * 50, formats.INCONNU),
        (b"GIF89a" + b"\0" * 50, formats.INCONNU),
        (b"\n%PDF-1.7 %%EOF", formats.INCONNU),
        (b"\0\0\0\x18ftypheic" + b"\0" * 50, formats.HEIC),
        (b"\xff\xd8\xff\xe0" + b"\0" * 50, formats.ABIME),
        (fichiers.image()[:2000], formats.ABIME),
        (fichiers.bombe_png(), formats.TROP_GRANDE),
        (b"%PDF-1.7\n", formats.PDF_ABIME),
        (b"%PDF-1.4" + b"\0" * (10 * 1024 * 1024), formats.TROP_LOURD),
        (fichiers.pdf(b"/OpenAction << /S /JavaScript /JS (app.alert(1)) >>"), formats.PDF_ACTIF),
        (fichiers.pdf(b"<< /S /J#61vaScript >>"), formats.PDF_ACTIF),
        (fichiers.pdf(b"<< /S /Launch /F (cmd.exe) >>"), formats.PDF_ACTIF),
        (fichiers.pdf(b"/Names << /EmbeddedFiles 3 0 R >>"), formats.PDF_ACTIF),
        (fichiers.pdf(fichiers.flux(b"/Type /ObjStm", b"3 0 << /S /JavaScript >>")), formats.PDF_ACTIF),
        (fichiers.pdf(fichiers.flux(b"/Type /ObjStm", b"\0" * (40 * 1024 * 1024))), formats.PDF_ACTIF),
    ],
)
def test_un_piege_est_refuse_avec_une_phrase(octets, phrase):
    with pytest.raises(formats.FichierRefuse) as refus:
        formats.examiner(octets)
    assert refus.value.phrase == phrase


@pytest.mark.parametrize(
    "octets",
    [
        fichiers.pdf(),
        fichiers.pdf(b"/OpenAction [1 0 R /Fit]"),
        fichiers.pdf(fichiers.flux(b"/Type /XObject", b"des pixels qui disent /JavaScript par hasard")),
        fichiers.pdf(fichiers.flux(b"/Type /ObjStm", b"3 0 << /Type /Page >>")),
        fichiers.pdf(b"(Une page /JSON et /Launcher)"),
    ],
)
def test_un_pdf_ordinaire_passe_tel_quel(octets):
    document = formats.examiner(octets)
    assert (document.format, document.octets) == ("application/pdf", octets)


@pytest.mark.parametrize(
    "octets",
    [
        fichiers.image("PNG", mode="RGBA"),
        fichiers.image("PNG", mode="P"),
        fichiers.image("JPEG", mode="L"),
        fichiers.image("JPEG", mode="CMYK"),
    ],
)
def test_une_image_devient_un_jpeg(octets):
    document = formats.examiner(octets)
    with Image.open(io.BytesIO(document.octets)) as relue:
        assert (document.format, relue.format, relue.mode) == ("image/jpeg", "JPEG", "RGB")


def test_une_photo_perd_son_lieu_et_se_redresse():
    octets = fichiers.photo_avec_lieu()
    assert b"AppareilDeCamille" in octets
    redessinee = formats.examiner(octets).octets
    with Image.open(io.BytesIO(redessinee)) as relue:
        assert relue.size == (480, 640)
        assert not relue.getexif()
    assert b"AppareilDeCamille" not in redessinee


def test_ce_qui_se_cache_derriere_une_image_disparait():
    octets = fichiers.image() + b"<script>alert(1)</script>PK\x03\x04"
    assert b"script" not in formats.examiner(octets).octets


def test_une_grande_image_rapetisse():
    with Image.open(io.BytesIO(formats.examiner(fichiers.image(cote=(4000, 3000))).octets)) as relue:
        assert relue.size == (2600, 1950)


def test_un_portrait_est_un_carre():
    with Image.open(io.BytesIO(images.portrait(fichiers.image("PNG", (900, 500))))) as relue:
        assert (relue.format, relue.size) == ("JPEG", (400, 400))


@pytest.mark.parametrize(
    ("nom", "montre"),
    [
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Users\\Camille\\attestation.exe", "attestation.pdf"),
        ("attestation.pdf\r\nSet-Cookie: x", "attestation.pdf"),
        ("\u202efdp.exe", "fdp.pdf"),
        ("…", "….pdf"),
        ("", "document.pdf"),
        ("...", "document.pdf"),
        ('<b>"l’été"</b>.pdf', "b.pdf"),
        ("a" * 300 + ".pdf", "a" * 80 + ".pdf"),
    ],
)
def test_le_nom_montre_n_est_jamais_un_chemin(nom, montre):
    assert nom_montrable(nom, "application/pdf") == montre


def test_un_pdf_retors_ne_prend_pas_la_machine():
    """Ten megabytes of openings that nothing closes are read once, not once per opening."""
    debut = time.process_time()
    formats.examiner(fichiers.pdf(b"stream\n" * 1_400_000))
    formats.examiner(fichiers.pdf(b"stream\nendstream\n" * 500_000))
    assert time.process_time() - debut < 5
