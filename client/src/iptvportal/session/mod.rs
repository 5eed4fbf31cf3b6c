//! The session: had when first needed, shared by all calls, renewed once.

mod login;
mod suspicion;

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use secrecy::SecretString;
use tokio::sync::watch;
use tokio::time::Instant;

pub(crate) use login::Login;
pub(crate) use suspicion::Words;

use crate::error::{Error, LoginError, TransportError, TransportErrorKind};
use crate::http::deadline;
use suspicion::Suspicions;

/// A session of the server's. Sessions are numbered in the order they were
/// had, so that a late refusal of an old one does not throw away its successor.
pub(crate) struct Session {
    pub(crate) generation: u64,
    pub(crate) id: SecretString,
    begun: Instant,
    /// The time of the last call that was executed in it, in milliseconds since it began.
    worked: AtomicU64,
}

impl Session {
    /// A call was executed in it.
    pub(crate) fn worked(&self) {
        let since = u64::try_from(self.begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.worked.fetch_max(since, Ordering::Relaxed);
    }

    /// For how long no call has been executed in it.
    fn silence(&self) -> Duration {
        let worked = Duration::from_millis(self.worked.load(Ordering::Relaxed));
        self.begun.elapsed().saturating_sub(worked)
    }
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
    suspicions: Suspicions,
    /// The number of consecutive sessions that were over soon after they had begun.
    brief: u32,
}

/// The pause after a login whose task died; doubled each time.
const AFTER_DEATH: Duration = Duration::from_millis(100);
const LONGEST_AFTER_DEATH: Duration = Duration::from_secs(30);

type Outcome = Result<Arc<Session>, LoginError>;

/// A session that is over sooner was taken by another program, where the
/// server keeps one session a user.
const BRIEF: Duration = Duration::from_secs(10);

/// The longest that another program is left to work: everybody who calls waits
/// for it, whatever pause between attempts is configured.
const LONGEST_TURN: Duration = Duration::from_secs(5);

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

    /// A session: the one there is, or that of a login.
    ///
    /// # Errors
    ///
    /// Those of the login, and one for a login whose task ended without an
    /// outcome: it panicked, or its runtime was shut down.
    pub(crate) async fn get(self: &Arc<Self>, deadline: Instant) -> Result<Arc<Session>, Error> {
        loop {
            let mut login = match self.current_or_login()? {
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

    fn current_or_login(self: &Arc<Self>) -> Result<Current, LoginError> {
        let mut state = self.state();
        if let Some(session) = &state.current {
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
        // Those who share a user take turns: who was robbed of a session lets
        // the other one work for a while, and longer each time.
        let pause = match state.brief.checked_sub(1) {
            Some(before) => self.login.dispatcher.policy.pause(before).min(LONGEST_TURN),
            None => Duration::ZERO,
        };
        // A task of its own: a caller that gives up neither stops the login
        // that others wait for nor leaves a session open that nobody knows.
        tokio::spawn(Arc::clone(self).log_in(pause, done));
        Ok(Current::UnderWay(login))
    }

    async fn log_in(self: Arc<Self>, pause: Duration, done: watch::Sender<Option<Outcome>>) {
        // A sleep of no time takes a millisecond all the same.
        if !pause.is_zero() {
            tokio::time::sleep(pause).await;
        }
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
                        begun: Instant::now(),
                        worked: AtomicU64::new(0),
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

    /// The session of this generation is over: the next call logs in.
    pub(crate) fn end(&self, generation: u64) {
        let mut state = self.state();
        if let Some(session) = state
            .current
            .take_if(|session| session.generation == generation)
        {
            state.brief = match session.begun.elapsed() < BRIEF {
                true => state.brief.saturating_add(1),
                false => 0,
            };
        }
    }

    /// Returns `true` if a login may help against these words.
    pub(crate) fn suspects(&self, words: Words) -> bool {
        self.state().suspicions.suspects(words)
    }

    /// Returns `true` if a login has helped against these words.
    pub(crate) fn is_about_session(&self, words: Words) -> bool {
        self.state().suspicions.is_about_session(words)
    }

    /// A call was refused with these words, and not in the next session.
    pub(crate) fn login_helped(&self, words: Words) {
        self.state().suspicions.helped(words);
    }

    /// A call was refused with these words, and in the next session too.
    pub(crate) fn login_did_not_help(&self, words: Words) {
        let cool_down = self.cool_down;
        self.state().suspicions.did_not_help(words, cool_down);
    }

    /// Ends the session if a login may help against these words, and does not
    /// do so again soon unless one has.
    pub(crate) fn renew_once(&self, words: Words, generation: u64) {
        if self.suspects(words) {
            self.end(generation);
            if !self.is_about_session(words) {
                self.login_did_not_help(words);
            }
        }
    }

    /// Returns `true` if nothing has been executed in the session for so long
    /// that any error may be about it.
    pub(crate) fn is_silent(&self, session: &Session) -> bool {
        session.silence() >= self.state().suspicions.silence()
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

#[cfg(test)]
mod tests {
    use std::future::{Future, pending};
    use std::pin::Pin;

    use super::*;
    use crate::http::transport::{Reply, Request, Transport};

    /// A server that never answers.
    struct Silent;

    impl Transport for Silent {
        fn send<'a>(
            &'a self,
            _: Request<'a>,
        ) -> Pin<Box<dyn Future<Output = Result<Reply, TransportError>> + Send + 'a>> {
            Box::pin(pending())
        }
    }

    fn client() -> crate::Client {
        crate::Client::builder()
            .domain("operator")
            .credentials("billing", "secret")
            .attempt_timeout(Duration::MAX)
            .total_timeout(Duration::MAX)
            .transport(Silent)
            .build()
            .unwrap()
    }

    #[tokio::test(start_paused = true)]
    async fn whoever_learns_late_of_a_dead_login_leaves_the_next_alone() {
        let client = client();
        let sessions = &client.executor().sessions;
        let (gone, dead) = watch::channel::<Option<Outcome>>(None);
        drop(gone);
        let Ok(Current::UnderWay(next)) = sessions.current_or_login() else {
            panic!("nobody has logged in")
        };
        sessions.bury(&dead);
        let Ok(Current::UnderWay(still)) = sessions.current_or_login() else {
            panic!("a login is under way")
        };
        assert!(still.same_channel(&next));
        // Its own death makes way for another, after a pause.
        sessions.bury(&next);
        assert!(matches!(
            sessions.current_or_login(),
            Ok(Current::NotBefore(_))
        ));
    }

    #[tokio::test(start_paused = true)]
    async fn the_pause_after_a_dead_login_doubles_up_to_a_limit() {
        let client = client();
        let sessions = &client.executor().sessions;
        for doubled in [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024] {
            let Ok(Current::UnderWay(login)) = sessions.current_or_login() else {
                panic!("no login is under way")
            };
            sessions.bury(&login);
            let Ok(Current::NotBefore(moment)) = sessions.current_or_login() else {
                panic!("the next login is not put off")
            };
            let pause = (AFTER_DEATH * doubled).min(LONGEST_AFTER_DEATH);
            assert_eq!(moment - Instant::now(), pause);
            tokio::time::sleep_until(moment).await;
        }
    }
}
