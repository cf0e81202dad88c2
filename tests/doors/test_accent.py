import pytest

from regulars.site.accent import accent_css


@pytest.mark.parametrize(
    ("hue", "chroma_milli", "css"),
    [
        (12, 105, "--H: 12; --C: .105;"),
        (165, 68, "--H: 165; --C: .068;"),
        (372, 900, "--H: 12; --C: .120;"),
        (-10, -1, "--H: 350; --C: .000;"),
    ],
)
def test_a_colour_is_brought_into_the_range_that_can_be_read(
    hue: int, chroma_milli: int, css: str
) -> None:
    assert accent_css("zarya", hue, chroma_milli) == f'[data-accent="zarya"] {{ {css} }}\n'
