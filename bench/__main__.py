"""`python3 server.py bench [--json FILE] [--plot FILE] [--list] [--rounds N] [NAME …]`."""

import argparse
import json
import signal
import sys
from pathlib import Path

from bench.figures import FIGURES, Figure, Run
from bench.growth import VOTERS
from bench.plot import draw
from bench.rounds import ROUNDS, Mismatch, Samples
from bench.servers import NotStarted


def main(arguments: list[str]) -> int:
    """Measure what was asked for, print it, and write it as JSON. 1 when a figure failed."""
    options = parse(arguments)
    signal.signal(signal.SIGTERM, lambda *_given: sys.exit(143))  # In order: all is stopped.
    if options.list:
        for each in FIGURES.values():
            print(f"{each.name} ({each.unit}): {each.about}")
        return 0
    run = Run(rounds=options.rounds, voters=options.voters)
    found: dict[str, Samples] = {}
    try:
        for name in options.names or FIGURES:
            samples = measure(FIGURES[name], run)
            if samples is not None:
                found[name] = samples
    finally:
        run.close()
    report(found)
    if options.plot:
        options.plot.write_text(draw(as_json(found)), encoding="utf-8")
    if options.json:
        text = json.dumps({"figures": as_json(found)}, indent=2)
        options.json.write_text(f"{text}\n", encoding="utf-8")
    return 0 if len(found) == len(options.names or FIGURES) else 1


def parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="server.py bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="figures to measure; else all")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there, too")
    parser.add_argument("--plot", type=Path, metavar="FILE", help="draw the ratios there, as SVG")
    parser.add_argument("--list", action="store_true", help="say which figures there are")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="rounds of each comparison")
    parser.add_argument(
        "--voters", type=int, default=VOTERS, help="who gave 100 votes each, in a large database"
    )
    options = parser.parse_args(arguments)
    if unknown := [name for name in options.names if name not in FIGURES]:
        parser.error(f"{unknown[0]} is no figure; --list says which there are")
    return options


def measure(figure: Figure, run: Run) -> Samples | None:
    """The figure's samples, or none where it could not be taken: then it says why."""
    print(f"\n{figure.name}: {figure.about}", flush=True)
    try:
        return figure.measure(run)
    except (Mismatch, NotStarted) as error:
        print(f"{figure.name}: no figure. {error}", flush=True)
        return None


def report(found: dict[str, Samples]) -> None:
    print("\nFigure, median, smallest and largest of its rounds:")
    for name, samples in found.items():
        low, high = min(samples.values), max(samples.values)
        unit = FIGURES[name].unit
        print(f"{name:36} {samples.median:10.3f}  ({low:.3f} to {high:.3f}) {unit}")


def as_json(found: dict[str, Samples]) -> dict[str, dict[str, object]]:
    """The figures as other programs read them."""
    return {
        name: {
            "median": round(samples.median, 4),
            "min": round(min(samples.values), 4),
            "max": round(max(samples.values), 4),
            "unit": FIGURES[name].unit,
        }
        for name, samples in found.items()
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
