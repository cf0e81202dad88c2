"""What is written about the code is true of the code."""

import re
import subprocess
from zoneinfo import ZoneInfo

from regulars.programmes.toml import from_toml
from tests.house.source import PACKAGE, ROOT

README = (ROOT / "README.md").read_text()


def _settings_in_code() -> set[str]:
    text = "\n".join(path.read_text() for path in PACKAGE.rglob("*.py"))
    return set(re.findall(r"""["'](REGULARS_[A-Z_]+|DATABASE_URL)["']""", text))


def test_every_setting_is_in_the_table_of_the_readme() -> None:
    assert set(re.findall(r"^\| `([A-Z_]+)` \|", README, re.MULTILINE)) == _settings_in_code()


def test_every_make_target_is_explained_by_make_help() -> None:
    makefile = (ROOT / "Makefile").read_text()
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    said = subprocess.run(
        ["make", "--no-print-directory", "help"],  # noqa: S607 - whichever make there is
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout

    explained = dict(re.findall(r"^  make ([a-z-]+) +(\S.*)$", said, re.MULTILINE))
    assert set(explained) == targets
    assert {"help", "demo", "test", "check", "fmt", "lint", "types", "bench"} <= targets


def test_every_decision_record_is_in_the_list() -> None:
    directory = ROOT / "docs" / "decisions"
    listed = set(re.findall(r"\]\(([0-9]{4}[^)]+)\)", (directory / "README.md").read_text()))

    assert listed == {path.name for path in directory.glob("[0-9]*.md")}


def test_the_level_in_the_guide_for_owners_can_be_read() -> None:
    guide = (ROOT / "docs" / "loyalty.md").read_text()
    (level,) = re.findall(r"^```toml\n(.+?)^```", guide, re.MULTILINE | re.DOTALL)

    draft = from_toml(f'name = "Bonuses"\n{level}', zone=ZoneInfo("UTC"), minor_per_major=100)

    assert [each.name for each in draft.terms.levels] == ["Silver"]


def test_every_link_between_papers_leads_somewhere() -> None:
    papers = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    links = [(paper, link) for paper in papers for link in _links(paper.read_text())]

    lost = [f"{paper.name}: {link}" for paper, link in links if not (paper.parent / link).exists()]
    assert lost == []
    assert len(links) > len(papers)


def _links(text: str) -> list[str]:
    """The files that a paper leads to, without the place in them."""
    found = re.findall(r"\]\(([^)#\s]+)", text)
    return [link for link in found if "://" not in link]
