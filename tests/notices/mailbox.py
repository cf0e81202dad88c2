"""Real servers that take messages, and keep them to be looked at."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from logging import WARNING, getLogger
from threading import Thread

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from pytest_django import Settings

from tests.running import free_port

# Its thread tells of every connection, also when no test is there to keep it.
getLogger("mail.log").setLevel(WARNING)


@dataclass
class Mailbox:
    """A mail server on this machine."""

    port: int = field(default_factory=free_port)
    answer: str = "250 Kept"
    """What it says once it has a message."""
    refuses: str = ""
    """What it says to any recipient, if it takes none."""
    letters: list[EmailMessage] = field(default_factory=list)
    on_letter: Callable[[], None] = lambda: None

    async def handle_RCPT(  # noqa: N802, PLR0917 - aiosmtpd's way
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.refuses:
            return self.refuses
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - aiosmtpd's way
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        assert isinstance(envelope.content, bytes)
        letter = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(letter, EmailMessage)
        self.letters.append(letter)
        self.on_letter()
        return self.answer


@contextmanager
def a_mailbox(settings: Settings) -> Iterator[Mailbox]:
    """A mail server to which e-mail goes."""
    mailbox = Mailbox()
    controller = Controller(mailbox, hostname="127.0.0.1", port=mailbox.port)
    controller.start()
    settings.SENDERS = {**settings.SENDERS, "email": "smtp"}
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", mailbox.port
    settings.DEFAULT_FROM_EMAIL = "hello@regulars.example"
    try:
        yield mailbox
    finally:
        controller.stop()


@dataclass(frozen=True)
class Asked:
    """What a gateway was asked."""

    method: str
    path: str
    body: bytes
    authorization: str | None


@dataclass
class Gateway:
    """An SMS gateway on this machine."""

    url: str
    status: int = 200
    asked: list[Asked] = field(default_factory=list)


@contextmanager
def a_gateway(settings: Settings) -> Iterator[Gateway]:
    """A gateway to which text messages go."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.do_POST()

        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            body, secret = self.rfile.read(length), self.headers.get("Authorization")
            gateway.asked.append(Asked(self.command, self.path, body, secret))
            self.send_response(gateway.status)
            self.end_headers()

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    gateway = Gateway(f"http://127.0.0.1:{server.server_port}")
    thread = Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    settings.SENDERS = {**settings.SENDERS, "sms": "gateway"}
    settings.SMS_URL = f"{gateway.url}/send?to={{to}}&text={{text}}"
    try:
        yield gateway
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
