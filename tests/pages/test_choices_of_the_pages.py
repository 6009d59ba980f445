"""Choices with the same words on the pages of centres: each can be chosen."""

from opening import open_app


def test_centres_of_one_name_in_one_town_can_each_be_opened():
    app = open_app()
    app.switch_page("../../pages/centres.py")
    app.query_params["q"] = "Psychiatrisch Centrum Dr. Guislain"
    app.run()
    box = app.selectbox(key="open_centre")
    assert len(box.options) == 3 and box.options[0].startswith("Psychiatrisch Centrum Dr. Guislain, Gent (")
    box.select_index(0).run()
    app.button(key="open_centre_now").click().run()
    assert app.query_params["id"] == box.options[0].partition("(")[2].rstrip(")")
