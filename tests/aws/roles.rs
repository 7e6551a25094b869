//! The roles: what IAM says that is denied to them, what of them could not be read, and who we are.

use std::collections::{BTreeMap, BTreeSet};

use aws_account::{Caller, Identity};
use drift_tests::model::{SPEC, resolve};
use reconcile::desired::{Desired, SelectionDocument};
use reconcile::read::Read;
use reconcile::run::Account;
use reconcile::state::{Observation, Role};

use crate::records::account;
use crate::scripted::{Asked, Reply, Script};

/// The spec's role, and nothing else; with AWS's policy for backups or without any.
fn one_role(is_for_backups: bool) -> Desired {
    let mut desired = resolve(SPEC);
    desired.roles.truncate(1);
    if !is_for_backups {
        desired.roles[0].managed_policies = ["arn:aws:iam::aws:policy/ForRestores".to_owned()].into();
    }
    (desired.keys, desired.vaults, desired.plans, desired.region_settings) = Default::default();
    desired
}

fn iam(operation: &str, result: &str) -> Reply {
    let body =
        format!("<{operation}Response><{operation}Result>{result}</{operation}Result></{operation}Response>");
    Reply::Now(200, body)
}

fn refused(code: &str) -> Reply {
    let error =
        format!("<ErrorResponse><Error><Code>{code}</Code><Message>m</Message></Error></ErrorResponse>");
    Reply::Now(400, error)
}

fn role(arn: &str) -> Reply {
    let inside = format!(
        "<Role><Path>/</Path><RoleName>r</RoleName><RoleId>i</RoleId><Arn>{arn}</Arn><CreateDate>2025-01-01T00:00:00Z</CreateDate>\
        <AssumeRolePolicyDocument>%7B%7D</AssumeRolePolicyDocument></Role>"
    );
    iam("GetRole", &inside)
}

/// One page of a list, and whether there are more; they are told apart by their markers.
fn page(operation: &str, members: &str, more: Option<&str>) -> Reply {
    let more = more.map_or("<IsTruncated>false</IsTruncated>".to_owned(), |marker| {
        format!("<IsTruncated>true</IsTruncated><Marker>{marker}</Marker>")
    });
    iam(operation, &format!("{members}{more}"))
}

fn result(action: &str, more: &str) -> String {
    format!("<member><EvalActionName>{action}</EvalActionName>{more}</member>")
}

/// An account that has the role as the spec means it, and answers one read in another way.
fn answering(
    desired: &Desired,
    read: &'static str,
    answer: impl Fn(usize) -> Reply + Send + Sync + 'static,
) -> Script {
    let arn = desired.roles[0].arn.clone();
    Script::new(move |asked, before| match asked.what.as_str() {
        what if what == read => answer(before),
        "GetRole" => role(&arn),
        "ListAttachedRolePolicies" => page("ListAttachedRolePolicies", "<AttachedPolicies/>", None),
        "ListRolePolicies" => page("ListRolePolicies", "<PolicyNames/>", None),
        "SimulatePrincipalPolicy" => page("SimulatePrincipalPolicy", "<EvaluationResults/>", None),
        _ => refused("AccessDenied"),
    })
}

async fn look(script: &Script, desired: &Desired) -> Observation<Role> {
    account(script).observe(desired).await.roles.into_values().next().unwrap()
}

fn present(seen: Observation<Role>) -> Role {
    let Observation::Present(role) = seen else { panic!("{seen:?}") };
    role
}

const SIMULATE: &str = "SimulatePrincipalPolicy";

#[tokio::test(start_paused = true)]
async fn what_is_denied_is_what_a_policy_a_boundary_or_an_organization_denies() {
    let boundary = |allows: bool| {
        format!(
            "<PermissionsBoundaryDecisionDetail><AllowedByPermissionsBoundary>{allows}</AllowedByPermissionsBoundary></PermissionsBoundaryDecisionDetail>"
        )
    };
    let organization = |allows: bool| {
        format!(
            "<OrganizationsDecisionDetail><AllowedByOrganizations>{allows}</AllowedByOrganizations></OrganizationsDecisionDetail>"
        )
    };
    let lacks = "<MissingContextValues><member>aws:PrincipalOrgID</member></MissingContextValues>";
    let (explicit, implicit, allowed) = ["explicitDeny", "implicitDeny", "allowed"]
        .map(|word| format!("<EvalDecision>{word}</EvalDecision>"))
        .into();
    let desired = one_role(true);
    for (answer, is_denied) in [
        (explicit.clone(), true),
        (format!("{explicit}{lacks}"), true),
        // Not allowed by anything: that may come of what the question leaves out.
        (implicit.clone(), false),
        (format!("{implicit}{}", boundary(false)), true),
        (format!("{implicit}{}{lacks}", boundary(false)), false),
        (format!("{implicit}{}", organization(false)), true),
        (format!("{implicit}{}{lacks}", organization(false)), false),
        (format!("{implicit}{}{}", boundary(true), organization(false)), true),
        (format!("{implicit}{}{}", boundary(false), organization(true)), true),
        (format!("{implicit}{}{}", boundary(true), organization(true)), false),
        (format!("{allowed}{}{}", boundary(true), organization(true)), false),
        (format!("{allowed}{lacks}"), false),
    ] {
        let told = answer.clone();
        let script = answering(&desired, SIMULATE, move |_| {
            let results = result("ec2:CreateSnapshot", &told);
            page(SIMULATE, &format!("<EvaluationResults>{results}</EvaluationResults>"), None)
        });
        let denied = present(look(&script, &desired).await).denied_actions;
        let expected = is_denied.then(|| "ec2:CreateSnapshot".to_owned()).into_iter().collect();
        assert_eq!(denied, Observation::Present(expected), "{answer}");
    }
}

/// The actions that IAM is asked about.
fn actions(asked: &Asked) -> BTreeSet<String> {
    let parts = asked.body.split('&').filter(|part| part.starts_with("ActionNames."));
    parts.map(|part| part.split('=').nth(1).unwrap().replace("%3A", ":")).collect()
}

#[tokio::test(start_paused = true)]
async fn asked_is_what_the_backups_of_the_role_need() {
    const ALWAYS: [&str; 5] = [
        "backup:CopyIntoBackupVault",
        "backup:DescribeBackupVault",
        "kms:DescribeKey",
        "kms:GenerateDataKey",
        "tag:GetResources",
    ];
    let selection = |role: &str, resources: &[&str]| SelectionDocument {
        name: "s".to_owned(),
        role_arn: role.to_owned(),
        resources: resources.iter().map(|one| (*one).to_owned()).collect(),
        not_resources: BTreeSet::new(),
        tags: Default::default(),
        conditions: Default::default(),
    };
    let all = ["dynamodb:StartAwsBackupJob", "ec2:CreateSnapshot", "rds:CreateDBSnapshot"];
    let tables = "arn:aws:dynamodb:*:*:table/*";
    let own = one_role(false).roles[0].arn.clone();
    for (is_for_backups, selections, more) in [
        (true, vec![], Some(&all[..])),
        (true, vec![selection(&own, &[tables])], Some(&all)),
        (false, vec![], None),
        (false, vec![selection("arn:another", &["*"])], None),
        (false, vec![selection(&own, &["*"])], Some(&all)),
        (false, vec![selection(&own, &[tables])], Some(&all[..1])),
        (false, vec![selection("arn:another", &["*"]), selection(&own, &[tables])], Some(&all[..1])),
    ] {
        let mut desired = one_role(is_for_backups);
        desired.plans = resolve(SPEC).plans.into_iter().take(1).collect();
        desired.plans[0].selections = selections.clone();
        let script = answering(&desired, "", |_| refused("AccessDenied"));
        let denied = present(look(&script, &desired).await).denied_actions;
        let asked: Vec<BTreeSet<String>> =
            script.asked().iter().filter(|one| one.what == SIMULATE).map(actions).collect();
        let expected = more.map(|more| ALWAYS.iter().chain(more).map(|one| (*one).to_owned()).collect());
        assert_eq!(asked, expected.into_iter().collect::<Vec<_>>(), "{is_for_backups} {selections:?}");
        assert_eq!(matches!(denied, Observation::Absent), more.is_none(), "{is_for_backups} {selections:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_denied_is_asked_once_a_run_unless_it_was_not_told() {
    let desired = one_role(true);
    type Answer = fn(usize) -> Reply;
    let cases: [(Answer, bool, usize); 4] = [
        (|_| page(SIMULATE, "<EvaluationResults/>", None), true, 1),
        // Who may not ask knows nothing, and that is no finding.
        (|_| refused("AccessDenied"), true, 1),
        (|_| refused("InvalidInput"), false, 2),
        (
            |before| {
                if before == 0 {
                    refused("InvalidInput")
                } else {
                    page(SIMULATE, "<EvaluationResults/>", None)
                }
            },
            false,
            2,
        ),
    ];
    for (answer, is_known, asked) in cases {
        let script = answering(&desired, SIMULATE, answer);
        let account = account(&script);
        let mut seen = Vec::new();
        for _ in 0..3 {
            let role = account.observe(&desired).await.roles.into_values().next().unwrap();
            seen.push(present(role).denied_actions);
        }
        assert_eq!(!matches!(seen[0], Observation::Unreadable(_)), is_known);
        let times = script.asked().iter().filter(|one| one.what == SIMULATE).count();
        let again = if matches!(seen[2], Observation::Unreadable(_)) { 3 } else { asked };
        assert_eq!(times, again, "{seen:?}");
        if is_known {
            assert_eq!((&seen[0], &seen[0]), (&seen[1], &seen[2]));
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_role_that_moved_to_another_path_is_there_and_nothing_is_known_to_be_denied_to_it() {
    let desired = one_role(true);
    let own = desired.roles[0].arn.clone();
    for (arn, code, is_read) in [
        ("arn:aws:iam::123456789012:role/moved/r", "NoSuchEntity", true),
        ("arn:aws:iam::123456789012:role/moved/r", "InvalidInput", false),
        (own.as_str(), "NoSuchEntity", false),
    ] {
        let arn = arn.to_owned();
        let script = Script::new(move |asked, _| match asked.what.as_str() {
            "GetRole" => role(&arn),
            "ListAttachedRolePolicies" => page("ListAttachedRolePolicies", "<AttachedPolicies/>", None),
            "ListRolePolicies" => page("ListRolePolicies", "<PolicyNames/>", None),
            _ => refused(code),
        });
        let role = present(look(&script, &desired).await);
        assert_eq!(matches!(role.denied_actions, Observation::Absent), is_read, "{} {code}", role.arn);
        assert_eq!(
            matches!(role.denied_actions, Observation::Unreadable(_)),
            !is_read,
            "{} {code}",
            role.arn
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_role_is_missing_only_if_iam_says_so_and_its_parts_never_are() {
    let desired = one_role(true);
    let read = [
        ("GetRole", Read::GetRole),
        ("ListAttachedRolePolicies", Read::ListAttachedRolePolicies),
        ("ListRolePolicies", Read::ListRolePolicies),
    ];
    for (name, read) in read {
        for code in ["NoSuchEntity", "AccessDenied"] {
            let script = answering(&desired, name, move |_| refused(code));
            let seen = look(&script, &desired).await;
            let unread = |why: &reconcile::read::Refusal| (why.read, why.error.code.clone());
            match (name, seen) {
                ("GetRole", Observation::Absent) => assert_eq!(code, "NoSuchEntity"),
                ("GetRole", Observation::Unreadable(why)) => {
                    assert_eq!(unread(&why), (Some(read), "AccessDenied".to_owned()))
                }
                (_, Observation::Present(role)) => {
                    let why = match (name, role.attached, role.inline) {
                        ("ListRolePolicies", Observation::Present(_), Observation::Unreadable(why)) => why,
                        (_, Observation::Unreadable(why), Observation::Present(_)) => why,
                        other => panic!("{name} {code}: {other:?}"),
                    };
                    let expected = match code {
                        "NoSuchEntity" => (None, "Contradicted".to_owned()),
                        _ => (Some(read), code.to_owned()),
                    };
                    assert_eq!(unread(&why), expected, "{name}");
                }
                (_, other) => panic!("{name} {code}: {other:?}"),
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn all_pages_count_and_of_the_inline_policies_the_texts_that_the_spec_has() {
    let mut desired = one_role(true);
    let texts = [("one".to_owned(), Some("{}".to_owned())), ("two".to_owned(), None)];
    desired.roles[0].inline_policies = texts.into();
    let arn = desired.roles[0].arn.clone();
    let script = Script::new(move |asked, before| {
        let more = (before == 0).then_some("m");
        let nth = before + 1;
        match asked.what.as_str() {
            "GetRole" => role(&arn),
            "ListAttachedRolePolicies" => {
                let policy = format!(
                    "<AttachedPolicies><member><PolicyArn>arn:{nth}</PolicyArn></member></AttachedPolicies>"
                );
                page("ListAttachedRolePolicies", &policy, more)
            }
            "ListRolePolicies" => {
                let names = if before == 0 { ["one", "two"] } else { ["three", "four"] };
                let names = names.map(|name| format!("<member>{name}</member>")).concat();
                page("ListRolePolicies", &format!("<PolicyNames>{names}</PolicyNames>"), more)
            }
            "GetRolePolicy" => {
                let text = "<RoleName>r</RoleName><PolicyName>one</PolicyName><PolicyDocument>%7B%22a%22%3A+1%7D</PolicyDocument>";
                iam("GetRolePolicy", text)
            }
            _ => {
                let denied = result(&format!("s:Action{nth}"), "<EvalDecision>explicitDeny</EvalDecision>");
                page(SIMULATE, &format!("<EvaluationResults>{denied}</EvaluationResults>"), more)
            }
        }
    });
    let role = present(look(&script, &desired).await);
    let set = |texts: &[&str]| {
        Observation::Present(texts.iter().map(|text| (*text).to_owned()).collect::<BTreeSet<_>>())
    };
    assert_eq!(role.attached, set(&["arn:1", "arn:2"]));
    assert_eq!(role.denied_actions, set(&["s:Action1", "s:Action2"]));
    assert_eq!(role.trust, "{}");
    let text = Observation::Present(r#"{"a":+1}"#.to_owned());
    let names = ["four", "one", "three", "two"].map(str::to_owned);
    let texts = [Observation::Absent, text, Observation::Absent, Observation::Absent];
    assert_eq!(role.inline, Observation::Present(names.into_iter().zip(texts).collect::<BTreeMap<_, _>>()));
}

#[tokio::test(start_paused = true)]
async fn iam_tells_who_and_whose_something_is() {
    let tagged = "<Role><Path>/</Path><RoleName>r</RoleName><RoleId>i</RoleId><Arn>arn:r</Arn><CreateDate>2025-01-01T00:00:00Z</CreateDate>\
        <Tags><member><Key>a</Key><Value>b</Value></member></Tags></Role>";
    let script = Script::new(move |asked, _| match asked.what.as_str() {
        "GetRole" => iam("GetRole", tagged),
        "ListAccountAliases" => {
            page("ListAccountAliases", "<AccountAliases><member>acme</member></AccountAliases>", None)
        }
        _ => iam("GetCallerIdentity", "<Arn>arn:aws:sts::123456789012:assumed-role/r/s</Arn>"),
    });
    assert_eq!(script.clients.account_alias().await.as_deref(), Some("acme"));
    assert_eq!(script.clients.role_arn("r").await.unwrap(), "arn:r");
    assert_eq!(script.clients.role_tags("r").await.unwrap(), [("a".to_owned(), "b".to_owned())].into());
    let Caller { identity, arn } = script.clients.caller().await.unwrap();
    assert_eq!((identity.account.as_str(), identity.partition.as_str()), ("123456789012", "aws"));
    assert_eq!(arn, "arn:aws:sts::123456789012:assumed-role/r/s");
    let silent = Script::new(|asked, _| match asked.what.as_str() {
        "ListAccountAliases" => page("ListAccountAliases", "<AccountAliases/>", None),
        operation => iam(operation, ""),
    });
    assert_eq!(silent.clients.account_alias().await, None);
    assert_eq!(silent.clients.caller().await.unwrap_err().code, "UnknownCaller");
    let missing = Script::new(|_, _| refused("NoSuchEntity"));
    assert_eq!(missing.clients.role_tags("r").await.unwrap(), BTreeMap::new());
    assert_eq!(missing.clients.role_arn("r").await.unwrap_err().code, "NoSuchEntity");
    let denied = Script::new(|_, _| refused("AccessDenied"));
    assert_eq!(denied.clients.role_tags("r").await.unwrap_err().code, "AccessDenied");
    assert_eq!(denied.clients.account_alias().await, None);
}

#[tokio::test(start_paused = true)]
async fn an_answer_without_the_role_or_a_text_says_nothing() {
    let mut desired = one_role(true);
    desired.roles[0].inline_policies = [("one".to_owned(), Some("{}".to_owned()))].into();
    // The SDK fills in what AWS leaves out.
    for answer in ["", "<Role/>"] {
        let script = answering(&desired, "GetRole", move |_| iam("GetRole", answer));
        let seen = look(&script, &desired).await;
        assert!(matches!(seen, Observation::Unreadable(_)), "{answer}: {seen:?}");
        assert_eq!(script.clients.role_arn("r").await.unwrap_err().code, "UnknownRole");
        assert_eq!(script.clients.role_tags("r").await.unwrap_err().code, "UnknownRole");
    }
    let arn = desired.roles[0].arn.clone();
    let script = Script::new(move |asked, _| match asked.what.as_str() {
        "GetRole" => role(&arn),
        "ListAttachedRolePolicies" => page("ListAttachedRolePolicies", "<AttachedPolicies/>", None),
        "ListRolePolicies" => {
            page("ListRolePolicies", "<PolicyNames><member>one</member></PolicyNames>", None)
        }
        "GetRolePolicy" => iam("GetRolePolicy", ""),
        _ => refused("AccessDenied"),
    });
    let Observation::Present(inline) = present(look(&script, &desired).await).inline else { panic!() };
    assert!(matches!(inline["one"], Observation::Unreadable(_)), "{inline:?}");
}

#[test]
fn an_account_has_twelve_digits_and_stands_in_an_arn() {
    for (arn, known) in [
        ("arn:aws:lambda:us-east-1:123456789012:function:f", Some(("aws", "123456789012"))),
        ("arn:aws-cn:lambda:cn-north-1:210987654321:function:f", Some(("aws-cn", "210987654321"))),
        ("arn:aws:lambda:us-east-1:12345678901:function:f", None),
        ("arn:aws:lambda:us-east-1:1234567890123:function:f", None),
        ("arn:aws:lambda:us-east-1:12345678901x:function:f", None),
        ("arn:aws:lambda:us-east-1::function:f", None),
        ("arn::lambda:us-east-1:123456789012:function:f", None),
        ("urn:aws:lambda:us-east-1:123456789012:function:f", None),
        ("urn:aws:lambda:us-east-1:1:function:f", None),
        ("arn:aws:lambda:us-east-1", None),
        ("", None),
    ] {
        let identity = Identity::from_function_arn(arn);
        let told = identity.as_ref().map(|one| (one.partition.as_str(), one.account.as_str()));
        assert_eq!(told, known, "{arn}");
    }
}
