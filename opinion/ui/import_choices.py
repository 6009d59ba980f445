"""A curator's choices about a list: the file, how it is read, what its columns are, who made it. Nothing is imported.

The file waits in a folder among the imports, which is taken away after a day if nobody goes on with it.
"""

import shutil
import tempfile
from dataclasses import astuple, dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

import streamlit as st

from opinion.centres.imports import archive
from opinion.centres.imports.archive import Import
from opinion.centres.imports.columns import is_head, propose_columns
from opinion.centres.imports.drafts import MAKING
from opinion.centres.imports.encodings import ENCODINGS
from opinion.centres.imports.heads import MOST_ROWS
from opinion.centres.imports.layouts import DELIMITERS, KINDS, Layout, LayoutProposal, propose_layout
from opinion.centres.imports.recipes import (
    FIELDS,
    ListSource,
    Recipe,
    looks_pivoted,
    read_recipe,
    recipe_names,
    recipe_of,
)
from opinion.centres.imports.rows import Row, first_rows, fitting_layout
from opinion.centres.imports.waiting_rows import list_of
from opinion.centres.imports.words import VOCABULARIES, labels_of
from opinion.centres.inputs import IMPORTS, default_folder
from opinion.errors import CatalogueError
from opinion.exchange.import_wordings import error_words, field_words
from opinion.exchange.import_words import import_words
from opinion.texts.countries import country_names
from opinion.texts.translations import Translator
from opinion.ui.browsing_words import plain
from opinion.ui.choices import told_apart

FILE = "import_file"  # in the session: the HeldFile
ROUND = "import_round"  # raised to ask for another file
ACCEPTED = "import_accepted"  # in the session: codes of problems that let a row in
VALUES = "import_values"  # in the session: for each vocabulary, id by word
LARGEST_MB = 200
_PREVIEW_ROWS, _SAMPLE_ROWS = 20, 200
_PER_LINE = 3
_IMPORTS_OFFERED = 5


@dataclass(frozen=True)
class HeldFile:
    """A file that was handed over: where it stands, what it is called, and the id of its handing over."""

    path: Path
    name: str
    id: str


def ask_file(t: Translator) -> HeldFile | None:
    """Ask for a file; return the one that is held, ``None`` if there is none."""
    given = st.file_uploader(
        t("A list of hospitals: CSV, XLSX, ODS, Parquet or JSON lines, up to {size} MB", size=str(LARGEST_MB)),
        type=[end.removeprefix(".") for end in KINDS],
        max_upload_size=LARGEST_MB,
        key=f"import_upload_{st.session_state.get(ROUND, 0)}",
    )
    held: HeldFile | None = st.session_state.get(FILE)
    if given is None:
        return held if held and held.path.is_file() else None
    if held is None or held.id != given.file_id or not held.path.is_file():
        if held:
            shutil.rmtree(held.path.parent, ignore_errors=True)
        imports = default_folder() / IMPORTS
        imports.mkdir(parents=True, exist_ok=True)
        path = Path(tempfile.mkdtemp(prefix=MAKING, dir=imports)) / f"list{Path(given.name).suffix.lower()}"
        path.write_bytes(given.getbuffer())  # no second copy in memory
        held = HeldFile(path, given.name, given.file_id)
        st.session_state[FILE] = held
        _forget_meanings()
    return held


def let_go() -> None:
    """Take the file away that is held, and ask for another one."""
    held: HeldFile | None = st.session_state.pop(FILE, None)
    if held:
        shutil.rmtree(held.path.parent, ignore_errors=True)
    _forget_meanings()
    st.session_state[ROUND] = st.session_state.get(ROUND, 0) + 1


def _forget_meanings() -> None:
    """Forget what was said about the words and problems of another file."""
    for key in (VALUES, ACCEPTED):
        st.session_state.pop(key, None)


def ask_recipe(held: HeldFile, t: Translator) -> Recipe | None:
    """Ask how the file is to become centres; return the recipe, ``None`` if the file cannot be read so."""
    try:
        proposal = propose_layout(held.path, is_head(import_words()))
        heads, _ = first_rows(held.path, proposal.layout, 0)
        choice, kept = _ask_kept(held, proposal.layout.waited_in, frozenset(heads), t)
        layout = _ask_layout(held, kept, f"{held.id}_{choice}", proposal, t)
        columns, rows = first_rows(held.path, layout, _SAMPLE_ROWS)
    except CatalogueError as error:
        st.error(
            t("The file cannot be read so: {reason}", reason=plain(error_words(error, t, held.name))),
            icon=":material/error:",
        )
        return None
    _show_preview(columns, rows, t)
    turn = "_".join((held.id, choice, *map(str, astuple(layout))))
    fields = _ask_columns(columns, rows, kept, turn, t)
    st.subheader(t("The list as a whole"), anchor=False)
    is_proposed = kept.is_pivoted if kept else looks_pivoted(columns, fields, [row.cells for row in rows])
    is_pivoted = st.checkbox(
        t("One row is one machine: put the rows of a centre together"), is_proposed,
        key=f"import_pivot_{turn}_{is_proposed}",  # a column chosen by hand may change what is proposed
    )  # fmt: skip
    countries = country_names(t.language)
    country = st.selectbox(
        t("Country of rows without one"), list(countries), list(countries).index(kept.country) if kept and kept.country
        else None, format_func=countries.__getitem__, placeholder=t("None"), key=f"import_country_{turn}",
    )  # fmt: skip
    source = _ask_source(kept, turn, t)
    if VALUES not in st.session_state:
        st.session_state[VALUES] = {}
    values = {kind: dict(words) for kind, words in (kept.values if kept else {}).items()}
    for kind, words in st.session_state[VALUES].items():
        values.setdefault(kind, {}).update(words)
    name, accepted = (kept.name, kept.accepted) if kept else ("", ())
    return Recipe(name, layout, fields, source, values, is_pivoted, country or "", accepted)


def _ask_kept(
    held: HeldFile, waited_in: str, heads: frozenset[str], t: Translator
) -> tuple[str, Recipe | None]:  # fmt: skip
    """Ask which choices to begin with: a recipe's, or those of an import; return a name for them, and them.

    ``waited_in``: the import in which the rows waited, ``""`` if they did not. ``heads``: of all columns; the newest
    import of a list with the same ones is chosen at first.
    """
    folder = default_folder()
    listed = [each for each in archive.read_imports(folder) if each.about.get("recipe")]
    # the newest: what was explained last
    own = next(
        (each for each in listed if (list_of(each) == waited_in if waited_in else _has_heads(each, heads))), None
    )
    imports = {f"import:{each.id}": each for each in (*([own] if own else ()), *listed[:_IMPORTS_OFFERED])}
    words = {f"recipe:{name}": name for name in recipe_names(folder / "recipes")}
    words |= {
        key: t("As for {file} of {day}", file=each.about["file"], day=each.about["created"][:10])
        for key, each in imports.items()
    }
    words = told_apart(words, lambda key: _detail(imports[key]) if key in imports else "")
    if not words:
        return "", None
    if own and waited_in:
        st.markdown(t("These rows waited when {file} was imported. They come with its choices.",
                      file=f"**{plain(own.about['file'])}**"))  # fmt: skip
    elif own:
        st.markdown(t("The heads are those of {file}. It comes with the choices that were made then.",
                      file=f"**{plain(own.about['file'])}**"))  # fmt: skip
    choice = st.selectbox(
        t("Recipe"), list(words), list(words).index(f"import:{own.id}") if own else None,
        format_func=words.__getitem__, placeholder=t("None"), key=f"import_recipe_{held.id}",
        help=t("Choices that were kept, or made for another file, for lists of this kind."),
    )  # fmt: skip
    if not choice:
        return "", None
    if choice in imports:
        recipe = recipe_of(imports[choice].about["recipe"])
        # another list is of another day; corrected rows are of the same
        return choice, recipe if waited_in else replace(recipe, source=replace(recipe.source, date=""))
    return choice, read_recipe(folder / "recipes", choice.removeprefix("recipe:"))


def _detail(each: Import) -> str:
    """Return what tells an import from another one of the same file and day."""
    return f"{each.about['source']['title']}, {each.about['created'][11:16]} UTC"


def _has_heads(each: Import, heads: frozenset[str]) -> bool:
    return bool(heads) and set(each.about["recipe"]["columns"]) == heads


def _ask_layout(held: HeldFile, kept: Recipe | None, key: str, proposal: LayoutProposal, t: Translator) -> Layout:
    st.subheader(t("How the file is read"), anchor=False)
    layout = proposal.layout
    if kept:
        needed = [column for column, field in kept.columns.items() if field]
        layout = fitting_layout(held.path, kept.layout, layout, needed)
    parts = st.columns(5 if layout.kind == "csv" else _PER_LINE)
    if layout.encoding:
        sure = {guess.encoding: guess.confidence for guess in proposal.encodings}
        names = sorted(ENCODINGS, key=lambda name: -sure.get(name, 0))
        encoding = parts[0].selectbox(
            t("Encoding"), names, names.index(layout.encoding), key=f"import_encoding_{key}",
            format_func=lambda name: f"{name} ({t('fits {share} of 100', share=f'{sure.get(name, 0) * 100:.0f}')})",
            help=t("Look at the letters of the first rows below. If they are wrong, choose another one."),
        )  # fmt: skip
        if encoding != layout.encoding and layout.kind == "csv":
            layout = propose_layout(held.path, is_head(import_words()), encoding).layout
        layout = replace(layout, encoding=encoding)
    if layout.kind == "csv":
        words = {",": t("comma"), ";": t("semicolon"), "\t": t("tab"), "|": "|", "~": "~", "^": "^"}
        delimiter = parts[1].selectbox(t("Between cells"), DELIMITERS, DELIMITERS.index(layout.delimiter),
                                       format_func=words.__getitem__, key=f"import_delimiter_{key}")  # fmt: skip
        marks = {'"': '"', "'": "'", "": t("none")}
        quote = parts[2].selectbox(t("Around cells"), list(marks), list(marks).index(layout.quote),
                                   format_func=marks.__getitem__, key=f"import_quote_{key}",
                                   help=t("The quotation mark, within which a separator is part of the text."),
                                   )  # fmt: skip
        layout = replace(layout, delimiter=delimiter, quote=quote)
    if layout.kind == "sheet":
        sheets = list(proposal.sheets)
        sheet = parts[0].selectbox(t("Sheet"), sheets, sheets.index(layout.sheet) if layout.sheet in sheets else 0,
                                   key=f"import_sheet_{key}")  # fmt: skip
        if sheet != layout.sheet:
            layout = propose_layout(held.path, is_head(import_words()), sheet=sheet).layout
    if layout.kind in ("csv", "sheet"):
        of = f"{key}_{layout.sheet}_{layout.encoding}"
        row = int(parts[-2].number_input(t("Row with the heads, 0 for none"), 0, 1000, layout.header_row,
                                         key=f"import_header_{of}"))  # fmt: skip
        proposed = layout.header_rows if row == layout.header_row else 1
        count = parts[-1].number_input(
            t("Rows of heads"), 1, MOST_ROWS, proposed, key=f"import_header_rows_{of}_{row}", disabled=not row,
            help=t("2 or 3, if there are groups of columns with heads of their own under them."),
        )  # fmt: skip
        layout = replace(layout, header_row=row, header_rows=int(count))
    return layout


def _show_preview(columns: tuple[str, ...], rows: list[Row], t: Translator) -> None:
    shown = {
        column: [row.cells[place] if place < len(row.cells) else "" for row in rows[:_PREVIEW_ROWS]]
        for place, column in enumerate(columns)
    }
    few = 6  # as many lines as a small table has
    st.dataframe(
        shown,
        hide_index=True,
        height="content" if len(rows) <= few else 260,
        alt=t("The first rows, as they would be read"),
    )


def _ask_columns(
    columns: tuple[str, ...], rows: list[Row], kept: Recipe | None, turn: str, t: Translator
) -> dict[str, str]:
    """Ask what each column is; what is proposed, or kept in the recipe, is chosen at first."""
    st.subheader(t("What the columns are"), anchor=False)
    proposed = propose_columns(columns, [row.cells for row in rows], import_words())
    choices = ["", *FIELDS, *(f"{kind}:{id_}" for kind in VOCABULARIES for id_ in labels_of(kind))]
    words = {choice: field_words(choice, t) for choice in choices}
    fields: dict[str, str] = {}
    for place, column in enumerate(columns):
        if not place % _PER_LINE:  # line by line, so that a phone shows them in the order of the file
            parts = st.columns(_PER_LINE)
        first = kept.columns.get(column, "") if kept else proposed[column].field
        cells = dict.fromkeys(row.cells[place].strip()[:30] for row in rows if place < len(row.cells))
        examples = ", ".join(cell for cell in cells if cell)[:80]
        fields[column] = parts[place % _PER_LINE].selectbox(
            plain(column), choices, choices.index(first), format_func=words.__getitem__,
            key=f"import_column_{turn}_{place}",
            help=t("For example: {cells}", cells=f"`{examples.replace('`', ' ')}`") if examples else None,
        )  # fmt: skip
    return fields


def _ask_source(kept: Recipe | None, turn: str, t: Translator) -> ListSource:
    st.markdown(
        t("Who made the list? Every fact will name it as its source. Everyone on this site can read it, "
          "so look whether its licence allows that.")
    )  # fmt: skip
    first = kept.source if kept else ListSource("", "", "", "")
    left, right = st.columns(2)
    title = left.text_input(t("Title of the list"), first.title, key=f"import_title_{turn}")
    publisher = right.text_input(t("Publisher"), first.publisher, key=f"import_publisher_{turn}")
    left, right = st.columns(2)  # line by line, so that a phone shows them in this order
    address = left.text_input(t("Address on the web"), first.address, key=f"import_address_{turn}")
    licence = right.text_input(t("Licence"), first.licence, key=f"import_licence_{turn}",
                               help=t("Such as CC BY 4.0, or who has allowed it, and when."))  # fmt: skip
    today, kept_day = datetime.now(UTC).date(), date.fromisoformat(first.date) if first.date else None
    day = st.columns(2)[0].date_input(
        t("Date of the list"), kept_day, date(1990, 1, 1), today, key=f"import_date_{turn}",
        help=t("The day that its facts describe. Rows with a date of their own keep it."),
    )  # fmt: skip
    said = day.isoformat() if isinstance(day, date) else ""
    return ListSource(title.strip(), publisher.strip(), address.strip(), licence.strip(), said)
