"""Amplify: a small model of apps, branches and domains. Moto 5.2.5 has no Amplify.

What is created can be read, listed, changed, tagged and deleted. Nothing is built or served.

Source: AWS Amplify Hosting API Reference.
"""

from __future__ import annotations

import secrets
import string
from datetime import UTC, datetime
from typing import Any

from moto.core.exceptions import ServiceException
from moto.core.responses import ActionResult, BaseResponse

from lenie.compiler.local import application, hooks

Json = dict[str, Any]
_apps: dict[tuple[str, str], dict[str, Json]] = {}
#: Parts of a request that say where, not what; and secrets, which are never told.
_WHERE = frozenset({"appId", "accessToken", "oauthToken", "tags"})


class NotFound(ServiceException):
    """There is no such app, branch or domain."""

    code = "NotFoundException"


class BadRequest(ServiceException):
    """What is asked for exists, or is not possible."""

    code = "BadRequestException"


class AmplifyResponse(BaseResponse):
    """The actions of Amplify's API."""

    def __init__(self) -> None:
        """Let moto parse the parameters by the service's model."""
        super().__init__(service_name="amplify")
        self.automated_parameter_parsing = True

    # Apps

    def create_app(self) -> ActionResult:
        """CreateApp."""
        id = "d" + "".join(secrets.choice(string.ascii_lowercase + string.digits) for _ in range(13))
        app: Json = {
            "appId": id,
            "appArn": f"arn:{self.partition}:amplify:{self.region}:{self.current_account}:apps/{id}",
            "defaultDomain": f"{id}.amplifyapp.com",
            "createTime": datetime.now(UTC),
            "description": "",
            "repository": "",
            "platform": "WEB",
            "environmentVariables": {},
            "enableBranchAutoBuild": False,
            "enableBasicAuth": False,
            "customRules": [],
            "tags": dict(self._get_param("tags") or {}),
            "branches": {},
            "domains": {},
        }
        _change(app, self.params)
        self._mine()[id] = app
        return ActionResult({"app": app})

    def get_app(self) -> ActionResult:
        """GetApp."""
        return ActionResult({"app": self._app()})

    def list_apps(self) -> ActionResult:
        """ListApps."""
        return ActionResult({"apps": list(self._mine().values())})

    def update_app(self) -> ActionResult:
        """UpdateApp."""
        app = self._app()
        _change(app, self.params)
        return ActionResult({"app": app})

    def delete_app(self) -> ActionResult:
        """DeleteApp: its branches and domains go with it."""
        app = self._app()
        del self._mine()[app["appId"]]
        return ActionResult({"app": app})

    # Branches

    def create_branch(self) -> ActionResult:
        """CreateBranch."""
        app, name = self._app(), self._get_param("branchName")
        if name in app["branches"]:
            raise BadRequest(f"Branch with name {name} already exists")
        branch: Json = {
            "branchName": name,
            "branchArn": f"{app['appArn']}/branches/{name}",
            "createTime": datetime.now(UTC),
            "description": "",
            "stage": "NONE",
            "displayName": name,
            "enableNotification": False,
            "enableAutoBuild": True,
            "enableBasicAuth": False,
            "enablePullRequestPreview": False,
            "environmentVariables": {},
            "framework": "",
            "customDomains": [],
            "ttl": "5",
            "activeJobId": "",
            "totalNumberOfJobs": "0",
            "tags": dict(self._get_param("tags") or {}),
        }
        _change(branch, self.params)
        app["branches"][name] = branch
        return ActionResult({"branch": branch})

    def get_branch(self) -> ActionResult:
        """GetBranch."""
        return ActionResult({"branch": self._branch()})

    def list_branches(self) -> ActionResult:
        """ListBranches."""
        return ActionResult({"branches": list(self._app()["branches"].values())})

    def update_branch(self) -> ActionResult:
        """UpdateBranch."""
        branch = self._branch()
        _change(branch, self.params)
        return ActionResult({"branch": branch})

    def delete_branch(self) -> ActionResult:
        """DeleteBranch."""
        branch = self._branch()
        for domain in self._app()["domains"].values():
            if any(each["subDomainSetting"]["branchName"] == branch["branchName"] for each in domain["subDomains"]):
                raise BadRequest(f"Branch {branch['branchName']} is in use by the domain {domain['domainName']}")
        del self._app()["branches"][branch["branchName"]]
        return ActionResult({"branch": branch})

    # Domains

    def create_domain_association(self) -> ActionResult:
        """CreateDomainAssociation."""
        app, name = self._app(), self._get_param("domainName")
        if name in app["domains"]:
            raise BadRequest(f"Domain {name} is already associated")
        domain: Json = {
            "domainName": name,
            "domainAssociationArn": f"{app['appArn']}/domains/{name}",
            "domainStatus": "AVAILABLE",
            "statusReason": "",
            "enableAutoSubDomain": bool(self._get_param("enableAutoSubDomain")),
        }
        self._settings(app, domain)
        app["domains"][name] = domain
        return ActionResult({"domainAssociation": domain})

    def get_domain_association(self) -> ActionResult:
        """GetDomainAssociation."""
        return ActionResult({"domainAssociation": self._domain()})

    def list_domain_associations(self) -> ActionResult:
        """ListDomainAssociations."""
        return ActionResult({"domainAssociations": list(self._app()["domains"].values())})

    def update_domain_association(self) -> ActionResult:
        """UpdateDomainAssociation."""
        domain = self._domain()
        if self._get_param("enableAutoSubDomain") is not None:
            domain["enableAutoSubDomain"] = bool(self._get_param("enableAutoSubDomain"))
        if self._get_param("subDomainSettings") is not None:
            self._settings(self._app(), domain)
        return ActionResult({"domainAssociation": domain})

    def delete_domain_association(self) -> ActionResult:
        """DeleteDomainAssociation."""
        domain = self._domain()
        del self._app()["domains"][domain["domainName"]]
        return ActionResult({"domainAssociation": domain})

    # Tags

    def list_tags_for_resource(self) -> ActionResult:
        """ListTagsForResource."""
        return ActionResult({"tags": self._tagged()["tags"]})

    def tag_resource(self) -> ActionResult:
        """TagResource."""
        self._tagged()["tags"].update(self._get_param("tags") or {})
        return ActionResult({})

    def untag_resource(self) -> ActionResult:
        """UntagResource."""
        tags = self._tagged()["tags"]
        for key in self._get_param("tagKeys") or []:
            tags.pop(key, None)
        return ActionResult({})

    # What the actions share

    def _mine(self) -> dict[str, Json]:
        return _apps.setdefault((self.current_account, self.region), {})

    def _app(self) -> Json:
        id = self._get_param("appId")
        if id not in self._mine():
            raise NotFound(f"App {id} not found.")
        return self._mine()[id]

    def _branch(self) -> Json:
        name = self._get_param("branchName")
        if name not in self._app()["branches"]:
            raise NotFound(f"Branch {name} not found.")
        found: Json = self._app()["branches"][name]
        return found

    def _domain(self) -> Json:
        name = self._get_param("domainName")
        if name not in self._app()["domains"]:
            raise NotFound(f"Domain association {name} not found.")
        found: Json = self._app()["domains"][name]
        return found

    def _settings(self, app: Json, domain: Json) -> None:
        settings = self._get_param("subDomainSettings") or []
        for setting in settings:
            if setting["branchName"] not in app["branches"]:
                raise NotFound(f"Branch {setting['branchName']} not found.")
        domain["subDomains"] = [
            {
                "subDomainSetting": dict(setting),
                "verified": True,
                "dnsRecord": f"{setting['prefix']} CNAME {app['defaultDomain']}",
            }
            for setting in settings
        ]

    def _tagged(self) -> Json:
        """Return the app or branch with an ARN."""
        arn = str(self._get_param("resourceArn"))
        for app in self._mine().values():
            if app["appArn"] == arn:
                return app
            for branch in app["branches"].values():
                if branch["branchArn"] == arn:
                    found: Json = branch
                    return found
        raise NotFound(f"Resource {arn} not found.")


def _change(found: Json, given: Json) -> None:
    """Take what a request gives, but for what is no part of the thing itself."""
    found.update({name: value for name, value in given.items() if name not in _WHERE and value is not None})
    found["updateTime"] = datetime.now(UTC)


def apply() -> None:
    """Serve Amplify beside moto's services."""
    application.serve("amplify", AmplifyResponse)
    hooks.on_reset(_apps.clear)
