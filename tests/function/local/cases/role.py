"""The role: trust, managed policies, and what must not be on it."""

import json

from account import ID, ROLE
from cases import case

SERVICE = "arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyFor"
BACKUP, RESTORES = SERVICE + "Backup", SERVICE + "Restores"
OURS = f"role {ROLE} "
REVIEW = " blocked:needs-review"
DENY_ALL = {"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Action": "*", "Resource": "*"}}


def trust(principal=None, **members):
    statement = {
        "Effect": "Allow",
        "Principal": principal or {"Service": "backup.amazonaws.com"},
        "Action": "sts:AssumeRole",
    } | members
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    return lambda a: a.iam.update_assume_role_policy(RoleName=ROLE, PolicyDocument=document)


def detach(arn):
    return lambda a: a.iam.detach_role_policy(RoleName=ROLE, PolicyArn=arn)


def attach(arn):
    return lambda a: a.iam.attach_role_policy(RoleName=ROLE, PolicyArn=arn)


def delete(a):
    detach(BACKUP)(a)
    detach(RESTORES)(a)
    a.iam.delete_role(RoleName=ROLE)


def move(a):
    """Makes the role anew under a path, which gives it another ARN."""
    document = json.dumps(a.iam.get_role(RoleName=ROLE)["Role"]["AssumeRolePolicyDocument"])
    delete(a)
    a.iam.create_role(RoleName=ROLE, Path="/moved/", AssumeRolePolicyDocument=document)
    attach(BACKUP)(a)
    attach(RESTORES)(a)


def inline(a):
    a.iam.put_role_policy(RoleName=ROLE, PolicyName="quarantine", PolicyDocument=json.dumps(DENY_ALL))


def boundary(a):
    a.iam.put_role_permissions_boundary(RoleName=ROLE, PermissionsBoundary="arn:aws:iam::aws:policy/ReadOnlyAccess")


def untag(a):
    a.iam.untag_role(RoleName=ROLE, TagKeys=["terraform", "created_by", "environment"])


EVERYBODY = trust({"Service": "backup.amazonaws.com", "AWS": f"arn:aws:iam::{ID}:root"})
OTHER_ACCOUNT = {"StringEquals": {"aws:SourceAccount": "210987654321"}}

# IAM works out that jobs cannot do what they need.
DENIED = OURS + "action-denied" + REVIEW

CASES = [
    case("role trusts another service", trust({"Service": "ec2.amazonaws.com"}), OURS + "trust-differs"),
    case("role trusts the account as well", EVERYBODY, OURS + "trust-differs"),
    case("role trusts on a condition", trust(Condition=OTHER_ACCOUNT), OURS + "trust-differs"),
    case("role trusts no more but denies", trust(Effect="Deny"), OURS + "trust-differs"),
    case("role trusts for tagging as well", trust(Action=["sts:AssumeRole", "sts:TagSession"]), OURS + "trust-differs"),
    case("role trusts in other words", trust({"Service": ["backup.amazonaws.com"]}, Action=["sts:assumerole"])),
    case("role without the policy for backups", detach(BACKUP), OURS + "policy-detached"),
    case("role without the policy for restores", detach(RESTORES), OURS + "policy-detached"),
    case("role with a denying managed policy", attach("arn:aws:iam::aws:policy/AWSDenyAll"), OURS + "policy-unexpected" + REVIEW, DENIED),
    case("role with an inline policy", inline, OURS + "inline-policy-unexpected" + REVIEW, DENIED),
    case("role with a boundary", boundary, OURS + "boundary-unexpected" + REVIEW, DENIED),
    case(
        "role deleted",
        delete,
        OURS + "missing",
        OURS + f"policy-detached@managed_policies.{BACKUP}",
        OURS + f"policy-detached@managed_policies.{RESTORES}",
    ),
    case("role made anew under a path", move, OURS + "path-differs blocked:immutable"),
    case("role untagged, for which the spec has no tags", untag),
]
