//! What is counted, by a recorder that adds up.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use metrics::{
    Counter, CounterFn, Gauge, Histogram, Key, KeyName, Metadata, Recorder, SharedString, Unit,
};
use serde_json::json;

use crate::Server;
use crate::server::Step;
use crate::tables::{ids, new_subscriber};

#[derive(Clone, Default)]
struct Sums(Arc<Mutex<BTreeMap<String, u64>>>);

struct Sum(Sums, String);

impl CounterFn for Sum {
    fn increment(&self, value: u64) {
        *self.0.0.lock().unwrap().entry(self.1.clone()).or_default() += value;
    }

    fn absolute(&self, _: u64) {
        unreachable!("everything is added");
    }
}

impl Recorder for Sums {
    fn describe_counter(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn describe_gauge(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn describe_histogram(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn register_counter(&self, key: &Key, _: &Metadata<'_>) -> Counter {
        Counter::from_arc(Arc::new(Sum(self.clone(), key.name().to_owned())))
    }

    fn register_gauge(&self, _: &Key, _: &Metadata<'_>) -> Gauge {
        unreachable!("there are none");
    }

    fn register_histogram(&self, _: &Key, _: &Metadata<'_>) -> Histogram {
        unreachable!("there are none");
    }
}

// One thread: the recorder is this thread's.
#[tokio::test(flavor = "current_thread")]
async fn attempts_retries_logins_losses_bytes_and_rows_are_counted() {
    let sums = Sums::default();
    let _here = metrics::set_default_local_recorder(&sums);
    let server = Server::start().await;
    let client = server.client();
    server
        .on_call(Step::Drop)
        .on_call(Step::result(&json!([1, 2, 3])))
        .on_call(Step::Drop)
        .on_call(Step::body(r#"[{"id":3,"result":[[1],[2]]}]"#));
    client.fetch_all(&ids()).await.unwrap();
    client.execute(&new_subscriber()).await.unwrap_err();
    client.batch((&ids(),)).await.0.unwrap();
    server.on_call(Step::result(&json!([[1, 1], [2, 2]])));
    server.on_call(Step::result(&json!([])));
    let mut pages = client.stream(&ids());
    while pages.next().await.transpose().unwrap().is_some() {}

    let sums = sums.0.lock().unwrap();
    let sum = |name: &str| sums.get(&format!("jsonsql_client_{name}_total")).copied();
    // A login, a select twice, an insert, a batch, two pages.
    assert_eq!(sum("attempts"), Some(7));
    assert_eq!(sum("retries"), Some(1));
    assert_eq!(sum("logins"), Some(1));
    assert_eq!(sum("indeterminate"), Some(1));
    assert_eq!(sum("rows"), Some(7));
    let bodies = server.logins().into_iter().chain(server.calls());
    let sent: usize = bodies.map(|r| r.body.to_string().len()).sum();
    assert_eq!(sum("sent_bytes"), Some(sent as u64));
    assert!(sum("received_bytes").unwrap() > 60);
}
