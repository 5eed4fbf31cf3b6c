//! Statements run on threads of their own, and ended for who does not wait.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use jsonsql::ast::Statement;

use super::Storage;
use crate::caller::Caller;
use crate::engine::{Allowance, Fault, Rows, blocking};

/// The number of statements that wait for their turn on a thread; the others wait
/// without one. The REST surfaces need threads of the same pool.
pub(super) const WAITING: usize = 32;

/// Ends a statement when it is dropped: at the end of the runtime too.
struct Cancel(Arc<AtomicBool>);

impl Drop for Cancel {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Runs a resolved statement in a transaction of its own.
pub(crate) async fn execute(
    storage: &Arc<Storage>,
    statement: &Arc<Statement>,
    domain: i64,
    caller: &Caller,
    allowance: Allowance,
) -> Result<Rows, Fault> {
    let cancel = Cancel(Arc::default());
    let canceled = Arc::clone(&cancel.0);
    let (storage, statement) = (Arc::clone(storage), Arc::clone(statement));
    let left = || Fault::Statement(caller.message());
    let place = tokio::select! {
        place = Arc::clone(&storage.places).acquire_owned() => place,
        () = caller.gone() => return Err(left()),
    };
    // SQLite works in the calling thread, and may take its time.
    let mut running = std::pin::pin!(blocking(move || {
        let _place = place;
        storage.execute(&statement, domain, canceled, allowance)
    }));
    tokio::select! {
        // Whoever is gone for long is not waited for first.
        biased;
        ran = &mut running => ran,
        () = caller.gone() => {
            drop(cancel);
            // One that was quicker is done, and the journal says so.
            let ran = running.await;
            ran.map_err(|_| left())
        }
    }
}
