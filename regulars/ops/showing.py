"""Shows how verifying goes, and what it found."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table

from regulars.business.models import Business
from regulars.ledger.seals import last_link
from regulars.reports.verifying import INVARIANTS, Verdict, verify


def verified_quietly(businesses: Sequence[Business]) -> list[Verdict]:
    """Verify without a word."""
    return list(verify([business.pk for business in businesses]))


def verified_aloud(write: Callable[[str], None], businesses: Sequence[Business]) -> list[Verdict]:
    """Verify with a bar meanwhile, and print a table of what was found."""
    verdicts = []
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(_("Verifying the books"), total=len(INVARIANTS))
        for verdict in verify([business.pk for business in businesses]):
            verdicts.append(verdict)
            progress.advance(task)
    console = Console(highlight=False)
    with console.capture() as captured:
        console.print(_table(verdicts, {business.pk: business.slug for business in businesses}))
    write(captured.get())
    return verdicts


def as_data(verdicts: Sequence[Verdict], businesses: Sequence[Business]) -> dict[str, Any]:
    """What was found, and the last seal of each business, to be kept elsewhere."""
    slugs = {business.pk: business.slug for business in businesses}
    return {
        "businesses": sorted(slugs.values()),
        "right": not any(verdict.found for verdict in verdicts),
        "invariants": [
            {
                "code": verdict.invariant.code,
                "says": str(verdict.invariant.says),
                "breaches": verdict.breaches,
                "milliseconds": verdict.milliseconds,
                "found": [
                    {
                        "business": _slug(found.business_id, slugs),
                        "count": found.count,
                        "examples": list(found.examples),
                    }
                    for found in verdict.found
                ],
            }
            for verdict in verdicts
        ],
        "seals": {slug: _last_seal(business_id) for business_id, slug in slugs.items()},
    }


def _last_seal(business_id: UUID) -> dict[str, Any] | None:
    link = last_link(business_id)
    if not link.number:
        return None
    return {
        "number": link.number,
        "recorded_until": link.recorded_until.isoformat(),
        "hash": link.hash.hex(),
    }


def _table(verdicts: Sequence[Verdict], slugs: dict[UUID, str]) -> Table:
    table = Table(box=None, padding=(0, 1), pad_edge=False)
    table.add_column(_("Breaches"), justify="right")
    table.add_column(_("Invariant"))
    table.add_column("ms", justify="right")
    for verdict in verdicts:
        style = "bold red" if verdict.found else None
        mark = str(verdict.breaches) if verdict.found else _("none")
        table.add_row(mark, str(verdict.invariant.says), str(verdict.milliseconds), style=style)
        for found in verdict.found:
            business = _slug(found.business_id, slugs) or _("the database")
            table.add_row("", f"  {business}: {found.count}")
            for example in found.examples:
                table.add_row("", f"    {example}")
    return table


def _slug(business_id: UUID | None, slugs: dict[UUID, str]) -> str | None:
    return slugs.get(business_id, str(business_id)) if business_id else None
