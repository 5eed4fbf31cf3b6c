//! The session: had when first needed, shared by all calls, renewed once.

mod login;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use secrecy::SecretString;
use tokio::sync::watch;
use tokio::time::Instant;

pub(crate) use login::Login;

use crate::deadline;
use crate::error::{Error, LoginError, TransportError, TransportErrorKind};

/// A session of the server's. Sessions are numbered in the order they were
/// had, so that a late refusal of an old one does not throw away its successor.
pub(crate) struct Session {
    pub(crate) generation: u64,
    pub(crate) id: SecretString,
}

/// The session of a client, and the one login that may be under way.
pub(crate) struct Sessions {
    login: Login,
    cool_down: Duration,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    generation: u64,
    current: Option<Arc<Session>>,
    under_way: Option<watch::Receiver<Option<Outcome>>>,
    refused: Option<(Instant, LoginError)>,
    /// Logins in a row whose task ended without an outcome, and when the next
    /// one may begin.
    died: Option<(u32, Instant)>,
}

/// How long to wait after a login whose task died; doubled each time.
const AFTER_DEATH: Duration = Duration::from_millis(100);
const LONGEST_AFTER_DEATH: Duration = Duration::from_secs(30);

type Outcome = Result<Arc<Session>, LoginError>;

impl Sessions {
    pub(crate) fn new(login: Login, cool_down: Duration) -> Sessions {
        Sessions {
            login,
            cool_down,
            state: Mutex::default(),
        }
    }

    pub(crate) fn login(&self) -> &Login {
        &self.login
    }

    /// A session; `stale` is the generation of one the server has refused.
    ///
    /// # Errors
    ///
    /// Those of the login, and one for a login whose task ended without an
    /// outcome: it panicked, or its runtime was shut down.
    pub(crate) async fn get(
        self: &Arc<Self>,
        stale: Option<u64>,
        deadline: Instant,
    ) -> Result<Arc<Session>, Error> {
        loop {
            let mut login = match self.current_or_login(stale)? {
                Current::Session(session) => return Ok(session),
                Current::UnderWay(login) => login,
                Current::NotBefore(moment) if moment >= deadline => {
                    return Err(died().at(&self.login.place()).into());
                }
                Current::NotBefore(moment) => {
                    tokio::time::sleep_until(moment).await;
                    continue;
                }
            };
            let outcome = tokio::time::timeout_at(deadline, login.wait_for(Option::is_some))
                .await
                .map_err(|_| {
                    let waiting = "while waiting for the login";
                    TransportError::not_sent(TransportErrorKind::Timeout, waiting)
                })?;
            match outcome.ok().and_then(|outcome| outcome.clone()) {
                Some(outcome) => return Ok(outcome?),
                None => {
                    self.bury(&login);
                    return Err(died().at(&self.login.place()).into());
                }
            }
        }
    }

    fn current_or_login(self: &Arc<Self>, stale: Option<u64>) -> Result<Current, LoginError> {
        let mut state = self.state();
        if let Some(session) = &state.current
            && stale.is_none_or(|stale| session.generation > stale)
        {
            return Ok(Current::Session(Arc::clone(session)));
        }
        if let Some(login) = &state.under_way {
            return Ok(Current::UnderWay(login.clone()));
        }
        if let Some((until, LoginError::Refused { reason, .. })) = &state.refused
            && let Some(rest) = until.checked_duration_since(Instant::now())
            && !rest.is_zero()
        {
            return Err(LoginError::Refused {
                reason: Arc::clone(reason),
                retry_in: Some(rest),
            });
        }
        if let Some((_, moment)) = state.died
            && moment > Instant::now()
        {
            return Ok(Current::NotBefore(moment));
        }
        let (done, login) = watch::channel(None);
        state.under_way = Some(login.clone());
        // A task of its own: a caller that gives up neither stops the login
        // that others wait for nor leaves a session open that nobody knows.
        tokio::spawn(Arc::clone(self).log_in(done));
        Ok(Current::UnderWay(login))
    }

    async fn log_in(self: Arc<Self>, done: watch::Sender<Option<Outcome>>) {
        let result = self.login.run().await;
        let result = result.map_err(|error| error.at(&self.login.place()));
        let outcome = {
            let mut state = self.state();
            state.under_way = None;
            state.refused = None;
            state.died = None;
            match result {
                Ok(id) => {
                    state.generation += 1;
                    let session = Arc::new(Session {
                        generation: state.generation,
                        id,
                    });
                    state.current = Some(Arc::clone(&session));
                    Ok(session)
                }
                Err(error) => {
                    if error.is_refusal() {
                        let until = deadline::after(self.cool_down);
                        state.refused = Some((until, error.clone()));
                    }
                    Err(error)
                }
            }
        };
        done.send_replace(Some(outcome));
    }

    /// Makes way for another login, though not at once: what killed the task of
    /// this one may kill the next.
    fn bury(&self, login: &watch::Receiver<Option<Outcome>>) {
        let mut state = self.state();
        if (state.under_way.as_ref()).is_some_and(|under_way| under_way.same_channel(login)) {
            state.under_way = None;
            let deaths = state.died.map_or(0, |(deaths, _)| deaths);
            let pause = AFTER_DEATH.saturating_mul(1 << deaths.min(20));
            let moment = deadline::after(pause.min(LONGEST_AFTER_DEATH));
            state.died = Some((deaths.saturating_add(1), moment));
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Nothing panics while the state is half changed.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

enum Current {
    Session(Arc<Session>),
    UnderWay(watch::Receiver<Option<Outcome>>),
    NotBefore(Instant),
}

fn died() -> LoginError {
    let ended = "the task of the login ended without an outcome";
    let error = TransportError::not_sent(TransportErrorKind::Internal, ended);
    LoginError::Failed(Arc::new(error.into()))
}
