"""`python -m tests.bench [--only NAME] [--patients N]`: a table on the screen, build/bench.json, exit 1 for a row not met.

Figures are ratios measured in one run wherever a machine's own speed would decide them.
"""

import argparse
import os
import sys
from collections.abc import Callable, Sequence

from tests.bench.databases import Databases
from tests.bench.report import Figure, keep, line

NAMES = (
    "seed_seconds",
    "due_list_page_ratio",
    "empty_page_ratio",
    "due_list_queries",
    "due_list_search_ratio",
    "due_list_growth_ratio",
    "record_injection_ratio",
    "record_injection_queries",
    "concurrent_recorders_lost_or_doubled",
    "chart_page_ratio",
    "chart_queries",
    "panel_svg_ms",
    "recommend_ms",
    "recommend_per_second",
    "schedule_ms",
    "import_vs_copy_ratio",
    "sweep_vs_insert_ratio",
    "outbox_vs_smtplib_ratio",
)
IN_OTHER_PROCESSES = {"seed_seconds", "due_list_growth_ratio"}
WITHOUT_DATABASE = {"recommend_ms", "recommend_per_second", "schedule_ms"}
AS_DEPLOYED = {
    "DJANGO_SETTINGS_MODULE": "tests.bench.settings",
    "DEBUG": "false",
    "DEMO": "false",
    "HTTPS": "true",
    "SECRET_KEY": "signs nothing but the sessions of the bench",
    "LOG_LEVEL": "INFO",
    "LOG_JSON": "true",
}


def main(words: Sequence[str]) -> int:
    """Measure the rows asked for; 1 where one of them is not met."""
    asked = _asked(words)
    wanted = [asked.only] if asked.only else list(NAMES)
    databases = Databases(asked.patients)
    os.environ |= AS_DEPLOYED
    figures: list[Figure] = []
    if "seed_seconds" in wanted:
        from tests.bench.rows.seeding import seed_seconds

        figures += _shown(lambda: seed_seconds(databases))
    if "due_list_growth_ratio" in wanted:
        from tests.bench.rows.growth import due_list_growth_ratio

        figures += _shown(lambda: due_list_growth_ratio(databases))
    in_process = [name for name in wanted if name not in IN_OTHER_PROCESSES]
    if in_process:
        figures += _measured(in_process, databases)
    keep(figures)
    return 0 if all(figure.holds for figure in figures) else 1


def _asked(words: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench", description="Measure how fast the product is."
    )
    parser.add_argument("--only", choices=NAMES, help="one row")
    parser.add_argument("--patients", type=int, default=20_000, help="how many are seeded (20,000)")
    return parser.parse_args(words)


def _measured(names: list[str], databases: Databases) -> list[Figure]:
    """The rows measured in this process, which the settings let see the copy and no other database."""
    needs_rows = not WITHOUT_DATABASE.issuperset(names)
    if needs_rows:
        databases.make_copy()
    os.environ["DATABASE_URL"] = databases.url(databases.copy)
    import django

    django.setup()
    from tests.bench.rows import chart, due_list, lab_import, recording, reminders, rules

    rows: dict[str, Callable[[], list[Figure]]] = {
        row.__name__: row
        for row in (
            due_list.due_list_page_ratio,
            due_list.empty_page_ratio,
            due_list.due_list_queries,
            due_list.due_list_search_ratio,
            recording.record_injection_ratio,
            recording.record_injection_queries,
            recording.concurrent_recorders_lost_or_doubled,
            chart.chart_page_ratio,
            chart.chart_queries,
            chart.panel_svg_ms,
            rules.recommend_ms,
            rules.recommend_per_second,
            rules.schedule_ms,
            lab_import.import_vs_copy_ratio,
            reminders.sweep_vs_insert_ratio,
            reminders.outbox_vs_smtplib_ratio,
        )
    }
    try:
        return [figure for name in names for figure in _shown(rows[name])]
    finally:
        if needs_rows:
            django.db.connections.close_all()
            databases.drop_copy()


def _shown(row: Callable[[], list[Figure]]) -> list[Figure]:
    figures = row()
    for figure in figures:
        print(line(figure), flush=True)
    return figures


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
