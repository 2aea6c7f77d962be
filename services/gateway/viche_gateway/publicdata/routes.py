"""The addresses of public data; readers of the UK's data find the same links here."""

import re

from flask import Blueprint

from viche_gateway.publicdata import catalogue, lists, results, single, snapshots, ukraine

_ONE = "/petitions/<int:number>"
_RESULTS = "/surveys/<int:number>/results"
_STREAMED = re.compile(r"(/\w+)?(/archived)?/petitions\.csv|(/\w+)?/opendata/(ua|snapshots)/.+")


def is_streamed(path: str) -> bool:
    """Whether what stands at an address may be of any length, so that nobody on the way must hold it in memory."""
    return _STREAMED.fullmatch(path) is not None


def add_routes(blueprint: Blueprint) -> None:
    """Adds the addresses."""
    add = blueprint.add_url_rule
    add("/petitions.json", "petition_list", lists.petition_list)
    add("/petitions.csv", "petition_table", lists.petition_table)
    add("/archived/petitions.json", "archived_list", lists.archived_list)
    add("/archived/petitions.csv", "archived_table", lists.archived_table)
    add(f"{_ONE}.json", "petition", single.petition)
    add(f"/archived{_ONE}.json", "archived_petition", single.archived_petition)
    add(f"{_ONE}/count.json", "count", single.count)
    add(f"{_ONE}/history.json", "history", single.history)
    add(f"{_ONE}/history.csv", "history_table", single.history_table)
    add(f"{_RESULTS}.json", "survey_results", results.document)
    add(f"{_RESULTS}.csv", "survey_results_table", results.table)
    add(f"{_RESULTS}/<question>.svg", "survey_results_drawing", results.drawing)
    add(f"{_RESULTS}/<question>.png", "survey_results_picture", results.picture)
    add("/opendata", "open_data", catalogue.open_data)
    add("/opendata/method", "method", catalogue.method)
    add("/opendata/ua/petitions.csv", "ua_petitions", ukraine.petitions)
    add("/opendata/ua/votings.csv", "ua_votings", ukraine.votings)
    add("/opendata/snapshots.json", "snapshots", snapshots.all_snapshots)
    add("/opendata/snapshots/<day>/petitions.csv", "snapshot_table", snapshots.table)
    add("/opendata/snapshots/<day>/petitions.json", "snapshot_document", snapshots.document)
