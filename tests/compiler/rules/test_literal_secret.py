from __future__ import annotations

import base64
import random

import pytest
from rule_support import ROOT, findings, marked, spec, waived

from lenie.compiler.load import load
from lenie.compiler.render import render_text
from lenie.compiler.rules._secrets import mask, named_secret, secret_in

# Put together here, so that no scanner takes this file for a leak.
SECRETS = {
    "an access key of AWS": "AKIA" + "QWERTYUIOPASDFGH",
    "a private key": "-----BEGIN RSA " + "PRIVATE KEY-----",
    "a token of GitHub": "ghp_" + "a1B2c3D4e5" * 4,
    "a token of GitLab": "glpat-" + "a1B2c3D4e5" * 2,
    "a key of OpenAI": "sk-proj-" + "a1B2c3D4e5" * 4,
    "a key of Stripe": "sk_live_" + "a1B2c3D4e5" * 2,
    "a token of Slack": "xoxb-" + "1234567890-" * 2 + "abcDEF",
    "a key of Google": "AIza" + "a1B2c3D4e" * 3 + "a1B2c3D4",
    "a JSON web token": ".".join(["eyJhbGciOiJub25lIn0", "eyJzdWIiOiJsZW5pZSJ9", "c2lnbmF0dXJl"]),
    "a password in a URL": "postgres://lenie:correct-horse@db.example.com/lenie",
    "a random text, such as a key": "wJa1rXUtnF3MI" + "K7MD9NG0bPxRfi" + "CYzEX4mPL2Kqw",
}


def environment(line: str, access: str = "{}") -> str:
    return spec(f"""
        work: {{kind: queue}}
        ask:
          kind: function
          access: {access}
          environment:
            {line}
        """)


@pytest.mark.parametrize(("what", "secret"), SECRETS.items(), ids=SECRETS)
def test_what_looks_like_a_secret(what: str, secret: str) -> None:
    text = environment(f'VALUE: "before {secret} after"')
    [found] = findings("E316", text)
    assert what in found.message
    assert secret not in found.message + found.help
    assert marked(text, found).strip('"') in f"before {secret} after"


@pytest.mark.parametrize("length", [32, 40, 64])
def test_most_random_texts_are_found(length: int) -> None:
    source = random.Random(length)
    texts = [base64.b64encode(source.randbytes(length * 3 // 4)).decode() for _ in range(500)]
    assert sum(secret_in(text) is not None for text in texts) > 450


@pytest.mark.parametrize(
    "text",
    [
        "arn:aws:acm:us-east-1:123456789012:certificate/00000000-0000-4000-8000-000000000000",
        "ami-0123456789abcdef0",
        "AKIAIOSFODNN7" + "EXAMPLE",
        "wJalrXUtnFEMI/K7MDENG/bPxRfiCY" + "EXAMPLEKEY",
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f admin@example.com",
        "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
        "arn:aws:states:::aws-sdk:rds:describeDBInstances",
        "AWSLambdaVPCAccessExecutionRole20AndSomething21More",
        "sk-something-that-is-no-key-at-all",
        "https://example.com/a/very/long/path/to/Some/Page2/of/Site3",
        "{% $sum($states.result.Attributes.*.$number()) %}",
        "postgres://${database.host}:5432/lenie",
        "https://user@example.com/repository",
    ],
)
def test_what_is_public(text: str) -> None:
    assert secret_in(text) is None


NAMES = """
    DB_PASSWORD PASSWORD apiKey OPENAI_API_KEY ACCESS_TOKEN privateKey CREDENTIALS db-password MasterUserPassword
    APP_SECRET AWS_SECRET_ACCESS_KEY APIKEY
"""
OTHERS = """
    MAX_TOKENS TOKEN_LIMIT SECRET_NAME PASSWORD_LENGTH ssh-public-key PUBLIC_KEY KEY pk KEYBOARD TOKENIZER
    CREDENTIAL_PATH AUTHOR BUCKET_NAME
"""


@pytest.mark.parametrize("key", NAMES.split())
def test_names_of_secrets(key: str) -> None:
    assert named_secret(key)


@pytest.mark.parametrize("key", OTHERS.split())
def test_names_of_other_things(key: str) -> None:
    assert not named_secret(key)


def test_a_literal_under_a_telling_name() -> None:
    text = environment("DB_PASSWORD: correct-horse")
    [found] = findings("E316", text)
    assert found.message == 'the value of "DB_PASSWORD" stands in the spec: *** (13 characters)'
    assert marked(text, found) == "correct-horse"


@pytest.mark.parametrize("value", ["${work.url}", "${param.token}", '"true"', '""'])
def test_a_value_that_is_looked_up_is_fine(value: str) -> None:
    text = environment(f'TOKEN: "{value}"' if "$" in value else f"TOKEN: {value}")
    parameters = 'token: {type: text, default: "", description: Given at deployment}'
    assert not findings("E316", text.replace("components:", f"parameters:\n  {parameters}\ncomponents:"))


def test_parameters_and_settings_count() -> None:
    text = spec(
        "ask: {kind: function, environment: {ONE: '${param.api-token}', TWO: '${env.db-password}'}}",
        "api-token: {type: text, default: hunter-2, description: Token of somebody, values: {prod: hunter-3}}",
    ).replace("{production: false}", "{production: false, db-password: hunter-4}")
    text = text.replace("{production: true}", '{production: true, db-password: "true"}')
    found = findings("E316", text)
    assert [marked(text, one) for one in found] == ["hunter-4", "hunter-2", "hunter-3"]


def test_raw_resources_count() -> None:
    text = spec("""
        store:
          kind: cloudformation
          type: AWS::RDS::DBInstance
          properties: {MasterUserPassword: correct-horse, MasterUsername: lenie}
        other:
          kind: cloudformation
          type: AWS::RDS::DBInstance
          properties: {MasterUserPassword: "{{resolve:secretsmanager:name}}"}
        """)
    [found] = findings("E316", text)
    assert marked(text, found) == "correct-horse"


def test_words_about_access_are_no_values() -> None:
    text = spec("""
        app-credentials: {kind: queue}
        ask: {kind: function, access: {app-credentials: send}}
        """)
    assert not findings("E316", text)


def test_the_resource_can_waive_it() -> None:
    text = environment("DB_PASSWORD: correct-horse").replace(
        "environment:", "waive: {E316: the database is a public sample}\n        environment:"
    )
    assert not findings("E316", text)
    assert len(waived("E316", text)) == 1


def test_no_frame_shows_a_secret() -> None:
    key = SECRETS["an access key of AWS"]
    text = environment(f'{{ID: "{key}", DB_PASSWORD: correct-horse, WORK: "${{work.url}}"}}')
    found = findings("E316", text)
    shown = render_text(found, {"spec.yaml": text.splitlines()})
    assert len(found) == 2
    assert key not in shown
    assert "correct-horse" not in shown
    assert shown.count('{ID: "********************", DB_PASSWORD: *************, WORK: "${work.url}"}') == 2


def test_a_secret_of_several_lines_is_hidden_as_a_whole() -> None:
    text = environment(f"""KEY_FILE: |
              {SECRETS["a private key"]}
              MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQ""")
    found = findings("E316", text)
    shown = render_text(found, {"spec.yaml": text.splitlines()})
    assert found
    assert "PRIVATE KEY" not in shown.replace("a private key", "")


def test_a_mask_hides_most_of_a_secret() -> None:
    assert mask("correct-horse") == "*** (13 characters)"
    assert mask("AKIA" + "QWERTYUIOPASDFGH") == "AKIA*** (20 characters)"


def test_the_spec_of_the_project_holds_nothing_like_a_secret() -> None:
    def texts(value: object) -> list[str]:
        if isinstance(value, dict):
            return [text for item in value.values() for text in texts(item)]
        if isinstance(value, list):
            return [text for item in value for text in texts(item)]
        return [value] if isinstance(value, str) else []

    found = texts(load(ROOT / "spec" / "lenie.yaml").root.plain())
    assert len(found) > 500
    assert [text for text in found if secret_in(text)] == []


@pytest.mark.parametrize(
    "resource",
    [
        "sessions: {kind: table, key: {token: string}, indexes: {by-secret: {secret: string}}}",
        "work: {kind: function, environment: {TOKEN_ISSUER: 'https://example.com', CSRF_TOKEN_HEADER: X-CSRF-Token}}",
        "pool: {kind: cloudformation, type: 'AWS::Cognito::UserPoolClient', properties: {UserPoolId: x, "
        "TokenValidityUnits: {AccessToken: minutes, RefreshToken: days}}}",
        "key: {kind: cloudformation, type: 'AWS::SecretsManager::Secret', properties: {GenerateSecretString: "
        '{SecretStringTemplate: \'{"username":"admin"}\', GenerateStringKey: password}}}',
    ],
)
def test_names_that_only_speak_of_secrets(resource: str) -> None:
    assert not findings("E316", spec(resource))


def test_a_path_in_a_workflow_is_no_value() -> None:
    flow = """
jobs: {kind: queue}
flow:
  kind: workflow
  timeout: 1h
  access: {jobs: send}
  definition:
    StartAt: Ask
    States:
      Ask:
        Type: Task
        Resource: "arn:aws:states:::sqs:sendMessage.waitForTaskToken"
        Parameters: {QueueUrl: "${jobs.url}", MessageBody: {"TaskToken.$": "$$.Task.Token"}}
        End: true
"""
    assert not findings("E316", spec(flow))
