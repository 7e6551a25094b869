//! Transcripts of what people read: the script breaks an account and sends an event, and the mail that comes of it is the
//! expectation.

use std::fmt::Write;
use std::sync::Arc;

use aws_account::emulator_config;
use drift_healer::{Healer, Settings};
use lambda_runtime::{Context, LambdaEvent};
use reconcile::desired::Desired;
use reconcile::run::Account;
use reconcile::spec::Spec;
use reconcile::state::Observed;
use sandbox::{Actor, DEFAULT_ACCOUNT, Message, Service};
use sandbox_reference::TOPIC_ARN;
use serde_json::Value;

use crate::company::Company;
use crate::script::{Play, Shown};

/// Runs a script in somebody's account; the transcript as it really is.
pub async fn perform(script: &str, company: Company) -> String {
    let mut transcript = String::new();
    let mut post = Post::new(company);
    for line in script.lines() {
        if let Some(command) = line.strip_prefix("> ") {
            writeln!(transcript, "{line}").unwrap();
            transcript.push_str(&post.command(command).await);
        } else if line.starts_with('#') {
            writeln!(transcript, "{line}").unwrap();
        }
    }
    transcript
}

/// Runs a script in somebody's account: the last answer, and what the account is like after it.
pub async fn last_answer(script: &str, company: Company) -> (Value, Desired, Observed) {
    let mut post = Post::new(company);
    for command in script.lines().filter_map(|line| line.strip_prefix("> ")) {
        post.command(command).await;
    }
    let stage = &post.play.stage;
    let observed = stage.account().observe(&stage.desired).await;
    (post.answer, stage.desired.clone(), observed)
}

struct Post {
    play: Play,
    company: Company,
    mode: &'static str,
    /// Kept, as Lambda keeps it, until something changes that it is made with.
    healer: Option<Healer>,
    /// The last one.
    answer: Value,
}

impl Post {
    fn new(company: Company) -> Self {
        let post =
            Self { play: Play::new(company), company, mode: "repair", healer: None, answer: Value::Null };
        post.make_topic();
        post
    }

    async fn command(&mut self, command: &str) -> String {
        let (verb, rest) = command.split_once(' ').unwrap_or((command, ""));
        match verb {
            "as" => self.play.stage.sandbox.change_as(actor(rest)),
            "lag" => self.play.stage.sandbox.set_trail_lag(crate::script::duration(rest).unsigned_abs()),
            "mode" => self.mode = if rest == "report" { "report" } else { "repair" },
            "invoke" => return self.invoke(rest).await,
            "mail" => return self.mail(),
            "sms" => return self.body("sms") + "\n",
            "chat" => return self.chat(),
            _ => {
                let said = self.play.command(command, &mut Shown::default()).await;
                assert_eq!(said, "", "{command} tells something else than mails");
            }
        }
        if verb == "empty" {
            self.make_topic();
        }
        // What a function is made with.
        if ["mode", "spec", "limit"].contains(&verb) {
            self.healer = None;
        }
        String::new()
    }

    /// The topic that is not a part of what is looked after.
    fn make_topic(&self) {
        let topic = serde_json::json!({ "Name": "drift-healer" });
        let sandbox = &self.play.stage.sandbox;
        sandbox
            .change(DEFAULT_ACCOUNT, |change| change.call(Service::Sns, "us-east-1", "CreateTopic", topic))
            .unwrap();
    }

    /// A file of `events/`, at the time of the sandbox.
    async fn invoke(&mut self, file: &str) -> String {
        let mut event = self.event(file);
        let now = self.play.stage.now().format(&time::format_description::well_known::Rfc3339).unwrap();
        for pointer in ["/time", "/detail/eventTime"] {
            if let Some(time) = event.pointer_mut(pointer) {
                *time = Value::String(now.clone());
            }
        }
        let mut context = Context::default();
        context.request_id = "3f1c6f64-0000-4000-8000-000000000001".to_owned();
        let healer = self.healer.take().unwrap_or_else(|| self.make());
        let answer = healer.handle(LambdaEvent::new(event, context)).await;
        self.healer = Some(healer);
        match answer {
            Ok(answer) => {
                let verdict = format!("{}\n", answer["verdict"].as_str().unwrap_or_default());
                self.answer = answer;
                verdict
            }
            Err(error) => format!("{error}\n"),
        }
    }

    fn event(&self, file: &str) -> Value {
        let path = format!("{}/../events/{file}.json", env!("CARGO_MANIFEST_DIR"));
        let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
        serde_json::from_str(&self.company.in_its_words(&text)).unwrap()
    }

    fn make(&self) -> Healer {
        let stage = &self.play.stage;
        let (calls, mode) = (stage.limits.max_calls.to_string(), self.mode.to_owned());
        let settings = Settings::read(|name| match name {
            "MODE" => Some(mode.clone()),
            "TOPIC_ARN" => Some(TOPIC_ARN.to_owned()),
            "MAX_CALLS" => Some(calls.clone()),
            "AWS_LAMBDA_LOG_GROUP_NAME" => Some("/aws/lambda/drift-healer".to_owned()),
            "HEALER_ROLE_ARN" => Some("arn:aws:iam::123456789012:role/drift-healer".to_owned()),
            "AWS_REGION" => Some("us-east-1".to_owned()),
            _ => None,
        });
        let sandbox = Arc::clone(&stage.sandbox);
        let config = emulator_config(&sandbox.endpoint(), "tester");
        let spec = Spec::parse(&self.play.spec_text()).unwrap_or_else(|errors| panic!("{errors}"));
        let healer = Healer::new(settings.unwrap(), &config).unwrap();
        healer.with_spec(spec).without_pauses().with_clock(Arc::new(move || sandbox.now()))
    }

    /// The newest message.
    fn message(&self) -> Option<Message> {
        self.play.stage.sandbox.messages().pop()
    }

    fn body(&self, protocol: &str) -> String {
        let Some(message) = self.message() else { return "no message".to_owned() };
        let bodies: Value = serde_json::from_str(&message.message).unwrap();
        bodies[protocol].as_str().unwrap().to_owned()
    }

    fn mail(&self) -> String {
        let Some(message) = self.message() else { return "no message\n".to_owned() };
        let attributes: Vec<String> =
            message.attributes.iter().map(|(name, value)| format!("{name}={}", value.value)).collect();
        let subject = message.subject.unwrap_or_default();
        let text =
            format!("Subject: {subject}\nAttributes: {}\n\n{}\n", attributes.join(" "), self.body("email"));
        self.play.stage.sandbox.clear_messages();
        text
    }

    fn chat(&self) -> String {
        let chat: Value = serde_json::from_str(&self.body("https")).unwrap();
        self.play.stage.sandbox.clear_messages();
        format!("{chat:#}\n")
    }
}

/// Who breaks the account from now on.
fn actor(name: &str) -> Actor {
    let (arn, agent, source) = match name {
        "terraform" => (
            "arn:aws:sts::123456789012:assumed-role/ci-deploy/github-run-19284412",
            "APN/1.0 HashiCorp/1.0 Terraform/1.14.0 (+https://www.terraform.io) terraform-provider-aws/6.22.1",
            "198.51.100.18",
        ),
        "script" => (
            "arn:aws:iam::123456789012:user/backup-script",
            "Boto3/1.42.3 md/Botocore#1.42.3 ua/2.1 os/linux",
            "198.51.100.201",
        ),
        "maria" => (
            "arn:aws:sts::123456789012:assumed-role/AWSReservedSSO_AdministratorAccess_4f9a1c7be2d05836/maria.lopez@example.com",
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)",
            "203.0.113.77",
        ),
        other => panic!("there is nobody called {other}"),
    };
    Actor { arn: arn.to_owned(), user_agent: Some(agent.to_owned()), source_ip: source.to_owned() }
}
