"""The real program, started quickly: a process that has imported it is forked for each run (POSIX).

Each run is a process of its own, with its own arguments, folder, environment, input and output; only what importing
the program costs is spent once. Run as a program, this is the process that forks.
"""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

IMPORTED = (
    *("newsletter.build", "newsletter.cli.common", "newsletter.render.pipeline", "newsletter.export.eml"),
    *("newsletter.translate", "newsletter.scaffold.issue", "newsletter.archive.checking", "newsletter.drafting.desk"),
    *("jinja2.ext", "mjml", "premailer", "lxml.html", "babel.dates", "markdown_it", "nh3", "filelock", "tinycss2"),
    *("PIL.Image", "rich.console", "rich.table", "rich.progress", "icalendar", "slugify", "jsonschema"),
)
"""What commands import."""
LIMIT = 120.0
"""Longest run, in seconds."""


class Starter:
    """Runs ``newsletter`` in forks of one process. ``root`` is where the program is imported from."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._process: subprocess.Popen[str] | None = None

    def run(self, arguments: list[str], cwd: Path, stdin: str, env: dict[str, str]) -> tuple[int, str, str]:
        """Run the program; return its exit code, output and errors. Raises :class:`TimeoutError`."""
        process = self._started()
        assert process.stdin
        assert process.stdout
        with tempfile.TemporaryDirectory(prefix="run-") as folder:
            files = [str(Path(folder) / name) for name in ("stdin", "stdout", "stderr")]
            Path(files[0]).write_bytes(stdin.encode("utf-8", "surrogateescape"))
            wanted = {"arguments": arguments, "cwd": str(cwd), "env": env, "files": files}
            process.stdin.write(json.dumps(wanted) + "\n")
            process.stdin.flush()
            answer = process.stdout.readline()
            if not answer.strip():
                self.close()
                raise TimeoutError(f"no end after {LIMIT:.0f} seconds: newsletter {' '.join(arguments)}")
            out, err = (Path(name).read_bytes().decode("utf-8").replace("\r\n", "\n") for name in files[1:])
            return int(answer), out, err

    def _started(self) -> subprocess.Popen[str]:
        if self._process is None or self._process.poll() is not None:
            environment = os.environ | {"PYTHONPATH": str(self._root)}
            command = [sys.executable, str(Path(__file__))]
            self._process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment, encoding="utf-8"
            )
        return self._process

    def close(self) -> None:
        """End the process that forks."""
        if self._process:
            self._process.kill()
            self._process.wait()
            for pipe in (self._process.stdin, self._process.stdout):
                if pipe:
                    pipe.close()
            self._process = None


def _child(wanted: dict[str, Any]) -> int:
    """Be the program."""
    for number, name in enumerate(wanted["files"]):
        handle = os.open(name, os.O_RDONLY if number == 0 else os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(handle, number)
        os.close(handle)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 - of a number, for as long as we live
    sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    os.environ.clear()
    os.environ.update(wanted["env"])
    os.chdir(wanted["cwd"])
    sys.argv = ["newsletter", *wanted["arguments"]]
    try:
        from newsletter.cli import main  # noqa: PLC0415 - imported before, and slow

        main()
        code: object = 0
    except SystemExit as end:
        code = end.code
    except BaseException:  # noqa: BLE001 - as Python ends a program
        import traceback  # noqa: PLC0415

        traceback.print_exc()
        code = 1
    if isinstance(code, str):
        print(code, file=sys.stderr)  # noqa: T201
        code = 1
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    return int(code or 0)  # type: ignore[call-overload,no-any-return]


def _serve() -> None:
    import signal  # noqa: PLC0415 - for this process only

    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "1")
    for name in IMPORTED:
        importlib.import_module(name)

    for line in sys.stdin:
        wanted = json.loads(line)
        process = os.fork()
        if process == 0:
            os._exit(_child(wanted))

        def give_up(_: int, __: object, process: int = process) -> None:
            os.kill(process, signal.SIGKILL)

        signal.signal(signal.SIGALRM, give_up)
        signal.setitimer(signal.ITIMER_REAL, LIMIT)
        _, status = os.waitpid(process, 0)
        signal.setitimer(signal.ITIMER_REAL, 0)
        code = os.waitstatus_to_exitcode(status)
        print("" if code == -signal.SIGKILL else code, flush=True)  # noqa: T201


if __name__ == "__main__":
    _serve()
