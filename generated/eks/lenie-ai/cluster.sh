#!/usr/bin/env bash
# Written by lenie-compile from the spec: do not edit.
# Creates, shows and deletes the cluster lenie-ai; `help` tells the commands and steps.
set -euo pipefail

# A link to the script, in ~/bin for instance, leads to where its files are.
HERE=${BASH_SOURCE[0]}
while [ -L "$HERE" ]; do
  LINK=$(readlink "$HERE")
  [[ $LINK = /* ]] || LINK=$(dirname -- "$HERE")/$LINK
  HERE=$LINK
done
HERE=$(CDPATH="" cd -- "$(dirname -- "$HERE")" && pwd)
CLUSTER=lenie-ai
PROJECT=lenie
REGION=us-east-1
ALL_ENVIRONMENTS='dev qa prod'
KUBERNETES_VERSION=1.36
TOOLS='aws=2.15.0 eksctl=0.229.0 helm=3.14.0 kubectl=1.35.0'
OIDC=1
NODE_GROUPS=workers1=2=4=SPOT=t2.medium
NODE_ROLES=""
IDENTITIES=aws-load-balancer-controller=load-balancer-controller
ADDONS='
  vpc-cni kube-proxy coredns eks-pod-identity-agent
  aws-ebs-csi-driver=v1.65.0-eksbuild.1=ebs-csi-controller-sa=ebs-csi
'
FILLED='ACCOUNT API_ACCESS_LIST CLUSTER_NAME CLUSTER_SECURITY_GROUP ENVIRONMENT NAMESPACE PARTITION PROJECT'
FILES='
  cluster.yaml roles.yaml namespace.yaml storage-class.yaml values/metrics-server.yaml
  values/reloader.yaml values/load-balancer-controller.yaml
'
CREATE_STEPS='
  roles cluster nodes identities addons kubeconfig namespace storage-class metrics-server reloader
  load-balancer-controller
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

step_metrics_server() {
  chart metrics-server metrics-server 3.14.0 https://kubernetes-sigs.github.io/metrics-server/
}

step_reloader() {
  chart reloader reloader 2.2.18 https://stakater.github.io/stakater-charts
}

step_load_balancer_controller() {
  chart_definitions aws-load-balancer-controller 3.5.0 https://aws.github.io/eks-charts
  chart load-balancer-controller aws-load-balancer-controller 3.5.0 https://aws.github.io/eks-charts
}

main "$@"
