//! What a case is played on: an account whose time is Tokio's, and functions that work on it.

use std::convert::Infallible;
use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws_account::emulator_config;
use aws_config::retry::RetryConfig;
use drift_healer::{Healer, HealerError, Settings};
use lambda_runtime::{Context, LambdaEvent};
use sandbox::state::Account;
use sandbox::{Call, DEFAULT_ACCOUNT, Options, Sandbox};
use sandbox_reference::{Deployment, TOPIC_ARN, deploy, drift, drift_of, options};
use serde_json::Value;
use tokio::time::Instant;

use super::case::{Case, Meddling, Start};
use super::watch::Watch;
use crate::inside::inside;
use crate::model::NOW;

const SCHEDULE: &str = include_str!("../../../events/schedule-default.json");
const FUNCTION_ARN: &str = "arn:aws:lambda:us-east-1:123456789012:function:drift-healer";
pub(super) const ROLE_ARN: &str = "arn:aws:iam::123456789012:role/drift-healer";

/// The account, and whoever works on it.
pub struct Stage {
    /// The account.
    pub sandbox: Arc<Sandbox>,
    pub(super) watch: Arc<Mutex<Watch>>,
    meddles: Arc<AtomicBool>,
    meddled: Arc<AtomicUsize>,
}

/// What came of an invocation.
pub struct Told {
    /// The answer, also of one that reached nobody.
    pub answer: Option<Value>,
    /// The error's type.
    pub error: Option<&'static str>,
    /// Whether it was over in time.
    pub in_time: bool,
    /// The writes that it sent.
    pub writes: Vec<Call>,
}

impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "--- {:?}, in time: {}", self.error, self.in_time)?;
        for call in &self.writes {
            writeln!(
                f,
                "  {} {} {} {} {:?}",
                call.time, call.operation, call.region, call.status, call.error
            )?;
        }
        let answer = self.answer.clone().unwrap_or_default();
        for one in answer["findings"].as_array().into_iter().flatten() {
            let names =
                ["/resource/kind", "/resource/region", "/resource/name", "/code", "/attribute", "/outcome"];
            let parts = names.map(|name| one.pointer(name).and_then(Value::as_str).unwrap_or("-"));
            writeln!(f, "  {} {:.150} {:.200}", parts.join(" "), one["reason"], one["observed"]["error"])?;
        }
        for part in ["calls", "notes"] {
            for one in answer[part].as_array().into_iter().flatten() {
                writeln!(f, "  {part}: {one}")?;
            }
        }
        write!(f, "  {} in {} passes", answer["verdict"], answer["passes"])
    }
}

impl Stage {
    /// The account of a case, with its faults set.
    pub async fn set(case: &Case) -> Stage {
        let options = Options { now: Some(NOW), time_flows: true, ..options() };
        let sandbox = Arc::new(Sandbox::start(options).unwrap());
        if case.start == Start::Deployed {
            deploy(&sandbox, Deployment::Reference).unwrap();
        } else {
            sandbox.change(DEFAULT_ACCOUNT, sandbox_reference::topic).unwrap();
        }
        tokio::time::sleep(Duration::from_secs(86_400)).await;
        for name in &case.drifts {
            // What another drift has taken away cannot drift.
            let _ = drift(&sandbox, name);
        }
        tokio::time::sleep(Duration::from_secs(3_600)).await;
        let watch = Arc::new(Mutex::new(Watch::new(&account(&sandbox), case)));
        let seeing = Arc::clone(&watch);
        sandbox.watch(move |call, before, after| seeing.lock().unwrap().see(call, before, after));
        sandbox.adjust(|settings| {
            settings.latency = case.latency;
            settings.page_size = case.page;
            settings.selection_names_unique = case.unique_names;
            settings.date_skew_seconds = -case.clock_ahead;
        });
        let stage = Stage {
            sandbox,
            watch,
            meddles: Arc::new(AtomicBool::new(true)),
            meddled: Arc::new(AtomicUsize::new(0)),
        };
        case.faults.iter().for_each(|fault| stage.sandbox.inject(fault.clone()));
        case.meddling.iter().for_each(|one| stage.meddle(one));
        stage
    }

    fn meddle(&self, Meddling { before, nth, drift }: &Meddling) {
        let (meddles, meddled, drift) = (Arc::clone(&self.meddles), Arc::clone(&self.meddled), *drift);
        self.sandbox.before_call(before, *nth, move |change| {
            if meddles.load(Ordering::Relaxed) && drift_of(change, drift).is_ok() {
                meddled.fetch_add(1, Ordering::Relaxed);
            }
        });
    }

    /// How often somebody has meddled.
    pub(super) fn meddled(&self) -> usize {
        self.meddled.load(Ordering::Relaxed)
    }

    /// From now on nothing goes wrong any more.
    pub fn calm(&self) {
        self.meddles.store(false, Ordering::Relaxed);
        self.sandbox.clear_faults();
        self.sandbox.adjust(|settings| settings.latency = Duration::ZERO);
    }

    /// A function as Lambda starts it.
    pub fn function(&self, case: &Case, key: &str) -> Healer {
        self.function_with(case, key, &[])
    }

    /// The same with something else in its environment.
    pub fn function_with(&self, case: &Case, key: &str, environment: &[(&str, &str)]) -> Healer {
        let given = |name: &str| {
            environment.iter().find(|(one, _)| *one == name).map(|(_, value)| (*value).to_owned())
        };
        let settings = Settings::read(|name| match name {
            _ if given(name).is_some() => given(name),
            "MODE" => Some("repair".to_owned()),
            "TOPIC_ARN" => Some(TOPIC_ARN.to_owned()),
            "COMPLIANCE_LOCKS" => Some(if case.locks { "start" } else { "hold" }.to_owned()),
            "BOOTSTRAP" => Some((case.start == Start::Empty).to_string()),
            "HEALER_ROLE_ARN" => Some(ROLE_ARN.to_owned()),
            "MAX_CALLS" => Some(case.max_calls.to_string()),
            "AWS_REGION" => Some("us-east-1".to_owned()),
            _ => None,
        });
        let config = inside(&emulator_config(&self.sandbox.endpoint(), key), &self.sandbox);
        // As on AWS, and not as for an emulator.
        let config = config.to_builder().retry_config(RetryConfig::standard().with_max_attempts(4)).build();
        let (sandbox, ahead) = (Arc::clone(&self.sandbox), time::Duration::seconds(case.clock_ahead));
        let healer = Healer::new(settings.unwrap(), &config).unwrap();
        healer.with_clock(Arc::new(move || sandbox.now() + ahead))
    }

    /// Invokes a function whose clock is that far ahead, and ends it when its time is over.
    pub async fn invoke(&self, function: &Healer, key: &str, time: Duration, ahead: i64) -> Told {
        let now = self.sandbox.now() + time::Duration::seconds(ahead);
        let mut context = Context::default();
        context.invoked_function_arn = FUNCTION_ARN.to_owned();
        let millis = now.unix_timestamp_nanos() / 1_000_000 + i128::try_from(time.as_millis()).unwrap();
        context.deadline = u64::try_from(millis).unwrap();
        let before = self.sandbox.writes().len();
        let end = Instant::now() + time;
        let event: Value = serde_json::from_str(SCHEDULE).unwrap();
        let handled = tokio::time::timeout_at(end, function.handle(LambdaEvent::new(event, context))).await;
        let writes = self.sandbox.writes().split_off(before);
        let writes = writes.into_iter().filter(|call| call.access_key == key).collect();
        let (answer, error, in_time) = match handled {
            Err(_) => (None, None, false),
            Ok(Ok(answer)) => (Some(answer), None, true),
            Ok(Err(HealerError::NotDelivered { answer, .. })) => (Some(*answer), Some("NotDelivered"), true),
            Ok(Err(error)) => (None, Some(error.error_type()), true),
        };
        Told { answer, error, in_time, writes }
    }
}

/// The account as it really is.
pub(super) fn account(sandbox: &Sandbox) -> Account {
    let Ok(account) = sandbox.plant(DEFAULT_ACCOUNT, |change| Ok::<_, Infallible>(change.account.clone()));
    account
}
