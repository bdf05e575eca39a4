"""One execution environment of one function, as LocalStack wants it."""

import threading
import time
from pathlib import Path

from localstack import config
from localstack.runtime import events
from localstack.services.lambda_.invocation.lambda_models import FunctionVersion, InvocationResult
from localstack.services.lambda_.invocation.lambda_service import is_code_used
from localstack.services.lambda_.invocation.models import lambda_stores
from localstack.services.lambda_.invocation.runtime_executor import RuntimeExecutor

from .environment import function_environment
from .failures import Failure, exited, init_timed_out, timed_out
from .platform_log import Invocation, log_of
from .runtime_process import Answer, Exited, RuntimeProcess, TimedOut


class ProcessExecutor(RuntimeExecutor):
    """Keeps one Node process, and starts a fresh one after a crash or a time-out.

    LocalStack makes one of these for every invocation that finds all others busy, and gives each one invocation at a
    time. The process is started with the first invocation, not before: an error of its start is then reported with
    that invocation and its log, as Lambda does.
    """

    def __init__(self, id: str, function_version: FunctionVersion) -> None:
        super().__init__(id, function_version)
        self._process: RuntimeProcess | None = None
        self._output = ""
        self._environment: dict[str, str] = {}
        self._invoking = threading.Lock()
        self._stopped = False

    # Life

    def start(self, env_vars: dict[str, str]) -> None:
        """Remember the environment variables that LocalStack has made up for the function."""
        self._environment = function_environment(env_vars, self.function_version, self._code())

    def stop(self) -> None:
        """End the process; one that is at work on an older version of the function may finish first, as on Lambda."""
        self._stopped = True
        if events.infra_stopping.is_set() and self._process is not None:
            self._process.interrupt()
        self._end_if_stopped()

    def _end_if_stopped(self) -> None:
        """Called by whoever stops and by whoever has finished an invocation: the later of the two ends the process."""
        if self._stopped and self._invoking.acquire(blocking=False):
            try:
                self._end_process()
            finally:
                self._invoking.release()

    # Invocations

    def invoke(self, payload: dict[str, str]) -> InvocationResult:
        """Run one invocation; whatever goes wrong with it becomes its result."""
        try:
            with self._invoking:
                return self._invoke(payload)
        finally:
            self._end_if_stopped()

    def _invoke(self, payload: dict[str, str]) -> InvocationResult:
        settings = self.function_version.config
        invocation = Invocation(
            request_id=payload["invoke-id"],
            version=self.function_version.id.qualifier,
            memory_mb=settings.memory_size,
            json_format=settings.logging_config.get("LogFormat") == "JSON",
        )
        answer = self._ready(invocation)
        if isinstance(answer, RuntimeProcess):
            answer = self._run(answer, invocation, payload)
        failed = isinstance(answer, Failure)
        return InvocationResult(
            request_id=invocation.request_id,
            payload=answer.payload if failed else answer.body,
            is_error=failed or answer.is_error,
            logs=log_of(invocation, self._take_output(), answer if failed else None),
        )

    def _ready(self, invocation: Invocation) -> RuntimeProcess | Failure:
        """Give a process that has loaded the function: the one that is there, or a fresh one."""
        if self._process is not None:
            if self._process.is_alive():
                return self._process
            # It ended between two invocations, as by a timer that threw.
            self._end_process()
        began = time.monotonic()
        limit = config.LAMBDA_RUNTIME_ENVIRONMENT_TIMEOUT
        process = self._process = RuntimeProcess(
            self._environment, self._code(), self.function_version.config.memory_size
        )
        try:
            ready = process.receive(began + limit)
        except Exited as end:
            return self._fail(exited(invocation.request_id, end))
        except TimedOut:
            return self._fail(init_timed_out(invocation.request_id, limit))
        finally:
            invocation.init_seconds = time.monotonic() - began
        return self._fail(Failure.of(ready.body)) if ready.is_error else process

    def _run(self, process: RuntimeProcess, invocation: Invocation, payload: dict[str, str]) -> Answer | Failure:
        """Give what the function answers, or how it fails to."""
        timeout = self.function_version.config.timeout
        began = time.monotonic()
        process.send(
            {
                "requestId": invocation.request_id,
                "functionArn": payload["invoked-function-arn"],
                "traceId": payload["trace-id"],
                "deadline": int((time.time() + timeout) * 1000),
                "responseLimit": config.LAMBDA_LIMITS_MAX_FUNCTION_PAYLOAD_SIZE_BYTES,
            },
            payload["payload"].encode(),
        )
        failure = None
        try:
            answer = process.receive(began + timeout)
            if answer.is_last:
                failure = Failure.of(answer.body)
        except Exited as end:
            failure = exited(invocation.request_id, end)
        except TimedOut:
            failure = timed_out(invocation.request_id, timeout)
        invocation.seconds = time.monotonic() - began
        invocation.used_bytes = process.memory()
        return self._fail(failure) if failure else answer

    def _fail(self, failure: Failure) -> Failure:
        """End the process, so that the next invocation gets a fresh one."""
        self._end_process()
        return failure

    def _end_process(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            self._output += process.take_output()

    def _take_output(self) -> str:
        """Give what the process, or the one that has just ended, has written since the last time."""
        output, self._output = self._output, ""
        return output + (self._process.take_output() if self._process else "")

    def _code(self) -> Path:
        code = self.function_version.config.code
        # The clean-up of an older version may have come between.
        code.prepare_for_execution()
        return code.get_unzipped_code_location()

    # What else LocalStack asks

    def get_logs(self) -> str:
        """Give what the process wrote since the last invocation ended."""
        return self._take_output()

    def get_address(self) -> str:
        """Give where LocalStack reaches the function."""
        return "127.0.0.1"

    def get_endpoint_from_executor(self) -> str:
        """Give where the function reaches LocalStack; AWS_ENDPOINT_URL is made of it."""
        return "127.0.0.1"

    def get_runtime_endpoint(self) -> str:
        """Give where a container would report its results; a process does so by its socket."""
        return ""

    @classmethod
    def prepare_version(cls, function_version: FunctionVersion) -> None:
        """Unpack the function's code."""
        function_version.config.code.prepare_for_execution()

    @classmethod
    def cleanup_version(cls, function_version: FunctionVersion) -> None:
        """Throw the unpacked code away, unless a version with another configuration has the same."""
        code, id = function_version.config.code, function_version.id
        function = lambda_stores[id.account][id.region].functions.get(id.function_name)
        if function is None or not is_code_used(code, function):
            code.destroy_cached()
