"""CloudTrail's event history: what boto3 reads of the calls that it made, and of drifts."""

import json
from datetime import datetime, timedelta, timezone

import pytest

from cloud import DR, PRIMARY, Account, advance, pages, refused, tool
from wire import signed

NAME = "vault_prod_daily"


@pytest.fixture
def trail(account):
    return account.client("cloudtrail")


def by(key, value):
    return [{"AttributeKey": key, "AttributeValue": value}]


def record(event):
    return json.loads(event["CloudTrailEvent"])


def test_a_call_is_found_with_all_that_is_known_of_it(account, trail):
    key = account.make_key()
    account.kms().disable_key(KeyId=key)
    (event,) = trail.lookup_events(LookupAttributes=by("EventName", "DisableKey"))["Events"]
    assert event["ReadOnly"] == "false"
    assert event["AccessKeyId"] == account.id
    assert event["EventSource"] == "kms.amazonaws.com"
    assert event["Username"] == "drift-healer"
    assert event["Resources"] == [{"ResourceType": "AWS::KMS::Key", "ResourceName": key}]
    assert isinstance(event["EventTime"], datetime)
    told = record(event)
    assert told["eventID"] == event["EventId"]
    assert told["requestParameters"] == {"keyId": key}
    assert told["userAgent"].startswith("Boto3/")
    assert told["userIdentity"]["arn"] == account.sts().get_caller_identity()["Arn"]
    assert told["userIdentity"]["principalId"] == account.sts().get_caller_identity()["UserId"]


def test_pages_go_from_new_to_old(account, trail):
    for number in range(5):
        account.make_vault(f"vault_{number}")
    # Three pages: more than fit into a second.
    found = []
    token = {}
    while True:
        page = trail.lookup_events(MaxResults=2, **token)
        found += [record(event)["requestParameters"]["backupVaultName"] for event in page["Events"]]
        if "NextToken" not in page:
            break
        token = {"NextToken": page["NextToken"]}
        advance(seconds=1)
    assert found == [f"vault_{number}" for number in reversed(range(5))]


def test_a_paginator_finds_the_same(account, trail):
    for number in range(3):
        account.make_vault(f"vault_{number}")
    found, count = pages(trail.get_paginator("lookup_events"), "Events", 2)
    assert (len(found), count) == (3, 2)


def test_a_time_range_and_a_region_narrow_it_down(account, trail):
    account.make_vault(NAME)
    advance(days=1)
    made = account.make_vault("later")["CreationDate"].astimezone(timezone.utc)
    start = made - timedelta(hours=1)
    assert len(trail.lookup_events(StartTime=start)["Events"]) == 1
    assert len(trail.lookup_events(EndTime=start)["Events"]) == 1
    assert account.client("cloudtrail", DR).lookup_events()["Events"] == []


def test_roles_are_found_in_one_region_only(account):
    account.make_role()
    home, other = (account.client("cloudtrail", region) for region in (PRIMARY, DR))
    found = home.lookup_events(LookupAttributes=by("ResourceName", "aws_backup_role"))["Events"]
    assert [e["EventName"] for e in found] == ["AttachRolePolicy", "AttachRolePolicy", "CreateRole"]
    assert other.lookup_events()["Events"] == []


@pytest.mark.parametrize(
    ("code", "question"),
    [
        ("InvalidLookupAttributesException", {"LookupAttributes": by("EventName", "a") + by("EventName", "b")}),
        ("InvalidLookupAttributesException", {"LookupAttributes": by("Colour", "blue")}),
        ("InvalidMaxResultsException", {"MaxResults": 51}),
        ("InvalidNextTokenException", {"NextToken": "zz"}),
        (
            "InvalidTimeRangeException",
            {
                "StartTime": datetime(2026, 1, 2, tzinfo=timezone.utc),
                "EndTime": datetime(2026, 1, 1, tzinfo=timezone.utc),
            },
        ),
    ],
)
def test_a_wrong_question_is_refused(trail, code, question):
    with refused(code, 400) as answer:
        trail.lookup_events(**question)
    assert answer["Error"]["Message"]


def test_the_third_question_in_a_second_is_too_much(account, trail):
    # Each second has two; a slow machine takes at most a few seconds for all of these.
    with refused("ThrottlingException", 400, "Rate exceeded"):
        for _ in range(30):
            trail.lookup_events()
    advance(seconds=1)
    trail.lookup_events()


def test_the_short_name_of_the_operation_works_too(account):
    account.make_vault(NAME)
    headers = {
        "content-type": "application/x-amz-json-1.1",
        "x-amz-target": "CloudTrail_20131101.LookupEvents",
    }
    status, _, text = signed(account, "cloudtrail", "POST", "/", b"{}", headers)
    assert (status, len(json.loads(text)["Events"])) == (200, 1)


def test_a_refused_call_is_told_with_its_error(account, backup, trail):
    account.make_vault(NAME)
    policy = json.dumps(account.vault_policy(NAME))
    backup.put_backup_vault_access_policy(BackupVaultName=NAME, Policy=policy)
    with refused("AccessDeniedException"):
        backup.delete_backup_vault(BackupVaultName=NAME)
    (event,) = trail.lookup_events(LookupAttributes=by("EventName", "DeleteBackupVault"))["Events"]
    assert record(event)["errorCode"] == "AccessDenied"
    assert record(event)["responseElements"] is None


def test_whoever_an_access_key_is_said_to_be_calls(account, trail):
    arn = f"arn:aws:sts::{account.id}:assumed-role/break-glass/on-call"
    tool("POST", "actor", {"arn": arn, "source_ip": "203.0.113.24", "access_key": account.id})
    account.make_vault(NAME)
    assert account.sts().get_caller_identity()["Arn"] == arn
    (event,) = trail.lookup_events(LookupAttributes=by("Username", "on-call"))["Events"]
    assert record(event)["sourceIPAddress"] == "203.0.113.24"
    issuer = record(event)["userIdentity"]["sessionContext"]["sessionIssuer"]
    assert issuer["arn"] == f"arn:aws:iam::{account.id}:role/break-glass"


def test_a_drift_is_told_as_the_call_that_makes_it(account, trail):
    tool("POST", f"deploy?account={account.id}")
    assert trail.lookup_events()["Events"] == []
    tool("POST", f"drift/vault-policy-deleted?account={account.id}")
    (event,) = trail.lookup_events(LookupAttributes=by("EventSource", "backup.amazonaws.com"))["Events"]
    assert event["EventName"] == "DeleteBackupVaultAccessPolicy"
    assert event["Username"] == "maria.lopez@example.com"
    assert record(event)["requestParameters"] == {"backupVaultName": NAME}
    assert tool("GET", f"trail?account={account.id}") == [record(event)]


def test_an_event_can_be_put_there_and_can_come_late(trail, account):
    tool("POST", f"trail?account={account.id}", {"eventName": "DeleteRole", "eventID": "here"})
    tool("POST", "options", {"trail_lag_seconds": 600})
    try:
        assert trail.lookup_events()["Events"] == []
        advance(seconds=600)
        assert [e["EventId"] for e in trail.lookup_events()["Events"]] == ["here"]
    finally:
        tool("POST", "options", {"trail_lag_seconds": 0})


def test_accounts_do_not_find_each_others_events(account, trail):
    Account().make_vault(NAME)
    account.make_vault(NAME)
    (event,) = trail.lookup_events()["Events"]
    assert record(event)["recipientAccountId"] == account.id
