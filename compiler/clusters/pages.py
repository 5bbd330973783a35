"""The pages of what is said about clusters, except for those of rules."""

from lenie.compiler.codes import Page

PAGES: dict[str, Page] = {
    "E540": Page(
        "A name of a cluster, or of its namespace, cannot be",
        "EKS, IAM or Kubernetes would refuse the name in the middle of the creation. A cluster's name has up to 39 "
        "small letters, digits and hyphens, and begins with a letter, since roles and stacks are named after it; a "
        "namespace has up to 63, and is none of Kubernetes' own. The message tells the environment whose settings make "
        "such a name.",
        "lenie-ai: {namespace: Lenie_AI, ...}\n",
        "lenie-ai: {namespace: lenie-ai, ...}\n",
    ),
    "E541": Page(
        "Two clusters have the same name",
        "A name of a cluster is unique in an account and region, and so are those of its roles.",
        "first:  {name: lenie, ...}\nsecond: {name: lenie, ...}\n",
        "first:  {name: lenie-first, ...}\nsecond: {name: lenie-second, ...}\n",
    ),
    "W542": Page(
        "A Helm chart is newer than its values",
        "The values of a chart are written for a version of it. A newer minor version may have renamed one, and Helm "
        "takes names that a chart does not know without a word. It is a warning and stops nothing: compare "
        "generated/eks/CLUSTER/values with `helm show values`.",
        "addons: {metrics-server: 4.2.0}\n",
        "addons: {metrics-server: 3.14.0}\n",
    ),
    "W543": Page(
        "The spec has nothing for this target",
        "The target prints the clusters of the section `kubernetes`, and there are none. Compiling to all targets says "
        "nothing of it.",
        "lenie-compile --target eks     # with a spec without clusters\n",
        "lenie-compile\n",
    ),
}
