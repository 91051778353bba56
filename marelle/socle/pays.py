"""Where somebody lives: the countries that an address may be in, how it is written on an envelope, and what its form asks.

A country is kept as its ISO 3166-1 code; the number is that of the Insee (code officiel géographique of 2025, without the
« 99 » of countries), that the Treasury asks: small territories of one State share theirs. Names are the Insee's, what a family
looks for first. The overseas departments and territories are in France: they have French postcodes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django import forms

FRANCE = "FR"
# All of ISO 3166-1 but France and where nobody lives, in the order of the words, accents aside.
PAYS: dict[str, tuple[str, str]] = {
    "AF": ("Afghanistan", "212"),
    "ZA": ("Afrique du Sud", "303"),
    "AX": ("Åland (Îles)", "160"),
    "AL": ("Albanie", "125"),
    "DZ": ("Algérie", "352"),
    "DE": ("Allemagne", "109"),
    "AD": ("Andorre", "130"),
    "AO": ("Angola", "395"),
    "AI": ("Anguilla", "425"),
    "AG": ("Antigua-et-Barbuda", "441"),
    "SA": ("Arabie saoudite", "201"),
    "AR": ("Argentine", "415"),
    "AM": ("Arménie", "252"),
    "AW": ("Aruba", "431"),
    "AU": ("Australie", "501"),
    "AT": ("Autriche", "110"),
    "AZ": ("Azerbaïdjan", "253"),
    "BS": ("Bahamas", "436"),
    "BH": ("Bahreïn", "249"),
    "BD": ("Bangladesh", "246"),
    "BB": ("Barbade", "434"),
    "BE": ("Belgique", "131"),
    "BZ": ("Bélize", "429"),
    "BJ": ("Bénin", "327"),
    "BM": ("Bermudes", "425"),
    "BT": ("Bhoutan", "214"),
    "BY": ("Biélorussie", "148"),
    "MM": ("Birmanie", "224"),
    "BO": ("Bolivie", "418"),
    "BQ": ("Bonaire, Saint-Eustache, Saba", "443"),
    "BA": ("Bosnie-Herzégovine", "118"),
    "BW": ("Botswana", "347"),
    "BR": ("Brésil", "416"),
    "BN": ("Brunei", "225"),
    "BG": ("Bulgarie", "111"),
    "BF": ("Burkina Faso", "331"),
    "BI": ("Burundi", "321"),
    "KY": ("Caïmans (Îles)", "425"),
    "KH": ("Cambodge", "234"),
    "CM": ("Cameroun", "322"),
    "CA": ("Canada", "401"),
    "CV": ("Cap-Vert", "396"),
    "CF": ("Centrafrique", "323"),
    "CL": ("Chili", "417"),
    "CN": ("Chine", "216"),
    "CX": ("Christmas (Île)", "265"),
    "CY": ("Chypre", "254"),
    "CC": ("Cocos (Îles)", "265"),
    "CO": ("Colombie", "419"),
    "KM": ("Comores", "397"),
    "CG": ("Congo", "324"),
    "CD": ("Congo (République démocratique du)", "312"),
    "CK": ("Cook (Îles)", "520"),
    "KP": ("Corée du Nord", "238"),
    "KR": ("Corée du Sud", "239"),
    "CR": ("Costa Rica", "406"),
    "CI": ("Côte d’Ivoire", "326"),
    "HR": ("Croatie", "119"),
    "CU": ("Cuba", "407"),
    "CW": ("Curaçao", "444"),
    "DK": ("Danemark", "101"),
    "DJ": ("Djibouti", "399"),
    "DO": ("Dominicaine (République)", "408"),
    "DM": ("Dominique", "438"),
    "EG": ("Égypte", "301"),
    "AE": ("Émirats arabes unis", "247"),
    "EC": ("Équateur", "420"),
    "ER": ("Érythrée", "317"),
    "ES": ("Espagne", "134"),
    "EE": ("Estonie", "106"),
    "SZ": ("Eswatini", "391"),
    "US": ("États-Unis", "404"),
    "ET": ("Éthiopie", "315"),
    "FO": ("Féroé (Îles)", "158"),
    "FJ": ("Fidji", "508"),
    "FI": ("Finlande", "105"),
    "GA": ("Gabon", "328"),
    "GM": ("Gambie", "304"),
    "GE": ("Géorgie", "255"),
    "GH": ("Ghana", "329"),
    "GI": ("Gibraltar", "133"),
    "GR": ("Grèce", "126"),
    "GD": ("Grenade", "435"),
    "GL": ("Groenland", "430"),
    "GU": ("Guam", "505"),
    "GT": ("Guatémala", "409"),
    "GG": ("Guernesey", "161"),
    "GN": ("Guinée", "330"),
    "GW": ("Guinée-Bissao", "392"),
    "GQ": ("Guinée équatoriale", "314"),
    "GY": ("Guyana", "428"),
    "HT": ("Haïti", "410"),
    "HN": ("Honduras", "411"),
    "HK": ("Hong Kong", "230"),
    "HU": ("Hongrie", "112"),
    "IN": ("Inde", "223"),
    "ID": ("Indonésie", "231"),
    "IQ": ("Irak", "203"),
    "IR": ("Iran", "204"),
    "IE": ("Irlande", "136"),
    "IS": ("Islande", "102"),
    "IL": ("Israël", "207"),
    "IT": ("Italie", "127"),
    "JM": ("Jamaïque", "426"),
    "JP": ("Japon", "217"),
    "JE": ("Jersey", "161"),
    "JO": ("Jordanie", "222"),
    "KZ": ("Kazakhstan", "256"),
    "KE": ("Kenya", "332"),
    "KG": ("Kirghizstan", "257"),
    "KI": ("Kiribati", "513"),
    "KW": ("Koweït", "240"),
    "LA": ("Laos", "241"),
    "LS": ("Lesotho", "348"),
    "LV": ("Lettonie", "107"),
    "LB": ("Liban", "205"),
    "LR": ("Libéria", "302"),
    "LY": ("Libye", "316"),
    "LI": ("Liechtenstein", "113"),
    "LT": ("Lituanie", "108"),
    "LU": ("Luxembourg", "137"),
    "MO": ("Macao", "232"),
    "MK": ("Macédoine du Nord", "156"),
    "MG": ("Madagascar", "333"),
    "MY": ("Malaisie", "227"),
    "MW": ("Malawi", "334"),
    "MV": ("Maldives", "229"),
    "ML": ("Mali", "335"),
    "FK": ("Malouines (Îles)", "427"),
    "MT": ("Malte", "144"),
    "IM": ("Man (Île de)", "161"),
    "MP": ("Mariannes du Nord (Îles)", "505"),
    "MA": ("Maroc", "350"),
    "MH": ("Marshall (Îles)", "515"),
    "MU": ("Maurice", "390"),
    "MR": ("Mauritanie", "336"),
    "MX": ("Mexique", "405"),
    "FM": ("Micronésie", "516"),
    "MD": ("Moldavie", "151"),
    "MC": ("Monaco", "138"),
    "MN": ("Mongolie", "242"),
    "ME": ("Monténégro", "120"),
    "MS": ("Montserrat", "425"),
    "MZ": ("Mozambique", "393"),
    "NA": ("Namibie", "311"),
    "NR": ("Nauru", "507"),
    "NP": ("Népal", "215"),
    "NI": ("Nicaragua", "412"),
    "NE": ("Niger", "337"),
    "NG": ("Nigéria", "338"),
    "NU": ("Niue", "521"),
    "NF": ("Norfolk (Île)", "522"),
    "NO": ("Norvège", "103"),
    "NZ": ("Nouvelle-Zélande", "502"),
    "OM": ("Oman", "250"),
    "UG": ("Ouganda", "339"),
    "UZ": ("Ouzbékistan", "258"),
    "PK": ("Pakistan", "213"),
    "PW": ("Palaos", "517"),
    "PS": ("Palestine", "261"),
    "PA": ("Panama", "413"),
    "PG": ("Papouasie-Nouvelle-Guinée", "510"),
    "PY": ("Paraguay", "421"),
    "NL": ("Pays-Bas", "135"),
    "PE": ("Pérou", "422"),
    "PH": ("Philippines", "220"),
    "PN": ("Pitcairn", "503"),
    "PL": ("Pologne", "122"),
    "PR": ("Porto Rico", "432"),
    "PT": ("Portugal", "139"),
    "QA": ("Qatar", "248"),
    "RO": ("Roumanie", "114"),
    "GB": ("Royaume-Uni", "132"),
    "RU": ("Russie", "123"),
    "RW": ("Rwanda", "340"),
    "EH": ("Sahara occidental", "389"),
    "KN": ("Saint-Christophe-et-Niévès", "442"),
    "SM": ("Saint-Marin", "128"),
    "SX": ("Saint-Martin (partie néerlandaise)", "445"),
    "VC": ("Saint-Vincent-et-les-Grenadines", "440"),
    "SH": ("Sainte-Hélène", "306"),
    "LC": ("Sainte-Lucie", "439"),
    "SB": ("Salomon (Îles)", "512"),
    "SV": ("Salvador", "414"),
    "WS": ("Samoa", "506"),
    "AS": ("Samoa américaines", "505"),
    "ST": ("Sao Tomé-et-Principe", "394"),
    "SN": ("Sénégal", "341"),
    "RS": ("Serbie", "121"),
    "SC": ("Seychelles", "398"),
    "SL": ("Sierra Leone", "342"),
    "SG": ("Singapour", "226"),
    "SK": ("Slovaquie", "117"),
    "SI": ("Slovénie", "145"),
    "SO": ("Somalie", "318"),
    "SD": ("Soudan", "343"),
    "SS": ("Soudan du Sud", "349"),
    "LK": ("Sri Lanka", "235"),
    "SE": ("Suède", "104"),
    "CH": ("Suisse", "140"),
    "SR": ("Suriname", "437"),
    "SJ": ("Svalbard et île Jan Mayen", "159"),
    "SY": ("Syrie", "206"),
    "TJ": ("Tadjikistan", "259"),
    "TW": ("Taïwan", "236"),
    "TZ": ("Tanzanie", "309"),
    "TD": ("Tchad", "344"),
    "CZ": ("Tchéquie", "116"),
    "TH": ("Thaïlande", "219"),
    "TL": ("Timor oriental", "262"),
    "TG": ("Togo", "345"),
    "TK": ("Tokelau", "519"),
    "TO": ("Tonga", "509"),
    "TT": ("Trinité-et-Tobago", "433"),
    "TN": ("Tunisie", "351"),
    "TM": ("Turkménistan", "260"),
    "TC": ("Turks-et-Caïcos (Îles)", "425"),
    "TR": ("Turquie", "208"),
    "TV": ("Tuvalu", "511"),
    "UA": ("Ukraine", "155"),
    "UY": ("Uruguay", "423"),
    "VU": ("Vanuatu", "514"),
    "VA": ("Vatican", "129"),
    "VE": ("Vénézuéla", "424"),
    "VG": ("Vierges britanniques (Îles)", "425"),
    "VI": ("Vierges des États-Unis (Îles)", "432"),
    "VN": ("Vietnam", "243"),
    "YE": ("Yémen", "251"),
    "ZM": ("Zambie", "346"),
    "ZW": ("Zimbabwe", "310"),
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
