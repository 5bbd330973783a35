"""A site: Amplify builds a front end from its repository and serves it."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from lenie.compiler.diagnostics import Report
from lenie.compiler.domains import prefix_in_zone
from lenie.compiler.expressions import AttributeOf, PerEnvironment, Value, interpolate
from lenie.compiler.forms import URL, Domain, Url, check_domain, check_form
from lenie.compiler.kind import Attribute, Resource
from lenie.compiler.kinds.zone import Zone
from lenie.compiler.naming import pascal
from lenie.compiler.place import Lowering, Place
from lenie.compiler.spec import Model
from lenie.compiler.types import Parsed, Reference, Template, Text, To, fault, parse_text

#: Every path that is no file, so that the app's own router gets it (AWS Amplify Hosting User Guide, "Setting up
#: redirects and rewrites": single page web apps).
_FILES = "css|gif|ico|jpg|jpeg|js|json|map|mjs|png|svg|txt|ttf|wasm|webmanifest|webp|woff|woff2|xml"
NOT_A_FILE = rf"</^[^.]+$|\.(?!({_FILES})$)([^.]+$)/>"
_HEADERS = (
    ("Strict-Transport-Security", "max-age=31536000; includeSubDomains"),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Referrer-Policy", "strict-origin-when-cross-origin"),
)
_RESERVED = ("param", "env", "aws")


def parse_token(value: Any) -> Template:
    """Return the reference to a secret's field; a token itself never stands in a spec."""
    text = parse_text(value)
    lookup = text.single if isinstance(text, Template) else None
    if not isinstance(text, Template) or lookup is None or lookup.head in _RESERVED:
        raise fault("a token comes from a secret only", "write the field of a secret: ${credentials.repository_token}")
    return text


class Build(Model):
    """The commands that install and build the front end, and the directory that they leave it in."""

    install: Annotated[str, Field(min_length=1)]
    run: Annotated[str, Field(min_length=1)]
    output: Annotated[str, Field(min_length=1)]

    def spec(self) -> str:
        """Return Amplify's build specification, as YAML (AWS Amplify Hosting User Guide, "Build specification")."""
        return _yaml(
            {
                "version": 1,
                "frontend": {
                    "phases": {"preBuild": {"commands": [self.install]}, "build": {"commands": [self.run]}},
                    "artifacts": {"baseDirectory": self.output, "files": ["**/*"]},
                    "cache": {"paths": ["node_modules/**/*"]},
                },
            }
        )


def _yaml(data: Any) -> str:
    import yaml

    return str(yaml.safe_dump(data, sort_keys=False, width=1000))


class Site(Resource):
    """A front end on Amplify Hosting: app, branch that is built on every push, and domain name.

    No service role is needed: Amplify only builds and serves files here, and creates no AWS resources. It writes the
    DNS records itself, since the zone is in the same account.

    Sources: AWS::Amplify::App, Branch and Domain (CloudFormation template reference).
    """

    ATTRIBUTES: ClassVar[Mapping[str, Attribute]] = {
        "id": Attribute("App", "AppId"),
        "url": Attribute("App", "DefaultDomain", "Address of the branch at Amplify's own domain"),
    }
    FOLDER: ClassVar[str] = "amplify/{name}"

    kind: Literal["site"]
    name: Text | None = None
    description: Text | None = None
    repository: Url
    #: Field of a secret with the access token of the repository.
    token: Annotated[Template, Parsed(parse_token, {"type": "string", "pattern": r"^\$\{.+\..+\}$"})]
    branch: Annotated[str, Field(min_length=1)] = "main"
    build: Build
    #: Whether every path that is no file shows the index page.
    single_page: Annotated[bool, Field(strict=True)] = False
    domain: Domain
    zone: Annotated[Reference, To("zone")]

    def check(self, at: Place, report: Report) -> None:
        """Report references that give no URL or no domain name."""
        check_form(at, ("repository",), self.repository, URL, report)
        check_domain(at, "domain", self.domain, report)

    def attribute(self, name: str, at: Place) -> Value:
        """Return an attribute; the URL is made of branch and default domain."""
        if name != "url":
            return super().attribute(name, at)
        return interpolate(f"https://{self.branch.replace('/', '-')}.", at.get("App", "DefaultDomain"))

    def lower(self, out: Lowering) -> None:
        """Add app, branch and domain."""
        rules = [{"Source": NOT_A_FILE, "Target": "/index.html", "Status": "200"}] if self.single_page else None
        headers = [{"key": key, "value": value} for key, value in _HEADERS]
        out.add(
            "App",
            "AWS::Amplify::App",
            {
                "Name": out.at("name", out.name(self.name)),
                "Description": out.at("description", out.text(self.description)),
                "Platform": "WEB",
                "Repository": out.at("repository", out.text(self.repository)),
                "AccessToken": out.at("token", out.text(self.token)),
                "BuildSpec": out.at("build", self.build.spec()),
                "CustomRules": out.at("single-page", rules),
                "CustomHeaders": _yaml({"customHeaders": [{"pattern": "**/*", "headers": headers}]}),
            },
        )
        app = out.get("App", "AppId")
        out.add(
            "Branch",
            "AWS::Amplify::Branch",
            {
                "AppId": app,
                "BranchName": out.at("branch", self.branch),
                "EnableAutoBuild": True,
                "Stage": "PRODUCTION",
            },
        )
        self._domain(out, app)

    def _domain(self, out: Lowering, app: AttributeOf) -> None:
        apex, prefix = self._split(out)
        out.add(
            "Domain",
            "AWS::Amplify::Domain",
            {
                "AppId": app,
                "DomainName": out.at("domain", apex),
                "EnableAutoSubDomain": False,
                "SubDomainSettings": [
                    {"Prefix": out.at("domain", prefix), "BranchName": out.get("Branch", "BranchName")}
                ],
            },
        )

    def _split(self, out: Lowering) -> tuple[Value, Value]:
        """Return the zone's domain and what stands before it; the whole domain if it is outside the zone (E334)."""
        found = out.program.find(self.zone.name, Zone)
        assert found is not None, "resolve checked the zone"
        zone = found[1].domain
        environments = list(out.program.document.environments)
        prefixes = {name: prefix_in_zone(out.program, self.domain, zone, name) for name in environments}
        known = [(name, prefix) for name, prefix in prefixes.items() if prefix is not None and "${" not in prefix]
        if len(known) < len(environments):
            return out.text(self.domain), ""
        if len({prefix for _, prefix in known}) == 1:
            return out.text(zone), known[0][1]
        return out.text(zone), PerEnvironment(f"{pascal(out.declaration.name)}Prefix", tuple(known))


KIND = Site
