"""The words for why two customers cannot be merged."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from regulars.domain import merging

MERGE: Mapping[str, Promise] = {
    merging.WhyNot.ONESELF: _("This is one and the same customer. Choose another one to merge."),
    merging.WhyNot.ERASED: _("One of these customers was erased. Nothing is left to merge."),
    merging.WhyNot.KEPT_IS_MERGED: _(
        "The customer to keep was merged into another one already. Choose that one."
    ),
    merging.WhyNot.ALREADY_MERGED: _(
        "This customer was merged into another one already. There is nothing left to do."
    ),
    merging.WhyNot.OTHER_PROGRAMME: _(
        "Their accounts are in two programmes. Say how many %(unit)s one of the other is worth."
    ),
    merging.WhyNot.SAME_PROGRAMME: _(
        "Their accounts are in one programme. Leave the rate out: %(unit)s go over one to one."
    ),
    merging.WhyNot.OPEN_SALES: _(
        "The account that would close has a sale still to be paid. Finish it, or call it off."
    ),
}
