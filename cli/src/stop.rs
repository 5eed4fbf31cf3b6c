//! Ctrl-C, SIGTERM and SIGHUP.

use std::future::Future;
use std::sync::OnceLock;

use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::watch;

use crate::exit::{Failure, Result, Status};
use crate::say;

/// The request of a person or of the system to come to an end.
#[derive(Debug, Clone)]
pub(crate) struct Stop(watch::Receiver<bool>);

/// The one that listens.
static LISTENING: OnceLock<Stop> = OnceLock::new();

impl Stop {
    /// Listens from the first call on. A second signal ends the program at once, with
    /// the status of an unknown outcome.
    ///
    /// # Errors
    ///
    /// When the system does not let it listen.
    pub(crate) fn listen() -> Result<Stop> {
        if let Some(stop) = LISTENING.get() {
            return Ok(stop.clone());
        }
        let listen = |kind| {
            signal(kind)
                .map_err(|error| Failure::failed(format!("cannot listen for signals: {error}")))
        };
        let mut interrupt = listen(SignalKind::interrupt())?;
        let mut terminate = listen(SignalKind::terminate())?;
        let mut hang_up = listen(SignalKind::hangup())?;
        let (sender, receiver) = watch::channel(false);
        tokio::spawn(async move {
            next(&mut interrupt, &mut terminate, &mut hang_up).await;
            say::note("stopping: what is in flight is finished; again ends at once");
            sender.send_replace(true);
            next(&mut interrupt, &mut terminate, &mut hang_up).await;
            say::note("ended in the middle of a request: its outcome is unknown");
            std::process::exit(Status::Unknown as i32);
        });
        Ok(LISTENING.get_or_init(|| Stop(receiver)).clone())
    }

    /// Returns `true` if the end was asked for.
    pub(crate) fn is_asked(&self) -> bool {
        *self.0.borrow()
    }

    /// Waits until the end is asked for.
    pub(crate) async fn asked(&mut self) {
        if self.0.wait_for(|asked| *asked).await.is_err() {
            std::future::pending::<()>().await;
        }
    }

    /// Runs what only reads; a signal ends it.
    ///
    /// # Errors
    ///
    /// When it was ended.
    pub(crate) async fn reading<T>(&mut self, work: impl Future<Output = T>) -> Result<T> {
        tokio::select! {
            done = work => Ok(done),
            () = self.asked() => Err(Failure::failed("interrupted; nothing was changed")),
        }
    }
}

async fn next(interrupt: &mut Signal, terminate: &mut Signal, hang_up: &mut Signal) {
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
        _ = hang_up.recv() => {}
    }
}

/// Asks whether to go on. A signal is a no.
///
/// # Errors
///
/// As [`ask`](say::ask).
pub(crate) async fn confirm(question: &str, is_agreed: bool, stop: &mut Stop) -> Result<()> {
    tokio::select! {
        answer = say::ask(question, is_agreed) => answer,
        () = stop.asked() => Err(Failure::guarded("interrupted; nothing was written")),
    }
}
