//! Refusals that do not pass by themselves: what stands behind them, where AWS's code or words tell, and what a person does about it.

use crate::call::CallError;
use crate::words::Reader;

/// A cause of refusals, known by AWS's code or by words of its message.
struct Permanent {
    codes: &'static [&'static str],
    /// The message holds one of them; none is needed where there are none.
    words: &'static [&'static str],
    advice: Advice,
}

/// What a person does about it.
enum Advice {
    /// The same, whoever reads it.
    All(&'static str),
    /// Whoever looks after the function does something else than whoever called `drift`.
    Each { deployer: &'static str, caller: &'static str },
}

const PRINCIPAL: &str = "The policy in the spec names somebody who does not exist, so AWS refuses it. Make that role or user again, or take it out of the spec. If it was made minutes ago, the next run will do.";
const ROLE: &str = "AWS Backup cannot use the role: the role is the cause, not the selection. Check its trust, its policies and boundary, and service control policies.";

/// The first that fits counts.
const PERMANENT: [Permanent; 8] = [
    Permanent {
        codes: &["OptInRequired", "UnrecognizedClientException", "InvalidClientTokenId"],
        words: &[],
        advice: Advice::All(
            "The region is probably not enabled for this account, or the credentials do not count there. Enable the region in the account's settings, or name another region in the spec.",
        ),
    },
    Permanent {
        codes: &["UnsupportedOperationException", "UnsupportedOperation"],
        words: &[],
        advice: Advice::All(
            "AWS does not support this for such a resource, so each run is refused in the same way. Change the spec, or replace the resource.",
        ),
    },
    Permanent {
        codes: &["InvalidRequestException", "InvalidParameterValueException", "ValidationException"],
        words: &["not supported", "unsupported"],
        advice: Advice::All(
            "AWS does not support this here, so each run is refused in the same way. Read AWS's words, and change the spec.",
        ),
    },
    Permanent {
        codes: &[],
        words: &["deny in a service control policy", "deny in a resource control policy"],
        advice: Advice::Each {
            deployer: "A policy of the organization forbids it, so nothing in this account helps. Ask whoever owns that policy to exempt the function's role.",
            caller: "A policy of the organization forbids it, so nothing in this account helps. Ask whoever owns that policy to exempt your role.",
        },
    },
    Permanent {
        codes: &[],
        words: &["permissions boundary"],
        advice: Advice::Each {
            deployer: "The permissions boundary of the function's role forbids it. Change the boundary, or deploy the function with another one.",
            caller: "The permissions boundary of your role forbids it. Change the boundary, or use another role.",
        },
    },
    Permanent {
        codes: &[],
        words: &["deny in a resource-based policy"],
        advice: Advice::Each {
            deployer: "The resource's own policy forbids it to the function. Exempt the function's role there, or remove that denial with a role that it does not reach.",
            caller: "The resource's own policy forbids it to you. Exempt your role there, or remove that denial with a role that it does not reach.",
        },
    },
    Permanent {
        codes: &[],
        words: &["no identity-based policy allows"],
        advice: Advice::Each {
            deployer: "The caller lacks the permission. Deploy the current template, which gives the function the rights that the code needs.",
            caller: "You lack the permission. drift check --rights prints the policy for looking; a repair also needs the permission for the call.",
        },
    },
    Permanent {
        codes: &["LimitExceededException", "LimitExceeded"],
        words: &[],
        advice: Advice::All(
            "A quota of the account is reached. Delete what is not needed, or ask AWS for a larger quota.",
        ),
    },
];

/// What a person does about a refusal, if its cause is known and does not pass by itself.
pub(crate) fn advice(error: &CallError, reader: &Reader) -> Option<&'static str> {
    if error.is_about_a_principal() {
        return Some(PRINCIPAL);
    }
    if error.is_about_role() {
        return Some(ROLE);
    }
    let fits = |cause: &&Permanent| {
        let code = cause.codes.is_empty() || cause.codes.contains(&error.code.as_str());
        let words = cause.words.is_empty() || cause.words.iter().any(|words| error.message.contains(words));
        code && words
    };
    PERMANENT.iter().find(fits).map(|cause| match cause.advice {
        Advice::All(advice) => advice,
        Advice::Each { deployer, caller } => reader.choose(deployer, caller),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_known_refusal_has_a_sentence_of_its_own() {
        let told = |code: &str, message: &str| {
            let error = CallError { code: code.to_owned(), message: message.to_owned() };
            advice(&error, &Reader::Deployer)
        };
        for (code, message, words) in [
            (
                "InvalidParameterValueException",
                "Provided principal is not valid",
                "names somebody who does not exist",
            ),
            (
                "MalformedPolicyDocumentException",
                "Policy contains a statement with one or more invalid principals.",
                "names somebody",
            ),
            (
                "MalformedPolicyDocument",
                "Invalid principal in policy: \"AWS\":\"arn:aws:iam::123456789012:role/gone\"",
                "names somebody",
            ),
            (
                "UnrecognizedClientException",
                "The security token included in the request is invalid.",
                "region is probably not enabled",
            ),
            (
                "OptInRequired",
                "The AWS Access Key Id needs a subscription for the service",
                "region is probably not enabled",
            ),
            ("UnsupportedOperationException", "", "does not support this for such a resource"),
            (
                "InvalidRequestException",
                "The operation is not supported in this region",
                "does not support this here",
            ),
            (
                "InvalidParameterValueException",
                "IAM Role arn:aws:iam::123456789012:role/r cannot be assumed by AWS Backup",
                "the role is the cause",
            ),
            (
                "AccessDeniedException",
                "User: x is not authorized to perform: y with an explicit deny in a service control policy",
                "policy of the organization",
            ),
            (
                "AccessDenied",
                "User: x is not authorized to perform: y because no permissions boundary allows the y action",
                "permissions boundary of the function",
            ),
            (
                "AccessDeniedException",
                "User: x is not authorized to perform: y with an explicit deny in a resource-based policy",
                "resource's own policy",
            ),
            (
                "AccessDeniedException",
                "User: x is not authorized to perform: y because no identity-based policy allows the y action",
                "lacks the permission",
            ),
            ("LimitExceededException", "", "quota"),
        ] {
            let advice = told(code, message).unwrap_or_else(|| panic!("{code}: {message}"));
            assert!(advice.contains(words), "{code}: {message}: {advice}");
        }
        for (code, message) in [
            ("ThrottlingException", "Rate exceeded"),
            ("AccessDeniedException", "Insufficient privileges to perform this action."),
            ("InternalFailure", ""),
        ] {
            assert_eq!(told(code, message), None, "{code}");
        }
    }
}
