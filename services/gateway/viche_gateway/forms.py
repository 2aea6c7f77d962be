"""What a form was sent with and what is wrong with it; templates show both side by side."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from flask import abort, request

from viche_chassis.errors import DomainError
from viche_gateway import sentences
from viche_gateway.context import new_request_id

_REPLACEMENT = "\ufffd"  # what stands for bytes that could not be decoded


@dataclass(frozen=True, slots=True)
class Form:
    """Values by field name and sentences by field name; "" is the form as a whole."""

    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)

    def value(self, name: str) -> str:
        """The value of a field, for the template."""
        return self.values.get(name, "")

    def error(self, name: str) -> dict[str, str] | None:
        """The sentence of a field in the shape of the components; None when it is fine."""
        return {"text": self.errors[name]} if name in self.errors else None

    def summary(self) -> list[dict[str, str]]:
        """All sentences with links to their fields, for the error summary."""
        return [{"text": text, "href": f"#{name}"} if name else {"text": text} for name, text in self.errors.items()]


def read(*names: str) -> Form:
    """The form of this request, with the ends of its texts trimmed; bytes that are no UTF-8 are refused."""
    sent = request.form
    values = {name: sent.get(name, "").strip() for name in names}
    if any(_REPLACEMENT in value for value in values.values()):
        abort(400)
    return Form(values)


def missing(form: Form, *names: str) -> dict[str, str]:
    """Sentences for those of ``names`` that are empty."""
    return {name: sentences.sentence("REQUIRED") for name in names if not form.value(name)}


def refused(form: Form, error: DomainError, names: Mapping[str, str] | None = None) -> Form:
    """The form with what a service said of it.

    Args:
        names: the service's field names to those of the form, where they differ.
    """
    fields = {(names or {}).get(name, name): text for name, text in sentences.of_fields(error).items()}
    shown = {name if name in form.values else "": text for name, text in fields.items()}
    return Form(form.values, shown or {_FIELD_OF_REASON.get(error.reason, ""): sentences.of(error)})


def request_id() -> str:
    """The id that the form carries, or a new one when it carries none."""
    try:
        return str(UUID(request.form.get("request_id", "")))
    except ValueError:
        return new_request_id()


_FIELD_OF_REASON = {"BAD_EMAIL": "email", "UNKNOWN_AUTHORITY": "authority_id", "UNKNOWN_TERRITORY": "residence_code"}
