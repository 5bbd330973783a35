# Written by lenie-compile: do not edit. The steps of create: each looks at what is there, and does what is missing.
# shellcheck shell=bash

step_roles() {
  render roles.yaml
  in_region cloudformation deploy --stack-name "$CLUSTER_NAME-roles" --template-file "$RENDERED" \
    --capabilities CAPABILITY_NAMED_IAM --no-fail-on-empty-changeset --tags "Project=$PROJECT" "Environment=$ENVIRONMENT"
}

step_spot_role() {
  local role
  role=$(ask in_region iam get-role --role-name AWSServiceRoleForEC2Spot --query Role.RoleName)
  if [ -n "$role" ]; then
    say "the account has the role for spot instances"
  else
    in_region iam create-service-linked-role --aws-service-name spot.amazonaws.com --query Role.RoleName
  fi
}

step_cluster() {
  local status version stack
  read_network
  render cluster.yaml
  status=$(describe_cluster cluster.status)
  case $status in
  "")
    stack=$(eksctl_stack)
    [ -z "$stack" ] || die 1 "an earlier creation failed, and its stack is in the way ($stack): run delete first"
    eksctl create cluster --config-file "$RENDERED" --write-kubeconfig=false
    ;;
  CREATING) in_region eks wait cluster-active --name "$CLUSTER_NAME" ;;
  ACTIVE | UPDATING)
    version=$(describe_cluster cluster.version)
    if [ "$version" != "$KUBERNETES_VERSION" ]; then
      die 1 "the cluster has Kubernetes $version, and the spec says $KUBERNETES_VERSION; upgrade it, one minor version" \
        "at a time: eksctl upgrade cluster --region $REGION --name $CLUSTER_NAME --approve"
    fi
    say "the cluster is there"
    ;;
  *) die 1 "the cluster is $status: delete it first" ;;
  esac
}

# The control plane can be there without its nodes, if a run ended in the middle.
step_nodes() {
  local entry group least most status size have_least have_most desired
  for entry in $NODE_GROUPS; do
    IFS='=' read -r group least most <<<"$entry"
    status=$(ask in_region eks describe-nodegroup --cluster-name "$CLUSTER_NAME" --nodegroup-name "$group" \
      --query nodegroup.status)
    case $status in
    "")
      read_network
      render cluster.yaml
      eksctl create nodegroup --config-file "$RENDERED" --include "$group"
      continue
      ;;
    *FAILED | DELETING) die 1 "the node group $group is $status: delete it first" ;;
    esac
    size=$(in_region eks describe-nodegroup --cluster-name "$CLUSTER_NAME" --nodegroup-name "$group" \
      --query 'nodegroup.scalingConfig.[minSize, maxSize, desiredSize]')
    read -r have_least have_most desired <<<"$size"
    if [ "$have_least/$have_most" = "$least/$most" ]; then
      say "the node group $group is there"
    else
      ((desired >= least)) || desired=$least
      ((desired <= most)) || desired=$most
      in_region eks update-nodegroup-config --cluster-name "$CLUSTER_NAME" --nodegroup-name "$group" \
        --scaling-config "minSize=$least,maxSize=$most,desiredSize=$desired" --query update.status
    fi
  done
}

role_arn() { printf 'arn:%s:iam::%s:role/%s-%s' "$PARTITION" "$ACCOUNT" "$CLUSTER_NAME" "$1"; }

# Roles of service accounts, and the access of nodes that Karpenter starts.
step_identities() {
  local entry account role found
  for entry in $IDENTITIES; do
    account=${entry%%=*} role=$(role_arn "${entry#*=}")
    found=$(ask in_region eks list-pod-identity-associations --cluster-name "$CLUSTER_NAME" --namespace kube-system \
      --service-account "$account" --query 'associations[0].associationId')
    if [ -n "$found" ]; then
      say "the service account $account has its role"
    else
      in_region eks create-pod-identity-association --cluster-name "$CLUSTER_NAME" --namespace kube-system \
        --service-account "$account" --role-arn "$role" --query association.associationId
    fi
  done
  for entry in $NODE_ROLES; do
    role=$(role_arn "$entry")
    found=$(ask in_region eks describe-access-entry --cluster-name "$CLUSTER_NAME" --principal-arn "$role" \
      --query accessEntry.type)
    if [ -n "$found" ]; then
      say "nodes with the role $CLUSTER_NAME-$entry may join"
    else
      in_region eks create-access-entry --cluster-name "$CLUSTER_NAME" --principal-arn "$role" --type EC2_LINUX \
        --query accessEntry.type
    fi
  done
}

# An entry is NAME, NAME=VERSION, or NAME=VERSION=SERVICE-ACCOUNT=ROLE.
step_addons() {
  local entry name version account role have status
  local -a options
  for entry in $ADDONS; do
    IFS='=' read -r name version account role <<<"$entry"
    options=(--cluster-name "$CLUSTER_NAME" --addon-name "$name")
    have=$(ask in_region eks describe-addon "${options[@]}" --query addon.addonVersion)
    status=$(ask in_region eks describe-addon "${options[@]}" --query addon.status)
    case $status in
    *_FAILED | DELETING) die 1 "the add-on $name is $status: delete it first" ;;
    esac
    if [ -n "$have" ] && { [ -z "$version" ] || [ "$have" = "$version" ]; }; then
      say "the add-on $name is there ($have)"
      continue
    fi
    [ -z "$version" ] || options+=(--addon-version "$version")
    [ -z "$role" ] ||
      options+=(--pod-identity-associations "serviceAccount=$account,roleArn=$(role_arn "$role")")
    if [ -n "$have" ]; then
      in_region eks update-addon "${options[@]}" --resolve-conflicts PRESERVE --query update.status
    else
      in_region eks create-addon "${options[@]}" --resolve-conflicts OVERWRITE --query addon.status
    fi
    in_region eks wait addon-active --cluster-name "$CLUSTER_NAME" --addon-name "$name"
  done
}

# Write the entry in the kubeconfig, once in a run: a run from a later step needs it, too.
connect() {
  [ -n "$CONNECTED" ] && return
  in_region eks update-kubeconfig --name "$CLUSTER_NAME" --alias "$CONTEXT" || return
  CONNECTED=1
}

step_kubeconfig() { connect; }

in_cluster() { kubectl --context "$CONTEXT" "$@"; }

apply() {
  connect
  render "$1"
  in_cluster apply --filename "$RENDERED"
}

step_namespace() { apply namespace.yaml; }

step_storage_class() { apply storage-class.yaml; }

# chart NAME CHART VERSION [REPOSITORY]: install a chart with values/NAME.yaml, or bring it to that version and values.
chart() {
  local -a source=("$2" --version "$3")
  [ -z "${4-}" ] || source+=(--repo "$4")
  connect
  read_network
  render "values/$1.yaml"
  helm upgrade --install "${2##*/}" "${source[@]}" --kube-context "$CONTEXT" --namespace kube-system \
    --values "$RENDERED" --wait --timeout 10m
}

# Helm installs the definitions of a chart's resources, and never brings them up to date.
chart_definitions() {
  local -a source=("$1" --version "$2")
  [ -z "${3-}" ] || source+=(--repo "$3")
  connect
  helm show crds "${source[@]}" >"$WORK/crds.yaml"
  in_cluster apply --server-side --force-conflicts --filename "$WORK/crds.yaml"
}

step_node_pools() {
  CLUSTER_SECURITY_GROUP=$(describe_cluster cluster.resourcesVpcConfig.clusterSecurityGroupId)
  read_network
  apply node-pools.yaml
}
