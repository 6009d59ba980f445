"""Opens the app, or one of its pages, without a browser."""

from pathlib import Path

from streamlit.testing.v1 import AppTest

from opinion.ui import state

MAIN = Path(__file__).resolve().parents[2] / "opinion" / "ui" / "main.py"


def open_app(answers=None, **held):
    """Open the app at its first page, with what the session holds."""
    app = AppTest.from_file(str(MAIN), default_timeout=30)
    if answers is not None:
        app.session_state[state.ANSWERS] = answers
    for key, value in held.items():
        app.session_state[key] = value
    app.run()
    assert not app.exception
    return app


def open_page(page, answers=None, **held):
    """Open the app and go to ``page``."""
    app = open_app(answers, **held)
    app.switch_page(f"../../pages/{page}.py").run()
    assert not app.exception
    return app
