//! Commands that a person pastes into a shell.

use std::fmt;

use time::OffsetDateTime;

use super::moment::timestamp;
use super::reader::Reader;
use crate::repair::Consent;

/// A command, safe to paste whatever somebody called the things in it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Command {
    program: Program,
    text: String,
    has_region: bool,
    /// Whether it looks into CloudTrail's event history.
    is_look_up: bool,
    /// The values of a shell variable, `$name`, for each of which it is run.
    each: Vec<&'static str>,
}

/// What is run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Program {
    /// The AWS CLI.
    Aws,
    /// This project's own, at a terminal.
    Drift,
    /// What gives a consent, which depends on who gives it.
    Consent(Consent),
}

impl Command {
    fn of(program: Program, text: String) -> Self {
        Self { program, text, has_region: false, is_look_up: false, each: Vec::new() }
    }

    /// `aws` and its words. Own words come as they are, and [`Command::with`] adds the others.
    pub fn aws(words: &'static str) -> Self {
        Self::of(Program::Aws, format!("aws {words}"))
    }

    /// `drift` and its words.
    pub fn drift(words: &'static str) -> Self {
        Self::of(Program::Drift, format!("drift {words}"))
    }

    /// What gives a consent: a deployment, unless it is [read by](Self::read_by) somebody at a terminal.
    pub fn consent(to: Consent) -> Self {
        let text = match to {
            Consent::ComplianceLocks | Consent::LockLimits => {
                "infra/deploy --mode repair --compliance-locks start"
            }
            Consent::Bootstrap => "infra/deploy --mode repair --bootstrap once",
        };
        Self::of(Program::Consent(to), text.to_owned())
    }

    /// The same as this reader has to type it.
    #[must_use]
    pub fn read_by(self, reader: &Reader) -> Self {
        let Reader::Caller(called) = reader else { return self };
        match self.program {
            Program::Drift => self,
            Program::Consent(to) => called.repair(to.option()),
            Program::Aws => {
                let region = called.region.as_ref().filter(|_| !self.has_region);
                let given = [
                    ("region", region),
                    ("profile", called.profile.as_ref()),
                    ("endpoint-url", called.endpoint_url.as_ref()),
                ];
                let given = given.into_iter().filter_map(|(option, value)| Some((option, value?)));
                given.fold(self, |command, (option, value)| command.with(option, value))
            }
        }
    }

    /// What CloudTrail's event history holds of a region.
    pub fn look_up(region: &str) -> Self {
        Self { is_look_up: true, ..Self::aws("cloudtrail lookup-events").with("region", region) }
    }

    /// With an option of the command and its value.
    pub fn with(self, option: &'static str, value: &str) -> Self {
        let has_region = self.has_region || option == "region";
        Self { has_region, ..self.and(&format!("--{option} {}", quoted(value))) }
    }

    /// With an option that has no value.
    pub fn having(self, option: &'static str) -> Self {
        self.and(&format!("--{option}"))
    }

    /// With an option of the command and several values.
    pub fn with_each<'v>(self, option: &'static str, values: impl IntoIterator<Item = &'v String>) -> Self {
        let values: Vec<String> = values.into_iter().map(|value| quoted(value)).collect();
        self.and(&format!("--{option} {}", values.join(" ")))
    }

    fn and(self, words: &str) -> Self {
        Self { text: format!("{} {words}", self.text), ..self }
    }

    /// From this moment on, where it looks into the event history: that reaches back 90 days.
    pub fn since(self, at: OffsetDateTime) -> Self {
        if self.is_look_up { self.with("start-time", &timestamp(at)) } else { self }
    }

    /// With CloudTrail's way to name what is looked for.
    pub fn looking_up(self, key: &'static str, value: &str) -> Self {
        // The CLI's shorthand splits at these.
        let attribute = if value.contains([',', '=', '"']) {
            format!("AttributeKey={key},AttributeValue=\"{}\"", value.replace('"', "\\\""))
        } else {
            format!("AttributeKey={key},AttributeValue={value}")
        };
        self.with("lookup-attributes", &attribute)
    }

    /// Once for each of these values. CloudTrail takes one at a time.
    pub fn looking_up_each(self, key: &'static str, values: &[&'static str]) -> Self {
        let each = values.to_vec();
        Self { each, ..self.and(&format!("--lookup-attributes AttributeKey={key},AttributeValue=$name")) }
    }

    /// Whether it stays what it is between two backticks.
    pub fn fits_code_span(&self) -> bool {
        !self.text.contains('`')
    }
}

impl fmt::Display for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.each.is_empty() {
            f.write_str(&self.text)
        } else {
            write!(f, "for name in {}; do {}; done", self.each.join(" "), self.text)
        }
    }
}

/// One word for a POSIX shell. What people could not see is written out as bash and zsh read it.
fn quoted(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=,@+".contains(c);
    let visible = |c: char| c == ' ' || c.is_ascii_graphic();
    if !text.is_empty() && text.chars().all(plain) {
        text.to_owned()
    } else if text.chars().all(visible) {
        format!("'{}'", text.replace('\'', r"'\''"))
    } else {
        let bytes = text.bytes().map(|byte| match byte {
            b'\'' | b'\\' => format!("\\{}", char::from(byte)),
            b' '..=b'~' => char::from(byte).to_string(),
            other => format!("\\x{other:02x}"),
        });
        format!("$'{}'", bytes.collect::<String>())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_word_of_the_shell_whatever_it_holds() {
        assert_eq!(quoted("vault_prod-daily"), "vault_prod-daily");
        assert_eq!(quoted(""), "''");
        assert_eq!(quoted("two words"), "'two words'");
        assert_eq!(quoted("$(id); `id` & | > *"), "'$(id); `id` & | > *'");
        assert_eq!(quoted("it's"), r"'it'\''s'");
        assert_eq!(quoted("~/x"), "'~/x'");
    }

    #[test]
    fn what_cannot_be_seen_is_written_out() {
        assert_eq!(quoted("a\u{202e}b"), r"$'a\xe2\x80\xaeb'");
        assert_eq!(quoted("a\n'b'\\"), r"$'a\x0a\'b\'\\'");
    }

    #[test]
    fn a_real_shell_reads_back_what_was_quoted() {
        for text in [
            "plain",
            "",
            "it's $HOME `id`",
            "a\u{202e}b",
            "x\n'y'\\z",
            "*?[a]{b,c}",
            "-n",
            "!history",
            "日本",
        ] {
            let shell = std::process::Command::new("bash")
                .args(["-c", &format!("printf %s {}", quoted(text))])
                .output();
            let Ok(answer) = shell else { return };
            assert_eq!(String::from_utf8_lossy(&answer.stdout), text);
        }
    }

    #[test]
    fn options_and_look_ups_are_quoted() {
        let command = Command::aws("backup describe-backup-vault").with("backup-vault-name", "a b");
        assert_eq!(command.to_string(), "aws backup describe-backup-vault --backup-vault-name 'a b'");
        let command = Command::look_up("eu-west-1").looking_up("Username", "a=b");
        assert_eq!(
            command.to_string(),
            "aws cloudtrail lookup-events --region eu-west-1 --lookup-attributes 'AttributeKey=Username,AttributeValue=\"a=b\"'"
        );
    }

    #[test]
    fn only_a_look_into_the_event_history_begins_at_a_moment() {
        let at = OffsetDateTime::UNIX_EPOCH;
        let each = Command::look_up("eu-west-1").looking_up_each("EventName", &["A", "B"]).since(at);
        assert_eq!(
            each.to_string(),
            "for name in A B; do aws cloudtrail lookup-events --region eu-west-1 --lookup-attributes AttributeKey=EventName,AttributeValue=$name --start-time 1970-01-01T00:00:00Z; done"
        );
        assert_eq!(Command::aws("iam get-role").since(at), Command::aws("iam get-role"));
    }
}
