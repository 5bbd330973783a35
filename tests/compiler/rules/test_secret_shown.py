"""E316 where a secret's field is looked up."""

from __future__ import annotations

import pytest
from rule_support import findings, marked, spec


def test_a_field_of_a_secret_in_the_environment() -> None:
    text = spec("""
        app-credentials: {kind: secret, description: Keys, fields: [openai_api_key]}
        ask:
          kind: function
          access: {app-credentials: read}
          environment: {OPENAI: "Bearer ${app-credentials.openai_api_key}", NAME: "${app-credentials.name}"}
        """)
    [found] = findings("E316", text)
    assert "would be readable by everybody who may look at this function" in found.message
    assert marked(text, found) == "${app-credentials.openai_api_key}"
    assert found.help.startswith("pass ${app-credentials.name}")


@pytest.mark.parametrize(("property", "expected"), [("Environment", 1), ("MasterUserPassword", 0)])
def test_a_raw_resource_may_keep_it_but_not_show_it(property: str, expected: int) -> None:
    text = spec(f"""
        app-credentials: {{kind: secret, description: Keys, fields: [key]}}
        raw:
          kind: cloudformation
          type: AWS::Demo::Thing
          properties: {{{property}: {{Variables: {{A: "${{app-credentials.key}}"}}}}}}
        """)
    assert len(findings("E316", text)) == expected
