"""Centres that could see the patient: at most five, by a plain filter, with the reason for each.

A centre opens by ``st.switch_page`` with its id in the session: nothing about a patient ever stands in an address.
"""

from dataclasses import replace
from typing import TYPE_CHECKING

import streamlit as st

from opinion.guidance.answers import Answers
from opinion.guidance.decisions import known_answers
from opinion.texts.countries import country_names
from opinion.texts.translations import Translator
from opinion.ui import state
from opinion.vocabularies import disease_areas

if TYPE_CHECKING:
    from opinion.centres.nearby import Shortlist, Suggestion

LIMIT = 5
FAR_ENOUGH = 100  # of each list, when most of them may lie too far away
ROOM_AT_HOME = 2  # of the five, kept for the patient's own country when centres abroad lead the list


def show_centres(given: Answers, t: Translator) -> None:
    """Show the centres that fit the answers, or which answer is still needed for them; and those that are kept."""
    _show_kept(t)
    _show_fitting(given, t)


def _show_fitting(given: Answers, t: Translator) -> None:
    known = known_answers(given)
    area, country = known.get("disease_area"), known.get("country") or known.get("doctor_country")
    if area is None or area == "other" or country is None:
        if area == "other":
            st.markdown(
                t("We list no centres for “Something else”. Ask your doctor which kind of specialist you need.")
            )
        else:
            st.markdown(t("Tell us the country and the part of medicine. Then we can list centres."))
            if st.button(t("Answer these two"), key="open_questions_where"):
                state.go_to("findings")
                st.rerun()
        return
    # Imported here because it brings pandas, which the self-check does not need before somebody asks for centres.
    from opinion.centres.focuses import SPECIALISED  # see above
    from opinion.centres.nearby import shortlist  # see above
    from opinion.ui.catalogue import shared_catalogue  # see above

    wishes = known.get("wishes", {})
    farthest = wishes.get("max_distance_km")
    with st.spinner(t("Looking for centres …")):
        found = shortlist(
            shared_catalogue(),
            area,
            country,
            doctor_clinic=known.get("doctor_clinic", ""),
            doctor_city=known.get("doctor_city", ""),
            limit=LIMIT if farthest is None else FAR_ENOUGH,
            abroad=wishes.get("abroad", "if_needed"),
            countries=tuple(wishes.get("countries", ())),
        )
    has_town = found.from_town
    if farthest is not None and has_town:
        found = _within(found, farthest)
        st.caption(t("Only centres at most {distance} km from your doctor's city.", distance=f"{farthest:g}"))
    elif farthest is not None:
        st.caption(t("We do not know where your doctor's city is, so we cannot keep to your distance."))
    place, name = country_names(t.language)[country], t(disease_areas()[area].label)
    if found.nothing_stated:
        st.warning(
            t("For {country}, our sources do not say which centres treat this: {area}.", country=place, area=name)
            + " "
            + t("That does not mean there are none. Ask your doctor or your health plan for the national register."),
            icon=":material/info:",
        )
    elif found.coverage[0].nothing_stated:
        st.info(
            t("Our sources name no centre for this area in {country}. These treat a neighbouring area.", country=place),
            icon=":material/info:",
        )
    # "Offers" is not "specialises in": what only offers the treatment never leads the list.
    specialised = [centre for centre in found.at_home if centre.focus in SPECIALISED]
    offering = [centre for centre in found.at_home if centre.focus not in SPECIALISED]
    if found.nothing_stated:
        offering = list(found.suggested)
    room_abroad = LIMIT - len(specialised) - min(len(offering), ROOM_AT_HOME)
    specialised += found.abroad[: max(room_abroad, 0)]
    offering = offering[: LIMIT - len(specialised)]
    neighbouring = [centre for centre in specialised if centre.near_area]
    specialised = [centre for centre in specialised if not centre.near_area]
    lists = [
        (t("They specialise in it"), specialised),
        (t("They specialise in a neighbouring area"), neighbouring),
        (t("They offer it, among other things"), offering),
    ]
    if found.nothing_stated:
        lists = [(t("Only the name suggests it: ask them"), offering), *lists[:2]]
    if specialised and all(centre in found.abroad for centre in specialised):
        st.markdown(t("In our sources the nearest places that specialise in it are in other countries."))
    for title, centres in lists:
        _show_list(title, centres, has_town, t)
    if not any(centres for _, centres in lists):
        st.markdown(t("We found no centre that fits your wishes. Try a longer distance or more countries."))
    st.caption(t("No centre pays to be listed. The order follows from what public registers state."))


def _show_kept(t: Translator) -> None:
    """Show the centres that the patient keeps, each with a way to open it and to let it go. Nothing of it is a link."""
    kept = state.kept_centres()
    if not kept:
        return
    # Imported here because both bring pandas, which the self-check does not need before somebody keeps a centre.
    from opinion.ui.browsing_words import plain  # see above
    from opinion.ui.catalogue import shared_catalogue  # see above

    catalogue = shared_catalogue()
    st.markdown(f"**{t('Centres you keep')}**")
    for id_ in kept:
        row = catalogue.row_of(id_)
        name, town = str(catalogue.table.column("name")[row]), str(catalogue.table.column("city")[row])
        with st.container(border=True):
            st.markdown(plain(", ".join(filter(None, (name, town)))))
            with st.container(horizontal=True):
                if st.button(t("See this centre"), key=f"see_kept_{id_}"):
                    st.session_state[state.CENTRE] = id_
                    st.switch_page("../../pages/centre.py")
                st.button(
                    t("Let it go"), key=f"let_go_of_{id_}", type="tertiary", on_click=state.let_go_of, args=(id_,)
                )
    st.caption(t("We keep them only until you close this page. Write down the names that you want to have later."))


def _within(found: "Shortlist", farthest_km: float) -> "Shortlist":
    """Return the shortlist without the centres that are known to lie farther away."""

    def near(centres: "tuple[Suggestion, ...]") -> "tuple[Suggestion, ...]":
        return tuple(each for each in centres if each.distance_km is None or each.distance_km <= farthest_km)

    return replace(found, at_home=near(found.at_home), suggested=near(found.suggested), abroad=near(found.abroad))


def _show_list(title: str, centres: "list[Suggestion]", has_town: bool, t: Translator) -> None:
    if not centres:
        return
    st.markdown(f"**{title}**")
    for centre in centres:
        with st.container(border=True):
            place = ", ".join(filter(None, (centre.city, country_names(t.language).get(centre.country_code, ""))))
            reasons = " · ".join(_reason_words(centre, has_town, t))
            st.markdown(f"**{centre.name}**  \n{place}  \n:small[{reasons}]")
            if st.button(t("See this centre"), key=f"centre_{centre.centre_id}"):
                st.session_state[state.CENTRE] = centre.centre_id
                st.switch_page("../../pages/centre.py")


def _reason_words(centre: "Suggestion", has_town: bool, t: Translator) -> list[str]:
    """Return the reasons for a centre in words; "specialises" only where a register or programme says so."""
    area = t(disease_areas()[centre.disease_area].label)
    words = {
        "designated": t("specialises in: {area} (named programme)", area=area),
        "single_specialty": t("specialises in: {area}", area=area),
        "service_offered": t("offers: {area}", area=area),
        "suggested_by_name": t("the name suggests: {area}", area=area),
        "near_area": t("a neighbouring area only"),
        "same_city": t("in your doctor's city: check that it is not the same clinic"),
        "other_city": t("in another city, so more independent"),
        "other_country": t("in another country, so most independent"),
    }
    said = [words[reason] for reason in centre.reasons]
    if has_town and centre.distance_km is not None:
        said.append(t("about {distance} km away", distance=f"{centre.distance_km:,.0f}"))
    return said
