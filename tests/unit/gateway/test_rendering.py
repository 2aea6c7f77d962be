"""Texts in templates: in the reader's language, filled in, and safe."""

from __future__ import annotations

import pytest
from flask import Flask, render_template_string


@pytest.mark.parametrize(
    ("template", "page"),
    [
        ('{{ _("by %(name)s", name="<b>") }}', "by &lt;b&gt;"),
        ('{{ _("by %(name)s", name="100 %") }}', "by 100 %"),
        ('{{ gettext("100 %%") }}', "100 %"),
        ('{{ ngettext("%(num)s signature", "%(num)s signatures", 1) }}', "1 signature"),
        ('{{ ngettext("%(num)s signature", "%(num)s signatures", 3) }}', "3 signatures"),
        ('{{ ngettext("%(count)s signature", "%(count)s signatures", 3, count="<3>") }}', "&lt;3&gt; signatures"),
        ('{% autoescape false %}{{ _("by %(name)s", name="<b>") }}{% endautoescape %}', "by <b>"),
    ],
)
def test_a_text_is_filled_in_and_what_goes_into_it_is_escaped(app: Flask, template: str, page: str) -> None:
    with app.test_request_context("/"):
        assert render_template_string(template) == page


def test_each_request_has_its_own_language(app: Flask) -> None:
    client = app.test_client()

    pages = [client.get(path).text for path in ("/", "/uk/", "/bg/", "/")]

    assert pages[0] == pages[3]
    assert len(set(pages)) == 3


def test_a_template_knows_what_is_added_for_all_of_them_and_may_have_names_of_its_own(app: Flask) -> None:
    own = app.jinja_env.from_string("{{ here }}, {{ there }}", globals={"there": "mine"})
    app.jinja_env.globals["here"] = "ours"

    assert own.render() == "ours, mine"
    assert "there" not in app.jinja_env.globals
