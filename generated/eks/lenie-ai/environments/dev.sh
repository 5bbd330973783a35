# Written by lenie-compile from the spec: do not edit. The cluster in the environment dev.
# shellcheck shell=bash disable=SC2034
CLUSTER_NAME=lenie-ai
NAMESPACE=lenie-ai-dev
# Name in the files, and the SSM parameter that holds the id.
NETWORK_PARAMETERS='VPC_ID=/lenie/dev/vpc-id SUBNET_PUBLIC_A=/lenie/dev/public-subnet-a/subnet-id SUBNET_PUBLIC_B=/lenie/dev/public-subnet-b/subnet-id'
# Networks that may call the API server. API_ACCESS in the environment of the script replaces them.
API_ACCESS=${API_ACCESS:-203.0.113.10/32}
