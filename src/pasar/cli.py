"""The command line: `pasar up` and its fellows."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Coroutine
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any, NoReturn, TypeVar
from uuid import UUID

import rich_click as click
from rich.console import Console

from pasar import __version__
from pasar.kernel.config import Settings, SettingsError, kept_secret, load_settings
from pasar.kernel.logs import configure_logs
from pasar.kernel.runtime import Runtime
from pasar.roles.keeping_commands import keeping_commands

console = Console(highlight=False)
complaints = Console(stderr=True, highlight=False)

T = TypeVar("T")
EXIT_FAILED = 1
EXIT_SETTINGS = 2
EXIT_HOME_TAKEN = 3
EXIT_INTERRUPTED = 130


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="pasar")
def main() -> None:
    """Pasar: a commerce back end for shops that sell on their own, together and through partners.

    Settings come from the environment; `pasar doctor` checks them.
    """


@main.command()
def up() -> None:
    """Run everything in one process: database, web, jobs and events. Stop with Ctrl-C."""
    from pasar.kernel.db.embedded import HomeTaken
    from pasar.roles.serving import run_up

    settings = _settings("all")
    password = settings.demo_password or kept_secret(settings.home, "demo_password", 9)

    async def prepare(runtime: Runtime) -> None:
        if not settings.production:
            from pasar.roles.demo.seeding import seed_demo

            await seed_demo(runtime, password=password, told=lambda line: console.print(f"[dim]{line}[/]"))

    try:
        _run(run_up(settings, lambda runtime: _tell_addresses(runtime.settings, password), prepare))
    except HomeTaken as taken:
        place = taken.running
        where = f", at http://{place['host']}:{place['port']}" if "port" in place else ""
        complaints.print(
            f"Pasar already runs on {taken.home}{where} (process {place.get('pid', 'unknown')}). "
            "It is left alone. Use that one, stop it with Ctrl-C, or give this one a home of its own: "
            "PASAR_HOME=.pasar-2 PORT=8001 script/server"
        )
        sys.exit(EXIT_HOME_TAKEN)


@main.command()
def serve() -> None:
    """Serve the web alone (role `web`), against a migrated database."""
    _run_role(web=True, work=False)


@main.command()
def worker() -> None:
    """Run jobs, schedules and the delivery of events alone (roles `worker` and `relay`)."""
    _run_role(web=False, work=True)


@main.command()
@click.option("--status", is_flag=True, help="Say what has run and what is pending; change nothing.")
@click.option("--check", is_flag=True, help="Like --status, and exit 1 when something is pending.")
def migrate(status: bool, check: bool) -> None:
    """Bring the database up to date."""
    from pasar.roles.migrating_command import run_migrate

    settings = _settings("migrate")
    pending = _run(run_migrate(settings, console, only_look=status or check))
    if check and pending:
        sys.exit(EXIT_FAILED)


@main.command()
@click.option("--env", "env_only", is_flag=True, help="Print TEST_COMPANY_ID, TEST_AUTH_TOKEN and API_URL.")
def demo(env_only: bool) -> None:
    """Make the demo shop, or print what scripts need of it."""
    from pasar.roles.demo.command import run_demo

    settings = _settings("demo")
    if settings.production:
        _fail("The demo is not for production: its logins are public. Unset PASAR_ENV and NODE_ENV.")
    password = settings.demo_password or kept_secret(settings.home, "demo_password", 9)
    _run(run_demo(settings, password, console, env_only=env_only))


@main.command()
@click.argument("name")
@click.option("--owner", required=True, help="The owner's e-mail; an account is opened where there is none.")
@click.option("--currency", "currencies", multiple=True, required=True, help="Repeat it; the first leads.")
@click.option("--host", help="The host that the shop answers at, such as shop.example.com.")
@click.option("--locale", type=click.Choice(["en", "id"]), default="en", show_default=True)
@click.option(
    "--zone", default="UTC", show_default=True, help="The company's time zone, such as Asia/Jakarta."
)
def company(
    name: str, owner: str, currencies: tuple[str, ...], host: str | None, locale: str, zone: str
) -> None:
    """Open a company with its site and owner: how a new production database begins."""
    from pasar.roles.company_command import run_company

    settings = _settings("company")
    _run(
        run_company(
            settings,
            console,
            name=name,
            owner=owner,
            currencies=currencies,
            host=host,
            locale=locale,
            time_zone=zone,
        )
    )


@main.command()
@click.option("--for", "email", required=True, metavar="EMAIL", help="Whose key it is to be.")
@click.option("--scope", "scopes", multiple=True, required=True, help="Such as catalog:read. Repeat it.")
@click.option("--company", type=click.UUID, help="Needed for whoever works for several.")
@click.option("--name", default="pasar token", show_default=True, help="What the list of keys calls it.")
@click.option("--days", type=click.IntRange(1, 3650), help="Good for so many days. Default: until revoked.")
def token(email: str, scopes: tuple[str, ...], company: UUID | None, name: str, days: int | None) -> None:
    """Make an API key and print it, this once."""
    from pasar.roles.token_command import run_token

    _run(run_token(_settings("token"), console, email, scopes, company=company, name=name, days=days))


@main.group("import")
def import_group() -> None:
    """Bring data in."""


@import_group.command("products")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--currency", help="The currency of the file's prices. Default: the site's.")
@click.option("--strict", is_flag=True, help="Take nothing at all when any row is bad.")
@click.option("--stock", "update_stock", is_flag=True, help="Set stock of known variants too.")
@click.option("--company", type=click.UUID, help="Default: the only company, or the demo's.")
def import_products(
    file: Path, currency: str | None, strict: bool, update_stock: bool, company: UUID | None
) -> None:
    """Import products from Shopify's CSV. Running it twice changes nothing."""
    from pasar.roles.commands import import_file

    done = _run(
        import_file(
            _settings("import"), file, console,
            currency=currency, strict=strict, update_stock=update_stock, company=company,
        )
    )  # fmt: skip
    if not done:
        sys.exit(EXIT_FAILED)


@main.group("export")
def export_group() -> None:
    """Take data out."""


@export_group.command("products")
@click.argument("file", type=click.Path(dir_okay=False, writable=True, path_type=Path))
@click.option("--currency", help="The currency of the prices. Default: the site's.")
@click.option("--company", type=click.UUID, help="Default: the only company, or the demo's.")
def export_products(file: Path, currency: str | None, company: UUID | None) -> None:
    """Export all products as Shopify's CSV."""
    from pasar.roles.commands import export_file

    _run(export_file(_settings("export"), file, console, currency=currency, company=company))


@main.group()
def audit() -> None:
    """Verify the audit log, and remove what is too old."""


@audit.command("verify")
@click.option("--company", type=click.UUID, help="Only this company's. Default: all.")
@click.option("--anchor", "anchors", multiple=True, metavar="POSITION:HASH", help="An end noted before.")
def audit_verify(company: UUID | None, anchors: tuple[str, ...]) -> None:
    """Find changed, missing, inserted and re-linked entries, and name them; exit 1 when there are any.

    Prints each chain's end. Kept outside and given back as --anchor, it shows a chain that was made anew.
    """
    from pasar.roles.audit_command import run_verify

    if not _run(run_verify(_settings("audit"), console, company=company, anchors=anchors)):
        sys.exit(EXIT_FAILED)


@audit.command("trim")
@click.option("--company", type=click.UUID, help="Only this company's. Default: all.")
def audit_trim(company: UUID | None) -> None:
    """Remove entries of more than seven years; the log notes it."""
    from pasar.roles.audit_command import run_trim

    _run(run_trim(_settings("audit"), console, company=company))


@main.group()
def db() -> None:
    """Look after the database."""


@db.command("restrict")
@click.option("--role", required=True, help="The role that serve and worker will connect as.")
@click.option("--print", "only_print", is_flag=True, help="Only print the statements.")
def db_restrict(role: str, only_print: bool) -> None:
    """Give a second role the rights that Pasar needs at work, and none to change the audit log."""
    from pasar.roles.restrict_command import run_restrict

    _run(run_restrict(_settings("db"), console, role=role, only_print=only_print))


@main.group()
def mail() -> None:
    """Mail and other messages to people."""


@mail.command("resend")
@click.option("--kind", help="Only messages of this kind, such as order.placed.")
def mail_resend(kind: str | None) -> None:
    """Try messages again that have failed for good, once their cause is mended."""
    from pasar.roles.mail_command import run_mail_resend

    _run(run_mail_resend(_settings("mail"), console, kind=kind))


@main.command()
def doctor() -> None:
    """Check settings, database, migrations, jobs and clock, and say what to do."""
    from pasar.roles.doctor import examine

    try:
        settings = load_settings(os.environ)
    except SettingsError as error:
        _complain(error)
    if not _run(examine(settings, console)):
        sys.exit(EXIT_FAILED)


@main.command()
@click.option("--json", "json_file", type=click.Path(dir_okay=False, path_type=Path), help="Figures.")
@click.option("--markdown", "markdown_file", type=click.Path(dir_okay=False, path_type=Path), help="Table.")
@click.option("--rows", help="Only these, such as cart.create,search.")
@click.option("--seconds", type=click.FloatRange(0.1), default=10.0, show_default=True, help="At most, each.")
@click.option("--clients", default="1,32,100", show_default=True, help="How many at once.")
@click.option("--variants", type=click.IntRange(100), default=50_000, show_default=True)
@click.option("--url", help="Drive a server that runs already; there is no floor then.")
@click.option("--quick", is_flag=True, help="2 s each, 32 clients, 2,000 variants.")
@click.option("--profile", metavar="ROW", help="Say instead where the server's time goes in one row.")
def bench(
    json_file: Path | None,
    markdown_file: Path | None,
    rows: str | None,
    seconds: float,
    clients: str,
    variants: int,
    url: str | None,
    quick: bool,
    profile: str | None,
) -> None:
    """Measure a server of its own over real connections, beside the floor of the same SQL."""
    from pasar.roles.bench.command import BenchOptions, run_bench

    configure_logs(level="WARNING", style="console", service="pasar", role="bench")
    crowds = [number.strip() for number in clients.split(",")]
    if not all(number.isascii() and number.isdigit() and 1 <= int(number) <= 100 for number in crowds):
        _fail("--clients takes whole numbers from 1 to 100, such as 1,32,100.")
    options = BenchOptions(
        rows=[name.strip() for name in rows.split(",")] if rows else (),
        clients=[int(number) for number in crowds],
        seconds=seconds,
        variants=variants,
        url=url,
        quick=quick,
        profile=profile,
        json_file=json_file,
        markdown_file=markdown_file,
    )
    if not _run(run_bench(options, console)):
        sys.exit(EXIT_FAILED)


def _settings(role: str) -> Settings:
    try:
        settings = load_settings(os.environ)
    except SettingsError as error:
        _complain(error)
    configure_logs(
        level=settings.log_level, style=settings.log_format, service=settings.service_name, role=role
    )
    return settings


def _complain(error: SettingsError) -> NoReturn:
    complaints.print("Pasar cannot start with these settings:")
    for problem in error.problems:
        complaints.print(f"  • {problem}", markup=False)
    sys.exit(EXIT_SETTINGS)


def _fail(message: str) -> NoReturn:
    complaints.print(message, markup=False)
    sys.exit(EXIT_FAILED)


# They change what the audit log watches. Servers act for whoever calls them; a bulk import is one entry.
NOTED = {"pasar company", "pasar token", "pasar secrets rotate", "pasar audit trim"}


def _under_its_name() -> AbstractContextManager[None]:
    """While a command runs the database is told which one acts, for the audit log."""
    from pasar.kernel.acting import Acting, acting_as

    running = click.get_current_context(silent=True)
    name = running.command_path if running else ""
    return acting_as(Acting(kind="command", name=name)) if name in NOTED else nullcontext()


def _run(work: Coroutine[Any, Any, T]) -> T:
    import uvloop
    from asyncpg import PostgresError

    from pasar.kernel.db.database import DatabaseTooOld
    from pasar.kernel.db.embedded import EmbeddedPostgresError
    from pasar.roles.attaching import NotReadyYet
    from pasar.roles.commands import CommandFailed
    from pasar.roles.serving import MigrationsPending, PortTaken

    try:
        with _under_its_name():
            return uvloop.run(work)
    except MigrationsPending as pending:
        return _fail(f"The database is behind: {pending} pending. Run: pasar migrate")
    except (PortTaken, EmbeddedPostgresError, DatabaseTooOld, NotReadyYet, CommandFailed) as problem:
        return _fail(str(problem))
    except (OSError, PostgresError) as problem:
        return _fail(f"The database cannot be reached: {problem}. Check DATABASE_URL, then run: pasar doctor")
    except (KeyboardInterrupt, asyncio.CancelledError):
        sys.exit(EXIT_INTERRUPTED)


def _run_role(*, web: bool, work: bool) -> None:
    from pasar.roles.attaching import database_of
    from pasar.roles.serving import Part, run_role

    settings = _settings("web" if web else "worker")

    async def run() -> None:
        async with database_of(settings) as address:
            await run_role(settings, address, Part(web, work), lambda _: _tell_role(settings, web=web))

    _run(run())


def _tell_role(settings: Settings, *, web: bool) -> None:
    where = f" at http://{settings.host}:{settings.port}" if web else ""
    console.print(f"Pasar {'serves' if web else 'works'}{where}. Stop with Ctrl-C.")


def _tell_addresses(settings: Settings, password: str) -> None:
    base = f"http://{'localhost' if settings.host == '127.0.0.1' else settings.host}:{settings.port}"
    console.print(f"\n[bold]Pasar is open.[/] Stop it with Ctrl-C.\n\n  Shop         {base}")
    console.print(f"  Back office  {base}/admin\n  API          {base}/api/docs")
    if not settings.production:
        console.print(f"  In rupiah    {base.replace('localhost', 'id.localhost')}\n")
        console.print(f"  Staff        owner@pasar.test    {password}", markup=False)
        console.print(f"  Shopper      shopper@pasar.test  {password}\n", markup=False)


for _command in keeping_commands(_settings, _run, console):
    main.add_command(_command)
