//! The reads that a look is made of: one variant for each AWS operation, under AWS's own name, and why one failed.

use std::fmt;

use crate::call::{CallError, OUT_OF_TIME};

macro_rules! reads {
    ($($name:ident of $service:literal: $purpose:literal,)*) => {
        /// A read of the account.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        #[allow(missing_docs)] // the name is that of the operation
        pub enum Read { $($name,)* }

        impl Read {
            /// All of them.
            pub const ALL: &[Read] = &[$(Read::$name,)*];

            /// The operation, as CloudTrail names it.
            pub fn operation(self) -> &'static str {
                match self { $(Read::$name => stringify!($name),)* }
            }

            /// What it is for, and how often it is made.
            pub fn purpose(self) -> &'static str {
                match self { $(Read::$name => $purpose,)* }
            }

            /// The IAM action that AWS checks for it.
            pub fn action(self) -> &'static str {
                match self { $(Read::$name => concat!($service, ":", stringify!($name)),)* }
            }
        }
    };
}

reads! {
    GetRole of "iam": "each role: trust, boundary, tags, last use",
    GetRolePolicy of "iam": "each inline policy whose text the spec has",
    SimulatePrincipalPolicy of "iam": "each role that backups are made with, once a run: what policies, boundary and organization deny it",
    ListAttachedRolePolicies of "iam": "each role: its managed policies",
    ListRolePolicies of "iam": "each role: the names of its inline policies",
    DescribeKey of "kms": "each alias, and each other key that a vault is on: state, origin, expiry, regions",
    GetKeyPolicy of "kms": "each key, twice: its own policy, and the one by which AWS RAM shares it",
    GetKeyRotationStatus of "kms": "each key: rotation",
    ListGrants of "kms": "each key: who of another account may use it without a policy",
    ListAliases of "kms": "only where nothing tells which key is meant: keys without an alias",
    ListKeys of "kms": "only where nothing tells which key is meant",
    ListResourceTags of "kms": "each key: tags",
    ListBackupVaults of "backup": "each region: which vaults there are, their keys, locks, state and number of recovery points",
    GetBackupVaultAccessPolicy of "backup": "each vault with a policy in the spec",
    GetBackupVaultNotifications of "backup": "each vault with notifications in the spec",
    ListTags of "backup": "each vault and plan: tags",
    ListBackupPlans of "backup": "each region with plans: their ids",
    GetBackupPlan of "backup": "each plan: its document, last run and next runs",
    ListBackupPlanVersions of "backup": "only of plans that share a name: which of them is the oldest",
    ListBackupSelections of "backup": "each plan: which selections there are",
    GetBackupSelection of "backup": "each selection: what it selects",
    DescribeRegionSettings of "backup": "each region in which something is selected: for which types AWS Backup is switched on",
}

/// Why something could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The read that failed; `None` if it was not even tried.
    pub read: Option<Read>,
    /// What AWS said, or what happened on the way.
    pub error: CallError,
}

/// How the services write that the caller may not. It does not pass by itself, as throttling or a fault does.
const DENIED: [&str; 2] = ["AccessDenied", "AccessDeniedException"];

/// What will be the same at the next look: what is asked of CloudTrail's history is asked once a run.
const STANDING: [&str; 2] = ["HistoryIncomplete", "UnknownMaker"];

/// How the services write that it is the resource's own policy that denies, and neither a missing right nor a missing resource ("Access
/// denied error messages" in the IAM guide).
const BY_THE_RESOURCE: &str = "explicit deny in a resource-based policy";

impl Refusal {
    /// AWS's answer to a read, or none.
    pub fn of(read: Read, error: CallError) -> Self {
        Self { read: Some(read), error }
    }

    /// Something that the answer to a read lacks.
    pub fn incomplete(read: Read, message: &str) -> Self {
        Self::of(read, CallError { code: "UnreadableAnswer".to_owned(), message: message.to_owned() })
    }

    /// A list has it, and it was not found.
    pub fn contradicted() -> Self {
        let message = "the list has it, and AWS did not find it when it was asked for";
        Self { read: None, error: CallError { code: "Contradicted".to_owned(), message: message.to_owned() } }
    }

    /// The time was over.
    pub fn out_of_time() -> Self {
        let message = "the invocation's time was over before everything was read";
        Self { read: None, error: CallError { code: OUT_OF_TIME.to_owned(), message: message.to_owned() } }
    }

    /// Whether the same read may succeed a little later.
    pub fn passes(&self) -> bool {
        !self.error.is_out_of_time()
            && !self.error.is_refusal()
            && !STANDING.contains(&self.error.code.as_str())
    }

    /// Whether AWS refused us the read.
    pub fn is_denied(&self) -> bool {
        is_denied(&self.error.code)
    }

    /// Whether it is the resource's own policy that refuses us the read.
    pub fn is_by_the_resource(&self) -> bool {
        self.is_denied() && self.error.message.contains(BY_THE_RESOURCE)
    }
}

/// Whether an error's code says that the caller may not.
pub fn is_denied(code: &str) -> bool {
    DENIED.contains(&code)
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.read {
            Some(read) => write!(f, "{}: {}", read.action(), self.error),
            None => f.write_str(&self.error.message),
        }
    }
}
