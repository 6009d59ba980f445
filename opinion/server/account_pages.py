"""Writes the pages for signing in and out as HTML: they work without scripts, in both themes and on small screens."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from starlette.responses import HTMLResponse

from opinion.agency.accounts import LONGEST_NAME
from opinion.agency.passwords import LONGEST, SHORTEST
from opinion.texts.translations import Translator

STYLE_PATH = "/opinion/account.css"
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "same-origin",  # without one, browsers hide the origin of our own forms from us
}


@dataclass(frozen=True)
class Field:
    """One field of a form. ``autocomplete`` tells password managers what it is (WCAG 1.3.5)."""

    name: str
    label: str
    autocomplete: str
    hint: str = ""
    is_secret: bool = False
    longest: int = LONGEST_NAME


@dataclass(frozen=True)
class Form:
    """A form: where it is sent to, its fields, the words of its button, and the token that only our pages know."""

    action: str
    fields: Sequence[Field]
    button: str
    token: str


def name_field(t: Translator) -> Field:
    """Return the field for the name to sign in with."""
    return Field("name", t("Sign-in name"), "username")


def password_field(t: Translator, label: str = "") -> Field:
    """Return the field for the password to sign in with, with another label if one is given."""
    return Field("password", label or t("Password"), "current-password", is_secret=True, longest=LONGEST)


def code_field(t: Translator, hint: str) -> Field:
    """Return the field for a one-time code."""
    return Field("code", t("One-time code"), "one-time-code", hint=hint)


def new_password_fields(t: Translator) -> tuple[Field, Field]:
    """Return the two fields for a new password."""
    hint = t("At least {shortest} characters. Several words that only you would put together are good.",
             shortest=SHORTEST)  # fmt: skip
    return (
        Field("new_password", t("New password"), "new-password", hint=hint, is_secret=True, longest=LONGEST),
        Field("again", t("New password again"), "new-password", is_secret=True, longest=LONGEST),
    )


def page(
    t: Translator, title: str, *parts: str, status: int = 200, is_error: bool = False
) -> HTMLResponse:  # fmt: skip
    """Return a page of ``parts``, each of which is HTML. ``is_error``: its title in the tab says so too."""
    tab = t("Error: {title}", title=title) if is_error else title
    html = (
        f'<!doctype html>\n<html lang="{t.language}" dir="{t.direction}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(tab)} · {escape(t('Second Opinion'))}</title>\n"
        f'<link rel="icon" href="/opinion/icon.svg">\n<link rel="stylesheet" href="{STYLE_PATH}">\n</head>\n<body>\n'
        f'<header><a href="{with_language("/", t)}">{escape(t("Second Opinion"))}</a></header>\n'
        f"<main>\n<h1>{escape(title)}</h1>\n{''.join(parts)}</main>\n</body>\n</html>\n"
    )
    return HTMLResponse(html, status, headers={**HEADERS, "Content-Language": t.language})


def paragraph(words: str) -> str:
    """Return a paragraph of plain words."""
    return f"<p>{escape(words)}</p>\n"


def link(address: str, words: str) -> str:
    """Return a paragraph with a link to one of our own addresses."""
    return f'<p><a href="{escape(address)}">{escape(words)}</a></p>\n'


def form_html(form: Form, given: Mapping[str, str], error: str = "", wrong: Sequence[str] = ()) -> str:
    """Return a form, with what was given before, but never a password or a code.

    ``error`` stands above it, and ``wrong`` names the fields that it is about.
    """
    parts = [f'<div class="error" id="error" role="alert"><p>{escape(error)}</p></div>\n'] if error else []
    parts.append(f'<form method="post" action="{escape(form.action)}">\n')
    parts.append(f'<input type="hidden" name="token" value="{escape(form.token)}">\n')
    is_first = True
    for field in form.fields:
        is_wrong = field.name in wrong
        parts.append(_field_html(field, given.get(field.name, ""), is_wrong, is_wrong and is_first))
        is_first = is_first and not is_wrong
    parts.append(f'<button type="submit">{escape(form.button)}</button>\n</form>\n')
    return "".join(parts)


def _field_html(field: Field, given: str, is_wrong: bool, has_focus: bool) -> str:
    hint = f'<span class="hint" id="{field.name}-hint">{escape(field.hint)}</span>\n' if field.hint else ""
    about = [*([f"{field.name}-hint"] if hint else []), *(["error"] if is_wrong else [])]
    is_kept = not field.is_secret and field.name != "code"
    attributes = {
        "id": field.name,
        "name": field.name,
        "type": "password" if field.is_secret else "text",
        "autocomplete": field.autocomplete,
        "maxlength": str(field.longest),
        "autocapitalize": "words" if field.autocomplete == "name" else "none",
        "spellcheck": "false",
        "value": given[: field.longest] if is_kept else "",
        "aria-describedby": " ".join(about),
        "aria-invalid": "true" if is_wrong else "",
    }
    written = " ".join(f'{name}="{escape(value)}"' for name, value in attributes.items() if value)
    focus = " autofocus" if has_focus else ""
    return f'<label for="{field.name}">{escape(field.label)}</label>\n{hint}<input required{focus} {written}>\n'


def with_language(path: str, t: Translator) -> str:
    """Return an address of ours that keeps the language; ``path`` may have a query."""
    if t.language == "en":
        return path
    return f"{path}{'&' if '?' in path else '?'}lang={t.language}"
