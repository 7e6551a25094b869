"""Lists in small pages: nothing lost, nothing twice, and no page larger than asked for."""

import json

import pytest

from cloud import BACKUP_TRUST, Account, pages, refused, rule, tool

COUNT, SIZE = 7, 3
MANY = [f"thing_{n}" for n in range(COUNT)]


def whole(client, operation, member, size=SIZE, **wishes):
    items, number = pages(client.get_paginator(operation), member, size, **wishes)
    assert number == max(1, -(-len(items) // size)), f"{len(items)} items came in {number} pages"
    return items


def test_vaults(account, backup):
    for name in MANY:
        account.make_vault(name)
    assert (
        sorted(v["BackupVaultName"] for v in whole(backup, "list_backup_vaults", "BackupVaultList")) == MANY
    )
    page = backup.list_backup_vaults(MaxResults=2)
    assert len(page["BackupVaultList"]) == 2 and page["NextToken"]


def test_plans(account, backup):
    for name in MANY:
        account.make_plan(name)
    assert sorted(p["BackupPlanName"] for p in whole(backup, "list_backup_plans", "BackupPlansList")) == MANY


def test_selections(account, backup):
    plan, role = account.make_plan(), account.make_role()
    for name in MANY:
        chosen = {"SelectionName": name, "IamRoleArn": role, "Resources": ["*"]}
        backup.create_backup_selection(BackupPlanId=plan, BackupSelection=chosen)
    found = whole(backup, "list_backup_selections", "BackupSelectionsList", BackupPlanId=plan)
    assert sorted(s["SelectionName"] for s in found) == MANY


def test_backup_tags(account, backup):
    arn = account.make_vault(BackupVaultTags={name: "1" for name in MANY})["BackupVaultArn"]
    found, token = {}, {}
    while True:
        page = backup.list_tags(ResourceArn=arn, MaxResults=SIZE, **token)
        assert len(page["Tags"]) <= SIZE and not found.keys() & page["Tags"].keys()
        found |= page["Tags"]
        if not page.get("NextToken"):
            break
        token = {"NextToken": page["NextToken"]}
    assert sorted(found) == MANY


def test_keys(account, kms):
    made = {account.make_key() for _ in MANY}
    assert {k["KeyArn"] for k in whole(kms, "list_keys", "Keys")} == made


def test_aliases(account, kms):
    key = account.make_key()
    for name in MANY:
        kms.create_alias(AliasName=f"alias/{name}", TargetKeyId=key)
    found = whole(kms, "list_aliases", "Aliases", KeyId=key)
    assert sorted(a["AliasName"] for a in found) == [f"alias/{name}" for name in MANY]


def test_key_tags(account, kms):
    key = account.make_key(Tags=[{"TagKey": name, "TagValue": "1"} for name in MANY])
    assert sorted(t["TagKey"] for t in whole(kms, "list_resource_tags", "Tags", KeyId=key)) == MANY


def test_roles(account, iam):
    for name in MANY:
        account.make_role(name, policies=())
    assert sorted(r["RoleName"] for r in whole(iam, "list_roles", "Roles")) == MANY


def test_attached_policies(account, iam):
    arns = sorted(
        f"arn:aws:iam::aws:policy/{name}"
        for name in (
            "ReadOnlyAccess",
            "SecurityAudit",
            "AWSDenyAll",
            "PowerUserAccess",
            "AdministratorAccess",
        )
    )
    account.make_role(policies=arns)
    found = whole(iam, "list_attached_role_policies", "AttachedPolicies", 2, RoleName="aws_backup_role")
    assert sorted(p["PolicyArn"] for p in found) == arns


def test_inline_policies(account, iam):
    account.make_role(policies=())
    document = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Deny", "Action": "backup:*", "Resource": "*"}],
    }
    for name in MANY:
        iam.put_role_policy(RoleName="aws_backup_role", PolicyName=name, PolicyDocument=json.dumps(document))
    assert sorted(whole(iam, "list_role_policies", "PolicyNames", RoleName="aws_backup_role")) == MANY


def test_role_tags(account, iam):
    tags = [{"Key": name, "Value": "1"} for name in MANY]
    iam.create_role(RoleName="aws_backup_role", AssumeRolePolicyDocument=json.dumps(BACKUP_TRUST), Tags=tags)
    found, marker = [], {}
    while True:
        page = iam.list_role_tags(RoleName="aws_backup_role", MaxItems=SIZE, **marker)
        found += page["Tags"]
        if not page["IsTruncated"]:
            break
        marker = {"Marker": page["Marker"]}
    assert sorted(t["Key"] for t in found) == MANY


def test_topics(account):
    for n in range(COUNT):
        account.sns().create_topic(Name=f"topic-{n}")
    found = [t for page in account.sns().get_paginator("list_topics").paginate() for t in page["Topics"]]
    assert len(found) == COUNT


def test_the_server_may_make_pages_smaller_than_asked_for(account, backup, iam, kms):
    """AWS may end a page early; a client that counts instead of following the token loses things."""
    for name in MANY:
        # On a key of its own: the first vault without one brings the managed key into the list.
        account.make_vault(name, EncryptionKeyArn=account.make_key())
        account.make_plan(name, rules=[rule(name)])
        account.make_role(name, policies=())
    tool("POST", "options", {"page_size": 2})
    try:
        listed = backup.list_backup_vaults()
        assert len(listed["BackupVaultList"]) == 2 and listed["NextToken"]
        assert len(whole(backup, "list_backup_vaults", "BackupVaultList", 2)) == COUNT
        assert len(whole(backup, "list_backup_plans", "BackupPlansList", 2)) == COUNT
        assert len(whole(iam, "list_roles", "Roles", 2)) == COUNT
        assert len(whole(kms, "list_keys", "Keys", 2)) == COUNT
    finally:
        tool("POST", "options", {"page_size": None})
    assert len(backup.list_backup_vaults()["BackupVaultList"]) == COUNT


def test_a_page_that_just_holds_everything_is_the_last(account, iam, kms):
    for name in MANY:
        account.make_key()
        account.make_role(name, policies=())
    keys, roles = kms.list_keys(Limit=COUNT), iam.list_roles(MaxItems=COUNT)
    assert (len(keys["Keys"]), keys["Truncated"]) == (COUNT, False) and "NextMarker" not in keys
    assert (len(roles["Roles"]), roles["IsTruncated"]) == (COUNT, False) and "Marker" not in roles


@pytest.mark.parametrize("size", [0, 1001])
def test_a_page_size_out_of_bounds_is_refused(backup, size):
    with refused("InvalidParameterValueException", 400):
        backup.list_backup_vaults(MaxResults=size)


@pytest.mark.parametrize("operation", ["list_backup_vaults", "list_backup_plans"])
def test_an_invented_token_is_refused(backup, operation):
    with refused("InvalidParameterValueException", 400):
        getattr(backup, operation)(NextToken="nobody gave me this")


def test_an_empty_account_has_one_empty_page_of_each():
    account = Account()
    assert whole(account.backup(), "list_backup_vaults", "BackupVaultList", 1) == []
    assert account.backup().list_backup_plans()["BackupPlansList"] == []
    assert account.iam().list_roles()["IsTruncated"] is False
    assert account.kms().list_keys()["Truncated"] is False
