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
    found = []
    token = {}
    while True:
        page = trail.lookup_events(MaxResults=2, **token)
        assert len(page["Events"]) <= 2
        found += [record(event)["requestParameters"]["backupVaultName"] for event in page["Events"]]
        if "NextToken" not in page:
            break
        token = {"NextToken": page["NextToken"]}
        # What happens between two pages is newer than all that is left; and a second has two questions.
        account.make_vault(f"later_{len(found)}")
        advance(seconds=1)
    assert found == [f"vault_{number}" for number in reversed(range(5))]


def test_pages_can_be_smaller_than_asked_for(account, trail):
    for number in range(3):
        account.make_vault(f"vault_{number}")
    tool("POST", "options", {"page_size": 2})
    try:
        page = trail.lookup_events(MaxResults=50)
        assert len(page["Events"]) == 2 and page["NextToken"]
    finally:
        tool("POST", "options", {"page_size": None})


def test_a_paginator_finds_the_same(account, trail):
    for number in range(3):
        account.make_vault(f"vault_{number}")
    found, count = pages(trail.get_paginator("lookup_events"), "Events", 2)
    assert (len(found), count) == (3, 2)


def test_both_ends_of_a_time_range_are_in_it(account, trail):
    for number in range(3):
        account.make_vault(f"vault_{number}")
        advance(seconds=10)
    first, second, _ = sorted(event["EventTime"] for event in trail.lookup_events()["Events"])

    def count(**wishes):
        # Two questions fit into a second.
        advance(seconds=1)
        return len(trail.lookup_events(**wishes)["Events"])

    moment = timedelta(seconds=1)
    assert count(StartTime=second) == 2
    assert count(StartTime=second + moment / 2) == 1
    assert count(EndTime=second) == 2
    assert count(StartTime=second, EndTime=second) == 1
    assert count(StartTime=first + moment, EndTime=second - moment) == 0


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
        ("InvalidLookupAttributesException", {"LookupAttributes": by("EventName", "")}),
        ("InvalidMaxResultsException", {"MaxResults": 0}),
        ("InvalidMaxResultsException", {"MaxResults": 51}),
        ("InvalidNextTokenException", {"NextToken": "zz"}),
        ("InvalidEventCategoryException", {"EventCategory": "tea"}),
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


def test_a_token_is_good_for_its_own_question(account, trail):
    for number in range(2):
        account.make_vault(f"vault_{number}")
    token = trail.lookup_events(MaxResults=1)["NextToken"]
    with refused("InvalidNextTokenException", 400):
        trail.lookup_events(NextToken=token, EndTime=datetime(2100, 1, 1, tzinfo=timezone.utc))


def test_nothing_here_is_unusual_enough_for_an_insight(account, trail):
    account.make_vault(NAME)
    assert trail.lookup_events(EventCategory="insight")["Events"] == []


def test_the_third_question_in_a_second_is_too_much(account, trail):
    # Each second has two; a slow machine takes at most a few seconds for all of these.
    with refused("ThrottlingException", 400, "Rate exceeded"):
        for _ in range(30):
            trail.lookup_events()
    assert account.client("cloudtrail", DR).lookup_events()["Events"] == [], "each region by itself"
    advance(seconds=1)
    for _ in range(2):
        trail.lookup_events()


def ask(account, target, question=b"{}"):
    """Status and answer of a question that no client would send like this."""
    headers = {"content-type": "application/x-amz-json-1.1", "x-amz-target": target}
    status, _, text = signed(account, "cloudtrail", "POST", "/", question, headers)
    return status, json.loads(text)


# boto3 sends the long name, with a package before the interface.
def test_the_short_name_of_the_operation_works_too(account):
    account.make_vault(NAME)
    status, answer = ask(account, "CloudTrail_20131101.LookupEvents")
    assert (status, len(answer["Events"])) == (200, 1)


@pytest.mark.parametrize(
    "target", ["TrentService.LookupEvents", "LookupEvents", "CloudTrail_20131101.CreateTrail"]
)
def test_another_name_is_no_operation(account, target):
    status, answer = ask(account, target)
    assert (status, answer["__type"]) == (400, "UnknownOperationException")


def test_what_no_calendar_has_is_no_time(account):
    status, answer = ask(account, "CloudTrail_20131101.LookupEvents", b'{"StartTime": 1e15}')
    assert (status, answer["__type"]) == (400, "InvalidTimeRangeException")


def test_a_refused_call_is_told_with_its_error(account, backup, trail):
    account.make_vault(NAME)
    policy = json.dumps(account.vault_policy(NAME))
    backup.put_backup_vault_access_policy(BackupVaultName=NAME, Policy=policy)
    with refused("AccessDeniedException"):
        backup.delete_backup_vault(BackupVaultName=NAME)
    (event,) = trail.lookup_events(LookupAttributes=by("EventName", "DeleteBackupVault"))["Events"]
    assert record(event)["errorCode"] == "AccessDenied"
    assert record(event)["responseElements"] is None


@pytest.mark.parametrize(
    ("arn", "kind", "name", "issuer"),
    [
        (
            "arn:aws:sts::{}:assumed-role/break-glass/on-call",
            "AssumedRole",
            "on-call",
            "arn:aws:iam::{}:role/break-glass",
        ),
        (
            "arn:aws-cn:sts::{}:assumed-role/ops/on-call",
            "AssumedRole",
            "on-call",
            "arn:aws-cn:iam::{}:role/ops",
        ),
        ("arn:aws:iam::{}:user/teams/data/ada", "IAMUser", "ada", None),
        ("arn:aws:iam::{}:root", "Root", "root", None),
    ],
)
def test_whoever_an_access_key_is_said_to_be_calls(account, trail, arn, kind, name, issuer):
    arn = arn.format(account.id)
    tool("POST", "actor", {"arn": arn, "source_ip": "203.0.113.24", "access_key": account.id})
    account.make_vault(NAME)
    caller = account.sts().get_caller_identity()
    (event,) = trail.lookup_events(LookupAttributes=by("Username", name))["Events"]
    told = record(event)
    identity = told["userIdentity"]
    assert (identity["type"], identity["arn"], identity["arn"]) == (kind, arn, caller["Arn"])
    assert (identity["principalId"], identity["accessKeyId"]) == (caller["UserId"], account.id)
    assert identity.get("userName") == ("ada" if kind == "IAMUser" else None)
    assert told["sourceIPAddress"] == "203.0.113.24"
    assert told["userAgent"].startswith("Boto3/"), "the call's own header"
    found = identity.get("sessionContext", {}).get("sessionIssuer", {}).get("arn")
    assert found == (issuer and issuer.format(account.id))
    if kind == "Root":
        assert identity["principalId"] == account.id


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
        advance(seconds=540)
        assert trail.lookup_events()["Events"] == []
        advance(seconds=60)
        assert [e["EventId"] for e in trail.lookup_events()["Events"]] == ["here"]
    finally:
        tool("POST", "options", {"trail_lag_seconds": 0})


def test_an_event_is_found_for_ninety_days(account, trail):
    account.make_vault(NAME)
    advance(days=90, seconds=-60)
    assert len(trail.lookup_events()["Events"]) == 1
    advance(seconds=60)
    assert trail.lookup_events()["Events"] == []


def test_accounts_do_not_find_each_others_events(account, trail):
    Account().make_vault(NAME)
    account.make_vault(NAME)
    (event,) = trail.lookup_events()["Events"]
    assert record(event)["recipientAccountId"] == account.id
