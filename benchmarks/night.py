"""One night's work on the database that DATABASE_URL names, in a process of its own."""

import json
import sys
import time
from uuid import UUID


def main() -> None:
    """Book everything that is due in a business; prints the seconds and what was done."""
    import django  # noqa: PLC0415 - only here

    django.setup()
    from django.utils import timezone  # noqa: PLC0415 - needs Django

    from regulars.actions.due.nightly import steps  # noqa: PLC0415 - needs Django

    business_id = UUID(sys.argv[1])
    begun = time.perf_counter()
    done = list(steps(business_id, timezone.now))
    seconds = time.perf_counter() - begun
    booked = sum(step.booked for step in done)
    sys.stdout.write(json.dumps({"seconds": seconds, "booked": booked}))

    from django.db import connection  # noqa: PLC0415 - needs Django

    connection.close()
    connection.close_pool()  # type: ignore[attr-defined]


if __name__ == "__main__":
    main()
