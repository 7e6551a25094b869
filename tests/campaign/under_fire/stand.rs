//! What the tests stand on: a case's account, one function, and its answers.

use std::time::Duration;

use drift_healer::Healer;
use drift_tests::campaign::{Case, Stage, Told};
use sandbox::state::{Account, Plan};
use sandbox::{Call, DEFAULT_ACCOUNT};
use serde_json::Value;

/// A case's account and a function.
pub(crate) struct Stand {
    pub(crate) case: Case,
    pub(crate) stage: Stage,
    pub(crate) function: Healer,
}

impl Stand {
    pub(crate) async fn on(case: Case) -> Stand {
        let stage = Stage::set(&case).await;
        let function = stage.function(&case, "function");
        Stand { case, stage, function }
    }

    /// An invocation, which has to be over in time.
    pub(crate) async fn invoke(&self) -> Told {
        let told = self.stage.invoke(&self.function, "function", self.case.time, self.case.clock_ahead).await;
        assert!(told.in_time, "it outlives its time: {told}");
        told
    }

    /// An invocation, and one of a second function that begins so many milliseconds later.
    pub(crate) async fn invoke_twice(&self, later: u64) -> (Told, Told) {
        let second = self.stage.function(&self.case, "second");
        let other = async {
            tokio::time::sleep(Duration::from_millis(later)).await;
            self.stage.invoke(&second, "second", self.case.time, 0).await
        };
        tokio::join!(self.invoke(), other)
    }

    /// The same as one invocation; its answer.
    pub(crate) async fn answer(&self) -> Value {
        let told = self.invoke().await;
        told.answer.unwrap_or_else(|| panic!("{:?}", told.error))
    }

    /// An hour later, when nothing goes wrong any more.
    pub(crate) async fn in_peace(&self) -> Value {
        self.stage.calm();
        tokio::time::sleep(Duration::from_secs(3_600)).await;
        let (minutes, ahead) = (Duration::from_secs(300), self.case.clock_ahead);
        let told = self.stage.invoke(&self.function, "function", minutes, ahead).await;
        told.answer.unwrap_or_else(|| panic!("{:?}", told.error))
    }

    /// What a later run and one after it come to: the second one writes nothing.
    pub(crate) async fn settles(&self) -> Value {
        self.in_peace().await;
        let before = self.stage.sandbox.writes().len();
        let last = self.in_peace().await;
        assert_eq!(self.stage.sandbox.writes().len(), before, "a third run has nothing to do");
        last
    }

    /// The writes of an operation that AWS carried out, whatever was answered.
    pub(crate) fn carried_out(&self, operation: &str) -> Vec<Call> {
        let writes = self.stage.sandbox.writes().into_iter();
        writes.filter(|call| call.operation == operation && call.error.is_none()).collect()
    }

    /// Looks at the account.
    pub(crate) fn see<T>(&self, look: impl FnOnce(&Account) -> T) -> T {
        let seen = self.stage.sandbox.plant(DEFAULT_ACCOUNT, |change| Ok::<_, ()>(look(change.account)));
        seen.expect("looking changes nothing")
    }
}

/// Kind, name, code, outcome and reason of every finding.
pub(crate) fn outcomes(answer: &Value) -> Vec<String> {
    let text =
        |one: &Value, pointer: &str| one.pointer(pointer).and_then(Value::as_str).unwrap_or("-").to_owned();
    let pointers = ["/resource/kind", "/resource/name", "/code", "/outcome", "/reason"];
    let findings = answer["findings"].as_array().unwrap();
    findings.iter().map(|one| pointers.map(|pointer| text(one, pointer)).join(" ")).collect()
}

/// The plans of a name.
pub(crate) fn plans<'a>(account: &'a Account, name: &str) -> Vec<&'a Plan> {
    let plans = account.regions["us-east-1"].backup.live_plans();
    plans.filter(|plan| plan.name() == name).collect()
}
