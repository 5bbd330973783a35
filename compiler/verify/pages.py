"""What `lenie explain CODE` prints for the findings of ``lenie verify``."""

from __future__ import annotations

from lenie.compiler.codes import Page

PAGES: dict[str, Page] = {
    "E601": Page(
        "A generated file says something else than the spec",
        "`lenie verify` reads the generated files back, by means that share nothing with what wrote them, and compares "
        "every property of every resource with the spec. Here a value is another one, is missing, or is there although "
        "the spec does not ask for it. What may be given at a deployment counts, too: only environments of the spec, "
        "only values that match the pattern of their parameter. Either the file was edited, or the spec has changed "
        "since it was compiled, or the compiler has a fault. The first place is in the generated file, the second one "
        "in the spec. The exit code is 2.",
        "DocumentsQueue:\n  Type: AWS::SQS::Queue\n  Properties: {MessageRetentionPeriod: 60}\n",
        "DocumentsQueue:\n  Type: AWS::SQS::Queue\n  Properties: {MessageRetentionPeriod: 1209600}\n",
    ),
    "E602": Page(
        "A resource is missing in a generated file",
        "The spec has a resource, or a published value, that the files of a target do not make. Where a target has "
        "other names than the spec, resources are recognised by their type and by what they have in common. The exit "
        "code is 2.",
    ),
    "E603": Page(
        "A generated file makes a resource that the spec does not have",
        "Somebody added it to the file, or removed it from the spec without compiling. It would be deployed, and no "
        "rule of the spec was applied to it. The exit code is 2.",
    ),
    "E604": Page(
        "A target makes things in another order, or protects them otherwise",
        "A resource does not wait for one that it needs, waits for one without a reason, or is kept, deleted or saved "
        "in another way than the spec wants when it is removed or replaced. In Terraform, a resource also has to wait "
        "for all parts of what it refers to, such as the policies of a role, and what another component puts into a "
        "subnet for the way out of it: its route table, routes and endpoints. The exit code is 2.",
    ),
    "E605": Page(
        "A generated file is missing, or does not belong there",
        "The target covers a component of which there is no file, or the target's directory holds a file that would be "
        "deployed and that no compile wrote. The exit code is 2.",
    ),
    "E606": Page(
        "A generated file cannot be read",
        "It is not UTF-8, not YAML or HCL, or holds a contradiction such as a name that is declared twice. Compiling "
        "writes it again. The exit code is 2.",
    ),
    "E607": Page(
        "A generated file holds something that cannot be verified",
        "A function, a type of resource or a reference that the compiler does not write, or that only a deployment "
        "could evaluate. What it means is not known, so it cannot be called equal. The exit code is 2.",
    ),
    "W608": Page(
        "A generated file was edited",
        "Its content is not what the compiler wrote. If nothing else is reported, what it deploys is the same: a "
        "comment was changed, the order of keys, a description, or the version of a provider, which is not compared "
        "(docs/verify.md lists what is not). The next compile removes the change.",
    ),
    "E916": Page(
        "A target cannot be verified without a tool that is missing",
        "A CDK app says what it deploys only when it is run, which takes Python with aws-cdk-lib, and Node.js. The "
        "message says where they were looked for. The exit code is 3, since the target was asked for by name.",
        "lenie verify --target cdk\n",
        "lenie verify --target cdk --cdk-python generated/cdk/.venv/bin/python\n",
    ),
    "W916": Page(
        "A target was not verified, since a tool is missing",
        "The other targets were. Name the target with --target to have an error instead; the message says what it "
        "needs.",
    ),
}
