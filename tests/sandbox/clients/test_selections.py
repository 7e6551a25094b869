"""Backup selections: the role is tried at once, and nothing can be changed later."""

import pytest

from cloud import FOR_RESTORES, UUID, refused, tool

NOWHERE = "00000000-0000-4000-8000-000000000000"
EMPTY = "Either 'ListOfTags' or 'Resources' section must be non-empty."


@pytest.fixture
def plan(account):
    return account.make_plan()


@pytest.fixture
def role(account):
    return account.make_role()


def select(backup, plan, role, name="all", **wishes):
    wishes = wishes or {"Resources": ["*"]}
    chosen = {"SelectionName": name, "IamRoleArn": role} | wishes
    return backup.create_backup_selection(BackupPlanId=plan, BackupSelection=chosen)["SelectionId"]


def test_a_selection_comes_back_with_empty_lists_for_what_was_not_said(backup, plan, role):
    selection = select(backup, plan, role, Resources=["arn:aws:ec2:*:*:instance/*"])
    assert UUID.fullmatch(selection)
    answer = backup.get_backup_selection(BackupPlanId=plan, SelectionId=selection)
    assert (answer["BackupPlanId"], answer["SelectionId"]) == (plan, selection)
    found = answer["BackupSelection"]
    assert found["SelectionName"] == "all"
    assert found["IamRoleArn"] == role
    assert found["Resources"] == ["arn:aws:ec2:*:*:instance/*"]
    assert found["NotResources"] == []
    assert found["ListOfTags"] == []
    assert found["Conditions"] == {
        "StringEquals": [],
        "StringNotEquals": [],
        "StringLike": [],
        "StringNotLike": [],
    }


def test_everything_that_was_said_comes_back(backup, plan, role):
    tags = [{"ConditionType": "STRINGEQUALS", "ConditionKey": "backup", "ConditionValue": "yes"}]
    condition = [{"ConditionKey": "aws:ResourceTag/environment", "ConditionValue": "prod"}]
    wishes = {
        "Resources": ["*"],
        "NotResources": ["arn:aws:s3:*"],
        "ListOfTags": tags,
        "Conditions": {"StringEquals": condition},
    }
    selection = select(backup, plan, role, **wishes)
    found = backup.get_backup_selection(BackupPlanId=plan, SelectionId=selection)["BackupSelection"]
    assert found["NotResources"] == ["arn:aws:s3:*"]
    assert found["ListOfTags"] == tags
    assert found["Conditions"]["StringEquals"] == condition
    assert found["Conditions"]["StringLike"] == []


CONDITION = {"StringEquals": [{"ConditionKey": "aws:ResourceTag/a", "ConditionValue": "b"}]}


@pytest.mark.parametrize(
    "wishes", [{"Resources": []}, {"NotResources": ["arn:aws:s3:*"]}, {"Conditions": CONDITION}], ids=str
)
def test_a_selection_of_nothing_is_refused(backup, plan, role, wishes):
    with refused("InvalidParameterValueException", 400, EMPTY):
        select(backup, plan, role, **wishes)
    assert backup.list_backup_selections(BackupPlanId=plan)["BackupSelectionsList"] == []


def test_tags_alone_are_a_selection(backup, plan, role):
    tags = [{"ConditionType": "STRINGEQUALS", "ConditionKey": "backup", "ConditionValue": "yes"}]
    assert select(backup, plan, role, ListOfTags=tags)


def test_a_role_that_does_not_exist_cannot_be_assumed(account, backup, plan):
    arn = f"arn:aws:iam::{account.id}:role/aws_backup_role"
    with refused("InvalidParameterValueException", 400, f"IAM Role {arn} cannot be assumed by AWS Backup"):
        select(backup, plan, arn)


def test_a_role_that_trusts_somebody_else_cannot_be_assumed(account, backup, plan):
    trust = {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
        ],
    }
    arn = account.make_role(trust=trust)
    with refused("InvalidParameterValueException", 400, "cannot be assumed"):
        select(backup, plan, arn)


def test_a_role_without_policies_may_not_look_for_resources(account, backup, plan):
    arn = account.make_role(policies=())
    with refused("InvalidParameterValueException", 400, "is not authorized to call tag:GetResources"):
        select(backup, plan, arn)
    account.iam().attach_role_policy(RoleName="aws_backup_role", PolicyArn=FOR_RESTORES)
    assert select(backup, plan, arn)


def test_the_list_says_the_role_and_not_the_resources(backup, plan, role):
    selection = select(backup, plan, role, "first")
    (listed,) = backup.list_backup_selections(BackupPlanId=plan)["BackupSelectionsList"]
    assert listed["SelectionId"] == selection
    assert listed["SelectionName"] == "first"
    assert listed["IamRoleArn"] == role
    assert listed["BackupPlanId"] == plan
    assert "CreationDate" in listed
    assert not listed.keys() & {"Resources", "NotResources", "ListOfTags", "Conditions"}


def test_selections_belong_to_one_plan(account, backup, plan, role):
    other = account.make_plan("other")
    select(backup, plan, role)
    assert backup.list_backup_selections(BackupPlanId=other)["BackupSelectionsList"] == []


def test_a_selection_of_a_missing_plan_is_an_invalid_parameter(backup):
    with refused("InvalidParameterValueException", 400, "Cannot find Backup plan"):
        backup.get_backup_selection(BackupPlanId=NOWHERE, SelectionId=NOWHERE)


def test_a_missing_selection_is_not_found(backup, plan):
    with refused("ResourceNotFoundException", 400):
        backup.get_backup_selection(BackupPlanId=plan, SelectionId=NOWHERE)


def test_deleting_a_missing_selection_is_an_invalid_parameter(backup, plan):
    with refused("InvalidParameterValueException", 400):
        backup.delete_backup_selection(BackupPlanId=plan, SelectionId=NOWHERE)


def test_a_deleted_selection_is_gone(backup, plan, role):
    selection = select(backup, plan, role)
    backup.delete_backup_selection(BackupPlanId=plan, SelectionId=selection)
    assert backup.list_backup_selections(BackupPlanId=plan)["BackupSelectionsList"] == []
    with refused("ResourceNotFoundException"):
        backup.get_backup_selection(BackupPlanId=plan, SelectionId=selection)


def test_a_name_can_be_taken_twice_unless_aws_minds(backup, plan, role):
    """Nobody knows which of the two AWS does, so the sandbox does either."""
    assert select(backup, plan, role) != select(backup, plan, role, Resources=["arn:aws:ec2:*:*:instance/*"])
    tool("POST", "options", {"selection_names_unique": True})
    try:
        with refused("AlreadyExistsException", 400):
            select(backup, plan, role, Resources=["arn:aws:rds:*:*:db:*"])
    finally:
        tool("POST", "options", {"selection_names_unique": False})


@pytest.mark.parametrize("name", ["with space", "x" * 51])
def test_a_name_out_of_the_pattern_is_refused(backup, plan, role, name):
    with refused("InvalidParameterValueException", 400):
        select(backup, plan, role, name)
