//! Two programs that log in as one user of a server that keeps one session a
//! user: each login ends the other's session.

use std::sync::Arc;
use std::time::Duration;

use jsonsql::prelude::*;
use jsonsql_client::Client;
use jsonsql_client::schema::Media;
use jsonsql_sandbox::{Refusal, Sandbox, Seed, ServerBehavior, SessionsPerUser};

#[derive(Insertable)]
#[insertable(table = Media)]
struct NewMedia {
    name: String,
}

async fn start(refusal: Refusal) -> Sandbox {
    let mut behavior = ServerBehavior::default();
    behavior.sessions_per_user = SessionsPerUser::One;
    behavior.session_refused_with = refusal;
    let sandbox = Sandbox::builder().seed(Seed::Empty).behavior(behavior);
    sandbox.start().await.unwrap()
}

fn program(sandbox: &Sandbox, refusal: Refusal) -> Client {
    let builder = crate::builder(&sandbox.url())
        .backoff(Duration::from_millis(20), Duration::from_millis(500));
    let builder = match refusal {
        // A status proves something with a text that was seen.
        Refusal::Http401 | Refusal::Http403 => builder.session_error_texts(["no such session"]),
        Refusal::ErrorObject | Refusal::ErrorString => builder,
        other => panic!("{other:?} is not tried"),
    };
    builder.build().unwrap()
}

/// Reads and writes by turns, one after another.
async fn work(client: Client, name: &'static str, calls: usize) {
    for call in 0..calls {
        if call % 2 == 0 {
            client.fetch_all(&Media::all()).await.unwrap();
        } else {
            let media = NewMedia {
                name: format!("{name}-{call}"),
            };
            client.execute(&insert(&media)).await.unwrap();
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn programs_that_share_a_user_take_turns() {
    const CALLS: usize = 200;
    for refusal in [Refusal::ErrorObject, Refusal::ErrorString, Refusal::Http401] {
        let sandbox = Arc::new(start(refusal).await);
        let one = tokio::spawn(work(program(&sandbox, refusal), "one", CALLS));
        let other = tokio::spawn(work(program(&sandbox, refusal), "other", CALLS));
        for program in [one, other] {
            // A call that fails has panicked.
            program.await.unwrap();
        }
        let rows = sandbox.query("SELECT count(*) FROM media").await.unwrap();
        assert_eq!(rows, [[serde_json::json!(CALLS)]], "each once");
        let requests = sandbox.take_requests();
        let logins = requests
            .iter()
            .filter(|request| request.path.ends_with("/jsonrpc/"))
            .count();
        // They meet, and then let each other work for a while.
        assert!((3..CALLS / 4).contains(&logins), "{logins} logins");
    }
}
