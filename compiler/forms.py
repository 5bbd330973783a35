"""Texts of a certain form: addresses, keys, domain names. Wherever such a text comes from, it is checked.

A literal is checked when its field is read. What a parameter, a setting or another resource gives is checked once all
of them are known: first the parameter's type, then the values that the spec has for it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

from lenie.compiler.domains import domain_name
from lenie.compiler.rules._values import possible_texts
from lenie.compiler.settings import PATTERNS
from lenie.compiler.types import Parsed, Template, fault, parse_text, parse_texts

if TYPE_CHECKING:
    from lenie.compiler.diagnostics import Report
    from lenie.compiler.place import Place
    from lenie.compiler.span import Path


class Form(NamedTuple):
    """What a text must look like: the type of parameters that hold such texts, a pattern for all of it, and words."""

    type: str
    pattern: str
    words: str
    example: str

    def fits(self, text: str) -> bool:
        """Whether `text` has this form."""
        return re.fullmatch(self.pattern, text) is not None and not text.endswith("\n")

    def parse(self, value: Any) -> str | Template:
        """Return a text of this form, or one with lookups, which `check_form` looks at later.

        Raises:
            PydanticCustomError: if it is neither.
        """
        return self._checked(parse_text(value))

    def parse_several(self, value: Any) -> str | Template:
        """Do the same for a field whose text may be a list parameter that gives several."""
        return self._checked(parse_texts(value))

    def _checked(self, text: str | Template) -> str | Template:
        if isinstance(text, str) and not self.fits(text):
            raise fault(f'"{text}" is not {self.words}', f"write {self.example}, or a parameter: ${{param.name}}")
        return text


_LABEL = "[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
EMAIL = Form("email", PATTERNS["email"][0], "an e-mail address", PATTERNS["email"][1])
URL = Form("url", PATTERNS["url"][0], "a URL", "https://example.com/name")
SSH_KEY = Form(
    "ssh-public-key", PATTERNS["ssh-public-key"][0], "an SSH public key (RSA or ED25519)", PATTERNS["ssh-public-key"][1]
)
IMAGE = Form("image", PATTERNS["image"][0], "the id of an image", PATTERNS["image"][1])
INSTANCE_TYPE = Form("instance-type", PATTERNS["instance-type"][0], "an instance type", PATTERNS["instance-type"][1])
#: CloudFront takes certificates of this region only (Amazon CloudFront Developer Guide, "Requirements for using SSL/TLS
#: certificates with CloudFront").
CERTIFICATE = Form(
    "arn",
    "arn:aws[a-z-]*:acm:us-east-1:[0-9]{12}:certificate/[A-Za-z0-9-]+",
    "the ARN of an ACM certificate in us-east-1",
    "arn:aws:acm:us-east-1:123456789012:certificate/ID",
)
#: A host name (RFC 1123), perhaps with a wildcard as its first label.
DOMAIN = Form(
    "text",
    rf"(?=.{{1,253}}$)(\*\.)?({_LABEL}\.)+[A-Za-z]([A-Za-z0-9-]{{0,61}}[A-Za-z0-9])",
    "a domain name",
    "app.example.com",
)

_JSON = {"type": "string"}
Email = Annotated[str | Template, Parsed(EMAIL.parse, _JSON)]
Emails = Annotated[str | Template, Parsed(EMAIL.parse_several, _JSON)]
Url = Annotated[str | Template, Parsed(URL.parse, _JSON)]
SshKey = Annotated[str | Template, Parsed(SSH_KEY.parse, _JSON)]
Certificate = Annotated[str | Template, Parsed(CERTIFICATE.parse, _JSON)]
Domain = Annotated[str | Template, Parsed(DOMAIN.parse, _JSON)]


def check_form(at: Place, field: Path, value: Any, form: Form, report: Report, *, several: bool = False) -> None:
    """Report a reference in `field` that gives no text of `form`, as far as that is known when the spec is compiled."""
    lookup = value.single if isinstance(value, Template) else None
    path = at.declaration.at(*field)
    if lookup is None:
        return
    if lookup.head == "param":
        parameter = at.program.document.parameters[lookup.attribute]
        inner = parameter.type[5:-1] if several and parameter.type.startswith("list(") else parameter.type
        if inner not in (form.type, "text"):
            wanted = form.type + (f" or list({form.type})" if several else "")
            report.add(
                "E304",
                f'parameter "{lookup.attribute}" has the type {parameter.type}, and {form.words} is wanted here',
                path,
                find=lookup.source,
                also=[(("parameters", lookup.attribute), "declared here")],
                help=f"use a parameter of type {wanted}",
            )
            return
        if form.pattern == PATTERNS.get(inner, ("", ""))[0]:
            return  # the parameter's own check says it
    for where, text in possible_texts(at.program, at.declaration, value, str(field[0])):
        if not form.fits(text):
            message = f'{lookup.source} can be "{text}", which is not {form.words}'
            report.add(
                "E304", message, path, find=lookup.source, also=[(where, "its value")], help=f"write {form.example}"
            )
            return


def check_domain(at: Place, field: str, value: str | Template, report: Report) -> None:
    """Report a domain name that is put together of parts and is none in some environment."""
    if isinstance(value, str):
        return
    if value.single is not None:
        check_form(at, (field,), value, DOMAIN, report)
        return
    parameters = at.program.document.parameters
    for environment in at.program.document.environments:
        name = domain_name(at.program, value, environment)
        for lookup in value.lookups:
            # What only the deployment knows is taken for something that fits.
            known = parameters[lookup.attribute] if lookup.head == "param" else None
            given = known.values.get(environment, known.default) if known is not None else "example.com"
            name = name.replace(lookup.source, str(given))
        if not DOMAIN.fits(name):
            report.add(
                "E304",
                f'"{name}" is not a domain name (environment "{environment}")',
                at.declaration.at(field),
                help="labels of letters, digits and hyphens, with dots between them: app.example.com",
            )
            return
