//! Whose credentials are taken, and from where: variables, profiles, and what a person is told when there are none.

use aws_account::access::{Access, ChosenBy, Failure, Profile, SignIn, home, sign_in};
use aws_account::sdk_config;
use aws_sdk_sts::config::ProvideCredentials;
use reconcile::call::CallError;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::process::{File, given, runs};

const CONFIG: &str = "\
[default]
region = eu-north-1
aws_access_key_id = DEFAULT
aws_secret_access_key = s
[profile keys]
region = eu-west-3
aws_access_key_id = FILE
aws_secret_access_key = s
[profile silent]
aws_access_key_id = SILENT
aws_secret_access_key = s
";

async fn key_of(config: &aws_config::SdkConfig) -> String {
    let provider = config.credentials_provider().unwrap();
    provider.provide_credentials().await.unwrap().access_key_id().to_owned()
}

#[tokio::test]
#[ignore = "runs in a process with an environment of its own"]
async fn configured() {
    let config = sdk_config().await;
    assert_eq!(config.region().unwrap().as_ref(), given("EXPECTED_REGION"));
    assert_eq!(key_of(&config).await, given("EXPECTED_KEY"));
}

#[test]
fn the_function_takes_its_variables_and_who_lacks_them_a_profile() {
    let file = File::with("configured", CONFIG);
    let (key, secret) = (("AWS_ACCESS_KEY_ID", "VARIABLE"), ("AWS_SECRET_ACCESS_KEY", "s"));
    let region = ("AWS_REGION", "ap-south-1");
    for (variables, expected_region, expected_key) in [
        (vec![key, secret, region], "ap-south-1", "VARIABLE"),
        (vec![key, secret, region, ("AWS_DEFAULT_REGION", "ap-east-1")], "ap-south-1", "VARIABLE"),
        // What is blank says nothing.
        (
            vec![key, secret, ("AWS_REGION", " "), ("AWS_DEFAULT_REGION", "ap-east-1")],
            "ap-east-1",
            "VARIABLE",
        ),
        (vec![("AWS_ACCESS_KEY_ID", " "), secret, region], "ap-south-1", "DEFAULT"),
        (vec![key, region], "ap-south-1", "DEFAULT"),
        (vec![], "eu-north-1", "DEFAULT"),
        (vec![("AWS_PROFILE", "keys")], "eu-west-3", "FILE"),
    ] {
        let expected = [("EXPECTED_REGION", expected_region), ("EXPECTED_KEY", expected_key)];
        let environment = [variables, expected.to_vec(), vec![("AWS_CONFIG_FILE", file.path())]].concat();
        runs("access::configured", &environment);
    }
}

#[tokio::test]
#[ignore = "runs in a process with an environment of its own"]
async fn signed_in() {
    let option = |name: &str| Some(given(name)).filter(|text| !text.is_empty());
    let access = Access { profile: option("PROFILE"), region: option("REGION"), endpoint: None };
    let region = match home(&access).await {
        Ok(region) => region,
        Err(error) => return assert!(given("EXPECTED") == "none", "{error}"),
    };
    // What needs a network is not asked for here.
    let way = sign_in(&access, |_| panic!("there is no device")).await.unwrap();
    assert_eq!(way.config.region().unwrap().as_ref(), region);
    let Profile { name, by, sign_in } = way.profile;
    let told = format!("{name} {by:?} {sign_in:?} {region} {}", key_of(&way.config).await);
    assert_eq!(told, given("EXPECTED"));
}

#[test]
fn a_profile_that_was_asked_for_comes_before_variables_and_those_before_any_other() {
    let file = File::with("signed-in", CONFIG);
    let variables = [("AWS_ACCESS_KEY_ID", "VARIABLE"), ("AWS_SECRET_ACCESS_KEY", "s")];
    let keys = ("AWS_PROFILE", "keys");
    let missing = ("AWS_PROFILE", "missing");
    for (environment, expected) in [
        (vec![], "default Default Keys eu-north-1 DEFAULT"),
        (vec![("AWS_PROFILE", "")], "default Default Keys eu-north-1 DEFAULT"),
        (vec![keys], "keys Variable Keys eu-west-3 FILE"),
        (vec![("PROFILE", "keys")], "keys Option Keys eu-west-3 FILE"),
        (vec![("PROFILE", "keys"), ("AWS_PROFILE", "silent")], "keys Option Keys eu-west-3 FILE"),
        (vec![("PROFILE", "silent")], "silent Option Keys us-east-1 SILENT"),
        (vec![("PROFILE", "keys"), ("REGION", "sa-east-1")], "keys Option Keys sa-east-1 FILE"),
        (vec![("PROFILE", "keys"), ("AWS_REGION", "ca-west-1")], "keys Option Keys ca-west-1 FILE"),
        (vec![missing], "none"),
        (vec![("PROFILE", "missing")], "none"),
        (variables.to_vec(), "default Default Variables eu-north-1 VARIABLE"),
        ([&variables[..], &[keys]].concat(), "keys Variable Variables eu-west-3 VARIABLE"),
        ([&variables[..], &[missing]].concat(), "missing Variable Variables us-east-1 VARIABLE"),
        ([&variables[..], &[("PROFILE", "keys")]].concat(), "keys Option Keys eu-west-3 FILE"),
        ([&variables[..], &[("PROFILE", "missing")]].concat(), "none"),
    ] {
        let more = [("EXPECTED", expected), ("AWS_CONFIG_FILE", file.path())];
        runs("access::signed_in", &[environment, more.to_vec()].concat());
    }
    // Without any file there are the variables.
    let more =
        [("EXPECTED", "default Default Variables us-east-1 VARIABLE"), ("AWS_CONFIG_FILE", "/nowhere")];
    runs("access::signed_in", &[&variables[..], &more].concat());
}

/// Profiles of all sorts, and how one signs in with each.
const SORTS: &str = "\
[profile keys]
aws_access_key_id = FILE
aws_secret_access_key = s
[profile portal]
sso_start_url = https://portal.example.com
sso_region = us-east-1
sso_account_id = 123456789012
sso_role_name = r
[profile session]
sso_session = s
sso_account_id = 123456789012
sso_role_name = r
[sso-session s]
sso_region = us-east-1
sso_start_url = https://portal.example.com
[profile process]
credential_process = /bin/false
[profile role]
role_arn = arn:aws:iam::123456789012:role/r
source_profile = keys
[profile role-of-portal]
role_arn = arn:aws:iam::123456789012:role/r
source_profile = portal
[profile role-of-session]
role_arn = arn:aws:iam::123456789012:role/r
source_profile = session
[profile role-of-process]
role_arn = arn:aws:iam::123456789012:role/r
source_profile = process
[profile role-of-role]
role_arn = arn:aws:iam::123456789012:role/r
source_profile = role-of-portal
[profile role-of-itself]
role_arn = arn:aws:iam::123456789012:role/r
source_profile = role-of-itself
sso_start_url = https://portal.example.com
aws_access_key_id = FILE
aws_secret_access_key = s
[profile role-of-nobody]
role_arn = arn:aws:iam::123456789012:role/r
source_profile = nobody
[profile device]
role_arn = arn:aws:iam::123456789012:role/r
mfa_serial = arn:aws:iam::123456789012:mfa/m
source_profile = keys
[profile elsewhere]
region = eu-west-1
";

#[tokio::test]
#[ignore = "runs in a process with an environment of its own"]
async fn sorted() {
    let expected = [
        ("keys", "Keys"),
        ("portal", "Sso"),
        ("session", "Sso"),
        ("process", "Process"),
        ("role", "Role"),
        // Who cannot assume the role because a sign-in is over has to sign in there.
        ("role-of-portal", "Sso"),
        ("role-of-session", "Sso"),
        ("role-of-process", "Role"),
        ("role-of-role", "Role"),
        ("role-of-itself", "Role"),
        ("role-of-nobody", "Role"),
        ("device", "RoleWithMfa"),
        ("elsewhere", "Elsewhere"),
    ];
    for (name, expected) in expected {
        let access = Access { profile: Some(name.to_owned()), ..Access::default() };
        let profile = match sign_in(&access, |_| Err(std::io::Error::other("no device"))).await {
            Ok(way) => way.profile,
            Err(error) => error.profile,
        };
        let sort = format!("{:?}", profile.sign_in);
        assert_eq!(sort.split('(').next(), Some(expected), "{name}");
    }
    // A default profile there need not be.
    assert_eq!(home(&Access::default()).await.unwrap(), "us-east-1");
}

#[tokio::test]
#[ignore = "runs in a process with an environment of its own"]
async fn with_a_device() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut request = String::new();
        // To the end of the body, however many parts it comes in.
        let is_whole = |request: &str| {
            let (head, body) = request.split_once("\r\n\r\n")?;
            let length =
                head.to_lowercase().split("content-length: ").nth(1)?.lines().next()?.parse().ok()?;
            (body.len() >= length).then_some(())
        };
        while is_whole(&request).is_none() {
            let mut part = [0; 8192];
            let read = stream.read(&mut part).await.unwrap();
            assert_ne!(read, 0, "{request}");
            request.push_str(&String::from_utf8_lossy(&part[..read]));
        }
        let is_asked =
            ["TokenCode=123456&", "RoleSessionName=drift&", "DurationSeconds=3600&", "Credential=FILE"];
        request.push('&');
        let status =
            if is_asked.iter().all(|part| request.contains(part)) { "200 OK" } else { "400 Bad Request" };
        let body = "<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>ROLE</AccessKeyId><SecretAccessKey>s</SecretAccessKey>\
            <SessionToken>t</SessionToken><Expiration>2100-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>";
        let head = format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\n\r\n", body.len());
        stream.write_all((head + body).as_bytes()).await.unwrap();
    });
    let access = Access { profile: Some("device".to_owned()), endpoint: Some(endpoint), region: None };
    let way = sign_in(&access, |serial| {
        assert_eq!(serial, "arn:aws:iam::123456789012:mfa/m");
        Ok(" 123456\n".to_owned())
    });
    let credentials =
        way.await.unwrap().config.credentials_provider().unwrap().provide_credentials().await.unwrap();
    assert_eq!((credentials.access_key_id(), credentials.session_token()), ("ROLE", Some("t")));
    let expires = credentials.expiry().unwrap().duration_since(std::time::UNIX_EPOCH).unwrap();
    assert_eq!(expires.as_secs(), 4_102_444_800, "the first of January 2100");
}

#[test]
fn a_role_with_a_device_gets_its_code_and_lasts_as_long_as_sts_says() {
    let file = File::with("device", SORTS);
    runs("access::with_a_device", &[("AWS_CONFIG_FILE", file.path())]);
}

#[test]
fn how_one_signs_in_follows_from_what_the_profile_says() {
    let file = File::with("sorted", SORTS);
    // Whatever would ask AWS goes nowhere.
    let nowhere = ("HTTPS_PROXY", "http://127.0.0.1:1");
    runs("access::sorted", &[("AWS_CONFIG_FILE", file.path()), nowhere, ("AWS_MAX_ATTEMPTS", "1")]);
}

/// The three lines for a failure.
fn lines(failure: Failure, by: ChosenBy, sign_in: SignIn, name: &str) -> [String; 3] {
    let profile = Profile { name: name.to_owned(), by, sign_in };
    let text = failure.of(&profile).to_string();
    let lines: Vec<&str> = text.split('\n').collect();
    let [what, whom, help] = lines[..] else { panic!("{text}") };
    [what, whom.strip_prefix("  for:  ").unwrap(), help.strip_prefix("  help: ").unwrap()].map(str::to_owned)
}

fn sts(code: &str) -> Failure {
    Failure::Sts(CallError { code: code.to_owned(), message: "m".to_owned() })
}

#[test]
fn what_sts_says_is_told_with_the_command_that_helps() {
    let debug = "aws sts get-caller-identity --debug   (and look at --endpoint-url or AWS_ENDPOINT_URL, and at the proxy)";
    let keys = "aws sts get-caller-identity --profile p";
    for (code, said, help) in [
        ("ExpiredToken", "the AWS credentials have expired", keys),
        ("ExpiredTokenException", "the AWS credentials have expired", keys),
        ("RequestExpired", "the AWS credentials have expired", keys),
        ("InvalidClientTokenId", "AWS does not know these credentials", keys),
        ("UnrecognizedClientException", "AWS does not know these credentials", keys),
        ("SignatureDoesNotMatch", "AWS does not know these credentials", keys),
        ("AccessDenied", "AWS denies access with these credentials", keys),
        ("Timeout", "AWS cannot be reached", debug),
        ("ConnectionFailed", "AWS cannot be reached", debug),
        ("InternalFailure", "AWS did not say whose credentials these are", keys),
    ] {
        let told = lines(sts(code), ChosenBy::Option, SignIn::Keys, "p");
        let expected =
            [format!("{said} ({code}: m)"), "profile p, from --profile".to_owned(), help.to_owned()];
        assert_eq!(told, expected);
    }
}

#[test]
fn how_one_signs_in_decides_what_helps() {
    let no_credentials =
        || Failure::Credentials(Box::new(std::io::Error::other(std::io::Error::other("the cause"))));
    for (sign_in, what, help) in [
        (
            SignIn::Sso,
            "nobody is signed in, or the sign-in has expired (the cause)",
            "aws sso login --profile p",
        ),
        (
            SignIn::Process,
            "the program that gives the credentials failed (the cause)",
            "aws sts get-caller-identity --profile p",
        ),
        (SignIn::Role, "the role cannot be assumed (the cause)", "aws sts get-caller-identity --profile p"),
        (
            SignIn::Keys,
            "the credentials cannot be used (the cause)",
            "aws sts get-caller-identity --profile p",
        ),
        (
            SignIn::Elsewhere,
            "there are no AWS credentials",
            "aws configure sso   (then drift --profile NAME; aws configure list-profiles shows those that there are)",
        ),
        (
            SignIn::Variables,
            "the credentials cannot be used (the cause)",
            "unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN   (then --profile NAME, or set new ones)",
        ),
    ] {
        let whom = if sign_in == SignIn::Variables {
            "the variables AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
        } else {
            "profile p, as neither --profile nor AWS_PROFILE names another"
        };
        assert_eq!(lines(no_credentials(), ChosenBy::Default, sign_in, "p"), [what, whom, help]);
    }
    let [what, whom, help] =
        lines(Failure::Files("line 3".to_owned()), ChosenBy::Variable, SignIn::Elsewhere, "p");
    assert_eq!(what, "the AWS configuration cannot be read: line 3");
    assert_eq!((whom.as_str(), help.as_str()), ("profile p, from AWS_PROFILE", "aws configure list"));
    let [what, ..] = lines(Failure::NoCode("no".to_owned()), ChosenBy::Option, SignIn::Role, "p");
    assert_eq!(what, "the code of the MFA device is missing: no");
}

#[test]
fn a_name_can_be_pasted_and_one_that_nobody_has_is_answered_with_the_one_that_was_meant() {
    for (name, pasted) in [
        ("acme-prod_1.eu:/=,@+", "acme-prod_1.eu:/=,@+"),
        ("two words", "'two words'"),
        ("$(id)", "'$(id)'"),
        ("it's", r"'it'\''s'"),
        ("", "''"),
    ] {
        let [_, _, help] = lines(sts("AccessDenied"), ChosenBy::Option, SignIn::Sso, name);
        assert_eq!(help, format!("aws sso login --profile {pasted}"));
    }
    for (known, help) in [
        (vec!["keys", "other"], "--profile keys   (aws configure list-profiles shows all)"),
        (vec!["other"], "aws configure list-profiles"),
    ] {
        let known = known.into_iter().map(str::to_owned).collect();
        let told = lines(Failure::NoSuchProfile { known }, ChosenBy::Option, SignIn::Elsewhere, "kyes");
        assert_eq!((told[0].as_str(), told[2].as_str()), ("there is no such AWS profile", help));
    }
}
