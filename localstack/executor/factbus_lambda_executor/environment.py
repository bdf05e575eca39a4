"""The environment variables that a function sees."""

import os
from collections.abc import Mapping
from pathlib import Path
from tempfile import gettempdir

from localstack.services.lambda_.invocation.lambda_models import FunctionVersion

from .runtime_process import BOOT, NODE

#: What LocalStack tells its own runtime, and Lambda tells no function.
NOT_ON_LAMBDA = ("LOCALSTACK_", "EDGE_PORT", "AWS_LAMBDA_FUNCTION_TIMEOUT", "AWS_LAMBDA_MAX_CONCURRENCY")

#: The mark by which our processes are known; boot.mjs takes it away before the function is loaded.
OWNER_MARK = "FACTBUS_LOCAL_RUN"


def function_environment(given: Mapping[str, object], version: FunctionVersion, code: Path) -> dict[str, str]:
    """Make Lambda's environment out of LocalStack's.

    :param given: what LocalStack has made up for the function: Lambda's variables, its own, the function's
    :param code: the folder with the unpacked code
    """
    functions_own = version.config.environment or {}
    environment = {
        "LANG": "en_US.UTF-8",
        # An empty one: the SDK must not find the configuration of whoever runs LocalStack.
        "HOME": os.path.join(gettempdir(), "home"),
        "PATH": ":".join([os.path.dirname(NODE), "/usr/local/bin", "/usr/bin", "/bin", "/opt/bin"]),
        "AWS_LAMBDA_LOG_FORMAT": "Text",
    }
    for name, value in given.items():
        if name in functions_own or not name.startswith(NOT_ON_LAMBDA):
            environment[name] = str(value)
    environment["AWS_EXECUTION_ENV"] = f"AWS_Lambda_{version.config.runtime}"
    environment["LAMBDA_TASK_ROOT"] = str(code)
    environment["LAMBDA_RUNTIME_DIR"] = str(BOOT.parent)
    if "AWS_LAMBDA_LOG_LEVEL" in environment:
        environment["AWS_LAMBDA_LOG_LEVEL"] = environment["AWS_LAMBDA_LOG_LEVEL"].upper()
    if OWNER_MARK in os.environ:
        environment[OWNER_MARK] = os.environ[OWNER_MARK]
    # Node keeps compiled code there, so that a function's second process starts sooner; boot.mjs takes this away, too.
    environment["NODE_COMPILE_CACHE"] = os.path.join(gettempdir(), "compiled")
    return environment
