"""How an answer is handed to the web server."""

from collections.abc import Iterable

from django.http import HttpResponse


def whole(answer: Iterable[bytes]) -> Iterable[bytes]:
    """Give an answer whole that is known whole, and be done with its request.

    The web server sends a list at once; anything else it asks for piece by piece, from one thread
    to the other, and closes it when the last piece has gone.
    """
    if not isinstance(answer, HttpResponse):
        return answer
    body = [answer.content]
    answer.close()
    return body
