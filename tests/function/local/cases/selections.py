"""The two selections. AWS has no update of one: a person who changes it deletes it and makes it anew."""

import json

from account import ID, PRIMARY
from cases import case

EXCEPT, EC2 = ("prod_backups", "all_except_ec2_and_s3"), ("ec2_prod_backups", "all_ec2")
INSTANCES = "arn:aws:ec2:*:*:instance/*"
TABLE = f"arn:aws:dynamodb:{PRIMARY}:{ID}:table/retired"
DATABASES = "arn:aws:rds:*:*:db:*"
TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "backup.amazonaws.com"}, "Action": "sts:AssumeRole"}
    ],
}
OPERATORS = ["StringEquals", "StringLike", "StringNotEquals", "StringNotLike"]


def read(a, plan, name):
    """Plan id, selection id and document."""
    plan_id = a.plan_id(plan)
    (selection_id,) = a.selection_ids(plan_id, name)
    found = a.backup().get_backup_selection(BackupPlanId=plan_id, SelectionId=selection_id)
    return plan_id, selection_id, found["BackupSelection"]


def delete(plan, name):
    def change(a):
        plan_id, selection_id, _ = read(a, plan, name)
        a.backup().delete_backup_selection(BackupPlanId=plan_id, SelectionId=selection_id)

    return change


def replace(plan, name, **members):
    def change(a):
        plan_id, selection_id, document = read(a, plan, name)
        a.backup().delete_backup_selection(BackupPlanId=plan_id, SelectionId=selection_id)
        a.backup().create_backup_selection(BackupPlanId=plan_id, BackupSelection=document | members)

    return change


def add(plan, name, **members):
    """One more selection like this one."""

    def change(a):
        plan_id, _, document = read(a, plan, name)
        a.backup().create_backup_selection(BackupPlanId=plan_id, BackupSelection=document | members)

    return change


def replace_role(plan, name):
    def change(a):
        a.iam.create_role(RoleName="other_role", AssumeRolePolicyDocument=json.dumps(TRUST))
        a.iam.attach_role_policy(RoleName="other_role", PolicyArn="arn:aws:iam::aws:policy/ReadOnlyAccess")
        replace(plan, name, IamRoleArn=f"arn:aws:iam::{ID}:role/other_role")(a)

    return change


def by_tag(*values):
    tags = [{"ConditionType": "STRINGEQUALS", "ConditionKey": "backup", "ConditionValue": value} for value in values]
    return {"ListOfTags": tags}


def on_condition(operator):
    condition = {"ConditionKey": "aws:ResourceTag/backup", "ConditionValue": "yes"}
    return {"Conditions": {operator: [condition]}}


# One more thing selected and one more left out, for each of the two.
WIDER = {"all_except_ec2_and_s3": ["*", TABLE], "all_ec2": [INSTANCES, TABLE]}
NARROWER = {"all_except_ec2_and_s3": [INSTANCES, "arn:aws:s3:*", DATABASES], "all_ec2": [DATABASES]}


def of_selection(plan, name):
    place = f"selection {PRIMARY}/{plan}/"
    on = f"{place}{name} "

    def changed(what, code, **members):
        return case(f"{name} {what}", replace(plan, name, **members), on + code)

    rows = [
        case(f"{name} deleted", delete(plan, name), on + "missing"),
        changed("on one retired table", "resources-differ", Resources=[TABLE]),
        changed("on a table more", "resources-differ", Resources=WIDER[name]),
        changed("without databases", "not-resources-differ", NotResources=NARROWER[name]),
        changed("by tag as well", "tags-differ", **by_tag("yes")),
        changed("by two tags as well", "tags-differ", **by_tag("yes", "true")),
        case(f"{name} with another role", replace_role(plan, name), on + "role-differs"),
        case(f"{name} there twice", add(plan, name), on + "ambiguous"),
        case(f"{name} there twice, once wrong", add(plan, name, Resources=[TABLE]), on + "resources-differ"),
        case(
            f"{plan} with a selection more",
            add(plan, name, SelectionName="temporary"),
            f"{place}temporary unmanaged blocked:needs-review",
        ),
        case(
            f"{name} renamed",
            replace(plan, name, SelectionName="renamed"),
            on + "missing",
            f"{place}renamed unmanaged blocked:needs-review",
        ),
        case(f"{name} made anew as it is", replace(plan, name)),
    ]
    return rows + [changed(f"on a {operator}", "conditions-differ", **on_condition(operator)) for operator in OPERATORS]


CASES = [row for one in (EXCEPT, EC2) for row in of_selection(*one)]
CASES += [
    case(
        "all_except_ec2_and_s3 leaves nothing out",
        replace(*EXCEPT, NotResources=[]),
        f"selection {PRIMARY}/prod_backups/all_except_ec2_and_s3 not-resources-differ",
    ),
    case(
        "all_except_ec2_and_s3 leaves S3 in",
        replace(*EXCEPT, NotResources=[INSTANCES]),
        f"selection {PRIMARY}/prod_backups/all_except_ec2_and_s3 not-resources-differ",
    ),
    case("all_except_ec2_and_s3 in another order", replace(*EXCEPT, NotResources=["arn:aws:s3:*", INSTANCES])),
]
