"""The floors: what a database does when nothing stands before it, measured by pgbench."""

import re
import subprocess
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from benchmarks.place import Town
from benchmarks.server import connect, pgbench, url_of
from regulars.members.queries import BALANCE_BY_CARD

CLIENTS = 8

_RATE = re.compile(r"^tps = ([\d.]+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Floor:
    """The floors of one database with members."""

    data: Path
    database: str
    town: Town
    members: int

    def build(self) -> None:
        """Make the floor's own tables, with as many rows as ours begin with."""
        with connect(self.data, self.database) as connection:
            connection.execute((files("benchmarks") / "floor.sql").read_text("utf-8"))
            connection.execute("VACUUM (ANALYZE)")
            connection.execute("CHECKPOINT")
        (self.data / "sale.pgbench").write_bytes(
            (files("benchmarks") / "sale.pgbench").read_bytes()
        )
        (self.data / "balance.pgbench").write_text(_balance_script())

    def rate(self, path: str, seconds: int) -> float:
        """Transactions a second of a path's floor: ``sale`` or ``balance``."""
        variables = {
            "members": self.members,
            "business": self.town.business_id,
            "issued": self.town.issued_id,
        }
        ran = subprocess.run(
            [
                pgbench(),
                *("--no-vacuum", "--protocol=prepared", f"--client={CLIENTS}", "--jobs=2"),
                f"--time={seconds}",
                f"--file={self.data / path}.pgbench",
                *(f"--define={name}={value}" for name, value in variables.items()),
                url_of(self.data, self.database),
            ],
            check=True,
            capture_output=True,
            text=True,
        )
        found = _RATE.search(ran.stdout)
        assert found is not None, f"pgbench said: {ran.stdout}{ran.stderr}"
        return float(found[1])


def _balance_script() -> str:
    sql = BALANCE_BY_CARD % {"business_id": ":business", "number": "('C' || :n)", "at": "now()"}
    return "\\set n random(1, :members)\n" + " ".join(sql.split()) + ";\n"
