//! Whatever an invocation is given: it is classified, and everything that is told of it can be told.

use drift_healer::Mode;
use drift_healer::answer::Answer;
use drift_healer::hold::Hold;
use drift_healer::notify::Notice;
use drift_healer::trigger::{AskedMode, Trigger, classify};
use reconcile::history::Stories;
use reconcile::report::Report;
use reconcile::words::Reader;
use serde_json::Value;

/// What Lambda's own limit for a subject and a reader's patience leave of a text of the payload.
const LONGEST: usize = 2048;

pub(crate) fn check(data: &[u8]) {
    let Ok(payload) = serde_json::from_slice::<Value>(data) else { return };
    classify(payload).into_iter().for_each(told);
}

fn told(trigger: Trigger) {
    let texts = [&trigger.id, &trigger.event, &trigger.actor, &trigger.source_ip, &trigger.time];
    for text in texts.into_iter().flatten() {
        assert!(text.len() <= LONGEST, "{} bytes of the payload are kept", text.len());
    }
    if let AskedMode::Unknown(name) = &trigger.asked {
        assert!(name.len() <= LONGEST, "{} bytes of the mode are kept", name.len());
    }
    let answer = Answer {
        report: Report::default(),
        stories: Stories::default(),
        mode: Mode::Report,
        account: None,
        iam_region: "us-east-1".to_owned(),
        spec_name: "fuzz".to_owned(),
        spec_sha256: String::new(),
        skipped: trigger.skip,
        trigger,
        incidents: Vec::new(),
        total: None,
        sent_before: None,
        hold: Hold::None,
        gap: None,
        log: None,
        notes: Vec::new(),
        reader: Reader::Deployer,
    };
    let notice = Notice::new(&answer);
    assert!(notice.subject.is_ascii() && notice.subject.len() < 100, "{:?}", notice.subject);
    assert!(serde_json::from_str::<Value>(&notice.message).is_ok_and(|message| message.is_object()));
    assert!(answer.to_json().is_object());
}
