"""Loads the services that a deployment asks for, in the background, while the deployment is still being put together.

LocalStack loads a service with the first request to it, which then takes up to a second; a deployment waits for a
dozen of them, one after another.
"""

import logging
import threading
import time

from localstack.aws.connect import connect_to
from localstack.runtime import hooks
from localstack.services.dynamodb.packages import dynamodblocal_package

LOG = logging.getLogger(__name__)

#: A harmless request to each service, in the order in which a deployment asks for them. DynamoDB has a thread of its
#: own, as most of its time is spent in another process.
REQUESTS: list[dict[str, str]] = [
    {"dynamodb": "list_tables", "dynamodbstreams": "list_streams"},
    {
        "cloudformation": "list_stacks",
        "sts": "get_caller_identity",
        "ssm": "describe_parameters",
        "s3": "list_buckets",
        "iam": "list_roles",
        "lambda": "list_functions",
        "sqs": "list_queues",
        "events": "list_event_buses",
        "logs": "describe_log_groups",
        "apigateway": "get_rest_apis",
        "cloudwatch": "describe_alarms",
        "kms": "list_keys",
        "sns": "list_topics",
        "ses": "list_identities",
        "scheduler": "list_schedules",
    },
]

#: DynamoDB Local may still be on its way; LocalStack would begin to download it.
INSTALLATION_LIMIT_SECONDS = 60


@hooks.on_infra_ready()
def preload() -> None:
    """Begin to load, without keeping LocalStack from answering."""
    for requests in REQUESTS:
        threading.Thread(target=_load, args=[requests], name="preload", daemon=True).start()


def _load(requests: dict[str, str]) -> None:
    if "dynamodb" in requests and not _is_dynamodb_installed():
        return
    for service, request in requests.items():
        try:
            getattr(connect_to(region_name="us-east-1").get_client(service), request)()
        except Exception:  # it will say so to whoever asks for it
            LOG.debug("%s is not preloaded", service, exc_info=True)


def _is_dynamodb_installed() -> bool:
    installer = dynamodblocal_package.get_installer()
    deadline = time.monotonic() + INSTALLATION_LIMIT_SECONDS
    while not installer.is_installed():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True
