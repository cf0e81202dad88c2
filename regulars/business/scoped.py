"""What every row of a business has: an id of ours, its business, and a manager that knows it."""

from typing import TYPE_CHECKING, TypeVar

from django.db import models
from django_scopes import ScopedManager

from regulars.rows import new_id

M = TypeVar("M", bound=models.Model)

# The scoped manager is a class made at run time, which types cannot follow.
if TYPE_CHECKING:
    _Manager = models.Manager
else:
    _Manager = type(ScopedManager(business="business"))


class BusinessManager(_Manager[M]):
    """Sees the rows of the business in ``scope(business=...)``; raises outside any."""


class OfBusiness(models.Model):
    """A row of one business. Keys to other rows are composite, made in migrations: ``keys``."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    business = models.ForeignKey(
        "business.Business",
        models.PROTECT,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )

    objects = BusinessManager()

    class Meta:
        abstract = True
