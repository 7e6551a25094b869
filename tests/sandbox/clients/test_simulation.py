"""What a role may really do: SimulatePrincipalPolicy, boundaries, and when a role was last used."""

import json
from datetime import datetime, timezone

import pytest

from cloud import BACKUP_TRUST, DR, FOR_BACKUP, FOR_RESTORES, options, pages, plant, refused, tool

ROLE = "aws_backup_role"
READ_ONLY = "arn:aws:iam::aws:policy/ReadOnlyAccess"
NEEDED = [
    "ec2:CreateSnapshot",
    "rds:CreateDBSnapshot",
    "dynamodb:StartAwsBackupJob",
    "elasticfilesystem:Backup",
    "backup:CopyIntoBackupVault",
    "tag:GetResources",
    "kms:CreateGrant",
]
# Patterns of the resources that the policy names: a simulation with * alone is not enough for them.
RESOURCES = [
    "arn:aws:ec2:us-east-1::snapshot/*",
    "arn:aws:ec2:us-east-1:123456789012:volume/vol-1",
]


@pytest.fixture
def role(account):
    return account.make_role()


def simulate(iam, role, actions, **wishes):
    return iam.simulate_principal_policy(PolicySourceArn=role, ActionNames=actions, **wishes)[
        "EvaluationResults"
    ]


def decisions(iam, role, actions, **wishes):
    found = simulate(iam, role, actions, **wishes)
    assert [r["EvalActionName"] for r in found] == actions
    return [r["EvalDecision"] for r in found]


def document(effect, action, resource="*", **more):
    statement = {"Effect": effect, "Action": action, "Resource": resource} | more
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def test_awss_own_policies_allow_what_backups_need(iam, role):
    found = simulate(iam, role, ["ec2:CreateSnapshot", "iam:CreateUser"], ResourceArns=RESOURCES)
    (snapshot, user) = found
    assert (snapshot["EvalDecision"], user["EvalDecision"]) == ("allowed", "implicitDeny")
    each = {r["EvalResourceName"]: r for r in snapshot["ResourceSpecificResults"]}
    assert each.keys() == set(RESOURCES)
    assert {r["EvalResourceDecision"] for r in each.values()} == {"allowed"}
    named = {"SourcePolicyId": "AWSBackupServiceRolePolicyForBackup", "SourcePolicyType": "aws-managed"}
    assert named in [{k: v for k, v in s.items() if k in named} for s in snapshot["MatchedStatements"]]
    # Without an organization and a boundary there is nothing to say of them.
    assert not snapshot.keys() & {"OrganizationsDecisionDetail", "PermissionsBoundaryDecisionDetail"}


def test_what_depends_on_a_key_that_is_not_given_is_not_denied_but_missing(iam, role):
    (found,) = simulate(iam, role, ["kms:CreateGrant"])
    assert found["EvalDecision"] == "implicitDeny"
    assert "kms:GrantIsForAWSResource" in found["MissingContextValues"]
    entry = {
        "ContextKeyName": "kms:GrantIsForAWSResource",
        "ContextKeyValues": ["true"],
        "ContextKeyType": "boolean",
    }
    (found,) = simulate(iam, role, ["kms:CreateGrant"], ContextEntries=[entry])
    assert found["EvalDecision"] == "allowed"
    assert "kms:GrantIsForAWSResource" not in found["MissingContextValues"]
    assert found["EvalResourceName"] == "*"


def test_a_detached_policy_allows_nothing(iam, role):
    iam.detach_role_policy(RoleName=ROLE, PolicyArn=FOR_BACKUP)
    assert decisions(iam, role, ["backup:CopyIntoBackupVault"]) == ["implicitDeny"]


def test_an_inline_denial_wins_and_is_named(iam, role):
    iam.put_role_policy(RoleName=ROLE, PolicyName="quarantine", PolicyDocument=document("Deny", "rds:*"))
    (found,) = simulate(iam, role, ["rds:CreateDBSnapshot"])
    assert found["EvalDecision"] == "explicitDeny"
    (statement,) = found["MatchedStatements"]
    assert (statement["SourcePolicyId"], statement["SourcePolicyType"]) == (f"role_{ROLE}_quarantine", "role")


def test_a_boundary_takes_away_what_it_does_not_allow(iam, role):
    iam.put_role_permissions_boundary(RoleName=ROLE, PermissionsBoundary=READ_ONLY)
    found = simulate(iam, role, ["rds:CreateDBSnapshot", "rds:DescribeDBInstances", "iam:ListUsers"])
    assert [r["EvalDecision"] for r in found] == ["implicitDeny", "allowed", "implicitDeny"]
    allowed = [r["PermissionsBoundaryDecisionDetail"]["AllowedByPermissionsBoundary"] for r in found]
    assert allowed == [False, True, True]
    given = [document("Allow", "rds:*")]
    assert decisions(iam, role, ["rds:CreateDBSnapshot"], PermissionsBoundaryPolicyInputList=given) == [
        "allowed"
    ]


def test_an_organization_denies_and_says_so(iam, role):
    with options(denied_by_organization=["ec2:*"]):
        found = simulate(iam, role, ["rds:CreateDBSnapshot", "ec2:CopyImage"])
    assert [r["OrganizationsDecisionDetail"]["AllowedByOrganizations"] for r in found] == [True, False]
    assert [r["EvalDecision"] for r in found] == ["allowed", "explicitDeny"]
    with options(organization="o-example"):
        (found,) = simulate(iam, role, ["rds:CreateDBSnapshot"])
    assert found["OrganizationsDecisionDetail"] == {"AllowedByOrganizations": True}


def test_a_policy_of_the_account_counts_when_its_text_is_known(account, iam, role):
    arn = f"arn:aws:iam::{account.id}:policy/deny-rds"
    iam.attach_role_policy(RoleName=ROLE, PolicyArn=arn)
    assert decisions(iam, role, ["rds:CreateDBSnapshot"]) == ["allowed"]
    plant(account, policy=arn, set={"PolicyDocument": json.loads(document("Deny", "rds:*"))})
    (found,) = simulate(iam, role, ["rds:CreateDBSnapshot"])
    assert found["EvalDecision"] == "explicitDeny"
    assert found["MatchedStatements"][0]["SourcePolicyType"] == "user-managed"


def test_a_policy_can_be_tried_on(iam, role):
    added = [document("Deny", "backup:CopyIntoBackupVault")]
    assert decisions(iam, role, ["backup:CopyIntoBackupVault"], PolicyInputList=added) == ["explicitDeny"]


def test_each_partition_has_policies_of_its_own(account):
    iam = account.client("iam", "cn-north-1")
    arn = iam.create_role(RoleName="r", AssumeRolePolicyDocument=json.dumps(BACKUP_TRUST))["Role"]["Arn"]
    iam.attach_role_policy(RoleName="r", PolicyArn=FOR_BACKUP.replace("aws:", "aws-cn:", 1))
    wishes = {"ResourceArns": ["arn:aws-cn:ec2:cn-north-1::snapshot/*"]}
    assert decisions(iam, arn, ["ec2:CopySnapshot"], **wishes) == ["allowed"]


def test_the_results_come_in_pages(iam, role):
    found, count = pages(
        iam.get_paginator("simulate_principal_policy"),
        "EvaluationResults",
        3,
        PolicySourceArn=role,
        ActionNames=NEEDED,
    )
    assert ([r["EvalActionName"] for r in found], count) == (NEEDED, 3)


@pytest.mark.parametrize(
    ("code", "status", "wishes"),
    [
        ("NoSuchEntity", 404, {"PolicySourceArn": "arn:aws:iam::123456789012:role/nobody"}),
        ("InvalidInput", 400, {"PolicySourceArn": "aws_backup_role_of_ours"}),
        ("ValidationError", 400, {"ActionNames": []}),
        ("MalformedPolicyDocument", 400, {"PolicyInputList": ["{"]}),
    ],
)
def test_a_wrong_question_is_refused(iam, role, code, status, wishes):
    with refused(code, status):
        iam.simulate_principal_policy(**{"PolicySourceArn": role, "ActionNames": NEEDED} | wishes)


def test_simulating_needs_its_own_right_on_the_role(account, iam, role):
    key = {"access_key": account.id}
    allowed = [
        {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "iam:Get*", "Resource": "*"}}
    ]
    try:
        tool("POST", "enforce", key | {"documents": allowed})
        with refused("AccessDenied", 403, f"iam:SimulatePrincipalPolicy on resource: {role}"):
            simulate(iam, role, NEEDED)
    finally:
        tool("POST", "enforce", key | {"documents": None})


def test_a_simulation_is_no_change(account, iam, role):
    simulate(iam, role, NEEDED)
    assert account.client("cloudtrail").lookup_events()["Events"][0]["EventName"] == "AttachRolePolicy"


@pytest.mark.parametrize("arn", ["arn:aws:iam::999988887777:policy/theirs", "ReadOnlyAccess"])
def test_a_boundary_that_is_nobodys_is_refused(account, iam, role, arn):
    trust = json.dumps(BACKUP_TRUST)
    with refused("NoSuchEntity", 404, "does not exist or is not attachable"):
        iam.put_role_permissions_boundary(RoleName=ROLE, PermissionsBoundary=arn)
    with refused("NoSuchEntity", 404):
        iam.create_role(RoleName="other", AssumeRolePolicyDocument=trust, PermissionsBoundary=arn)
    assert "PermissionsBoundary" not in iam.get_role(RoleName=ROLE)["Role"]


def test_a_last_use_can_be_planted(account, iam, role):
    assert iam.get_role(RoleName=ROLE)["Role"]["RoleLastUsed"] == {}
    used = datetime(2026, 10, 1, 7, 20, tzinfo=timezone.utc)
    made = datetime(2020, 1, 1, tzinfo=timezone.utc)
    last = {"LastUsedDate": used.isoformat(), "Region": DR}
    plant(account, role=ROLE, set={"RoleLastUsed": last, "CreateDate": made.isoformat()})
    found = iam.get_role(RoleName=ROLE)["Role"]
    assert found["RoleLastUsed"] == {"LastUsedDate": used, "Region": DR}
    assert found["CreateDate"] == made
    (listed,) = iam.list_roles()["Roles"]
    assert "RoleLastUsed" not in listed
    assert {p["PolicyArn"] for p in iam.list_attached_role_policies(RoleName=ROLE)["AttachedPolicies"]} == {
        FOR_BACKUP,
        FOR_RESTORES,
    }
    assert account.client("cloudtrail").lookup_events()["Events"][0]["EventName"] == "AttachRolePolicy"
