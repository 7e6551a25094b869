//! Signing in where it succeeds: at a portal, and with the code of a device. What AWS answers there is scripted, since the sandbox has neither
//! side of it.

use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use crate::process::{Ran, Scene};
use crate::terminal::AtTerminal;

/// A service that answers a request by the first word of the script that the request holds, and remembers what it was asked.
struct Scripted {
    endpoint: String,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Scripted {
    fn start(answers: &'static [(&'static str, &'static str, &'static str)]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        let asked: Arc<Mutex<Vec<String>>> = Arc::default();
        let heard = Arc::clone(&asked);
        std::thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                let request = read(&mut stream);
                let answer = answers.iter().find(|(word, ..)| request.contains(word));
                let (_, form, body) = answer.unwrap_or_else(|| panic!("no answer to {request}"));
                let length = body.len();
                let head = format!(
                    "HTTP/1.1 200 OK\r\ncontent-type: {form}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n"
                );
                stream.write_all((head + body).as_bytes()).unwrap();
                heard.lock().unwrap().push(request);
            }
        });
        Self { endpoint, asked }
    }

    fn asked(&self, word: &str) -> String {
        let asked = self.asked.lock().unwrap();
        asked.iter().find(|one| one.contains(word)).unwrap_or_else(|| panic!("{word} in {asked:?}")).clone()
    }
}

/// A request, head and body.
fn read(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    let mut some = [0; 4096];
    loop {
        let read = stream.read(&mut some).unwrap();
        bytes.extend_from_slice(&some[..read]);
        let text = String::from_utf8_lossy(&bytes);
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.lines().find_map(|line| {
                let (name, value) = line.split_once(": ")?;
                name.eq_ignore_ascii_case("content-length").then(|| value.parse().unwrap())
            });
            if read == 0 || body.len() >= length.unwrap_or(0) {
                return text.into_owned();
            }
        }
    }
}

fn configure(scene: &Scene, config: &str) {
    fs::create_dir_all(scene.folder.join(".aws/sso/cache")).unwrap();
    fs::write(scene.folder.join(".aws/config"), config).unwrap();
}

#[test]
fn whoever_signed_in_at_the_portal_goes_on_with_that() {
    const PORTAL: &[(&str, &str, &str)] = &[(
        "GET /federation/credentials",
        "application/json",
        r#"{"roleCredentials": {"accessKeyId": "123456789012", "secretAccessKey": "x", "sessionToken": "t", "expiration": 4102444800000}}"#,
    )];
    let (scene, portal) = (Scene::with(&[]), Scripted::start(PORTAL));
    configure(
        &scene,
        "[sso-session acme]\nsso_region = us-east-1\nsso_start_url = https://acme.example/start\n\
        [profile prod]\nsso_session = acme\nsso_account_id = 123456789012\nsso_role_name = Admin\nregion = us-east-1\n",
    );
    // As `aws sso login` leaves it; the name is the SHA-1 of `acme`.
    let token = r#"{"accessToken": "from the portal", "expiresAt": "2099-01-01T00:00:00Z", "region": "us-east-1", "startUrl": "https://acme.example/start"}"#;
    let cache = scene.folder.join(".aws/sso/cache/293abb6b76d7791c0732cc517d38c4b5c734b87f.json");
    fs::write(cache, token).unwrap();
    let mut command = scene.drift(&["check", "--spec", "reference", "--quiet", "--profile", "prod"]);
    let ran = Ran::of(&command.env("AWS_ENDPOINT_URL_SSO", &portal.endpoint).output().unwrap());
    assert_eq!(ran.code, Some(0), "{}{}", ran.out, ran.err);
    let asked = portal.asked("/federation/credentials");
    for part in ["role_name=Admin", "account_id=123456789012", "from the portal"] {
        assert!(asked.contains(part), "{part} in {asked}");
    }
}

const ROLES: &str = "[profile base]\naws_access_key_id = 123456789012\naws_secret_access_key = x\n\
    [profile admin]\nrole_arn = arn:aws:iam::123456789012:role/Admin\nsource_profile = base\nregion = us-east-1\n\
    [profile careful]\nrole_arn = arn:aws:iam::123456789012:role/Admin\nsource_profile = base\nregion = us-east-1\n\
    mfa_serial = arn:aws:iam::123456789012:mfa/ana\n";

const STS: &[(&str, &str, &str)] = &[
    (
        "Action=AssumeRole",
        "text/xml",
        "<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>123456789012</AccessKeyId><SecretAccessKey>x</SecretAccessKey><SessionToken>t</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>",
    ),
    (
        "Action=GetCallerIdentity",
        "text/xml",
        "<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:sts::123456789012:assumed-role/Admin/ana</Arn><UserId>x</UserId><Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>",
    ),
];

#[test]
fn a_role_is_assumed() {
    let (scene, sts) = (Scene::with(&[]), Scripted::start(STS));
    configure(&scene, ROLES);
    // Named by the option, and by the environment, where the SDK's own chain takes it.
    for (options, variable) in [(["--profile", "admin"].as_slice(), None), (&[], Some("admin"))] {
        let mut command = scene.drift(&["check", "--spec", "reference", "--quiet"]);
        command.args(options).env("AWS_ENDPOINT_URL_STS", &sts.endpoint);
        command.env_remove("AWS_ACCESS_KEY_ID").env_remove("AWS_SECRET_ACCESS_KEY");
        command.envs(variable.map(|name| ("AWS_PROFILE", name)));
        let ran = Ran::of(&command.output().unwrap());
        assert_eq!(ran.code, Some(0), "{options:?} {variable:?} {}{}", ran.out, ran.err);
        assert!(ran.out.contains("assumed-role/Admin/ana"), "{}", ran.out);
    }
}

#[test]
fn a_role_that_asks_for_a_code_gets_it_typed() {
    let (scene, sts) = (Scene::with(&[]), Scripted::start(STS));
    configure(&scene, ROLES);
    let arguments = ["check", "--spec", "reference", "--quiet", "--profile", "careful"];
    let mut terminal = AtTerminal::start(&scene, &arguments, &[("AWS_ENDPOINT_URL_STS", &sts.endpoint)]);
    terminal.wait_for("mfa/ana");
    terminal.press("123456\r");
    let (screen, code) = terminal.end();
    assert_eq!(code, Some(0), "{screen}");
    assert!(screen.contains("assumed-role/Admin/ana"), "{screen}");
    let asked = sts.asked("Action=AssumeRole");
    for part in ["TokenCode=123456", "SerialNumber=arn%3Aaws%3Aiam%3A%3A123456789012%3Amfa%2Fana"] {
        assert!(asked.contains(part), "{part} in {asked}");
    }
}
