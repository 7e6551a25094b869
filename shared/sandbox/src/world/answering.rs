//! Where a call meets an account: it is admitted, carried out, told and answered, or what a fault makes of that.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use super::accounts::World;
use crate::authorize::admit_by_organization;
use crate::caller::caller as caller_of;
use crate::calls::Call;
use crate::error::AwsError;
use crate::faults::{FaultKind, Plan};
use crate::operation::{Answer, Operation};
use crate::request::Request;
use crate::service::Service;
use crate::services;
use crate::state::Account;
use crate::trail::{self, Actor, Deed};
use crate::wire::{self, Incoming, Reply};

/// An answer on its way.
#[derive(Debug)]
pub(crate) struct Sending {
    pub(crate) reply: Reply,
    /// How long it takes to set out.
    pub(crate) wait: Duration,
    /// Whether the connection closes in the middle of it.
    pub(crate) truncated: bool,
}

impl World {
    /// How long to wait before the call is carried out, and what is to happen to it.
    pub(crate) fn admit(&mut self, call: &Incoming) -> (Duration, Plan) {
        let plan = self.faults.plan(call);
        let pause = match &plan.fault {
            Some(FaultKind::Delay { milliseconds }) => Duration::from_millis(*milliseconds),
            _ => Duration::ZERO,
        };
        (self.settings.latency + pause, plan)
    }

    /// Carries the call out and logs it. `None` closes the connection instead of answering.
    pub(crate) fn answer(&mut self, call: Incoming, fault: Option<FaultKind>) -> Option<Sending> {
        self.change_before(&call);
        match fault {
            Some(FaultKind::Duplicate { second_answer }) => {
                let first = self.carry_out(call.clone(), None);
                let second = self.carry_out(call, None);
                if second_answer { second } else { first }
            }
            other => self.carry_out(call, other.as_ref()),
        }
    }

    /// Makes the changes that have waited for this call, in its account.
    fn change_before(&mut self, call: &Incoming) {
        let due: Vec<_> = self.hooks.iter_mut().filter_map(|hook| hook.due(call)).collect();
        self.hooks.retain(|hook| !hook.is_over());
        for waiting in due {
            let Ok(()) = self.change(&call.account, |change| {
                waiting(change);
                Ok::<_, Infallible>(())
            });
        }
    }

    fn carry_out(&mut self, call: Incoming, fault: Option<&FaultKind>) -> Option<Sending> {
        let now = self.clock.now();
        let request = self.request(call);
        let service = request.service;
        let known = services::find(service, &request.operation);
        let is_write = known.is_some_and(|operation| operation.write);
        let deed = is_write.then(|| self.deed(&request));
        let before = (is_write && self.watcher.is_some()).then(|| self.account(&request.account).clone());
        let refusal = fault.and_then(|fault| fault.refusal(service, &request.operation, &request.caller.arn));
        let mut answer = match (refusal, known) {
            (Some(refusal), _) => Err(refusal),
            (None, None) => Err(wire::unknown_operation(service, &request.operation)),
            (None, Some(operation)) => {
                self.authorized(&request).and_then(|()| self.handle(operation, &request, fault))
            }
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
            self.tell(&deed.with(answer.clone()), &request, &id);
        }
        if let Ok(value) = &mut answer {
            self.invented.iter().for_each(|one| one.add(service, &request.operation, value));
        }
        let reply = wire::encode(service, &request.operation, answer, &id);
        let call = Call {
            service: service.name().to_owned(),
            operation: request.operation,
            region: request.region,
            account: request.account,
            access_key: request.access_key,
            params: request.params,
            status: if silent { 0 } else { status },
            error,
            write: is_write,
            time: now,
        };
        if let Some(before) = before {
            self.show(&call, &before);
        }
        self.calls.push(call);
        (!silent).then(|| sending(reply, fault))
    }

    /// Shows a write to whoever watches.
    fn show(&mut self, call: &Call, before: &Account) {
        if let Some(mut watcher) = self.watcher.take() {
            watcher.see(call, before, self.account(&call.account));
            self.watcher = Some(watcher);
        }
    }

    fn tell(&mut self, deed: &Deed, request: &Request, id: &str) {
        let trail = &mut self.account(&request.account).trail;
        trail.tell(deed, &request.caller, &request.access_key, Some(id.to_owned()));
        if let Some(other) = deed.elsewhere() {
            trail.tell(&other, &request.caller, &request.access_key, None);
        }
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

    fn handle(&mut self, operation: &Operation, request: &Request, fault: Option<&FaultKind>) -> Answer {
        if let Some(FaultKind::Late { calls }) = fault {
            return self.handle_late(*calls, operation, request);
        }
        self.settle(&request.account);
        if let Some(FaultKind::Stale { seconds }) = fault
            && !operation.write
            && request.service != Service::Sns
            && let Some(mut was) = self.past.before(&request.account, request.now, *seconds)
        {
            was.expire(request.now);
            return (operation.handle)(&mut was, request);
        }
        if operation.write {
            self.look_back(&request.account);
        }
        (operation.handle)(self.account(&request.account), request)
    }

    /// Carries the call out and keeps what comes of it for later.
    fn handle_late(&mut self, calls: usize, operation: &Operation, request: &Request) -> Answer {
        let mut after = self.account(&request.account).clone();
        let answer = (operation.handle)(&mut after, request);
        self.late.insert(request.account.clone(), (calls, after));
        answer
    }
}

/// The answer as a fault leaves it.
fn sending(mut reply: Reply, fault: Option<&FaultKind>) -> Sending {
    let mut wait = Duration::ZERO;
    match fault {
        Some(FaultKind::SlowAnswer { milliseconds }) => wait = Duration::from_millis(*milliseconds),
        Some(FaultKind::Malformed { status, body }) => {
            reply.status = status.unwrap_or(200);
            let half: String = reply.body.chars().take(reply.body.chars().count() / 2).collect();
            reply.body = body.clone().unwrap_or(half);
        }
        _ => {}
    }
    Sending { reply, wait, truncated: matches!(fault, Some(FaultKind::Truncated)) }
}
