"""`make up`, `preview`, `bot`, `down` and `reset`: the commands on stack `local`."""

from __future__ import annotations

import shutil
import signal
import subprocess
from pathlib import Path

from toolchain import bot as bots
from toolchain import emulator, environment, private, variables
from toolchain.local import STACK, Local
from toolchain.say import Refusal, say
from toolchain.server import Running

LOCAL = Local(environment.PROJECT)
ENTRY = environment.PROJECT / "toolchain" / "pulumi_cli.py"
BOT = environment.PROJECT / "examples" / "bot" / "bot.py"


def up() -> int:
    """Set everything up and deploy the stack; a second run deploys only what changed."""
    session = _Session()
    session.select()
    running = session.serve()
    if code := session.pulumi("up", "--yes", "--suppress-outputs"):
        return code
    say("")
    session.pulumi("stack", "output")
    say(
        f"\nEmulator   http://127.0.0.1:{running.port} (pid {running.pid}, log .local/emulator.log)"
        "\nTalk       open that address in a browser; `make bot` starts the bot that answers"
        "\nStop       `make down` destroys the stack and stops the emulator"
        "\nShell      `. .local/env`, then plain pulumi commands work on this stack"
        "\nTry        change display_name in __main__.py, then make preview"
        '\nReal       README.md, "From the emulator to dev to prod"'
    )
    return 0


def preview() -> int:
    """Show what `up` would do, property by property. Needs no emulator: it makes no calls."""
    session = _Session()
    session.select()
    return session.pulumi("preview", "--diff")


def bot() -> int:
    """Restart the bot that the hub calls."""
    LOCAL.check_complete()
    if not LOCAL.has_resources():
        raise Refusal("stack local is not up; run `make up` first")
    session = _Session()
    session.serve()
    asked = session.output("config", "--stack", STACK, "--json", "--show-secrets")
    config = bots.configuration(asked)
    env = variables.for_commands(LOCAL, session.port, session.cli)
    running = bots.start(LOCAL, [environment.PYTHON, BOT], config, env)
    say(
        f"\nBot        http://127.0.0.1:{running.port} (pid {running.pid}, log .local/bot.log)"
        "\nTalk       . .local/env; egain-pulumi smoke --emulator"
        "\nCallbacks  . .local/env; egain-pulumi smoke --callbacks-only"
        "\nTry        change ANSWERS in examples/bot/bot.py, then make bot"
        "\nStop       `make down` stops it with everything else"
    )
    return 0


def down() -> int:
    """Destroy the stack, then stop its bot and its emulator."""
    LOCAL.check_complete()
    if LOCAL.checkpoint() is None:
        say("stack local is not up")
        return 0
    session = _Session()
    session.select()
    if LOCAL.has_resources():
        session.serve()
        if code := session.pulumi("destroy", "--yes"):
            return code
    if bots.stop(LOCAL):
        say("the bot is stopped")
    say("the emulator is stopped" if emulator.stop(LOCAL) else "no emulator was running")
    return 0


def reset() -> int:
    """Stop the bot and the emulator of stack `local`, and remove `.local/`."""
    bots.stop(LOCAL)
    emulator.stop(LOCAL)
    shutil.rmtree(LOCAL.folder, ignore_errors=True)
    if LOCAL.folder.exists():
        raise Refusal(f"{LOCAL.folder} cannot be removed; remove it by hand")
    say("stack local is forgotten: .local/ is gone; `make up` starts afresh")
    return 0


def cli() -> Path:
    """Return the Pulumi CLI, installed first if there is none; the tool prints its own errors."""
    done = subprocess.run([environment.PYTHON, ENTRY], stdout=subprocess.PIPE, text=True)
    if done.returncode:
        raise SystemExit(done.returncode)
    return Path(done.stdout.strip())


class _Session:
    """One make command on stack `local`, with its CLI and environment."""

    def __init__(self) -> None:
        LOCAL.check_complete()
        environment.ensure()
        self.cli = cli()
        self.port = emulator.known_port(LOCAL)
        private.folder(LOCAL.folder)
        private.folder(LOCAL.state)
        self._write_env()

    def _write_env(self) -> None:
        private.write(LOCAL.env, variables.as_file(LOCAL, self.port, self.cli))

    def select(self) -> None:
        if self.pulumi("stack", "select", "--create", STACK):
            raise Refusal("stack local cannot be selected, see above; `make reset` starts afresh")

    def serve(self) -> Running:
        """Start the emulator. The state must exist: `check_complete` refuses a database alone."""
        running = emulator.start(LOCAL, _emulator)
        self.port = running.port
        self._write_env()
        return running

    def pulumi(self, *argv: str) -> int:
        env = variables.for_commands(LOCAL, self.port, self.cli)
        child = subprocess.Popen([self.cli, *argv], cwd=LOCAL.project, env=env)
        # Ctrl-C also reaches the CLI, which lets running requests finish and then ends.
        before = signal.signal(signal.SIGINT, lambda *_: None)
        try:
            return child.wait()
        finally:
            signal.signal(signal.SIGINT, before)

    def output(self, *argv: str) -> str:
        """Run a command of the CLI, and return its output without showing it."""
        env = variables.for_commands(LOCAL, self.port, self.cli)
        done = subprocess.run([self.cli, *argv], cwd=LOCAL.project, env=env, capture_output=True)
        if done.returncode:
            raise Refusal(f"pulumi {argv[0]}: {done.stderr.decode(errors='replace').strip()}")
        return done.stdout.decode()


def _emulator(port: int, database: Path) -> list[str]:
    # `egain-pulumi emulator`, without loading the rest of the command line.
    module = [str(environment.PYTHON), "-m", "egain_pulumi.emulator"]
    return [*module, "--port", str(port), "--db", str(database)]
