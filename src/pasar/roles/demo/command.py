"""`pasar demo`: make the demo shop, and tell scripts what they need of it."""

from __future__ import annotations

from rich.console import Console

from pasar.kernel.config import Settings
from pasar.kernel.db.embedded import running_facts
from pasar.kernel.errors import Problem
from pasar.kernel.runtime import Runtime
from pasar.people.sign_in.person import Device
from pasar.people.sign_in.signing_in import sign_in, start_tokens
from pasar.roles.attaching import runtime_for_command
from pasar.roles.commands import CommandFailed
from pasar.roles.demo.seeding import DemoFacts, seed_demo

FROM_HERE = Device(agent="pasar demo", address="command:demo")


async def run_demo(settings: Settings, password: str, console: Console, *, env_only: bool) -> None:
    """Make the demo and say what it is; with `env_only`, print lines that a shell can `eval`.

    Raises `CommandFailed` when the owner has another password.
    """
    async with runtime_for_command(settings) as runtime:
        told = _nothing if env_only else console.print
        facts = await seed_demo(runtime, password=password, told=told)
        if env_only:
            token = await owner_token(runtime, facts, password)
            port = running_facts(settings.home).get("port", settings.port)
            host = running_facts(settings.home).get("host", settings.host)
            print(f"TEST_COMPANY_ID={facts.company_id}")  # noqa: T201  for the shell, not for people
            print(f"TEST_AUTH_TOKEN={token}")  # noqa: T201
            print(f"API_URL=http://{host}:{port}")  # noqa: T201
        else:
            state = "is ready" if facts.fresh else "was there already"
            console.print(f"The demo shop {state}. Company {facts.company_id}.")
            console.print(
                f"Staff {facts.owner_email}, shopper {facts.shopper_email}, password {password}", markup=False
            )


async def owner_token(runtime: Runtime, facts: DemoFacts, password: str) -> str:
    """An access token of the demo's owner, for fifteen minutes."""
    site = await runtime.sites.of_company(facts.company_id)
    assert site is not None, "seed_demo has just made or found it"
    try:
        signed_in = await sign_in(
            runtime, site, facts.owner_email, password, FROM_HERE, None, start_tokens(runtime, FROM_HERE)
        )
    except Problem as problem:
        raise CommandFailed(
            f"{facts.owner_email} cannot sign in with the demo's password ({problem.detail}) "
            "Set PASAR_DEMO_PASSWORD to the present one."
        ) from problem
    return signed_in.tokens.access_token


def _nothing(_line: str) -> None:
    """For scripts, which read what is printed."""
