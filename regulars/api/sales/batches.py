"""Many sales in one request: the path for imports from other systems."""

from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone

from regulars.actions.requests import Request
from regulars.actions.sales.batches import BatchItem, Result, sell_batch
from regulars.actions.sales.orders import SaleOutcome
from regulars.api.callers import ApiRequest, Caller
from regulars.api.door import Resource
from regulars.api.errors import FOR_PROGRAMS, STATUS, Code, Problem, problem_with
from regulars.api.guessing import check_guesses, note_guesses
from regulars.api.requests import check_time
from regulars.api.sales.sale_shapes import BatchIn, BatchOut, BatchResult, BatchSale, BatchSaleIn
from regulars.api.sales.sales import order_of
from regulars.api.scopes import Scope
from regulars.api.shapes import ErrorOut, answer
from regulars.api.telling import earned_in_words, formats_of, lines_of
from regulars.business.formats import Formats
from regulars.domain.errors import NotFound, Refusal
from regulars.reports.refusing import explain

batches = Resource("Sales")


@batches.reads("/sales/batch", Scope.SALES_WRITE, BatchOut, method="POST")
def create_sales(request: ApiRequest, body: BatchIn) -> HttpResponse:
    """Sell up to 1,000 times, in order; one sale that is refused does not undo the others.

    Each sale has its own `request_id`, so a batch whose answer got lost is simply sent again. Its
    `status` is what `POST /sales` would have answered.
    """
    caller = request.auth
    requests = _requests(request, body)
    if any(sale.coupon_code for sale in body.sales):
        check_guesses(caller)
    sent: list[BatchItem | Refusal] = []
    for sale, asked in zip(body.sales, requests, strict=True):
        try:
            order = order_of(caller, sale)
            sent.append(BatchItem(order, asked, sale.customer_number, sale.programme_id))
        except Refusal as refusal:
            sent.append(refusal)
    items = [item for item in sent if isinstance(item, BatchItem)]
    done = iter(sell_batch(caller.business_id, items))
    became = [next(done) if isinstance(item, BatchItem) else item for item in sent]
    _note_unknown_coupons(caller, became)
    formats = formats_of(caller) if body.explain else None
    results = [
        _result(asked.id, result, formats) for asked, result in zip(requests, became, strict=True)
    ]
    refused = sum(result.error is not None for result in results)
    return answer(BatchOut(results=results, done=len(results) - refused, refused=refused))


def _note_unknown_coupons(caller: Caller, became: Sequence[Result]) -> None:
    """Count codes that there are not; the rest of the batch is done, so the next one will wait."""
    unknown = sum(isinstance(each, NotFound) and each.what == "coupon" for each in became)
    if unknown:
        with suppress(Problem):
            note_guesses(caller, unknown)


def _requests(request: ApiRequest, body: BatchIn) -> list[Request]:
    """Raises Problem, which names the sale that it is about."""
    now, staff_id = timezone.now(), request.auth.staff_id
    repeated = [i for i, n in Counter(sale.request_id for sale in body.sales).items() if n > 1]
    requests = []
    for place, sale in enumerate(body.sales):
        request_id = sale.request_id
        if request_id is None:
            raise Problem(Code.REQUEST_ID_MISSING, field=f"sales.{place}.request_id")
        if request_id in repeated:
            raise problem_with(f"sales.{place}.request_id", "it stands here twice")
        _check_customer(sale, place)
        if sale.at is None:
            requests.append(Request(request_id, now, staff_id))
            continue
        at = check_time(request, sale.at, now, f"sales.{place}.at")
        requests.append(Request(request_id, at, staff_id, recorded_at=now))
    return requests


def _check_customer(sale: BatchSaleIn, place: int) -> None:
    if sale.customer_number and sale.member_id is not None:
        field = f"sales.{place}.customer_number"
        raise problem_with(field, "a sale names a member or a customer's number")


def _result(request_id: UUID, result: Result, formats: Formats | None) -> BatchResult:
    if isinstance(result, SaleOutcome):
        sale = BatchSale(
            id=result.sale_id,
            operation_id=result.operation_id,
            state=result.state,
            number=result.number,
            charged_minor=result.charged_minor,
            to_pay_minor=result.to_pay_minor,
            points_paid=result.points_paid,
            earned=result.earned,
        )
        if formats is None:
            return BatchResult(request_id=request_id, status=201, sale=sale)
        lines = result.explanation["lines"]
        return BatchResult(
            request_id=request_id,
            status=201,
            sale=sale,
            lines=lines_of(lines, formats),
            text=earned_in_words(lines, formats),
        )
    error = ErrorOut(
        code=result.code,
        message=explain(result, FOR_PROGRAMS),
        details=vars(result),
        request_id=str(request_id),
    )
    return BatchResult(request_id=request_id, status=STATUS[type(result)], error=error)
