# Written by lenie-compile: do not edit. The steps of delete: each can be done again.
# shellcheck shell=bash

# Whether there is a cluster to talk to; what is inside of it goes with it otherwise.
reachable() {
  local status
  # The caller asks in a condition, where bash ignores errors.
  status=$(describe_cluster cluster.status) || die 1 "AWS does not tell whether the cluster is there"
  if [ "$status" = ACTIVE ] || [ "$status" = UPDATING ]; then
    connect || die 1 "what is inside of the cluster cannot be deleted"
    return 0
  fi
  if [ -n "$status" ]; then
    say "nothing to do: the cluster is $status"
  else
    say "nothing to do: there is no cluster"
  fi
  return 1
}

# Load balancers are the controller's: without it nobody would delete them, and the VPC could not be deleted.
drop_load_balancers() {
  local service found
  reachable || return 0
  in_cluster delete ingress --all --all-namespaces --timeout 10m
  found=$(in_cluster get customresourcedefinition gateways.gateway.networking.k8s.io --ignore-not-found --output name)
  [ -z "$found" ] || in_cluster delete gateways.gateway.networking.k8s.io --all --all-namespaces --timeout 10m
  in_cluster get services --all-namespaces --output \
    'jsonpath={range .items[?(@.spec.type=="LoadBalancer")]}{.metadata.namespace}/{.metadata.name}{"\n"}{end}' \
    >"$WORK/services"
  while read -r service; do
    [ -z "$service" ] || in_cluster delete service "${service#*/}" --namespace "${service%%/*}" --timeout 10m </dev/null
  done <"$WORK/services"
}

# Volumes of the namespace's claims go with it, as long as the driver runs.
drop_namespace() {
  local volume policy
  reachable || return 0
  in_cluster get persistentvolumes --output \
    "jsonpath={range .items[?(@.spec.claimRef.namespace==\"$NAMESPACE\")]}{.metadata.name} {.spec.persistentVolumeReclaimPolicy}{\"\\n\"}{end}" \
    >"$WORK/volumes"
  in_cluster delete namespace "$NAMESPACE" --ignore-not-found --timeout 10m
  # The driver deletes a volume some time after its claim, and would be gone with the nodes.
  while read -r volume policy; do
    [ "$policy" != Delete ] || in_cluster wait --for=delete "persistentvolume/$volume" --timeout 5m </dev/null
  done <"$WORK/volumes"
}

# Nodes that Karpenter started are unknown to eksctl: Karpenter has to end them.
drop_node_pools() {
  local kind found any=""
  reachable || return 0
  for kind in nodepools.karpenter.sh ec2nodeclasses.karpenter.k8s.aws; do
    found=$(in_cluster get customresourcedefinition "$kind" --ignore-not-found --output name)
    [ -n "$found" ] || continue
    any=1
    in_cluster delete "$kind" --all --timeout 15m
  done
  [ -n "$any" ] || say "nothing to do: Karpenter is not there"
}

drop_cluster() {
  local status stack
  status=$(describe_cluster cluster.status)
  stack=$(eksctl_stack)
  if [ -z "$status$stack" ]; then
    say "nothing to do: there is no cluster"
    return
  fi
  [ "$status" != CREATING ] || in_region eks wait cluster-active --name "$CLUSTER_NAME"
  eksctl delete cluster --region "$REGION" --name "$CLUSTER_NAME" --wait --disable-nodegroup-eviction
}

drop_roles() {
  local stack
  stack=$(ask in_region cloudformation describe-stacks --stack-name "$CLUSTER_NAME-roles" \
    --query 'Stacks[0].StackStatus')
  if [ -z "$stack" ]; then
    say "nothing to do: there are no roles"
    return
  fi
  release_profiles
  in_region cloudformation delete-stack --stack-name "$CLUSTER_NAME-roles"
  in_region cloudformation wait stack-delete-complete --stack-name "$CLUSTER_NAME-roles"
}

# A role in a profile cannot be deleted: Karpenter makes them, and takes them away while there is a cluster only.
release_profiles() {
  local role=$CLUSTER_NAME-karpenter-node profile found
  found=$(ask in_region iam list-instance-profiles-for-role --role-name "$role" \
    --query 'InstanceProfiles[].InstanceProfileName')
  for profile in $found; do
    in_region iam remove-role-from-instance-profile --instance-profile-name "$profile" --role-name "$role"
    in_region iam delete-instance-profile --instance-profile-name "$profile"
  done
}

# What is still there of the cluster costs, and nobody else tells.
drop_leftovers() {
  local found
  local -a owned
  owned=(--filters "Name=tag:kubernetes.io/cluster/$CLUSTER_NAME,Values=owned")
  found=$(in_region ec2 describe-volumes "${owned[@]}" Name=status,Values=available --query 'Volumes[].VolumeId')
  found=${found//$'\t'/ }
  [ -z "$found" ] || [ "$found" = None ] || say "these volumes of the cluster stay, and cost; if nobody needs what is" \
    "in them, aws ec2 delete-volume --region $REGION --volume-id ID: $found"
  found=$(in_region ec2 describe-instances "${owned[@]}" Name=instance-state-name,Values=pending,running,stopping,stopped \
    --query 'Reservations[].Instances[].InstanceId')
  found=${found//$'\t'/ }
  [ -z "$found" ] || [ "$found" = None ] || die 1 "these instances of the cluster still run:" \
    "aws ec2 terminate-instances --region $REGION --instance-ids $found"
  say "no instance of the cluster is left"
}

# forget LIST DELETE NAME: delete an entry of the kubeconfig if it is there.
forget() {
  kubectl config "$1" >"$WORK/entries"
  if grep -Fxq -- "$3" "$WORK/entries"; then
    kubectl config "$2" "$3"
  fi
}

drop_kubeconfig() {
  local arn="arn:$PARTITION:eks:$REGION:$ACCOUNT:cluster/$CLUSTER_NAME" current
  current=$(kubectl config current-context 2>/dev/null) || current=""
  [ "$current" != "$CONTEXT" ] || kubectl config unset current-context
  kubectl config get-contexts --output name >"$WORK/entries"
  if grep -Fxq -- "$CONTEXT" "$WORK/entries"; then
    kubectl config delete-context "$CONTEXT"
  fi
  forget get-clusters delete-cluster "$arn"
  forget get-users delete-user "$arn"
}
