//! Several statements in one request.

use jsonsql::Select;
use jsonsql_client::{Error, ProtocolError};
use serde_json::{Value, json};

use crate::Server;
use crate::server::Step;
use crate::tables::{Subscriber, ids, new_subscriber};

/// Answers each call of a batch with its own id as its only row, after the
/// list of answers has been changed.
fn answers(change: impl Fn(&mut Vec<Value>) + Send + Sync + 'static) -> Step {
    Step::with(move |request| {
        let calls = request.as_array().expect("a batch");
        let mut answers = calls
            .iter()
            .map(|call| json!({"result": [[call["id"]]], "jsonrpc": "2.0", "id": call["id"]}))
            .collect();
        change(&mut answers);
        Value::Array(answers).to_string()
    })
}

#[tokio::test]
async fn kinds_of_statements_mix_and_answers_come_in_any_order() {
    let server = Server::start().await;
    let client = server.client();
    server.on_call(answers(|answers| {
        answers[1]["result"] = json!([[1, "ivanov", null, true]]);
        answers.reverse();
    }));
    let (select, all, insert) = (ids(), Subscriber::all(), new_subscriber());
    let (first, second, third) = client.batch((&select, &all, &insert)).await;
    assert_eq!(first.unwrap(), [1]);
    assert_eq!(second.unwrap()[0].username, "ivanov");
    assert_eq!(third.unwrap(), [3]);
    let calls = server.calls();
    assert_eq!(calls.len(), 1);
    assert_eq!(calls[0].body[2]["method"], "insert");
    let nothing: [Select<i64>; 0] = [];
    assert!(client.batch(&nothing[..]).await.is_empty());
    assert_eq!(server.calls().len(), 1, "nothing is sent for nothing");
}

#[tokio::test]
async fn one_bad_item_does_not_spoil_the_others() {
    let server = Server::start().await;
    server.on_call(answers(|answers| {
        answers[1] = json!({"id": answers[1]["id"], "error": {"message": "no column \"x\""}});
        answers[2]["result"] = json!([["not a number"]]);
    }));
    let unsendable = Subscriber::filter(|s| s.username.eq("email")).column(|s| s.id);
    let statements = [ids(), unsendable, ids(), ids(), ids()];
    let mut results = server.client().batch(&statements[..]).await;
    assert_eq!(server.calls()[0].body.as_array().unwrap().len(), 4);
    assert_eq!(results.pop().unwrap().unwrap(), [5]);
    assert!(matches!(results.pop().unwrap(), Err(Error::Decode(_))));
    assert!(matches!(results.pop().unwrap(), Err(Error::Server(_))));
    assert!(matches!(results.pop().unwrap(), Err(Error::Statement(_))));
    assert_eq!(results.pop().unwrap().unwrap(), [1]);
}

#[tokio::test]
async fn missing_double_and_foreign_answers_are_errors_of_their_items() {
    let server = Server::start().await;
    server.on_call(answers(|answers| {
        answers[0]["id"] = json!(4711);
        answers.push(answers[1].clone());
        answers[2]["id"] = Value::Null;
        answers.push(json!("noise"));
        // A text is as good as a number.
        answers[3]["id"] = json!("4");
    }));
    let statements = [ids(), ids(), ids(), ids()];
    let mut results = server.client().batch(&statements[..]).await.into_iter();
    let mut problem = || match results.next() {
        Some(Err(Error::Protocol(problem))) => problem.into_inner(),
        other => panic!("{other:?}"),
    };
    assert_eq!(problem(), ProtocolError::Unanswered);
    assert_eq!(problem(), ProtocolError::AnsweredTwice);
    assert_eq!(problem(), ProtocolError::Unanswered);
    assert_eq!(results.next().unwrap().unwrap(), [4]);

    server.on_call(answers(Vec::clear));
    let (select, insert) = (ids(), new_subscriber());
    let (read, write) = server.client().batch((&select, &insert)).await;
    let Err(Error::Protocol(problem)) = read else {
        panic!("{read:?}")
    };
    assert_eq!(*problem, ProtocolError::Unanswered);
    assert!(write.unwrap_err().is_indeterminate());
}

#[tokio::test]
async fn batches_are_split_by_count_and_by_bytes() {
    let server = Server::start().await;
    let statements = vec![ids(); 25];
    for (client, sizes) in [
        (server.builder().max_batch_calls(10), vec![10, 10, 5]),
        // A call is 117 bytes and a comma, or 116 with an id of one digit.
        (server.builder().max_request_bytes(600), vec![5, 5, 5, 5, 5]),
        (server.builder().max_request_bytes(1), vec![1; 25]),
    ] {
        let client = client.build().unwrap();
        for _ in &sizes {
            server.on_call(answers(|_| {}));
        }
        let seen = server.calls().len();
        let results = client.batch(&statements[..]).await;
        for (index, result) in results.into_iter().enumerate() {
            assert_eq!(result.unwrap(), [index as i64 + 1]);
        }
        let calls = server.calls();
        let sent: Vec<_> = calls[seen..]
            .iter()
            .map(|c| c.body.as_array().unwrap().len())
            .collect();
        assert_eq!(sent, sizes);
        if sizes.len() == 5 {
            assert!(
                calls[seen..]
                    .iter()
                    .all(|call| call.body.to_string().len() <= 600)
            );
        }
    }
}

#[tokio::test]
async fn a_lost_batch_of_reads_is_sent_again_and_one_with_writes_is_not() {
    let server = Server::start().await;
    let client = server.client();
    let (select, insert) = (ids(), new_subscriber());
    server.on_call(Step::Drop).on_call(answers(|_| {}));
    let (a, b) = client.batch((&select, &select)).await;
    assert!(a.is_ok() && b.is_ok());
    assert_eq!(server.calls().len(), 2);

    server.on_call(Step::Drop);
    let (read, write) = client.batch((&select, &insert)).await;
    assert!(matches!(read, Err(Error::Transport(_))));
    assert!(write.unwrap_err().is_indeterminate());
    assert_eq!(server.calls().len(), 3);
}

#[tokio::test]
async fn a_batch_is_refused_for_its_session_if_each_of_its_calls_is() {
    let each = answers(|answers| {
        for answer in answers {
            *answer = json!({"id": answer["id"], "error": "session expired"});
        }
    });
    let server = Server::start().await;
    server.on_call(each.clone()).on_call(answers(|_| {}));
    let (select, insert) = (ids(), new_subscriber());
    let (read, write) = server.client().batch((&select, &insert)).await;
    assert!(read.is_ok() && write.is_ok());
    assert_eq!((server.logins().len(), server.calls().len()), (2, 2));

    // One of them was executed.
    let but_one = answers(|answers| {
        answers[0] = json!({"id": answers[0]["id"], "error": "session expired"});
    });
    let server = Server::start().await;
    server.on_call(but_one);
    let (read, write) = server.client().batch((&select, &insert)).await;
    assert!(matches!(read, Err(Error::Server(_))) && write.is_ok());
    assert_eq!((server.logins().len(), server.calls().len()), (1, 1));
}

#[tokio::test]
async fn a_refusal_that_names_no_call_is_proof_for_a_batch_of_reads_only() {
    let whole = Step::body(r#"{"id":null,"error":{"message":"session expired"}}"#);
    for refusal in [whole, Step::status(401, "", "")] {
        let server = Server::start().await;
        server.on_call(refusal.clone()).on_call(answers(|_| {}));
        let (select, insert) = (ids(), new_subscriber());
        let (one, two) = server.client().batch((&select, &select)).await;
        assert!(one.is_ok() && two.is_ok());
        assert_eq!((server.logins().len(), server.calls().len()), (2, 2));

        server.on_call(refusal);
        let (read, write) = server.client().batch((&select, &insert)).await;
        assert!(read.is_err());
        assert!(write.unwrap_err().is_indeterminate());
        assert_eq!(server.calls().len(), 3);
    }
}

#[tokio::test]
async fn an_error_for_the_whole_batch_is_everybodys() {
    let server = Server::start().await;
    let client = server.client();
    let (select, insert) = (ids(), new_subscriber());
    server.on_call(Step::body(
        r#"{"jsonrpc":"2.0","error":{"code":-32600,"message":"no batches"},"id":null}"#,
    ));
    let (read, write) = client.batch((&select, &insert)).await;
    for error in [read.unwrap_err(), write.unwrap_err()] {
        let Error::Server(error) = error else {
            panic!("{error:?}")
        };
        assert_eq!(
            (error.code(), error.message()),
            (Some(-32600), "no batches")
        );
    }
    server.on_call(Step::body(r#"{"error":"no batches"}"#));
    let (read, write) = client.batch((&select, &insert)).await;
    assert!(matches!(read, Err(Error::Server(_))));
    assert!(write.unwrap_err().is_indeterminate());
    for body in [
        "null",
        "{}",
        "[{},",
        "<html>",
        "",
        r#"{"id":4711,"error":"no"}"#,
    ] {
        server.on_call(Step::body(body));
        let (read, write) = client.batch((&select, &insert)).await;
        assert!(matches!(read, Err(Error::Protocol(_))), "{body}");
        assert!(write.unwrap_err().is_indeterminate(), "{body}");
    }
}

#[tokio::test]
async fn a_list_with_something_around_it_is_read() {
    let server = Server::start().await;
    let client = server.client();
    let (select, insert) = (ids(), new_subscriber());
    let around = |before: &'static str, after: &'static str| {
        Step::with(move |request| {
            let answer = |call: &Value| json!({"jsonrpc": "2.0", "id": call["id"], "result": [1]});
            let list: Vec<_> = request.as_array().unwrap().iter().map(answer).collect();
            format!("{before}{}{after}", Value::Array(list))
        })
    };
    for (before, after) in [("\u{feff}", "\0"), ("<b>Notice</b>: [x]\n", "<!-- [] -->")] {
        server.on_call(around(before, after));
        let (read, write) = client.batch((&select, &insert)).await;
        assert_eq!((read.unwrap(), write.unwrap()), (vec![1], vec![1]));
    }
    server.on_call(around(
        "<b>Notice</b>: x\n",
        "\n[{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":[]}]",
    ));
    let (read, write) = client.batch((&select, &insert)).await;
    assert!(matches!(read, Err(Error::Protocol(_))));
    assert!(write.unwrap_err().is_indeterminate());
}

#[tokio::test]
async fn a_list_that_is_not_alone_has_to_be_of_whole_answers() {
    let server = Server::start().await;
    server.on_call(Step::with(|request| {
        let id = |at: usize| &request[at]["id"];
        format!(
            r#"<b>Notice</b>
[{{"id":{},"result":[1]}},{{"id":{},"result":[1]}}]"#,
            id(0),
            id(1)
        )
    }));
    let (select, insert) = (ids(), new_subscriber());
    let (read, write) = server.client().batch((&select, &insert)).await;
    assert!(matches!(read, Err(Error::Protocol(_))));
    assert!(write.unwrap_err().is_indeterminate());
}

#[tokio::test]
async fn the_one_call_of_a_batch_may_be_answered_without_a_list() {
    let server = Server::start().await;
    server.on_call(Step::with(|request| {
        json!({"id": request[0]["id"], "result": [[7]]}).to_string()
    }));
    let insert = new_subscriber();
    let (written,) = server.client().batch((&insert,)).await;
    assert_eq!(written.unwrap(), [7]);
}

#[tokio::test]
async fn items_that_contradict_themselves_say_nothing() {
    let server = Server::start().await;
    server.on_call(Step::with(|request| {
        let id = |at: usize| request[at]["id"].as_u64().unwrap();
        format!(
            r#"[{{"id":{},"error":"no","error":null,"result":[1]}},
                {{"id":{},"result":[1],"id":{}}},
                {{"id":{}.0,"result":[3],"error":"no"}},
                {{"id":{}.0,"result":[4]}}]"#,
            id(0),
            id(1),
            id(0),
            id(2),
            id(3)
        )
    }));
    let inserts = [
        new_subscriber(),
        new_subscriber(),
        new_subscriber(),
        new_subscriber(),
    ];
    let mut results = server.client().batch(&inserts[..]).await.into_iter();
    for _ in 0..3 {
        assert!(results.next().unwrap().unwrap_err().is_indeterminate());
    }
    assert_eq!(results.next().unwrap().unwrap(), [4]);
}

#[tokio::test]
async fn a_request_has_as_many_bytes_as_it_may_have_and_none_more() {
    let server = Server::start().await;
    let requests = async |builder: jsonsql_client::ClientBuilder| {
        let seen = server.calls().len();
        let (one, other) = (ids(), ids());
        let _ = builder.build().unwrap().batch((&one, &other)).await;
        server.calls().split_off(seen)
    };
    let together = requests(server.builder()).await;
    let [whole] = together.as_slice() else {
        panic!("{together:?}")
    };
    // Read and written again: without blanks, as it was sent.
    let bytes = whole.body.to_string().len();
    let fits = requests(server.builder().max_request_bytes(bytes)).await;
    assert_eq!(fits.len(), 1);
    for less in 1..=3 {
        let apart = requests(server.builder().max_request_bytes(bytes - less)).await;
        assert_eq!(apart.len(), 2, "{bytes} bytes in {}", bytes - less);
    }
}
