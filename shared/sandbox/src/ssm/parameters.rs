//! Parameters, each with all its versions.

use serde_json::{Value, json};

use crate::clock::epoch;
use crate::error::AwsError;
use crate::operation::Answer;
use crate::request::{Request, without_nulls};
use crate::state::{Account, Parameter, ParameterVersion, Region};

/// What a standard parameter may hold.
const LARGEST: usize = 4096;
const KINDS: [&str; 3] = ["String", "StringList", "SecureString"];

/// AWS says nothing more.
fn not_found() -> AwsError {
    AwsError::bad("ParameterNotFound", "")
}

/// The ARN has one slash before a name, whether the name begins with one or not.
fn arn(region: &Region, name: &str) -> String {
    region.arn("ssm", &format!("parameter/{}", name.trim_start_matches('/')))
}

/// The parameter that a name or an ARN means, and what comes after a colon: a version or a label.
fn found<'a>(region: &'a Region, given: &'a str) -> Option<(&'a Parameter, Option<&'a str>)> {
    let given = given.trim();
    let own = region.arn("ssm", "parameter/");
    let is = |parameter: &&Parameter, name: &str| match name.starts_with("arn:") {
        true => arn(region, &parameter.name) == name,
        false => parameter.name == name,
    };
    // An ARN has colons of its own.
    let names = if given.starts_with(&own) { own.len() } else { 0 };
    let (name, selector) = match given[names..].split_once(':') {
        Some((name, selector)) => (&given[..names + name.len()], Some(selector)),
        None => (given, None),
    };
    let parameter = region.ssm.parameters.values().find(|parameter| is(parameter, name))?;
    Some((parameter, selector))
}

pub(super) fn read(account: &mut Account, request: &Request) -> Answer {
    let region = account.region(&request.region);
    let (parameter, selector) = found(region, request.required("Name")?).ok_or_else(not_found)?;
    let (latest, none) = (parameter.versions.len(), "Systems Manager could not find version");
    let number = selector.map_or(Some(latest), |selector| selector.parse().ok());
    let version = number.and_then(|number| Some((number, parameter.versions.get(number.checked_sub(1)?)?)));
    let (number, version) = version.ok_or_else(|| {
        // There are no labels here.
        let message = format!("{none} {} of {}.", selector.unwrap_or_default(), parameter.name);
        AwsError::bad("ParameterVersionNotFound", message)
    })?;
    let hidden = parameter.kind == "SecureString" && !request.flag("WithDecryption");
    let value = if hidden { "AQICAHhencrypted".to_owned() } else { version.value.clone() };
    Ok(without_nulls(json!({
        "Parameter": {
            "Name": parameter.name,
            "Type": parameter.kind,
            "Value": value,
            "Version": number,
            "Selector": selector.map(|selector| format!(":{selector}")),
            "LastModifiedDate": epoch(version.modified),
            "ARN": arn(region, &parameter.name),
            "DataType": "text",
        },
    })))
}

/// What Parameter Store takes as a name.
fn check_name(name: &str, request: &Request) -> Result<(), AwsError> {
    let lower = name.trim_start_matches('/').to_ascii_lowercase();
    if lower.starts_with("aws") {
        return Err(AwsError::bad(
            "AccessDeniedException",
            format!("No access to reserved parameter name: {name}."),
        ));
    }
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"._-/".contains(&byte);
    let is_path = name.starts_with('/') || !name.contains('/');
    if name.is_empty() || !name.bytes().all(allowed) || !is_path || lower.starts_with("ssm") {
        return Err(request.invalid(
            "Parameter name: can't be prefixed with \"ssm\" (case-insensitive). If formed as a path, it can \
             consist of sub-paths divided by slash symbol; each sub-path can be formed as a mix of letters, \
             numbers and the following 3 symbols .-_",
        ));
    }
    Ok(())
}

pub(super) fn put(account: &mut Account, request: &Request) -> Answer {
    let name = request.required("Name")?.trim().to_owned();
    check_name(&name, request)?;
    let value = request.required("Value")?;
    if value.len() > LARGEST {
        return Err(
            request.invalid(format!("Standard tier parameters support a maximum of {LARGEST} characters"))
        );
    }
    let kind = request.text("Type");
    if kind.is_some_and(|kind| !KINDS.contains(&kind)) {
        return Err(AwsError::bad("UnsupportedParameterType", "The parameter type is not supported."));
    }
    let region = account.region(&request.region);
    let known = region.ssm.parameters.get(&name);
    if known.is_some() && !request.flag("Overwrite") {
        let why = "The parameter already exists. To overwrite this value, set the overwrite option in the request to true.";
        return Err(AwsError::bad("ParameterAlreadyExists", why));
    }
    let kind = kind.map(str::to_owned).or_else(|| known.map(|known| known.kind.clone()));
    let kind =
        kind.ok_or_else(|| request.invalid("A parameter type is required when you create a parameter."))?;
    let fresh = Parameter { name: name.clone(), kind: String::new(), versions: Vec::new() };
    let parameter = region.ssm.parameters.entry(name).or_insert(fresh);
    parameter.kind = kind;
    parameter.versions.push(ParameterVersion { value: value.to_owned(), modified: request.now });
    Ok(json!({ "Version": parameter.versions.len(), "Tier": "Standard" }))
}

pub(super) fn delete(account: &mut Account, request: &Request) -> Answer {
    let name = request.required("Name")?.trim();
    let removed = account.region(&request.region).ssm.parameters.remove(name);
    removed.map(|_| Value::Null).ok_or_else(not_found)
}
