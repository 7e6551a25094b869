//! Random faults on random calls.

use fastrand::Rng;
use sandbox::{Fault, FaultKind};
use serde_json::Value;

use super::case::{DR, PRIMARY};

/// Longer than any request of the SDK's lasts.
const FOR_EVER_MS: u64 = 400_000;

/// What a request is answered that is whole and says nothing.
const SAYING_NOTHING: [&str; 5] = ["", "{}", "null", "<html>502 Bad Gateway</html>", "{\"message\":null}"];

/// The calls that faults aim at: all services, and those operations where it matters most.
const OPERATIONS: [(&str, &[&str]); 6] = [
    (
        "backup",
        &[
            "ListBackupVaults",
            "GetBackupVaultAccessPolicy",
            "ListTags",
            "ListBackupPlans",
            "GetBackupPlan",
            "ListBackupSelections",
            "GetBackupSelection",
            "DescribeRegionSettings",
            "CreateBackupVault",
            "PutBackupVaultAccessPolicy",
            "PutBackupVaultLockConfiguration",
            "CreateBackupPlan",
            "UpdateBackupPlan",
            "CreateBackupSelection",
            "DeleteBackupSelection",
            "TagResource",
            "UpdateRegionSettings",
        ],
    ),
    (
        "kms",
        &[
            "DescribeKey",
            "ListAliases",
            "ListKeys",
            "ListGrants",
            "GetKeyPolicy",
            "GetKeyRotationStatus",
            "ListResourceTags",
            "CreateKey",
            "CreateAlias",
            "UpdateAlias",
            "EnableKey",
            "CancelKeyDeletion",
            "EnableKeyRotation",
            "UpdateKeyDescription",
            "TagResource",
        ],
    ),
    (
        "iam",
        &[
            "GetRole",
            "ListAttachedRolePolicies",
            "ListRolePolicies",
            "SimulatePrincipalPolicy",
            "CreateRole",
            "AttachRolePolicy",
            "UpdateAssumeRolePolicy",
        ],
    ),
    ("sts", &["GetCallerIdentity"]),
    ("sns", &["Publish"]),
    ("cloudtrail", &["LookupEvents"]),
];

/// Up to eight faults.
pub(super) fn some(rng: &mut Rng) -> Vec<Fault> {
    (0..rng.usize(0..=8)).map(|_| one(rng)).collect()
}

fn one(rng: &mut Rng) -> Fault {
    let (service, operations) = OPERATIONS[rng.usize(..OPERATIONS.len())];
    // Now and then a whole service, or everything at once.
    let (service, operation) = match rng.usize(..10) {
        0 => (None, None),
        1 => (Some(service), None),
        _ => (Some(service), Some(operations[rng.usize(..operations.len())])),
    };
    let kind = kind(rng);
    let times = match (&kind, rng.usize(..12)) {
        (FaultKind::Stale { .. }, _) => rng.usize(1..40),
        (_, 0) => usize::MAX,
        (_, 1..=4) => rng.usize(2..12),
        _ => 1,
    };
    let nth = if operation.is_some() { rng.usize(1..6) } else { rng.usize(1..80) };
    let region = if rng.usize(..5) == 0 { Some([PRIMARY, DR][rng.usize(..2)].to_owned()) } else { None };
    Fault {
        service: service.map(str::to_owned),
        operation: operation.map(str::to_owned),
        region,
        account: None,
        nth,
        times,
        kind,
    }
}

fn kind(rng: &mut Rng) -> FaultKind {
    match rng.usize(..16) {
        0 | 1 => FaultKind::Throttled,
        2 => FaultKind::InternalError,
        3 => FaultKind::Unavailable,
        4 => FaultKind::Delay { milliseconds: FOR_EVER_MS },
        5 => FaultKind::SlowAnswer { milliseconds: FOR_EVER_MS },
        6 => FaultKind::Delay { milliseconds: rng.u64(100..7_000) },
        7 => FaultKind::SlowAnswer { milliseconds: rng.u64(100..7_000) },
        8 => FaultKind::Reset,
        9 => FaultKind::LostAnswer,
        10 => FaultKind::Truncated,
        11 => FaultKind::Malformed { status: None, body: None },
        12 => FaultKind::Malformed {
            status: (rng.usize(..3) == 0).then(|| [200, 302, 500, 503][rng.usize(..4)]),
            body: Some(SAYING_NOTHING[rng.usize(..SAYING_NOTHING.len())].to_owned()),
        },
        13 => FaultKind::Denied,
        14 => FaultKind::Stale { seconds: rng.u64(1..=10) },
        _ => FaultKind::Duplicate { second_answer: rng.bool() },
    }
}

/// A fault's kind in a word; what hangs is told from what is slow.
pub(super) fn name(kind: &FaultKind) -> String {
    let text = |value: Value| value["kind"].as_str().unwrap_or_default().to_owned();
    let name = text(serde_json::to_value(kind).unwrap_or_default());
    if *kind == (FaultKind::Delay { milliseconds: FOR_EVER_MS }) {
        "no answer, not carried out".to_owned()
    } else if *kind == (FaultKind::SlowAnswer { milliseconds: FOR_EVER_MS }) {
        "no answer, carried out".to_owned()
    } else {
        name.replace('_', " ")
    }
}
