"""The scopes that need no settings, and what "read only" means for each AWS service.

IAM takes no wildcard for the service of an action (``*:Get*`` is malformed), and a policy has at most 2,048 characters.
So ``read-only`` is a list of services. It shows what exists, not what is in it: no objects, items, messages, log lines
or query results, and nothing that is, or often holds, a secret.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

READ_ONLY = "read-only"
NO_IAM = "no-iam"
PRESETS = {
    READ_ONLY: "list and describe resources of the services below; nothing else",
    NO_IAM: "everything but identities: no IAM, STS, Organizations, account or IAM Identity Center",
}
"""The presets, each with what it allows."""

READ_ONLY_SERVICES: Mapping[str, tuple[str, ...]] = {
    "acm": ("Describe*", "List*"),
    "application-autoscaling": ("Describe*",),
    "athena": ("List*",),
    "autoscaling": ("DescribeAuto*", "DescribeScal*"),
    "backup": ("Describe*", "List*"),
    "batch": ("DescribeCompute*", "DescribeJobQ*", "List*"),
    "cloudformation": ("Describe*", "List*"),
    "cloudfront": ("List*",),
    "cloudtrail": ("Describe*", "List*", "LookupEvents"),
    "cloudwatch": ("Describe*", "Get*", "List*"),
    "codebuild": ("List*",),
    "codepipeline": ("List*",),
    "dynamodb": ("Describe*", "List*"),
    "ec2": (
        "DescribeA*", "DescribeFlowLogs", "DescribeH*", "DescribeImages", "DescribeInstanceStatus",
        "DescribeInstanceType*", "DescribeInstances", "DescribeInternet*", "DescribeK*", "DescribeN*", "DescribeR*",
        "DescribeSecurity*", "DescribeSnapshots", "DescribeSubnets", "DescribeT*", "DescribeVol*", "DescribeVpc*",
    ),
    "ecr": ("Describe*", "List*"),
    "ecs": ("DescribeCl*", "DescribeServices", "List*"),
    "eks": ("Describe*", "List*"),
    "elasticache": ("Describe*", "List*"),
    "elasticfilesystem": ("Describe*",),
    "elasticloadbalancing": ("Describe*",),
    "events": ("DescribeR*", "List*"),
    "firehose": ("List*",),
    "glue": ("List*",),
    "iam": ("Get*", "List*"),
    "kinesis": ("Describe*", "List*"),
    "kms": ("Describe*", "List*"),
    "logs": ("Describe*", "List*"),
    "organizations": ("Describe*", "List*"),
    "rds": ("Describe*", "List*"),
    "redshift": ("Describe*",),
    "route53": ("Get*", "List*"),
    "s3": ("GetBucket*", "ListAllMyBuckets", "ListBucket*"),
    "secretsmanager": ("DescribeSecret", "ListSecrets"),
    "sns": ("List*",),
    "sqs": ("GetQueueAttributes", "List*"),
    "states": ("List*",),
    "tag": ("Get*",),
    "wafv2": ("List*",),
}  # fmt: skip
"""The services of ``read-only`` and their actions.

What is left out on purpose: user data of EC2 (DescribeInstanceAttribute, DescribeLaunchTemplateVersions,
DescribeSpotFleetRequests, launch configurations), pre-shared keys (DescribeVpnConnections), environment variables
(functions of Lambda, task definitions of ECS, jobs of Batch, projects of CodeBuild), and API keys (API Gateway): all of
them are, or often hold, secrets.
"""
_NO_IDENTITIES = ("iam", "sts", "organizations", "account", "sso", "sso-directory", "identitystore", "rolesanywhere")
NO_IAM_EXCEPT = tuple(f"{service}:*" for service in _NO_IDENTITIES)
"""The actions that ``no-iam`` leaves out."""

READ_VERBS = ("BatchGet*", "Describe*", "Get*", "List*")
"""The actions that a scope of the settings with ``read_only`` allows of a service."""
_SECRETS: Mapping[str, tuple[str, ...]] = {
    "cognito-identity": ("GetCredentialsForIdentity", "GetId", "GetOpenIdToken*"),
    "codeartifact": ("GetAuthorizationToken",),
    "connect": ("GetFederationToken*",),
    "ec2": ("GetPasswordData",),
    "ecr": ("GetAuthorizationToken",),
    "gamelift": ("GetComputeAuthToken", "GetInstanceAccess"),
    "kms": ("Decrypt", "GenerateDataKey*", "ReEncrypt*"),
    "lightsail": ("GetInstanceAccessDetails", "GetRelationalDatabaseMasterUserPassword"),
    "redshift": ("GetClusterCredentials*",),
    "redshift-serverless": ("GetCredentials",),
    "secretsmanager": ("BatchGetSecretValue", "GetSecretValue"),
    "ssm": ("GetAccessToken", "GetConnection*", "GetParameter*"),
    "sso": ("GetRoleCredentials",),
    "sts": ("Get*Token",),
}  # fmt: skip


def read_actions(service: str) -> tuple[str, ...]:
    """The actions that read from *service*, for a scope of the settings."""
    return tuple(f"{service}:{verb}" for verb in READ_VERBS)


def secret_actions(service: str) -> tuple[str, ...]:
    """The actions among them that hand out secrets or credentials, and are denied."""
    return tuple(f"{service}:{action}" for action in _SECRETS.get(service, ()))


def scope_list() -> str:
    """The presets in words, with the services of ``read-only``, for help texts."""
    return (
        f"Scopes: {READ_ONLY} lists and describes resources, but no secrets and no contents, of these services only: "
        f"{', '.join(READ_ONLY_SERVICES)}. {NO_IAM} is everything but identities and roles. Neither can assume roles."
    )
