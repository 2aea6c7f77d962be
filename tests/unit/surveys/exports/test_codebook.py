"""The codebook as DDI-Codebook 2.5, held against the sequences of its schema, and as lines and JSON.

What the schema says is written down here, from codebook.xsd of 2012-01-17 and of 2014-01-28: elements that may stand
in an element, in the order in which they must, attributes with their types, and what must be there. The schema itself,
with those that it imports, is no part of this project, so no validator runs over it.
"""

import re
from collections.abc import Iterator
from typing import Any

from defusedxml import ElementTree

from tests.unit.surveys.exports.data import ANSWERS, EVERYTHING, columns_of, question, response, table_of
from viche_surveys.domain.definition import Kind
from viche_surveys.exports import codebook, ddi

SEQUENCES = {
    "codeBook": "docDscr stdyDscr fileDscr dataDscr otherMat",
    "stdyDscr": "citation studyAuthorization stdyInfo studyDevelopment method dataAccs othrStdyMat notes",
    "citation": "titlStmt rspStmt prodStmt distStmt serStmt verStmt biblCit holdings notes",
    "titlStmt": "titl subTitl altTitl parTitl IDNo",
    "prodStmt": "producer copyright prodDate prodPlac software fundAg grantNo",
    "stdyInfo": "studyBudget subject abstract sumDscr qualityStatement notes exPostEvaluation",
    "fileDscr": "fileTxt locMap notes",
    "fileTxt": "fileName fileCitation fileCont fileStrc dimensns fileType format filePlac dataChck ProcStat dataMsng"
    " software verStmt",
    "dimensns": "caseQnty varQnty logRecL recPrCas recNumTot",
    "dataDscr": "varGrp nCubeGrp var nCube notes",
    "varGrp": "labl txt concept defntn universe notes",
    "var": "location labl imputation security embargo respUnit anlysUnit qstn valrng invalrng undocCod universe"
    " TotlResp sumStat txt stdCatgry catgryGrp catgry codInstr verStmt concept derivation varFormat geoMap"
    " catLevel notes",
    "qstn": "preQTxt qstnLit postQTxt forward backward ivuInstr",
    "catgry": "catValu labl txt catStat mrow",
}
ONCE = {
    "titl",
    "rspStmt",
    "prodStmt",
    "fileName",
    "fileStrc",
    "dimensns",
    "fileType",
    "varFormat",
    "security",
    "catValu",
}
MUST = {
    "codeBook": "stdyDscr", "stdyDscr": "citation", "citation": "titlStmt", "titlStmt": "titl", "var": "@name",
}  # fmt: skip
"""What must stand in an element: another one, or with @ an attribute."""
GLOBAL = {"ID": "ID", "xml:lang": "language"}
"""Attributes of every element."""
ATTRIBUTES = {
    "codeBook": {"version": "2.5", "xsi:schemaLocation": "string"},
    "prodDate": {"date": "string"},
    "fileStrc": {"type": "rectangular hierarchical relational nested other"},
    "varGrp": {
        "type": "section multipleResp grid display repetition subject version iteration analysis pragmatic record file"
        " randomized other",
        "var": "IDREFS",
        "name": "string",
    },
    "var": {
        "name": "string",
        "files": "IDREFS",
        "dcml": "string",
        "intrvl": "contin discrete",
        "nature": "nominal ordinal interval ratio percent other",
    },
    "catgry": {"missing": "Y N", "missType": "string"},
    "varFormat": {
        "type": "character numeric",
        "formatname": "string",
        "schema": "SAS SPSS IBM ANSI ISO XML-Data other",
        "category": "date time currency other",
    },
}
"""Attributes that we write, each with its type or with the values that it may have."""
TYPES = {
    "string": r"[^\t\n\r]*",
    "ID": r"[A-Za-z_][\w.-]*",
    "IDREFS": r"[A-Za-z_][\w.-]*( [A-Za-z_][\w.-]*)*",
    "language": r"[a-zA-Z]{1,8}(-[a-zA-Z0-9]{1,8})*",
}
MOMENTS = {"born": "date", "wakes": "time", "meets": "date"}
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
D = "{ddi:codebook:2_5}"


def book() -> Any:
    table = table_of(columns_of(EVERYTHING, [response(ANSWERS)], with_personal=True))
    return ElementTree.fromstring(ddi.codebook(table, file_name="x.csv", media_type="text/csv", cases=7))


def test_elements_stand_where_the_schema_has_them() -> None:
    for element in book().iter():
        tag = element.tag.removeprefix(D)
        inside = [child.tag.removeprefix(D) for child in element]
        allowed = SEQUENCES.get(tag, "").split()
        assert [allowed.index(each) for each in inside] == sorted(allowed.index(each) for each in inside), tag
        assert all(inside.count(each) == 1 for each in ONCE & set(inside)), tag


def test_attributes_are_those_of_the_schema_and_what_must_be_there_is() -> None:
    assert list(wrong(book())) == []


def test_what_the_schema_does_not_allow_is_found() -> None:
    root = book()
    variable, group = root.find(f".//{D}var"), root.find(f".//{D}varGrp")
    del variable.attrib["name"]
    variable.set("intrvl", "continuous")
    group.set("colour", "red")
    root.find(f".//{D}titlStmt").remove(root.find(f".//{D}titl"))
    root.find(f".//{D}labl").set(LANG, "not a language")
    assert len(list(wrong(root))) == 5


def wrong(root: Any) -> Iterator[str]:
    """What the schema does not allow about attributes, and what is missing."""
    for element in root.iter():
        tag = element.tag.removeprefix(D)
        allowed = GLOBAL | ATTRIBUTES.get(tag, {})
        for written, value in element.attrib.items():
            name = re.sub(r"\{http://www.w3.org/(XML/1998/namespace|2001/XMLSchema-instance)\}", _prefixed, written)
            kind = allowed.get(name)
            if kind is None:
                yield f"{tag} has {name}"
            elif not (re.fullmatch(TYPES[kind], value) if kind in TYPES else value in kind.split()):
                yield f"{name} of {tag} is {value}"
        must = MUST.get(tag, "")
        is_there = element.get(must[1:]) if must.startswith("@") else element.find(f"{D}{must}") is not None
        if must and not is_there:
            yield f"{tag} lacks {must}"


def _prefixed(match: re.Match[str]) -> str:
    return "xml:" if match[1].startswith("XML") else "xsi:"


def test_moments_say_which_they_are() -> None:
    found = {
        each.get("name"): each.find(f"{D}varFormat").get("category") for each in book().iter(f"{D}var")
    }  # fmt: skip
    assert {name: found[name] for name in MOMENTS} == MOMENTS


def test_references_lead_somewhere_and_ids_are_names() -> None:
    root = book()
    ids = [element.get("ID") for element in root.iter() if element.get("ID")]
    assert len(ids) == len(set(ids))
    for element in root.iter():
        for attribute in ("var", "files"):
            assert set((element.get(attribute) or "").split()) <= set(ids)
    assert all(each[0].isalpha() and each.isalnum() for each in ids)


def test_a_variable_says_what_was_asked_and_what_its_values_mean() -> None:
    (mark,) = (each for each in book().iter(f"{D}var") if each.get("name") == "mark")
    assert [(each.get(LANG), each.text) for each in mark.findall(f"{D}labl")] == [
        ("uk", "mark?"), ("en", "mark? (en)"),
    ]  # fmt: skip
    assert mark.find(f"{D}qstn/{D}qstnLit").text == "mark?"
    values = [(each.findtext(f"{D}catValu"), each.get("missing")) for each in mark.findall(f"{D}catgry")]
    assert values == [("1", None), ("2", None), ("3", None), ("-8", "Y")]
    assert (mark.get("nature"), mark.get("intrvl")) == ("ordinal", "discrete")


def test_study_and_file_are_described() -> None:
    root = book()
    assert root.findtext(f".//{D}titl") == "Дороги"
    assert root.find(f".//{D}parTitl").get(LANG) == "en"
    assert root.findtext(f".//{D}IDNo") == "7"
    assert (root.findtext(f".//{D}caseQnty"), root.findtext(f".//{D}fileName")) == ("7", "x.csv")
    assert root.get("version") == "2.5"


def test_flags_of_one_question_are_a_group() -> None:
    root = book()
    (group,) = (each for each in root.iter(f"{D}varGrp") if each.get("name") == "uses")
    names = {each.get("ID"): each.get("name") for each in root.iter(f"{D}var")}
    assert [names[each] for each in group.get("var").split()] == ["uses_bus", "uses_foot", "uses__car"]


def test_personal_variables_are_marked() -> None:
    (mail,) = (each for each in book().iter(f"{D}var") if each.get("name") == "mail")
    assert mail.findtext(f"{D}security") == "personal data"


def test_characters_that_xml_does_not_have_are_left_out() -> None:
    asked = question("q", Kind.TEXT)
    asked.label["uk"] = "а\x0bб\ud800 <&>"  # pyright: ignore[reportIndexIssue]
    table = table_of(columns_of((asked,)))
    root = ElementTree.fromstring(ddi.codebook(table, file_name="x", media_type="text/csv", cases=0))
    assert [each.findtext(f"{D}labl") for each in root.iter(f"{D}var")][-1] == "аб <&>"


def test_lines_say_the_same_in_one_language() -> None:
    table = table_of(columns_of(EVERYTHING, with_personal=True), language="en")
    lines = list(codebook.lines(table))
    assert ("mark", "category", "mark? (en)", "mark? (en)", "", "", "", "") in lines
    assert ("mark", "", "", "", "-8", "Don’t know", "yes", "") in lines
    assert ("mail", "text", "mail? (en)", "mail? (en)", "", "", "", "yes") in lines
    assert ("uses_bus", "flag", "uses? (en) – варіант bus (en)", "uses? (en)", "", "", "", "") in lines
    assert {len(line) for line in lines} == {len(codebook.HEAD)}
