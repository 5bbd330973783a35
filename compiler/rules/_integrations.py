"""Which service integrations Step Functions has: the optimised ones are few, and a call that is none never runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from lenie.compiler.diagnostics import suggest
from lenie.compiler.states import Integration

#: Service of an optimised integration -> the patterns it has besides request and response, and its calls.
#: Sources: AWS Step Functions Developer Guide, "Integrating optimized services with Step Functions" and the page of
#: each service below it.
INTEGRATIONS: Mapping[str, tuple[str, str]] = {
    "apigateway": ("waitForTaskToken", "invoke"),
    "athena": ("sync", "getQueryExecution getQueryResults startQueryExecution stopQueryExecution"),
    "batch": ("sync", "submitJob"),
    "bedrock": ("sync waitForTaskToken", "createModelCustomizationJob invokeModel"),
    "bedrockagentcore": ("", "invokeHarness"),
    "codebuild": (
        "sync",
        "batchDeleteBuilds batchGetReports deleteBuildBatch retryBuildBatch startBuild startBuildBatch stopBuild "
        "stopBuildBatch",
    ),
    "databrew": ("sync", "startJobRun"),
    "dynamodb": ("", "deleteItem getItem putItem updateItem"),
    "ecs": ("sync waitForTaskToken", "runTask"),
    "eks": (
        "sync waitForTaskToken",
        "call createCluster createFargateProfile createNodegroup deleteCluster deleteFargateProfile deleteNodegroup "
        "runJob",
    ),
    "elasticmapreduce": (
        "sync",
        "addStep cancelStep createCluster modifyInstanceFleetByName modifyInstanceGroupByName "
        "setClusterTerminationProtection terminateCluster",
    ),
    "emr-containers": ("sync", "createVirtualCluster deleteVirtualCluster startJobRun"),
    "emr-serverless": (
        "sync",
        "cancelJobRun createApplication deleteApplication startApplication startJobRun stopApplication",
    ),
    "events": ("waitForTaskToken", "putEvents"),
    "glue": ("sync", "startJobRun"),
    "http": ("", "invoke"),
    "lambda": ("waitForTaskToken", "invoke"),
    "mediaconvert": ("sync", "createJob"),
    "sagemaker": (
        "sync",
        "createEndpoint createEndpointConfig createHyperParameterTuningJob createLabelingJob createModel "
        "createProcessingJob createTrainingJob createTransformJob updateEndpoint",
    ),
    "sns": ("waitForTaskToken", "publish"),
    "sqs": ("waitForTaskToken", "sendMessage"),
    "states": ("sync sync:2 waitForTaskToken", "startExecution"),
}
#: What an API call through ``aws-sdk`` may have besides request and response.
SDK_PATTERNS = "waitForTaskToken"


class Fault(NamedTuple):
    """What is wrong with an integration, and how to mend it."""

    message: str
    help: str


def fault_of(found: Integration) -> Fault | None:
    """Return what is wrong with the service, call or pattern of an integration; API calls are not looked up here."""
    patterns = SDK_PATTERNS
    if not found.sdk:
        if found.service not in INTEGRATIONS:
            help = suggest(found.service, INTEGRATIONS, what="optimised services")
            return Fault(
                f'Step Functions has no optimised integration of "{found.service}"',
                f"{help}; the API of any service is called with states:::aws-sdk:SERVICE:CALL",
            )
        patterns, calls = INTEGRATIONS[found.service]
        if found.call not in calls.split():
            help = suggest(found.call, calls.split(), what="its calls")
            return Fault(
                f'the optimised integration of "{found.service}" has no call "{found.call}"',
                f"{help}; other calls of the API are written states:::aws-sdk:SERVICE:CALL",
            )
    if found.pattern and found.pattern not in patterns.split():
        how = f"{'aws-sdk:' if found.sdk else ''}{found.service}:{found.call}"
        known = ", ".join(f".{pattern}" for pattern in patterns.split())
        return Fault(
            f'"{how}" does not have the pattern ".{found.pattern}"',
            f"leave it out, or write one of: {known}" if known else "leave it out",
        )
    return None
