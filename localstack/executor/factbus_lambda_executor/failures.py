"""The ways in which an invocation ends without the function's own answer, in Lambda's words."""

import json
import signal
from dataclasses import dataclass
from typing import Self

from .clock import now
from .runtime_process import Exited


@dataclass(frozen=True)
class Failure:
    """An invocation's error payload, and what Lambda writes to the log about it."""

    error_type: str
    payload: bytes
    #: Lambda's own line in the log.
    log_line: str
    #: Lambda's word for it in the report line.
    status: str = "error"

    @classmethod
    def of(cls, payload: bytes) -> Self:
        """Take over an error that the runtime has reported and logged itself."""
        return cls(error_type=json.loads(payload)["errorType"], payload=payload, log_line="")


def exited(request_id: str, end: Exited) -> Failure:
    """The process ended: by process.exit, by a crash, by a signal, or because nothing was left for it to wait for."""
    if end.code == 0:
        how = "Runtime exited without providing a reason"
    elif end.code > 0:
        how = f"Runtime exited with error: exit status {end.code}"
    else:
        how = f"Runtime exited with error: signal: {(signal.strsignal(-end.code) or str(-end.code)).lower()}"
    message = f"RequestId: {request_id} Error: {how}"
    return _failure("Runtime.ExitError", message, f"{message}\nRuntime.ExitError\n")


def timed_out(request_id: str, seconds: int) -> Failure:
    """The function took longer than it may."""
    return _timeout(request_id, f"Task timed out after {seconds:.2f} seconds")


def init_timed_out(request_id: str, seconds: int) -> Failure:
    """The function's module took longer to load than it may."""
    return _timeout(request_id, f"Initialization timed out after {seconds:.2f} seconds")


def _timeout(request_id: str, what: str) -> Failure:
    message = f"RequestId: {request_id} Error: {what}"
    return _failure("Sandbox.Timedout", message, f"{now()} {request_id} {what}\n", "timeout")


def _failure(error_type: str, message: str, log_line: str, status: str = "error") -> Failure:
    payload = json.dumps({"errorType": error_type, "errorMessage": message}, separators=(",", ":")).encode()
    return Failure(error_type, payload, log_line, status)
