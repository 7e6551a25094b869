//! What the help of each command ends with, and what the manual page says of it: examples, variables of the environment, exit codes.

use std::fmt::Write;

use clap::Command;

/// What stands below the options of a command.
pub(crate) struct Help {
    /// The words of the command after `drift`.
    path: &'static [&'static str],
    /// What there is to know.
    pub(crate) text: &'static str,
    /// Commands, and what they are for.
    pub(crate) examples: &'static [(&'static str, &'static str)],
    /// Variables, and what they are for.
    pub(crate) environment: &'static [(&'static str, &'static str)],
    /// Codes, and what they mean.
    pub(crate) exit_codes: &'static [(&'static str, &'static str)],
}

type Rows = &'static [(&'static str, &'static str)];

const AWS: (&str, &str) = ("AWS_PROFILE, AWS_REGION, AWS_ENDPOINT_URL", "which account, as for the AWS CLI");
const SPEC: (&str, &str) = ("DRIFT_SPEC", "as --spec; or a file .drift-spec here or above");
const REGIONS: (&str, &str) = ("PRIMARY_REGION, DR_REGION, HEALER_ROLE_ARN", "as the function takes them");
const LOOKS: (&str, &str) = ("NO_COLOR, CLICOLOR_FORCE, COLUMNS", "colours, and how wide lines may be");

const OF_ACCOUNTS: Rows = &[AWS, SPEC, REGIONS, LOOKS];
const OF_REPORTS: Rows = &[AWS, SPEC, REGIONS, ("TOPIC_ARN", "where --publish sends the report"), LOOKS];
const OF_EVENTS: Rows =
    &[AWS, SPEC, REGIONS, ("TOPIC_ARN", "the function's topic: its messages end a run"), LOOKS];
const OF_TEXTS: Rows = &[LOOKS];

const OK: (&str, &str) = ("0", "done");
const DRIFT: (&str, &str) = ("3", "drift");
const UNREAD: (&str, &str) = ("4", "not read in full; what was read is in sync");
const ERROR: (&str, &str) = ("1", "error");
const USAGE: (&str, &str) = ("2", "wrong use");
const INTERRUPTED: (&str, &str) = ("130", "interrupted");

const OF_ALL: Rows = &[("0", "in sync, or repaired, or done"), DRIFT, UNREAD, ERROR, USAGE, INTERRUPTED];
const OF_CHECKS: Rows = &[
    ("0", "in sync, or nothing as bad as --fail-on differs"),
    DRIFT,
    UNREAD,
    ("1", "error: no credentials, a bad spec, an output that fails"),
    USAGE,
    INTERRUPTED,
];
const OF_REPAIRS: Rows =
    &[("0", "in sync, or all is repaired"), ("3", "drift is left"), UNREAD, ERROR, USAGE, INTERRUPTED];
const PLAIN: Rows = &[OK, ERROR, USAGE];
const UNTIL_STOPPED: Rows = &[ERROR, USAGE, ("130", "stopped with Ctrl-C, as it always ends")];

/// Every command; the first is `drift` itself.
const ALL: &[Help] = &[
    Help {
        path: &[],
        text: "",
        examples: &[
            ("drift", "a healing run on an account in this process"),
            ("drift spec import --profile prod --out prod.toml", "the spec of an account as it is"),
            ("drift check --profile prod --spec prod.toml", "does the account differ from it? Writes nothing"),
            ("drift check --spec prod.toml --output html=prod.html --output json", ""),
            ("drift repair --profile prod --spec prod.toml", "shows what it would do, asks, and repairs"),
            ("drift explain retention-differs", ""),
        ],
        environment: OF_REPORTS,
        exit_codes: OF_ALL,
    },
    Help {
        path: &["demo"],
        text: "Nothing leaves this machine: the account is an emulator in this process.",
        examples: &[("drift", ""), ("drift demo --color never > demo.txt", "")],
        environment: OF_TEXTS,
        exit_codes: PLAIN,
    },
    Help {
        path: &["check"],
        text: "",
        examples: &[
            ("drift check --spec prod.toml", "ten groups of findings in full; of more, a line each"),
            ("drift check --spec prod.toml --severity high --full", ""),
            ("drift check --spec prod.toml --fail-on high", "a pipeline that stops for high and critical only"),
            ("drift check --spec prod.toml --output junit=drift.xml --output text", ""),
            ("drift check --spec prod.toml --unmanaged", "what of AWS Backup the spec does not name"),
            ("drift check --rights > rights.json", "the least policy that this command needs"),
        ],
        environment: OF_REPORTS,
        exit_codes: OF_CHECKS,
    },
    Help {
        path: &["repair"],
        text: "\
First drift shows the plan: every call, and what of it cannot be undone. Then you type the account's id; in a pipeline \
--yes ACCOUNT_ID says the same. The first Ctrl-C lets the current call end, looks at the account again and reports; \
a second one ends at once. Every call stands in a journal file before it is made.",
        examples: &[
            ("drift repair --spec prod.toml", ""),
            (
                "drift repair --spec prod.toml --only \"vault-policy eu-west-1/prod-daily\" --only retention-differs",
                "",
            ),
            ("drift repair --spec prod.toml --yes 123456789012 --output json=repair.json", ""),
        ],
        environment: OF_REPORTS,
        exit_codes: OF_REPAIRS,
    },
    Help {
        path: &["watch"],
        text: "\
The first check is shown in full, and so is each one that differs from the check before; for the others there is one line. \
It writes nothing to the account, goes on when AWS does not answer, and ends with Ctrl-C.",
        examples: &[
            ("drift watch --spec prod.toml", "a check every 15 minutes"),
            ("drift watch --spec prod.toml --every 5 --severity high --output text --output json=last.json", ""),
        ],
        environment: OF_ACCOUNTS,
        exit_codes: UNTIL_STOPPED,
    },
    Help {
        path: &["replay"],
        text: "\
The account is only read: the event cannot make drift write to it. With --sandbox the event goes to an account in this \
process, the reference deployment with drifts of your choice, and there it may repair.",
        examples: &[
            ("drift replay events/delete-backup-vault-access-policy.json --sandbox --drift vault-policy-deleted", ""),
            ("drift replay event.json --profile prod --spec prod.toml", ""),
        ],
        environment: OF_EVENTS,
        exit_codes: OF_REPAIRS,
    },
    Help {
        path: &["sandbox"],
        text: "\
The account speaks the protocols of AWS Backup, KMS, IAM, STS, SNS and CloudTrail's LookupEvents. Tools beside them, by HTTP:
  POST   /_sandbox/drift/NAME       drifts: NAME or NAME:TARGET; GET /_sandbox/drifts lists them
  POST   /_sandbox/deploy           the reference deployment, in sync
  GET    /_sandbox/calls            every call so far; ?writes=true for writes only; DELETE forgets them
  GET    /_sandbox/messages         what was published; DELETE forgets it
  POST   /_sandbox/faults           an answer that goes wrong; DELETE ends all of them
  POST   /_sandbox/plant            something with a state of your choice
  POST   /_sandbox/actor            who makes the changes from now on; GET /_sandbox/trail shows them
  POST   /_sandbox/enforce          what the caller's IAM policy allows
  POST   /_sandbox/options          latency, page size and other habits
  POST   /_sandbox/advance          {\"seconds\": 3600} lets time pass
  GET    /_sandbox/health           whether it is there, and its time",
        examples: &[
            ("drift sandbox --drift vault-policy-deleted rule-retention-cut", ""),
            ("drift sandbox --list", "the drifts that have a name"),
            ("drift --spec reference check", "in another terminal, after the two lines that it prints"),
        ],
        environment: OF_TEXTS,
        exit_codes: &[("0", "stopped with Ctrl-C, as it always ends"), ERROR, USAGE],
    },
    Help {
        path: &["explain"],
        text: "",
        examples: &[
            ("drift explain", "every code, reason and kind in a line"),
            ("drift explain retention-differs", "a drift code"),
            ("drift explain needs-consent", "a reason why something is not repaired"),
            ("drift explain vault-lock", "a kind of resource, with its codes"),
        ],
        environment: OF_TEXTS,
        exit_codes: PLAIN,
    },
    Help {
        path: &["spec"],
        text: "",
        examples: &[
            ("drift spec import --profile prod --out prod.toml", "of an account"),
            ("drift spec init --out prod.toml", "to start from"),
            ("drift spec diff old.toml new.toml", ""),
        ],
        environment: OF_ACCOUNTS,
        exit_codes: PLAIN,
    },
    Help {
        path: &["spec", "import"],
        text: "",
        examples: &[
            ("drift spec import --profile prod --out prod.toml", ""),
            ("drift spec import --regions eu-west-1,eu-central-1 --out prod.toml", ""),
            ("terraform show -json | drift spec import --terraform - --out prod.toml", ""),
            ("drift spec import --cloudformation template.yaml --out prod.toml", ""),
        ],
        environment: &[AWS, LOOKS],
        exit_codes: PLAIN,
    },
    Help {
        path: &["spec", "init"],
        text: "",
        examples: &[("drift spec init --out prod.toml", "never over a file that is there")],
        environment: OF_TEXTS,
        exit_codes: PLAIN,
    },
    Help {
        path: &["spec", "validate"],
        text: "",
        examples: &[("drift spec validate prod.toml", "")],
        environment: OF_TEXTS,
        exit_codes: &[("0", "valid; doubts are warnings"), ("1", "refused, with every mistake"), USAGE],
    },
    Help {
        path: &["spec", "show"],
        text: "",
        examples: &[("drift spec show prod.toml", ""), ("drift spec show reference", "the spec that is shipped")],
        environment: &[SPEC, LOOKS],
        exit_codes: PLAIN,
    },
    Help {
        path: &["spec", "schema"],
        text: "",
        examples: &[("drift spec schema > desired.schema.json", "")],
        environment: OF_TEXTS,
        exit_codes: PLAIN,
    },
    Help {
        path: &["spec", "diff"],
        text: "",
        examples: &[("drift spec diff old.toml new.toml", ""), ("drift spec diff reference prod.toml", "")],
        environment: OF_TEXTS,
        exit_codes: &[("0", "compared, whether they differ or not"), ERROR, USAGE],
    },
    Help {
        path: &["completions"],
        text: "",
        examples: &[("drift completions bash > /etc/bash_completion.d/drift", ""), ("source <(drift completions zsh)", "")],
        environment: &[],
        exit_codes: PLAIN,
    },
    Help {
        path: &["man"],
        text: "",
        examples: &[("drift man | man -l -", ""), ("drift man > /usr/local/share/man/man1/drift.1", "")],
        environment: &[],
        exit_codes: PLAIN,
    },
];

/// A comment stands beside an example that is no longer than this.
const SHORT: usize = 64;

/// The help of a command, by its words after `drift`.
pub(crate) fn of(path: &[&str]) -> Option<&'static Help> {
    ALL.iter().find(|help| help.path == path)
}

/// The same commands, each with what its help ends with.
pub(crate) fn with_help(command: Command) -> Command {
    ALL.iter().fold(command, |command, help| at(command, help.path, help.in_text()))
}

fn at(command: Command, path: &'static [&'static str], text: String) -> Command {
    match path {
        [] => command.after_long_help(text),
        [name, rest @ ..] => command.mut_subcommand(name, |sub| at(sub, rest, text)),
    }
}

impl Help {
    fn in_text(&self) -> String {
        let mut text = self.text.to_owned();
        let mut section = |title: &str, rows: Rows, most: usize, gap: &str| {
            if rows.is_empty() {
                return;
            }
            // A String takes every character.
            let _ = write!(text, "{}{title}:", if text.is_empty() { "" } else { "\n\n" });
            let longest = rows.iter().map(|(name, _)| name.len()).filter(|length| *length <= most).max();
            let longest = longest.unwrap_or_default();
            for (name, meaning) in rows {
                let line = if meaning.is_empty() {
                    (*name).to_owned()
                } else {
                    format!("{name:longest$}{gap}{meaning}")
                };
                let _ = write!(text, "\n  {line}");
            }
        };
        section("Examples", self.examples, SHORT, "   # ");
        section("Environment", self.environment, SHORT, "  ");
        section("Exit codes", self.exit_codes, SHORT, "  ");
        text
    }
}
