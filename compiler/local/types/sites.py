"""AWS Amplify: apps, branches, domains."""

from __future__ import annotations

from lenie.compiler.local.types.base import Context, Json, ResourceType, camel, pascal, tag_changes, tag_list, tag_map


class App(ResourceType):
    """An app; its id is its ARN's, and `Ref` gives the ARN."""

    name = "AWS::Amplify::App"
    _PLAIN = (
        "BuildSpec",
        "CustomHeaders",
        "CustomRules",
        "Description",
        "IAMServiceRole",
        "Name",
        "Platform",
        "Repository",
    )
    properties = frozenset({*_PLAIN, "AccessToken", "OauthToken", "EnvironmentVariables", "Tags"})
    required = frozenset({"Name"})
    returns = frozenset({"AppId", "AppName", "Arn", "DefaultDomain"})
    unread = frozenset({"AccessToken", "OauthToken"})

    def create(self, at: Context, wanted: Json) -> str:
        made = at.call("amplify", "create_app", **self._given(wanted), tags=tag_map(wanted.get("Tags")) or None)
        return at.created(str(made["app"]["appArn"]))

    def read(self, at: Context, id: str) -> Json | None:
        found = at.find("amplify", "get_app", appId=_app(id))
        if found is None:
            return None
        app = found["app"]
        plain = {name: app.get(_member(name)) for name in self._PLAIN}
        variables = [{"Name": name, "Value": value} for name, value in (app.get("environmentVariables") or {}).items()]
        rules = pascal(app.get("customRules") or [])
        return {**plain, "CustomRules": rules, "EnvironmentVariables": variables, "Tags": tag_list(app.get("tags"))}

    def attributes(self, at: Context, id: str) -> Json:
        app = at.call("amplify", "get_app", appId=_app(id))["app"]
        return {
            "AppId": app["appId"],
            "AppName": app["name"],
            "Arn": app["appArn"],
            "DefaultDomain": app["defaultDomain"],
        }

    def update(self, at: Context, id: str, wanted: Json, before: Json) -> None:
        if {key: value for key, value in wanted.items() if key != "Tags"} != {
            key: value for key, value in before.items() if key != "Tags"
        }:
            gone = {
                _member(name): ""
                for name in before
                if name not in wanted and name in self._PLAIN and name != "CustomRules"
            }
            at.call("amplify", "update_app", appId=_app(id), **gone, **self._given(wanted))
        _retag(at, id, wanted, before)

    def delete(self, at: Context, id: str, properties: Json) -> None:
        at.find("amplify", "delete_app", appId=_app(id))

    def _given(self, wanted: Json) -> Json:
        given = {_member(name): wanted[name] for name in (*self._PLAIN, "AccessToken", "OauthToken") if name in wanted}
        if "customRules" in given:
            given["customRules"] = camel(given["customRules"])
        if "EnvironmentVariables" in wanted:
            given["environmentVariables"] = {pair["Name"]: pair["Value"] for pair in wanted["EnvironmentVariables"]}
        return given


def _member(name: str) -> str:
    """Return the API's name of a property."""
    return {"IAMServiceRole": "iamServiceRoleArn"}.get(name, name[:1].lower() + name[1:])


def _app(arn: str) -> str:
    return arn.split("/")[1]


def _retag(at: Context, arn: str, wanted: Json, before: Json) -> None:
    new, gone = tag_changes(wanted.get("Tags"), before.get("Tags"))
    if gone:
        at.call("amplify", "untag_resource", resourceArn=arn, tagKeys=gone)
    if new:
        at.call("amplify", "tag_resource", resourceArn=arn, tags=new)


class Branch(ResourceType):
    """A branch of an app; its id is its ARN."""

    name = "AWS::Amplify::Branch"
    _PLAIN = (
        "BranchName",
        "BuildSpec",
        "Description",
        "EnableAutoBuild",
        "EnablePullRequestPreview",
        "Framework",
        "Stage",
    )
    properties = frozenset({*_PLAIN, "AppId", "EnvironmentVariables", "Tags"})
    required = frozenset({"AppId", "BranchName"})
    returns = frozenset({"Arn", "BranchName"})

    def create(self, at: Context, wanted: Json) -> str:
        tags = tag_map(wanted.get("Tags"))
        made = at.call("amplify", "create_branch", appId=wanted["AppId"], **self._given(wanted), tags=tags or None)
        return at.created(str(made["branch"]["branchArn"]))

    def read(self, at: Context, id: str) -> Json | None:
        found = at.find("amplify", "get_branch", appId=_app(id), branchName=_branch(id))
        if found is None:
            return None
        branch = found["branch"]
        variables = [
            {"Name": name, "Value": value} for name, value in (branch.get("environmentVariables") or {}).items()
        ]
        plain = {name: branch.get(_member(name)) for name in self._PLAIN}
        return {**plain, "AppId": _app(id), "EnvironmentVariables": variables, "Tags": tag_list(branch.get("tags"))}

    def attributes(self, at: Context, id: str) -> Json:
        return {"Arn": id, "BranchName": _branch(id)}

    def update(self, at: Context, id: str, wanted: Json, before: Json) -> None:
        at.call("amplify", "update_branch", appId=wanted["AppId"], **self._given(wanted))
        _retag(at, id, wanted, before)

    def delete(self, at: Context, id: str, properties: Json) -> None:
        at.find("amplify", "delete_branch", appId=_app(id), branchName=_branch(id))

    def _given(self, wanted: Json) -> Json:
        given = {_member(name): wanted[name] for name in self._PLAIN if name in wanted}
        if "EnvironmentVariables" in wanted:
            given["environmentVariables"] = {pair["Name"]: pair["Value"] for pair in wanted["EnvironmentVariables"]}
        return given


def _branch(arn: str) -> str:
    return arn.split("/", 3)[3]


class Domain(ResourceType):
    """A domain of an app; its id is its ARN."""

    name = "AWS::Amplify::Domain"
    properties = frozenset({"AppId", "DomainName", "EnableAutoSubDomain", "SubDomainSettings"})
    required = frozenset({"AppId", "DomainName", "SubDomainSettings"})
    returns = frozenset({"Arn", "DomainName", "DomainStatus"})
    tags = ""

    def create(self, at: Context, wanted: Json) -> str:
        made = at.call("amplify", "create_domain_association", **camel(wanted))
        return at.created(str(made["domainAssociation"]["domainAssociationArn"]))

    def read(self, at: Context, id: str) -> Json | None:
        found = at.find("amplify", "get_domain_association", appId=_app(id), domainName=_branch(id))
        if found is None:
            return None
        domain = found["domainAssociation"]
        settings = [pascal(each["subDomainSetting"]) for each in domain["subDomains"]]
        names = {"DomainName": domain["domainName"], "EnableAutoSubDomain": domain["enableAutoSubDomain"]}
        return {"AppId": _app(id), **names, "SubDomainSettings": settings}

    def attributes(self, at: Context, id: str) -> Json:
        found = at.call("amplify", "get_domain_association", appId=_app(id), domainName=_branch(id))[
            "domainAssociation"
        ]
        return {"Arn": id, "DomainName": found["domainName"], "DomainStatus": found["domainStatus"]}

    def update(self, at: Context, id: str, wanted: Json, before: Json) -> None:
        at.call("amplify", "update_domain_association", **camel(wanted))

    def delete(self, at: Context, id: str, properties: Json) -> None:
        at.find("amplify", "delete_domain_association", appId=_app(id), domainName=_branch(id))
