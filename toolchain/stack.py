"""What `make up`, `preview`, `bot`, `down` and `reset` do with stack `local`."""

from __future__ import annotations

import shutil
import signal
import subprocess
from pathlib import Path

from toolchain import bot as bots
from toolchain import emulator, environment, variables
from toolchain.local import STACK, Local
from toolchain.say import Refusal, say
from toolchain.server import Running

LOCAL = Local(environment.PROJECT)
ENTRY = environment.PROJECT / "toolchain" / "pulumi_cli.py"
BOT = environment.PROJECT / "examples" / "bot" / "bot.py"


def up() -> int:
    """Everything from nothing to a deployed stack; a second time only what changed."""
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
    """What `up` would do, property by property. No emulator: a preview makes no calls."""
    session = _Session()
    session.select()
    return session.pulumi("preview", "--diff")


def bot() -> int:
    """The bot that the hub leads to, started anew: what is said to it finds an answer."""
    LOCAL.check_whole()
    if not LOCAL.has_resources():
        raise Refusal("stack local is not up; run `make up` first")
    session = _Session()
    session.serve()
    asked = session.asked("config", "--stack", STACK, "--json", "--show-secrets")
    config = bots.configuration(asked)
    env = variables.of_commands(LOCAL, session.port, session.cli)
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
    LOCAL.check_whole()
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
    """Forget stack `local`: stop its bot and its emulator, and remove `.local/`."""
    bots.stop(LOCAL)
    emulator.stop(LOCAL)
    shutil.rmtree(LOCAL.folder, ignore_errors=True)
    if LOCAL.folder.exists():
        raise Refusal(f"{LOCAL.folder} cannot be removed; remove it by hand")
    say("stack local is forgotten: .local/ is gone; `make up` starts afresh")
    return 0


def cli() -> Path:
    """The Pulumi CLI, got first if need be; refusals come from the tool itself."""
    done = subprocess.run([environment.PYTHON, ENTRY], stdout=subprocess.PIPE, text=True)
    if done.returncode:
        raise SystemExit(done.returncode)
    return Path(done.stdout.strip())


class _Session:
    """One make command on stack `local`: its CLI and environment, whole and ready."""

    def __init__(self) -> None:
        LOCAL.check_whole()
        environment.ensure()
        self.cli = cli()
        self.port = emulator.known_port(LOCAL)
        LOCAL.state.mkdir(parents=True, exist_ok=True)
        self._write_env()

    def _write_env(self) -> None:
        LOCAL.env.write_text(variables.as_file(LOCAL, self.port, self.cli))

    def select(self) -> None:
        if self.pulumi("stack", "select", "--create", STACK):
            raise Refusal("stack local cannot be selected, see above; `make reset` starts afresh")

    def serve(self) -> Running:
        """Start the emulator, after the state exists: a database alone would be refused."""
        running = emulator.start(LOCAL, _emulator)
        self.port = running.port
        self._write_env()
        return running

    def pulumi(self, *argv: str) -> int:
        env = variables.of_commands(LOCAL, self.port, self.cli)
        child = subprocess.Popen([self.cli, *argv], cwd=LOCAL.project, env=env)
        # Ctrl-C reaches the CLI as well, and it decides: it lets running requests finish.
        before = signal.signal(signal.SIGINT, lambda *_: None)
        try:
            return child.wait()
        finally:
            signal.signal(signal.SIGINT, before)

    def asked(self, *argv: str) -> str:
        """What a command of the CLI answers; for us, and on no screen."""
        env = variables.of_commands(LOCAL, self.port, self.cli)
        done = subprocess.run([self.cli, *argv], cwd=LOCAL.project, env=env, capture_output=True)
        if done.returncode:
            raise Refusal(f"pulumi {argv[0]}: {done.stderr.decode(errors='replace').strip()}")
        return done.stdout.decode()


def _emulator(port: int, database: Path) -> list[str]:
    # `egain-pulumi emulator`, without loading the rest of the command line.
    module = [str(environment.PYTHON), "-m", "egain_pulumi.emulator"]
    return [*module, "--port", str(port), "--db", str(database)]
