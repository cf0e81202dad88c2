"""Passwords by which staff sign in."""

from django.contrib.auth.password_validation import validate_password

from regulars.actions.doing import action
from regulars.business.models import User
from regulars.domain.errors import NotFound


@action
def set_password(email: str, password: str) -> None:
    """Let somebody sign in with this password from now on; whoever is signed in by it is out.

    Raises NotFound, ValidationError: its messages say what is wrong with the password.
    """
    user = User.objects.select_for_update().filter(email=email.strip().lower()).first()
    if user is None:
        raise NotFound("person")
    validate_password(password, user)
    user.set_password(password)
    user.save(update_fields=["password"])
