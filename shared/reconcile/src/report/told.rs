//! A finding in words: what differs, what it means, what was done about it, and what is left to do. The mail, the chat, the answer and the
//! terminal all speak with these.

use super::{Outcome, Reported, refusal};
use crate::call::{Call, CallError};
use crate::drift::look::{delete_lock, look, look_up};
use crate::repair::{BlockReason, Consent, Review};
use crate::say;
use crate::words::{Command, Prose, Reader, Scene, Tense, Verbatim, Word, list};

const DEPLOYER: &Reader = &Reader::Deployer;

impl Reported {
    pub(super) fn scene(&self) -> Scene<'_> {
        self.scene_for(DEPLOYER)
    }

    fn scene_for<'a>(&'a self, reader: &'a Reader) -> Scene<'a> {
        let tense = if self.outcome == Outcome::Repaired { Tense::Then } else { Tense::Now };
        Scene { resource: &self.finding.resource, tense, reader }
    }

    /// Where, and what in one word.
    pub fn title(&self) -> Prose {
        say!("{}: {}", self.finding.resource, self.code_in_words())
    }

    /// The difference in a sentence.
    pub fn summary(&self) -> Prose {
        self.finding.drift.summary(&self.scene())
    }

    /// What it means for the backups, in a sentence or two.
    pub fn impact(&self) -> Prose {
        if self.may_be_elsewhere() {
            return Prose::own("Perhaps this is the wrong account or region, and nothing is lost.");
        }
        self.finding.drift.impact(&self.scene())
    }

    /// Whether it may only say that this is the wrong account or region. A key that is about to be deleted says more.
    pub fn may_be_elsewhere(&self) -> bool {
        self.outcome == Outcome::Blocked(BlockReason::EmptyAccount)
            && self.finding.drift.dying_key().is_none()
    }

    /// What was done, or that nothing was.
    pub fn what_was_done(&self) -> Prose {
        let mut calls: Vec<&'static str> = self.calls.iter().map(Call::action).collect();
        calls.dedup();
        let no_calls = calls.is_empty();
        let calls = list(calls.into_iter().map(Word));
        match &self.outcome {
            Outcome::Repaired => {
                let seen = self.repaired_at.map(|at| say!(", seen repaired at {}", at)).unwrap_or_default();
                if no_calls {
                    say!("Fixed by the other repairs{}.", seen)
                } else {
                    say!("Repaired with {}{}.", calls, seen)
                }
            }
            Outcome::Planned if no_calls => {
                Prose::own("Nothing was done: the mode is report. The other repairs would fix it.")
            }
            Outcome::Planned => {
                say!("Nothing was done: the mode is report. It would be repaired with {}.", calls)
            }
            Outcome::Failed(error) => {
                let said =
                    say!("{}: {}", Verbatim(&error.code), Verbatim(error.message.trim_end_matches('.')));
                if error.is_unanswered() {
                    say!("Not repaired: {} got no answer from AWS ({}).", calls, said)
                } else {
                    say!("Not repaired: AWS refused {}. AWS's words: {}.", calls, said)
                }
            }
            // The next step says it all.
            Outcome::Blocked(BlockReason::Excepted(_) | BlockReason::Tried) => Prose::default(),
            Outcome::Blocked(_) => Prose::own("Not repaired."),
        }
    }

    /// What a person has to know or do about a finding that is still open, or about a repair that cannot be undone for long: one sentence or
    /// two. `None` where nothing is left to do. The command that goes with it, if there is one, is [`Reported::command`].
    pub fn next_step(&self) -> Option<Prose> {
        self.next_step_for(DEPLOYER)
    }

    /// The same for a reader who can do something else about it.
    pub fn next_step_for(&self, reader: &Reader) -> Option<Prose> {
        let scene = self.scene_for(reader);
        match &self.outcome {
            Outcome::Planned => self.lock_notice(reader),
            Outcome::Repaired => {
                let aftermath = self.finding.drift.aftermath(&scene).map(|after| after.text);
                match (self.lock_notice(reader), aftermath) {
                    // The command is the one that undoes the lock.
                    (Some(lock), Some(after)) => {
                        Some(say!("{}.", after.without_end(':').without_end('.')).and(lock))
                    }
                    (lock, after) => lock.or(after),
                }
            }
            Outcome::Failed(error) => Some(after_failure(error, reader)),
            Outcome::Blocked(reason) => self.next_step_of(reason, &scene),
        }
    }

    fn next_step_of(&self, reason: &BlockReason, scene: &Scene<'_>) -> Option<Prose> {
        let choose = |deployer, caller| Prose::own(scene.reader.choose(deployer, caller));
        Some(match reason {
            BlockReason::Unreadable
            | BlockReason::Immutable
            | BlockReason::Ambiguous
            | BlockReason::NeedsReview(Review::ItsKind) => {
                return self.finding.drift.next_step(scene).or_else(|| {
                    Some(Prose::own(
                        "Look at it and decide: nothing is done about it until one of the two is changed.",
                    ))
                });
            }
            BlockReason::NeedsReview(Review::PutHadNoEffect) => Prose::own(
                "A run before this one put the lock, AWS accepted it, and the difference is still there. Another put would only move the date of a running lock on, so it is not made. Compare the lock with the spec by hand.",
            ),
            BlockReason::NeedsConsent(Consent::ComplianceLocks) => Prose::own(
                "The call would start, or shorten, the clock of a compliance lock: when it has run out nobody, AWS included, can remove the lock. If that is what you want, say so once:",
            ),
            BlockReason::NeedsConsent(Consent::LockLimits) => Prose::own(
                "The lock is stricter than the spec's and fails none of its jobs, so somebody may have meant it. When its clock has run out nobody, AWS included, can change it. If it is meant, put it into the spec; if it is not, say so once:",
            ),
            BlockReason::NeedsConsent(Consent::Bootstrap) => Prose::own(
                "Nothing of the deployment depends on it here, so it may be the wrong account or region. If it is the right one, say so once:",
            ),
            BlockReason::NeedsReview(Review::ShutsOutTheHealer) => choose(
                "The spec's policy would deny the function's own role what it needs to restore it, so it is not put. Exempt the role in the policy (condition on aws:PrincipalArn).",
                "The spec's policy would deny your own role what it needs to restore it, so it is not put. Exempt the role in the policy (condition on aws:PrincipalArn).",
            ),
            BlockReason::NeedsReview(Review::ScannerRole) => choose(
                "The plan lets its recovery points be scanned for malware with a role that the function may not pass, so AWS refuses every update of it. Deploy with ScannerRoleArn, or update the plan yourself.",
                "The plan lets its recovery points be scanned for malware with a role that you may not pass (iam:PassRole), so AWS refuses every update of it. Update the plan with a role that may.",
            ),
            BlockReason::NeedsReview(Review::PartlyExcepted) => Prose::own(
                "An exception covers another part of it, and AWS can only replace the whole. Look at it and decide.",
            ),
            BlockReason::WaitingOn(other) if *other == self.finding.resource => choose(
                "AWS is working on it. Nothing to do: the next run looks again.",
                "AWS is working on it. Nothing to do: look again in some minutes.",
            ),
            BlockReason::WaitingOn(other) => {
                say!("It waits until {} is repaired; if that is left to a person, this is too.", other)
            }
            BlockReason::Tried => say!(
                "{} was made and accepted, and its effect is not seen yet. {}",
                Word(self.call().map_or("The call", Call::action)),
                choose("The next run looks again.", "Look again in some minutes.")
            ),
            BlockReason::OverLimit => choose(
                "The run reached MAX_CALLS. The next run goes on; raise MAX_CALLS if so much drift is expected.",
                "The run made as many calls as --max-calls lets it. Run it again to go on, or with a higher --max-calls.",
            ),
            BlockReason::Interrupted => {
                Prose::own("Somebody stopped the run before this call was made. Run it again to go on.")
            }
            BlockReason::NotAsked => Prose::own(
                "The run was asked to repair something else only. Run it without --only to repair this too.",
            ),
            BlockReason::OutOfTime => choose(
                "The invocation's time was over. The next run goes on; a longer time-out helps.",
                "The run took too long and was ended. Run it again to go on.",
            ),
            BlockReason::Excepted(exception) => say!(
                "An exception leaves it as it is until {}. {} answers for it ({}).",
                exception.until,
                Verbatim(&exception.owner),
                Verbatim(exception.reason.trim_end_matches('.'))
            ),
            BlockReason::EmptyAccount => {
                let place = self.finding.resource.region.as_deref();
                let place =
                    place.map_or_else(|| Prose::own("the regions of the spec"), |place| say!("{}", place));
                say!(
                    "Too little shows that the deployment is in {}: a name alone is no proof, and at least two of vault, key, plan, selection and tags have to agree. Is it the right account, and the right region? If it is, say so once:",
                    place
                )
            }
        })
    }

    /// A compliance lock is the one thing that cannot be taken back: say until when it can.
    fn lock_notice(&self, reader: &Reader) -> Option<Prose> {
        let Some(Call::PutBackupVaultLockConfiguration { changeable_for_days: Some(days), .. }) = self.call()
        else {
            return None;
        };
        if self.outcome == Outcome::Planned {
            return Some(say!(
                "The call starts a compliance lock: {} days later nobody, AWS included, can remove it any more.",
                *days
            ));
        }
        let when =
            self.immutable_at.map_or_else(|| say!("{} days after the call", *days), |at| say!("at {}", at));
        let first = Word(reader.choose(
            "take the lock out of the spec first, or deploy with MODE=report; otherwise the next run puts it again.",
            "take the lock out of the spec first; otherwise the next repair that may start locks puts it again.",
        ));
        Some(say!(
            "The lock becomes immutable {}; from then on nobody, AWS included, can remove it. If it is not meant, {} Then, before that date:",
            when,
            first
        ))
    }

    /// A command, for whoever looks after the function; [`Command::read_by`] makes it another reader's. What it destroys, if anything, the next step says; where it only shows, it is the place to start.
    /// What the role has to do with is recorded in IAM's region.
    pub fn command(&self, iam_region: &str) -> Option<Command> {
        let scene = self.scene();
        let region = scene.region().unwrap_or(iam_region);
        let drift = &self.finding.drift;
        match &self.outcome {
            Outcome::Repaired => {
                self.call().and_then(undo).or_else(|| drift.aftermath(&scene).and_then(|after| after.command))
            }
            Outcome::Planned => None,
            Outcome::Failed(error) if error.is_about_role() => {
                let Call::CreateBackupSelection { document, .. } = self.call()? else { return None };
                let role = document.role_arn.rsplit('/').next().unwrap_or(&document.role_arn);
                Some(Command::aws("iam get-role").with("role-name", role))
            }
            // The call was made after the finding was seen.
            Outcome::Failed(_) => Some(look_up(region, self.call()?.operation()).since(self.seen_at)),
            Outcome::Blocked(reason) => match reason {
                BlockReason::Unreadable
                | BlockReason::Immutable
                | BlockReason::Ambiguous
                | BlockReason::NeedsReview(Review::ItsKind) => drift.command(&scene, region),
                BlockReason::NeedsReview(Review::PartlyExcepted | Review::ScannerRole) => {
                    Some(look(&self.finding.resource, region))
                }
                BlockReason::NeedsReview(Review::PutHadNoEffect) => {
                    Some(look(&self.finding.resource, region))
                }
                BlockReason::NeedsConsent(to) => Some(Command::consent(*to)),
                BlockReason::EmptyAccount => Some(Command::consent(Consent::Bootstrap)),
                // The spec has to change, not the account.
                BlockReason::NeedsReview(Review::ShutsOutTheHealer)
                | BlockReason::WaitingOn(_)
                | BlockReason::Tried
                | BlockReason::OverLimit
                | BlockReason::OutOfTime
                | BlockReason::Interrupted
                | BlockReason::NotAsked
                | BlockReason::Excepted(_) => None,
            },
        }
    }
}

fn after_failure(error: &CallError, reader: &Reader) -> Prose {
    let passing = reader.choose(
        "The next run tries again. If it fails again, check the function's rights and what CloudTrail says of the call.",
        "Run it again. If it fails again, check your rights and what CloudTrail says of the call.",
    );
    Prose::own(refusal::advice(error, reader).unwrap_or(passing))
}

/// Of all that is called, only a compliance lock cannot be taken back later.
fn undo(call: &Call) -> Option<Command> {
    let Call::PutBackupVaultLockConfiguration { region, vault, changeable_for_days: Some(_), .. } = call
    else {
        return None;
    };
    Some(delete_lock(region, vault))
}
