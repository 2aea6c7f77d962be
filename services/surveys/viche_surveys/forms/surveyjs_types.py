"""Question types of SurveyJS and what each becomes. Source: the JSON Schema that the library publishes."""

from __future__ import annotations

from collections.abc import Mapping

from viche_surveys.domain.definition import Kind

KINDS: Mapping[str, Kind] = {
    "text": Kind.TEXT,
    "comment": Kind.TEXT,
    "radiogroup": Kind.SINGLE,
    "dropdown": Kind.SINGLE,
    "buttongroup": Kind.SINGLE,
    "boolean": Kind.SINGLE,
    "checkbox": Kind.MULTIPLE,
    "tagbox": Kind.MULTIPLE,
    "imagepicker": Kind.SINGLE,
    "ranking": Kind.RANKING,
    "rating": Kind.SCALE,
    "slider": Kind.SCALE,
    "matrix": Kind.MATRIX,
    "file": Kind.FILE,
    "signaturepad": Kind.FILE,
    "html": Kind.NOTE,
    "image": Kind.NOTE,
    "expression": Kind.CALCULATED,
}
CONTAINERS = frozenset({"panel", "paneldynamic", "matrixdynamic", "matrixdropdown", "multipletext"})
REFUSED = frozenset({"imagemap", "empty", "nonvalue"})
INPUTS: Mapping[str, Kind] = {
    "number": Kind.NUMBER,
    "range": Kind.NUMBER,
    "date": Kind.DATE,
    "datetime-local": Kind.DATETIME,
    "datetime": Kind.DATETIME,
    "time": Kind.TIME,
    "email": Kind.EMAIL,
    "tel": Kind.PHONE,
    "text": Kind.TEXT,
}
INPUTS_AS_TEXT = frozenset({"url", "month", "week", "color", "password"})
CHANGED = frozenset({"dropdown", "tagbox", "buttongroup", "imagepicker", "slider", "signaturepad", "image"})
"""Types that look another way."""
LEFT_OUT = frozenset({
    "defaultValueExpression", "setValueExpression", "setValueIf", "resetValueIf", "correctAnswer", "valueName",
    "choicesEnableIf", "rowsVisibleIf", "columnsVisibleIf", "minValueExpression", "maxValueExpression", "maskType",
    "keyName", "cells", "totalExpression", "totalType", "detailElements", "templateVisibleIf", "timeLimit",
    "allowCustomChoices", "bindings", "defaultPanelValue", "defaultRowValue", "isUnique", "eachRowUnique",
    "questionOrder", "showSelectAllItem", "hasSelectAll", "useDisplayValuesInDynamicTexts",
})  # fmt: skip
"""Properties that mean something and have no counterpart."""
LEFT_OUT_OF_SURVEY = frozenset({
    "completedHtmlOnCondition", "navigateToUrl", "navigateToUrlOnCondition", "completedBeforeHtml", "timeLimit",
    "timeLimitPerPage", "maxTimeToFinish", "firstPageIsStartPage", "logo",
})  # fmt: skip
YES = {"en": "Yes", "uk": "Так", "bg": "Да", "ru": "Да"}
NO = {"en": "No", "uk": "Ні", "bg": "Не", "ru": "Нет"}
NONE = {"en": "None", "uk": "Нічого з переліченого", "bg": "Нито едно от изброените", "ru": "Ничего из перечисленного"}
REFUSE = {
    "en": "Prefer not to say",
    "uk": "Не хочу відповідати",
    "bg": "Не желая да отговоря",
    "ru": "Не хочу отвечать",
}
