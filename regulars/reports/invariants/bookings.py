"""The calendar: nobody's seat and nobody's time is given twice."""

from django.utils.translation import gettext_lazy as _

from regulars.reports.invariants.shape import Invariant, rows_where

_SEATS = """
SELECT c.business_id, c.id || ': ' || k.seats || ' / ' || c.seats
FROM bookings_classsession c
JOIN (
  SELECT business_id, session_id, sum(seats) AS seats FROM bookings_booking
  WHERE business_id = ANY(%(mine)s) AND session_id IS NOT NULL AND state <> 'cancelled'
  GROUP BY business_id, session_id
) k ON k.business_id = c.business_id AND k.session_id = c.id
WHERE c.business_id = ANY(%(mine)s) AND (k.seats > c.seats OR c.cancelled_at IS NOT NULL)
"""

_TIMES = """
SELECT t.business_id, t.provider_id || ': ' || t.id FROM (
  SELECT d.business_id, d.provider_id, d.id, d.starts_at, max(d.ends_at) OVER (
    PARTITION BY d.business_id, d.provider_id ORDER BY d.starts_at, d.id
    ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS busy_until
  FROM (
    SELECT business_id, provider_id, id, starts_at, ends_at FROM bookings_booking
    WHERE business_id = ANY(%(mine)s) AND provider_id IS NOT NULL AND state <> 'cancelled'
    UNION ALL
    SELECT business_id, provider_id, id, starts_at, ends_at FROM bookings_classsession
    WHERE business_id = ANY(%(mine)s) AND provider_id IS NOT NULL AND cancelled_at IS NULL
  ) d
) t
WHERE t.starts_at < t.busy_until
"""

BOOKINGS = (
    Invariant(
        "session_has_seats_enough",
        _("A session has no more booked than it has seats, and nothing once it is cancelled"),
        rows_where(_SEATS),
    ),
    Invariant(
        "nobody_does_two_things_at_once",
        _("Whoever services are booked with has one thing to do at a time"),
        rows_where(_TIMES),
    ),
)
