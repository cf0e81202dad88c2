"""Where the source lies, for the checks of our own rules."""

from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "regulars"
CODE = [ROOT / "regulars", ROOT / "tests", ROOT / "benchmarks"]


def files(*endings: str) -> list[Path]:
    """The files with these endings, migrations left out: Django writes those."""
    return [
        path
        for directory in CODE
        for path in sorted(directory.rglob("*"))
        if path.suffix in endings and "migrations" not in path.parts and path.is_file()
    ]


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))
