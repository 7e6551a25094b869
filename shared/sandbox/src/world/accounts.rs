//! Everything the sandbox knows, and how accounts are changed from outside.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;
use time::Duration;

use super::hooks::{Hook, Watcher};
use super::past::Past;
use crate::authorize::Statements;
use crate::calls::Call;
use crate::change::Change;
use crate::clock::{Clock, http_date};
use crate::faults::Faults;
use crate::ids::Ids;
use crate::invented::Invented;
use crate::messages::Message;
use crate::settings::Settings;
use crate::state::Account;
use crate::trail::{self, Actor};

/// All accounts of a sandbox, and everything that is the same for each of them.
#[derive(Debug)]
pub struct World {
    pub(crate) clock: Clock,
    pub(crate) settings: Settings,
    pub(crate) faults: Faults,
    pub(crate) invented: Vec<Invented>,
    pub(crate) calls: Vec<Call>,
    /// By access key; without one everything is allowed.
    pub(crate) policies: BTreeMap<String, Arc<Statements>>,
    /// By access key; without one it is a session of `role`.
    pub(crate) actors: BTreeMap<String, Actor>,
    /// Who changes accounts from outside; an administrator, unless somebody else is named.
    pub(crate) changer: Option<Actor>,
    /// Changes that wait for a call.
    pub(crate) hooks: Vec<Hook>,
    pub(crate) watcher: Option<Watcher>,
    pub(super) role: &'static str,
    accounts: BTreeMap<String, Account>,
    /// Accounts as they will be when so many calls have passed.
    pub(super) late: BTreeMap<String, (usize, Account)>,
    pub(super) past: Past,
    pub(super) request_ids: Ids,
}

impl World {
    pub(crate) fn new(clock: Clock, settings: Settings, role: &'static str) -> World {
        World {
            clock,
            settings,
            faults: Faults::default(),
            invented: Vec::new(),
            calls: Vec::new(),
            policies: BTreeMap::new(),
            actors: BTreeMap::new(),
            changer: None,
            hooks: Vec::new(),
            watcher: None,
            role,
            accounts: BTreeMap::new(),
            late: BTreeMap::new(),
            past: Past::default(),
            request_ids: Ids::new("requests"),
        }
    }

    /// The account as it is now, made on first use.
    pub(crate) fn account(&mut self, id: &str) -> &mut Account {
        let now = self.clock.now();
        let account = self.accounts.entry(id.to_owned()).or_insert_with(|| Account::new(id));
        account.expire(now);
        account
    }

    /// Forgets all accounts, calls, policies, actors, faults, inventions and waiting changes and goes back to the starting time; settings stay.
    pub(crate) fn reset(&mut self) {
        self.clock.rewind();
        self.accounts.clear();
        self.late.clear();
        self.past.forget();
        self.hooks.clear();
        self.calls.clear();
        self.policies.clear();
        self.actors.clear();
        self.changer = None;
        self.faults = Faults::default();
        self.invented.clear();
    }

    /// [`Sandbox::change`](crate::Sandbox::change), for tools.
    ///
    /// # Errors
    /// Those of the change.
    pub fn change<T, E>(
        &mut self,
        id: &str,
        change: impl FnOnce(&mut Change<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let by = self.changer(id);
        self.look_back(id);
        let before = self.account(id).clone();
        let mut account = before.clone();
        let mut changing = self.changing(&mut account, &by);
        let outcome = change(&mut changing)?;
        let now = changing.now;
        account.expire(now);
        let access_key = by.access_key();
        for deed in trail::between(&before, &account, now) {
            account.trail.tell(&deed, &by, &access_key, None);
        }
        self.accounts.insert(id.to_owned(), account);
        Ok(outcome)
    }

    /// [`Sandbox::replace`](crate::Sandbox::replace), for tools.
    ///
    /// # Errors
    /// Those of the making.
    pub fn replace<T, E>(
        &mut self,
        id: &str,
        make: impl FnOnce(&mut Change<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let by = self.changer(id);
        let published = self.account(id).published.clone();
        let mut account = Account { published, ..Account::new(id) };
        let outcome = make(&mut self.changing(&mut account, &by))?;
        self.accounts.insert(id.to_owned(), account);
        Ok(outcome)
    }

    /// [`Sandbox::plant`](crate::Sandbox::plant), for tools.
    ///
    /// # Errors
    /// Those of the planting.
    pub fn plant<T, E>(
        &mut self,
        id: &str,
        plant: impl FnOnce(&mut Change<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let by = self.changer(id);
        let mut account = self.account(id).clone();
        let outcome = plant(&mut self.changing(&mut account, &by))?;
        account.expire(self.clock.now());
        self.accounts.insert(id.to_owned(), account);
        Ok(outcome)
    }

    fn changer(&self, id: &str) -> Actor {
        self.changer.clone().unwrap_or_else(|| Actor::administrator(id))
    }

    fn changing<'a>(&self, account: &'a mut Account, by: &'a Actor) -> Change<'a> {
        Change {
            account,
            now: self.clock.now(),
            by,
            settings: self.settings.clone(),
            clock_runs: self.clock.runs(),
        }
    }

    /// Adds a record to the trail of the account that received it, or else of this one.
    pub(crate) fn record(&mut self, account: &str, event: Value) {
        let now = self.clock.now();
        let recipient = event.get("recipientAccountId").and_then(Value::as_str).unwrap_or(account).to_owned();
        self.account(&recipient).trail.add(event, now);
    }

    pub(crate) fn messages(&self) -> Vec<Message> {
        let mut messages: Vec<Message> =
            self.accounts.values().flat_map(|account| account.published.iter().cloned()).collect();
        messages.sort_by_key(|message| message.time);
        messages
    }

    pub(crate) fn clear_messages(&mut self) {
        self.accounts.values_mut().for_each(|account| account.published.clear());
    }

    /// Keeps the account as it is before it is written to, if reads may have to see it so.
    pub(super) fn look_back(&mut self, id: &str) {
        if self.faults.look_back() {
            let (now, account) = (self.clock.now(), self.account(id).clone());
            self.past.keep(&account, now);
        }
    }

    /// Lets an account show what was kept for later, when its time has come.
    pub(super) fn settle(&mut self, id: &str) {
        match self.late.get_mut(id) {
            None => {}
            Some((0, _)) => {
                let after = self.late.remove(id).map(|(_, after)| after);
                // What has been told is not untold.
                let trail = self.account(id).trail.clone();
                self.accounts.extend(after.map(|after| (id.to_owned(), Account { trail, ..after })));
            }
            Some((left, _)) => *left -= 1,
        }
    }

    /// The `Date` of answers.
    pub(crate) fn date(&self) -> String {
        let skew = Duration::seconds(self.settings.date_skew_seconds);
        let now = if self.settings.dates_by_clock { self.clock.now() } else { Clock::real() };
        http_date(now.saturating_add(skew))
    }
}
