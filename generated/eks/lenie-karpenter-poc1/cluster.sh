#!/usr/bin/env bash
# Written by lenie-compile from the spec: do not edit.
# Creates, shows and deletes the cluster lenie-karpenter-poc1; `help` tells the commands and steps.
set -euo pipefail

# A link to the script, in ~/bin for instance, leads to where its files are.
HERE=${BASH_SOURCE[0]}
while [ -L "$HERE" ]; do
  LINK=$(readlink "$HERE")
  [[ $LINK = /* ]] || LINK=$(dirname -- "$HERE")/$LINK
  HERE=$LINK
done
HERE=$(CDPATH="" cd -- "$(dirname -- "$HERE")" && pwd)
CLUSTER=lenie-karpenter-poc1
PROJECT=lenie
REGION=us-east-1
ALL_ENVIRONMENTS='dev qa prod'
KUBERNETES_VERSION=1.36
TOOLS='aws=2.15.0 eksctl=0.229.0 helm=3.14.0 kubectl=1.35.0'
OIDC=""
NODE_GROUPS=system=2=2=ON_DEMAND=t3.medium
NODE_ROLES=karpenter-node
IDENTITIES=karpenter=karpenter-controller
ADDONS='vpc-cni kube-proxy coredns eks-pod-identity-agent'
FILLED='ACCOUNT API_ACCESS_LIST CLUSTER_NAME CLUSTER_SECURITY_GROUP ENVIRONMENT NAMESPACE PARTITION PROJECT'
FILES='
  cluster.yaml roles.yaml namespace.yaml node-pools.yaml values/karpenter-crd.yaml
  values/karpenter.yaml values/metrics-server.yaml
'
CREATE_STEPS='
  roles spot-role cluster nodes identities addons kubeconfig namespace karpenter-crd karpenter
  node-pools metrics-server
'
DELETE_STEPS='load-balancers namespace node-pools cluster roles kubeconfig leftovers'

# shellcheck source-path=SCRIPTDIR source=../lib/base.sh
. "$HERE/../lib/base.sh"
# shellcheck source-path=SCRIPTDIR source=../lib/create.sh
. "$HERE/../lib/create.sh"
# shellcheck source-path=SCRIPTDIR source=../lib/delete.sh
. "$HERE/../lib/delete.sh"
# shellcheck source-path=SCRIPTDIR source=../lib/main.sh
. "$HERE/../lib/main.sh"

step_karpenter_crd() {
  chart karpenter-crd oci://public.ecr.aws/karpenter/karpenter-crd 1.14.1
}

step_karpenter() {
  chart karpenter oci://public.ecr.aws/karpenter/karpenter 1.14.1
}

step_metrics_server() {
  chart metrics-server metrics-server 3.14.0 https://kubernetes-sigs.github.io/metrics-server/
}

main "$@"
