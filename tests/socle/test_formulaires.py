"""Any form is drawn by our components: labels, help, errors linked to their control, what to do in French."""

import re

import pytest
from django import forms

from marelle.socle.planche import FormulaireExemple


@pytest.fixture
def faux() -> str:
    return str(FormulaireExemple({"prenom": "Élio", "code_postal": "3750"}))


def test_chaque_controle_a_son_etiquette(faux):
    ids = set(re.findall(r'<(?:input|select|textarea)[^>]* id="([^"]+)"', faux))
    assert ids == set(re.findall(r'<label[^>]* for="([^"]+)"', faux))
    assert len(ids) == 14


def test_aide_et_erreur_sont_nommees_par_le_controle(faux):
    controle = re.search(r'<input[^>]*name="code_postal"[^>]*>', faux).group()
    for attribut in ('aria-invalid="true"', 'data-ton="rouge"', 'class="saisie"', 'value="3750"'):
        assert attribut in controle
    nommes = re.search(r'aria-describedby="([^"]+)"', controle).group(1).split()
    assert nommes == ["id_code_postal_helptext", "id_code_postal_error"]
    assert all(f'id="{nom}"' in faux for nom in nommes)
    groupe = re.search(r'<fieldset[^>]*id="id_jours"[^>]*>', faux).group()
    assert 'aria-describedby="id_jours_error"' in groupe
    assert 'id="id_jours_error"' in faux


def test_le_resume_mene_a_chaque_champ(faux):
    resume = faux[: faux.index("</ul>")]
    assert 'role="alert" tabindex="-1" autofocus' in resume
    assert "6 réponses sont à corriger" in resume
    ancres = re.findall(r'href="#([^"]+)"', resume)
    assert ancres == ["id_code_postal", "id_naissance", "id_repas", "id_jours_0", "id_allergie_0", "id_certifie"]
    assert all(f'id="{ancre}"' in faux for ancre in ancres)
    assert "Date de naissance\u00a0: à remplir." in resume
    assert "allergies\u00a0: choisissez une réponse." in resume
    assert "invalide" not in faux
    assert "champ" not in re.sub("<[^>]+>", "", faux)


def test_une_seule_erreur_et_aucune():
    class Un(forms.Form):
        age = forms.IntegerField(label="Âge")

    assert "Une réponse est à corriger" in str(Un({"age": "douze"}))
    assert "Écrivez un nombre entier, par exemple 12." in str(Un({"age": "douze"}))
    assert "alerte" not in str(Un({"age": "12"}))


def test_un_texte_colle_trop_long_n_est_pas_coupe_sans_le_dire():
    """A browser cuts what is pasted at `maxlength`: the end of a message was lost, and what was left was sent."""

    class Lettre(forms.Form):
        texte = forms.CharField(max_length=10, widget=forms.Textarea)
        nom = forms.CharField(max_length=4)
        places = forms.IntegerField(min_value=0, max_value=1000)

    assert 'maxlength="10"' not in str(Lettre())
    colle = Lettre({"texte": "onze lettre", "nom": "\x00", "places": "-5"})
    assert colle.errors["texte"] == ["Écrivez 10 caractères au plus : il y en a 11."]
    assert colle.errors["nom"] == ["Un caractère caché s’y trouve : effacez ce texte, puis récrivez-le."]
    assert colle.errors["places"] == ["Écrivez 0 ou davantage."]
    assert "onze lettre</textarea>" in str(colle)
    assert Lettre({"places": "2000"}).errors["places"] == ["Écrivez 1000 au plus."]


def test_ce_qui_est_facultatif_se_dit():
    html = str(FormulaireExemple())
    assert html.count("(facultatif)") == 2
    assert 'rows="4"' in html


def test_une_valeur_hostile_reste_un_texte():
    html = str(FormulaireExemple({"prenom": '"><script>alert(1)</script>', "repas": "<b>"}))
    assert "<script" not in html
    assert "<b>" not in html


def test_une_adresse_et_un_fichier():
    class Envoi(forms.Form):
        courriel = forms.EmailField()
        fichier = forms.FileField()

    erreurs = Envoi({"courriel": "camille"}).errors
    assert erreurs["courriel"] == ["Écrivez une adresse e-mail complète, par exemple camille@exemple.fr."]
    assert erreurs["fichier"] == ["Choisissez un fichier."]


def test_la_date_se_lit_comme_le_navigateur_ou_comme_on_l_ecrit():
    for texte in ("2017-03-14", "14/03/2017"):
        formulaire = FormulaireExemple({"naissance": texte})
        assert "naissance" not in formulaire.errors
        assert str(formulaire["naissance"]).startswith('<input type="date"')
