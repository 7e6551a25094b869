//! The reads that a look is made of: one variant for each AWS operation, under AWS's own name, and why one failed.

use std::fmt;

use crate::call::{CallError, OUT_OF_TIME};

macro_rules! reads {
    ($($name:ident of $service:literal,)*) => {
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

            /// The IAM action that AWS checks for it.
            pub fn action(self) -> &'static str {
                match self { $(Read::$name => concat!($service, ":", stringify!($name)),)* }
            }
        }
    };
}

reads! {
    GetRole of "iam",
    GetRolePolicy of "iam",
    SimulatePrincipalPolicy of "iam",
    ListAttachedRolePolicies of "iam",
    ListRolePolicies of "iam",
    DescribeKey of "kms",
    GetKeyPolicy of "kms",
    GetKeyRotationStatus of "kms",
    ListGrants of "kms",
    ListAliases of "kms",
    ListKeys of "kms",
    ListResourceTags of "kms",
    ListBackupVaults of "backup",
    GetBackupVaultAccessPolicy of "backup",
    GetBackupVaultNotifications of "backup",
    ListTags of "backup",
    ListBackupPlans of "backup",
    GetBackupPlan of "backup",
    ListBackupPlanVersions of "backup",
    ListBackupSelections of "backup",
    GetBackupSelection of "backup",
    DescribeRegionSettings of "backup",
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
