"""What was backed up is there again, on another machine or in the place of what is there."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp

import psycopg
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from regulars.ops import dumps, embedded, keys, places
from tests.reports.busy import BusyShop, a_busy_shop
from tests.reports.test_verify import sealed

pytestmark = pytest.mark.django_db(transaction=True)

RUN = "from regulars.ops.cli import main; main()"


@pytest.fixture
def busy() -> BusyShop:
    return sealed(a_busy_shop())


@pytest.fixture
def place() -> Iterator[Path]:
    """An empty place on another machine, so to say."""
    directory = Path(mkdtemp(prefix="regulars-tests-", dir="/tmp"))
    directory.chmod(0o711)  # For the user that PostgreSQL runs as.
    data = directory / "data"
    places.make_data_directory(data)
    keys.make_file(data)
    with embedded.running(data, for_tests=True):  # Quicker than for each command anew.
        yield directory
    rmtree(directory)


@pytest.fixture
def keys_of_the_tests(place: Path) -> Path:
    path = place / "tests.keys"
    found = {
        keys.SECRET_KEY: settings.SECRET_KEY,
        keys.LOOKUP_KEY: settings.LOOKUP_KEY.hex(),
        keys.ENCRYPTION_KEY: settings.ENCRYPTION_KEY,
    }
    path.write_text(keys.as_lines(found))
    return path


def regulars(data: Path, *arguments: str, said: str = "") -> "subprocess.CompletedProcess[str]":
    """A command of an installation of its own."""
    others = {"DATABASE_URL", "DJANGO_SETTINGS_MODULE", *keys.NAMES}
    environ = {name: value for name, value in os.environ.items() if name not in others}
    return subprocess.run(
        [sys.executable, "-c", RUN, *arguments],
        check=False,
        capture_output=True,
        text=True,
        input=said,
        env={**environ, "REGULARS_DATA": str(data)},
    )


def test_a_backup_is_restored_and_verified_elsewhere(
    busy: BusyShop, place: Path, keys_of_the_tests: Path
) -> None:
    file = place / "monday.backup"
    call_command("backup", str(file))
    data = place / "data"

    restored = regulars(data, "restore", str(file), "--keys", str(keys_of_the_tests))
    verified = regulars(data, "verify", "--json")

    assert restored.returncode == 0, restored.stderr
    told = json.loads(verified.stdout)
    assert told["right"] is True
    assert told["businesses"] == [busy.shop.business.slug]
    assert told["seals"][busy.shop.business.slug]["number"] == 2
    assert (file.stat().st_mode & 0o777, (data / keys.FILE_NAME).stat().st_mode & 0o777) == (
        0o600,
        0o600,
    )


def test_what_is_there_is_replaced_only_when_told_so_twice(
    busy: BusyShop, place: Path, keys_of_the_tests: Path
) -> None:
    file, again = place / "monday.backup", place / "tuesday.backup"
    call_command("backup", str(file))
    data = place / "data"
    assert regulars(data, "restore", str(file)).returncode == 1, "the keys made here do not fit"
    (data / keys.FILE_NAME).write_bytes(keys_of_the_tests.read_bytes())

    refused = regulars(data, "restore", str(file))
    unconfirmed = regulars(data, "restore", str(file), "--replace", said="yes\n")
    backed_up = regulars(data, "backup", str(again), "--with-keys")
    confirmed = regulars(data, "restore", str(again), "--replace", said="replace\n")

    assert "--replace" in refused.stderr
    assert "Nothing was changed" in unconfirmed.stderr
    assert backed_up.returncode == 0, backed_up.stderr
    assert confirmed.returncode == 0, confirmed.stderr
    written = again.with_name(f"{again.name}.keys")
    assert written.read_text() == keys_of_the_tests.read_text()
    assert written.stat().st_mode & 0o777 == 0o600


def test_keys_that_do_not_fit_are_found_out(busy: BusyShop, place: Path) -> None:
    file = place / "monday.backup"
    call_command("backup", str(file))

    restored = regulars(place / "data", "restore", str(file))

    assert restored.returncode == 1
    assert "keys here are not those of this backup" in restored.stderr


def test_keys_that_could_not_be_tried_are_told_of(place: Path, keys_of_the_tests: Path) -> None:
    file = place / "monday.backup"
    call_command("backup", str(file))
    data = place / "data"

    untried = regulars(data, "restore", str(file))
    given = regulars(data, "restore", str(file), "--keys", str(keys_of_the_tests))

    assert untried.returncode == 0, untried.stderr
    assert "could not be tried" in untried.stdout
    assert given.returncode == 0, given.stderr
    assert "could not be tried" not in given.stdout


def test_half_a_file_changes_nothing(busy: BusyShop, place: Path) -> None:
    file, half = place / "monday.backup", place / "half.backup"
    call_command("backup", str(file))
    half.write_bytes(file.read_bytes()[: file.stat().st_size * 3 // 4])
    data = place / "data"
    regulars(data, "restore", str(file))

    broken = regulars(data, "restore", str(half), "--replace", "--yes")

    assert broken.returncode == 1
    assert json.loads(regulars(data, "verify", "--json").stdout)["right"] is True


def test_another_file_is_no_backup(place: Path) -> None:
    file = place / "letter.txt"
    file.write_text("Dear Sir or Madam")

    with pytest.raises(CommandError, match="no backup"):
        call_command("restore", str(file))
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("restore", str(place / "nothing"))


def test_a_database_in_use_is_left_alone(busy: BusyShop, place: Path) -> None:
    file = place / "monday.backup"
    call_command("backup", str(file))
    data = place / "data"
    with psycopg.connect(embedded.database_url(data)):
        refused = regulars(data, "restore", str(file))

    assert "in use" in refused.stderr


def test_a_place_that_cannot_hold_a_backup_is_said_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="is a directory; name a file"):
        call_command("backup", str(tmp_path), "--overwrite")
    with pytest.raises(CommandError, match="cannot be written: File name too long"):
        call_command("backup", str(tmp_path / ("x" * 300)))
    with pytest.raises(CommandError, match="cannot be written: No such file"):
        call_command("backup", str(tmp_path / "nowhere" / "points.backup"))

    assert list(tmp_path.iterdir()) == []


def test_a_file_is_overwritten_only_when_told_so(busy: BusyShop, place: Path) -> None:
    file = place / "monday.backup"
    file.write_text("precious")

    with pytest.raises(CommandError, match="--overwrite"):
        call_command("backup", str(file))
    call_command("backup", str(file), "--overwrite")

    assert file.read_bytes().startswith(dumps.FORMAT)
    assert sorted(path.name for path in place.iterdir()) == ["data", "monday.backup"]


def test_a_backup_that_cannot_be_written_leaves_nothing_behind(place: Path) -> None:
    with pytest.raises(CommandError, match="cannot be written"):
        call_command("backup", str(place / "missing" / "monday.backup"))
