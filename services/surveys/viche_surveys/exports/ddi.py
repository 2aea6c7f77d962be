"""The codebook of an export as DDI-Codebook 2.5 (DDI Alliance, 2012): study, file and variables, in all languages.

Elements stand in the order of the sequences of the schema, ddi:codebook:2_5.
"""

import re
from collections.abc import Mapping
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from viche_surveys.domain.definition import Text, localized
from viche_surveys.exports.table import Kind, Level, Table, Variable

NAMESPACE = "ddi:codebook:2_5"
MEDIA_TYPE = "application/xml"
_FILE = "F1"
_SCHEMA = "http://www.ddialliance.org/Specification/DDI-Codebook/2.5/XMLSchema/codebook.xsd"
# characters that XML 1.0 does not have
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_MOMENTS = {Kind.DATE: "date", Kind.TIME: "time", Kind.DATETIME: "date", Kind.INSTANT: "date"}
_NATURES = {Level.NOMINAL: "nominal", Level.ORDINAL: "ordinal"}


def codebook(table: Table, *, file_name: str, media_type: str, cases: int) -> bytes:
    """The codebook.

    Args:
        file_name: of the data.
        cases: rows in it.
    """
    root = Element(
        "codeBook",
        {
            "xmlns": NAMESPACE,
            "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
            "xsi:schemaLocation": f"{NAMESPACE} {_SCHEMA}",
            "version": "2.5",
            "xml:lang": table.language,
        },
    )
    _study(root, table)
    _file(root, table, file_name, media_type, cases)
    data = SubElement(root, "dataDscr")
    ids = {each.name: f"V{number}" for number, each in enumerate(table.variables, 1)}
    for each in table.sets:
        refs = " ".join(ids[name] for name in each.variables)
        group = SubElement(data, "varGrp", {"type": "multipleResp", "var": refs, "name": each.name})
        _said(group, "labl", each.label, table.languages)
    for each in table.variables:
        _variable(data, table, each, ids[each.name])
    indent(root)
    return tostring(root, encoding="utf-8", xml_declaration=True)


def _study(root: Element, table: Table) -> None:
    study = SubElement(root, "stdyDscr")
    citation = SubElement(study, "citation")
    titles = SubElement(citation, "titlStmt")
    _text(titles, "titl", table.said(table.title) or table.identifier, {"xml:lang": table.language})
    for language in table.languages:
        if language != table.language and (title := table.title.get(language)):
            _text(titles, "parTitl", title, {"xml:lang": language})
    _text(titles, "IDNo", table.identifier)
    produced = SubElement(citation, "prodStmt")
    _text(produced, "prodDate", table.made_at.date().isoformat(), {"date": table.made_at.date().isoformat()})
    _text(produced, "software", "Viche")
    if table.introduction:
        _said(SubElement(study, "stdyInfo"), "abstract", table.introduction, table.languages)


def _file(root: Element, table: Table, file_name: str, media_type: str, cases: int) -> None:
    about = SubElement(SubElement(root, "fileDscr", {"ID": _FILE}), "fileTxt")
    _text(about, "fileName", file_name)
    SubElement(about, "fileStrc", {"type": "rectangular"})
    size = SubElement(about, "dimensns")
    _text(size, "caseQnty", str(cases))
    _text(size, "varQnty", str(len(table.variables)))
    _text(about, "fileType", media_type)


def _variable(data: Element, table: Table, variable: Variable, identifier: str) -> None:
    about = {
        "ID": identifier,
        "name": variable.name,
        "files": _FILE,
        "intrvl": "contin" if variable.level is Level.SCALE else "discrete",
    }
    if variable.level in _NATURES:
        about["nature"] = _NATURES[variable.level]
    if variable.kind is Kind.NUMBER:
        about["dcml"] = str(variable.decimals)
    element = SubElement(data, "var", about)
    _said(element, "labl", variable.label, table.languages)
    if variable.is_personal:
        _text(element, "security", "personal data")
    if variable.question:
        _said(SubElement(element, "qstn"), "qstnLit", variable.asked or variable.label, table.languages)
    for value in variable.values:
        missing = {"missing": "Y", "missType": "don't know"} if value.code == variable.dont_know else {}
        category = SubElement(element, "catgry", missing)
        _text(category, "catValu", str(value.code))
        _said(category, "labl", value.label, table.languages)
    _format(element, variable)


def _format(element: Element, variable: Variable) -> None:
    about = {"type": "character" if variable.is_text else "numeric"}
    if variable.kind in _MOMENTS:
        about |= {"schema": "ISO", "formatname": "ISO 8601", "category": _MOMENTS[variable.kind]}
    SubElement(element, "varFormat", about)


def _said(parent: Element, tag: str, text: Text, languages: tuple[str, ...]) -> None:
    """An element for each language of the survey that has the text, or one for what it falls back to."""
    texts = {language: text[language] for language in languages if text.get(language)}
    for language, said in (texts or {languages[0]: localized(text, languages[0], languages)}).items():
        _text(parent, tag, said, {"xml:lang": language})


def _text(parent: Element, tag: str, text: str, attributes: Mapping[str, str] | None = None) -> None:
    SubElement(parent, tag, dict(attributes or {})).text = _NO_XML.sub("", text)
