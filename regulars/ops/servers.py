"""Whether a PostgreSQL server of somebody's own will do."""

from django.db import connection
from django.utils.translation import gettext as _

OLDEST = 15
ENCODING = "UTF8"


def unfit() -> str:
    """Why the database cannot hold what Regulars keeps, in a sentence; "" where it can."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('server_version_num')::int / 10000,"
            " pg_encoding_to_char(encoding), datname"
            " FROM pg_database WHERE datname = current_database()"
        )
        major, encoding, name = cursor.fetchone()
    return why_unfit(major, encoding, name)


def why_unfit(major: int, encoding: str, name: str) -> str:
    """The same of what a server says of itself."""
    if major < OLDEST:
        said = _("The server is PostgreSQL %(major)s; Regulars needs %(oldest)s or newer.")
        return said % {"major": major, "oldest": OLDEST}
    if encoding != ENCODING:
        said = _(
            "The database “%(name)s” keeps text as %(encoding)s; Regulars needs UTF8. Make"
            " another one: createdb --encoding=UTF8 --template=template0"
        )
        return said % {"name": name, "encoding": encoding}
    return ""
