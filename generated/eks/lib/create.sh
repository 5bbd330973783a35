# Written by lenie-compile: do not edit. The steps of create: each looks at what is there, and does what is missing.
# shellcheck shell=bash

# Controllers with a role, in any cluster; a role that goes while its controller runs leaves behind what that made.
readonly KNOWN_ACCOUNTS="aws-load-balancer-controller ebs-csi-controller-sa karpenter"

# Roles of what is in the cluster, and not in the spec any more, are not taken away.
check_removed() {
  local account found role status entry wanted=" "
  status=$(describe_cluster cluster.status)
  [ -n "$status" ] || return 0
  for entry in $IDENTITIES; do
    wanted="$wanted${entry%%=*} "
  done
  for entry in $ADDONS; do
    IFS='=' read -r _ _ account _ <<<"$entry"
    wanted="$wanted$account "
  done
  for account in $KNOWN_ACCOUNTS; do
    [[ $wanted != *" $account "* ]] || continue
    found=$(identity "$account")
    [ -n "$found" ] || continue
    role=$(in_region eks describe-pod-identity-association --cluster-name "$CLUSTER_NAME" --association-id "$found" \
      --query association.roleArn)
    [[ ${role##*/} == "$CLUSTER_NAME"-* ]] || continue
    die 1 "$account has its role, and is not in the spec any more: delete first what it made, and" \
      "itself (helm uninstall, aws eks delete-addon), then its role: aws eks delete-pod-identity-association" \
      "--region $REGION --cluster-name $CLUSTER_NAME --association-id $found"
  done
}

step_roles() {
  local stack=$CLUSTER_NAME-roles status
  check_removed
  status=$(stack_status "$stack")
  case $status in
  CREATE_IN_PROGRESS | ROLLBACK_IN_PROGRESS)
    # Whether it ended well is seen by its status.
    in_region cloudformation wait stack-create-complete --stack-name "$stack" || true
    ;;
  UPDATE_*IN_PROGRESS) in_region cloudformation wait stack-update-complete --stack-name "$stack" || true ;;
  DELETE_IN_PROGRESS) in_region cloudformation wait stack-delete-complete --stack-name "$stack" ;;
  esac
  case $status in
  *IN_PROGRESS) status=$(stack_status "$stack") ;;
  esac
  case $status in
  *IN_PROGRESS) die 1 "the stack $stack is $status: wait for it to end" ;;
  UPDATE_ROLLBACK_FAILED)
    die 1 "the stack $stack is $status: aws cloudformation continue-update-rollback --region $REGION --stack-name $stack"
    ;;
  DELETE_FAILED)
    die 1 "an earlier deletion of the stack $stack failed; go on with it first:" \
      "$0 delete --env $ENVIRONMENT --only-step roles"
    ;;
  CREATE_FAILED | ROLLBACK_*)
    # A stack whose creation failed can only be deleted; nothing uses what is left of it.
    say "the stack $stack is $status: it is deleted, and made anew"
    in_region cloudformation delete-stack --stack-name "$stack"
    in_region cloudformation wait stack-delete-complete --stack-name "$stack"
    ;;
  esac
  render roles.yaml
  if ! in_region cloudformation deploy --stack-name "$stack" --template-file "$RENDERED" \
    --capabilities CAPABILITY_NAMED_IAM --no-fail-on-empty-changeset --tags "Project=$PROJECT" "Environment=$ENVIRONMENT"; then
    # The command tells only that it failed.
    in_region cloudformation describe-stack-events --stack-name "$stack" --query \
      "StackEvents[?ends_with(ResourceStatus, '_FAILED')].[LogicalResourceId, ResourceStatusReason]" >&2 || true
    return 1
  fi
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
  check_access
  read_network
  render cluster.yaml
  stack=$(eksctl_stack)
  case $stack in
  # A run that was interrupted leaves AWS at work.
  CREATE_IN_PROGRESS)
    say "an earlier creation is not done: it is waited for"
    in_region cloudformation wait stack-create-complete --stack-name "eksctl-$CLUSTER_NAME-cluster"
    ;;
  DELETE_IN_PROGRESS)
    say "an earlier deletion is not done: it is waited for"
    in_region cloudformation wait stack-delete-complete --stack-name "eksctl-$CLUSTER_NAME-cluster"
    stack=""
    ;;
  esac
  status=$(describe_cluster cluster.status)
  case $status in
  CREATING | UPDATING)
    in_region eks wait cluster-active --name "$CLUSTER_NAME"
    status=$(describe_cluster cluster.status)
    ;;
  esac
  case $status in
  "")
    [ -z "$stack" ] || die 1 "an earlier creation failed, and its stack is in the way ($stack): run delete first"
    eksctl create cluster --config-file "$RENDERED" --write-kubeconfig=false
    ;;
  ACTIVE | UPDATING)
    version=$(describe_cluster cluster.version)
    if [ "${version#*.}" -gt "${KUBERNETES_VERSION#*.}" ]; then
      die 1 "the cluster has Kubernetes $version, and the spec says $KUBERNETES_VERSION: EKS does not go back," \
        "so write $version into the spec, and compile it"
    elif [ "$version" != "$KUBERNETES_VERSION" ]; then
      die 1 "the cluster has Kubernetes $version, and the spec says $KUBERNETES_VERSION; upgrade it, one minor version" \
        "at a time: eksctl upgrade cluster --region $REGION --name $CLUSTER_NAME --approve"
    fi
    check_network
    say "the cluster is there"
    set_access
    set_oidc
    ;;
  *) die 1 "the cluster is $status: delete it first" ;;
  esac
}

# A cluster stays in its VPC; its nodes and load balancers would be looked for in another one.
check_network() {
  local have entry name lacks=""
  have=$(describe_cluster cluster.resourcesVpcConfig.vpcId)
  [ "$have" = "$VPC_ID" ] || die 1 "the cluster stands in $have, and the spec's network is $VPC_ID: give it another name" \
    "in the spec, or delete it with the scripts that made it"
  have=" $(describe_cluster cluster.resourcesVpcConfig.subnetIds) "
  have=${have//$'\t'/ }
  for entry in $NETWORK_PARAMETERS; do
    name=${entry%%=*}
    [[ $name = VPC_ID || $have == *" ${!name} "* ]] || lacks="$lacks ${!name}"
  done
  [ -z "$lacks" ] || die 1 "the cluster does not use the subnets$lacks of the spec's network, but$have:" \
    "aws eks update-cluster-config --region $REGION --name $CLUSTER_NAME --resources-vpc-config subnetIds=... changes that"
}

# updated ID [OPTION...]: wait for an update of the cluster, or of a part of it.
updated() {
  local id=$1 status tries=0
  shift
  while :; do
    status=$(in_region eks describe-update --name "$CLUSTER_NAME" --update-id "$id" "$@" --query update.status)
    case $status in
    Successful) return 0 ;;
    InProgress) ;;
    *) die 1 "EKS could not do it: $(in_region eks describe-update --name "$CLUSTER_NAME" --update-id "$id" "$@" \
      --query 'update.errors[].errorMessage')" ;;
    esac
    tries=$((tries + 1))
    [ "$tries" -le 120 ] || die 1 "EKS has not done it after 20 minutes: run create again"
    sleep 10
  done
}

# The networks that may call the API server change more often than anything else: people move.
set_access() {
  local have network id differ="" list=""
  have=" $(describe_cluster 'cluster.resourcesVpcConfig.publicAccessCidrs') "
  have=${have//$'\t'/ }
  for network in $API_ACCESS; do
    [[ $have == *" $network "* ]] || differ=1
    list="$list${list:+, }\"$network\""
  done
  for network in $have; do
    [[ " $API_ACCESS " == *" $network "* ]] || differ=1
  done
  [ -n "$differ" ] || return 0
  say "the API server answers to $API_ACCESS now, and not to$have"
  id=$(in_region eks update-cluster-config --name "$CLUSTER_NAME" \
    --resources-vpc-config "{\"endpointPublicAccess\": true, \"endpointPrivateAccess\": true, \"publicAccessCidrs\": [$list]}" \
    --query update.id)
  updated "$id"
}

set_oidc() {
  local issuer found
  [ -n "$OIDC" ] || return 0
  issuer=$(describe_cluster cluster.identity.oidc.issuer)
  found=$(ask in_region iam get-open-id-connect-provider --open-id-connect-provider-arn \
    "arn:$PARTITION:iam::$ACCOUNT:oidc-provider/${issuer#https://}" --query Url)
  [ -n "$found" ] || eksctl utils associate-iam-oidc-provider --region "$REGION" --cluster "$CLUSTER_NAME" --approve
}

describe_group() {
  ask in_region eks describe-nodegroup --cluster-name "$CLUSTER_NAME" --nodegroup-name "$1" --query "$2"
}

# The control plane can be there without its nodes, if a run ended in the middle.
step_nodes() {
  local entry group least most capacity types status version size have_least have_most desired id listed stack known=" "
  for entry in $NODE_GROUPS; do
    IFS='=' read -r group least most capacity types <<<"$entry"
    known="$known$group "
    status=$(describe_group "$group" nodegroup.status)
    case $status in
    CREATING | UPDATING)
      in_region eks wait nodegroup-active --cluster-name "$CLUSTER_NAME" --nodegroup-name "$group"
      status=$(describe_group "$group" nodegroup.status)
      ;;
    esac
    case $status in
    "")
      stack=$(stack_status "eksctl-$CLUSTER_NAME-nodegroup-$group")
      # eksctl takes a group with a stack for one that is there.
      [ -z "$stack" ] || die 1 "an earlier creation of the node group $group failed, and its stack is in the way" \
        "($stack): aws cloudformation delete-stack --region $REGION --stack-name eksctl-$CLUSTER_NAME-nodegroup-$group"
      read_network
      render cluster.yaml
      eksctl create nodegroup --config-file "$RENDERED" --include "$group"
      status=$(describe_group "$group" nodegroup.status)
      [ -n "$status" ] || die 1 "eksctl made no node group $group, and did not say so"
      continue
      ;;
    *FAILED | DELETING)
      die 1 "the node group $group is $status: delete it first" \
        "(eksctl delete nodegroup --region $REGION --cluster $CLUSTER_NAME --name $group)"
      ;;
    DEGRADED)
      die 1 "the node group $group is $status: $(describe_group "$group" 'nodegroup.health.issues[].message')"
      ;;
    esac
    check_group "$group" "$capacity" "$types"
    version=$(describe_group "$group" nodegroup.version)
    [ -z "$version" ] || [ "$version" = "$KUBERNETES_VERSION" ] ||
      say "the nodes of $group have Kubernetes $version still: eksctl upgrade nodegroup --region $REGION" \
        "--cluster $CLUSTER_NAME --name $group --kubernetes-version $KUBERNETES_VERSION"
    size=$(describe_group "$group" 'nodegroup.scalingConfig.[minSize, maxSize, desiredSize]')
    read -r have_least have_most desired <<<"$size"
    if [ "$have_least/$have_most" = "$least/$most" ]; then
      say "the node group $group is there"
    else
      ((desired >= least)) || desired=$least
      ((desired <= most)) || desired=$most
      say "the node group $group has $least to $most nodes now, and not $have_least to $have_most"
      id=$(in_region eks update-nodegroup-config --cluster-name "$CLUSTER_NAME" --nodegroup-name "$group" \
        --scaling-config "minSize=$least,maxSize=$most,desiredSize=$desired" --query update.id)
      updated "$id" --nodegroup-name "$group"
    fi
  done
  listed=$(in_region eks list-nodegroups --cluster-name "$CLUSTER_NAME" --query nodegroups)
  for group in $listed; do
    [[ $group = None || $known == *" $group "* ]] || say "the node group $group is not in the spec; if nobody needs it:" \
      "eksctl delete nodegroup --region $REGION --cluster $CLUSTER_NAME --name $group"
  done
}

# check_group GROUP CAPACITY TYPES: fail if the group starts other instances, which cannot be changed.
check_group() {
  local have type
  have=$(describe_group "$1" nodegroup.capacityType)
  [ -z "$have" ] || [ "$have" = "$2" ] || other_group "$1" "$have" "$2"
  have=" $(describe_group "$1" nodegroup.instanceTypes) "
  have=${have//$'\t'/ }
  [ -n "${have// /}" ] || return 0
  for type in $have; do
    [[ ",$3," == *",$type,"* ]] || other_group "$1" "$have" "$3"
  done
  for type in ${3//,/ }; do
    [[ $have == *" $type "* ]] || other_group "$1" "$have" "$3"
  done
}

other_group() {
  local have=$2
  have=${have# } have=${have% }
  die 1 "the node group $1 has ${have// /, }, and the spec says ${3//,/, }, which cannot be changed in place: give the" \
    "group another name in the spec, run create, and delete the old one (eksctl delete nodegroup)"
}

role_arn() { printf 'arn:%s:iam::%s:role/%s-%s' "$PARTITION" "$ACCOUNT" "$CLUSTER_NAME" "$1"; }

# The association of a service account in kube-system with its role; nothing if there is none.
identity() {
  ask in_region eks list-pod-identity-associations --cluster-name "$CLUSTER_NAME" --namespace kube-system \
    --service-account "$1" --query 'associations[0].associationId'
}

# Roles of service accounts, and the access of nodes that Karpenter starts.
step_identities() {
  local entry account role found
  for entry in $IDENTITIES; do
    account=${entry%%=*} role=$(role_arn "${entry#*=}")
    found=$(identity "$account")
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
  local entry name version account role have status listed known=" "
  local -a options
  for entry in $ADDONS; do
    IFS='=' read -r name version account role <<<"$entry"
    known="$known$name "
    options=(--cluster-name "$CLUSTER_NAME" --addon-name "$name")
    status=$(ask in_region eks describe-addon "${options[@]}" --query addon.status)
    case $status in
    CREATING | UPDATING)
      in_region eks wait addon-active "${options[@]}"
      status=$(ask in_region eks describe-addon "${options[@]}" --query addon.status)
      ;;
    esac
    have=$(ask in_region eks describe-addon "${options[@]}" --query addon.addonVersion)
    case $status in
    CREATE_FAILED | DELETE_FAILED | DELETING)
      die 1 "the add-on $name is $status: delete it first" \
        "(aws eks delete-addon --region $REGION --cluster-name $CLUSTER_NAME --addon-name $name)"
      ;;
    esac
    # What EKS could not bring to a version is tried again.
    if [ -n "$have" ] && [ "$status" != UPDATE_FAILED ] && { [ -z "$version" ] || [ "$have" = "$version" ]; }; then
      [ "$status" != DEGRADED ] || die 1 "the add-on $name is $status:" \
        "$(in_region eks describe-addon "${options[@]}" --query 'addon.health.issues[].message')"
      say "the add-on $name is there ($have)"
      continue
    fi
    [ -n "$version" ] || version=$have
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
  listed=$(in_region eks list-addons --cluster-name "$CLUSTER_NAME" --query addons)
  for name in $listed; do
    [[ $name = None || $known == *" $name "* ]] || say "the add-on $name is not in the spec; if nobody needs it:" \
      "aws eks delete-addon --region $REGION --cluster-name $CLUSTER_NAME --addon-name $name"
  done
}

# The user's own kubeconfig gets the context, and makes it the current one.
step_kubeconfig() { in_region eks update-kubeconfig --name "$CLUSTER_NAME" --alias "$CONTEXT"; }

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
  unlock "${2##*/}"
  in_helm upgrade --install "${2##*/}" "${source[@]}" --values "$RENDERED" --wait --timeout 10m
}

# A run that was killed leaves its release pending, and Helm then refuses everything else. It looks the same while somebody
# else's run works on it, which ends after ten minutes at the latest.
unlock() {
  local pending status tries=0
  while :; do
    pending=$(in_helm list --pending --short --filter "^$1\$")
    [ -n "$pending" ] || return 0
    [ "$tries" -lt 62 ] || break
    [ "$tries" -gt 0 ] ||
      say "Helm is not done with $1: another run is at work, or was killed; this is waited for, ten minutes at most"
    tries=$((tries + 1))
    sleep 10
  done
  status=$(in_helm status "$1" --output json)
  if [[ $status =~ \"status\":\ *\"pending-install\" ]]; then
    say "an earlier installation of $1 did not end: it is taken away, and made anew"
    in_helm uninstall "$1" --wait --timeout 10m
  else
    say "an earlier upgrade of $1 did not end: it is taken back, and made anew"
    in_helm rollback "$1" --wait --timeout 10m
  fi
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
