"""What ``lenie explain CODE`` prints for the codes of the passes after loading, and of the command line."""

from __future__ import annotations

from lenie.compiler.codes import Page
from lenie.compiler.pages_around import PACKAGE

VALIDATE: dict[str, Page] = {
    "E201": Page(
        "A field is not part of the language",
        "Every map in the spec has a fixed set of fields, so a misspelt one would do nothing at all: the setting "
        "that it was meant to give would silently have its default. docs/kinds.md lists the fields of every kind.",
        "documents: {kind: queue, retension: 14d}\n",
        "documents: {kind: queue, retention: 14d}\n",
    ),
    "E202": Page(
        "A field is missing",
        "The field has no default, because no value would be right for everybody. What all resources of a kind "
        "share can be given once, under `defaults:`.",
        "documents: {retention: 14d}\n",
        "documents: {kind: queue, retention: 14d}\n",
    ),
    "E203": Page(
        "A value has the wrong form",
        "Durations and sizes have units, networks are in CIDR notation, texts that look like numbers are in "
        "quotes, and a field that takes one of a few words takes no other. Numbers without units are refused: "
        "seconds and days are too easily confused.",
        "documents: {kind: queue, retention: 14}\n",
        "documents: {kind: queue, retention: 14d}\n",
    ),
    "E204": Page(
        "There is no such kind of resource",
        "`kind` says what a resource is. docs/kinds.md lists all kinds. They are named after what they are for, "
        "and not after the AWS service: a queue is an SQS queue with its policy, a function is a Lambda function "
        "with its role and log group.",
        "documents: {kind: sqs}\n",
        "documents: {kind: queue}\n",
    ),
}

RESOLVE: dict[str, Page] = {
    "E301": Page(
        "A name refers to nothing",
        "A reference, an access, a layer or an environment is named that the spec does not have. Names of "
        "resources are unique in the whole spec, so a reference never says which component it means.",
        "documents: {kind: queue, dead-letter: {queue: problem-dlq, after: 5}}\nproblems-dlq: {kind: queue}\n",
        "documents: {kind: queue, dead-letter: {queue: problems-dlq, after: 5}}\nproblems-dlq: {kind: queue}\n",
    ),
    "E302": Page(
        "Two resources have the same name",
        "References name a resource and not its component, so a name stands for one resource in the whole spec.",
        "components:\n"
        "  intake: {layer: storage, resources: {documents: {kind: queue}}}\n"
        "  archive: {layer: storage, resources: {documents: {kind: bucket}}}\n",
        "components:\n"
        "  intake: {layer: storage, resources: {documents: {kind: queue}}}\n"
        "  archive: {layer: storage, resources: {documents-archive: {kind: bucket}}}\n",
    ),
    "E303": Page(
        "Components need each other in a circle",
        "A component is deployed as one, after all whose values it reads. In a circle none can be the first. Often "
        "one resource belongs into the other component, as a bucket's policy that names a distribution belongs to "
        "the distribution.",
        "intake:\n"
        "  resources: {documents: {kind: queue, dead-letter: {queue: problems, after: 5}}, errors: {kind: queue}}\n"
        "alarms:\n"
        "  resources: {problems: {kind: queue, dead-letter: {queue: errors, after: 5}}}\n",
        "intake:\n"
        "  resources: {documents: {kind: queue, dead-letter: {queue: problems, after: 5}}}\n"
        "alarms:\n"
        "  resources: {problems: {kind: queue, dead-letter: {queue: errors, after: 5}}, errors: {kind: queue}}\n",
    ),
    "E304": Page(
        "A reference does not fit where it stands",
        "The field takes resources of certain kinds only: messages that nobody could handle go to a queue, not to "
        "a bucket. In the same way a field that holds an address, a key or a domain name takes parameters whose type "
        "and values are such, and an ingress rule takes each network once.",
        "documents: {kind: queue, dead-letter: {queue: website, after: 5}}\nwebsite: {kind: bucket}\n",
        "documents: {kind: queue, dead-letter: {queue: problems, after: 5}}\nproblems: {kind: queue}\n",
    ),
    "E305": Page(
        "A resource has no such attribute, part, or access",
        "Each kind has attributes that others may read (${documents.url}), and verbs that `access` may give "
        "(documents: send); some have parts (vpc.public-a). docs/kinds.md lists them. There is no verb that allows "
        "everything, so that each permission is meant.",
        "add: {kind: function, access: {documents: write}}\n",
        "add: {kind: function, access: {documents: send}}\n",
    ),
    "E306": Page(
        "A component needs one of a later layer",
        "Layers are deployed one after the other, in the order of the list `layers`. What a component reads must "
        "be there before it.",
        "layers: [storage, compute]\n"
        "components:\n"
        "  intake: {layer: storage, after: [workers], resources: {documents: {kind: queue}}}\n"
        "  workers: {layer: compute, resources: {results: {kind: queue}}}\n",
        "layers: [storage, compute]\n"
        "components:\n"
        "  intake: {layer: storage, resources: {documents: {kind: queue}}}\n"
        "  workers: {layer: compute, after: [intake], resources: {results: {kind: queue}}}\n",
    ),
    "E307": Page(
        "The environments do not have the same settings",
        "Every environment has every setting, with the same type of value: they form a table, and a gap in it "
        "would only show when that environment is deployed. A setting cannot be called `name`, which is the name "
        "of the environment itself.",
        "environments:\n  dev: {production: false}\n  prod: {production: true, domain: example.com}\n",
        "environments:\n"
        "  dev: {production: false, domain: dev.example.com}\n"
        "  prod: {production: true, domain: example.com}\n",
    ),
    "E308": Page(
        "A shared component uses what exists once for each environment",
        "A component of scope `account` or `organization` is deployed once, for no environment: there, ${env...} "
        "has no value, and a resource of an environment exists several times or not at all.",
        "budget:\n  scope: account\n  resources: {alerts: {kind: topic, name: 'alerts-${env.name}'}}\n",
        "budget:\n  scope: account\n  resources: {alerts: {kind: topic, name: alerts}}\n",
    ),
    "E309": Page(
        "A parameter's value does not fit its type",
        "Values are given at deployment, and checked there against the type and the pattern. The default, and the "
        "values for some environments, must pass the same check. A list has as many elements in every environment, "
        "since each element becomes a resource or a property.",
        "parameters:\n  admins: {type: list(cidr), default: [203.0.113.10], description: Networks of administrators}\n",
        "parameters:\n"
        "  admins: {type: list(cidr), default: [203.0.113.10/32], description: Networks of administrators}\n",
    ),
    "W326": Page(
        "A waiver waives nothing",
        "The rule that it names finds no fault in the resource any more. A waiver that stays would hide the next one.",
        "documents: {kind: queue, waive: {E324: this was a topic once}}\n",
        "documents: {kind: queue}\n",
    ),
}

LOWER: dict[str, Page] = {
    "E401": Page(
        "Resources of one component need each other in a circle",
        "The AWS resources that come from the declarations read each other's values, so that none can be created "
        "first. The message names them; each label shows the declaration that one of them comes from.",
    ),
    "E402": Page(
        "AWS refuses a name, or a text that is too long",
        "Physical names are made of the project, the environment and the resource's name, and each AWS service has "
        "limits of its own on their length and characters. The name is checked in every environment, with the "
        "parameters' values: one that is too long in `prod` only would fail there, after everything went well in "
        "`dev`. The same holds for texts whose length a service limits, such as a description or the script that an "
        "instance runs at its first start.",
        "website: {kind: bucket, name: Website_Content}\n",
        "website: {kind: bucket, name: website-content}\n",
    ),
    "E403": Page(
        "Two resources have the same name in AWS",
        "Either two declarations give the same name, or one of them gives the same name in two environments, which "
        "may share an account. The second deployment would fail, or take over the first one's resource.",
        "documents: {kind: queue, name: documents}\n",
        'documents: {kind: queue, name: "documents-${env.name}"}\n',
    ),
    "E404": Page(
        "Two resources would have the same id",
        "Inside a component each AWS resource has an id, made of the declaration's name and of what the resource "
        "is. Here two names lead to the same one, or to two that differ in case only, which not every target can "
        "hold.",
        "documents: {kind: queue}\ndocuments-queue: {kind: queue}\n",
        "documents: {kind: queue}\nlate-documents: {kind: queue}\n",
    ),
    "E405": Page(
        "Two things that differ between environments would have the same name",
        "Targets keep everything that differs between environments in one table. A setting stands there under its "
        "own name, and what is derived from a setting under the name of the resource and the property.",
        "environments: {dev: {website-versioning: 'no', production: false}}\n"
        "website: {kind: bucket, versioned: '${env.production}'}\n",
        "environments: {dev: {keep-versions: 'no', production: false}}\n"
        "website: {kind: bucket, versioned: '${env.production}'}\n",
    ),
    "E406": Page(
        "The value of a secret would be readable",
        "A field of a secret may stand only in the few properties that an AWS service keeps secret, such as a "
        "database's master password. Anywhere else, everybody who may look at the resource could read it. Give the "
        "code the secret's name, and access to it.",
        "summary: {kind: queue, name: 'summary-${app.openai_key}'}\n",
        "summary: {kind: queue}\n",
    ),
}

EMIT: dict[str, Page] = {
    "E502": Page(
        "A target cannot hold this value",
        "A value that the graph can hold has no form in the target's language: an element of a CloudFormation list "
        "parameter cannot contain a comma, a value inside a JSON text cannot contain quotation marks, and CDK takes "
        "texts such as ${Token[1]} for its own. It is refused, since the deployment would get another value than the "
        "spec says.",
        'parameters:\n  names: {type: list(text), default: ["one, two"], description: Names}\n',
        "parameters:\n  names: {type: list(text), default: [one, two], description: Names}\n",
    ),
    "E503": Page(
        "AWS has no such property, or it takes another type of value",
        "The properties of a resource of kind `cloudformation` are given as AWS names them. They are checked here "
        "against the resource's type, so that a misspelt one is not found by the deployment only.",
        "log: {kind: cloudformation, type: 'AWS::Logs::LogGroup', properties: {RetentionDays: 14}}\n",
        "log: {kind: cloudformation, type: 'AWS::Logs::LogGroup', properties: {RetentionInDays: 14}}\n",
    ),
    "E504": Page(
        "A property would be lost",
        "The library that builds the template changed or dropped a value. The compiler compares what it gave with "
        "what it got, and stops instead of writing a template that says something else than the spec. Please "
        "report it.",
    ),
    "W505": Page(
        "A resource's properties could not be checked",
        "The type is unknown to the library that checks types and names of properties, usually because it is very "
        "new. The properties are written as they stand in the spec.",
    ),
    "E510": Page(
        "A template has too many resources",
        "CloudFormation takes 500 resources in a template. Divide the component: references between components "
        "need no change, since names are unique in the whole spec.",
    ),
    "E511": Page(
        "A template has too many parameters",
        "CloudFormation takes 200 parameters in a template; each parameter of the spec that the component uses, "
        "and each value that it reads from another component, is one. Divide the component.",
    ),
    "E512": Page(
        "A template is too large",
        "CloudFormation takes templates of up to 1 MB from a bucket. Divide the component.",
    ),
    "W513": Page(
        "A template must be deployed from a bucket",
        "CloudFormation takes a template of up to 51 200 bytes in the request itself; a larger one is first put "
        "into a bucket. The manifest beside the templates says which ones.",
    ),
    "W515": Page(
        "A stack of the CDK app needs a bootstrapped account",
        "`cdk deploy` sends a template of up to 51 200 bytes in the request itself, and puts a larger one into a "
        "bucket first, which `cdk bootstrap` makes. The stacks of the app need nothing else of it.",
    ),
    "E530": Page(
        "Terraform has no row for this type",
        "What a CloudFormation type becomes in Terraform stands in tables, one row for each type, which are checked "
        "against the provider's schema. A type without a row is refused: to guess its name and arguments would lose "
        "properties, or change what they mean. docs/kinds.md lists the types, at the kind `cloudformation`.",
        "thing: {kind: cloudformation, type: AWS::DAX::Cluster, properties: {NodeType: dax.t3.small}}\n",
        "coverage: {tf: [vpc, bastion]}  # the component of the resource is not among them\n",
    ),
    "E531": Page(
        "Terraform has no counterpart of a property or of its value",
        "The provider has no argument for the property, or takes other values: a text where the spec gives a list, one "
        "element where there are several, a value written out where a parameter stands. Or it has a resource type of "
        "its own for the property, and the compiler's tables do not: so it is with the lifecycle rules of a bucket. "
        "The message names the resource type of the provider. Nothing is left out in silence.",
        "topic: {kind: cloudformation, type: AWS::SNS::Topic, properties: {DataProtectionPolicy: {Name: p}}}\n",
        "topic: {kind: topic, email: [alerts@example.com]}\n",
    ),
    "E532": Page(
        "A property cannot be expressed in Terraform",
        "The tables of the Terraform target say why: for instance, the provider uploads code as a file only, and finds "
        "a hosted zone by its id only. Write the resource in another way, or keep its component out of `coverage`.",
        "record: {kind: cloudformation, type: AWS::Route53::RecordSet, properties: {HostedZoneName: example.com.}}\n",
        'record: {kind: cloudformation, type: AWS::Route53::RecordSet, properties: {HostedZoneId: "${zone.id}"}}\n',
    ),
    "W533": Page(
        "A property is left to people, in Terraform only",
        "Terraform could express it, but not without harm: the access token of an Amplify app would stand in the state "
        "in plain text. The message says what to do by hand after the first apply, and the README of the program lists "
        "all such properties.",
    ),
    "E514": Page(
        "A component has too many settings that differ between environments",
        "A CloudFormation mapping holds 200 attributes, and each setting of the environments that the component "
        "uses is one. Divide the component.",
    ),
}

COMMAND: dict[str, Page] = {
    "E901": Page(
        "The command line is not right",
        "An option, a target, an environment or a command does not exist. The exit code is 3.",
        "lenie-compile --target cloudformation\n",
        "lenie-compile --target cfn\n",
    ),
    "E902": Page(
        "The files cannot be read or written",
        "The operating system refused: the disk is full, permission is denied, or a part of the path is a file. "
        "All new content is on the disk before the first file is replaced, so a refused compile leaves everything "
        "as it was. The exit code is 3.",
    ),
    "E903": Page(
        "A file that the compiler did not write is in its way",
        "The compiler keeps a list of its files, with their digests, in .lenie-manifest beside them. A file that "
        "is not on that list is somebody else's and is never overwritten. Move it, or delete it if it came from a "
        "compile whose list is lost. Nothing was written; the exit code is 3.",
    ),
    "E904": Page(
        "Another compile is writing to the same directory",
        "Two compiles take turns. After 10 seconds of waiting the second one gives up. The exit code is 3.",
    ),
    "E905": Page(
        "Generated files are not up to date",
        "Generated files are committed, and always equal to a fresh compile of the spec. `lenie-compile --check` "
        "found some that are not: the spec or the compiler changed, or somebody edited them by hand. Compile, and "
        "commit the result with the change that caused it. The exit code is 2.",
    ),
    "W906": Page(
        "Changes made by hand to a generated file are gone",
        "The file is made from the spec, so it was made again. Whatever the change was for belongs into the spec.",
    ),
    "W907": Page(
        "A file that is no longer generated was changed by hand",
        "It would have been removed, but it holds work that exists nowhere else. It is no longer on the compiler's "
        "list, so nothing will touch it from now on.",
    ),
    "W909": Page(
        "A file says that the compiler made it, and is not on its list",
        "It is no longer made: a list of files was lost or merged away, or somebody copied the file there. It may "
        "be deployed by mistake, and no compile keeps it up to date. The compiler never removes what is not on its "
        "list, so remove the file, or the line that says where it comes from. `lenie-compile --check` ends with 2 "
        "until then.",
    ),
    "E908": Page(
        "The compiler has a fault",
        "Whatever stands in a spec, the compiler should either compile it or say what is wrong with it. Please "
        "report the line, with a spec that shows it if you can; LENIE_DEBUG=1 in the environment shows the "
        "traceback. Nothing was written, or everything was; the exit code is 3.",
    ),
}

PAGES: dict[str, Page] = {**VALIDATE, **RESOLVE, **LOWER, **EMIT, **PACKAGE, **COMMAND}
