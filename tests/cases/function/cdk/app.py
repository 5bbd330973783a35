"""The CDK app of demo: all environments.

Written by lenie-compile from the spec: do not edit. README.md tells how to use it.
"""

from __future__ import annotations

from aws_cdk import App, LegacyStackSynthesizer

from settings import settings_of
from stacks.artifacts import ArtifactsStack
from stacks.greet import GreetProps, GreetStack
from stacks.inbox import InboxStack


def build(app: App) -> None:
    """Add the stacks to `app`, in the order of their deployment."""
    settings = settings_of(app)
    artifacts = ArtifactsStack(app, settings)
    inbox = InboxStack(app, settings)
    greet = GreetStack(
        app,
        settings,
        GreetProps(
            sqs_inbox_arn_parameter=inbox.sqs_inbox_arn_parameter,
            s3_artifacts_name_parameter=artifacts.s3_artifacts_name_parameter,
            sqs_inbox_url_parameter=inbox.sqs_inbox_url_parameter,
        ),
    )
    greet.add_stack_dependency(artifacts)
    greet.add_stack_dependency(inbox)


def main() -> None:
    """Synthesize the app."""
    # Stacks hold no assets and are deployed with the caller's own credentials: no bootstrapping.
    app = App(analytics_reporting=False, default_stack_synthesizer=LegacyStackSynthesizer())
    build(app)
    app.synth()


if __name__ == "__main__":
    main()
