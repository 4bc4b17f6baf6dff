"""Run a command, and print its wall time in seconds, its peak memory in bytes and its exit code, as JSON.

A small program of its own: Linux counts the memory of the process that forked towards the peak of the child
(getrusage(2): ``ru_maxrss`` survives exec), so a bench of 200 MiB would measure itself.
"""

import json
import os
import sys
from time import perf_counter

start = perf_counter()
process = os.posix_spawnp(
    sys.argv[1], sys.argv[1:], os.environ, file_actions=[(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]
)
_, status, usage = os.wait4(process, 0)
seconds = perf_counter() - start
peak = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)  # bytes on macOS, KiB elsewhere
print(json.dumps({"seconds": seconds, "peak": peak, "code": os.waitstatus_to_exitcode(status)}))
