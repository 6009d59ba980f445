"""What must hold of every page: axe finds no barrier, and nothing sticks out sideways."""

from axe_playwright_python.sync_playwright import Axe

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def faults(page):
    """Return what axe finds against WCAG 2.2 A and AA, each with the first place it stands in."""
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": TAGS}}).response["violations"]
    return [f"{fault['id']}: {fault['nodes'][0]['html'][:120]}" for fault in found]


def overflow(page):
    """Return by how many pixels something sticks out, of the page or of its main part or sidebar."""
    return page.evaluate(
        """() => Math.max(document.documentElement.scrollWidth - window.innerWidth, ...['stMain', 'stSidebar'].map(
            id => { const part = document.querySelector(`[data-testid=${id}]`);
                    return part ? part.scrollWidth - part.clientWidth : 0 }), 0)"""
    )


def audit(page):
    """Assert that axe finds nothing, tap targets that are too small included, and that nothing sticks out."""
    assert faults(page) == []
    assert overflow(page) <= 1, "pixels stick out"
