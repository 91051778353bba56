"""A link as a square to photograph, in SVG."""

import io

import segno


def qr_svg(lien: str) -> str:
    """The QR code of a link, black on white, with its quiet zone; level M survives a folded letter."""
    sortie = io.BytesIO()
    segno.make(lien, error="m", micro=False).save(sortie, kind="svg", border=4, xmldecl=False, light="#fff", scale=4)
    return sortie.getvalue().decode()
