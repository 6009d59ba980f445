"""What a curator does on the page Import, without a browser: give a list, say who made it, check it, import it."""

from opening import open_page

from opinion.agency import audits
from opinion.agency.stores import shared_store

LIST = """id;name;city;country;beds;equipment
1;Invented One;Wien;Austria;120;CT; MRI
2;Invented Two;Graz;Austrya;80;CT
3;Invented Three;Linz;AT;n/a;Time machine
"""


def said(app):
    parts = (app.markdown, app.info, app.warning, app.error, app.success, app.title, app.subheader, app.caption)
    return "\n".join(element.value for part in parts for element in part)


def upload(name, content):
    app = open_page("import_centres")
    app.file_uploader[0].set_value((name, content, "text/csv")).run()
    assert not app.exception
    return app


def box(app, label):
    return next(each for each in app.selectbox if each.label == label)


def field(app, label):
    return next(each for each in app.text_input if each.label == label)


def fill(app):
    for label, text in (("Title of the list", "Invented list"), ("Publisher", "Nobody"),
                        ("Address on the web", "https://example.org/list"), ("Licence", "CC0")):  # fmt: skip
        field(app, label).set_value(text)
    app.date_input[0].set_value("2026-10-01")
    app.run()
    return app


def check(app):
    app.button(key="import_check").click().run()
    assert not app.exception
    return app


def checked_list():
    """Give the list and check it: one row of it is good, two wait."""
    text = LIST.replace("CT; MRI", '"CT; MRI"')
    return check(fill(upload("list.csv", text.encode())))


def problems(app):
    return next(frame.value for frame in app.dataframe if "What is wrong" in frame.value)


def keep(app):
    app.button(key="import_keep").click().run()
    assert not app.exception
    return app


def next_file(app, name, content):
    """Give another file to a page that has imported one."""
    app.file_uploader[0].set_value((name, content, "text/csv")).run()
    assert not app.exception
    return app


def trail(id_):
    return audits.lines_of(shared_store(), id_)
