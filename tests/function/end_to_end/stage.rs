//! A stage: an account, STS, and a process of the built binary that is sent events.

use std::path::Path;
use std::time::Duration;

use drift_tests::contract;
use drift_tests::runtime_api::{Deadline, Function, Reply};
use sandbox::Sandbox;
use sandbox_reference::{Deployment, TOPIC_ARN, deploy, drift, options};
use serde_json::Value;

use super::log_lines;

/// The binary that this build made.
pub(crate) const BINARY: &str = env!("CARGO_BIN_EXE_drift-healer");

/// An event that is a reason to look and says nothing else.
pub(crate) const SCHEDULE: &str = include_str!("../../../events/schedule-default.json");

/// Long enough never to be reached.
pub(crate) const MINUTES: Deadline = Deadline::In(Duration::from_secs(600));

/// The reference deployment and a function that may repair it.
pub(crate) struct Stage {
    pub(crate) sandbox: Sandbox,
    pub(crate) function: Function,
}

impl Stage {
    /// A function in the mode `repair`, or with what `environment` says.
    pub(crate) async fn deployed(environment: &[(&str, &str)]) -> Stage {
        Stage::with_deadline(environment, MINUTES).await
    }

    /// The same with another deadline.
    pub(crate) async fn with_deadline(environment: &[(&str, &str)], deadline: Deadline) -> Stage {
        let sandbox = Sandbox::start(options()).expect("a port");
        deploy(&sandbox, Deployment::Reference).expect("a deployment");
        let account = sandbox.endpoint();
        let mut all = vec![
            ("AWS_ENDPOINT_URL", account.as_str()),
            ("AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/drift-healer"),
            ("TOPIC_ARN", TOPIC_ARN),
            ("MODE", "repair"),
            ("COMPLIANCE_LOCKS", "start"),
            ("HEALER_ROLE_ARN", "arn:aws:iam::123456789012:role/drift-healer"),
        ];
        all.extend(environment);
        let function = Function::start(Path::new(BINARY), &all, deadline).await;
        Stage { sandbox, function }
    }

    /// Applies named drifts.
    pub(crate) fn drift(&self, names: &[&str]) {
        for name in names {
            drift(&self.sandbox, name).unwrap_or_else(|error| panic!("{error}"));
        }
    }

    /// Sends an event; its answer, which keeps the contract.
    pub(crate) async fn invoke(&mut self, event: &str) -> Value {
        match self.function.invoke(event).await {
            Reply::Response(answer) => {
                contract::check(&answer);
                answer
            }
            other @ (Reply::Error(_) | Reply::InitError(_)) => panic!("{other:?} to {event:.300}"),
        }
    }

    /// Sends an event whose invocation has to fail; the error's type and message.
    pub(crate) async fn fail(&mut self, event: &str) -> (String, String) {
        match self.function.invoke(event).await {
            Reply::Error(error) => {
                let text = |name: &str| error[name].as_str().unwrap_or_default().to_owned();
                (text("errorType"), text("errorMessage"))
            }
            other @ (Reply::Response(_) | Reply::InitError(_)) => panic!("{other:?} to {event:.300}"),
        }
    }

    /// The reads and writes of the account so far, without what reports need: who we are, who did it, and the way out.
    pub(crate) fn looked_at(&self) -> Vec<String> {
        let reports = ["sts", "cloudtrail", "sns"];
        let calls = self.sandbox.calls().into_iter().filter(|call| !reports.contains(&call.service.as_str()));
        calls.map(|call| format!("{}:{}", call.service, call.operation)).collect()
    }

    /// The names of the writes so far.
    pub(crate) fn written(&self) -> Vec<String> {
        let writes = self.sandbox.writes().into_iter();
        writes.map(|call| format!("{}:{}", call.service, call.operation)).collect()
    }

    /// Forgets the calls and messages so far.
    pub(crate) fn forget(&self) {
        self.sandbox.clear_calls();
        self.sandbox.clear_messages();
    }

    /// Ends the process; its log, each line of which is as Lambda wants it.
    pub(crate) async fn stop(self) -> Vec<Value> {
        log_lines::checked(&self.function.stop().await)
    }

    /// Ends the process; what CloudWatch makes metrics of.
    pub(crate) async fn stop_for_metrics(self) -> Vec<Value> {
        log_lines::metrics(&self.function.stop().await)
    }
}

/// Resource, code, outcome and reason of every finding, for comparing and for messages of tests.
pub(crate) fn outcomes(answer: &Value) -> Vec<String> {
    let text = |finding: &Value, pointer: &str| {
        finding.pointer(pointer).and_then(Value::as_str).unwrap_or("-").to_owned()
    };
    let findings = answer["findings"].as_array().expect("findings").iter();
    findings
        .map(|one| {
            ["/resource/kind", "/resource/region", "/resource/name", "/code", "/outcome", "/reason"]
                .map(|pointer| text(one, pointer))
                .join(" ")
        })
        .collect()
}

/// Name and resource of every call.
pub(crate) fn calls(answer: &Value) -> Vec<String> {
    let calls = answer["calls"].as_array().expect("calls").iter();
    calls.map(|one| format!("{} {}", one["call"], one["resource"]).replace('"', "")).collect()
}
