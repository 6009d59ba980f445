"""A register's next release: from the files that a curator got, to what they would change, to the catalogue and back.

All after the page's guard, none in callbacks. The files stand on the disk only while they are read.
"""

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from opinion.agency.accounts import Account
from opinion.centres.imports import archive
from opinion.centres.imports.drafts import MAKING
from opinion.centres.imports.kinds import check_kind
from opinion.centres.inputs import IMPORTS, default_folder, inputs_in, read_about
from opinion.centres.registers.adapters import Adapter
from opinion.centres.registers.updates import FEW, Update, check_update, take_over
from opinion.errors import CatalogueError
from opinion.exchange.import_wordings import error_words
from opinion.exchange.release_files import left_out_as_csv
from opinion.texts.translations import Translator
from opinion.ui.browsing_words import plain
from opinion.ui.curating import record
from opinion.ui.import_changes import show_changes
from opinion.ui.import_history import change
from opinion.ui.import_work import show_stopped, working
from opinion.ui.said import said, show_said

LARGEST_MB = 100
TOGETHER_MB = 200
_LARGEST_JSON_MB = 25  # it is read as a whole
_KINDS = ("csv", "tsv", "txt", "json", "xlsx", "xls", "ods")
_CHECKED = "release_checked"  # in the session: the _Checked files
_ROUND = "release_round"  # in the session: raised to ask for other files
_DONE = "release_done"  # in the session: the id of the import that was just made, and its register


@dataclass(frozen=True)
class _Checked:
    """What was checked: with other files, or another day, it has to be checked anew."""

    update: Update
    register: str
    file_ids: tuple[str, ...]
    released: str


def ask_release(actor: Account, adapter: Adapter, title: str, t: Translator) -> None:
    """Ask for the files of a register, show what they would change, and put them in when that is asked for."""
    show_stopped(default_folder(), t("See the page Import a list."), _forget, t)
    _show_done(actor, adapter, t)
    round_ = st.session_state.setdefault(_ROUND, 0)
    given = st.file_uploader(
        t("The files of “{title}”, up to {size} MB each", title=plain(title), size=str(LARGEST_MB)),
        type=list(_KINDS), accept_multiple_files=True, max_upload_size=LARGEST_MB,
        key=f"release_upload_{adapter.id}_{round_}",
    )  # fmt: skip
    st.caption(
        t("Larger files, and more than {size} MB together, go in on the server: `{command}`.",
          size=str(TOGETHER_MB), command=f"python -m opinion centres register {adapter.id} FILE")
    )  # fmt: skip
    if not given:
        return
    released = st.text_input(
        t("Of which day, month or year is it? Empty if the file says so: 2026, 2026-10 or 2026-10-31"),
        key=f"release_day_{adapter.id}_{round_}", max_chars=10,
    ).strip()  # fmt: skip
    if st.button(t("Check the files"), key="release_check", icon=":material/rule:"):
        _check(adapter, given, released, t)
    checked: _Checked | None = st.session_state.get(_CHECKED)
    if checked is None or checked.register != adapter.id or not checked.update.folder.is_dir():
        return
    if checked.file_ids != _ids(given) or checked.released != released:
        st.info(t("Something was changed after the check. Check the files again."), icon=":material/refresh:")
        return
    _show_result(actor, checked.update, t)


def _ids(given: Sequence[UploadedFile]) -> tuple[str, ...]:
    return tuple(each.file_id for each in given)


def _check(adapter: Adapter, given: Sequence[UploadedFile], released: str, t: Translator) -> None:
    """Read the files. Whoever leaves the page, or stops it, ends the reading, and nothing is left of it."""
    before: _Checked | None = st.session_state.pop(_CHECKED, None)
    if before:
        before.update.drop()
    names = [each.name for each in given]
    if len({*names}) < len(names):
        st.error(t("Two files have one name. Give each file once."), icon=":material/error:")
        return
    if sum(each.size for each in given) > TOGETHER_MB * 1024 * 1024:
        st.error(t("The files have more than {size} MB together.", size=str(TOGETHER_MB)), icon=":material/error:")
        return
    if any(each.name.lower().endswith(".json") and each.size > _LARGEST_JSON_MB * 1024 * 1024 for each in given):
        st.error(t("A JSON file may have up to {size} MB here.", size=str(_LARGEST_JSON_MB)), icon=":material/error:")
        return
    now, folder = datetime.now(UTC), default_folder()
    try:
        with working("check", "", t("The files are read"), t) as show, _on_disk(given, folder) as raw:
            for path in raw:
                check_kind(path)
            update = check_update(
                adapter.id, raw, folder / IMPORTS, f"{now:%Y%m%d-%H%M%S}-{adapter.id}", inputs_in(folder), released,
                f"{now:%Y-%m}", show,
            )  # fmt: skip
        st.session_state[_CHECKED] = _Checked(update, adapter.id, _ids(given), released)
    except CatalogueError as error:
        st.error(
            t("The files cannot be read so: {reason}", reason=plain(error_words(error, t))), icon=":material/error:"
        )


@contextmanager
def _on_disk(given: Sequence[UploadedFile], folder: Path) -> Iterator[list[Path]]:
    """Give the files on the disk, under their own names, while they are read."""
    (folder / IMPORTS).mkdir(parents=True, exist_ok=True)
    place = Path(tempfile.mkdtemp(prefix=MAKING, dir=folder / IMPORTS))
    try:
        paths = [place / Path(each.name).name for each in given]
        for path, each in zip(paths, given, strict=True):
            path.write_bytes(each.getbuffer())
        yield paths
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _show_result(actor: Account, update: Update, t: Translator) -> None:
    about = read_about(update.folder)
    counts = {name: f"**{about['counts'][name]:,}**" for name in ("centres", "facts", "left_out")}
    words = t(
        "Read from the files: centres {centres}, facts {facts}. Left out, each with a reason: {left_out}.", **counts
    )
    with said("check"):
        st.markdown(words)
    if about["left_out"]:
        st.caption("; ".join(f"{count:,} × {plain(reason)}" for reason, count in about["left_out"].items()))
        st.download_button(
            t("What is left out (CSV)"), lambda: left_out_as_csv(update.folder, t), "left_out.csv", "text/csv",
            on_click="ignore", key="release_left_out", icon=":material/download:",
        )  # fmt: skip
    show_changes(update.changes, update.folder, t)
    st.caption(t("A centre that the register does not list any more stays, without the register's facts."))
    is_whole = True
    if update.share_gone > FEW:
        is_whole = st.checkbox(
            t("{percent} % of what the register stated before is not in the files. This is right: the files are whole",
              percent=f"{100 * update.share_gone:.0f}"), key=f"release_whole_{update.folder.name}",
        )  # fmt: skip
    if st.button(t("Put it in"), key="release_keep", type="primary", icon=":material/publish:", disabled=not is_whole):
        _keep(actor, update, t)


def _keep(actor: Account, update: Update, t: Translator) -> None:
    id_ = update.folder.name
    try:
        with working("keep", id_, t("The catalogue is built with the new release"), t) as show:
            take_over(update, default_folder(), progress=show)
            record(actor, "import_made", id_)
    except CatalogueError as error:
        st.error(t("Nothing was changed: {reason}", reason=plain(error_words(error, t))), icon=":material/error:")
        return
    _forget(id_)
    st.rerun()


def _forget(id_: str) -> None:
    """Forget the files of a release that is in, to begin anew below the words that it is."""
    st.session_state[_DONE] = id_
    st.session_state.pop(_CHECKED, None)
    st.session_state[_ROUND] = st.session_state.get(_ROUND, 0) + 1


def _show_done(actor: Account, adapter: Adapter, t: Translator) -> None:
    """Say that a release was put in, with the way back."""
    done = next(
        (each for each in archive.read_imports(default_folder()) if each.id == st.session_state.get(_DONE)), None
    )
    if done is None or done.about["source"]["id"] != adapter.id:
        return
    if not done.counts:
        st.session_state.pop(_DONE)
        show_said("release", t("It was taken back. What was there before counts again."), undone=True)
        return
    show_said("release", t(
        "It is in the catalogue now, for everyone: {title}. You find it on the page Import a list too.",
        title=plain(done.about["source"]["title"]),
    ))  # fmt: skip
    if st.button(t("Take back"), key="release_undo", icon=":material/undo:"):
        change("undo", done.id, actor, t)
