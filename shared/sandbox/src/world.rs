//! Everything the sandbox knows, and the one place where a call meets it.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;

use crate::authorize::{Statements, admit_by_organization};
use crate::caller::caller as caller_of;
use crate::calls::Call;
use crate::change::Change;
use crate::clock::Clock;
use crate::error::AwsError;
use crate::faults::{FaultKind, Faults};
use crate::ids::Ids;
use crate::invented::Invented;
use crate::messages::Message;
use crate::operation::{Answer, Operation};
use crate::request::Request;
use crate::services;
use crate::settings::Settings;
use crate::state::Account;
use crate::trail::{self, Actor, Deed};
use crate::wire::{self, Incoming, Reply};

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
    role: &'static str,
    accounts: BTreeMap<String, Account>,
    /// Accounts as they will be when so many calls have passed.
    late: BTreeMap<String, (usize, Account)>,
    request_ids: Ids,
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
            role,
            accounts: BTreeMap::new(),
            late: BTreeMap::new(),
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

    /// Forgets all accounts, calls, policies, actors, faults and inventions and goes back to the starting time; settings stay.
    pub(crate) fn reset(&mut self) {
        self.clock.rewind();
        self.accounts.clear();
        self.late.clear();
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

    /// How long to wait before answering, and the fault that hits this call.
    pub(crate) fn admit(&mut self, call: &Incoming) -> (Duration, Option<FaultKind>) {
        match self.faults.hit(call) {
            Some(FaultKind::Delay { milliseconds }) => {
                (self.settings.latency + Duration::from_millis(milliseconds), None)
            }
            other => (self.settings.latency, other),
        }
    }

    /// Carries the call out and logs it. `None` closes the connection instead of answering.
    pub(crate) fn answer(&mut self, call: Incoming, fault: Option<FaultKind>) -> Option<Reply> {
        let now = self.clock.now();
        let request = self.request(call);
        let service = request.service;
        let known = services::find(service, &request.operation);
        let is_write = known.is_some_and(|operation| operation.write);
        let deed = is_write.then(|| self.deed(&request));
        let answer = match (&fault, known) {
            (Some(FaultKind::Error { code, status, message }), _) => {
                Err(AwsError::new(*status, code, message))
            }
            (Some(FaultKind::Reset), _) => Err(AwsError::new(0, "ConnectionReset", "")),
            (_, None) => Err(wire::unknown_operation(service, &request.operation)),
            (fault, Some(operation)) => self.authorized(&request).and_then(|()| match fault {
                Some(FaultKind::Late { calls }) => self.answer_late(*calls, operation, &request),
                _ => {
                    self.settle(&request.account);
                    (operation.handle)(self.account(&request.account), &request)
                }
            }),
        };
        let silent = matches!(fault, Some(FaultKind::Reset | FaultKind::LostAnswer));
        let (status, error) = match &answer {
            Ok(_) => (200, None),
            Err(error) => (error.status, Some(error.code.clone())),
        };
        let id = self.request_ids.uuid();
        // That a parameter is not there CloudTrail does not tell, by the model of its error.
        let untold = error.as_deref() == Some("ParameterNotFound");
        if let Some(deed) = deed.filter(|_| !untold && !matches!(fault, Some(FaultKind::Reset))) {
            let deed = deed.with(answer.clone());
            let trail = &mut self.account(&request.account).trail;
            trail.tell(&deed, &request.caller, &request.access_key, Some(id.clone()));
            if let Some(other) = deed.elsewhere() {
                trail.tell(&other, &request.caller, &request.access_key, None);
            }
        }
        self.calls.push(Call {
            service: service.name().to_owned(),
            operation: request.operation.clone(),
            region: request.region,
            account: request.account,
            access_key: request.access_key,
            params: request.params,
            status: if silent { 0 } else { status },
            error,
            write: is_write,
            time: now,
        });
        let mut answer = answer;
        if let Ok(value) = &mut answer {
            self.invented.iter().for_each(|one| one.add(service, &request.operation, value));
        }
        (!silent).then(|| wire::encode(service, &request.operation, answer, &id))
    }

    fn request(&mut self, call: Incoming) -> Request {
        let Incoming { service, operation, region, account, access_key, user_agent, params } = call;
        let known = self.actors.get(&access_key).cloned();
        let mut caller = known.unwrap_or_else(|| Actor::session(self.role, &region, &account));
        caller.user_agent = caller.user_agent.or(user_agent);
        let principal = caller_of(&caller, &self.account(&account).iam);
        Request {
            service,
            operation,
            region,
            account,
            access_key,
            caller,
            principal,
            params,
            now: self.clock.now(),
            clock_runs: self.clock.runs(),
            settings: self.settings.clone(),
        }
    }

    /// The call for the trail, before it is known what comes of it.
    fn deed(&mut self, request: &Request) -> Deed {
        let Request { service, operation, region, params, now, .. } = request;
        let named = trail::named(self.account(&request.account), *service, region, params);
        Deed::new(*service, operation, region, params.clone(), named, *now)
    }

    fn authorized(&mut self, request: &Request) -> Result<(), AwsError> {
        admit_by_organization(self.account(&request.account), request)?;
        match self.policies.get(&request.access_key).map(Arc::clone) {
            Some(statements) => statements.admit(self.account(&request.account), request),
            None => Ok(()),
        }
    }

    /// Carries the call out and keeps what comes of it for later.
    fn answer_late(&mut self, calls: usize, operation: &Operation, request: &Request) -> Answer {
        let mut after = self.account(&request.account).clone();
        let answer = (operation.handle)(&mut after, request);
        self.late.insert(request.account.clone(), (calls, after));
        answer
    }

    /// Lets an account show what was kept for later, when its time has come.
    fn settle(&mut self, id: &str) {
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
}
