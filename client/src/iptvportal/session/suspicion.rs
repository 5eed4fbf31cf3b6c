//! Refusals that a login helps against, and those that it does not.
//!
//! No source says what the server answers to an ended session. So the client
//! learns it: from a login after which the same call goes through, and from one
//! after which the same words come again.

use std::collections::VecDeque;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::Duration;

use tokio::time::Instant;

use crate::builder::normalized;
use crate::http::deadline;
use crate::iptvportal::rpc::Cause;

/// The words of a refusal: its status, and its text where that is the server's.
/// Only a hash is kept, for there may be values in the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Words(u64);

impl Words {
    /// The words of a refusal; other causes have none.
    pub(crate) fn of(cause: &Cause) -> Option<Words> {
        let (status, said) = match cause {
            Cause::Said(error) => (200, Some(error)),
            Cause::Denied(status, said) => (*status, said.as_ref()),
            _ => return None,
        };
        let mut hasher = DefaultHasher::new();
        status.hash(&mut hasher);
        said.map(|error| normalized(&error.message))
            .hash(&mut hasher);
        Some(Words(hasher.finish()))
    }
}

/// The refusals that are known.
pub(super) struct Suspicions {
    /// The least recently met first.
    known: VecDeque<(Words, Standing)>,
    /// For how long nothing must have succeeded before any error is suspected.
    silence: Duration,
}

#[derive(Clone, Copy)]
enum Standing {
    /// A login has helped.
    AboutSession,
    /// A login has not helped: not before then is another tried.
    NotBefore(Instant, Duration),
}

/// The number of refusals that are remembered.
const MOST: usize = 64;
const SILENCE: Duration = Duration::from_secs(60);
/// The longest that a wrong guess lasts. Sessions of unknown words do end.
const LONGEST: Duration = Duration::from_secs(3600);

impl Default for Suspicions {
    fn default() -> Self {
        Suspicions {
            known: VecDeque::new(),
            silence: SILENCE,
        }
    }
}

impl Suspicions {
    pub(super) fn silence(&self) -> Duration {
        self.silence
    }

    /// Returns `true` if a login may help against these words.
    pub(super) fn suspects(&self, words: Words) -> bool {
        match self.standing(words) {
            None | Some(Standing::AboutSession) => true,
            Some(Standing::NotBefore(then, _)) => Instant::now() >= then,
        }
    }

    pub(super) fn is_about_session(&self, words: Words) -> bool {
        matches!(self.standing(words), Some(Standing::AboutSession))
    }

    pub(super) fn helped(&mut self, words: Words) {
        self.silence = SILENCE;
        self.set(words, Standing::AboutSession);
    }

    /// The pause doubles with each login that did not help.
    pub(super) fn did_not_help(&mut self, words: Words, first_pause: Duration) {
        let pause = match self.standing(words) {
            Some(Standing::NotBefore(_, pause)) => pause.saturating_mul(2).min(LONGEST),
            _ => first_pause.min(LONGEST),
        };
        self.silence = self.silence.saturating_mul(2).min(LONGEST);
        self.set(words, Standing::NotBefore(deadline::after(pause), pause));
    }

    fn standing(&self, words: Words) -> Option<Standing> {
        let mut known = self.known.iter();
        known
            .find(|(known, _)| *known == words)
            .map(|(_, standing)| *standing)
    }

    fn set(&mut self, words: Words, standing: Standing) {
        self.known.retain(|(known, _)| *known != words);
        if self.known.len() == MOST {
            self.known.pop_front();
        }
        self.known.push_back((words, standing));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::iptvportal::rpc::ErrorMember;

    const PAUSE: Duration = Duration::from_secs(30);

    #[tokio::test(start_paused = true)]
    async fn a_login_that_did_not_help_is_not_tried_again_for_a_while_that_doubles() {
        let mut suspicions = Suspicions::default();
        let (one, other) = (Words(1), Words(2));
        assert!(suspicions.suspects(one) && !suspicions.is_about_session(one));
        for pause in [PAUSE, PAUSE * 2, PAUSE * 4] {
            suspicions.did_not_help(one, PAUSE);
            assert!(!suspicions.suspects(one) && suspicions.suspects(other));
            tokio::time::advance(pause - Duration::from_millis(1)).await;
            assert!(!suspicions.suspects(one));
            tokio::time::advance(Duration::from_millis(1)).await;
            assert!(suspicions.suspects(one));
        }
        assert_eq!(suspicions.silence(), SILENCE * 8);
        suspicions.helped(one);
        assert!(suspicions.suspects(one) && suspicions.is_about_session(one));
        assert_eq!(suspicions.silence(), SILENCE);
    }

    #[tokio::test(start_paused = true)]
    async fn the_memory_is_bounded_and_so_is_a_pause() {
        let mut suspicions = Suspicions::default();
        for words in 0..1000 {
            suspicions.did_not_help(Words(words), Duration::MAX);
        }
        assert_eq!(suspicions.known.len(), MOST);
        assert!(suspicions.suspects(Words(0)) && !suspicions.suspects(Words(999)));
        assert_eq!(suspicions.silence(), LONGEST);
        tokio::time::advance(LONGEST).await;
        assert!(suspicions.suspects(Words(999)));
    }

    #[test]
    fn words_are_a_status_and_a_text_in_any_spelling() {
        let said = |text: &str| ErrorMember {
            code: None,
            message: text.to_owned(),
        };
        let words = |cause: Cause| Words::of(&cause).unwrap();
        let different = [
            words(Cause::Said(said("session is over"))),
            words(Cause::Said(said("no such table"))),
            words(Cause::Denied(401, None)),
            words(Cause::Denied(403, None)),
            words(Cause::Denied(401, Some(said("session is over")))),
            words(Cause::Denied(403, Some(said("session is over")))),
        ];
        for (at, one) in different.iter().enumerate() {
            assert!(!different[..at].contains(one), "{at}");
        }
        for spelling in ["Session  is over.", " SESSION\nIS OVER! "] {
            assert_eq!(words(Cause::Said(said(spelling))), different[0]);
            assert_eq!(
                words(Cause::Denied(403, Some(said(spelling)))),
                different[5]
            );
        }
        assert!(Words::of(&Cause::Status).is_none());
    }
}
