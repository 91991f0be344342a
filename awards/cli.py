"""The commands of the operator: thin calls to actions. Exit codes: 0 done, 1 refused or not as it
should be, 2 wrong setting.
"""

import asyncio
import importlib
import json
import socket
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, TypeVar

import typer
import uvicorn
from rich.console import Console
from rich.progress import Progress
from tortoise import Tortoise

from awards.accounts.actions import add_person, grant_role
from awards.accounts.actions import make_link as make_sign_in_link
from awards.accounts.queries import count_staff, find_person, list_people
from awards.actor import Role, system
from awards.app import create_app
from awards.audit.queries import check_chain
from awards.backup import back_up, copy_keys, restore
from awards.campaigns.kit import read_kit, write_kit
from awards.campaigns.models import Campaign
from awards.campaigns.queries import count_campaigns, find_campaign, voting_ends
from awards.config import Config, SettingError
from awards.db import migrate as migrate_database
from awards.db import tortoise_config
from awards.demo.load import load_demo
from awards.errors import NotFound, Refused
from awards.nominations.kit import export_campaign, import_campaign
from awards.quality import main as run_quality
from awards.templating import ROOT
from awards.voting.actions import issue_codes
from awards.voting.counting import recount
from awards.voting.slips import Sheets, can_draw_sheets, draw_sheets, draw_slips

T = TypeVar("T")

app = typer.Typer(no_args_is_help=False, add_completion=False, pretty_exceptions_enable=False)
user = typer.Typer(help="People who work here.", no_args_is_help=True)
campaign = typer.Typer(help="Campaigns as files.", no_args_is_help=True)
codes = typer.Typer(help="Printed voting codes.", no_args_is_help=True)
app.add_typer(user, name="user")
app.add_typer(campaign, name="campaign")
app.add_typer(codes, name="codes")

OPERATOR = system("operator")
FIRST_ORGANISER = "organiser"
PASSED_ON = {"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []}
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for a program to read.")]
console = Console(highlight=False, markup=False, soft_wrap=True)


def main(arguments: list[str]) -> int:
    """Run one command; the exit code. What goes wrong is one sentence, never a traceback."""
    try:
        code = app(args=arguments, standalone_mode=False)
    except SettingError as error:
        return _complain(str(error), 2)
    except Refused as refused:
        return _complain(refused.message.format(**refused.values), 1)
    except typer.Abort:
        return 130
    except Exception as error:
        if show := getattr(error, "show", None):
            show()
            return 2
        raise
    return code if isinstance(code, int) else 0  # an Exit comes back as its code


def _complain(sentence: str, code: int) -> int:
    sys.stderr.write(f"{sentence}\n")
    return code


Host = Annotated[str, typer.Option(help="Address to listen on.")]
Port = Annotated[int, typer.Option(help="Port to listen on.", min=1, max=65535)]
Workers = Annotated[int, typer.Option(help="Processes; more than one needs PostgreSQL.", min=1)]


@app.callback(invoke_without_command=True)
def start(
    context: typer.Context, host: Host = "127.0.0.1", port: Port = 8000, workers: Workers = 1
) -> None:
    """Haoren: good-person awards. Without a command it sets itself up and serves."""
    if context.invoked_subcommand is None:
        serve(host, port, workers)


@app.command()
def serve(host: Host = "127.0.0.1", port: Port = 8000, workers: Workers = 1) -> None:
    """Bring the database up to date and serve."""
    config = Config.from_env()
    if workers > 1 and config.engine == "sqlite":
        raise SettingError(
            "--workers above 1 needs PostgreSQL: set AWARDS_DATABASE_URL, or leave --workers away."
        )
    config.require_folders()
    _require_free(host, port)
    asyncio.run(_prepare(config, f"http://{host}:{port}"))
    options = {
        "host": host,
        "port": port,
        "timeout_graceful_shutdown": 10,
        "log_level": "warning",
        "access_log": False,
        "backlog": 4096,
    }
    if workers > 1:
        uvicorn.run("server:app", workers=workers, app_dir=str(ROOT), **options)  # type: ignore[arg-type]
    else:
        uvicorn.run(create_app(config), **options)  # type: ignore[arg-type]


def _require_free(host: str, port: int) -> None:
    try:
        family, kind, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except OSError as error:
        raise SettingError(
            f"{host} is no address of this machine ({error.strerror}); choose another with --host."
        ) from None
    with socket.socket(family, kind) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
        except OSError as error:
            raise SettingError(
                f"Port {port} of {host} can't be used ({error.strerror}): stop the program that "
                "holds it, or choose another one with --port."
            ) from None


async def _prepare(config: Config, address: str) -> None:
    await migrate_database(config)
    async with _Opened(config):
        if config.is_development and not await count_campaigns():
            console.print("A new database: loading the demonstration season.")
            await load_demo(config)
        if config.is_development or not await count_staff(Role.ADMIN):
            await _first_organiser()
        if config.is_development:
            link = await make_sign_in_link(by=OPERATOR, name=FIRST_ORGANISER)
            console.print(f"Organiser's one-time sign-in link: {address}/sign-in/{link}")
    console.print(f"Serving on {config.base_url or address}")


async def _first_organiser() -> None:
    try:
        person = await find_person(FIRST_ORGANISER)
    except NotFound:
        person = await add_person(by=OPERATOR, name=FIRST_ORGANISER)
    for role in Role:
        await grant_role(by=OPERATOR, person=person.id, role=role)


class _Opened:
    """The database, open for one command."""

    def __init__(self, config: Config) -> None:
        self.config = config

    async def __aenter__(self) -> None:
        await Tortoise.init(config=tortoise_config(self.config), _enable_global_fallback=True)

    async def __aexit__(self, *error: object) -> None:
        await Tortoise.close_connections()


def _run(work: Callable[[Config], Awaitable[T]]) -> T:
    """Do some work with the migrated database open."""
    config = Config.from_env()

    async def inside() -> T:
        await migrate_database(config)
        async with _Opened(config):
            return await work(config)

    return asyncio.run(inside())


def _show(value: dict[str, object], as_json: bool) -> None:
    if as_json:
        print(json.dumps(value, ensure_ascii=False, default=str))
        return
    for key, each in value.items():
        console.print(f"{key}: {each}")


@contextmanager
def _progress(what: str, *, shown: bool) -> Iterator[Callable[[int, int], None]]:
    """A bar for long work, where somebody looks on."""
    bar = Progress(console=console, transient=True, disable=not (shown and console.is_terminal))
    with bar:
        task = bar.add_task(what)
        yield lambda done, parts: bar.update(task, completed=done, total=parts)


@app.command()
def migrate() -> None:
    """Bring the database up to date."""
    asyncio.run(migrate_database(Config.from_env()))
    console.print("The database is up to date.")


@app.command()
def demo() -> None:
    """Load the demonstration season into a database that has no campaign yet."""
    _run(load_demo)
    console.print("The demonstration season is loaded.")


@app.command("recount")
def recount_campaign(
    slug: Annotated[str, typer.Option("--campaign")], as_json: AsJson = False
) -> None:
    """Count a campaign's ballots anew and compare with the running tally."""

    async def work(_config: Config) -> bool:
        campaign = await find_campaign(slug, by=OPERATOR)
        with _progress("Counting", shown=not as_json) as said:
            found = await recount(campaign.id, said=said)
        _show(
            {
                "ballots": found.ballots,
                "held": found.held,
                "agrees": found.agrees,
                "votes": found.votes,
            },
            as_json,
        )
        return found.agrees

    if not _run(work):
        raise typer.Exit(1)


Keys = Annotated[
    Path | None, typer.Option("--keys", help="A folder for the keys, apart from the copy.")
]


@app.command()
def backup(folder: Path, keys: Keys = None, as_json: AsJson = False) -> None:
    """Copy database and pictures into a new folder, while the site runs; the keys apart."""
    config = Config.from_env()
    if keys and keys.absolute().is_relative_to(folder.absolute()):
        raise SettingError(f"{keys} lies in the copy itself; keep the keys apart from it.")
    with _progress("Copying pictures", shown=not as_json) as said:
        manifest = asyncio.run(back_up(config, folder, said=said))
    copied = {"keys": copy_keys(config.keys_folder, keys)} if keys else {}
    _show({"folder": str(folder), "campaigns": manifest["campaigns"], **copied}, as_json)


@app.command("restore")
def restore_backup(folder: Path, keys: Keys = None, as_json: AsJson = False) -> None:
    """Put a copy in the place of a database that is not there yet, and count every ballot anew."""
    config = Config.from_env()
    if keys:
        copy_keys(keys, config.keys_folder)
    report = asyncio.run(restore(config, folder))
    _show(report, as_json)
    if not all(each["agrees"] and each["key"] for each in report["campaigns"].values()):
        raise typer.Exit(1)


@app.command()
def doctor(as_json: AsJson = False) -> None:
    """Look for what is wrong: settings, database, chain of records, keys of campaigns."""

    async def work(config: Config) -> bool:
        chain = await check_chain()
        is_well = chain.broken_at is None
        _show(
            {
                "settings": "ok",
                "database": config.engine,
                "records": chain.rows,
                "chain": "ok" if is_well else f"broken at {chain.broken_at}",
                "keys": str(config.keys_folder),
            },
            as_json,
        )
        return is_well

    if not _run(work):
        raise typer.Exit(1)


@app.command(context_settings=PASSED_ON)
def check(context: typer.Context) -> None:
    """Check the code: format, lint, types, templates, architecture."""
    raise typer.Exit(run_quality(["check", *context.args]))


@app.command(context_settings=PASSED_ON)
def test(context: typer.Context) -> None:
    """Run the tests, on SQLite and on PostgreSQL."""
    raise typer.Exit(run_quality(["test", *context.args]))


@app.command(context_settings=PASSED_ON)
def bench(context: typer.Context) -> None:
    """Measure the vote, pages and growth against peers (docs/performance.md)."""
    raise typer.Exit(importlib.import_module("bench.__main__").main(context.args))


@user.command("add")
def user_add(
    name: str,
    role: Annotated[list[Role], typer.Option(help="What they are trusted with; may be repeated.")],
    campaign_slug: Annotated[str, typer.Option("--campaign", help="For one campaign only.")] = "",
) -> None:
    """Add somebody with roles; `user link` then lets them in."""

    async def work(_config: Config) -> None:
        where = (await find_campaign(campaign_slug, by=OPERATOR)).id if campaign_slug else None
        person = await add_person(by=OPERATOR, name=name)
        for each in role:
            await grant_role(by=OPERATOR, person=person.id, role=each, campaign=where)

    _run(work)
    console.print(f"Added {name}.")


@user.command("link")
def user_link(name: str) -> None:
    """Print a one-time sign-in link, good for 24 hours."""

    async def work(config: Config) -> str:
        await find_person(name)
        secret = await make_sign_in_link(by=OPERATOR, name=name)
        return f"{config.base_url or 'http://127.0.0.1:8000'}/sign-in/{secret}"

    print(_run(work))


@user.command("list")
def user_list(as_json: AsJson = False) -> None:
    """Who there is."""

    async def work(_config: Config) -> dict[str, object]:
        return {each.name: [grant.role for grant in each.grants] for each in await list_people()}

    _show(_run(work), as_json)


@campaign.command("import")
def campaign_import(file: Path) -> None:
    """Make a campaign out of a kit (docs/kit.md)."""
    kit = read_kit(_read(file))
    made = _run(
        lambda config: import_campaign(
            by=OPERATOR, kit=kit, keys_folder=config.keys_folder, equipment=config.equipment
        )
    )
    console.print(f"Campaign {made.slug} has been made.")


@campaign.command("export")
def campaign_export(slug: str) -> None:
    """Print a campaign as a kit (docs/kit.md)."""
    print(write_kit(_run(lambda _config: export_campaign(slug, by=OPERATOR))), end="")


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingError(f"{file} can't be read ({error}).") from None


@codes.command("issue")
def codes_issue(
    slug: Annotated[str, typer.Option("--campaign")],
    count: Annotated[int, typer.Option("--count", min=1, max=100_000)],
    label: Annotated[str, typer.Option(help="What the batch is for.")] = "",
    sheets: Annotated[
        Path | None, typer.Option(help="Write slips to cut into this file, as a PDF.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Make printed single-use codes. They are shown now and never again."""

    async def work(config: Config) -> dict[str, object]:
        found = await find_campaign(slug, by=OPERATOR)
        if sheets:
            _expect_sheets(sheets)
        made = await issue_codes(
            by=OPERATOR, campaign=found, count=count, label=label, keys_folder=config.keys_folder
        )
        if sheets:
            sheets.write_bytes(draw_sheets(_slips(found, made.codes, label, config)))
        return {"batch": str(made.batch), "codes": made.codes}

    issued = _run(work)
    if as_json:
        _show(issued, as_json)
    elif not sheets:
        print("\n".join(map(str, issued["codes"])))  # type: ignore[call-overload]


def _expect_sheets(file: Path) -> None:
    """Find out before the codes are made: afterwards they would be lost."""
    if not can_draw_sheets():
        raise SettingError("For a PDF install the extra “pdf” (typst) and fonts-noto-cjk.")
    try:
        file.touch()
    except OSError as error:
        raise SettingError(f"{file} can't be written ({error}).") from None


def _slips(campaign: Campaign, codes: list[str], label: str, config: Config) -> Sheets:
    site = config.base_url or "http://127.0.0.1:8000"
    return draw_slips(
        codes,
        title=campaign.title,
        address=f"{site}/campaigns/{campaign.slug}/tokens/new",
        until=voting_ends(campaign),
        label=label,
    )
