"""What LocalStack finds when it is told LAMBDA_RUNTIME_EXECUTOR=process."""

from localstack.services.lambda_.invocation.plugins import RuntimeExecutorPlugin
from localstack.services.lambda_.invocation.runtime_executor import RuntimeExecutor


class ProcessExecutorPlugin(RuntimeExecutorPlugin):
    """Names the executor, and imports it no earlier than the first function is made."""

    name = "process"

    def load(self, *args: object, **kwargs: object) -> type[RuntimeExecutor]:
        """Give the executor's class, of which LocalStack makes one object an execution environment."""
        from .executor import ProcessExecutor

        return ProcessExecutor
