"""Where somebody lives: the countries that an address may be in, how it is written on an envelope, and what its form asks.

A country is kept as its ISO 3166-1 code; the number is that of the Insee (code officiel géographique, without the « 99 » of
countries), that the Treasury asks. Names are the Insee's. The overseas departments and territories are in France: they have
French postcodes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django import forms

FRANCE = "FR"
# The neighbours and Europe, then where families of France go most; another one is a line here.
PAYS: dict[str, tuple[str, str]] = {
    "ZA": ("Afrique du Sud", "303"),
    "AL": ("Albanie", "125"),
    "DZ": ("Algérie", "352"),
    "DE": ("Allemagne", "109"),
    "AD": ("Andorre", "130"),
    "AU": ("Australie", "501"),
    "AT": ("Autriche", "110"),
    "BE": ("Belgique", "131"),
    "BJ": ("Bénin", "327"),
    "BA": ("Bosnie-Herzégovine", "118"),
    "BR": ("Brésil", "416"),
    "BG": ("Bulgarie", "111"),
    "BF": ("Burkina Faso", "331"),
    "CM": ("Cameroun", "322"),
    "CA": ("Canada", "401"),
    "CN": ("Chine", "216"),
    "CY": ("Chypre", "254"),
    "KM": ("Comores", "397"),
    "CG": ("Congo", "324"),
    "CD": ("Congo (République démocratique du)", "312"),
    "KR": ("Corée du Sud", "239"),
    "CI": ("Côte d’Ivoire", "326"),
    "HR": ("Croatie", "119"),
    "DK": ("Danemark", "101"),
    "EG": ("Égypte", "301"),
    "AE": ("Émirats arabes unis", "247"),
    "ES": ("Espagne", "134"),
    "EE": ("Estonie", "106"),
    "US": ("États-Unis", "404"),
    "FI": ("Finlande", "105"),
    "GA": ("Gabon", "328"),
    "GR": ("Grèce", "126"),
    "GN": ("Guinée", "330"),
    "HU": ("Hongrie", "112"),
    "IN": ("Inde", "223"),
    "IE": ("Irlande", "136"),
    "IS": ("Islande", "102"),
    "IL": ("Israël", "207"),
    "IT": ("Italie", "127"),
    "JP": ("Japon", "217"),
    "LV": ("Lettonie", "107"),
    "LB": ("Liban", "205"),
    "LI": ("Liechtenstein", "113"),
    "LT": ("Lituanie", "108"),
    "LU": ("Luxembourg", "137"),
    "MK": ("Macédoine du Nord", "156"),
    "MG": ("Madagascar", "333"),
    "ML": ("Mali", "335"),
    "MT": ("Malte", "144"),
    "MA": ("Maroc", "350"),
    "MU": ("Maurice", "390"),
    "MX": ("Mexique", "405"),
    "MD": ("Moldavie", "151"),
    "MC": ("Monaco", "138"),
    "ME": ("Monténégro", "120"),
    "NO": ("Norvège", "103"),
    "NZ": ("Nouvelle-Zélande", "502"),
    "NL": ("Pays-Bas", "135"),
    "PL": ("Pologne", "122"),
    "PT": ("Portugal", "139"),
    "RO": ("Roumanie", "114"),
    "GB": ("Royaume-Uni", "132"),
    "RU": ("Russie", "123"),
    "SM": ("Saint-Marin", "128"),
    "SN": ("Sénégal", "341"),
    "RS": ("Serbie", "121"),
    "SG": ("Singapour", "226"),
    "SK": ("Slovaquie", "117"),
    "SI": ("Slovénie", "145"),
    "SE": ("Suède", "104"),
    "CH": ("Suisse", "140"),
    "CZ": ("Tchéquie", "116"),
    "TG": ("Togo", "345"),
    "TN": ("Tunisie", "351"),
    "TR": ("Turquie", "208"),
    "UA": ("Ukraine", "155"),
    "VN": ("Vietnam", "243"),
}
CINQ_CHIFFRES = "Le code postal a cinq chiffres, par exemple 37500. À l’étranger, choisissez aussi le pays."


def est_a_l_etranger(pays: str) -> bool:
    """What was written before countries were known is in France."""
    return pays not in ("", FRANCE)


def code_insee(pays: str) -> str:
    """« 131 » for Belgium; empty for France, and for a country that the table does not know."""
    return PAYS[pays][1] if pays in PAYS else ""


def lignes_d_adresse(ecrit: Mapping[str, Any]) -> list[str]:
    """The lines of an envelope: the street, « 1050 Ixelles », then the country in capitals when it is not France."""
    commune = f"{ecrit.get('code_postal', '')} {ecrit.get('commune', '')}".strip()
    pays = ecrit.get("pays", "")
    nom = PAYS[pays][0].upper() if pays in PAYS else ""
    lignes = [*str(ecrit.get("adresse", "")).splitlines(), commune]
    dites = [ligne.strip() for ligne in lignes if ligne.strip()]
    return [*dites, nom] if dites and nom else dites


class ChampPays(forms.ChoiceField):
    """France first. A form that is sent without it is in France."""

    def __init__(self, **options: Any) -> None:
        choix = [(FRANCE, "France"), *((code, nom) for code, (nom, _) in PAYS.items())]
        super().__init__(**{"label": "Pays", "choices": choix, "initial": FRANCE, **options})

    def clean(self, value: Any) -> str:
        return str(super().clean(value or FRANCE))

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(initial or FRANCE, data or FRANCE)


class ChampCodePostal(forms.CharField):
    """`est_conditionnel`: it may not be left empty in France. Abroad it may: some countries have no postcodes."""

    def __init__(self, *, required: bool = True, **options: Any) -> None:
        self.est_conditionnel = required
        saisie = forms.TextInput(attrs={"class": "court"})
        aide = "Facultatif à l’étranger." if required else ""
        depart = {"label": "Code postal", "max_length": 10, "widget": saisie, "help_text": aide}
        super().__init__(required=False, **{**depart, **options})


def champ_code_postal(**options: Any) -> ChampCodePostal:
    """Five digits in France (`exiger_le_code_postal`), letters too abroad: not a field of numbers."""
    return ChampCodePostal(**options)


def exiger_le_code_postal(forme: forms.BaseForm) -> None:
    """In `clean`: the postcode of an address in France has five digits, and is there where its form wants it."""
    champ, code = forme.fields["code_postal"], forme.cleaned_data.get("code_postal", "")
    if est_a_l_etranger(forme.cleaned_data.get("pays", "")) or "code_postal" in forme.errors:
        return
    if not code and getattr(champ, "est_conditionnel", False):
        forme.add_error("code_postal", champ.error_messages["required"])
    elif code and not re.fullmatch(r"[0-9]{5}", code):
        forme.add_error("code_postal", CINQ_CHIFFRES)
