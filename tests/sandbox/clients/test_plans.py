"""Backup plans: defaults, versions, identity."""

import pytest

from cloud import DR, PRIMARY, UUID, refused, rule

VSS = [{"ResourceType": "EC2", "BackupOptions": {"WindowsVSS": "enabled"}}]
FULL_RULE = rule(
    ScheduleExpression="cron(20 7 * * ? *)",
    StartWindowMinutes=60,
    CompletionWindowMinutes=1440,
    Lifecycle={"DeleteAfterDays": 30},
    RecoveryPointTags={"tier": "daily"},
    CopyActions=[
        {
            "DestinationBackupVaultArn": f"arn:aws:backup:{DR}:123456789012:backup-vault:vault_dr",
            "Lifecycle": {"DeleteAfterDays": 30},
        }
    ],
)


def document(backup, plan_id, **wishes):
    return backup.get_backup_plan(BackupPlanId=plan_id, **wishes)["BackupPlan"]


def test_a_rule_of_names_only_comes_back_with_every_default(account, backup):
    (found,) = document(backup, account.make_plan())["Rules"]
    assert found["ScheduleExpression"] == "cron(0 5 ? * * *)"
    assert found["ScheduleExpressionTimezone"] == "Etc/UTC"
    assert found["StartWindowMinutes"] == 480
    assert found["CompletionWindowMinutes"] == 10080
    assert found["EnableContinuousBackup"] is False
    assert UUID.fullmatch(found["RuleId"])
    assert not found.get("Lifecycle") and not found.get("CopyActions") and not found.get("RecoveryPointTags")


def test_what_was_asked_for_comes_back(account, backup):
    (found,) = document(backup, account.make_plan(rules=[FULL_RULE]))["Rules"]
    for member in (
        "RuleName",
        "TargetBackupVaultName",
        "ScheduleExpression",
        "StartWindowMinutes",
        "CompletionWindowMinutes",
        "RecoveryPointTags",
    ):
        assert found[member] == FULL_RULE[member], member
    assert found["Lifecycle"]["DeleteAfterDays"] == 30
    (copy,) = found["CopyActions"]
    assert copy["DestinationBackupVaultArn"] == FULL_RULE["CopyActions"][0]["DestinationBackupVaultArn"]
    assert copy["Lifecycle"]["DeleteAfterDays"] == 30


def test_advanced_settings_are_found_at_the_top_only(account, backup):
    made = backup.create_backup_plan(
        BackupPlan={"BackupPlanName": "p", "Rules": [rule()], "AdvancedBackupSettings": VSS}
    )
    assert made["AdvancedBackupSettings"] == VSS
    found = backup.get_backup_plan(BackupPlanId=made["BackupPlanId"])
    assert found["AdvancedBackupSettings"] == VSS
    assert found["BackupPlan"].get("AdvancedBackupSettings") is None


def test_a_new_plan_says_who_it_is(account, backup):
    made = backup.create_backup_plan(
        BackupPlan={"BackupPlanName": "p", "Rules": [rule()]}, BackupPlanTags={"a": "1"}
    )
    assert UUID.fullmatch(made["BackupPlanId"])
    assert (
        made["BackupPlanArn"] == f"arn:aws:backup:{PRIMARY}:{account.id}:backup-plan:{made['BackupPlanId']}"
    )
    found = backup.get_backup_plan(BackupPlanId=made["BackupPlanId"])
    for member in ("BackupPlanId", "BackupPlanArn", "VersionId", "CreationDate"):
        assert found[member] == made[member], member
    assert "DeletionDate" not in found
    assert backup.list_tags(ResourceArn=made["BackupPlanArn"])["Tags"] == {"a": "1"}


def test_an_update_replaces_the_document_and_keeps_the_old_version_and_the_tags(account, backup):
    made = backup.create_backup_plan(
        BackupPlan={"BackupPlanName": "p", "Rules": [FULL_RULE, rule("second")]}, BackupPlanTags={"a": "1"}
    )
    plan_id = made["BackupPlanId"]
    updated = backup.update_backup_plan(
        BackupPlanId=plan_id, BackupPlan={"BackupPlanName": "p", "Rules": [rule("only")]}
    )
    assert updated["VersionId"] != made["VersionId"]
    assert [r["RuleName"] for r in document(backup, plan_id)["Rules"]] == ["only"]
    old = document(backup, plan_id, VersionId=made["VersionId"])
    assert {r["RuleName"] for r in old["Rules"]} == {"daily_backup_rule", "second"}
    assert backup.list_tags(ResourceArn=made["BackupPlanArn"])["Tags"] == {"a": "1"}


def test_an_identical_document_is_refused_with_the_plan_that_has_it(account, backup):
    whole = {"BackupPlanName": "p", "Rules": [FULL_RULE]}
    made = backup.create_backup_plan(BackupPlan=whole, CreatorRequestId="first")
    with refused("AlreadyExistsException", 400, "same plan document already exists") as answer:
        backup.create_backup_plan(BackupPlan=whole, CreatorRequestId="second")
    assert answer["Arn"] == made["BackupPlanArn"]
    assert answer["CreatorRequestId"] == "first"


def test_a_name_is_not_an_identity(account, backup):
    ids = {account.make_plan("prod_backups"), account.make_plan("prod_backups", rules=[FULL_RULE])}
    assert len(ids) == 2
    listed = backup.list_backup_plans()["BackupPlansList"]
    assert {p["BackupPlanId"] for p in listed} == ids
    assert {p["BackupPlanName"] for p in listed} == {"prod_backups"}


def test_a_known_request_id_gives_the_existing_plan(account, backup):
    whole = {"BackupPlanName": "p", "Rules": [rule()]}
    first = backup.create_backup_plan(BackupPlan=whole, CreatorRequestId="heal-1")
    again = backup.create_backup_plan(BackupPlan=whole, CreatorRequestId="heal-1")
    assert again["BackupPlanId"] == first["BackupPlanId"]
    assert len(backup.list_backup_plans()["BackupPlansList"]) == 1


def test_the_list_has_no_rules(account, backup):
    plan_id = account.make_plan()
    (listed,) = backup.list_backup_plans()["BackupPlansList"]
    assert listed["BackupPlanId"] == plan_id
    assert listed.keys() >= {"BackupPlanArn", "VersionId", "BackupPlanName", "CreationDate"}
    assert not listed.keys() & {"Rules", "BackupPlan", "DeletionDate"}


def test_a_deleted_plan_is_listed_only_when_asked_for(account, backup):
    plan_id = account.make_plan()
    gone = backup.delete_backup_plan(BackupPlanId=plan_id)
    assert gone["BackupPlanId"] == plan_id and gone["DeletionDate"]
    assert backup.list_backup_plans()["BackupPlansList"] == []
    (listed,) = backup.list_backup_plans(IncludeDeleted=True)["BackupPlansList"]
    assert listed["BackupPlanId"] == plan_id and listed["DeletionDate"]


def test_a_plan_with_selections_cannot_be_deleted(account, backup):
    plan_id = account.make_plan()
    chosen = {"SelectionName": "all", "IamRoleArn": account.make_role(), "Resources": ["*"]}
    selection = backup.create_backup_selection(BackupPlanId=plan_id, BackupSelection=chosen)["SelectionId"]
    with refused(
        "InvalidRequestException", 400, "Related backup plan selections must be deleted prior to backup"
    ):
        backup.delete_backup_plan(BackupPlanId=plan_id)
    backup.delete_backup_selection(BackupPlanId=plan_id, SelectionId=selection)
    backup.delete_backup_plan(BackupPlanId=plan_id)
    assert backup.list_backup_plans()["BackupPlansList"] == []


@pytest.mark.parametrize("operation", ["get_backup_plan", "update_backup_plan", "delete_backup_plan"])
def test_a_missing_plan_is_not_found(backup, operation):
    wishes = (
        {"BackupPlan": {"BackupPlanName": "p", "Rules": [rule()]}}
        if operation == "update_backup_plan"
        else {}
    )
    with refused("ResourceNotFoundException", 400):
        getattr(backup, operation)(BackupPlanId="00000000-0000-4000-8000-000000000000", **wishes)


BAD_RULES = {
    "a start window under an hour": rule(StartWindowMinutes=59),
    "cold storage for less than 90 days": rule(
        Lifecycle={"MoveToColdStorageAfterDays": 30, "DeleteAfterDays": 119}
    ),
    "kept for more than a century": rule(Lifecycle={"DeleteAfterDays": 36501}),
    "continuous backup for more than 35 days": rule(
        EnableContinuousBackup=True, Lifecycle={"DeleteAfterDays": 36}
    ),
    "an end that only AWS may name": rule(Lifecycle={"DeleteAfterEvent": "DELETE_AFTER_COPY"}),
    "a name with a space": rule("daily backup"),
    "a name that is too long": rule("x" * 51),
}


@pytest.mark.parametrize("what", BAD_RULES)
def test_a_bad_rule_is_refused_by_create_and_by_update(account, backup, what):
    plan_id = account.make_plan()
    bad = {"BackupPlanName": "prod_backups", "Rules": [BAD_RULES[what]]}
    with refused("InvalidParameterValueException", 400):
        backup.create_backup_plan(BackupPlan=bad)
    with refused("InvalidParameterValueException", 400):
        backup.update_backup_plan(BackupPlanId=plan_id, BackupPlan=bad)
    assert [r["RuleName"] for r in document(backup, plan_id)["Rules"]] == ["daily_backup_rule"]


GOOD_RULES = {
    "a start window of an hour": rule(StartWindowMinutes=60),
    "cold storage for 90 days": rule(Lifecycle={"MoveToColdStorageAfterDays": 30, "DeleteAfterDays": 120}),
    "continuous backup for 35 days": rule(EnableContinuousBackup=True, Lifecycle={"DeleteAfterDays": 35}),
    "a name of 50 letters": rule("x" * 50),
}


@pytest.mark.parametrize("what", GOOD_RULES)
def test_the_bounds_themselves_are_allowed(account, backup, what):
    (found,) = document(backup, account.make_plan(rules=[GOOD_RULES[what]]))["Rules"]
    assert found["RuleName"] == GOOD_RULES[what]["RuleName"]


def test_plan_tags_are_added_and_removed_one_by_one(account, backup):
    arn = backup.get_backup_plan(BackupPlanId=account.make_plan(BackupPlanTags={"a": "1", "b": "2"}))[
        "BackupPlanArn"
    ]
    backup.tag_resource(ResourceArn=arn, Tags={"c": "3"})
    backup.untag_resource(ResourceArn=arn, TagKeyList=["a"])
    assert backup.list_tags(ResourceArn=arn)["Tags"] == {"b": "2", "c": "3"}
