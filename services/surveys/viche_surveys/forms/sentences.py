"""What findings say, in English, for the command line; the gateway has sentences of its own for the console."""

from __future__ import annotations

from collections import defaultdict

from viche_surveys.forms.report import Finding

SENTENCES = {
    # what does not compile
    "BAD_DEFAULT": "{value} is no answer to this question",
    "BAD_DOCUMENT": "the document is broken at {path}: {fault} {value}",
    "BAD_JSON": "this is no JSON: {value}",
    "BAD_NAME": "{value} cannot be a name: names begin with a letter and have letters, digits, _, - and .",
    "BAD_PARAMETERS": "the parameters cannot be understood: {value}",
    "BEGIN_WITHOUT_END": "what begins here has no end",
    "COLUMN_MISSING": "there is no such column",
    "COLUMN_TWICE": "the column is there twice",
    "END_WITHOUT_BEGIN": "nothing that could end here has begun",
    "EXPRESSION_AMBIGUOUS_NAME": "several questions are called {name}",
    "EXPRESSION_SYNTAX": "the expression cannot be understood at character {at}: {expression}",
    "EXPRESSION_UNKNOWN_FUNCTION": "there is no function {function}: {expression}",
    "EXPRESSION_UNKNOWN_NAME": "there is no question {name}",
    "LIST_MISSING": "the list has no name",
    "NAME_MISSING": "there is no name",
    "NAME_TWICE": "the name {value} is there already",
    "NO_QUESTIONS": "there is no question",
    "NOT_A_SURVEY": "this is {what}, no survey: it has no pages and no questions",
    "REFUSED_BY_PYXFORM": "{text}",
    "SHEET_MISSING": "there is no sheet {sheet}",
    "TOO_DEEP": "it is nested too deep",
    "TOO_MANY_ROWS": "there are more rows than {limit}",
    "TYPE_MISSING": "there is no type",
    "UNKNOWN_LIST": "there is no list {list}",
    "UNKNOWN_TYPE": "there is no type {type}",
    "WRONG_SHAPE": "{expected} was expected here",
    # what does not come over
    "ATTRIBUTE_LEFT_OUT": "{attribute} has no counterpart and is left out ({value})",
    "CALCULATION_LEFT_OUT": "{name} cannot be calculated here and is left out",
    "DEFAULT_LEFT_OUT": "the answer filled in at first is left out: {value}",
    "DEVICE_LEFT_OUT": "{name} asks a device, not a person, and is left out",
    "EMPTY_GROUP": "nothing of the group {name} came over",
    "ENTITY_LEFT_OUT": "entities are left out",
    "EXPRESSION_DATE_ARITHMETIC": "a date cannot be calculated here, only compared; left out: {expression}",
    "EXPRESSION_NAME_LEFT_OUT": "{name} did not come over, so this is left out: {expression}",
    "EXPRESSION_NOT_TAKEN": "{function} cannot be said here; left out: {expression}",
    "EXPRESSION_NOT_WRITTEN": "XPath cannot say {expression} of {name}; it is in a column of ours",
    "FILE_NOT_TAKEN": "{name} needs another file and is left out",
    "GUIDANCE_LEFT_OUT": "guidance for interviewers is left out",
    "INTENT_LEFT_OUT": "calls of other apps are left out",
    "MEDIA_LEFT_OUT": "the {media} is left out",
    "METADATA_LEFT_OUT": "{name} is about the device or the interviewer and is left out; when an answer came is kept",
    "OPTIONS_FROM_ANSWERS": "{name} takes its options from other answers and is left out",
    "OPTIONS_IN_FILE": "the options of {name} are in another file; it is left out",
    "REPEAT_COUNT_LEFT_OUT": "people say themselves how often, up to {most} times; left out: {value}",
    "REPEAT_IN_REPEAT": "{name} repeats inside what repeats already and is left out",
    "REQUIRED_MESSAGE_LEFT_OUT": "the message for a missing answer is left out: ours is shown",
    "SHAPE_NOT_TAKEN": "lines and areas on a map are left out",
    "TRIGGER_LEFT_OUT": "the trigger is left out",
    "TYPE_NOT_TAKEN": "{name} is of the type {type}, which has no counterpart, and is left out",
    # what is another way
    "ANSWER_IS_CALCULATED": "it is calculated, and nobody is asked",
    "APPEARANCE_LEFT_OUT": "the appearance {value} is left out",
    "ATTRIBUTE_CHANGED": "{attribute} is another way: {value}",
    "BARCODE_AS_TEXT": "a code is typed as text",
    "BARE_WORD_AS_TEXT": "{value} is no column; it is taken as a text",
    "COLUMN_LEFT_OUT": "the column is left out",
    "EDITED_CELL_HOLDS": "the row was edited: what its cells say holds before {field}",
    "ENABLED_AS_SHOWN": "it is shown only where it would be enabled",
    "EXTERNAL_CHOICES_TAKEN_IN": "the external choices {list} are options of the question",
    "GROUP_DISSOLVED": "groups are not nested so deep: what is in {name} stands in the group around it",
    "HIDDEN_AS_CALCULATED": "the hidden value is a calculated one",
    "HTML_AS_TEXT": "the text has lost its formatting",
    "LABEL_FROM_NAME": "there is no label; {name} stands for it",
    "LANGUAGE_GUESSED": "the form names no language; by its letters it is {language}",
    "LOOP_WRITTEN_OUT": "the loop is written out in {groups} groups",
    "NOW_AS_TODAY": "now is the day, without the time",
    "OPTIONS_MERGED": "{code} is there several times and is one option",
    "PHONE_WITHOUT_DIGITS_RULE": "a phone number may have more than digits",
    "READ_ONLY_AS_NOTE": "nobody can answer it; it is a text",
    "RENAMED": "{value} is called {name}",
    "SEED_IS_OURS": "the order is drawn for each answer and stored; the seed {value} is left out",
    "TODAY_AS_CALCULATED": "the day is a calculated value",
    "TYPE_CHANGED": "{name} of the type {type} is {kind}",
    "UNKNOWN_LANGUAGE": "we do not know the language {value}",
}


def sentence(finding: Finding) -> str:
    """What a finding says; of what a check of the definition found, its reason."""
    if finding.reason not in SENTENCES:
        values = ", ".join(each for each in finding.values.values() if each)
        return f"before the survey can open, this must be put right: {finding.reason} ({values})"
    return SENTENCES[finding.reason].format_map(defaultdict(str, finding.values))
