"""Makes a template of ours that names a variable which does not exist fail, where Django would print nothing."""

import inspect
from pathlib import Path

RACINE = Path(__file__).resolve().parents[2]


class VariableAbsente(str):
    """Django formats `string_if_invalid` with the variable's name: this one raises instead, for our templates only."""

    __slots__ = ()

    def __new__(cls) -> "VariableAbsente":
        return super().__new__(cls, "%s")

    def __mod__(self, variable: object) -> str:
        gabarit = _gabarit_en_cours()
        if gabarit and RACINE / "marelle" in Path(gabarit).parents:
            raise AssertionError(
                f"Variable absente du contexte : « {variable} » dans {Path(gabarit).relative_to(RACINE)}"
            )
        return ""


def _gabarit_en_cours() -> str:
    """The template file being rendered: the nearest node on the stack that knows where it was written."""
    cadre = inspect.currentframe()
    while cadre := cadre.f_back if cadre else None:
        noeud = cadre.f_locals.get("self")
        origine = getattr(noeud, "origin", None) if cadre.f_code.co_name.startswith("render") else None
        if origine is not None:
            return str(origine.name)
    return ""
