"""Attributes of questions of LimeSurvey: which come over, which only say how something looks."""

from __future__ import annotations

import mimetypes
import re
from collections.abc import Iterator, Mapping

READ = frozenset({
    "min_answers", "max_answers", "min_num_value_n", "max_num_value_n", "num_value_int_only", "maximum_chars",
    "date_min", "date_max", "date_format", "em_validation_q", "em_validation_q_tip", "array_filter",
    "array_filter_exclude", "exclude_all_others", "random_order", "answer_order", "subquestion_order", "suffix",
    "prefix", "other_replace_text", "allowed_filetypes", "max_filesize", "hidden", "equation", "location_mapservice",
    "dualscale_headerA", "dualscale_headerB", "numbers_only",
})  # fmt: skip
"""Attributes that come over."""
LOOKS = re.compile(
    r"statistics_|save_as_default|question_template|hide_tip|cssclass|.*width|display_|printable_help|public_statistics"
    r"|time_limit_|location_|slider_|scale_export|dropdown_|category_separator|alphasort|input_boxes|reverse|repeat_head"
    r"|show_|label_input|parent_order|commented_checkbox|choice_|samechoiceheight|samelistheight|rank_title|use_dropdown"
    r"|input_size|keep_aspect|horizontal|crop_or|clear_default|other_position|min_num_of_files"
    r"|placeholder|dualscale_|show_title|show_comment|hover_|value_range|ranking_|answer_order_|button_size|multiflexible_"
)
"""Attributes that only say how something looks, or how results are shown."""
NOTHING = frozenset({"", "0", "N", "none", "normal", "default", "1970", "-1"})

"""Values that say nothing, or what is so anyway."""


def left_out(attributes: Mapping[tuple[str, str], str]) -> Iterator[tuple[str, str]]:
    """Attributes that mean something and do not come over, with their values."""
    for (name, _), value in attributes.items():
        if name not in READ and not LOOKS.match(name) and value not in NOTHING:
            yield name, value


def media_types(endings: str) -> tuple[str, ...]:
    """Media types of files by their endings, as `png, pdf`."""
    found = (mimetypes.guess_type(f"file.{each.lower()}")[0] for each in re.findall(r"[A-Za-z0-9]+", endings))
    return tuple(dict.fromkeys(each for each in found if each))
