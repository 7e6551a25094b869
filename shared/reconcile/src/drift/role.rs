//! All that is said about the role that AWS Backup assumes.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::look::missed;
use super::registry::drifts;
use super::{document, tags};
use crate::desired::Tags;
use crate::say;
use crate::words::{Command, Prose, list, policies_apart};

drifts! {
/// A way in which the role differs.
RoleDrift of Role:

/// The role does not exist.
/// Without it AWS Backup starts no job and restores nothing.
Missing "missing" { arn: String } => {
    severity: Critical,
    attribute: [],
    values: json!(arn) => Value::Null,
    causes: ["DeleteRole"],
    answer: CreateRole "then its policies",
    holds_up: dependants,
    hides: the_rest,
    summary(at): say!("The role {} {} missing.", arn, at.is()),
    impact(at): at.choose(
        "AWS Backup has no role to assume: no job starts and no restore works.",
        "AWS Backup had no role to assume: no job started and no restore worked.",
    ),
    aftermath(at): Some(missed()),
}

/// A role of this name exists at another path.
/// It is another role: selections name the ARN with the spec's path and cannot use it. IAM role names are unique whatever their path.
PathDiffers "path-differs" { expected: String, observed: String } => {
    severity: Critical,
    attribute: [path],
    values: json!(expected) => json!(observed),
    causes: ["CreateRole"],
    answer: blocked "immutable" "a role cannot move",
    holds_up: dependants,
    summary(at): say!("The role {} at another path: expected {}, found {}.", at.is(), expected, observed),
    impact(at): at.choose(
        "Selections name a role that does not exist: their jobs do not start.",
        "Selections named a role that did not exist: their jobs did not start.",
    ),
    next_step(at): say!(
        "A role cannot move. Find out what else uses the role at the other path. Then detach its policies and delete it, and the next run makes {}; or change the path in the spec.",
        expected
    ),
}

/// The trust policy differs.
/// AWS Backup may be unable to assume the role, or somebody else may now be able to.
TrustDiffers "trust-differs" { expected: String, observed: String } => {
    severity: Critical,
    attribute: [trust],
    values: document(expected) => document(observed),
    causes: ["UpdateAssumeRolePolicy", "CreateRole"],
    answer: UpdateAssumeRolePolicy "as narrow as the policy that was found, where that keeps nobody out",
    holds_up: dependants,
    summary(at): {
        let (expected, observed) = policies_apart(expected, observed);
        say!("The trust policy {}: expected [{}], found [{}].", at.verb("differs", "differed"), expected, observed)
    },
    impact(at): at.choose(
        "AWS Backup may be unable to assume the role, so that no job starts; or somebody else may assume it.",
        "AWS Backup may have been unable to assume the role, so that no job started; or somebody else could assume it.",
    ),
    aftermath(at): Some(missed().and(Prose::own(
        "If the policy let somebody else in, find out who assumed the role: such sessions last until they expire.",
    ))),
}

/// The trust policy is narrower than the spec's, and lets nobody else in.
/// All whom the spec lets in are still there, under more conditions or beside a Deny of others. It is left alone: no put opens what was
/// found closed. Where the conditions keep AWS Backup out for sure it is `trust-differs` instead.
TrustStronger "trust-stronger" { certainly: bool, expected: String, observed: String } => {
    severity: [!*certainly => Critical "if it cannot be told whether the conditions hold for AWS Backup", else Low "otherwise"],
    attribute: [trust],
    values: document(expected) => document(observed),
    causes: ["UpdateAssumeRolePolicy", "CreateRole"],
    answer: blocked "needs-review",
    summary(at): {
        let (expected, observed) = policies_apart(expected, observed);
        say!("The trust policy {} narrower than the spec's: expected [{}], found [{}].", at.is(), expected, observed)
    },
    impact(at): if *certainly {
        Prose::own("AWS Backup can assume the role, and nobody else can whom the spec does not let in.")
    } else {
        Prose::own("Whether AWS Backup can still assume the role depends on what is not known here. If it cannot, no job starts.")
    },
    next_step(at): Prose::own(
        "It is left as it is: no run opens what it found closed. If it is meant, put it into the spec (trust); if not, put the spec's policy back yourself.",
    ),
}

/// A managed policy that the spec attaches is not attached.
/// Without it every backup job, or every restore, fails.
PolicyDetached "policy-detached" { policy_arn: String } => {
    severity: Critical,
    attribute: [managed_policies (ManagedPolicy policy_arn)],
    values: json!("attached") => json!("detached"),
    causes: ["DetachRolePolicy", "CreateRole", "DeleteRole"],
    answer: AttachRolePolicy,
    holds_up: dependants,
    request: "policyArn" = policy_arn,
    summary(at): say!("The managed policy {} {} not attached.", policy_arn, at.is()),
    impact(at): match Purpose::of(policy_arn) {
        Purpose::Restores => at.choose(
            "Restores fail because the role lacks permissions.",
            "Restores failed because the role lacked permissions.",
        ),
        Purpose::Backups => at.choose(
            "AWS Backup jobs fail because the role lacks permissions.",
            "AWS Backup jobs failed because the role lacked permissions.",
        ),
    },
    aftermath(at): match Purpose::of(policy_arn) {
        Purpose::Restores => None,
        Purpose::Backups => Some(missed()),
    },
}

/// A managed policy is attached that is not in the spec.
/// It can deny what backups need, or give away what the role may. It may also be a quarantine, so it is not detached.
PolicyUnexpected "policy-unexpected" { policy_arn: String } => {
    severity: High,
    attribute: [managed_policies (Other policy_arn)],
    values: Value::Null => json!("attached"),
    causes: ["AttachRolePolicy"],
    answer: blocked "needs-review",
    request: "policyArn" = policy_arn,
    summary(at): say!("The managed policy {} {} attached; it is not in the spec.", policy_arn, at.is()),
    impact(at): Prose::own("It may deny what jobs need, or give the role more than anybody designed."),
    next_step(at): Prose::own(
        "drift-healer never takes a policy away. Find out who attached it and why: it may be a deliberate quarantine. If nobody needs it, detach it; otherwise add it to the spec.",
    ),
    command(at, region): Some(Command::aws("iam get-policy").with("policy-arn", policy_arn)),
}

/// The role has an inline policy that is not in the spec.
/// As an unexpected managed policy, and less visible.
InlinePolicyUnexpected "inline-policy-unexpected" { policy: String } => {
    severity: High,
    attribute: [inline_policies (Other policy)],
    values: Value::Null => json!(policy),
    causes: ["PutRolePolicy"],
    answer: blocked "needs-review",
    request: "policyName" = policy,
    summary(at): say!("The role {} an inline policy named {} that is not in the spec.", at.has(), policy),
    impact(at): Prose::own("It may deny what jobs need, or give the role more than anybody designed."),
    next_step(at): Prose::own(
        "drift-healer never takes a policy away. Read it, and delete it if nobody needs it; otherwise add it to the spec.",
    ),
    command(at, region): Some(
        Command::aws("iam get-role-policy").with("role-name", at.name()).with("policy-name", policy)
    ),
}

/// An inline policy of the spec is not there.
/// What it gives, jobs lack; what it denies, the role may do. It is not put: whoever may put inline policies may give the role any right.
InlinePolicyMissing "inline-policy-missing" { policy: String } => {
    severity: High,
    attribute: [inline_policies (Other policy)],
    values: json!(policy) => Value::Null,
    causes: ["DeleteRolePolicy", "CreateRole"],
    answer: blocked "needs-review",
    request: "policyName" = policy,
    summary(at): say!("The inline policy {} {} missing.", policy, at.is()),
    impact(at): Prose::own("Jobs may lack a permission, or the role may have one that it should not have."),
    next_step(at): Prose::own("drift-healer does not put inline policies. Put it back with the tool that made it, or take it out of the spec."),
}

/// An inline policy says something else than the spec's.
/// It can deny what backups need, or give away what the role may.
InlinePolicyDiffers "inline-policy-differs" { policy: String, expected: String, observed: String } => {
    severity: High,
    attribute: [inline_policies (Other policy)],
    values: document(expected) => document(observed),
    causes: ["PutRolePolicy"],
    answer: blocked "needs-review",
    request: "policyName" = policy,
    summary(at): {
        let (expected, observed) = policies_apart(expected, observed);
        say!("The inline policy {} {}: expected [{}], found [{}].", policy, at.verb("differs", "differed"), expected, observed)
    },
    impact(at): Prose::own("It may deny what jobs need, or give the role more than anybody designed."),
    next_step(at): Prose::own("drift-healer does not put inline policies. Put it back with the tool that made it, or change the spec."),
    command(at, region): Some(
        Command::aws("iam get-role-policy").with("role-name", at.name()).with("policy-name", policy)
    ),
}

/// The role has another permissions boundary than the spec's, or none.
/// An organization that demands a boundary may refuse the role without it; another one may take away what jobs need.
BoundaryDiffers "boundary-differs" { expected: String, observed: Option<String> } => {
    severity: High,
    attribute: [permissions_boundary],
    values: json!(expected) => json!(observed),
    causes: ["PutRolePermissionsBoundary", "DeleteRolePermissionsBoundary", "CreateRole"],
    answer: blocked "needs-review",
    summary(at): match observed {
        Some(observed) => say!("The role {} the permissions boundary {}; expected {}.", at.has(), observed, expected),
        None => say!("The role {} no permissions boundary; expected {}.", at.has(), expected),
    },
    impact(at): Prose::own("Another boundary may take away what jobs need; without one the role may do more than the organization wants."),
    next_step(at): Prose::own("drift-healer changes no boundary of a role that is there. Put the right one:"),
    command(at, region): Some(
        Command::aws("iam put-role-permissions-boundary")
            .with("role-name", at.name())
            .with("permissions-boundary", expected)
    ),
}

/// The role may not do what AWS Backup needs.
/// IAM itself worked this out from the role's policies, its boundary and the organization's policies. Jobs that need it fail.
ActionDenied "action-denied" { role_arn: String, actions: BTreeSet<String> } => {
    severity: Critical,
    attribute: [permissions],
    values: json!("allowed") => json!({ "denied": actions }),
    causes: ["PutRolePolicy", "PutRolePermissionsBoundary", "DetachRolePolicy", "AttachRolePolicy"],
    answer: blocked "needs-review",
    summary(at): say!("IAM {} the role: {}.", at.verb("denies", "denied"), list(actions)),
    impact(at): at.choose("Jobs that need it fail.", "Jobs that needed it failed."),
    next_step(at): Prose::own("Find out what denies it: a policy of the role, its boundary, or a service control policy."),
    command(at, region): Some(
        Command::aws("iam simulate-principal-policy")
            .with("policy-source-arn", role_arn)
            .with_each("action-names", actions)
    ),
}

/// The role has a permissions boundary, and the spec has none.
/// A boundary silently takes rights away, whatever the policies say.
BoundaryUnexpected "boundary-unexpected" { boundary_arn: String } => {
    severity: High,
    attribute: [permissions_boundary],
    values: Value::Null => json!(boundary_arn),
    causes: ["PutRolePermissionsBoundary", "CreateRole"],
    answer: blocked "needs-review",
    summary(at): say!("The role {} the permissions boundary {}; the spec has none.", at.has(), boundary_arn),
    impact(at): Prose::own("A boundary takes rights away, whatever the policies say: jobs may fail."),
    next_step(at): Prose::own(
        "drift-healer never takes a boundary away. Read what it allows, and find out who wants it; if nobody does, remove it.",
    ),
    command(at, region): Some(Command::aws("iam get-policy").with("policy-arn", boundary_arn)),
}

/// A tag of the spec is missing or has another value.
/// Tags carry no protection by themselves. Tags that the spec does not name are left alone.
TagsDiffer "tags-differ" { expected: Tags, observed: Tags } => {
    severity: Low,
    attribute: [tags],
    values: json!(expected) => json!(observed),
    causes: ["UntagRole", "TagRole", "CreateRole"],
    answer: TagRole "if the spec tags the role",
    summary(at): tags::summary(expected, observed),
    impact(at): tags::impact(at),
}
}

/// What one of AWS's managed policies for the role is for.
enum Purpose {
    Backups,
    Restores,
}

impl Purpose {
    /// By the name that AWS gave it ("Managed policies for AWS Backup").
    fn of(policy_arn: &str) -> Self {
        const FOR_RESTORES: &str = "ForRestores";
        if policy_arn.ends_with(FOR_RESTORES) { Self::Restores } else { Self::Backups }
    }
}
