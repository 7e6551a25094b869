//! The JSON Schema of a spec, for editors. Its form is what the readers ask for; the sentences stand here, and a test holds that each field
//! has one.

use serde_json::{Map, Value, json};

use super::raw::Document;
use super::reader::Fields;
use super::shape::{Shape, Type};
use crate::drift::codes;

/// What is said of each field, by its path.
const SENTENCES: &[(&str, &str)] = &[
    ("name", "The spec's name. Every report carries it, with the SHA-256 of the file."),
    (
        "regions",
        "Your names for regions. primary is required; PRIMARY_REGION and DR_REGION override primary and dr.",
    ),
    ("tags", "Must be on every key, vault and plan. More tags may be there."),
    ("role", "The role that AWS Backup assumes for every selection that names no other."),
    ("roles", "More roles that AWS Backup assumes."),
    ("role.name", "The role's name, without its path. ${account} may stand in it."),
    ("role.path", "The role's path: / or one such as /backup/."),
    ("role.trusted_services", "Who may assume the role: [\"backup.amazonaws.com\"]. Instead of trust."),
    ("role.trust", "The whole trust policy, JSON. Instead of trusted_services."),
    ("role.managed_policies", "ARNs of the managed policies that are attached, and no others."),
    ("role.boundary", "ARN of the permissions boundary. Without it there must be none."),
    ("role.inline_policies", "The inline policies, and no others."),
    ("role.inline_policies.name", "The policy's name."),
    ("role.inline_policies.policy", "Its text, JSON. Without it only the name matters."),
    ("role.tags", "Tags that must be on the role: [tags] is not for it."),
    ("keys", "The KMS keys that encrypt vaults, each by its alias."),
    ("keys.alias", "The alias: alias/NAME. ${account} and ${region} may stand in it."),
    ("keys.region", "A name in [regions]."),
    ("keys.description", "The key's description."),
    ("keys.rotation", "Whether automatic rotation must be on. false asks for nothing."),
    ("keys.rotation_period_days", "Days between rotations, 90 to 2560. Without it any period will do."),
    ("keys.origin", "Where the key's material comes from. Without it AWS_KMS."),
    ("keys.multi_region", "Whether the key lives in several regions. Without it false."),
    (
        "keys.policy",
        "The key policy, JSON. Without it, it is left alone; whom it shuts out or lets in is told.",
    ),
    ("keys.tags", "Tags beside those of [tags], or instead of them."),
    ("vaults", "The backup vaults."),
    ("vaults.name", "The vault's name. ${account} and ${region} may stand in it."),
    ("vaults.region", "A name in [regions]."),
    (
        "vaults.key",
        "The alias of a key of the same region, the ARN of another one, or alias/aws/backup for the one that AWS manages.",
    ),
    ("vaults.policy", "A name in [vault_policies]. Without it the access policy is left alone."),
    ("vaults.lock", "The Vault Lock. Without it the lock is left alone."),
    (
        "vaults.lock.mode",
        "governance: whoever has the permission can take it away. compliance: nobody can, after its grace time.",
    ),
    ("vaults.lock.changeable_for_days", "The grace time of a compliance lock, 3 to 36500 days."),
    ("vaults.lock.min_retention_days", "Jobs that want to keep less long fail."),
    ("vaults.lock.max_retention_days", "Jobs that want to keep longer fail."),
    (
        "vaults.notifications",
        "Where AWS Backup tells what happens in the vault. Without it, it is left alone.",
    ),
    ("vaults.notifications.topic", "ARN of a standard SNS topic in the vault's region."),
    ("vaults.notifications.events", "What is told, such as BACKUP_JOB_COMPLETED."),
    ("vaults.tags", "Tags beside those of [tags], or instead of them."),
    (
        "vault_policies",
        "Access policies of vaults by name, JSON. ${vault} is the vault's ARN, ${role} that of [role].",
    ),
    ("region_settings", "What AWS Backup must do in a region, by the name of the region."),
    ("region_settings.opt_in", "The types of resources for which it must be switched on, or \"all\"."),
    ("region_settings.management", "The types whose backups it must manage itself, such as DynamoDB."),
    ("plans", "The backup plans."),
    ("plans.name", "The plan's name. ${account} and ${region} may stand in it."),
    ("plans.region", "A name in [regions]. Without it primary."),
    ("plans.advanced_settings", "Options by type of resource: { EC2 = { WindowsVSS = \"enabled\" } }."),
    ("plans.scan_settings", "How recovery points are scanned for malware. Without it, it is left alone."),
    ("plans.scan_settings.scanner", "Who scans: GUARDDUTY."),
    ("plans.scan_settings.resource_types", "What is scanned, such as EBS."),
    ("plans.scan_settings.role", "ARN of the role that the scanner assumes."),
    ("plans.tags", "Tags beside those of [tags], or instead of them."),
    ("plans.rules", "When backups are made, where they go, and how long they are kept."),
    ("plans.rules.name", "The rule's name."),
    ("plans.rules.vault", "The name of a vault in the plan's region."),
    (
        "plans.rules.air_gapped_vault",
        "Name or ARN of the logically air-gapped vault that takes the recovery points.",
    ),
    (
        "plans.rules.schedule",
        "cron(MINUTES HOURS DAY-OF-MONTH MONTH DAY-OF-WEEK YEAR). Without it cron(0 5 ? * * *).",
    ),
    ("plans.rules.timezone", "An IANA time zone such as Europe/Berlin. Without it Etc/UTC."),
    (
        "plans.rules.start_window_minutes",
        "Within how many minutes a job must start: 60 or more. Without it 480.",
    ),
    ("plans.rules.completion_window_minutes", "Within how many minutes a job must end. Without it 10080."),
    ("plans.rules.delete_after_days", "How long recovery points are kept. Without it, for ever."),
    (
        "plans.rules.cold_storage_after_days",
        "When recovery points move to cold storage, 90 days before they are deleted at the latest.",
    ),
    ("plans.rules.opt_in_to_archive", "Whether EBS snapshots are archived at that time."),
    (
        "plans.rules.continuous_backup",
        "Whether a point in time can be restored. Then recovery points are kept 1 to 35 days.",
    ),
    ("plans.rules.recovery_point_tags", "Tags for the recovery points."),
    ("plans.rules.copies", "Copies: vault and region, or vault_arn."),
    ("plans.rules.copies.vault", "The name of a vault of this spec."),
    ("plans.rules.copies.region", "Its region, a name in [regions]."),
    ("plans.rules.copies.vault_arn", "The ARN of another vault, in this account or another one."),
    ("plans.rules.copies.delete_after_days", "How long the copy is kept. Without it, as long as its source."),
    ("plans.rules.copies.cold_storage_after_days", "When the copy moves to cold storage."),
    ("plans.rules.copies.opt_in_to_archive", "Whether copies of EBS snapshots are archived at that time."),
    ("plans.rules.scan_actions", "Malware scans of the recovery points. Without it, they are left alone."),
    ("plans.rules.scan_actions.scanner", "Who scans: GUARDDUTY."),
    ("plans.rules.scan_actions.mode", "How much is scanned."),
    (
        "plans.rules.index_actions",
        "Which recovery points are indexed for search. Without it, that is left alone.",
    ),
    ("plans.rules.index_actions.resource_types", "EBS or S3."),
    ("plans.selections", "What is backed up by the plan."),
    ("plans.selections.name", "The selection's name."),
    ("plans.selections.role", "The name of one of the spec's roles. Without it, that of [role]."),
    ("plans.selections.resources", "ARNs and patterns: arn:aws:ec2:*:*:instance/*, or * for everything."),
    ("plans.selections.not_resources", "ARNs and patterns that are left out."),
    ("plans.selections.tags", "A resource with any of these tags is backed up."),
    ("plans.selections.tags.key", "The tag's key."),
    ("plans.selections.tags.value", "The tag's value."),
    ("plans.selections.conditions", "A resource must meet all of these."),
    ("plans.selections.conditions.operator", "How the value is compared."),
    ("plans.selections.conditions.key", "aws:ResourceTag/KEY."),
    (
        "plans.selections.conditions.value",
        "The value; * stands for anything in StringLike and StringNotLike.",
    ),
    ("exceptions", "Agreed deviations: until its date a finding is reported and not repaired."),
    ("exceptions.resource", "The resource as reports write it: plan eu-west-1/servers."),
    ("exceptions.code", "The drift's code; `drift explain` lists them."),
    (
        "exceptions.attribute",
        "The attribute as reports write it. Without it, every attribute with this code.",
    ),
    ("exceptions.owner", "Who answers for it."),
    ("exceptions.reason", "Why it was agreed."),
    ("exceptions.until", "The last day on which it counts, in UTC: at most a year away."),
];

/// The JSON Schema.
pub fn schema() -> Value {
    let mut schema = table(&Fields::shape_of(Document::read), "");
    let head = json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "What AWS Backup must look like in an account",
    });
    if let (Some(schema), Value::Object(head)) = (schema.as_object_mut(), head) {
        schema.extend(head);
    }
    schema
}

fn table(shape: &Shape, path: &str) -> Value {
    let mut properties = Map::new();
    for field in &shape.fields {
        let path = if path.is_empty() { field.name.to_owned() } else { format!("{path}.{}", field.name) };
        let mut one = form(&field.form, &path);
        if let (Some(one), Some(said)) = (one.as_object_mut(), sentence(&path)) {
            one.insert("description".to_owned(), said.into());
        }
        properties.insert(field.name.to_owned(), one);
    }
    let required: Vec<&str> =
        shape.fields.iter().filter(|field| field.is_required).map(|field| field.name).collect();
    json!({
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": false,
    })
}

/// What is said of a field. More roles have the fields of the first.
fn sentence(path: &str) -> Option<&'static str> {
    let of = |path: &str| SENTENCES.iter().find(|(known, _)| *known == path).map(|(_, said)| *said);
    of(path).or_else(|| of(&path.replacen("roles.", "role.", 1)))
}

fn form(form: &Type, path: &str) -> Value {
    let strings = || json!({ "type": "array", "items": { "type": "string" } });
    let map = || json!({ "type": "object", "additionalProperties": { "type": "string" } });
    match form {
        Type::String if path == "exceptions.code" => {
            let mut all: Vec<&str> = codes().map(|code| code.code).collect();
            all.sort_unstable();
            all.dedup();
            json!({ "type": "string", "enum": all })
        }
        Type::String => json!({ "type": "string" }),
        Type::Boolean => json!({ "type": "boolean" }),
        Type::Integer => json!({ "type": "integer" }),
        Type::Date => json!({ "type": "string", "format": "date" }),
        Type::Choice(words) => json!({ "type": "string", "enum": words }),
        Type::Strings => strings(),
        Type::AllOrStrings(all) => json!({ "anyOf": [{ "const": all }, strings()] }),
        Type::StringMap => map(),
        Type::StringMaps => json!({ "type": "object", "additionalProperties": map() }),
        Type::Table(shape) => table(shape, path),
        Type::Tables(shape) => json!({ "type": "array", "items": table(shape, path) }),
        Type::TablesByName(shape) => json!({ "type": "object", "additionalProperties": table(shape, path) }),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn paths(shape: &Shape, path: &str, found: &mut BTreeSet<String>) {
        for field in &shape.fields {
            let path = if path.is_empty() { field.name.to_owned() } else { format!("{path}.{}", field.name) };
            match &field.form {
                Type::Table(inner) | Type::Tables(inner) | Type::TablesByName(inner) => {
                    paths(inner, &path, found);
                }
                _ => {}
            }
            found.insert(path);
        }
    }

    #[test]
    fn every_field_has_its_sentence_and_every_sentence_its_field() {
        let mut found = BTreeSet::new();
        paths(&Fields::shape_of(Document::read), "", &mut found);
        let silent: Vec<&String> = found.iter().filter(|path| sentence(path).is_none()).collect();
        assert!(silent.is_empty(), "{silent:?}");
        let idle: Vec<&str> =
            SENTENCES.iter().map(|(path, _)| *path).filter(|path| !found.contains(*path)).collect();
        assert!(idle.is_empty(), "{idle:?}");
    }

    #[test]
    fn what_must_be_there_and_what_may_is_told() {
        let schema = schema();
        assert_eq!(schema["required"], json!(["name", "role"]));
        assert_eq!(
            schema["properties"]["vaults"]["items"]["properties"]["lock"]["required"],
            json!(["mode"])
        );
        let modes =
            &schema["properties"]["vaults"]["items"]["properties"]["lock"]["properties"]["mode"]["enum"];
        assert_eq!(*modes, json!(["governance", "compliance"]));
        let codes =
            schema["properties"]["exceptions"]["items"]["properties"]["code"]["enum"].as_array().unwrap();
        assert!(codes.iter().any(|code| code == "retention-differs"), "{codes:?}");
    }
}
