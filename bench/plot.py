"""The figures as a picture: a bar for each ratio on a scale of factors, and where it must be."""

from collections.abc import Mapping
from html import escape
from math import log10

WIDTH, NAMES, ROW, TOP = 760, 300, 22, 34
LEAST, MOST = 0.1, 100.0
SMALLER = frozenset({"vote_p99_vs_bare_post_p99", "light_load_p50_vs_raw_transaction"})
"""Ratios of which the smaller is the better."""
MUST = {
    "vote_sqlite_vs_bare_post": 1.0,
    "vote_p99_vs_bare_post_p99": 1.3,
    "vote_postgres_vs_bare_post": 1.0,
    "vote_postgres_2w_vs_bare_post_2w": 0.8,
    "vote_sqlite_vs_naive_orm": 10.0,
    "vote_postgres_vs_naive_orm": 10.0,
    "vote_postgres_vs_django": 15.0,
    "vote_slow_fsync_vs_naive_orm": 20.0,
    "light_load_p50_vs_raw_transaction": 1.2,
    "overload_accepted_vs_peak": 0.8,
    "overload_slow_store_accepted": 0.8,
    "vote_at_10m_vs_empty": 0.85,
    "page_vs_bare_bytes": 0.8,
    "not_modified_vs_bare_bytes": 1.15,
}
STYLE = (
    "text{font:13px system-ui,sans-serif;fill:#333}.low{stroke:#333}.must{stroke:#b00;"
    "stroke-width:2}.bar{fill:#c96}.grid{stroke:#ddd}svg{background:#fff}"
)


def draw(figures: Mapping[str, Mapping[str, object]]) -> str:
    """An SVG of those ratios that are among these figures."""
    names = [name for name in MUST if name in figures]
    height = TOP + ROW * len(names) + 10
    rows = [_row(TOP + ROW * n, name, figures[name]) for n, name in enumerate(names)]
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img">',
            "<title>Ratios: median, smallest and largest round, and the limit</title>",
            f"<style>{STYLE}</style>",
            *(_tick(value, height) for value in (0.1, 1.0, 10.0, 100.0)),
            *rows,
            "</svg>\n",
        ]
    )


def place(value: float) -> float:
    """Where a factor stands: as far from 1 to 10 as from 10 to 100."""
    share = log10(min(max(value, LEAST), MOST) / LEAST) / log10(MOST / LEAST)
    return NAMES + share * (WIDTH - NAMES - 60)


def _tick(value: float, height: int) -> str:
    x = place(value)
    line = f'<line class="grid" x1="{x:.1f}" y1="24" x2="{x:.1f}" y2="{height - 6}"/>'
    return f'{line}<text x="{x:.1f}" y="18" text-anchor="middle">{value:g}</text>'


def _row(top: int, name: str, figure: Mapping[str, object]) -> str:
    median, low, high = (float(str(figure[key])) for key in ("median", "min", "max"))
    start, end, middle = place(1.0), place(median), top + ROW / 2 - 3
    must = place(MUST[name])
    sign = "≤" if name in SMALLER else "≥"
    return (
        f'<text x="{NAMES - 12}" y="{top + 12}" text-anchor="end">{escape(name)}</text>'
        f'<rect class="bar" x="{min(start, end):.1f}" y="{top}" '
        f'width="{abs(end - start):.1f}" height="16"/>'
        f'<line class="low" x1="{place(low):.1f}" y1="{middle}" x2="{place(high):.1f}" '
        f'y2="{middle}"/>'
        f'<line class="must" x1="{must:.1f}" y1="{top - 2}" x2="{must:.1f}" y2="{top + 18}">'
        f"<title>must be {sign} {MUST[name]:g}</title></line>"
        f'<text x="{WIDTH - 52}" y="{top + 12}">{median:.2f}</text>'
    )
