"""Our own document, `viche-survey/1`, from a file and into one."""

from __future__ import annotations

import json

from viche_surveys.domain.definition import Definition
from viche_surveys.domain.document import NotADefinition, from_json, to_json
from viche_surveys.forms.report import Findings, Place, Report

FORMAT = "viche"


def read(document: object) -> Report:
    """The definition that a document holds, or what keeps it from holding one."""
    findings = Findings()
    try:
        return findings.report(from_json(document), FORMAT)
    except NotADefinition as broken:
        for fault in broken.faults:
            values = {"path": fault.place, "fault": fault.reason, "value": fault.value}
            Place(findings, fault.place or "/").fault("BAD_DOCUMENT", **values)
        return findings.report(None, FORMAT)


def write(definition: Definition) -> bytes:
    """The document as a file."""
    return (json.dumps(to_json(definition), ensure_ascii=False, indent=2, allow_nan=False) + "\n").encode()
