//! On which resources AWS authorizes an action of AWS Backup, and so on which ones a statement of a vault's policy has to be. A Deny
//! of `DeleteRecoveryPoint` on the vault's ARN denies, by AWS's documentation, nothing.

/// The kinds of resources that an action is authorized on ("Actions, resources, and condition keys for AWS Backup", and the table of
/// API permissions in "Access control").
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AuthorizedOn {
    /// The vault's ARN.
    Vault,
    /// The recovery points' ARNs, most of which are those of other services.
    RecoveryPoints,
    /// Whichever of the two is meant: tags.
    Both,
    /// Something else, such as a plan, or nothing that is known: a pattern, or an action that AWS has added since.
    Other,
}

/// In lower case, since IAM does not distinguish.
const TABLE: &[(AuthorizedOn, &[&str])] = &[
    (
        AuthorizedOn::Vault,
        &[
            "associatebackupvaultmpaapprovalteam",
            "copyintobackupvault",
            "createbackupvault",
            "createlogicallyairgappedbackupvault",
            "createrestoreaccessbackupvault",
            "deletebackupvault",
            "deletebackupvaultaccesspolicy",
            "deletebackupvaultlockconfiguration",
            "deletebackupvaultnotifications",
            "deletebackupvaultsharingpolicy",
            "describebackupvault",
            "disassociatebackupvaultmpaapprovalteam",
            "getbackupvaultaccesspolicy",
            "getbackupvaultnotifications",
            "getbackupvaultsharingpolicy",
            "listprotectedresourcesbybackupvault",
            "listrecoverypointsbybackupvault",
            "listrestoreaccessbackupvaults",
            "putbackupvaultaccesspolicy",
            "putbackupvaultlockconfiguration",
            "putbackupvaultnotifications",
            "putbackupvaultsharingpolicy",
            "revokerestoreaccessbackupvault",
            "startbackupjob",
        ],
    ),
    (
        AuthorizedOn::RecoveryPoints,
        &[
            "copyfrombackupvault",
            "createbackupaccesspoint",
            "deleterecoverypoint",
            "describerecoverypoint",
            "disassociaterecoverypoint",
            "disassociaterecoverypointfromparent",
            "getpitrmalwarescanresults",
            "getrecoverypointindexdetails",
            "getrecoverypointrestoremetadata",
            "searchrecoverypoint",
            "startcopyjob",
            "startrestorejob",
            "startscanjob",
            "updaterecoverypointindexsettings",
            // The guide lists the vault beside the recovery points, the reference the recovery points alone: a Deny that is sure to
            // hold is on these.
            "updaterecoverypointlifecycle",
        ],
    ),
    (AuthorizedOn::Both, &["listtags", "tagresource", "untagresource"]),
];

/// What an action is authorized on. An action is written with its service: `backup:DeleteRecoveryPoint`.
pub fn authorized_on(action: &str) -> AuthorizedOn {
    let action = action.to_ascii_lowercase();
    let Some(name) = action.strip_prefix("backup:") else { return AuthorizedOn::Other };
    let known = TABLE.iter().find(|(_, names)| names.contains(&name));
    known.map_or(AuthorizedOn::Other, |(on, _)| *on)
}

/// The ARNs of a vault's recovery points, by partition, region and account of the vault ("AWS Backup resource ARNs").
const FORMS: &[&str] = &[
    "arn:{P}:backup:{R}:{A}:recovery-point:*",
    "arn:{P}:ec2:{R}::snapshot/*",
    "arn:{P}:ec2:{R}::image/ami-*",
    "arn:{P}:rds:{R}:{A}:snapshot:awsbackup:*",
    "arn:{P}:rds:{R}:{A}:cluster-snapshot:awsbackup:*",
    "arn:{P}:dynamodb:{R}:{A}:table/*/backup/*",
    "arn:{P}:fsx:{R}:{A}:backup/backup-*",
    "arn:{P}:redshift:{R}:{A}:snapshot:*/awsbackup:*",
    "arn:{P}:redshift-serverless:{R}:{A}:snapshot:*/awsbackup:*",
    // A type that AWS adds later: who lists those of today does not reach it, who writes `*` does.
    "arn:{P}:a-service-of-tomorrow:{R}:{A}:recovery-point/1",
];

/// What the actions on one vault and on what it holds are authorized on.
#[derive(Debug, Clone)]
pub(super) struct Targets {
    vault: String,
    recovery_points: Vec<String>,
}

impl Targets {
    /// Those of a vault. What is no vault, such as a key, is all that its own policy is about.
    pub(super) fn of(vault_arn: &str) -> Self {
        let is_vault = vault_arn.split(':').nth(2) == Some("backup");
        let forms = if is_vault { FORMS } else { &[] };
        let part = |index| vault_arn.split(':').nth(index).unwrap_or_default();
        let fill = |form: &&str| form.replace("{P}", part(1)).replace("{R}", part(3)).replace("{A}", part(4));
        Self { vault: vault_arn.to_owned(), recovery_points: forms.iter().map(fill).collect() }
    }

    /// All of them, as patterns.
    pub(super) fn everything(&self) -> Vec<&str> {
        std::iter::once(&self.vault).chain(&self.recovery_points).map(String::as_str).collect()
    }

    /// What a Deny of the action has to reach to be sure to hold.
    pub(super) fn surely(&self, action: &str) -> Vec<&str> {
        match authorized_on(action) {
            AuthorizedOn::Vault => vec![&self.vault],
            AuthorizedOn::RecoveryPoints => self.recovery_points(),
            AuthorizedOn::Both | AuthorizedOn::Other => self.everything(),
        }
    }

    /// What a Deny of the action has to leave out to be sure to do nothing. AWS documents that the vault's ARN is not what actions on
    /// recovery points are authorized on, and nobody has published a trial.
    pub(super) fn perhaps(&self, action: &str) -> Vec<&str> {
        match authorized_on(action) {
            AuthorizedOn::Vault => vec![&self.vault],
            AuthorizedOn::RecoveryPoints | AuthorizedOn::Both | AuthorizedOn::Other => self.everything(),
        }
    }

    fn recovery_points(&self) -> Vec<&str> {
        self.recovery_points.iter().map(String::as_str).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn actions_are_known_in_any_case_and_by_their_service() {
        for (action, on) in [
            ("backup:DeleteBackupVault", AuthorizedOn::Vault),
            ("BACKUP:deletebackupvault", AuthorizedOn::Vault),
            ("backup:StartBackupJob", AuthorizedOn::Vault),
            ("backup:DeleteRecoveryPoint", AuthorizedOn::RecoveryPoints),
            ("backup:UpdateRecoveryPointLifecycle", AuthorizedOn::RecoveryPoints),
            ("backup:StartRestoreJob", AuthorizedOn::RecoveryPoints),
            ("backup:ListTags", AuthorizedOn::Both),
            ("backup:Delete*", AuthorizedOn::Other),
            ("backup:CreateBackupPlan", AuthorizedOn::Other),
            ("kms:DeleteBackupVault", AuthorizedOn::Other),
            ("DeleteBackupVault", AuthorizedOn::Other),
        ] {
            assert_eq!(authorized_on(action), on, "{action}");
        }
    }

    #[test]
    fn recovery_points_are_those_of_the_vaults_partition_region_and_account() {
        let targets = Targets::of("arn:aws-cn:backup:cn-north-1:123456789012:backup-vault:v");
        assert!(
            targets.surely("backup:DeleteRecoveryPoint").contains(&"arn:aws-cn:ec2:cn-north-1::snapshot/*")
        );
        let managed = "arn:aws-cn:backup:cn-north-1:123456789012:recovery-point:*";
        assert!(targets.surely("backup:DeleteRecoveryPoint").contains(&managed));
        assert_eq!(targets.surely("backup:DeleteBackupVault"), [targets.vault.as_str()]);
    }
}
