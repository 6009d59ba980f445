"""A coordinator's case: typed into the sidebar or loaded from a file, in the session only, never in an address.

No name of a patient is asked for, and the free text of the wishes is not shown.
"""

import json
from collections.abc import Callable
from typing import Any

import streamlit as st

from opinion.errors import AnswersError
from opinion.guidance.answers import parse_answers
from opinion.matching.cases import OLDEST, Case, read_case, read_weights
from opinion.matching.everyday_words import everyday_words
from opinion.matching.weights import load_rules
from opinion.texts.countries import country_names, language_names
from opinion.texts.translations import Translator
from opinion.ui.results import fold
from opinion.vocabularies import designations, disease_areas, equipment

CASE = "match_case"  # in the session: {"answers": …, "wishes": …}, and "also" and "age" if they are given
WEIGHTS = "match_weights"  # in the session: points by part, those that were changed
ROUND = "match_round"  # raised to make every field anew
_WIDGET = "match_field"


def held_case() -> dict[str, Any]:
    """Return the case as it is held, as a case file."""
    found: dict[str, Any] = st.session_state.setdefault(CASE, {"answers": {}, "wishes": {}})
    return found


def hold_case(given: dict[str, Any]) -> None:
    """Put another case in the place of the one that is held; every field shows it."""
    st.session_state[CASE] = given
    st.session_state[ROUND] = st.session_state.get(ROUND, 0) + 1


def clear() -> None:
    """Forget the case and the weights."""
    st.session_state.pop(WEIGHTS, None)
    hold_case({"answers": {}, "wishes": {}})


def relax(wish: str, values: tuple[str, ...]) -> None:
    """Take back one wish of the case; one not to go abroad, or only if needed, becomes a yes."""
    case = held_case()
    wishes = {**(case["answers"].pop("wishes", None) or {}), **case["wishes"]}
    if wish == "abroad":
        wishes["abroad"] = "if_needed" if values == ("no",) else "yes"
    elif wish == "equipment":
        wishes["equipment"] = [item for item in wishes.get("equipment", []) if item not in values]
    else:
        wishes.pop(wish, None)
    hold_case({**case, "wishes": {key: value for key, value in wishes.items() if value != []}})


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
    weights = st.session_state.get(WEIGHTS)
    case = {**held_case(), **({"weights": weights} if weights else {})}
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
    file = st.file_uploader(t("A file case.json, or answers of the self-check"), type="json", max_upload_size=1,
                            key=f"match_file_{st.session_state.get(ROUND, 0)}")  # fmt: skip
    if file is None:
        return
    try:
        given = parse_answers(file.getvalue().decode("utf-8-sig"))
        read_case(given)
        weights = read_weights(given)
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
            more = {part: whole[part] for part in ("also", "age") if whole.get(part) not in (None, "unsure", [])}
            hold_case({"answers": answers, "wishes": wishes, **more})
            st.session_state[WEIGHTS] = {
                part: points for part, points in weights.items() if points != load_rules().parts[part].points
            }
            st.rerun()


class _Fields:
    """The fields of the sidebar; each writes its value into the case that is held."""

    def __init__(self, t: Translator) -> None:
        self.t, self.case = t, held_case()
        self.round = st.session_state.get(ROUND, 0)

    def show(self) -> None:
        self._patient()
        self._time()
        self._places()
        self._house()

    def _patient(self) -> None:
        t, countries = self.t, country_names(self.t.language)
        words = {area: f"{t(disease_areas()[area].label)} · {t(said)}" for area, said in everyday_words().items()}
        self._one(self.case["answers"], "disease_area", t("Disease area"), list(words), words.__getitem__,
                  t("Write what people say, such as “breast” or “knee”."))  # fmt: skip
        asked = self.case["answers"].get("disease_area")
        self._many(
            self.case, "also", t("Further areas"), [area for area in words if area != asked],
            lambda id_: t(disease_areas()[id_].label), t("Who is strong in all areas of the case comes first."),
        )  # fmt: skip
        under = f"{load_rules().child.under_years:g}"
        self._number(self.case, "age", t("Age in years"), t("Under {age}, centres for children count.", age=under),
                     OLDEST)  # fmt: skip
        self._one(self.case["answers"], "country", t("Country of the patient"), list(countries), countries.__getitem__)
        self._text("doctor_city", t("City of the treating doctor"))
        self._text("doctor_clinic", t("Clinic of the treating doctor"))

    def _time(self) -> None:
        t = self.t
        self._number(self.case["answers"], "days_until_decision", t("Days until the decision"),
                     t("The treating doctor's latest date. With it, time counts in the order."))  # fmt: skip
        urgent = {"yes": t("yes"), "no": t("no")}
        self._one(
            self.case["answers"], "urgent_action_required", t("Urgent, by the treating doctor"), list(urgent),
            urgent.__getitem__, t("If yes, home and the fastest come first."),
        )  # fmt: skip
        self._truth("remote", t("A review from afar is enough"),
                    t("Then nobody travels, and a far centre at home takes no longer than a near one. "
                      "No source says who offers it."))  # fmt: skip

    def _places(self) -> None:
        t, wishes, countries = self.t, self.case["wishes"], country_names(self.t.language)
        abroad = {"yes": t("yes"), "if_needed": t("only if needed"), "no": t("no")}
        reach = f"{load_rules().shares['distance']['reach_km']:,.0f}"
        self._one(
            wishes, "abroad", t("Abroad"), list(abroad), abroad.__getitem__,
            t("Not chosen means: only if needed. Then home comes first, and abroad is looked at up to {distance} km. "
              "Yes: any distance; home is still listed, and a long way costs points.", distance=reach),
        )  # fmt: skip
        self._many(wishes, "countries", t("Only in these countries"), list(countries), countries.__getitem__,
                   t("These countries count, however far they are."))  # fmt: skip
        self._number(wishes, "max_distance_km", t("Largest distance in km"))
        languages = language_names(t.language)
        self._many(wishes, "languages", t("Languages"), list(languages), languages.__getitem__,
                   t("No source says which languages a centre speaks: it is listed as something to ask."))  # fmt: skip

    def _house(self) -> None:
        t, wishes, kinds = self.t, self.case["wishes"], list(equipment())
        self._many(
            wishes, "equipment", t("Must have"), kinds, lambda id_: t(equipment()[id_].label),
            t("A narrower machine counts: who has PET-CT has PET and CT too. Why a centre fits says what is stated "
              "and what is implied."),
        )  # fmt: skip
        self._many(wishes, "equipment_nice", t("Nice to have"), kinds, lambda id_: t(equipment()[id_].label))
        self._number(wishes, "min_beds", t("Fewest beds"))
        self._many(wishes, "designations", t("One of these titles"), list(designations()),
                   lambda id_: t(designations()[id_].label))  # fmt: skip
        self._truth("accredited", t("Accredited for the disease"))
        self._truth("teaching", t("Teaches"))

    def _key(self, name: str) -> str:
        return f"{_WIDGET}_{name}_{self.round}"

    def _hold(self, part: dict[str, Any], name: str, value: object) -> None:
        if value is None or value is False or value in ("", []):  # a 0 is an answer
            part.pop(name, None)
        else:
            part[name] = value

    def _one(
        self, part: dict[str, Any], name: str, label: str, choices: list[str], words: Callable[[str], str],
        about: str | None = None,
    ) -> None:  # fmt: skip
        held = part.get(name)
        index = choices.index(held) if held in choices else None
        shown = self.t("Not chosen")
        value = st.selectbox(
            label, choices, index, format_func=words, key=self._key(name), placeholder=shown, help=about
        )
        self._hold(part, name, value)

    def _many(
        self, part: dict[str, Any], name: str, label: str, choices: list[str], words: Callable[[str], str],
        about: str | None = None,
    ) -> None:  # fmt: skip
        held = [id_ for id_ in part.get(name, []) if id_ in choices]
        shown = self.t("Any") if name != "also" else self.t("None")
        value = st.multiselect(
            label, choices, held, format_func=words, key=self._key(name), placeholder=shown, help=about
        )
        self._hold(part, name, value)

    def _text(self, name: str, label: str) -> None:
        value = st.text_input(label, self.case["answers"].get(name, ""), max_chars=200, key=self._key(name))
        self._hold(self.case["answers"], name, value.strip())

    def _number(
        self, part: dict[str, Any], name: str, label: str, about: str | None = None, most: int | None = None
    ) -> None:
        held = part.get(name)
        value = st.number_input(
            label, min_value=0, max_value=most, value=None if held is None else int(held), key=self._key(name),
            help=about,
        )  # fmt: skip
        self._hold(part, name, value)

    def _truth(self, name: str, label: str, about: str | None = None) -> None:
        wishes = self.case["wishes"]
        self._hold(wishes, name, st.checkbox(label, wishes.get(name, False), key=self._key(name), help=about))
