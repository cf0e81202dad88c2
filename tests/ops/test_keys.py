import stat
from pathlib import Path

import pytest

from regulars.ops import keys


def test_the_first_start_makes_keys_that_only_the_owner_reads(tmp_path: Path) -> None:
    keys.make_file(tmp_path)

    made = keys.read(tmp_path, {})
    keys.check(made)
    keys.require(made)
    assert stat.S_IMODE((tmp_path / keys.FILE_NAME).stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == [keys.FILE_NAME]


def test_a_second_start_keeps_the_keys(tmp_path: Path) -> None:
    keys.make_file(tmp_path)
    first = keys.read(tmp_path, {})

    keys.make_file(tmp_path)

    assert keys.read(tmp_path, {}) == first


def test_the_environment_goes_before_the_file(tmp_path: Path) -> None:
    keys.make_file(tmp_path)

    found = keys.read(tmp_path, {keys.SECRET_KEY: "from the environment"})

    assert found[keys.SECRET_KEY] == "from the environment"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        (keys.SECRET_KEY, "secret"),
        (keys.SECRET_KEY, "a" * 64),
        (keys.SECRET_KEY, "django-insecure-0123456789abcdefghijklmnopqrstuvwxyz"),
        (keys.LOOKUP_KEY, "00" * 32),
        (keys.LOOKUP_KEY, "not hexadecimal"),
        (keys.LOOKUP_KEY, bytes(range(31)).hex()),
        (keys.ENCRYPTION_KEY, "c2hvcnQ="),
        (keys.ENCRYPTION_KEY, "?"),
    ],
)
def test_a_weak_key_is_refused_by_name(name: str, value: str) -> None:
    with pytest.raises(keys.BadKeyError, match=name):
        keys.check({name: value})


def test_a_missing_key_is_refused_by_name() -> None:
    there = keys.fresh()
    del there[keys.LOOKUP_KEY]

    with pytest.raises(keys.BadKeyError, match=f"^{keys.LOOKUP_KEY} must be set"):
        keys.require(there)


def test_a_place_that_cannot_be_looked_at_is_said_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(keys.BadKeyError, match="cannot be read: File name too long"):
        keys.read(tmp_path / ("x" * 300), {})
