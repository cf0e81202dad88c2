"""The backend that ``ENGINE`` names.

Every request takes a connection out of the pool. Django's CONN_HEALTH_CHECKS would ask the server
each time whether it is still there, which costs as much as one of the request's own statements.
But a server that leaves says so, or the kernel does, and so there is something to read on a
connection that should be silent: only then it is asked.
"""

from select import POLLIN, poll
from typing import Any

from django.db.backends.postgresql import base
from psycopg import Connection, OperationalError
from psycopg_pool import ConnectionPool


class DatabaseWrapper(base.DatabaseWrapper):
    """Never gives out a connection that the server has left."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:  # noqa: ANN401 - Django's shape
        connection = super().get_new_connection(conn_params)
        while self.pool is not None and not lives(connection):
            connection.close()
            self.pool.putconn(connection)  # It replaces what is closed.
            connection = super().get_new_connection(conn_params)
        return connection


def lives(connection: "Connection[Any]") -> bool:
    """Whether the server is still there, for all that this machine has heard."""
    listening = poll()
    listening.register(connection.pgconn.socket, POLLIN)
    if not listening.poll(0):
        return True
    try:
        ConnectionPool.check_connection(connection)
    except OperationalError:
        return False
    return True
