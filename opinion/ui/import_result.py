"""The result of checking a list: what would go in, what waits and why, and what becomes of each row."""

from dataclasses import dataclass
from datetime import UTC, datetime

import streamlit as st

from opinion.centres.doubles.drafts import PAIRS_NAMED, DraftDoubles
from opinion.centres.imports.drafts import LIST, Draft, source_of
from opinion.centres.imports.fates import ROWS, rows_of_centres
from opinion.centres.imports.problems import WORDS_UNKNOWN, ProblemGroup
from opinion.centres.imports.recipes import ACCEPTABLE, Recipe
from opinion.centres.imports.replacing import Changes
from opinion.centres.imports.words import labels_of
from opinion.centres.shared import shared_catalogue
from opinion.exchange.import_files import problems_as_csv
from opinion.exchange.import_wordings import group_words
from opinion.texts.countries import country_names
from opinion.texts.translations import Translator
from opinion.ui.browsing_words import plain
from opinion.ui.doubles_words import draft_words, reasons
from opinion.ui.import_changes import show_changes
from opinion.ui.import_choices import ACCEPTED, VALUES, HeldFile
from opinion.ui.import_rows import offer_waiting, show_fates
from opinion.ui.import_tables import show_table
from opinion.ui.results import fold
from opinion.ui.said import said

AGAIN = "import_again_now"  # in the session: whether the file is to be checked at once
_WORDS_ASKED = 30
_GROUPS_SHOWN = 200


@dataclass(frozen=True)
class Checked:
    """A draft, and the choices that it was made with: with others it has to be made anew.

    ``replaced``: the imports in whose place it is to come; ``changes``: what that changes, ``None`` if there is none.
    ``doubles``: which centres look like ones that are there.
    """

    draft: Draft
    file: HeldFile
    recipe: Recipe
    replaced: tuple[str, ...] = ()
    changes: Changes | None = None
    doubles: DraftDoubles | None = None


def show_result(checked: Checked, t: Translator) -> bool:
    """Show what a check found; return whether the good rows are to be imported now."""
    draft, counts = checked.draft, checked.draft.counts
    numbers = {name: f"**{counts[name]:,}**" for name in ("rows", "imported", "waiting", "centres", "facts")}
    words = t(
        "Rows: {rows}. Good: {imported}. Waiting: {waiting}. New centres: {centres}. New facts: {facts}.", **numbers
    )
    if checked.changes:  # what of it is new stands below
        words = t("Rows: {rows}. Good: {imported}. Waiting: {waiting}. Centres: {centres}. Facts: {facts}.", **numbers)
    with said("check"):
        st.markdown(words)
    passed = []
    if counts["empty"] or counts["above"]:
        passed.append(t("Passed over: empty rows {empty}, rows above the heads {above}.",
                        empty=f"{counts['empty']:,}", above=f"{counts['above']:,}"))  # fmt: skip
    if draft.unused:
        passed.append(t("Columns left out: {columns}.", columns=plain(", ".join(draft.unused))))
    st.caption(" ".join(passed))
    if checked.changes:
        show_changes(checked.changes, draft.folder, t)
    if checked.doubles and checked.doubles.centres:
        own = source_of(checked.recipe, datetime.now(UTC).date()).id
        there = shared_catalogue().sources().values()
        titles = {each.id: plain(each.title) for each in there if each.id.startswith(LIST) and each.id != own}
        st.info(draft_words(checked.doubles, titles, t), icon=":material/join_left:")
        fold(t("Which ones look alike"), "import_pairs", lambda: _show_pairs(checked, t))
    _say_what_helps(draft, checked.recipe, t)
    if draft.groups:
        _show_groups(draft, t)
    _ask_words(draft.groups, checked.recipe, t)
    _ask_accepted(draft.groups, checked.recipe, t)
    if any(_answers(checked)) and st.button(t("Use this and check again"), key="import_again"):
        take_answers(checked)
        st.session_state[AGAIN] = True
        st.rerun()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        count = f"{counts['imported']:,}"
        words = t("Import the good rows: {count}", count=count)
        if checked.changes:
            words = t("Replace the older list, with the good rows: {count}", count=count)
        is_wanted = bool(counts["imported"]) and st.button(
            words, key="import_keep", type="primary", icon=":material/publish:"
        )
        if draft.groups:
            st.download_button(t("All problems (CSV)"), lambda: problems_as_csv(draft.folder, t), "problems.csv",
                               "text/csv", on_click="ignore", key="import_problems")  # fmt: skip
        if counts["waiting"]:
            offer_waiting(draft.folder, t, "import_waiting")
    fold(t("What becomes of each row"), "import_fates", lambda: show_fates(draft.folder, t, "import_fates_file"))
    return is_wanted


def _say_what_helps(draft: Draft, recipe: Recipe, t: Translator) -> None:
    """Say in one sentence each what lets many of the waiting rows in: a tick, or what words mean."""
    again = sum(group.count for group in draft.groups if group.code in ("same_centre", "id_twice"))
    if again and not recipe.is_pivoted and len(recipe.columns_of("equipment")) == 1:
        st.info(t("Rows that wait because their centre stands in a row before: {rows}. Is each row a machine? "
                  "Then tick above: One row is one machine.", rows=f"{again:,}"), icon=":material/select_check_box:",
                )  # fmt: skip
    words = sum(group.code in WORDS_UNKNOWN for group in draft.groups)
    if words:
        st.info(t("Rows that wait because of unknown words: {rows}. Words: {words}. Say below what they mean.",
                  rows=f"{draft.counts['unexplained']:,}", words=f"{words:,}"), icon=":material/dictionary:",
                )  # fmt: skip


def _show_pairs(checked: Checked, t: Translator) -> None:
    """Show which centres of the list look like which others, the most alike first."""
    pairs = checked.doubles.pairs if checked.doubles else ()
    row_of = rows_of_centres(checked.draft.folder / ROWS, {pair.centre_id for pair in pairs})
    table: dict[str, list[object]] = {
        t("Row"): [row_of.get(pair.centre_id) for pair in pairs],
        t("In the list"): [pair.name for pair in pairs],
        t("Looks like"): [pair.other_name for pair in pairs],
        t("Alike, of 100"): [round(pair.proposal.score) for pair in pairs],
        t("Towns"): [" · ".join(dict.fromkeys(filter(None, (pair.city, pair.other_city)))) for pair in pairs],
        t("Is in"): [t("this list") if pair.is_within else t("the catalogue") for pair in pairs],
        t("Why"): [" · ".join(reasons(pair.proposal, t)[0]) for pair in pairs],
        t("Against it"): [" · ".join(reasons(pair.proposal, t)[1]) for pair in pairs],
    }
    show_table(table, (55, 190, 190, 95, 100, 100, 180, 190), t("Which ones look alike"))
    if len(pairs) == PAIRS_NAMED:
        st.caption(t("The {count} most alike pairs. After the import all are on the page “Doubles”.",
                     count=str(PAIRS_NAMED)))  # fmt: skip


def _show_groups(draft: Draft, t: Translator) -> None:
    """Show equal problems as one line each."""
    shown = draft.groups[:_GROUPS_SHOWN]
    words = [group_words(group, t) for group in shown]
    table: dict[str, list[object]] = {
        t("Rows"): [group.count for group in shown],
        t("What is wrong"): [wrong for wrong, _ in words],  # so early that a phone shows it
        t("What to do"): [remedy for _, remedy in words],
        t("What it does"): [t("holds the row back") if group.holds_back else t("only a note") for group in shown],
        t("Column"): [group.column for group in shown],
        t("Value"): [group.value for group in shown],
        t("First rows"): [", ".join(map(str, sorted(group.rows))) for group in shown],
    }
    show_table(table, (55, 270, 290, 130, 110, 170, 120), t("Problems, equal ones in one line"))
    if len(draft.groups) > len(shown):
        st.caption(t("The first {shown} of {count} kinds. The file holds them all.", shown=str(len(shown)),
                     count=f"{len(draft.groups):,}"))  # fmt: skip


def take_answers(checked: Checked) -> bool:
    """Have the next check use what was said of words and rows below this one; return whether anything was."""
    meanings, accepted = _answers(checked)
    for kind, chosen in meanings.items():
        st.session_state[VALUES].setdefault(kind, {}).update(chosen)
    st.session_state[ACCEPTED] = (*st.session_state.get(ACCEPTED, ()), *accepted)
    return bool(meanings or accepted)


def _answers(checked: Checked) -> tuple[dict[str, dict[str, str]], list[str]]:
    """Return what words mean, by vocabulary, and the codes of problems that are accepted, as chosen on the page."""
    meanings: dict[str, dict[str, str]] = {}
    for group in _unknown_words(checked.draft.groups):
        kind = _kind_of(group, checked.recipe)
        id_ = st.session_state.get(_word_key(kind, group))
        if id_ is not None:
            meanings.setdefault(kind, {})[group.value] = id_
    codes = _acceptable(checked.draft.groups, checked.recipe)
    return meanings, [code for code in codes if st.session_state.get(f"import_accept_{code}")]


def _unknown_words(groups: list[ProblemGroup]) -> list[ProblemGroup]:
    return [group for group in groups if group.code in WORDS_UNKNOWN][:_WORDS_ASKED]


def _kind_of(group: ProblemGroup, recipe: Recipe) -> str:
    return "countries" if group.code == "country_unknown" else recipe.columns.get(group.column, "")


def _word_key(kind: str, group: ProblemGroup) -> str:
    return f"import_word_{kind}_{group.value}"


def _ask_words(groups: list[ProblemGroup], recipe: Recipe, t: Translator) -> None:
    """Ask what the words mean that are not known."""
    asked = _unknown_words(groups)
    if not asked:
        return
    st.markdown(f"**{t('What do these words mean?')}**")
    parts = st.columns(3)
    countries = country_names(t.language)
    for place, group in enumerate(asked):
        kind = _kind_of(group, recipe)
        labels = dict(countries) if kind == "countries" else {id_: t(label) for id_, label in labels_of(kind).items()}
        if kind != "countries":
            labels = {"": t("Left out"), **labels}
        ids = sorted(labels, key=lambda id_, like=group.detail: id_ != like)  # type: ignore[misc]
        parts[place % 3].selectbox(
            f"{plain(group.value)} ({group.count:,})", ids, None, format_func=labels.__getitem__,
            placeholder=t("Like: {word}", word=labels[group.detail]) if group.detail else t("Not decided"),
            key=_word_key(kind, group),
        )  # fmt: skip


def _acceptable(groups: list[ProblemGroup], recipe: Recipe) -> list[str]:
    return [code for code in ACCEPTABLE if any(group.code == code for group in groups) and code not in recipe.accepted]


def _ask_accepted(groups: list[ProblemGroup], recipe: Recipe, t: Translator) -> None:
    """Ask which problems are none."""
    words = {
        "point_at_sea": t("Accept points without land near them: small islands are not on our map"),
        "point_elsewhere": t("Accept points outside of their country"),
        "letters_broken": t("Accept texts whose letters look broken"),
        "row_of_one_text": t("Accept rows that hold one text only: they are centres"),
        "row_of_sum": t("Accept rows that seem to be sums: they are centres"),
    }
    for code in _acceptable(groups, recipe):
        st.checkbox(words[code], key=f"import_accept_{code}")
