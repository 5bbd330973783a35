"""What ``lenie explain CODE`` prints for the codes of ``lenie deploy``, ``destroy`` and ``status``."""

from __future__ import annotations

from lenie.compiler.codes import Page

PAGES: dict[str, Page] = {
    "E650": Page(
        "A parameter that is given at deployment cannot be used",
        "`--parameter NAME=VALUE` and the file of `--parameters` give parameters of the spec other values for one "
        "deployment. A name must be one that the spec declares, and a value is held to its type, its pattern, the "
        "number of elements of its list, and to all rules, as if it stood in the spec. What `--parameter` gives must "
        "be used by one of the components that are chosen; a file serves all of them. Nothing was changed. The exit "
        "code is 3.",
        "lenie deploy --env dev --parameter alert-mail=me@example.com\n",
        "lenie deploy --env dev --parameter alert-email=me@example.com\n",
    ),
    "E651": Page(
        "A component needs another one that is not deployed",
        "Some components were left out, since others were named or since they exist once for the account or the "
        "organization. What the chosen ones need of them is missing: the other stack is not there, or does not "
        "publish a value that is read. Deploy it first, or with it. Nothing was changed. The exit code is 3.",
        "lenie deploy --env dev url-add\n",
        "lenie deploy --env dev s3-cloudformation url-add\n",
    ),
    "E652": Page(
        "A name is taken already",
        "A resource that is to be created has the name of one that exists and belongs to no stack (or no state) of "
        "this component: made by hand, by another tool, or kept when an earlier stack was deleted. AWS would refuse "
        "it half-way. Rename one of them, delete what is there, or import it. Nothing was changed. The exit code is 3.",
    ),
    "E653": Page(
        "A secret that is read has no value yet",
        "The fields of some secrets are set by people, so the secret is created empty. A component that reads a field "
        "cannot be deployed before. Set the value with AWS, or give it a file with `--secret NAME=FILE`, whose text "
        "is put into a secret that has none; then run the command again. The exit code is 2.",
    ),
    "E654": Page(
        "A template is too large to be handed over, and there is no bucket for it",
        "CloudFormation takes a template of up to 51 200 bytes in a request, and a larger one from a bucket. That is "
        "the bucket with `purpose: artifacts`: the spec lacks one, or does not publish its name, or it is not there "
        "before the component. Declare one, in a layer before, or divide the component. Nothing was changed. The exit "
        "code is 3.",
    ),
    "E656": Page(
        "The CDK app cannot be run",
        "For `--target cdk` the app is synthesized, for which there must be a Python with aws-cdk-lib and Node.js; and "
        "with `--cdk-cli`, the program that is named. Or the app fails, and the message tells how. Nothing was "
        "changed. The exit code is 3.",
    ),
    "E657": Page(
        "The Terraform program cannot be run",
        "For `--target tf` there must be the program `terraform`, and the directory of the compiled program must hold "
        "what the spec compiles to, since what is applied should be what was reviewed. A state that was put into a "
        "backend needs the settings of it each time (`--backend-config`). Nothing was changed. The exit code is 3.",
    ),
    "E660": Page(
        "A stack could not be created, updated or deleted",
        "The message is AWS's own, about the resource that failed first, at the place of the spec that it comes from; "
        "what was given up because of it is not listed. A stack that could not be created is empty again, and one that "
        "could not be updated is as it was. Stacks that were deployed before stay, those that were at work were waited "
        "for, and later ones were not begun: mend the cause and run the command again. The exit code is 2.",
    ),
    "E661": Page(
        "A stack is in a state that needs a decision",
        "A deployment waits for operations that run, deletes stacks that were never complete, and lets rollbacks go on "
        "that failed. What is left is a rollback that fails again, a deletion or an import that failed: only you know "
        "whether what stands in the way may be given up. The message tells what it is, and the help how. The exit code "
        "is 2.",
    ),
    "E662": Page(
        "Resources of production would be replaced",
        "CloudFormation or Terraform would make new resources and delete the old ones: what these hold, their names "
        "and their addresses may be lost. In production, and for what the whole account shares, that is done only with "
        "`--allow-replacement`. Versions of layers and deployments of APIs, which are replaced by each change, are no "
        "such resources. The stack was not changed. The exit code is 2.",
    ),
    "E664": Page(
        "Something stands in the way of a deletion",
        "A stack is protected from deletion, as those of production are (`--lift-protection` takes that away), a "
        "component that stays needs it, also one of another environment, a bucket is not empty, or a database is "
        "protected. All this is told before anything is deleted. The exit code is 2.",
    ),
    "E665": Page(
        "Terraform failed",
        "The message is Terraform's own, at the place of the spec that the line of the program comes from. What was "
        "applied before it is in the state, so that the next run goes on. If another run holds the lock of the state, "
        "it was waited for five minutes. The exit code is 2.",
    ),
    "E667": Page(
        "The program cdk did not deploy everything",
        "What it said is printed above, and the table tells the state of each stack. The exit code is 2.",
    ),
    "E668": Page(
        "A stack does not come to rest",
        "Each time that it was to be changed, somebody else had changed it meanwhile. Wait for the other deployment, "
        "and run the command again. The exit code is 2.",
    ),
    "E669": Page(
        "A database does not start",
        "A stopped database is started before a change that needs it, and half an hour was not enough. The events of "
        "the database in the console of RDS tell why. The exit code is 2.",
    ),
}
