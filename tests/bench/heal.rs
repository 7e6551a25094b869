//! From event to proof: how long the function takes to see that a drift is repaired, where every answer is as late as in AWS and AWS reads
//! its own writes. With the pauses of the real function.

use std::time::{Duration, Instant};

use aws_account::emulator_config;
use drift_healer::{Healer, Settings};
use lambda_runtime::{Context, LambdaEvent};
use sandbox_reference::{DRIFTS, drift};
use serde_json::Value;

use super::{SCHEDULE, deployed, median};

const LATENCY: Duration = Duration::from_millis(40);

pub(super) async fn table() {
    println!("seconds from event to proof, every answer {} ms late:", LATENCY.as_millis());
    let mut healed = Vec::new();
    for one in DRIFTS {
        let sandbox = deployed();
        if drift(&sandbox, one.name).is_err() {
            continue;
        }
        let settings = Settings::read(|name| match name {
            "MODE" => Some("repair".to_owned()),
            "COMPLIANCE_LOCKS" => Some("start".to_owned()),
            "HEALER_ROLE_ARN" => Some("arn:aws:iam::123456789012:role/drift-healer".to_owned()),
            _ => None,
        });
        let config = emulator_config(&sandbox.endpoint(), "AKIDEXAMPLE");
        let healer = Healer::new(settings.expect("settings"), &config).expect("a function");
        sandbox.set_latency(LATENCY);
        let event: Value = serde_json::from_str(SCHEDULE).expect("JSON");
        let start = Instant::now();
        let answer = healer.handle(LambdaEvent::new(event, Context::default())).await.expect("an answer");
        let seconds = start.elapsed().as_secs_f64();
        let verdict = answer["verdict"].as_str().unwrap_or_default().to_owned();
        println!("{:44} {verdict:8} {seconds:7.2}", one.name);
        if verdict == "healed" {
            healed.push(seconds);
        }
    }
    println!("median of the {} that are healed: {:.2}", healed.len(), median(healed));
}
