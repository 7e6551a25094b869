//! The IAM actions that the SDK calls here need, so that a deployment can be given exactly these. A read that fails is
//! reported by its action, and a call carries its own ([`reconcile::call::Call::action`]).

macro_rules! reads {
    ($($name:ident => $action:literal,)*) => {
        /// A read of the account.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum Read { $($name,)* }

        impl Read {
            /// The IAM action that AWS checks for it.
            pub(crate) fn action(self) -> &'static str {
                match self { $(Read::$name => $action,)* }
            }
        }

        /// The IAM action of every read.
        pub const READS: &[&str] = &[$($action,)*];
    };
}

reads! {
    GetRole => "iam:GetRole",
    ListAttachedRolePolicies => "iam:ListAttachedRolePolicies",
    ListRolePolicies => "iam:ListRolePolicies",
    DescribeKey => "kms:DescribeKey",
    GetKeyPolicy => "kms:GetKeyPolicy",
    GetKeyRotationStatus => "kms:GetKeyRotationStatus",
    ListAliases => "kms:ListAliases",
    ListKeys => "kms:ListKeys",
    ListResourceTags => "kms:ListResourceTags",
    ListBackupVaults => "backup:ListBackupVaults",
    GetBackupVaultAccessPolicy => "backup:GetBackupVaultAccessPolicy",
    ListTags => "backup:ListTags",
    ListBackupPlans => "backup:ListBackupPlans",
    GetBackupPlan => "backup:GetBackupPlan",
    ListBackupSelections => "backup:ListBackupSelections",
    GetBackupSelection => "backup:GetBackupSelection",
}

/// The IAM action by which a report says who did it. Without it the report says that this is not known.
pub const HISTORY: &str = "cloudtrail:LookupEvents";

/// The IAM action of a report's way out. Asking STS who one is needs none.
pub const REPORT: &str = "sns:Publish";
