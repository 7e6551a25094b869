//! Which types of resources a selection selects, and for which of them AWS Backup has to be switched on in the region.

use crate::desired::SelectionDocument;

/// The types that the opt-in governs even where a selection names their ARNs ("Assigning resources to a backup plan").
const ALWAYS_GOVERNED: [&str; 4] = ["Aurora", "DocumentDB", "FSx", "Neptune"];

/// How the ARNs of a type end, after partition, region and account. A type that is not here is selected by what selects everything.
const ARNS: [(&str, &str, &str); 18] = [
    ("Aurora", "rds", "cluster:any"),
    ("CloudFormation", "cloudformation", "stack/any/any"),
    ("DocumentDB", "rds", "cluster:any"),
    ("DynamoDB", "dynamodb", "table/any"),
    ("EBS", "ec2", "volume/any"),
    ("EC2", "ec2", "instance/any"),
    ("EFS", "elasticfilesystem", "file-system/any"),
    ("EKS", "eks", "cluster/any"),
    ("FSx", "fsx", "file-system/any"),
    ("Neptune", "rds", "cluster:any"),
    ("RDS", "rds", "db:any"),
    ("Redshift", "redshift", "cluster:any"),
    ("Redshift Serverless", "redshift-serverless", "namespace/any"),
    ("S3", "s3", "any"),
    ("SAP HANA on Amazon EC2", "ssm-sap", "HANA/any"),
    ("Storage Gateway", "storagegateway", "gateway/any/volume/any"),
    ("Timestream", "timestream", "database/any/table/any"),
    ("VirtualMachine", "backup-gateway", "vm/any"),
];

/// The types that are known here. AWS Backup may have more.
pub fn resource_types() -> impl Iterator<Item = &'static str> {
    ARNS.iter().map(|(name, ..)| *name)
}

/// Whether the selection selects resources of a type at all.
pub fn selects(selection: &SelectionDocument, resource_type: &str) -> bool {
    governed(selection, resource_type).is_some()
}

/// Whether the selection selects resources of a type only while AWS Backup is switched on for it.
pub fn needs_opt_in(selection: &SelectionDocument, resource_type: &str) -> bool {
    governed(selection, resource_type).unwrap_or_default()
}

/// Whether the opt-in governs what the selection selects of a type; `None` if it selects nothing of it.
fn governed(selection: &SelectionDocument, resource_type: &str) -> Option<bool> {
    let SelectionDocument { name: _, role_arn: _, resources, not_resources, tags, conditions: _ } = selection;
    let arn = ARNS.iter().find(|(name, ..)| *name == resource_type);
    let of_type =
        |pattern: &str| arn.is_some_and(|(_, service, resource)| takes_all(pattern, service, resource));
    if not_resources.iter().any(|pattern| pattern == "*" || of_type(pattern)) {
        return None;
    }
    let by_tag_or_all = !tags.is_empty() || resources.is_empty() || resources.contains("*");
    if by_tag_or_all {
        return Some(true);
    }
    // The resources may also be single ones: then the type is selected, and the opt-in does not matter.
    let named = resources
        .iter()
        .filter(|pattern| arn.is_some_and(|(_, service, _)| service_of(pattern) == Some(service)));
    let named: Vec<&String> = named.filter(|pattern| of_type(pattern) || is_of_type(pattern, arn)).collect();
    let by_service = named.iter().any(|pattern| names_whole_service(pattern));
    (!named.is_empty()).then(|| by_service || ALWAYS_GOVERNED.contains(&resource_type))
}

fn service_of(pattern: &str) -> Option<&str> {
    pattern.split(':').nth(2)
}

/// What stands after the account.
fn resource_of(pattern: &str) -> Option<&str> {
    pattern.splitn(6, ':').nth(5)
}

/// `arn:aws:s3:*`, `arn:aws:ec2:*:*:*`: no type is named.
fn names_whole_service(pattern: &str) -> bool {
    match resource_of(pattern) {
        None => pattern.ends_with('*'),
        Some(resource) => resource == "*",
    }
}

/// Whether the pattern takes every resource of a type.
fn takes_all(pattern: &str, service: &str, resource: &str) -> bool {
    if service_of(pattern) != Some(service) {
        return false;
    }
    match resource_of(pattern) {
        None => pattern.ends_with('*'),
        // The bucket and nothing else is what an S3 ARN names.
        Some(written) => match written.strip_suffix('*') {
            Some(start) => resource.strip_suffix("any").is_some_and(|prefix| prefix.starts_with(start)),
            None => false,
        },
    }
}

/// Whether the pattern is about resources of a type, be it a single one.
fn is_of_type(pattern: &str, arn: Option<&(&str, &str, &str)>) -> bool {
    let (Some((_, _, resource)), Some(written)) = (arn, resource_of(pattern)) else { return false };
    let prefix = resource.split("any").next().unwrap_or_default();
    written.starts_with(prefix)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn selection(resources: &[&str], not_resources: &[&str]) -> SelectionDocument {
        let set = |list: &[&str]| list.iter().map(|text| (*text).to_owned()).collect();
        SelectionDocument {
            name: "s".to_owned(),
            role_arn: String::new(),
            resources: set(resources),
            not_resources: set(not_resources),
            tags: Default::default(),
            conditions: Default::default(),
        }
    }

    #[test]
    fn what_is_selected_by_all_or_by_service_needs_the_switch() {
        let all_but = selection(&["*"], &["arn:aws:ec2:*:*:instance/*", "arn:aws:s3:*"]);
        for resource_type in ["EBS", "RDS", "DynamoDB", "Storage Gateway", "Invented next year"] {
            assert!(needs_opt_in(&all_but, resource_type), "{resource_type}");
        }
        for resource_type in ["EC2", "S3"] {
            assert!(!selects(&all_but, resource_type), "{resource_type}");
        }
        assert!(needs_opt_in(&selection(&[], &[]), "RDS"), "by tags alone");
        assert!(needs_opt_in(&selection(&["arn:aws:dynamodb:*"], &[]), "DynamoDB"), "by service");
        assert!(needs_opt_in(&selection(&["arn:aws:ec2:*:*:*"], &[]), "EBS"), "by service");
    }

    #[test]
    fn what_is_named_by_its_arn_does_not_but_for_four_types() {
        let instances = selection(&["arn:aws:ec2:*:*:instance/*"], &[]);
        assert!(selects(&instances, "EC2") && !needs_opt_in(&instances, "EC2"));
        assert!(!selects(&instances, "EBS") && !selects(&instances, "RDS"));
        let one = selection(&["arn:aws:dynamodb:us-east-1:123456789012:table/one"], &[]);
        assert!(selects(&one, "DynamoDB") && !needs_opt_in(&one, "DynamoDB"));
        let clusters = selection(&["arn:aws:rds:*:*:cluster:*"], &[]);
        for resource_type in ["Aurora", "Neptune", "DocumentDB"] {
            assert!(needs_opt_in(&clusters, resource_type), "{resource_type}");
        }
        assert!(!selects(&clusters, "RDS"));
    }

    #[test]
    fn a_single_resource_that_is_left_out_leaves_the_type_in() {
        let all_but_one = selection(&["*"], &["arn:aws:s3:::scratch", "arn:aws:rds:*:*:db:test-*"]);
        assert!(needs_opt_in(&all_but_one, "S3") && needs_opt_in(&all_but_one, "RDS"));
        assert!(!selects(&selection(&["*"], &["arn:aws:s3:::*"]), "S3"));
    }
}
