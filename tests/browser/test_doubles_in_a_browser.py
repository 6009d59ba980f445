"""The page Doubles in a browser: every state of it on a desktop and a phone, and the queue by keyboard alone."""

import re

import pytest
from audits import audit
from conftest import running_desk, settle
from steps import unfold

from opinion.centres.decisions import read_revisions
from opinion.centres.inputs import DECISIONS
from opinion.centres.waiting_decisions import WAITING


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    with running_desk(tmp_path_factory.mktemp("doubles"), "dora", "Dora Lind") as running:
        yield running


@pytest.fixture
def opened(open_page, desk):
    def opener(view="desktop", theme="light"):
        page = open_page("/privacy", view=view, theme=theme, address=desk.address)
        page.context.add_cookies([desk.cookie])
        page.goto(f"{desk.address}/doubles", wait_until="commit")
        page.get_by_role("heading", name="Are these two one centre?").wait_for()
        settle(page)
        return page

    return opener


def decided(page, number):
    """Wait until ``number`` decisions wait to be put in."""
    page.get_by_role("button", name=f"Put in {number} decision").wait_for()
    settle(page)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("view", ["desktop", "phone"])
def test_every_state_is_free_of_barriers(opened, view, theme, desk):
    page = opened(view, theme)
    audit(page)
    page.get_by_role("button", name="Two centres").click()
    decided(page, 1)
    unfold(page, "1 decision waits")
    unfold(page, "What was decided")
    page.get_by_role("button", name="Take back", exact=True).nth(2).wait_for()
    settle(page)
    audit(page)
    (desk.var / WAITING).unlink()


def test_a_phone_has_no_keys_and_the_names_before_the_buttons(opened):
    page = opened("phone")
    assert not page.locator("[data-testid=stButton] kbd").first.is_visible()
    top = {name: page.get_by_role("button", name=name).first.bounding_box()["y"] for name in ("One centre: keep A",)}
    for letter in "AB":
        name = page.locator("[data-testid=stMarkdown] p", has_text=re.compile(rf"^{letter}\s")).first
        assert name.bounding_box()["y"] < min(top.values())


def test_the_queue_by_keyboard_alone_and_a_reload_loses_nothing(opened, desk):
    page = opened()
    heads = page.locator(".doubles thead")
    first = heads.inner_text()
    where = page.get_by_role("button", name="Two centres").bounding_box()
    page.keyboard.press("Alt+4")  # later
    settle(page)
    second = heads.inner_text()
    assert second != first
    page.keyboard.press("Alt+1")  # keep A
    decided(page, 1)
    assert heads.inner_text() not in (first, second)
    page.keyboard.press("Alt+5")  # take it back
    decided(page, 0)
    assert heads.inner_text() == second
    page.keyboard.press("Alt+3")  # two centres
    decided(page, 1)
    assert abs(page.get_by_role("button", name="Two centres").bounding_box()["y"] - where["y"]) < 80  # names wrap
    page.reload()
    decided(page, 1)
    page.get_by_text("You decided: two centres").wait_for()
    page.get_by_role("button", name="Put in 1 decision").click()
    page.get_by_text("1 decision was put in.").wait_for(timeout=60_000)
    (apart,) = read_revisions([desk.var / DECISIONS]).history
    assert apart.kind == "apart" and apart.centre_id in second and apart.other_id in second


def test_filters_stay_while_pairs_are_decided_and_are_in_the_address(opened, desk):
    page = opened()
    page.goto(f"{desk.address}/doubles?country=CH&source=bag", wait_until="commit")
    page.get_by_role("heading", name="Are these two one centre?").wait_for()
    settle(page)
    for number in (1, 2):
        page.get_by_role("button", name="Two centres").click()
        decided(page, number)
    assert page.get_by_role("combobox", name="Country").input_value() == "Switzerland"
    assert "country=CH" in page.url and "source=bag" in page.url
