"""Which sRGB colours do the sheet's oklch() lightnesses give? For e-mails, which know only hex, and to prove contrasts."""

import math

Couleur = tuple[float, float, float]

VIVACITE_MAX = 0.16


def oklch(clarte: float, vivacite: float, teinte: float) -> Couleur:
    """Linear sRGB (0–1) of an OKLCH colour, clipped as browsers do; `teinte` in degrees. Source: B. Ottosson, Oklab."""
    a, b = vivacite * math.cos(math.radians(teinte)), vivacite * math.sin(math.radians(teinte))
    long = (clarte + 0.3963377774 * a + 0.2158037573 * b) ** 3
    moyen = (clarte - 0.1055613458 * a - 0.0638541728 * b) ** 3
    court = (clarte - 0.0894841775 * a - 1.291485548 * b) ** 3
    return (
        _borne(4.0767416621 * long - 3.3077115913 * moyen + 0.2309699292 * court),
        _borne(-1.2684380046 * long + 2.6097574011 * moyen - 0.3413193965 * court),
        _borne(-0.0041960863 * long - 0.7034186147 * moyen + 1.707614701 * court),
    )


def hexa(couleur: Couleur) -> str:
    """« #005b5f »."""
    return "#" + "".join(f"{round(255 * _vers_srgb(composante)):02x}" for composante in couleur)


def depuis_hexa(texte: str) -> Couleur:
    """Linear sRGB of « #f8f6f1 »."""
    chiffres = texte.lstrip("#")
    rouge, vert, bleu = (_vers_lineaire(int(chiffres[i : i + 2], 16) / 255) for i in (0, 2, 4))
    return rouge, vert, bleu


def contraste(une: Couleur, autre: Couleur) -> float:
    """WCAG contrast ratio, 1 to 21."""
    claire, sombre = sorted((_luminance(une), _luminance(autre)), reverse=True)
    return (claire + 0.05) / (sombre + 0.05)


def marque(teinte: float, vivacite: float, clarte: float = 0.43) -> str:
    """The hex of a collectivité's colour: `--marque` of the sheet in light mode, unless another lightness is asked."""
    return hexa(oklch(clarte, max(0.0, min(vivacite, VIVACITE_MAX)), teinte))


def _borne(valeur: float) -> float:
    return max(0.0, min(1.0, valeur))


def _vers_srgb(valeur: float) -> float:
    return 12.92 * valeur if valeur <= 0.0031308 else 1.055 * valeur ** (1 / 2.4) - 0.055


def _vers_lineaire(valeur: float) -> float:
    return valeur / 12.92 if valeur <= 0.04045 else ((valeur + 0.055) / 1.055) ** 2.4


def _luminance(couleur: Couleur) -> float:
    rouge, vert, bleu = couleur
    return 0.2126 * rouge + 0.7152 * vert + 0.0722 * bleu
