"""Sends e-mail to an SMTP server, by Django's own settings for it."""

from email.utils import formataddr
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from regulars.notices.senders import Letter, NotSentError

BACKEND = "django.core.mail.backends.smtp.EmailBackend"


def send(letter: Letter) -> None:
    """Send a plain text, in the name of the business.

    Raises NotSentError.
    """
    message = EmailMessage(
        subject=letter.subject,
        body=letter.text,
        from_email=formataddr((letter.sender, settings.DEFAULT_FROM_EMAIL)),
        to=[letter.to],
        headers={
            "Message-ID": f"<{letter.id}@{urlsplit(settings.ORIGIN).hostname}>",
            "Auto-Submitted": "auto-generated",
        },
        connection=get_connection(BACKEND),
    )
    if letter.attached is not None:
        file = letter.attached
        message.attach(file.name, file.text, file.content_type)
    try:
        message.send()
    except (OSError, SMTPException, ValueError) as problem:
        raise NotSentError(_code_of(problem)) from None  # Its text names the recipient.


def _code_of(problem: Exception) -> str:
    if isinstance(problem, SMTPRecipientsRefused):
        return f"smtp_{next(iter(problem.recipients.values()))[0]}"
    if isinstance(problem, SMTPResponseException):
        return f"smtp_{problem.smtp_code}"
    return type(problem).__name__
