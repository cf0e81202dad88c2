"""Whatever colour a business chooses, its pages can be read: tokens.css, measured as WCAG does."""

import re
from math import cos, radians, sin
from pathlib import Path

import pytest

import regulars
from regulars.site.accent import MOST_CHROMA_MILLI

TOKENS = (Path(regulars.__file__).parent / "static" / "css" / "tokens.css").read_text()
LIGHT, DARK = 0, 1
HUES = range(0, 360, 15)

TEXT = (
    ("ink", "canvas"), ("ink", "surface"), ("ink-2", "canvas"), ("ink-2", "sunken"),
    ("ink-3", "surface"), ("ink-3", "canvas"), ("ink-3", "sunken"),
    ("good", "surface"), ("good", "good-soft"), ("warn", "surface"), ("warn", "warn-soft"),
    ("bad", "surface"), ("bad", "bad-soft"), ("on-accent", "accent"), ("on-accent", "accent-deep"),
    ("accent-ink", "canvas"), ("accent-ink", "surface"), ("accent-ink", "accent-soft"),
    ("ink", "accent-soft"), ("ink-2", "accent-soft"), ("canvas", "ink"),
)  # fmt: skip
"""What is written on what."""

CONTROLS = (("edge", "canvas"), ("edge", "surface"), ("accent", "surface"))


CALCULATED = re.compile(r"calc\(([\d.]+) \* ([\d.]+)(?: \+ ([\d.]+))?\)")
OKLCH = re.compile(r"oklch\(([\d.]+) ([\d.]+) ([\d.]+)\)")


def luminance(token: str, scheme: int, hue: int, chroma: float) -> float:
    """Relative luminance of a token, 0 to 1; a colour outside sRGB is cut off as screens do."""
    declared = re.search(rf"--{token}: (.+);", TOKENS)
    assert declared, token
    text = declared[1].replace("var(--H)", str(hue)).replace("var(--C)", str(chroma))
    text = CALCULATED.sub(lambda its: f"{float(its[1]) * float(its[2]) + float(its[3] or 0)}", text)
    colours = OKLCH.findall(text)
    lightness, colourfulness, angle = map(float, colours[min(scheme, len(colours) - 1)])
    a, b = colourfulness * cos(radians(angle)), colourfulness * sin(radians(angle))
    # https://www.w3.org/TR/css-color-4/#color-conversion-code
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    red = 4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short
    green = -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short
    blue = -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short
    red, green, blue = (min(max(channel, 0), 1) for channel in (red, green, blue))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def least_contrast(one: str, other: str, scheme: int) -> float:
    """Over all hues, for the most and the least colourful business."""
    ratios = []
    for hue in HUES:
        for chroma in (0.0, MOST_CHROMA_MILLI / 1000):
            pair = [luminance(token, scheme, hue, chroma) for token in (one, other)]
            ratios.append((max(pair) + 0.05) / (min(pair) + 0.05))
    return min(ratios)


@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), TEXT)
def test_text_can_be_read_in_every_hue(text: str, ground: str, scheme: int) -> None:
    assert least_contrast(text, ground, scheme) >= 4.5


@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("control", "ground"), CONTROLS)
def test_controls_can_be_seen_in_every_hue(control: str, ground: str, scheme: int) -> None:
    assert least_contrast(control, ground, scheme) >= 3
