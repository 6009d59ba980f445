"""One centre: what is known of it, who says so and when; what is not known; what is like it and near it; licences.

A coordinator's address names the centre. A patient comes with it in the session only: then nothing on the page may
put it into an address, so other centres are buttons and not links.
"""

from urllib.parse import parse_qsl

import numpy as np
import streamlit as st

from opinion.centres.catalogues import Catalogue
from opinion.centres.fact_database import Fact
from opinion.centres.focuses import FOCUSES, SPECIALISED
from opinion.errors import CatalogueError
from opinion.exchange.correction_wordings import standing_words
from opinion.texts.countries import country_names
from opinion.texts.translations import Translator
from opinion.ui import sign_in, state
from opinion.ui.browsing_address import LAST_QUERY
from opinion.ui.browsing_words import area_labels, certainty_words, equipment_labels, plain
from opinion.ui.centre_conflicts import show_conflicts
from opinion.ui.centre_history import show_history
from opinion.ui.centre_keeping import show_keeping
from opinion.ui.centre_surroundings import show_near, show_similar
from opinion.ui.fact_words import (
    cited,
    cited_page,
    date_words,
    entered_words,
    field_names,
    overdue_reasons,
    overdue_words,
    schedule_of_sources,
    value_words,
)
from opinion.ui.results import fold


def chosen_centre() -> tuple[str, bool]:
    """Return the id of the centre to show, ``""`` for none, and whether it stands in the address."""
    asked = st.query_params.get("id", "")
    return (asked, True) if asked else (st.session_state.get(state.CENTRE, ""), False)


def find_row(catalogue: Catalogue, centre_id: str) -> int | None:
    """Return the row of a centre; ``None`` if there is none."""
    try:
        return catalogue.row_of(centre_id)
    except CatalogueError:
        return None


def show_missing(centre_id: str, t: Translator) -> None:
    """Say that no centre, or an unknown one, was asked for, and show the way to the list."""
    st.title(t("One centre"), anchor=False)
    if centre_id:
        st.warning(
            t("There is no centre with the id “{id}”. It may have left the catalogue, or the address is incomplete.",
              id=plain(centre_id[:100])),
            icon=":material/search_off:",
        )  # fmt: skip
    else:
        st.info(t("No centre is chosen. Choose one in the list of centres."), icon=":material/info:")
    st.page_link("../../pages/centres.py", label=t("To the list of centres"), icon=":material/list:")


def show_centre(catalogue: Catalogue, row: int, in_address: bool, t: Translator) -> None:
    """Show everything that is known of the centre of a row."""
    cells = catalogue.page(_rows(row)).iloc[0]
    centre_id = str(cells["centre_id"])
    every = catalogue.facts(centre_id, with_past=True)
    facts = [fact for fact in every if not fact.standing and not fact.about_id]  # those that count
    _show_way_back(in_address, t)
    _show_head(dict(cells), facts, t)
    show_keeping(centre_id, in_address, t)
    if in_address:
        _show_curating(catalogue, row, every, t)
    _show_areas(catalogue.focus_of(row), facts, t)
    _show_equipment(facts, t)
    _show_rest(facts, t)
    if reasons := overdue_reasons(facts, t):
        st.markdown(reasons)
    show_conflicts(catalogue, centre_id, every, t)
    _show_unknown(dict(cells), catalogue.focus_of(row), facts, t)
    show_similar(catalogue, centre_id, in_address, t)
    show_near(catalogue, row, centre_id, in_address, t)
    _show_licences(catalogue, facts, t)
    show_history(every, t)
    fold(t("Every fact, one by one"), "facts", lambda: _show_table(every, t))


def _show_curating(catalogue: Catalogue, row: int, facts: list[Fact], t: Translator) -> None:
    """Show the way to correct the centre to a curator who is signed in; nobody else sees anything of it."""
    account = sign_in.signed_in()
    if account is not None and account.may("curator"):
        # Imported here because it brings the outlines of countries, which few visitors need.
        from opinion.ui.corrections_view import show_corrections  # see above

        show_corrections(account, catalogue, row, facts, t)


def _rows(row: int) -> "np.ndarray[tuple[int], np.dtype[np.intp]]":
    return np.array([row])


def _show_way_back(in_address: bool, t: Translator) -> None:
    if in_address:
        st.page_link(
            "../../pages/centres.py", label=t("Back to the list of centres"), icon=":material/arrow_back:",
            query_params=_last_list() or None,
        )  # fmt: skip
    else:
        # a patient comes from there: no other page opens a centre without its id in the address
        st.page_link("../../pages/where.py", label=t("Back to Where to go"), icon=":material/arrow_back:")


def _last_list() -> dict[str, str]:
    """Return the query of the list from which the visitor came: in another tab it stands in the address."""
    back = st.query_params.get("back")
    return dict(parse_qsl(back)) if back else st.session_state.get(LAST_QUERY, {})


def _show_head(cells: dict[str, object], facts: list[Fact], t: Translator) -> None:
    st.title(plain(str(cells["name"])), anchor=False)
    country = country_names(t.language).get(str(cells["country_code"]), str(cells["country_code"]))
    town = str(cells["city"]) or t("town not known")
    if not cells["city"] and cells["nearest_city"]:
        town = t("near {town}", town=cells["nearest_city"])
    others = [str(cells[name]) for name in ("name_local", "name_other", "name_stated") if cells[name]]
    others = [name for name in dict.fromkeys(others) if name.casefold() != str(cells["name"]).casefold()]
    lines = [plain(", ".join(filter(None, (town, str(cells["region"]), country))))]
    if others:
        lines.append(t("Also: {names}", names=plain("; ".join(others))))
    websites = [fact.value for fact in facts if fact.field == "website"]
    lines += [f":material/open_in_new: [{plain(site)}](<{site}>)" for site in dict.fromkeys(websites)]
    st.markdown("  \n".join(lines))
    if cells["maybe_not_one_centre"]:
        st.info(t("It is not certain that this entry is one single centre."), icon=":material/info:")


def _show_areas(focus: dict[str, str], facts: list[Fact], t: Translator) -> None:
    """Show disease areas by focus, each line with the source that states it."""
    if not focus:
        return
    labels = area_labels(t)
    heads = {
        "designated": t("Specialises in (named programme)"),
        "single_specialty": t("Specialises in (the register's own type)"),
        "service_offered": t("Offers"),
        "suggested_by_name": t("The name suggests (no source states it)"),
    }
    parts = [f"#### {t('Disease areas')}"]
    for one in FOCUSES:
        areas = [area for area, found in focus.items() if found == one]
        if not areas:
            continue
        own = [fact for fact in facts if fact.field == "disease_area" and fact.value in areas]
        own = [fact for fact in own if (fact.certainty == "suggested") == (one == "suggested_by_name")]
        said = {fact.value for fact in own}
        lines = _lines(own, labels, t)
        # a programme can stand for an area that no source names in so many words
        bare = [labels[area] for area in areas if area not in said]
        if bare:
            reasons = [fact for fact in facts if fact.field == "designation"] or own
            lines.append(f"- {plain(', '.join(bare))} — {cited(reasons[:1], t)}")
        parts.append(f"**{heads[one]}**\n\n" + "\n".join(lines))
    if not any(one in SPECIALISED for one in focus.values()):
        parts.append(f":small[{t('Offering is not specialising: it may be one treatment among many others.')}]")
    parts.append(f":small[{t('Our sources state only these. Whether it treats other areas is not known.')}]")
    st.markdown("\n\n".join(parts))


def _show_equipment(facts: list[Fact], t: Translator) -> None:
    """Show equipment by certainty, with numbers where they are known."""
    own = [fact for fact in facts if fact.field == "equipment"]
    if not own:
        return
    labels = equipment_labels(t)
    parts = [f"#### {t('Equipment')}"]
    for certainty, head in (
        ("stated", t("Stated")),
        ("implied", t("Implied by something narrower that is stated")),
        ("suggested", t("The name suggests (no source states it)")),
    ):
        group = [fact for fact in own if fact.certainty == certainty]
        if group:
            parts.append(f"**{head}**\n\n" + "\n".join(_lines(group, labels, t)))
    st.markdown("\n\n".join(parts))


def _lines(facts: list[Fact], labels: dict[str, str], t: Translator) -> list[str]:
    """Return one line for each source and date: what it states, then who it is and when."""
    by_source: dict[tuple[str, str, str], list[Fact]] = {}
    for fact in facts:
        by_source.setdefault((fact.source, fact.source_date, fact.certainty), []).append(fact)
    lines = []
    for group in by_source.values():
        said = dict.fromkeys(_said(fact, labels, t) for fact in group)
        lines.append(f"- {', '.join(said)} — {cited(group[:1], t)}")
    return lines


def _said(fact: Fact, labels: dict[str, str], t: Translator) -> str:
    words = plain(labels.get(fact.value, fact.value))
    if fact.count is not None:
        words += f" (**{fact.count:,}**)"
    if fact.certainty == "implied":
        words += " " + t("(from {item})", item=plain(labels.get(fact.code, fact.code)))
    return words


def _show_rest(facts: list[Fact], t: Translator) -> None:
    """Show size, titles, type and place, each with its source."""
    names, lines = field_names(t), []
    for field in ("beds", "teaching", "designation", "facility_type", "name", "name_other", "city", "region", "point"):
        for fact in facts:
            if fact.field == field:
                sure = "" if fact.certainty == "stated" else f" ({certainty_words(fact.certainty, t)})"
                lines.append(f"- **{names[field]}:** {plain(value_words(fact, t))}{sure} — {cited([fact], t)}")
    if lines:
        st.markdown(f"#### {t('Size, type and place')}\n\n" + "\n".join(lines))


def _show_unknown(cells: dict[str, object], focus: dict[str, str], facts: list[Fact], t: Translator) -> None:
    """Show what no source states; it is never shown as a no."""
    held = {fact.field for fact in facts if fact.certainty != "suggested"}
    names = field_names(t)
    fields = ("disease_area", "equipment", "beds", "teaching", "website", "city", "point")
    missing = [names[field] for field in fields if field not in held]
    if "equipment" in held:
        missing.append(t("whether it has other equipment"))
    if any(how != "suggested_by_name" for how in focus.values()):
        missing.append(t("whether it treats other areas"))
    st.markdown(
        f"#### {t('Not known')}\n\n{plain(' · '.join(missing))}\n\n"
        f":small[{t('No source of ours states these. That does not mean no: ask the centre.')}]"
    )


def _show_licences(catalogue: Catalogue, facts: list[Fact], t: Translator) -> None:
    used = {fact.source for fact in facts}
    lines = [
        f"- {plain(source.attribution)} {t('Licence: {licence}', licence=plain(source.licence))}"
        for source in catalogue.sources().values()
        if source.id in used
    ]
    st.markdown(f"#### {t('Sources and licences')}\n\n" + "\n".join(lines))


def _show_table(facts: list[Fact], t: Translator) -> None:
    names, schedule = field_names(t), schedule_of_sources()
    shape = st.column_config
    table = {
        t("Fact"): [names.get(fact.field, fact.field) for fact in facts],
        t("Value"): [value_words(fact, t) + (f" ({fact.count:,})" if fact.count is not None else "") for fact in facts],
        t("How sure"): [certainty_words(fact.certainty, t) for fact in facts],
        t("Date"): [date_words(fact, t) for fact in facts],
        t("Source"): [cited_page(fact)[0] for fact in facts],
        t("Does it count?"): [_counts_words(fact, t) for fact in facts],
        t("Overdue"): [overdue_words(fact, schedule, t) for fact in facts],
        t("Publisher"): [fact.publisher for fact in facts],
        t("Publisher's address"): [fact.publisher_url for fact in facts],
        t("Copy that was read"): [fact.source_url.split(" ")[0] for fact in facts],
        t("Entered by"): [entered_words(fact, t) for fact in facts],
        t("In the source's words"): [fact.code for fact in facts],
        t("Licence"): [fact.licence for fact in facts],
    }
    st.dataframe(
        table,
        hide_index=True,
        height=400,
        alt=t("Every fact about this centre, with source, address, date and licence"),
        key="fact_table",
        column_config={
            t("Fact"): shape.TextColumn(width=110),
            t("Value"): shape.TextColumn(width=190),
            t("How sure"): shape.TextColumn(width=85),
            t("Date"): shape.TextColumn(width=90),
            t("Source"): shape.TextColumn(width=200),
            t("Publisher's address"): shape.LinkColumn(width="medium"),
            t("Copy that was read"): shape.LinkColumn(width="medium"),
        },
    )


def _counts_words(fact: Fact, t: Translator) -> str:
    """Return whether a fact counts, and if not, why."""
    if fact.standing:
        return t("no: {why}", why=standing_words(fact.standing, t))
    return t("no: said of {id}, now part of this entry", id=fact.about_id) if fact.about_id else t("yes")
