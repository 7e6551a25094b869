"""Members of plans beyond the ordinary ones: air-gapped targets, scans, indexes, archives, inventions."""

import json
from datetime import datetime, timedelta, timezone

import pytest

from cloud import DR, PRIMARY, options, plant, refused, rule, tool
from wire import signed

SCANS = [{"MalwareScanner": "GUARDDUTY", "ScanMode": "INCREMENTAL_SCAN"}]
INDEXES = [{"ResourceTypes": ["EBS"]}]
SCANNER = "arn:aws:iam::123456789012:role/scanner"
SCAN_SETTINGS = [{"MalwareScanner": "GUARDDUTY", "ResourceTypes": ["EBS", "S3"], "ScannerRoleArn": SCANNER}]
VSS = [{"ResourceType": "EC2", "BackupOptions": {"WindowsVSS": "enabled"}}]
COPY = f"arn:aws:backup:{DR}:123456789012:backup-vault:vault_dr"


def read(backup, plan, **wishes):
    return backup.get_backup_plan(BackupPlanId=plan, **wishes)


def first_rule(backup, plan, **wishes):
    return read(backup, plan, **wishes)["BackupPlan"]["Rules"][0]


def gapped(account, region=PRIMARY):
    return f"arn:aws:backup:{region}:{account.id}:backup-vault:gapped"


def everything(account):
    archive = {"DeleteAfterDays": 365, "MoveToColdStorageAfterDays": 30}
    archive["OptInToArchiveForSupportedResources"] = True
    return rule(
        TargetLogicallyAirGappedBackupVaultArn=gapped(account),
        ScanActions=SCANS,
        IndexActions=INDEXES,
        Lifecycle=archive,
        CopyActions=[{"DestinationBackupVaultArn": COPY, "Lifecycle": archive}],
    )


def test_every_member_comes_back_where_it_was_put(account, backup):
    whole = {"BackupPlanName": "p", "Rules": [everything(account)], "AdvancedBackupSettings": VSS}
    made = backup.create_backup_plan(BackupPlan=whole | {"ScanSettings": SCAN_SETTINGS})
    found = read(backup, made["BackupPlanId"])
    assert found["BackupPlan"]["ScanSettings"] == SCAN_SETTINGS
    assert found["AdvancedBackupSettings"] == VSS
    (one,) = found["BackupPlan"]["Rules"]
    for member, value in everything(account).items():
        assert one[member] == value, member


def test_an_update_that_leaves_a_member_out_takes_it_away(account, backup):
    plan = account.make_plan("p", rules=[everything(account)])
    before = read(backup, plan)["VersionId"]
    scans = {"BackupPlanName": "p", "Rules": [rule()], "ScanSettings": SCAN_SETTINGS}
    updated = backup.update_backup_plan(BackupPlanId=plan, BackupPlan=scans)
    assert updated["ScanSettings"] == SCAN_SETTINGS
    one = first_rule(backup, plan)
    gone = {"TargetLogicallyAirGappedBackupVaultArn", "ScanActions", "IndexActions", "Lifecycle"}
    assert not one.keys() & gone and not one["CopyActions"]
    assert first_rule(backup, plan, VersionId=before)["ScanActions"] == SCANS
    versions = backup.list_backup_plan_versions(BackupPlanId=plan)["BackupPlanVersionsList"]
    assert [v["VersionId"] for v in versions] == [before, read(backup, plan)["VersionId"]]


def test_an_archive_that_nobody_asked_for_reads_as_off(account, backup):
    kept = {"DeleteAfterDays": 30}
    copies = [
        {"DestinationBackupVaultArn": COPY, "Lifecycle": kept},
        {"DestinationBackupVaultArn": COPY + "2"},
    ]
    one = first_rule(backup, account.make_plan(rules=[rule(Lifecycle=kept, CopyActions=copies)]))
    assert one["Lifecycle"] == kept | {"OptInToArchiveForSupportedResources": False}
    assert one["CopyActions"][0]["Lifecycle"] == one["Lifecycle"]
    assert "Lifecycle" not in one["CopyActions"][1]


@pytest.mark.parametrize("wish", [False, True])
@pytest.mark.parametrize("where", ["rule", "copy"])
def test_a_region_without_archives_refuses_the_very_member(account, where, wish):
    archive = {"DeleteAfterDays": 30, "OptInToArchiveForSupportedResources": wish}
    copies = [{"DestinationBackupVaultArn": COPY, "Lifecycle": archive}]
    bad = rule(Lifecycle=archive) if where == "rule" else rule(CopyActions=copies)
    text = "Invalid lifecycle. EBS Cold Tier is not yet supported."
    with options(archive_refused=True), refused("InvalidParameterValueException", 400, text):
        account.make_plan(rules=[bad])


BAD = {
    "a scanner that nobody has": {"ScanActions": [{"MalwareScanner": "CLAMAV", "ScanMode": "FULL_SCAN"}]},
    "a mode that is none": {"ScanActions": [{"MalwareScanner": "GUARDDUTY", "ScanMode": "QUICK"}]},
    "two indexes": {"IndexActions": INDEXES * 2},
    "an index of tables": {"IndexActions": [{"ResourceTypes": ["DynamoDB"]}]},
    "a vault of another region": {"TargetLogicallyAirGappedBackupVaultArn": COPY},
}


@pytest.mark.parametrize("what", BAD)
def test_what_the_model_does_not_allow_is_refused(account, what):
    with refused("InvalidParameterValueException", 400):
        account.make_plan(rules=[rule(**BAD[what])])


def test_a_plan_made_by_api_may_have_a_long_name(account, backup):
    plan = account.make_plan("p" * 200)
    assert read(backup, plan)["BackupPlan"]["BackupPlanName"] == "p" * 200
    with refused("InvalidParameterValueException", 400):
        account.make_plan("p" * 201)


def test_each_update_has_a_version_of_its_own_and_all_of_them_stay(account, backup):
    plan = account.make_plan("p")
    for days in (1, 2):
        document = {"BackupPlanName": "p", "Rules": [rule(Lifecycle={"DeleteAfterDays": days})]}
        backup.update_backup_plan(BackupPlanId=plan, BackupPlan=document)
    versions = backup.list_backup_plan_versions(BackupPlanId=plan)["BackupPlanVersionsList"]
    assert len({v["VersionId"] for v in versions}) == 3
    kept = [first_rule(backup, plan, VersionId=v["VersionId"]).get("Lifecycle", {}) for v in versions]
    assert [lifecycle.get("DeleteAfterDays") for lifecycle in kept] == [None, 1, 2]
    with refused("ResourceNotFoundException", 400):
        read(backup, plan, VersionId="no such version")


def test_a_deleted_plan_is_read_by_its_version_alone(account, backup):
    plan = account.make_plan()
    version = backup.delete_backup_plan(BackupPlanId=plan)["VersionId"]
    with refused("ResourceNotFoundException", 400):
        read(backup, plan)
    assert read(backup, plan, VersionId=version)["DeletionDate"]


def test_a_last_run_can_be_planted(account, backup):
    plan = account.make_plan("p")
    assert "LastExecutionDate" not in read(backup, plan)
    ran = datetime(2026, 10, 1, 7, 20, tzinfo=timezone.utc)
    made = datetime(2020, 1, 1, tzinfo=timezone.utc)
    plant(account, plan="p", set={"LastExecutionDate": ran.isoformat(), "CreationDate": made.isoformat()})
    (listed,) = backup.list_backup_plans()["BackupPlansList"]
    for found in (read(backup, plan), listed):
        assert (found["LastExecutionDate"], found["CreationDate"]) == (ran, made)
    assert account.client("cloudtrail").lookup_events()["Events"][0]["EventName"] == "CreateBackupPlan"


TWICE = {
    "rules of one name": [rule(), rule(StartWindowMinutes=90)],
    "copies to one vault": [
        rule(
            CopyActions=[
                {"DestinationBackupVaultArn": COPY, "Lifecycle": {"DeleteAfterDays": days}}
                for days in (1, 30)
            ]
        )
    ],
}


@pytest.mark.parametrize("what", TWICE)
def test_a_document_with_something_twice_can_be_taken_refused_or_planted(account, backup, what):
    wishes = {"duplicate_rules_accepted": what == "rules of one name"}
    with options(**wishes):
        plan = account.make_plan("taken", rules=TWICE[what])
    taken = read(backup, plan)["BackupPlan"]
    refusing = {"duplicate_copies_refused": True, "duplicate_rules_accepted": False}
    with options(**refusing), refused("InvalidParameterValueException", 400):
        account.make_plan("refused", rules=TWICE[what])
    other = account.make_plan("planted")
    plant(account, plan="planted", set={"BackupPlan": taken | {"BackupPlanName": "planted"}})
    assert read(backup, other)["BackupPlan"] == taken | {"BackupPlanName": "planted"}


def test_a_member_that_no_model_has_is_on_the_wire_only(account, backup):
    plan = account.make_plan()
    invented = {"service": "backup", "operation": "GetBackupPlan", "at": "/BackupPlan/Rules/*"}
    tool("POST", "invent", invented | {"member": "Quantum", "value": {"Level": 9}})
    try:
        assert "Quantum" not in first_rule(backup, plan)
        assert '"Quantum":{"Level":9}' in signed(account, "backup", "GET", f"/backup/plans/{plan}/")[2]
    finally:
        tool("DELETE", "invent")
    assert "Quantum" not in signed(account, "backup", "GET", f"/backup/plans/{plan}/")[2]


@pytest.mark.parametrize("kept", [False, True])
def test_a_member_that_no_model_has_can_be_kept_by_a_newer_service(account, kept):
    lifecycle = {"DeleteAfterDays": 30, "Melt": True}
    new = rule(Quantum=9, Lifecycle=lifecycle, CopyActions=[{"DestinationBackupVaultArn": COPY, "Warp": 1}])
    body = json.dumps({"BackupPlan": {"BackupPlanName": "p", "Rules": [new], "Owner": "us"}}).encode()
    with options(unknown_plan_members_kept=kept):
        status, _, text = signed(account, "backup", "PUT", "/backup/plans/", body)
    plan = json.loads(text)["BackupPlanId"]
    text = signed(account, "backup", "GET", f"/backup/plans/{plan}/")[2]
    assert (
        status == 200
        and [f'"{member}":' in text for member in ("Quantum", "Melt", "Warp", "Owner")] == [kept] * 4
    )


def preview(backup, plan, most=10):
    runs = read(backup, plan, MaxScheduledRunsPreview=most)["ScheduledRunsPreview"]
    names = {r["RuleId"]: r["RuleName"] for r in read(backup, plan)["BackupPlan"]["Rules"]}
    assert [r["ExecutionTime"] for r in runs] == sorted(r["ExecutionTime"] for r in runs)
    return [
        (names[r["RuleId"]], r["ExecutionTime"].astimezone(timezone.utc), r["RuleExecutionType"])
        for r in runs
    ]


@pytest.mark.parametrize(
    ("cron", "apart"),
    [
        ("cron(20 * * * ? *)", timedelta(hours=1)),
        ("cron(20 7 * * ? *)", timedelta(days=1)),
        ("cron(20 7 1 * ? *)", None),
    ],
)
def test_the_next_runs_are_previewed_when_asked_for(account, backup, cron, apart):
    plan = account.make_plan(rules=[rule("only", ScheduleExpression=cron)])
    assert "ScheduledRunsPreview" not in read(backup, plan)
    assert "ScheduledRunsPreview" not in read(backup, plan, MaxScheduledRunsPreview=0)
    runs = preview(backup, plan)
    assert len(runs) == 10 and {(name, kind) for name, _, kind in runs} == {("only", "SNAPSHOTS")}
    times = [time for _, time, _ in runs]
    assert all(time.minute == 20 and time.second == 0 for time in times)
    if apart:
        assert {later - time for time, later in zip(times, times[1:])} == {apart}
    else:
        assert {(time.day, time.hour) for time in times} == {(1, 7)}
    assert len(preview(backup, plan, 3)) == 3


@pytest.mark.parametrize("most", [-1, 11])
def test_at_most_ten_runs_are_previewed(account, backup, most):
    with refused("InvalidParameterValueException", 400):
        read(backup, account.make_plan(), MaxScheduledRunsPreview=most)


def test_of_overlapping_windows_the_rule_that_keeps_longer_makes_the_backup(account, backup):
    """The guide's own example: hourly with a window of an hour, and every 12 hours with one of 8."""
    hourly = rule(
        "hourly",
        ScheduleExpression="cron(0 * * * ? *)",
        StartWindowMinutes=60,
        Lifecycle={"DeleteAfterDays": 1},
    )
    twice = rule(
        "twice",
        ScheduleExpression="cron(0 0,12 * * ? *)",
        StartWindowMinutes=480,
        Lifecycle={"DeleteAfterDays": 7},
    )
    runs = preview(backup, account.make_plan(rules=[hourly, twice]))
    assert {time.hour for name, time, _ in runs if name == "hourly"} <= {8, 9, 10, 11, 20, 21, 22, 23}
    assert {time.hour for name, time, _ in runs if name == "twice"} <= {0, 12}
    assert {name for name, _, _ in runs} == {"hourly", "twice"}


def test_a_continuous_rule_is_previewed_as_such(account, backup):
    one = rule("one", EnableContinuousBackup=True, Lifecycle={"DeleteAfterDays": 35})
    assert {kind for _, _, kind in preview(backup, account.make_plan(rules=[one]))} == {
        "CONTINUOUS_AND_SNAPSHOTS"
    }


def allowed(*statements):
    return {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Resource": "*"} | one for one in statements],
    }


def test_a_plan_that_scans_needs_the_right_to_pass_the_scanner_role(account, backup):
    scans = {"BackupPlanName": "p", "Rules": [rule()], "ScanSettings": SCAN_SETTINGS}
    plan = account.make_plan("p")
    key = {"access_key": account.id}
    try:
        tool("POST", "enforce", key | {"documents": [allowed({"Action": "backup:*"})]})
        backup.update_backup_plan(BackupPlanId=plan, BackupPlan={"BackupPlanName": "p", "Rules": [rule()]})
        with refused("AccessDeniedException", 403, f"iam:PassRole on resource: {SCANNER}"):
            backup.update_backup_plan(BackupPlanId=plan, BackupPlan=scans)
        passing = {"Action": "iam:PassRole", "Resource": SCANNER}
        passing["Condition"] = {
            "StringEquals": {"iam:PassedToService": "malware-protection.guardduty.amazonaws.com"}
        }
        tool("POST", "enforce", key | {"documents": [allowed({"Action": "backup:*"}, passing)]})
        backup.update_backup_plan(BackupPlanId=plan, BackupPlan=scans)
    finally:
        tool("POST", "enforce", key | {"documents": None})
    assert read(backup, plan)["BackupPlan"]["ScanSettings"] == SCAN_SETTINGS


@pytest.mark.parametrize(
    "body",
    [{"plan": "nobody", "set": {}}, {"set": {}}, {"plan": "p"}, {"plan": "p", "set": {"Colour": "blue"}}],
)
def test_what_cannot_be_planted_is_refused(account, body):
    account.make_plan("p")
    with pytest.raises(AssertionError, match="400"):
        plant(account, **body)


@pytest.mark.parametrize("wish", [{"colour": "blue"}, {"archive_refused": 3}, {"latency_ms": -1}])
def test_an_option_that_there_is_not_is_refused(wish):
    with pytest.raises(AssertionError, match="400"):
        tool("POST", "options", wish)
