"""The parts of an HTML page, to compare pages that differ only in the names of their input."""

from html.parser import HTMLParser
from typing import Any

from hypothesis import Phase, settings
from hypothesis import strategies as st

# Shrinking a failure takes minutes if an example writes a page.
PAGES = settings(max_examples=20, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])

# Strings that end text, attributes in either quotes, comments, scripts and styles, and strings that are only odd
HARMFUL = st.sampled_from(
    [
        *("<script>alert(1)</script>", "<b>", "</td></table>", "<img src=x onerror=alert(1)>", "&lt;b&gt;", "&#60;"),
        *("&", '"', "'", '" onmouseover="alert(1)', "' x='", "-->", "<!--", "]]>", "</title>", "</style>", "</script>"),
        *("{{ 7 * 7 }}", "{% raw %}", "{# x", "$x_1$", "javascript:alert(1)", "data:text/html,x", "%s", "\\"),
        "\N{RIGHT-TO-LEFT OVERRIDE}txt",
    ]
)
TEXT = st.characters(exclude_categories=["Cs"])
NAMES = st.lists(HARMFUL | st.text(TEXT, max_size=8), min_size=1, max_size=4).map("".join).filter(str.strip)
LINES = NAMES.map(lambda name: "".join(name.split())).filter(str.isprintable).filter(bool)  # as motifs are called


class Parts(HTMLParser):
    """Elements with their attributes, ends, and text between them, in order."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[Any] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, attributes))

    def handle_endtag(self, tag: str) -> None:
        self.found.append(f"/{tag}")

    def handle_data(self, data: str) -> None:
        if self.found and isinstance(self.found[-1], list):
            self.found[-1][0] += data
        else:
            self.found.append([data])

    def handle_comment(self, data: str) -> None:
        self.found.append({"comment": data})

    def handle_decl(self, decl: str) -> None:
        self.found.append({"declaration": decl})

    def unknown_decl(self, data: str) -> None:
        self.found.append({"unknown": data})

    def handle_pi(self, data: str) -> None:
        self.found.append({"instruction": data})


def with_names(part: Any, names: dict[str, str]) -> Any:
    """Put names in the places of others, wherever in the parts of a page these stand."""
    if isinstance(part, str):
        for plain, name in names.items():
            part = part.replace(plain, name)
        return part
    return type(part)(with_names(below, names) for below in part) if isinstance(part, list | tuple) else part
