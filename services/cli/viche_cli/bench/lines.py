"""The lines that a benchmark may leave, by what has to be done for them."""

from __future__ import annotations

from viche_cli.bench import exports, sizes, tables

REST = ("ready_s", "pss_mb")
READING = ("bare_flask_per_s", "petition_json_per_s", "petition_page_per_s")
SIGNING = ("pgbench_insert_per_s", "sign_http_per_s")
RATIOS = (
    ("petition_json_vs_bare_flask", "petition_json_per_s", "bare_flask_per_s"),
    ("petition_page_vs_bare_flask", "petition_page_per_s", "bare_flask_per_s"),
    ("sign_http_vs_pgbench", "sign_http_per_s", "pgbench_insert_per_s"),
    ("answer_http_vs_pgbench", "answer_http_per_s", "pgbench_answer_insert_per_s"),
    ("sign_p99_removing_vs_alone", "sign_removing_p99_ms", "sign_alone_p99_ms"),
    ("page_calls_many_vs_few", "page_calls_many_ms", "page_calls_few_ms"),
    ("list_p50_vs_bare_flask", "list_p50_ms", "bare_p50_ms"),
    ("list_p99_vs_bare_flask", "list_p99_ms", "bare_p99_ms"),
    ("search_p50_vs_bare_flask", "search_p50_ms", "bare_p50_ms"),
    ("search_p99_vs_bare_flask", "search_p99_ms", "bare_p99_ms"),
    ("results_read_1e6_vs_1e3", "results_read_ms_1e6", "results_read_ms_1e3"),
    ("fanout_vs_ideal", "fanout_s", "fanout_ideal_s"),
    ("fanout_hanging_vs_alone", "fanout_hanging_s", "fanout_s"),
    ("inbox_intake_vs_insert", "inbox_intake_per_s", "pgbench_item_insert_per_s"),
    ("crosstab_vs_duckdb", "crosstab_ms", "duckdb_crosstab_ms"),
    ("export_csv_peak_1e6_vs_1e5", "export_csv_peak_1e6_mb", "export_csv_peak_1e5_mb"),
    ("export_sav_peak_1e6_vs_1e5", "export_sav_peak_1e6_mb", "export_sav_peak_1e5_mb"),
)
AFTER_SIGNING = ("sign_p50_ms", "sign_p99_ms", "sign_acknowledged", "sign_counted", "sign_published")
ANSWERING = ("pgbench_answer_insert_per_s", "answer_http_per_s")
AFTER_ANSWERING = ("answer_p50_ms", "answer_p99_ms", "answer_acknowledged", "answer_counted", "answer_tallied")
REPLAY = ("replay_sent", "replay_counted", "replay_p99_ms")
REMOVING = ("sign_alone_p99_ms", "sign_removing_p99_ms", "remove_100k_s")
MANY = ("page_calls_few_ms", "page_calls_many_ms")
SIMILAR = ("similar_cpu_ms", "similar_p99_ms")
LISTS = (
    "bare_p50_ms",
    "bare_p99_ms",
    "list_p50_ms",
    "list_p99_ms",
    "list_cpu_ms",
    "search_p50_ms",
    "search_p99_ms",
    "search_cpu_ms",
)
RESULTS = (*(f"results_read_ms_{name}" for name in tables.NUMBERS), "crosstab_ms", "duckdb_crosstab_ms")
EXPORTS = tuple(
    f"export_{name}_{figure}" for name in exports.FORMATS for figure in ("mb_per_s", "peak_1e5_mb", "peak_1e6_mb")
)
# the last is the way alone: what a call to a child takes longer than one inside
CONNECTORS = ("connector_call_inside_ms", "connector_call_child_ms", "connector_call")
FANOUT = ("fanout_s", "fanout_ideal_s", "fanout_hanging_s")
INTAKE = ("inbox_intake_per_s", "pgbench_item_insert_per_s")
SIZED = ("signature", "answer")
SIZES = (
    "size_person_bytes",
    *(f"size_{name}_{part}bytes" for name in SIZED for part in ("", "swept_", "wal_", "nats_")),
    *(f"cpu_{name}_{process}_ms" for name in SIZED for process in sizes.PROCESSES),
    "size_trail_bytes",
)
NAMES = (
    *REST,
    *READING,
    *SIGNING,
    *AFTER_SIGNING,
    *REPLAY,
    *ANSWERING,
    *AFTER_ANSWERING,
    *MANY,
    *REMOVING,
    *SIMILAR,
    *LISTS,
    *EXPORTS,
    *RESULTS,
    *CONNECTORS,
    *FANOUT,
    *INTAKE,
    *SIZES,
    *(name for name, _, _ in RATIOS),
)
