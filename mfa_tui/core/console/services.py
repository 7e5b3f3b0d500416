"""The services that the console can open by a short name.

Each has the path that the console's own address bar shows for it; AWS publishes no list. Other tools have similar
tables (``service_map.go`` of granted). A service that is missing here opens by ``--destination``.
"""

from __future__ import annotations

import difflib

from mfa_tui.errors import UsageError

SERVICES = {
    "acm": "acm", "apigateway": "apigateway", "appsync": "appsync", "athena": "athena", "backup": "backup",
    "batch": "batch", "bedrock": "bedrock", "billing": "billing", "budgets": "billing",
    "cloudformation": "cloudformation", "cloudfront": "cloudfront/v4", "cloudshell": "cloudshell",
    "cloudtrail": "cloudtrailv2", "cloudwatch": "cloudwatch", "codebuild": "codesuite/codebuild",
    "codepipeline": "codesuite/codepipeline", "cognito": "cognito/v2", "config": "config",
    "cost-management": "cost-management", "dms": "dms/v2", "dynamodb": "dynamodbv2", "ec2": "ec2", "ecr": "ecr",
    "ecs": "ecs/v2", "efs": "efs", "eks": "eks", "elasticache": "elasticache", "elasticbeanstalk": "elasticbeanstalk",
    "emr": "emr", "events": "events", "glue": "glue", "guardduty": "guardduty", "iam": "iam",
    "inspector": "inspector/v2", "kinesis": "kinesis", "kms": "kms", "lambda": "lambda", "logs": "cloudwatch",
    "organizations": "organizations/v2", "ram": "ram", "rds": "rds", "redshift": "redshiftv2", "route53": "route53/v2",
    "s3": "s3", "sagemaker": "sagemaker", "secretsmanager": "secretsmanager", "securityhub": "securityhub",
    "service-quotas": "servicequotas", "ses": "ses", "sns": "sns/v3", "sqs": "sqs/v3", "ssm": "systems-manager",
    "sso": "singlesignon", "states": "states", "support": "support", "trustedadvisor": "trustedadvisor",
    "vpc": "vpcconsole", "wafv2": "wafv2", "xray": "xray",
}  # fmt: skip
"""Names, as the AWS CLI and IAM call the services, and paths."""
ALIASES = {
    "cfn": "cloudformation", "cw": "cloudwatch", "ddb": "dynamodb", "eventbridge": "events", "r53": "route53",
    "secrets-manager": "secretsmanager", "sfn": "states", "stepfunctions": "states", "systems-manager": "ssm",
    "waf": "wafv2",
}  # fmt: skip
"""Other names of some."""


def service_path(name: str) -> str:
    """The path of a service's console. Raises UsageError (``console-service``), which names similar ones."""
    wanted = name.strip().lower()
    known = ALIASES.get(wanted, wanted)
    if known in SERVICES:
        return SERVICES[known]
    near = difflib.get_close_matches(wanted, [*SERVICES, *ALIASES], n=3, cutoff=0.5)
    raise UsageError(
        "console-service",
        f"mfa-tui knows no console of a service called {name[:40]!r}.",
        f"Did you mean {', '.join(near)}?" if near else "It knows the names that the AWS CLI uses, such as s3 and iam.",
        "Use a name that mfa-tui console --help lists, or --destination with the page's address.",
    )
