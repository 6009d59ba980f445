"""What a centre is compared with: centres like it, centres near it, a town that the visitor names.

A coordinator gets links. A patient gets buttons: nothing of a patient's may stand in an address.
"""

from urllib.parse import quote

import streamlit as st

from opinion.centres.catalogues import Catalogue
from opinion.centres.distances import distance_km
from opinion.centres.nearby import near
from opinion.centres.similarities import Similar, similar
from opinion.texts.countries import country_names
from opinion.texts.translations import Translator
from opinion.ui import state
from opinion.ui.browsing_words import area_labels, equipment_labels, plain
from opinion.ui.chosen_town import ask_town, chosen_town
from opinion.ui.fact_words import distance_words

NEAR = 5
NEAR_KM = 100.0
SIMILAR = 5
_MOST_REASONS = 3


def show_similar(catalogue: Catalogue, centre_id: str, in_address: bool, t: Translator) -> None:
    """Show the centres most like this one, each with what they share."""
    found = similar(catalogue, centre_id, SIMILAR)
    if not found:
        return
    st.markdown(f"#### {t('Similar centres')}")
    st.caption(
        t("Our sources state the same things of these. Rare things count most. Of equals, the nearest comes first.")
    )
    countries, lines = country_names(t.language), []
    for each in found:
        where = ", ".join(filter(None, (each.city, countries.get(each.country_code, each.country_code))))
        why = _shared_words(each, t)
        if in_address:
            both = f"{quote(centre_id, safe=':')},{quote(each.centre_id, safe=':')}"
            lines.append(
                f"- [{plain(each.name)}](/centre?id={quote(each.centre_id, safe=':')}), {plain(where)}  \n"
                f"  :small[{plain(why)} · [{t('Compare with this one')}](/compare?id={both})]"
            )
        else:
            _show_button(f"similar_{each.centre_id}", f"{each.name}, {where}", each.centre_id)
            st.caption(plain(why))
    if lines:
        st.markdown("\n".join(lines))


def _shared_words(each: Similar, t: Translator) -> str:
    """Return what two centres share, the rarest first, the rest as a number."""
    areas, items = area_labels(t), equipment_labels(t)
    special = [t("both specialise in {area}", area=areas[area]) for area in each.specialised]
    shared = [items[item] for item in each.equipment] + [areas[area] for area in each.areas]
    more = len(shared) - _MOST_REASONS
    words = ", ".join(shared[:_MOST_REASONS])
    if more > 0:
        words += " " + t.plural("and {count} more", "and {count} more", more)
    return "; ".join([*special, t("shares: {things}", things=words)] if shared else special)


def show_near(catalogue: Catalogue, row: int, centre_id: str, in_address: bool, t: Translator) -> None:
    """Show how far the centre is from a town that the visitor names, and the centres near it."""
    st.markdown(f"#### {t('Near it')}")
    ask_town(in_address, t)
    _show_distance(catalogue, row, in_address, t)
    lines = []
    for each in near(catalogue, centre_id, NEAR, NEAR_KM):
        about = t("about {distance} km", distance=f"{each.distance_km:,.0f}")
        exact = t("{distance} km", distance=f"{each.distance_km:,.1f}")
        where = ", ".join(filter(None, (each.city, about if each.approximate else exact)))
        if in_address:
            lines.append(f"- [{plain(each.name)}](/centre?id={quote(each.centre_id, safe=':')}), {plain(where)}")
        else:
            _show_button(f"near_{each.centre_id}", f"{each.name}, {where}", each.centre_id)
    if lines:
        st.markdown("\n".join(lines))


def _show_distance(catalogue: Catalogue, row: int, in_address: bool, t: Translator) -> None:
    town = chosen_town(in_address)
    if town is None:
        return
    (km,) = distance_km(town.lat, town.lon, catalogue.lat[[row]], catalogue.lon[[row]]).tolist()
    precision = str(catalogue.table.column("coord_precision")[row])
    country = country_names(t.language).get(town.country_code, town.country_code)
    said = (
        t("Its place is not known, so we cannot say how far it is.")
        if km != km  # NaN
        else t("{distance} from {town}, in a straight line.", distance=plain(distance_words(km, precision, t)),
               town=plain(f"{town.name}, {country}"))
    )  # fmt: skip
    st.markdown(said)


def _show_button(key: str, label: str, centre_id: str) -> None:
    st.button(
        plain(label), key=key, type="tertiary", icon=":material/chevron_right:", on_click=_open, args=(centre_id,)
    )


def _open(centre_id: str) -> None:
    st.session_state[state.CENTRE] = centre_id
