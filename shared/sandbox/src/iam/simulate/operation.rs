//! The operation: what it asks and answers.

use serde_json::{Value, json};

use super::verdict::{Bounds, Decision, Source, Verdict, judge};
use crate::error::AwsError;
use crate::iam::find::{malformed, no_such_entity};
use crate::iam::managed;
use crate::operation::Answer;
use crate::page;
use crate::policy::{self, Context};
use crate::request::{Request, without_nulls};
use crate::state::{Account, Iam, Role};

/// Each action on each resource, in the order of the call. Policies of resources play no part: AWS does not take them for
/// roles.
pub(in crate::iam) fn principal(account: &mut Account, request: &Request) -> Answer {
    let arn = request.required("PolicySourceArn")?;
    if !arn.starts_with("arn:") {
        return Err(AwsError::bad("InvalidInput", format!("Invalid Entity Arn: {arn}")));
    }
    let role = account.iam.role_by_arn(arn);
    // Of users and groups there are none here.
    let role = role.ok_or_else(|| no_such_entity(format!("{arn} does not exist.")))?;
    let bounds = bounds(&account.iam, role, request)?;
    let context = context(role, request);
    let actions: Vec<&str> = request.list("ActionNames").iter().filter_map(Value::as_str).collect();
    if actions.is_empty() {
        return Err(request.missing("ActionNames"));
    }
    let resources: Vec<&str> = request.list("ResourceArns").iter().filter_map(Value::as_str).collect();
    let results = actions.iter().enumerate().map(|(at, action)| {
        let judge = |resource: &&str| judge(&bounds, action, resource, &context);
        let result = match resources.is_empty() {
            true => result(action, "*", &judge(&"*")),
            false => of_resources(action, &resources, resources.iter().map(judge).collect()),
        };
        (format!("{at:06}"), result)
    });
    let page = request.page(results.collect(), &page::IAM)?;
    Ok(without_nulls(json!({
        "EvaluationResults": page.items,
        "IsTruncated": page.next.is_some(),
        "Marker": page.next,
    })))
}

fn bounds(iam: &Iam, role: &Role, request: &Request) -> Result<Bounds, AwsError> {
    let managed = |arn: &String| {
        let own = if arn.contains(":iam::aws:policy/") { "aws-managed" } else { "user-managed" };
        let name = arn.rsplit('/').next().unwrap_or(arn);
        Source { id: name.to_owned(), kind: own, document: read(managed::document(iam, arn).as_deref()) }
    };
    let inline = |(name, text): (&String, &String)| {
        let id = format!("role_{}_{name}", role.name);
        Source { id, kind: "role", document: read(Some(text)) }
    };
    let given = documents(request, "PolicyInputList")?;
    let added = given.into_iter().enumerate().map(|(at, document)| {
        let id = format!("PolicyInputList.{}", at + 1);
        Source { id, kind: "none", document }
    });
    let other = documents(request, "PermissionsBoundaryPolicyInputList")?;
    let own = role.boundary.as_ref().map(|arn| vec![read(managed::document(iam, arn).as_deref())]);
    let settings = &request.settings;
    let denied = &settings.denied_by_organization;
    let is_member = settings.organization.is_some() || !denied.is_empty();
    Ok(Bounds {
        identity: role
            .attached
            .iter()
            .map(managed)
            .chain(role.inline.iter().map(inline))
            .chain(added)
            .collect(),
        boundary: if other.is_empty() { own } else { Some(other) },
        organization: is_member.then(|| denied.clone()),
    })
}

fn read(text: Option<&str>) -> Value {
    text.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default()
}

/// Documents that the call brings along.
fn documents(request: &Request, name: &str) -> Result<Vec<Value>, AwsError> {
    let given = request.list(name).iter().filter_map(Value::as_str);
    given
        .map(|text| policy::parse(text).map_err(|why| malformed(format!("{name} is not valid: {why}"))))
        .collect()
}

/// The keys that the call gives, and those that say who calls.
fn context(role: &Role, request: &Request) -> Context {
    let caller = request.text("CallerArn").unwrap_or(&role.arn);
    let known = Context::default()
        .with("aws:PrincipalArn", [caller])
        .with("aws:PrincipalAccount", caller.split(':').nth(4));
    request.list("ContextEntries").iter().fold(known, |context, entry| {
        let values = entry.get("ContextKeyValues").and_then(Value::as_array).into_iter().flatten();
        let key = entry.get("ContextKeyName").and_then(Value::as_str).unwrap_or_default();
        context.with(key, values.filter_map(Value::as_str))
    })
}

fn result(action: &str, resource: &str, verdict: &Verdict) -> Value {
    json!({
        "EvalActionName": action,
        "EvalResourceName": resource,
        "EvalDecision": verdict.decision.name(),
        "MatchedStatements": verdict.matched,
        "MissingContextValues": verdict.missing,
        "OrganizationsDecisionDetail":
            verdict.by_organization.map(|allowed| json!({ "AllowedByOrganizations": allowed })),
        "PermissionsBoundaryDecisionDetail": of_boundary(verdict),
    })
}

fn of_boundary(verdict: &Verdict) -> Option<Value> {
    verdict.by_boundary.map(|allowed| json!({ "AllowedByPermissionsBoundary": allowed }))
}

/// The result for several resources: the hardest decision, and each resource's own below it, with what is missing for it.
fn of_resources(action: &str, resources: &[&str], verdicts: Vec<Verdict>) -> Value {
    let of_one = |(resource, verdict): (&&str, &Verdict)| {
        json!({
            "EvalResourceName": resource,
            "EvalResourceDecision": verdict.decision.name(),
            "MatchedStatements": verdict.matched,
            "MissingContextValues": verdict.missing,
            "PermissionsBoundaryDecisionDetail": of_boundary(verdict),
        })
    };
    let each: Vec<Value> = resources.iter().zip(&verdicts).map(of_one).collect();
    let decision = verdicts.iter().map(|verdict| verdict.decision).max().unwrap_or(Decision::ImplicitDeny);
    let all = |allowed: fn(&Verdict) -> Option<bool>| {
        verdicts.iter().filter_map(allowed).reduce(|left, right| left && right)
    };
    let whole = Verdict {
        decision,
        matched: verdicts.iter().flat_map(|verdict| verdict.matched.clone()).collect(),
        missing: Vec::new(),
        by_boundary: all(|verdict| verdict.by_boundary),
        by_organization: all(|verdict| verdict.by_organization),
    };
    let mut result = result(action, "*", &whole);
    result["ResourceSpecificResults"] = each.into();
    result
}
