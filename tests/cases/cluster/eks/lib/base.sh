# Written by lenie-compile: do not edit. Messages, tools, AWS, and files with names to fill in.
# shellcheck shell=bash
#
# Nothing in the scripts depends on what an earlier run left behind: every step looks at AWS and at the cluster, and does
# what is missing. They are written for bash 3.2, too, which macOS has. cluster.sh sets the names in capitals.

readonly WRONG_USAGE=2 NOT_READY=3
export AWS_PAGER=""

say() { printf '%s\n' "$*"; }

complain() { printf '%s: %s\n' "$CLUSTER" "$*" >&2; }

# die STATUS MESSAGE...
die() {
  local status=$1
  shift
  complain "$@"
  exit "$status"
}

# Set VERSION to the first version number in a text; fail if there is none.
find_version() {
  VERSION=""
  [[ $1 =~ ([0-9]+)\.([0-9]+)\.([0-9]+) ]] || return 1
  VERSION="${BASH_REMATCH[1]}.${BASH_REMATCH[2]}.${BASH_REMATCH[3]}"
}

# at_least VERSION LEAST: whether the first one is not older.
at_least() {
  local -a have least
  local index
  IFS=. read -r -a have <<<"$1"
  IFS=. read -r -a least <<<"$2"
  for index in 0 1 2; do
    ((10#${have[index]:-0} > 10#${least[index]:-0})) && return 0
    ((10#${have[index]:-0} < 10#${least[index]:-0})) && return 1
  done
  return 0
}

tool_output() {
  case $1 in
  aws) aws --version 2>&1 ;;
  eksctl) eksctl version 2>&1 ;;
  helm) helm version --short 2>&1 ;;
  kubectl) kubectl version --client 2>&1 ;;
  esac
}

# Check every tool before anything is done, and tell all that is wrong at once.
check_tools() {
  local entry tool least said minor wanted failed=""
  for entry in $TOOLS; do
    tool=${entry%%=*} least=${entry#*=}
    if ! command -v "$tool" >/dev/null 2>&1; then
      complain "$tool is missing: version $least or newer is needed"
      failed=1
      continue
    fi
    said=$(tool_output "$tool") || said=""
    if ! find_version "$said"; then
      complain "$tool does not tell its version"
      failed=1
    elif ! at_least "$VERSION" "$least"; then
      complain "$tool $VERSION is too old: version $least or newer is needed"
      failed=1
    elif [ "$tool" = kubectl ]; then
      # The API server accepts clients that are one minor version newer or older.
      minor=${VERSION#*.} minor=${minor%%.*} wanted=${KUBERNETES_VERSION#*.}
      if ((minor > wanted + 1)); then
        complain "kubectl $VERSION is too new for Kubernetes $KUBERNETES_VERSION: one minor version is allowed"
        failed=1
      fi
    fi
  done
  [ -z "$failed" ] || exit "$NOT_READY"
}

in_region() { aws --region "$REGION" --output text "$@"; }

# ask COMMAND...: print what AWS says, and nothing if AWS does not have what it is asked for; fail for other reasons.
ask() {
  local said status=0
  said=$("$@" 2>"$WORK/error") || status=$?
  if [ "$status" -ne 0 ]; then
    grep -Eq 'ResourceNotFoundException|NoSuchEntity|ParameterNotFound|Stack with id [^ ]+ does not exist' "$WORK/error" && return 0
    cat "$WORK/error" >&2
    return "$status"
  fi
  [ "$said" = None ] || printf '%s' "$said"
}

check_credentials() {
  local identity
  identity=$(in_region sts get-caller-identity --query '[Account, Arn]' 2>"$WORK/error") || {
    cat "$WORK/error" >&2
    die "$NOT_READY" "AWS does not accept the credentials, or there are none"
  }
  read -r ACCOUNT PARTITION <<<"$identity"
  PARTITION=${PARTITION#arn:} PARTITION=${PARTITION%%:*}
  [[ $ACCOUNT =~ ^[0-9]{12}$ ]] || die "$NOT_READY" "AWS tells no account: $identity"
}

describe_cluster() { ask in_region eks describe-cluster --name "$CLUSTER_NAME" --query "$1"; }

stack_status() { ask in_region cloudformation describe-stacks --stack-name "$1" --query 'Stacks[0].StackStatus'; }

# The status of the stack that eksctl makes first, and deletes last.
eksctl_stack() { stack_status "eksctl-$CLUSTER_NAME-cluster"; }

# The kubeconfig of this run: the user's own is written by the step kubeconfig only, and its current context stays.
connect() {
  local config=$WORK/kubeconfig
  [ -z "$CONNECTED" ] || return 0
  # The caller may ask in a condition, where bash ignores errors.
  in_region eks update-kubeconfig --name "$CLUSTER_NAME" --alias "$CONTEXT" --kubeconfig "$config" >"$WORK/said" || return
  if ! kubectl --kubeconfig "$config" get --raw /readyz --request-timeout 30s >"$WORK/said" 2>"$WORK/error"; then
    cat "$WORK/error" >&2
    complain "the API server does not answer, or refuses: it answers to the networks that the cluster has only, and to" \
      "who created it; the step cluster of create sets the networks in API_ACCESS ($API_ACCESS)"
    return 1
  fi
  CONNECTED=1
}

in_cluster() { kubectl --kubeconfig "$WORK/kubeconfig" "$@"; }

in_helm() { helm --kubeconfig "$WORK/kubeconfig" --kube-context "$CONTEXT" --namespace kube-system "$@"; }

# A cluster of this name may be another environment's: the name does not have to hold the environment.
check_owner() {
  local status owner
  status=$(describe_cluster cluster.status)
  owner=$(describe_cluster cluster.tags.Environment)
  if [ -n "$status" ] && [ "$owner" != "$ENVIRONMENT" ]; then
    die 1 "the cluster $CLUSTER_NAME is there, and its tag Environment is \"$owner\", not \"$ENVIRONMENT\""
  fi
}

# Set VPC_ID and the ids of the subnets from what the network's component publishes in SSM.
read_network() {
  local entry name parameter value
  [ -z "${VPC_ID-}" ] || return 0
  for entry in $NETWORK_PARAMETERS; do
    name=${entry%%=*} parameter=${entry#*=}
    value=$(ask in_region ssm get-parameter --name "$parameter" --query Parameter.Value)
    [ -n "$value" ] || die 1 "SSM has no parameter $parameter: deploy the network of $ENVIRONMENT first"
    [[ $value =~ ^(vpc|subnet)-[0-9a-f]+$ ]] || die 1 "SSM parameter $parameter is no id: $value"
    printf -v "$name" '%s' "$value"
  done
}

# The networks that may call the API server, as a list of YAML.
access_list() {
  local network list=""
  for network in $API_ACCESS; do
    [[ $network =~ ^[0-9]{1,3}(\.[0-9]{1,3}){3}/[0-9]{1,2}$ ]] || die 1 "API_ACCESS holds no network: $network"
    list="$list${list:+, }$network"
  done
  [ -n "$list" ] || die 1 "API_ACCESS is empty: everybody could call the API server"
  printf '[%s]' "$list"
}

# Networks for documentation (RFC 5737) are nobody's: the creation would wait for a server that does not answer.
check_access() {
  local network
  for network in $API_ACCESS; do
    case $network in
    192.0.2.* | 198.51.100.* | 203.0.113.*)
      die 1 "API_ACCESS holds $network, which is for documentation only: give your own networks," \
        "API_ACCESS=\"NETWORK...\" $0 $COMMAND --env $ENVIRONMENT, or put them into the spec"
      ;;
    esac
  done
}

# render FILE: write it below $WORK with each ${NAME} filled in, and set RENDERED to where it is.
render() {
  local text name value entry
  text=$(<"$HERE/$1")
  for name in $FILLED $(for entry in $NETWORK_PARAMETERS; do printf '%s ' "${entry%%=*}"; done); do
    value=${!name-}
    [[ $text != *"\${$name}"* ]] || [ -n "$value" ] || die 1 "$1 needs $name, which is not known"
    text=${text//"\${$name}"/"$value"}
  done
  # Names with a colon or a dot in them are CloudFormation's.
  [[ ! $text =~ \$\{[A-Z0-9_]+\} ]] || die 1 "$1 has a name that nothing fills: ${BASH_REMATCH[0]}"
  RENDERED=$WORK/$1
  mkdir -p "$(dirname "$RENDERED")"
  printf '%s\n' "$text" >"$RENDERED"
}
