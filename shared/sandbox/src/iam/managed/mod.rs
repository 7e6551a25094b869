//! The text of managed policies: AWS's own ones that roles for backups have, and those that a test puts there.

use crate::state::Iam;

/// By path and name. Those of AWS Backup are as AWS had them in July 2026.
const KNOWN: [(&str, &str); 9] = [
    (
        "service-role/AWSBackupServiceRolePolicyForBackup",
        include_str!("AWSBackupServiceRolePolicyForBackup.json"),
    ),
    (
        "service-role/AWSBackupServiceRolePolicyForRestores",
        include_str!("AWSBackupServiceRolePolicyForRestores.json"),
    ),
    ("AWSBackupServiceRolePolicyForS3Backup", include_str!("AWSBackupServiceRolePolicyForS3Backup.json")),
    ("AWSBackupServiceRolePolicyForS3Restore", include_str!("AWSBackupServiceRolePolicyForS3Restore.json")),
    ("AWSBackupServiceRolePolicyForScans", include_str!("AWSBackupServiceRolePolicyForScans.json")),
    ("AWSBackupGuardDutyRolePolicyForScans", include_str!("AWSBackupGuardDutyRolePolicyForScans.json")),
    ("AdministratorAccess", r#"{"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#),
    ("AWSDenyAll", r#"{"Statement":{"Effect":"Deny","Action":"*","Resource":"*"}}"#),
    // Abridged: AWS lists three thousand actions, nearly all of which begin like this.
    (
        "ReadOnlyAccess",
        r#"{"Statement":{"Effect":"Allow","Action":["*:Describe*","*:Get*","*:List*"],"Resource":"*"}}"#,
    ),
];

/// The document of a managed policy, if it is known; in the partition that its ARN names.
pub(super) fn document(iam: &Iam, arn: &str) -> Option<String> {
    if let Some(own) = iam.policies.get(arn) {
        return Some(own.clone());
    }
    let (start, name) = arn.split_once(":iam::aws:policy/")?;
    let (_, text) = KNOWN.iter().find(|(known, _)| *known == name)?;
    Some(text.replace("arn:aws:", &format!("{start}:")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy;

    #[test]
    fn every_known_policy_can_be_read_and_judged() {
        for (name, text) in KNOWN {
            let document = policy::parse(text).expect(name);
            for statement in policy::statements(&document) {
                assert_eq!(policy::unknown_operator(statement), None, "{name}");
            }
        }
    }
}
