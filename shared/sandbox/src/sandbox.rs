//! A sandbox: the server, what it serves, and what tests do with it.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use time::OffsetDateTime;
use tokio::io::DuplexStream;
use tokio::net::TcpListener;
use tokio::runtime::Handle;
use tokio::task::AbortHandle;

use crate::authorize::{self, UnenforceablePolicy};
use crate::backup::{NoSuchVault, add_recovery_point, add_recovery_point_of_type};
use crate::calls::Call;
use crate::change::Change;
use crate::clock::Clock;
use crate::faults::{Fault, FaultKind};
use crate::invented::Invented;
use crate::messages::Message;
use crate::server;
use crate::settings::Settings;
use crate::state::Account;
use crate::tools::Tool;
use crate::trail::Actor;
use crate::wire::DEFAULT_ACCOUNT;
use crate::world::{Hook, Watcher, World};

/// How a sandbox starts.
#[derive(Debug, Clone)]
pub struct Options {
    /// The port on 127.0.0.1; 0 takes a free one.
    pub port: u16,
    /// A fixed instant at which the clock stands until it is advanced; without one it runs with the real time.
    pub now: Option<OffsetDateTime>,
    /// Lets the clock go on from that instant, by Tokio's time: paused time is then the sandbox's as well.
    pub time_flows: bool,
    /// How long every call takes.
    pub latency: Duration,
    /// Forces lists into pages of at most this many items.
    pub page_size: Option<usize>,
    /// Makes CreateBackupSelection refuse a name that its plan already has. AWS does not document what it does.
    pub selection_names_unique: bool,
    /// The role that access keys are sessions of, unless [`Sandbox::act_as`] says otherwise.
    pub role: &'static str,
    /// Tools over HTTP besides the sandbox's own.
    pub tools: &'static [Tool],
}

impl Default for Options {
    fn default() -> Options {
        Options {
            port: 0,
            now: None,
            time_flows: false,
            latency: Duration::ZERO,
            page_size: None,
            selection_names_unique: false,
            role: "client",
            tools: &[],
        }
    }
}

/// A running sandbox, of as many accounts as are named. Dropping it stops the server and forgets everything.
#[derive(Debug)]
pub struct Sandbox {
    address: SocketAddr,
    world: Arc<Mutex<World>>,
    server: AbortHandle,
    tools: &'static [Tool],
}

/// Bytes of a request or an answer that are on their way at once.
const MOST_ON_THE_WAY: usize = 1 << 20;

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl Sandbox {
    /// Starts with empty accounts, listening on 127.0.0.1, as a task of the current Tokio runtime.
    ///
    /// # Errors
    /// When there is no runtime or the port cannot be taken.
    pub fn start(options: Options) -> io::Result<Sandbox> {
        let runtime = Handle::try_current().map_err(io::Error::other)?;
        let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, options.port))?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let listener = TcpListener::from_std(listener)?;
        let settings = Settings {
            latency: options.latency,
            page_size: options.page_size,
            selection_names_unique: options.selection_names_unique,
            ..Settings::default()
        };
        let world = Arc::new(Mutex::new(World::new(
            Clock::new(options.now, options.time_flows),
            settings,
            options.role,
        )));
        let server = runtime.spawn(server::serve(listener, Arc::clone(&world), options.tools)).abort_handle();
        Ok(Sandbox { address, world, server, tools: options.tools })
    }

    /// A connection to the sandbox inside the process, for clients that bring their own: no port, and nothing that the time
    /// of the machine decides.
    pub fn connect(&self) -> DuplexStream {
        let (ours, theirs) = tokio::io::duplex(MOST_ON_THE_WAY);
        tokio::spawn(server::connection(theirs, Arc::clone(&self.world), self.tools));
        ours
    }

    fn world(&self) -> MutexGuard<'_, World> {
        server::locked(&self.world)
    }

    /// The URL for `AWS_ENDPOINT_URL`.
    pub fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Changes an account, and tells its trail by which calls that would have come about. A change that fails leaves the
    /// account as it was. Until it ends, everything else waits, this sandbox's other methods too.
    ///
    /// # Errors
    /// Those of the change.
    pub fn change<T, E>(
        &self,
        account: &str,
        change: impl FnOnce(&mut Change<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        self.world().change(account, change)
    }

    /// Forgets what an account holds and makes it anew, of which its new trail tells nothing; published messages stay. If
    /// the making fails, the account stays as it was.
    ///
    /// # Errors
    /// Those of the making.
    pub fn replace<T, E>(
        &self,
        account: &str,
        make: impl FnOnce(&mut Change<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        self.world().replace(account, make)
    }

    /// Changes what an account holds as if it had always been so: nobody did it, and the trail tells nothing of it.
    ///
    /// # Errors
    /// Those of the planting.
    pub fn plant<T, E>(
        &self,
        account: &str,
        plant: impl FnOnce(&mut Change<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        self.world().plant(account, plant)
    }

    /// Plants what a body describes, as the tool `plant` does over HTTP.
    ///
    /// # Errors
    /// What cannot be planted.
    pub fn plant_described(&self, account: &str, body: &serde_json::Value) -> Result<(), String> {
        self.plant(account, |change| crate::plant::plant(change, body))
    }

    /// Moves the clock forward. Lock dates and waiting periods that pass take effect.
    pub fn advance(&self, by: time::Duration) {
        self.world().clock.advance(by);
    }

    /// The time by the sandbox's clock.
    pub fn now(&self) -> OffsetDateTime {
        self.world().clock.now()
    }

    /// All calls so far, in the order in which they were answered.
    pub fn calls(&self) -> Vec<Call> {
        self.world().calls.clone()
    }

    /// Only the calls of operations that change something, refused ones included.
    pub fn writes(&self) -> Vec<Call> {
        self.world().calls.iter().filter(|call| call.write).cloned().collect()
    }

    /// Forgets the calls so far.
    pub fn clear_calls(&self) {
        self.world().calls.clear();
    }

    /// Adds a fault. Of several that fit a call, the first added counts.
    pub fn inject(&self, fault: Fault) {
        self.world().faults.add(fault);
    }

    /// Makes a change just before the n-th call of an operation from now on, counted from 1, in the account of that call:
    /// what happens between a client's look and its deed. The trail tells of it as of any other change.
    pub fn before_call(
        &self,
        operation: &str,
        nth: usize,
        change: impl FnOnce(&mut Change<'_>) + Send + 'static,
    ) {
        self.world().hooks.push(Hook::new(operation, nth, change));
    }

    /// Shows every write, refused ones included, and the account before and after it.
    pub fn watch(&self, see: impl FnMut(&Call, &Account, &Account) + Send + 'static) {
        self.world().watcher = Some(Watcher::new(see));
    }

    /// The faults that have hit a call since they were last taken away.
    pub fn struck(&self) -> Vec<FaultKind> {
        self.world().faults.struck().to_vec()
    }

    /// Takes all faults away.
    pub fn clear_faults(&self) {
        self.world().faults = Default::default();
    }

    /// Adds a member that no model has to answers, until a reset.
    pub fn invent(&self, invented: Invented) {
        self.world().invented.push(invented);
    }

    /// Lets the calls of an access key through only if IAM would with these policies, and no others, attached to it.
    ///
    /// # Errors
    /// When a document is none, or has a condition that the sandbox does not know.
    pub fn enforce(&self, access_key: &str, documents: &[&str]) -> Result<(), UnenforceablePolicy> {
        let statements = authorize::Statements::parse(documents)?;
        self.world().policies.insert(access_key.to_owned(), Arc::new(statements));
        Ok(())
    }

    /// Says who an access key is: to STS, and to the trail of the calls that it signs from now on. Without this every
    /// key is a session of [`Options::role`], in its own account.
    pub fn act_as(&self, access_key: &str, actor: Actor) {
        self.world().actors.insert(access_key.to_owned(), actor);
    }

    /// Says who the trail names for what [`Sandbox::change`] does from now on. Without this it is an administrator in the
    /// console.
    pub fn change_as(&self, actor: Actor) {
        self.world().changer = Some(actor);
    }

    /// Adds a CloudTrail record, as the `detail` of an event has it, to the trail of the account that received it; the
    /// default account, if it does not say. A missing time is now, a missing id a new one, and a missing region
    /// `us-east-1`.
    pub fn record(&self, event: serde_json::Value) {
        self.world().record(DEFAULT_ACCOUNT, event);
    }

    /// What has been published to topics, oldest first.
    pub fn messages(&self) -> Vec<Message> {
        self.world().messages()
    }

    /// Forgets what has been published.
    pub fn clear_messages(&self) {
        self.world().clear_messages();
    }

    /// Sets how AWS behaves from now on; a reset keeps it.
    pub fn adjust(&self, adjust: impl FnOnce(&mut Settings)) {
        adjust(&mut self.world().settings);
    }

    /// How long every call takes from now on.
    pub fn set_latency(&self, latency: Duration) {
        self.world().settings.latency = latency;
    }

    /// The most items of a page, or AWS's own limits again.
    pub fn set_page_size(&self, size: Option<usize>) {
        self.world().settings.page_size = size;
    }

    /// Whether a plan may have two selections of one name.
    pub fn set_selection_names_unique(&self, unique: bool) {
        self.world().settings.selection_names_unique = unique;
    }

    /// How old an event is when LookupEvents first finds it. Zero, unless this was called; a reset keeps it.
    pub fn set_trail_lag(&self, lag: Duration) {
        self.world().settings.trail_lag = lag;
    }

    /// Puts a recovery point into a vault of the default account; its ARN.
    ///
    /// # Errors
    /// When there is no such vault.
    pub fn add_recovery_point(&self, region: &str, vault: &str) -> Result<String, NoSuchVault> {
        let mut world = self.world();
        let now = world.clock.now();
        add_recovery_point(world.account(DEFAULT_ACCOUNT).region(region), vault, now)
    }

    /// The same, of a type such as `EBS`, whose recovery points are snapshots.
    ///
    /// # Errors
    /// When there is no such vault.
    pub fn add_recovery_point_of(
        &self,
        region: &str,
        vault: &str,
        resource_type: &str,
    ) -> Result<String, NoSuchVault> {
        let mut world = self.world();
        let now = world.clock.now();
        add_recovery_point_of_type(world.account(DEFAULT_ACCOUNT).region(region), vault, resource_type, now)
    }

    /// Forgets accounts with their trails, calls, actors, faults and messages, and takes the clock back to the start.
    pub fn reset(&self) {
        self.world().reset();
    }
}
