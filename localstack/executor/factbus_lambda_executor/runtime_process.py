"""A Node process that runs one function, and the conversation with it.

Both sides send messages over a socket: a line of JSON, whose `bytes` says how long the body is that follows. What the
process writes to its outputs is its log.
"""

import contextlib
import json
import os
import selectors
import shutil
import signal
import socket
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

NODE = os.environ.get("FACTBUS_LAMBDA_NODE") or shutil.which("node") or "node"
BOOT = Path(__file__).parent / "runtime" / "boot.mjs"

CHUNK = 1 << 20
#: What a function writes beyond that in one invocation is lost, or it would fill the memory of us all.
OUTPUT_LIMIT = 8 << 20
#: How often a process that neither answers nor lets go of its socket is looked after.
LOOK_AFTER_SECONDS = 1.0


class TimedOut(Exception):
    """The deadline came first."""


class Exited(Exception):
    """The process ended first."""

    def __init__(self, code: int) -> None:
        super().__init__(f"exit code {code}")
        #: The exit code; a signal's number is negative.
        self.code = code


@dataclass(frozen=True)
class Answer:
    """What the process answered: the JSON of a result, or of an error."""

    is_error: bool
    body: bytes
    #: Whether the process ends after it.
    is_last: bool = False


class RuntimeProcess:
    """Owns the process, its socket and its outputs. Used by one thread at a time; only `interrupt` may be another's."""

    def __init__(self, environment: dict[str, str], folder: Path, memory_mb: int) -> None:
        self._socket, childs_end = socket.socketpair()
        with childs_end:
            self._process = subprocess.Popen(
                # As Lambda does, a tenth of the memory is left to what is not JavaScript's heap.
                [NODE, f"--max-old-space-size={memory_mb * 9 // 10}", str(BOOT)],
                env={**environment, "FACTBUS_LAMBDA_SOCKET": str(childs_end.fileno())},
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                pass_fds=[childs_end.fileno()],
                start_new_session=True,
            )
        assert self._process.stdout is not None
        self._output_pipe = self._process.stdout.fileno()
        self._socket.setblocking(False)
        os.set_blocking(self._output_pipe, False)
        self._outgoing = memoryview(b"")
        self._incoming = bytearray()
        self._output = bytearray()
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._socket, selectors.EVENT_READ)
        self._selector.register(self._output_pipe, selectors.EVENT_READ)

    def is_alive(self) -> bool:
        """Tell whether the process still runs."""
        return self._process.poll() is None

    def memory(self) -> int:
        """Tell how many bytes of memory the process has, 0 when it has ended."""
        with contextlib.suppress(psutil.Error):
            return psutil.Process(self._process.pid).memory_info().rss
        return 0

    def send(self, header: dict[str, object], body: bytes) -> None:
        """Put a message in line; it is sent while the answer is waited for."""
        line = json.dumps({**header, "bytes": len(body)}).encode()
        self._outgoing = memoryview(line + b"\n" + body)

    def receive(self, deadline: float) -> Answer:
        """Wait for the next message.

        :param deadline: by time.monotonic()
        :raises Exited: when the process ends before
        :raises TimedOut: when the deadline passes before
        """
        while (answer := self._take_answer()) is None:
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimedOut
            self._wait_and_serve(min(left, LOOK_AFTER_SECONDS))
        # Node writes to a pipe at once: what the function wrote before it answered is in the pipe by now.
        self._read_output()
        return answer

    def take_output(self) -> str:
        """Give what the process has written since the last time, ending with a line's end."""
        output, self._output = self._output.decode(errors="replace"), bytearray()
        return output if output == "" or output.endswith("\n") else f"{output}\n"

    def interrupt(self) -> None:
        """End the process and whatever it has started; whoever waits for an answer gets Exited."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)

    def kill(self) -> None:
        """End the process and whatever it has started, and wait until it is gone."""
        self.interrupt()
        self._process.wait()
        with contextlib.suppress(OSError, ValueError):
            self._read_output()
            self._selector.close()
            self._socket.close()
            self._process.stdout.close()

    def _take_answer(self) -> Answer | None:
        end_of_header = self._incoming.find(b"\n", 0, 1000)
        if end_of_header < 0:
            return None
        header = json.loads(self._incoming[:end_of_header])
        end = end_of_header + 1 + header["bytes"]
        if len(self._incoming) < end:
            return None
        body = bytes(self._incoming[end_of_header + 1 : end])
        del self._incoming[:end]
        return Answer(is_error=header["error"], body=body, is_last=header["last"])

    def _wait_and_serve(self, seconds: float) -> None:
        sending = selectors.EVENT_WRITE if self._outgoing else 0
        self._selector.modify(self._socket, selectors.EVENT_READ | sending)
        ready = self._selector.select(seconds)
        if not ready and not self.is_alive():
            raise Exited(self._process.returncode)
        for key, events in ready:
            if key.fileobj is not self._socket:
                self._read_output()
                continue
            try:
                if events & selectors.EVENT_WRITE:
                    self._outgoing = self._outgoing[self._socket.send(self._outgoing[:CHUNK]) :]
                if events & selectors.EVENT_READ:
                    chunk = self._socket.recv(CHUNK)
                    if not chunk:
                        raise Exited(self._exit_code())
                    self._incoming += chunk
            except BlockingIOError:
                continue
            except OSError as error:
                raise Exited(self._exit_code()) from error

    def _exit_code(self) -> int:
        """Tell the exit code of a process that has let go of its socket, and so is about to end."""
        try:
            return self._process.wait(timeout=LOOK_AFTER_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            return self._process.wait()

    def _read_output(self) -> None:
        """Read what is there, without waiting for more."""
        while True:
            try:
                chunk = os.read(self._output_pipe, CHUNK)
            except BlockingIOError:
                return
            if not chunk:
                with contextlib.suppress(KeyError):
                    self._selector.unregister(self._output_pipe)
                return
            self._output += chunk[: max(0, OUTPUT_LIMIT - len(self._output))]
