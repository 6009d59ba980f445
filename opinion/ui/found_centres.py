"""The centres for the session's answers: which answers are still needed for them, and the first few for the result.

The ranking is made anew each time, and nothing of it is kept.
"""

from typing import TYPE_CHECKING

import streamlit as st

from opinion.guidance.answers import Answers
from opinion.guidance.decisions import known_answers
from opinion.texts.translations import Translator
from opinion.ui import state

if TYPE_CHECKING:
    from opinion.matching.rankings import Ranking

IN_RESULT = 3


def show_first(given: Answers, t: Translator) -> None:
    """Show the first few centres within the result, and the way to all of them."""
    kept = kept_names(t)
    if kept:
        from opinion.ui.browsing_words import plain  # brings pandas, which the names have brought already

        st.markdown(f"**{t('Centres you keep')}**\n" + "\n".join(f"- {plain(name)}" for name in kept))
    if not can_match(given, t):
        return
    found = find_centres(given, IN_RESULT, t)
    from opinion.exchange import match_wordings as words  # brings pandas
    from opinion.ui.browsing_words import plain  # the same

    lines = [*words.coverage_words(found, t), *(words.empty_words(found, t)[:1] if not found.centres else ())]
    if is_asking_first(found):
        lines.append(f"**{t('Ask them first')}**")
        lines += [f"{plain(match.name)}  \n{plain(words.place_words(match, t))}" for match in found.to_ask[:IN_RESULT]]
        if found.centres:
            lines.append(f"**{t('In other countries')}**")
    for match in found.centres:
        reasons = " · ".join(words.reason_words(match, t))
        lines.append(f"**{plain(match.name)}**  \n{plain(words.place_words(match, t))}  \n:small[{plain(reasons)}]")
    st.markdown("\n\n".join(lines))
    if words.distance_words(found, t):
        st.caption(words.distance_words(found, t))
    if st.button(t("All centres, and whom to ask"), key="open_where", type="primary"):
        st.switch_page("../../pages/where.py")


def is_asking_first(found: "Ranking") -> bool:
    """Say whether the centres to ask stand first: nobody near is listed, or nobody at home and abroad is no wish."""
    from opinion.exchange.match_wordings import is_far  # brings pandas, as the ranking has

    if is_far(found) and found.to_ask:
        return True
    home, abroad = found.case.country, found.case.abroad
    at_home = any(match.country_code == home for match in found.centres)
    return not at_home and abroad != "yes" and any(match.country_code == home for match in found.to_ask)


def find_centres(given: Answers, limit: int, t: Translator) -> "Ranking":
    """Return the ranking for the answers; nothing of it is kept."""
    # Imported here because all three bring pandas, which the self-check does not need before somebody asks for centres.
    from opinion.matching.cases import read_case  # see above
    from opinion.matching.rankings import rank  # see above
    from opinion.ui.catalogue import shared_catalogue  # see above

    with st.spinner(t("Looking for centres …")):
        return rank(shared_catalogue(), read_case(_usable(given)), limit=limit)


def _usable(given: Answers) -> Answers:
    """Return the known answers; a wish not to go abroad counts only once the country is known."""
    known = known_answers(given)
    if not (known.get("country") or known.get("doctor_country")) and known.get("wishes", {}).get("abroad") == "no":
        known["wishes"] = {key: wish for key, wish in known["wishes"].items() if key != "abroad"}
    return known


def can_match(given: Answers, t: Translator) -> bool:
    """Say whether the answers are enough; if not, show which is missing and the way to it."""
    known = known_answers(given)
    area = known.get("disease_area")
    if area == "other":
        st.markdown(t("We list no centres for “Something else”. Ask your doctor which kind of specialist you need."))
    elif area is None or not (known.get("country") or known.get("doctor_country")):
        st.markdown(t("Tell us the country and the part of medicine. Then we can list centres."))
    else:
        return True
    if st.button(t("Answer these two"), key="open_questions_where", type="primary"):
        state.go_to("findings" if known.get("emergency_signs") is not None else "emergency")
        st.switch_page("../../pages/self_check.py")
    return False


def kept_names(t: Translator) -> list[str]:
    """Return the centres that this patient keeps, with town and country."""
    if not state.kept_centres():
        return []
    # Imported here because both bring pandas, which only who keeps a centre needs.
    from opinion.texts.countries import country_names  # see above
    from opinion.ui.catalogue import shared_catalogue  # see above

    catalogue, names = shared_catalogue(), country_names(t.language)
    rows = [catalogue.row_of(id_) for id_ in state.kept_centres()]
    columns = [catalogue.table.column(name).take(rows).to_pylist() for name in ("name", "city", "country_code")]
    places = ((name, town, names.get(code, code)) for name, town, code in zip(*columns, strict=True))
    return [", ".join(filter(None, place)) for place in places]
