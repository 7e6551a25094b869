"""What can go wrong on request: refusals, pauses, broken answers, stale reads, changes before a call."""

import time
from datetime import datetime, timedelta, timezone
from email.utils import parsedate_to_datetime

import pytest
from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError

from cloud import PRIMARY, advance, options, refused, tool
from wire import signed

NAME = "vault_prod_daily"


@pytest.fixture
def broken(account):
    """Sets a fault of this account; none is left behind."""
    yield lambda **fault: tool("POST", "faults", {"account": account.id} | fault)
    tool("DELETE", "faults")


def vaults(backup):
    return [v["BackupVaultName"] for v in backup.list_backup_vaults()["BackupVaultList"]]


def calls(account):
    return [(c["operation"], c["status"]) for c in tool("GET", f"calls?account={account.id}")]


def test_a_burst_of_throttling_ends(backup, broken):
    broken(operation="ListBackupVaults", kind="throttled", times=3)
    for _ in range(3):
        with refused("ThrottlingException", 400, "Rate exceeded"):
            vaults(backup)
    assert vaults(backup) == []


@pytest.mark.parametrize(
    ("service", "kind", "code", "status"),
    [
        ("backup", "throttled", "ThrottlingException", 400),
        ("kms", "throttled", "ThrottlingException", 400),
        ("iam", "throttled", "Throttling", 400),
        ("sns", "throttled", "Throttled", 429),
        ("backup", "denied", "AccessDeniedException", 403),
        ("kms", "denied", "AccessDeniedException", 400),
        ("iam", "denied", "AccessDenied", 403),
        ("sns", "denied", "AuthorizationError", 403),
        ("backup", "internal_error", "InternalFailure", 500),
        ("kms", "internal_error", "KMSInternalException", 500),
        ("iam", "internal_error", "ServiceFailure", 500),
        ("ssm", "internal_error", "InternalServerError", 500),
        ("backup", "unavailable", "ServiceUnavailableException", 503),
        ("iam", "unavailable", "ServiceUnavailable", 503),
    ],
)
def test_each_service_refuses_in_its_own_words(account, broken, service, kind, code, status):
    broken(service=service, kind=kind)
    call = {
        "backup": lambda client: client.list_backup_vaults(),
        "kms": lambda client: client.list_keys(),
        "iam": lambda client: client.list_roles(),
        "sns": lambda client: client.list_topics(),
        "ssm": lambda client: client.get_parameter(Name="hold"),
    }[service]
    with refused(code, status):
        call(account.client(service))


def test_a_refused_call_has_no_effect(account, backup, broken):
    broken(operation="CreateBackupVault", kind="unavailable")
    with refused("ServiceUnavailableException", 503):
        account.make_vault(NAME)
    assert vaults(backup) == []


def test_a_fault_can_be_of_one_account(account, backup):
    tool("POST", "faults", {"account": "000000000000", "operation": "ListBackupVaults", "kind": "reset"})
    try:
        assert vaults(backup) == []
    finally:
        tool("DELETE", "faults")


@pytest.mark.parametrize("kind", ["delay", "slow_answer"])
def test_an_answer_can_be_slow(account, backup, broken, kind):
    broken(operation="CreateBackupVault", kind=kind, milliseconds=300)
    began = time.monotonic()
    account.make_vault(NAME)
    assert time.monotonic() - began >= 0.3
    assert vaults(backup) == [NAME]


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "truncated"},
        {"kind": "malformed"},
        {"kind": "malformed", "body": "<html>Bad Gateway</html>"},
    ],
)
@pytest.mark.parametrize("service", ["backup", "kms", "iam"])
def test_an_answer_can_be_broken_and_the_call_has_its_effect(account, broken, service, fault):
    make, count = {
        "backup": (lambda: account.make_vault(NAME)["BackupVaultArn"], lambda: len(vaults(account.backup()))),
        "kms": (account.make_key, lambda: len(account.kms().list_keys()["Keys"])),
        "iam": (account.make_role, lambda: len(account.iam().list_roles()["Roles"])),
    }[service]
    broken(service=service, **fault)
    with pytest.raises((BotoCoreError, ClientError, KeyError, ResponseParserError)):
        make()
    assert count() == 1


def test_a_broken_answer_can_have_any_status(account, backup, broken):
    broken(operation="ListBackupVaults", kind="malformed", status=502, body="<html>Bad Gateway</html>")
    status, _, text = signed(account, "backup", "GET", "/backup-vaults/")
    assert (status, text) == (502, "<html>Bad Gateway</html>")


@pytest.mark.parametrize("second", [False, True])
def test_a_call_can_arrive_twice(account, backup, broken, second):
    broken(operation="CreateBackupVault", kind="duplicate", second_answer=second)
    if second:
        with refused("AlreadyExistsException", 400):
            account.make_vault(NAME)
    else:
        account.make_vault(NAME)
    assert calls(account) == [("CreateBackupVault", 200), ("CreateBackupVault", 400)]
    assert len(account.client("cloudtrail").lookup_events()["Events"]) == 2


def test_a_message_that_arrives_twice_is_published_twice(account, broken):
    topic = account.sns().create_topic(Name="t")["TopicArn"]
    broken(operation="Publish", kind="duplicate")
    account.sns().publish(TopicArn=topic, Message="m")
    assert len([m for m in tool("GET", "messages") if m["topic"] == topic]) == 2


def test_a_read_can_be_behind_for_a_while(account, backup, broken):
    account.make_vault("before")
    advance(seconds=60)
    broken(operation="ListBackupVaults", kind="stale", seconds=30, times=1000)
    account.make_vault("first")
    advance(seconds=20)
    account.make_vault("second")
    assert vaults(backup) == ["before"]
    assert backup.describe_backup_vault(BackupVaultName="first"), "only this operation is behind"
    with refused("AlreadyExistsException"):
        account.make_vault("first")
    advance(seconds=11)
    assert vaults(backup) == ["before", "first"]
    advance(seconds=20)
    assert vaults(backup) == ["before", "first", "second"]


def test_a_whole_service_can_be_behind_and_others_not(account, kms, broken):
    broken(service="kms", kind="stale", seconds=30, times=1000)
    key = account.make_key()
    account.make_vault(NAME, EncryptionKeyArn=key)
    with refused("NotFoundException"):
        kms.describe_key(KeyId=key)
    kms.disable_key(KeyId=key)
    assert vaults(account.backup()) == [NAME]
    advance(seconds=31)
    assert kms.describe_key(KeyId=key)["KeyMetadata"]["KeyState"] == "Disabled"


def test_a_drift_is_seen_late_as_well(account, backup, broken):
    tool("POST", f"deploy?account={account.id}")
    broken(operation="GetBackupVaultAccessPolicy", kind="stale", seconds=30, times=1000)
    tool("POST", f"drift/vault-policy-deleted?account={account.id}")
    assert backup.get_backup_vault_access_policy(BackupVaultName=NAME)["Policy"]
    advance(seconds=31)
    with refused("ResourceNotFoundException"):
        backup.get_backup_vault_access_policy(BackupVaultName=NAME)


def test_a_change_can_come_just_before_a_call(account, backup, broken):
    tool("POST", f"deploy?account={account.id}")
    drift = f"POST drift/vault-policy-deleted?account={account.id}"
    broken(operation="GetBackupVaultAccessPolicy", nth=2, kind="tool", tool=drift)
    broken(operation="GetBackupVaultAccessPolicy", nth=3, kind="throttled")
    assert backup.get_backup_vault_access_policy(BackupVaultName=NAME)["Policy"]
    with refused("ResourceNotFoundException"):
        backup.get_backup_vault_access_policy(BackupVaultName=NAME)
    with refused("ThrottlingException"):
        backup.get_backup_vault_access_policy(BackupVaultName=NAME)
    (event,) = account.client("cloudtrail").lookup_events()["Events"]
    assert event["EventName"] == "DeleteBackupVaultAccessPolicy"


def test_anything_that_a_tool_does_can_come_before_a_call(account, backup, broken):
    account.make_vault(NAME)
    plant = {"region": PRIMARY, "vault": NAME, "set": {"VaultState": "FAILED"}}
    broken(operation="DescribeBackupVault", kind="tool", tool=f"POST plant?account={account.id}", body=plant)
    assert backup.describe_backup_vault(BackupVaultName=NAME)["VaultState"] == "FAILED"


def test_a_tool_that_fails_is_loud(backup, broken):
    broken(operation="ListBackupVaults", kind="tool", tool="POST drift/no-such-drift")
    with refused("SandboxToolFailed", 500, "no-such-drift"):
        vaults(backup)
    assert vaults(backup) == []


def header_date(account):
    return parsedate_to_datetime(signed(account, "backup", "GET", "/backup-vaults/")[1]["date"])


def test_answers_are_dated_by_the_real_clock_or_the_sandboxs_own_or_wrong(account):
    advance(days=3)
    own, real = datetime.fromisoformat(tool("GET", "health")["now"]), datetime.now(timezone.utc)
    assert own - real > timedelta(days=2)
    assert abs(header_date(account) - real) < timedelta(seconds=30)
    with options(dates_by_clock=True):
        assert abs(header_date(account) - own) < timedelta(seconds=30)
    with options(date_skew_seconds=-900):
        assert timedelta(minutes=14) < real - header_date(account) < timedelta(minutes=16)


@pytest.mark.parametrize("fault", [{"kind": "confused"}, {"kind": "stale"}, {"times": 1}])
def test_what_is_no_fault_is_refused(fault):
    with pytest.raises(AssertionError, match="400"):
        tool("POST", "faults", fault)
