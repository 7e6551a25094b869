//! From the JSON tree to the normal form: every element is read into the one spelling that all its spellings share, and
//! whatever is not in the policy grammar is refused with its place.

use std::collections::{BTreeMap, BTreeSet};

use super::Policy;
use super::error::{PolicyError, WHOLE, within};
use super::json::Json;
use super::statement::{Action, Condition, Effect, Principal, Statement, Terms};
use crate::region::is_partition;

const PRINCIPAL_KINDS: [&str; 4] = ["AWS", "CanonicalUser", "Federated", "Service"];

pub(super) fn policy(document: &Json) -> Result<Policy, PolicyError> {
    let elements = Elements::of(document, WHOLE, &["Version", "Id", "Statement"])?;
    let version = match elements.text("Version")? {
        // IAM's default, and not the version that most documents name: under it `${aws:username}` is plain text.
        None | Some("2008-10-17") => "2008-10-17",
        Some("2012-10-17") => "2012-10-17",
        Some(other) => {
            return Err(PolicyError::WrongValue {
                place: "Version".to_owned(),
                found: other.to_owned(),
                allowed: "`2012-10-17`, or `2008-10-17`, which is also the default",
            });
        }
    };
    let mut statements: BTreeMap<Statement, BTreeSet<Option<String>>> = BTreeMap::new();
    let mut keep = |json: &Json, place: &str| {
        let (statement, sid) = statement(json, place)?;
        statements.entry(statement).or_default().insert(sid);
        Ok(())
    };
    match elements.find("Statement") {
        None => return Err(PolicyError::Missing { place: WHOLE.to_owned(), element: "Statement" }),
        Some(Json::Array(items)) => {
            items
                .iter()
                .enumerate()
                .try_for_each(|(index, item)| keep(item, &format!("Statement[{index}]")))?;
        }
        Some(single) => keep(single, "Statement")?,
    }
    Ok(Policy { version, id: elements.label("Id")?, statements })
}

fn statement(json: &Json, place: &str) -> Result<(Statement, Option<String>), PolicyError> {
    let elements = Elements::of(
        json,
        place,
        &[
            "Sid",
            "Effect",
            "Principal",
            "NotPrincipal",
            "Action",
            "NotAction",
            "Resource",
            "NotResource",
            "Condition",
        ],
    )?;
    let actions = elements.terms("Action", "NotAction", |json, place| {
        Ok(strings(json, place)?.iter().map(|written| Action::new(written)).collect())
    })?;
    let statement = Statement {
        effect: effect(&elements)?,
        principals: elements.terms("Principal", "NotPrincipal", principals)?,
        actions: actions.ok_or_else(|| elements.missing("Action or NotAction"))?,
        resources: elements.terms("Resource", "NotResource", strings)?,
        condition: elements
            .find("Condition")
            .map_or_else(|| Ok(Condition::new()), |json| condition(json, &within(place, "Condition")))?,
    };
    Ok((statement, elements.label("Sid")?))
}

/// In any case: the IAM guide calls it case-sensitive, yet IAM has stored `"allow"` in trust policies.
fn effect(elements: &Elements) -> Result<Effect, PolicyError> {
    match elements.text("Effect")? {
        None => Err(elements.missing("Effect")),
        Some(text) if text.eq_ignore_ascii_case("Allow") => Ok(Effect::Allow),
        Some(text) if text.eq_ignore_ascii_case("Deny") => Ok(Effect::Deny),
        Some(text) => Err(PolicyError::WrongValue {
            place: within(elements.place, "Effect"),
            found: text.to_owned(),
            allowed: "`Allow` or `Deny`",
        }),
    }
}

fn principals(json: &Json, place: &str) -> Result<BTreeSet<Principal>, PolicyError> {
    if let Json::String(text) = json {
        return match text.as_str() {
            "*" => Ok(BTreeSet::from([Principal::everyone()])),
            _ => Err(PolicyError::WrongValue {
                place: place.to_owned(),
                found: text.clone(),
                allowed: "`*`, or an object such as {\"AWS\": \"123456789012\"}",
            }),
        };
    }
    let kinds = Elements::of(json, place, &PRINCIPAL_KINDS)?;
    let mut set = BTreeSet::new();
    for kind in PRINCIPAL_KINDS {
        let Some(json) = kinds.find(kind) else { continue };
        for name in strings(json, &within(place, kind))? {
            let name =
                if kind == "AWS" { account_of_root(&name).map_or(name.clone(), str::to_owned) } else { name };
            set.insert(Principal { kind, name });
        }
    }
    Ok(set)
}

/// `arn:aws:iam::123456789012:root` is what the services return for the account id that was sent. The partition is not
/// part of the meaning, since an account id lives in one partition only.
fn account_of_root(name: &str) -> Option<&str> {
    let (partition, rest) = name.strip_prefix("arn:")?.split_once(':')?;
    let account = rest.strip_prefix("iam::")?.strip_suffix(":root")?;
    let is_account = account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit());
    (is_partition(partition) && is_account).then_some(account)
}

fn condition(json: &Json, place: &str) -> Result<Condition, PolicyError> {
    let mut operators = Condition::new();
    for (operator, tests) in members(json, place)? {
        let place = within(place, operator);
        let mut keys: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (key, values) in members(tests, &place)? {
            // Key names have no case, so two spellings of one key are a repetition: joined they would be "or" where IAM
            // may read "and".
            if keys
                .insert(key.to_ascii_lowercase(), condition_values(values, &within(&place, key))?)
                .is_some()
            {
                return Err(PolicyError::DuplicateKey { place, key: key.clone() });
            }
        }
        operators.insert(operator.clone(), keys);
    }
    Ok(operators)
}

fn condition_values(json: &Json, place: &str) -> Result<BTreeSet<String>, PolicyError> {
    let allowed = "a string, a number, a boolean, or a list of these";
    each(json, place, |item, place| match item {
        Json::String(text) | Json::Number(text) => Ok(text.clone()),
        Json::Bool(value) => Ok(value.to_string()),
        Json::Null | Json::Array(_) | Json::Object(_) => Err(wrong_type(place, item, allowed)),
    })
}

fn strings(json: &Json, place: &str) -> Result<BTreeSet<String>, PolicyError> {
    each(json, place, |item, place| match item {
        Json::String(text) => Ok(text.clone()),
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::Array(_) | Json::Object(_) => {
            Err(wrong_type(place, item, "a string or a list of strings"))
        }
    })
}

/// A scalar is a list of one, and a list is a set.
fn each(
    json: &Json,
    place: &str,
    read: impl Fn(&Json, &str) -> Result<String, PolicyError>,
) -> Result<BTreeSet<String>, PolicyError> {
    if let Json::Array(items) = json {
        return items
            .iter()
            .enumerate()
            .map(|(index, item)| read(item, &format!("{place}[{index}]")))
            .collect();
    }
    Ok(BTreeSet::from([read(json, place)?]))
}

fn members<'a>(json: &'a Json, place: &str) -> Result<&'a [(String, Json)], PolicyError> {
    let Json::Object(members) = json else { return Err(wrong_type(place, json, "an object")) };
    Ok(members)
}

fn wrong_type(place: &str, json: &Json, allowed: &'static str) -> PolicyError {
    PolicyError::WrongType { place: place.to_owned(), found: json.kind(), allowed }
}

/// An object of the policy grammar, known to have no member beyond the allowed ones.
struct Elements<'a> {
    place: &'a str,
    members: &'a [(String, Json)],
}

impl<'a> Elements<'a> {
    fn of(json: &'a Json, place: &'a str, allowed: &[&str]) -> Result<Elements<'a>, PolicyError> {
        let members = members(json, place)?;
        match members.iter().find(|(name, _)| !allowed.contains(&name.as_str())) {
            Some((name, _)) => Err(PolicyError::UnknownElement {
                place: place.to_owned(),
                element: name.clone(),
                allowed: allowed.join(", "),
            }),
            None => Ok(Elements { place, members }),
        }
    }

    fn find(&self, name: &str) -> Option<&'a Json> {
        self.members.iter().find(|(member, _)| member == name).map(|(_, json)| json)
    }

    fn text(&self, name: &str) -> Result<Option<&'a str>, PolicyError> {
        match self.find(name) {
            None => Ok(None),
            Some(Json::String(text)) => Ok(Some(text)),
            Some(other) => Err(wrong_type(&within(self.place, name), other, "a string")),
        }
    }

    /// An empty label is no label: templates write `"Sid": ""` for a statement without one.
    fn label(&self, name: &str) -> Result<Option<String>, PolicyError> {
        Ok(self.text(name)?.filter(|text| !text.is_empty()).map(str::to_owned))
    }

    fn terms<T>(
        &self,
        positive: &'static str,
        negative: &'static str,
        read: impl Fn(&Json, &str) -> Result<BTreeSet<T>, PolicyError>,
    ) -> Result<Option<Terms<T>>, PolicyError> {
        match (self.find(positive), self.find(negative)) {
            (None, None) => Ok(None),
            (Some(json), None) => Ok(Some(Terms::Is(read(json, &within(self.place, positive))?))),
            (None, Some(json)) => Ok(Some(Terms::Not(read(json, &within(self.place, negative))?))),
            (Some(_), Some(_)) => {
                Err(PolicyError::Contradictory { place: self.place.to_owned(), element: positive })
            }
        }
    }

    fn missing(&self, element: &'static str) -> PolicyError {
        PolicyError::Missing { place: self.place.to_owned(), element }
    }
}
