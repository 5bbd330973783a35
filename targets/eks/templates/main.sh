# Written by lenie-compile: do not edit. The command line of the scripts.
# shellcheck shell=bash

usage() {
  local number=0 step
  cat <<TEXT
usage: $0 COMMAND [OPTION]...

commands:
  create        create the cluster and all that belongs to it; what is there already stays
  status        tell what is there
  delete        delete it all, with its entries in the kubeconfig
  render DIR    write the configuration with its ids filled in, and change nothing

options:
  --env NAME          the environment: $ALL_ENVIRONMENTS
  --from-step STEP    create or delete from this step on; a number or a name
  --only-step STEP    only this step
  --yes               delete without asking

steps of create:
TEXT
  for step in $CREATE_STEPS; do
    number=$((number + 1))
    printf '  %2d  %s\n' "$number" "$step"
  done
  say
  say "steps of delete:"
  number=0
  for step in $DELETE_STEPS; do
    number=$((number + 1))
    printf '  %2d  %s\n' "$number" "$step"
  done
}

# resolve_step STEP STEPS...: set NUMBER to the number of a step, which is given by its number or its name.
resolve_step() {
  local wanted=$1 step
  shift
  NUMBER=0
  if [[ $wanted =~ ^[0-9]{1,3}$ ]]; then
    NUMBER=$((10#$wanted))
    ((NUMBER >= 1 && NUMBER <= $#)) && return
    die "$WRONG_USAGE" "there is no step $wanted: there are $# steps"
  fi
  for step in "$@"; do
    NUMBER=$((NUMBER + 1))
    [ "$step" != "$wanted" ] || return 0
  done
  die "$WRONG_USAGE" "there is no step \"$wanted\": there are $*"
}

# run_steps PREFIX STEPS...: run PREFIX_NAME for each step that is asked for.
run_steps() {
  local prefix=$1 first=1 last step number=0 function
  shift
  last=$#
  if [ -n "$FROM_STEP" ]; then
    resolve_step "$FROM_STEP" "$@"
    first=$NUMBER
  elif [ -n "$ONLY_STEP" ]; then
    resolve_step "$ONLY_STEP" "$@"
    first=$NUMBER last=$NUMBER
  fi
  for step in "$@"; do
    number=$((number + 1))
    ((number >= first && number <= last)) || continue
    say "[$number/$#] $step"
    RUNNING=$step
    function=${prefix}_${step//-/_}
    # Not in a condition: errors inside of it would be ignored there.
    "$function"
    RUNNING=""
  done
}

show_status() {
  local status version group found
  status=$(describe_cluster cluster.status)
  if [ -z "$status" ]; then
    say "cluster $CLUSTER_NAME: not there"
    return 1
  fi
  version=$(describe_cluster cluster.version)
  say "cluster $CLUSTER_NAME: $status, Kubernetes $version"
  for group in $NODE_GROUPS; do
    group=${group%%=*}
    found=$(ask in_region eks describe-nodegroup --cluster-name "$CLUSTER_NAME" --nodegroup-name "$group" \
      --query nodegroup.status)
    say "node group $group: ${found:-not there}"
  done
  [ "$status" = ACTIVE ] || return 1
  connect
  in_cluster get nodes
  in_helm list
}

write_rendered() {
  local file
  [ -n "$1" ] || die "$WRONG_USAGE" "render needs a directory"
  read_network
  CLUSTER_SECURITY_GROUP=$(describe_cluster cluster.resourcesVpcConfig.clusterSecurityGroupId)
  for file in $FILES; do
    if [ "$file" = node-pools.yaml ] && [ -z "$CLUSTER_SECURITY_GROUP" ]; then
      say "$file is left out: it needs the cluster's security group"
      continue
    fi
    render "$file"
    mkdir -p "$(dirname "$1/$file")"
    cp "$RENDERED" "$1/$file"
    say "$1/$file"
  done
}

confirm() {
  local answer=""
  [ -z "$SURE" ] || return 0
  printf 'Delete the cluster %s of %s with everything in it? Type its name: ' "$CLUSTER_NAME" "$ENVIRONMENT" >&2
  read -r answer || true
  [ "$answer" = "$CLUSTER_NAME" ] || die 1 "nothing was deleted"
}

finish() {
  local status=$? how=failed again
  if [ "$status" -ne 0 ] && [ -n "$RUNNING" ]; then
    if [ "$status" -eq 130 ]; then
      how="was interrupted"
    else
      status=1
    fi
    again="$0 $COMMAND --env $ENVIRONMENT --from-step $RUNNING"
    [ "$COMMAND" != create ] || [ -z "$GIVEN_ACCESS" ] || again="API_ACCESS=\"$GIVEN_ACCESS\" $again"
    complain "step $RUNNING $how; to go on there: $again"
  fi
  [ -z "$WORK" ] || rm -rf -- "$WORK"
  # Tools have statuses of their own, which would mean something else here.
  case $status in
  0 | 1 | "$WRONG_USAGE" | "$NOT_READY" | 130) exit "$status" ;;
  *) exit 1 ;;
  esac
}

main() {
  COMMAND=${1-} ENVIRONMENT="" FROM_STEP="" ONLY_STEP="" SURE="" RUNNING="" CONNECTED="" WORK=""
  ACCOUNT="" PARTITION="" CLUSTER_SECURITY_GROUP="" API_ACCESS_LIST="" VPC_ID=""
  local directory="" known="" given=" " name
  [ $# -eq 0 ] || shift
  while [ $# -gt 0 ]; do
    case $1 in
    --env=* | --from-step=* | --only-step=*)
      name=$1
      shift
      set -- "${name%%=*}" "${name#*=}" "$@"
      continue
      ;;
    -h | --help)
      usage
      return
      ;;
    --env | --from-step | --only-step)
      [ $# -gt 1 ] || die "$WRONG_USAGE" "$1 needs a value"
      [[ $given != *" $1 "* ]] || die "$WRONG_USAGE" "$1 is given twice: it takes one value"
      given="$given$1 "
      case $1 in
      --env) ENVIRONMENT=$2 ;;
      --from-step) FROM_STEP=$2 ;;
      --only-step) ONLY_STEP=$2 ;;
      esac
      shift
      ;;
    --yes) SURE=1 ;;
    -*) die "$WRONG_USAGE" "there is no option $1" ;;
    *)
      [ "$COMMAND" = render ] && [ -z "$directory" ] || die "$WRONG_USAGE" "\"$1\" is too much"
      directory=$1
      ;;
    esac
    shift
  done
  case $COMMAND in
  create | status | delete | render) ;;
  help | -h | --help)
    usage
    return
    ;;
  *)
    usage >&2
    exit "$WRONG_USAGE"
    ;;
  esac
  [ -z "$FROM_STEP" ] || [ -z "$ONLY_STEP" ] || die "$WRONG_USAGE" "--from-step and --only-step exclude each other"
  case $COMMAND in
  status | render)
    [ -z "$FROM_STEP$ONLY_STEP" ] || die "$WRONG_USAGE" "$COMMAND has no steps"
    ;;
  esac
  # With one environment there is nothing to choose.
  [ -n "$ENVIRONMENT" ] || [ "${ALL_ENVIRONMENTS// /}" != "$ALL_ENVIRONMENTS" ] || ENVIRONMENT=$ALL_ENVIRONMENTS
  [ -n "$ENVIRONMENT" ] || die "$WRONG_USAGE" "which environment? --env NAME, one of: $ALL_ENVIRONMENTS"
  for name in $ALL_ENVIRONMENTS; do
    [ "$name" != "$ENVIRONMENT" ] || known=1
  done
  [ -n "$known" ] || die "$WRONG_USAGE" "there is no environment \"$ENVIRONMENT\": $ALL_ENVIRONMENTS"
  GIVEN_ACCESS=${API_ACCESS-}
  # shellcheck source=/dev/null
  . "$HERE/environments/$ENVIRONMENT.sh"
  CONTEXT=$CLUSTER_NAME-$ENVIRONMENT
  trap finish EXIT
  # Ctrl-C ends the tool that runs; without this the last status would be that of the one before.
  trap 'exit 130' INT
  WORK=$(mktemp -d)
  # A wrong step is told before anything is asked or done.
  # shellcheck disable=SC2086
  case $COMMAND in
  create) [ -z "$FROM_STEP$ONLY_STEP" ] || resolve_step "$FROM_STEP$ONLY_STEP" $CREATE_STEPS ;;
  delete) [ -z "$FROM_STEP$ONLY_STEP" ] || resolve_step "$FROM_STEP$ONLY_STEP" $DELETE_STEPS ;;
  esac
  check_tools
  check_credentials
  # shellcheck disable=SC2086
  case $COMMAND in
  create)
    # shellcheck disable=SC2034 # render reads it by its name
    API_ACCESS_LIST=$(access_list)
    check_owner
    # Before anything is made that would be of no use.
    if [ -z "$FROM_STEP$ONLY_STEP" ]; then
      check_access
      read_network
    fi
    run_steps step $CREATE_STEPS
    ;;
  delete)
    check_owner
    confirm
    run_steps drop $DELETE_STEPS
    ;;
  status)
    check_owner
    show_status
    ;;
  render)
    check_owner
    # shellcheck disable=SC2034 # render reads it by its name
    API_ACCESS_LIST=$(access_list)
    write_rendered "$directory"
    ;;
  esac
}
