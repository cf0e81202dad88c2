"""A text message through a gateway that others run: Debian's Kannel, with a phone net made up.

Left out where Kannel is not installed: ``apt-get install kannel kannel-extras``.
"""

import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from pytest_django import Settings

from regulars.notices.senders import Letter, NotSentError, sender_of
from regulars.rows import new_id
from tests.running import free_port

BEARERBOX, SMSBOX = Path("/usr/sbin/bearerbox"), Path("/usr/sbin/smsbox")
PHONE_NET = Path("/usr/lib/kannel/test/fakesmsc")

pytestmark = pytest.mark.skipif(
    not all(program.exists() for program in (BEARERBOX, SMSBOX, PHONE_NET)),
    reason="Kannel is not installed on this machine",
)

CONFIGURATION = """
group = core
admin-port = {admin}
admin-password = unused
smsbox-port = {between}
box-allow-ip = 127.0.0.1

group = smsc
smsc = fake
smsc-id = MADE-UP
host = 127.0.0.1
port = {net}
connect-allow-ip = 127.0.0.1

group = smsbox
bearerbox-host = 127.0.0.1
sendsms-port = {gateway}
sendsms-interface = 127.0.0.1
global-sender = 13013

group = sendsms-user
username = regulars
password = heron
"""


@contextmanager
def running(*command: str, until: str) -> Iterator["subprocess.Popen[str]"]:
    """A program, once it has said that it is up."""
    program = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
    )
    try:
        wait_for(program, until)
        yield program
    finally:
        program.terminate()
        program.communicate(timeout=20)


def wait_for(program: "subprocess.Popen[str]", said: str) -> str:
    """The line in which a program says this."""
    assert program.stdout is not None
    for line in program.stdout:
        if said in line:
            return line
    raise AssertionError(f"It ended before it said “{said}”.")


@pytest.fixture
def phone_net(tmp_path: Path, settings: Settings) -> Iterator["subprocess.Popen[str]"]:
    """Where text messages end up: it says each one."""
    ports = {name: free_port() for name in ("admin", "between", "net", "gateway")}
    configuration = tmp_path / "kannel.conf"
    configuration.write_text(CONFIGURATION.format(**ports))
    settings.SENDERS = {**settings.SENDERS, "sms": "gateway"}
    settings.SMS_URL = (
        f"http://127.0.0.1:{ports['gateway']}/cgi-bin/sendsms"
        "?username=regulars&password=heron&charset=UTF-8&to={to}&text={text}"
    )
    hello = "13013 123 text hello"
    net = [str(PHONE_NET), "-H", "127.0.0.1", "-r", str(ports["net"]), "-m", "1", hello]
    with ExitStack() as stack:
        for program, up in ((BEARERBOX, "Start-up done"), (SMSBOX, "Connected to bearerbox")):
            stack.enter_context(running(str(program), str(configuration), until=up))
        yield stack.enter_context(running(*net, until="Got message 1"))


def a_letter(text: str) -> Letter:
    return Letter(new_id(), "+4915123456789", "Salon Linde", "", text)


@pytest.mark.row("S11")
def test_a_gateway_of_others_passes_the_text_on_as_it_is(
    phone_net: "subprocess.Popen[str]",
) -> None:
    sender_of("sms")(a_letter("Danke, Jürgen! 50 % & mehr? {to}"))

    got = wait_for(phone_net, "Got message 2")
    assert "<13013 +4915123456789 text Danke, Jürgen! 50 % & mehr? {to}>" in got


def test_a_gateway_that_does_not_know_us_says_so(
    phone_net: "subprocess.Popen[str]", settings: Settings
) -> None:
    settings.SMS_URL = settings.SMS_URL.replace("heron", "magpie")

    with pytest.raises(NotSentError) as refused:
        sender_of("sms")(a_letter("Danke!"))

    assert refused.value.code == "http_403"
