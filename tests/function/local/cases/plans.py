"""The two plans: existence, settings, tags, and every attribute of every rule and copy."""

import copy

from account import DR, ID, PRIMARY, TAGS
from cases import case

COPIES_TO = f"arn:aws:backup:{DR}:{ID}:backup-vault:vault_disaster_recovery"
ELSEWHERE = f"arn:aws:backup:eu-west-1:{ID}:backup-vault:vault_elsewhere"
# Plan and rule, days that its recovery points are kept, whether it makes copies.
RULES = [
    ("prod_backups", "hourly_backup_rule", 3, False),
    ("prod_backups", "daily_backup_rule", 30, True),
    ("prod_backups", "monthly_backup_rule", 365, False),
    ("ec2_prod_backups", "daily_backup_rule", 30, True),
]


def edit(plan, change):
    """Reads the plan, changes its document, and writes it back, as a console or script does."""

    def changed(a):
        backup = a.backup()
        read = backup.get_backup_plan(BackupPlanId=a.plan_id(plan))
        document = copy.deepcopy(read["BackupPlan"])
        document["AdvancedBackupSettings"] = read["AdvancedBackupSettings"]
        for rule in document["Rules"]:
            del rule["RuleId"]
        change(document)
        backup.update_backup_plan(BackupPlanId=read["BackupPlanId"], BackupPlan=document)

    return changed


def rule(plan, name, **members):
    """Sets members of a rule."""

    def change(document):
        (found,) = [one for one in document["Rules"] if one["RuleName"] == name]
        found.update(members)

    return edit(plan, change)


def copies(plan, name, *made):
    actions = [{"DestinationBackupVaultArn": arn, "Lifecycle": lifecycle} for arn, lifecycle in made]
    return rule(plan, name, CopyActions=actions)


def without_rule(plan, name):
    return edit(plan, lambda d: d.update(Rules=[one for one in d["Rules"] if one["RuleName"] != name]))


def with_rule(plan):
    extra = {"RuleName": "weekly", "TargetBackupVaultName": "vault_prod_daily", "Lifecycle": {"DeleteAfterDays": 14}}
    return edit(plan, lambda document: document["Rules"].append(extra))


def settings(plan, *wanted):
    return edit(plan, lambda document: document.update(AdvancedBackupSettings=list(wanted)))


def delete(plan):
    def change(a):
        backup, plan_id = a.backup(), a.plan_id(plan)
        for one in backup.list_backup_selections(BackupPlanId=plan_id)["BackupSelectionsList"]:
            backup.delete_backup_selection(BackupPlanId=plan_id, SelectionId=one["SelectionId"])
        backup.delete_backup_plan(BackupPlanId=plan_id)

    return change


def twin(plan):
    rules = [{"RuleName": "daily", "TargetBackupVaultName": "Default"}]
    return lambda a: a.backup().create_backup_plan(BackupPlan={"BackupPlanName": plan, "Rules": rules})


def arn(a, plan):
    return f"arn:aws:backup:{PRIMARY}:{ID}:backup-plan:{a.plan_id(plan)}"


def tag(plan, **tags):
    return lambda a: a.backup().tag_resource(ResourceArn=arn(a, plan), Tags=tags)


def untag(plan, *names):
    return lambda a: a.backup().untag_resource(ResourceArn=arn(a, plan), TagKeyList=names)


def of_rule(plan, name, days, with_copies):
    on, at = f"plan {PRIMARY}/{plan} ", f"@rules.{name}"

    def changed(what, code, attribute, **members):
        finding = f"{on}{code}{at}.{attribute}"
        return case(f"{plan}/{name} {what}", rule(plan, name, **members), finding)

    def recopied(what, *made, findings):
        return case(f"{plan}/{name} {what}", copies(plan, name, *made), *[on + one for one in findings])

    def kept(days):
        return {"DeleteAfterDays": days}

    retention, cold = "retention-differs", "MoveToColdStorageAfterDays"
    target = "vault_prod_daily" if name == "hourly_backup_rule" else "vault_prod_hourly"
    to = f"{at}.copies.{COPIES_TO}"
    beside = f"copy-unexpected{at}.copies.{ELSEWHERE}"
    rows = [
        changed("once a year", "schedule-differs", "schedule", ScheduleExpression="cron(20 7 1 1 ? *)"),
        changed("in another time zone", "timezone-differs", "timezone", ScheduleExpressionTimezone="Asia/Tokyo"),
        changed("into another vault", "target-vault-differs", "vault", TargetBackupVaultName=target),
        changed("may start late", "start-window-differs", "start_window_minutes", StartWindowMinutes=480),
        changed("must end early", "completion-window-differs", "completion_window_minutes", CompletionWindowMinutes=120),
        changed("keeps less", retention, "delete_after_days", Lifecycle=kept(days - 1)),
        changed("keeps more", retention, "delete_after_days", Lifecycle=kept(days + 1)),
        changed("keeps for ever", retention, "delete_after_days", Lifecycle={}),
        changed("tags recovery points", "recovery-point-tags-differ", "recovery_point_tags", RecoveryPointTags={"a": "b"}),
    ]
    if days <= 35:
        rows.append(changed("continuously", "continuous-backup-differs", "continuous_backup", EnableContinuousBackup=True))
    if days > 90:
        lifecycle = kept(days) | {cold: 30}
        rows.append(changed("to cold storage", "cold-storage-differs", "cold_storage_after_days", Lifecycle=lifecycle))
    else:
        # AWS keeps what is in cold storage for 90 days, so the retention has to grow with it.
        both = [f"{on}cold-storage-differs{at}.cold_storage_after_days", f"{on}retention-differs{at}.delete_after_days"]
        lifecycle = kept(98) | {cold: 8}
        rows.append(case(f"{plan}/{name} to cold storage", rule(plan, name, Lifecycle=lifecycle), *both))
    if with_copies:
        less, more = f"copy-retention-differs{to}.delete_after_days", f"copy-cold-storage-differs{to}.cold_storage_after_days"
        missing = f"copy-missing{to}"
        rows += [
            recopied("copies nothing", findings=[missing]),
            recopied("copies are kept less", (COPIES_TO, kept(1)), findings=[less]),
            recopied("copies are kept more", (COPIES_TO, kept(90)), findings=[less]),
            # A copy without days is kept as long as its source.
            recopied("copies are kept as their source", (COPIES_TO, {}), findings=[]),
            recopied("copies to cold storage", (COPIES_TO, kept(98) | {cold: 8}), findings=[less, more]),
            recopied("copies elsewhere", (ELSEWHERE, kept(30)), findings=[missing, beside]),
            recopied("copies elsewhere as well", (COPIES_TO, kept(30)), (ELSEWHERE, kept(30)), findings=[beside]),
        ]
    else:
        rows.append(recopied("copies", (ELSEWHERE, kept(30)), findings=[beside]))
    renamed = [f"{on}rule-missing{at}", f"{on}rule-unexpected@rules.renamed"]
    rows.append(case(f"{plan}/{name} renamed", rule(plan, name, RuleName="renamed"), *renamed))
    if plan == "prod_backups":
        rows.append(case(f"{plan}/{name} removed", without_rule(plan, name), f"{on}rule-missing{at}"))
    return rows


VSS_OFF = {"ResourceType": "EC2", "BackupOptions": {"WindowsVSS": "disabled"}}
SELECTIONS = {"prod_backups": "all_except_ec2_and_s3", "ec2_prod_backups": "all_ec2"}


def of_plan(plan, selection):
    on, on_selection = f"plan {PRIMARY}/{plan} ", f"selection {PRIMARY}/{plan}/{selection} "
    return [
        case(f"{plan} deleted", delete(plan), on + "missing", on_selection + "missing"),
        case(f"{plan} there twice", twin(plan), on + "duplicate blocked:needs-review"),
        case(f"{plan} with a rule more", with_rule(plan), on + "rule-unexpected@rules.weekly"),
        case(f"{plan} without VSS", settings(plan, VSS_OFF), on + "advanced-settings-differ@advanced_settings"),
        case(f"{plan} without settings", settings(plan), on + "advanced-settings-differ@advanced_settings"),
        case(f"{plan} untagged", untag(plan, *TAGS), on + "tags-differ"),
        case(f"{plan} with a tag more", tag(plan, cost_center="4711")),
        case(f"{plan} with its rules the other way round", edit(plan, lambda document: document["Rules"].reverse())),
    ]


CASES = [row for one in RULES for row in of_rule(*one)]
CASES += [row for plan, selection in SELECTIONS.items() for row in of_plan(plan, selection)]
CASES += [
    case(f"{plan} with another {name}", tag(plan, **{name: "changed"}), f"plan {PRIMARY}/{plan} tags-differ")
    for name, plan in zip(TAGS, [*SELECTIONS] * len(TAGS))
]
