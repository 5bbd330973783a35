# Written by lenie-compile from the spec: do not edit. The cluster in the environment dev.
# shellcheck shell=bash disable=SC2034
CLUSTER_NAME=jobs-dev
NAMESPACE=jobs
# Name in the files, and the SSM parameter that holds the id.
NETWORK_PARAMETERS='VPC_ID=/demo/dev/net-id SUBNET_EDGE_A=/demo/dev/edge-subnet-a/subnet-id SUBNET_EDGE_B=/demo/dev/edge-subnet-b/subnet-id SUBNET_EDGE_C=/demo/dev/edge-subnet-c/subnet-id'
# Networks that may call the API server. API_ACCESS in the environment of the script replaces them.
API_ACCESS=${API_ACCESS:-203.0.113.0/24 192.0.2.0/24}
