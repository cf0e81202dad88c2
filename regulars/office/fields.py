"""What forms of the office share: whole numbers, and what stood in a form when it was opened.

A form with hidden beginnings (``show_hidden_initial``) sends back what stood in it when it was
opened, so that only what was changed in it is written: somebody else may have changed the rest
meanwhile.
"""

from typing import Any

from django import forms
from django.utils.formats import number_format
from django.utils.translation import gettext as _


class WholeField(forms.IntegerField):
    """A whole number; whatever is none, or is out of its bounds, gets one sentence with them."""

    min_value: int
    max_value: int

    def clean(self, value: Any) -> int | None:  # noqa: ANN401 - as Django's are
        """Raises ValidationError."""
        try:
            number: int | None = super().clean(value)
        except forms.ValidationError as problem:
            said = {
                "least": number_format(self.min_value, force_grouping=True),
                "most": number_format(self.max_value, force_grouping=True),
            }
            text = _("Type a whole number from %(least)s to %(most)s.") % said
            raise forms.ValidationError(text) from problem
        return number


def beginnings(form: forms.Form) -> list[tuple[str, object]]:
    """What stood in a form when it was opened, as names and values of hidden fields."""
    kept = [each for each in form if each.field.show_hidden_initial]
    if form.is_bound:
        names = [each.html_initial_name for each in kept]
        return [(name, form.data[name]) for name in names if name in form.data]
    return [(each.html_initial_name, _text(each.value())) for each in kept]


def _text(value: object) -> object:
    return "" if value is None or value is False else value


def changed(form: forms.Form) -> frozenset[str]:
    """The fields that were changed since the form was opened, of those with hidden beginnings."""
    return frozenset(
        each.name
        for each in form
        if each.field.show_hidden_initial
        and (each.html_initial_name not in form.data or each.name in form.changed_data)
    )
