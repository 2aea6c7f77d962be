"""How templates are rendered: what they all share is found once, and not for each text."""

from typing import Any

from flask import Flask
from flask.templating import Environment
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup

from viche_gateway.languages import current_texts


class Templates(Environment):
    """Templates that share one map of names, since none has names of its own.

    Jinja puts an empty map in front of each, and looks every name up in both whenever a macro is imported.
    """

    def make_globals(self, d: Any) -> Any:
        """The names that a template knows without being given them."""
        return super().make_globals(d) if d else self.globals


@pass_eval_context
def _gettext(context: EvalContext, text: str, /, **values: Any) -> str:
    return _filled(context, current_texts().ugettext(text), values)


@pass_eval_context
def _ngettext(context: EvalContext, one: str, many: str, number: int, /, **values: Any) -> str:
    return _filled(context, current_texts().ungettext(one, many, number), {"num": number, **values})


def _filled(context: EvalContext, text: str, values: dict[str, Any]) -> str:
    """As Jinja's own: a text is always a format, and what is put into one of a page is escaped."""
    return (Markup(text) if context.autoescape else text) % values  # noqa: S704 (of our catalogues)


def register(app: Flask) -> None:
    """Gives templates their texts in one call each; Jinja's own take three."""
    app.jinja_env.globals.update({"_": _gettext, "gettext": _gettext, "ngettext": _ngettext})
