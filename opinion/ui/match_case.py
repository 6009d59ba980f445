"""A coordinator's case: typed into the sidebar or loaded from a file, in the session only, never in an address.

No name of a patient is asked for, and the free text of the wishes is not shown.
"""

import json
from typing import Any

import streamlit as st

from opinion.errors import AnswersError
from opinion.guidance.answers import parse_answers
from opinion.matching.cases import Case, read_case
from opinion.texts.countries import country_names
from opinion.texts.translations import Translator
from opinion.ui.results import fold
from opinion.vocabularies import designations, disease_areas, equipment

CASE = "match_case"  # in the session: {"answers": …, "wishes": …}
WEIGHTS = "match_weights"  # in the session: points by part, those that were changed
ROUND = "match_round"  # raised to make every field anew
_WIDGET = "match_field"


def held_case() -> dict[str, dict[str, Any]]:
    """Return the case as it is held, as a case file."""
    found: dict[str, dict[str, Any]] = st.session_state.setdefault(CASE, {"answers": {}, "wishes": {}})
    return found


def hold_case(given: dict[str, dict[str, Any]]) -> None:
    """Put another case in the place of the one that is held; every field shows it."""
    st.session_state[CASE] = given
    st.session_state[ROUND] = st.session_state.get(ROUND, 0) + 1


def clear() -> None:
    """Forget the case and the weights."""
    st.session_state.pop(WEIGHTS, None)
    hold_case({"answers": {}, "wishes": {}})


def case_to_rank() -> tuple[Case | None, list[str]]:
    """Return the case, ``None`` while the area is missing or something is wrong, and what is wrong."""
    if not held_case()["answers"].get("disease_area"):
        return None, []
    try:
        return read_case(held_case()), []
    except AnswersError as error:
        return None, [str(problem) for problem in error.problems]


def show_case(t: Translator) -> None:
    """Show the fields of the case, its file, and the way to clear it."""
    _Fields(t).show()
    case = held_case()
    with st.container(horizontal=True):
        st.download_button(
            # made outside the session when it is asked for, so it holds the case itself
            t("Download case"), data=lambda: json.dumps(case, ensure_ascii=False, indent=2) + "\n",
            file_name="case.json", mime="application/json", on_click="ignore", icon=":material/download:",
            key="match_download",
        )  # fmt: skip
        st.button(t("Clear"), key="match_clear", icon=":material/delete:", on_click=clear)
    fold(t("Load a case file"), "match_load", lambda: _show_loading(t))
    st.button(t("Show the centres"), key="show_results", type="primary", width="stretch")


def _show_loading(t: Translator) -> None:
    file = st.file_uploader(t("A file case.json, or answers of the self-check"), type="json",
                            key=f"match_file_{st.session_state.get(ROUND, 0)}")  # fmt: skip
    if file is None:
        return
    try:
        given = parse_answers(file.getvalue().decode("utf-8-sig"))
        read_case(given)
    except UnicodeDecodeError:
        st.error(t("This file is not text. Choose a file case.json."), icon=":material/error:")
    except AnswersError as error:
        faults = "\n".join(f"- {problem}" for problem in error.problems)
        st.error(t("This file cannot be used. Nothing has been changed.") + "\n\n" + faults, icon=":material/error:")
    else:
        plain = json.loads(file.getvalue().decode("utf-8-sig"))
        whole = plain if "answers" in plain else {"answers": plain}
        answers = {key: value for key, value in whole["answers"].items() if value not in (None, "unsure")}
        wishes = {**(answers.pop("wishes", None) or {}), **(whole.get("wishes") or {})}
        if st.button(t("Use this file"), type="primary", key="match_use_file"):
            hold_case({"answers": answers, "wishes": wishes})
            st.rerun()


class _Fields:
    """The fields of the sidebar; each writes its value into the case that is held."""

    def __init__(self, t: Translator) -> None:
        self.t, self.case = t, held_case()
        self.round = st.session_state.get(ROUND, 0)

    def show(self) -> None:
        t = self.t
        areas = [area for area in disease_areas() if area != "other"]
        countries = country_names(t.language)
        self._one("answers", "disease_area", t("Disease area"), areas, lambda id_: t(disease_areas()[id_].label))
        self._one("answers", "country", t("Country of the patient"), list(countries), lambda code: countries[code])
        self._text("doctor_city", t("City of the treating doctor"))
        self._text("doctor_clinic", t("Clinic of the treating doctor"))
        self._number("answers", "days_until_decision", t("Days until the decision"))
        kinds = list(equipment())
        self._many("equipment", t("Must have"), kinds, lambda id_: t(equipment()[id_].label))
        self._many("equipment_nice", t("Nice to have"), kinds, lambda id_: t(equipment()[id_].label))
        abroad = {"yes": t("yes"), "if_needed": t("only if needed"), "no": t("no")}
        self._one("wishes", "abroad", t("Abroad"), list(abroad), lambda id_: abroad[id_])
        self._many("countries", t("Only in these countries"), list(countries), lambda code: countries[code])
        self._number("wishes", "max_distance_km", t("Largest distance in km"))
        self._number("wishes", "min_beds", t("Fewest beds"))
        self._many("designations", t("One of these titles"), list(designations()),
                   lambda id_: t(designations()[id_].label))  # fmt: skip
        self._truth("accredited", t("Accredited for the disease"))
        self._truth("teaching", t("Teaches"))

    def _key(self, name: str) -> str:
        return f"{_WIDGET}_{name}_{self.round}"

    def _hold(self, part: str, name: str, value: object) -> None:
        if value in (None, "", [], False):
            self.case[part].pop(name, None)
        else:
            self.case[part][name] = value

    def _one(self, part: str, name: str, label: str, choices: list[str], words: Any) -> None:  # noqa: ANN401 (a function of ids)
        held = self.case[part].get(name)
        index = choices.index(held) if held in choices else None
        shown = self.t("Not chosen")
        value = st.selectbox(label, choices, index, format_func=words, key=self._key(name), placeholder=shown)
        self._hold(part, name, value)

    def _many(self, name: str, label: str, choices: list[str], words: Any) -> None:  # noqa: ANN401 (a function of ids)
        held = [id_ for id_ in self.case["wishes"].get(name, []) if id_ in choices]
        shown = self.t("Any")
        value = st.multiselect(label, choices, held, format_func=words, key=self._key(name), placeholder=shown)
        self._hold("wishes", name, value)

    def _text(self, name: str, label: str) -> None:
        value = st.text_input(label, self.case["answers"].get(name, ""), max_chars=200, key=self._key(name))
        self._hold("answers", name, value.strip())

    def _number(self, part: str, name: str, label: str) -> None:
        held = self.case[part].get(name)
        value = st.number_input(label, min_value=0, value=None if held is None else int(held), key=self._key(name))
        if value is None:
            self.case[part].pop(name, None)
        else:
            self.case[part][name] = value

    def _truth(self, name: str, label: str) -> None:
        self._hold("wishes", name, st.checkbox(label, self.case["wishes"].get(name, False), key=self._key(name)))
