"""The keys of both regions and their aliases."""

import json

from account import ALIAS, DR, PRIMARY, REGIONS, TAGS
from cases import case

NOT_TAGGED = "tags-differ@tags"


def on_key(operation, **members):
    """One call about the region's key."""
    return lambda region: lambda a: getattr(a.kms(region), operation)(KeyId=a.key(region), **members)


def change_tag(name):
    return on_key("tag_resource", Tags=[{"TagKey": name, "TagValue": "changed"}])


rotate_every_half_year = on_key("enable_key_rotation", RotationPeriodInDays=180)


def forget_alias(region):
    return lambda a: a.kms(region).delete_alias(AliasName=ALIAS)


def repoint(region):
    def change(a):
        fresh = a.kms(region).create_key(Description="temporary")["KeyMetadata"]["KeyId"]
        a.kms(region).update_alias(AliasName=ALIAS, TargetKeyId=fresh)

    return change


def destroy(region):
    """The whole waiting time passes; the alias goes with the key."""

    def change(a):
        on_key("schedule_key_deletion", PendingWindowInDays=7)(region)(a)
        a.advance(days=8)

    return change


def add_to_policy(region):
    def change(a):
        kms, key = a.kms(region), a.key(region)
        policy = json.loads(kms.get_key_policy(KeyId=key)["Policy"])
        root = {"AWS": "arn:aws:iam::210987654321:root"}
        policy["Statement"].append({"Effect": "Allow", "Principal": root, "Action": "kms:Decrypt", "Resource": "*"})
        kms.put_key_policy(KeyId=key, PolicyName="default", Policy=json.dumps(policy))

    return change


def of_region(region):
    key, alias = f"key {region}/{ALIAS} ", f"alias {region}/{ALIAS} "
    untag = on_key("untag_resource", TagKeys=list(TAGS))
    tag_more = on_key("tag_resource", Tags=[{"TagKey": "cost_center", "TagValue": "4711"}])
    describe = on_key("update_key_description", Description="temporary, please delete")
    schedule = on_key("schedule_key_deletion", PendingWindowInDays=30)
    return [
        case(f"key {region} pending deletion", schedule(region), key + "pending-deletion", key + "disabled"),
        case(f"key {region} disabled", on_key("disable_key")(region), key + "disabled"),
        case(f"key {region} without rotation", on_key("disable_key_rotation")(region), key + "rotation-off"),
        case(f"key {region} described otherwise", describe(region), key + "description-differs"),
        case(f"key {region} untagged", untag(region), key + NOT_TAGGED),
        case(f"key {region} with a tag more", tag_more(region)),
        case(f"alias {region} deleted", forget_alias(region), alias + "missing"),
        case(f"alias {region} on a fresh key", repoint(region), alias + "target-differs"),
        case(
            f"key {region} destroyed",
            destroy(region),
            key + "missing blocked:immutable",
            alias + "missing blocked:waiting-on",
        ),
    ]


CASES = [row for region in REGIONS for row in of_region(region)]
CASES += [
    case(f"key {region} with another {name}", change_tag(name)(region), f"key {region}/{ALIAS} " + NOT_TAGGED)
    for name, region in zip(TAGS, [PRIMARY, DR] * len(TAGS))
]
CASES += [
    case("key rotates at another period, which the spec leaves open", rotate_every_half_year(PRIMARY)),
    case(
        "key policy with a foreign account, which the spec leaves open",
        add_to_policy(PRIMARY),
        f"key {PRIMARY}/{ALIAS} policy-lets-in blocked:needs-review",
    ),
]
