"""The CDK app of demo: all environments.

Written by lenie-compile from the spec: do not edit. README.md tells how to use it.
"""

from __future__ import annotations

from aws_cdk import App, LegacyStackSynthesizer

from settings import settings_of
from stacks.documents import DocumentsProps, DocumentsStack
from stacks.errors import ErrorsStack


def build(app: App) -> None:
    """Add the stacks to `app`, in the order of their deployment."""
    settings = settings_of(app)
    errors = ErrorsStack(app, settings)
    documents = DocumentsStack(
        app,
        settings,
        DocumentsProps(sqs_problems_arn_parameter=errors.sqs_problems_arn_parameter),
    )
    documents.add_stack_dependency(errors)


def main() -> None:
    """Synthesize the app."""
    # Stacks hold no assets and are deployed with the caller's own credentials: no bootstrapping.
    app = App(analytics_reporting=False, default_stack_synthesizer=LegacyStackSynthesizer())
    build(app)
    app.synth()


if __name__ == "__main__":
    main()
