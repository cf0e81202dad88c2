"""Whether a PostgreSQL server runs on a directory, whatever was killed before."""

import os
import time
from dataclasses import dataclass
from pathlib import Path

_STATUS_LINE = 7
_PAUSE_SECONDS = 0.02


@dataclass
class Postmaster:
    """The server that runs, or once ran, on a directory of PostgreSQL's files."""

    cluster: Path

    @property
    def note(self) -> Path:
        """PostgreSQL's own note of a running server: its process, its socket, its state."""
        return self.cluster / "postmaster.pid"

    def is_ready(self, patience_seconds: float) -> bool:
        """Whether a server runs here, waiting for one that is still starting or stopping."""
        deadline = time.monotonic() + patience_seconds
        while self._is_alive():
            if self._status() == "ready":
                return True
            if time.monotonic() > deadline:
                return False
            time.sleep(_PAUSE_SECONDS)
        return False

    def forget(self, patience_seconds: float) -> None:
        """Remove the note of a server that was killed, once the last of its processes is gone.

        PostgreSQL does so itself unless another process bears the old number, as happens after a
        restart of the machine, or the dead one was never collected, as happens in containers.

        Raises TimeoutError while processes of the old server still run: a second server beside
        them would destroy data.
        """
        if not self.note.exists():
            return
        deadline = time.monotonic() + patience_seconds
        while self._has_processes():
            if time.monotonic() > deadline:
                raise TimeoutError
            time.sleep(_PAUSE_SECONDS)
        self.note.unlink(missing_ok=True)

    def _is_alive(self) -> bool:
        lines = self._lines()
        return bool(lines) and lines[0].isdigit() and self._works_here(int(lines[0]))

    def _has_processes(self) -> bool:
        import psutil  # noqa: PLC0415 - slow to import, and comes with the server's wheel

        return any(self._works_here(number) for number in psutil.pids())

    def _works_here(self, number: int) -> bool:
        """Whether the process of this number is PostgreSQL's, working on this directory."""
        import psutil  # noqa: PLC0415 - see above

        try:
            process = psutil.Process(number)
            return process.name() == "postgres" and process.cwd() == os.path.realpath(self.cluster)
        except psutil.Error:  # Gone, dead but not collected, or somebody else's.
            return False

    def _status(self) -> str:
        lines = self._lines()
        return lines[_STATUS_LINE].strip() if len(lines) > _STATUS_LINE else ""

    def _lines(self) -> list[str]:
        try:
            return self.note.read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            return []
