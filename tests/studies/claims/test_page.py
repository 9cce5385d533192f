import re
from pathlib import Path

from deepprune.studies.claims.page import write_study_page

TEMPLATE = """{% import "claims.html.j2" as claim %}
{{ captions.rule }}
{{ claim.verdict_counts({"not reproduced": 2}) }}
{{ claim.claims_table(claims, number, {"seeds": "seeds", "criterion": "criterion"}, published=published) }}"""
CLAIM = {"place": "p. 3", "text": "more < most", "rule": "above 0", "verdict": "not reproduced", "criterion": "loss"}
NUMBERS = {"paper": 0.5, "value": -0.25, "low": -0.5, "high": None, "seeds": 3}


def number(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"


def page(folder: Path, published: bool, high: float | None = None) -> str:
    """Return the page of one claim."""
    template, caption = folder / "page.html.j2", folder / "rule.rst"
    template.write_text(TEMPLATE)
    caption.write_text("Bounds are *ours*.\n")
    claims = [CLAIM | NUMBERS | {"high": high}]
    write_study_page(
        template, str(folder / "page.html"), [str(caption)], claims=claims, number=number, published=published
    )
    return (folder / "page.html").read_text()


def cells(text: str) -> list[str]:
    """Return the text of the cells of the table's row."""
    return [re.sub("<.*?>", " ", cell).strip() for cell in re.findall(r"<td.*?>(.*?)</td>", text, re.S)]


def test_a_claim_has_its_numbers_and_further_columns(tmp_path: Path) -> None:
    text = page(tmp_path, published=True, high=0.1)
    assert cells(text) == [
        *("p. 3", "more &lt; most  above 0", "not reproduced", "0.50", "-0.25", "-0.50 to 0.10", "3.00", "loss")
    ]
    assert 'class="verdict not-reproduced"' in text and "</span>2</span>" in text
    assert "Bounds are" in text


def test_claims_without_published_values_have_no_column_of_them(tmp_path: Path) -> None:
    text = page(tmp_path, published=False)
    assert cells(text)[3:] == ["-0.25", "", "3.00", "loss"]  # without an upper end there is no interval
    assert "paper" not in text
