"""The lines that Lambda itself writes to a function's log, as text or as JSON."""

import json
import math
from dataclasses import dataclass

from .clock import now
from .failures import Failure


@dataclass
class Invocation:
    """What is to be said about one invocation."""

    request_id: str
    version: str
    memory_mb: int
    #: Whether the function's log format is JSON.
    json_format: bool
    seconds: float = 0.0
    used_bytes: int = 0
    #: How long the process took to get ready; None when it was there already.
    init_seconds: float | None = None


def log_of(invocation: Invocation, output: str, failure: Failure | None) -> str:
    """Put what a function wrote between Lambda's own lines: that it began, how it ended and what it took."""
    if invocation.json_format:
        start = _event("platform.start", {"requestId": invocation.request_id, "version": invocation.version})
        return start + output + _event("platform.report", _report(invocation, failure))
    return "".join(
        [
            f"START RequestId: {invocation.request_id} Version: {invocation.version}\n",
            output,
            failure.log_line if failure else "",
            f"END RequestId: {invocation.request_id}\n",
            _report_line(invocation, failure),
        ]
    )


def _report_line(invocation: Invocation, failure: Failure | None) -> str:
    fields = [
        f"REPORT RequestId: {invocation.request_id}",
        f"Duration: {invocation.seconds * 1000:.2f} ms",
        f"Billed Duration: {math.ceil(invocation.seconds * 1000)} ms",
        f"Memory Size: {invocation.memory_mb} MB",
        f"Max Memory Used: {_megabytes(invocation)} MB",
    ]
    if invocation.init_seconds is not None:
        fields.append(f"Init Duration: {invocation.init_seconds * 1000:.2f} ms")
    if failure:
        fields.append(f"Status: {failure.status}")
        if failure.status == "error":
            fields.append(f"Error Type: {failure.error_type}")
    return "\t".join(fields) + "\t\n"


def _report(invocation: Invocation, failure: Failure | None) -> dict[str, object]:
    metrics: dict[str, float] = {
        "durationMs": round(invocation.seconds * 1000, 3),
        "billedDurationMs": math.ceil(invocation.seconds * 1000),
        "memorySizeMB": invocation.memory_mb,
        "maxMemoryUsedMB": _megabytes(invocation),
    }
    if invocation.init_seconds is not None:
        metrics["initDurationMs"] = round(invocation.init_seconds * 1000, 3)
    report: dict[str, object] = {"requestId": invocation.request_id, "metrics": metrics}
    report["status"] = failure.status if failure else "success"
    if failure:
        report["errorType"] = failure.error_type
    return report


def _megabytes(invocation: Invocation) -> int:
    return invocation.used_bytes >> 20


def _event(kind: str, record: dict[str, object]) -> str:
    return json.dumps({"time": now(), "type": kind, "record": record}, separators=(",", ":")) + "\n"
