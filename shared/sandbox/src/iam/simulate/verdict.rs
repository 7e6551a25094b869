//! One action on one resource, judged by all policies that bind a role.

use serde_json::{Value, json};

use crate::policy::{self, Context};

/// A policy that says what the role may do.
pub(super) struct Source {
    /// The policy's name.
    pub(super) id: String,
    /// `aws-managed`, `user-managed`, `role` or `none`.
    pub(super) kind: &'static str,
    /// Nothing, if the text of a policy is not known here: it allows nothing then.
    pub(super) document: Value,
}

/// What binds a role.
pub(super) struct Bounds {
    pub(super) identity: Vec<Source>,
    /// The documents of the permissions boundary, if there is one.
    pub(super) boundary: Option<Vec<Value>>,
    /// The actions that the organization denies, if there is one.
    pub(super) organization: Option<Vec<String>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Decision {
    Allowed,
    ImplicitDeny,
    ExplicitDeny,
}

impl Decision {
    pub(super) fn name(self) -> &'static str {
        match self {
            Decision::Allowed => "allowed",
            Decision::ImplicitDeny => "implicitDeny",
            Decision::ExplicitDeny => "explicitDeny",
        }
    }
}

pub(super) struct Verdict {
    pub(super) decision: Decision,
    pub(super) matched: Vec<Value>,
    /// Condition keys that count here and that the call does not give.
    pub(super) missing: Vec<String>,
    pub(super) by_boundary: Option<bool>,
    pub(super) by_organization: Option<bool>,
}

pub(super) fn judge(bounds: &Bounds, action: &str, resource: &str, context: &Context) -> Verdict {
    let (identity, matched) = of_identity(&bounds.identity, action, resource, context);
    let boundary = bounds.boundary.as_ref().map(|all| of_documents(all, action, resource, context));
    let by_organization =
        bounds.organization.as_ref().map(|denied| !denied.iter().any(|one| policy::is_action(one, action)));
    // What an organization denies it denies by a statement: there are no lists of what it allows here.
    let organization = match by_organization {
        Some(false) => Decision::ExplicitDeny,
        Some(true) | None => Decision::Allowed,
    };
    Verdict {
        decision: identity.max(boundary.unwrap_or(Decision::Allowed)).max(organization),
        matched,
        missing: missing(bounds, action, resource, context),
        by_boundary: boundary.map(|decision| decision == Decision::Allowed),
        by_organization,
    }
}

/// The statements that decide: of a denial those that deny, else those that allow.
fn of_identity(
    sources: &[Source],
    action: &str,
    resource: &str,
    context: &Context,
) -> (Decision, Vec<Value>) {
    let (mut denials, mut grants) = (Vec::new(), Vec::new());
    for source in sources {
        for statement in policy::statements(&source.document) {
            if policy::applies(statement, action, resource, context) {
                let told = json!({ "SourcePolicyId": source.id, "SourcePolicyType": source.kind });
                if policy::is_deny(statement) { denials.push(told) } else { grants.push(told) }
            }
        }
    }
    match (denials.is_empty(), grants.is_empty()) {
        (false, _) => (Decision::ExplicitDeny, denials),
        (true, false) => (Decision::Allowed, grants),
        (true, true) => (Decision::ImplicitDeny, Vec::new()),
    }
}

fn of_documents(documents: &[Value], action: &str, resource: &str, context: &Context) -> Decision {
    let source = |document: &Value| Source { id: String::new(), kind: "none", document: document.clone() };
    of_identity(&documents.iter().map(source).collect::<Vec<_>>(), action, resource, context).0
}

/// Keys of the conditions of statements that are about this action and resource.
fn missing(bounds: &Bounds, action: &str, resource: &str, context: &Context) -> Vec<String> {
    let identity = bounds.identity.iter().map(|source| &source.document);
    let documents = identity.chain(bounds.boundary.iter().flatten());
    let concerned = documents.flat_map(policy::statements).filter(|statement| {
        policy::covers_action(statement, action) && policy::covers_resource(statement, resource, context)
    });
    let mut missing: Vec<String> =
        concerned.flat_map(policy::keys).filter(|key| context.values(key).is_empty()).cloned().collect();
    missing.sort_unstable();
    missing.dedup();
    missing
}
