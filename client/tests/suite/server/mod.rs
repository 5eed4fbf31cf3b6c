//! A server of two addresses, logins and calls, that does what it is told.

mod http;
mod step;

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use jsonsql_client::{Client, ClientBuilder};
use serde_json::Value;
use tokio::net::{TcpListener, TcpStream};

pub(crate) use http::Received;
pub(crate) use step::Step;

pub(crate) const PASSWORD: &str = "hunter2-PlantedPassword";

pub(crate) struct Server {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
    accepting: tokio::task::JoinHandle<()>,
}

#[derive(Default)]
struct State {
    received: Vec<Received>,
    /// What to do with the next logins; afterwards, let them in.
    logins: VecDeque<Step>,
    /// What to do with the next calls; afterwards, answer with no rows.
    calls: VecDeque<Step>,
    /// The number of the last session, which is the only one that counts.
    session: u32,
    /// What callers with another session get; without it nobody looks.
    expired: Option<Step>,
    /// How many connections to close without reading from them.
    slammed: u32,
    /// After how long without a request a connection is closed when one comes:
    /// a server that has just begun to close it.
    idle: Option<Duration>,
}

impl Server {
    pub(crate) async fn start() -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let state = Arc::<Mutex<State>>::default();
        let shared = Arc::clone(&state);
        let accepting = tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                tokio::spawn(serve(stream, Arc::clone(&shared)));
            }
        });
        Server {
            address,
            state,
            accepting,
        }
    }

    /// What to do with the next login not yet spoken for.
    pub(crate) fn on_login(&self, step: Step) -> &Self {
        self.state().logins.push_back(step);
        self
    }

    /// What to do with the next call not yet spoken for.
    pub(crate) fn on_call(&self, step: Step) -> &Self {
        self.state().calls.push_back(step);
        self
    }

    /// Ends all sessions; who comes with one gets this.
    pub(crate) fn expire(&self, answer: Step) {
        let mut state = self.state();
        state.session += 1;
        state.expired = Some(answer);
    }

    /// Closes the next connections without reading from them.
    pub(crate) fn slam(&self, connections: u32) {
        self.state().slammed = connections;
    }

    /// Drops connections that a request comes on after so long a silence.
    pub(crate) fn close_idle(&self, after: Duration) {
        self.state().idle = Some(after);
    }

    /// Forgets what it was told: from now on all goes well.
    pub(crate) fn settle(&self) {
        let mut state = self.state();
        state.logins.clear();
        state.calls.clear();
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}/api", self.address)
    }

    pub(crate) fn builder(&self) -> ClientBuilder {
        Client::builder()
            .url(self.url())
            .credentials("billing", PASSWORD)
            .backoff(Duration::from_millis(1), Duration::from_millis(5))
    }

    pub(crate) fn client(&self) -> Client {
        self.builder().build().unwrap()
    }

    pub(crate) fn logins(&self) -> Vec<Received> {
        self.received("/api/jsonrpc/")
    }

    pub(crate) fn calls(&self) -> Vec<Received> {
        self.received("/api/jsonsql/")
    }

    fn received(&self, path: &str) -> Vec<Received> {
        let state = self.state();
        state
            .received
            .iter()
            .filter(|r| r.path == path)
            .cloned()
            .collect()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

async fn serve(mut stream: TcpStream, state: Arc<Mutex<State>>) {
    if state.lock().unwrap().slam() {
        return;
    }
    let mut silent: Option<Instant> = None;
    while let Some(received) = http::read(&mut stream).await {
        let limit = state.lock().unwrap().idle;
        if silent.is_some_and(|since| limit.is_some_and(|limit| since.elapsed() > limit)) {
            return;
        }
        let step = state.lock().unwrap().step(&received);
        if step.run(&received, &mut stream).await.is_none() {
            return;
        }
        silent = Some(Instant::now());
    }
}

impl State {
    fn slam(&mut self) -> bool {
        let slam = self.slammed > 0;
        self.slammed = self.slammed.saturating_sub(1);
        slam
    }

    fn step(&mut self, received: &Received) -> Step {
        self.received.push(received.clone());
        let is_login = received.path.ends_with("/jsonrpc/");
        let scripted = if is_login {
            &mut self.logins
        } else {
            &mut self.calls
        };
        if let Some(step) = scripted.pop_front() {
            return step;
        }
        if is_login {
            self.session += 1;
            let id = format!("sessionsecret{}", self.session);
            return Step::result(&serde_json::json!({ "session_id": id }));
        }
        let valid = format!("sessionid=sessionsecret{}", self.session);
        match &self.expired {
            Some(step) if received.header("iptvportal-authorization") != Some(&valid) => {
                step.clone()
            }
            _ => Step::result(&Value::Array(Vec::new())),
        }
    }
}
