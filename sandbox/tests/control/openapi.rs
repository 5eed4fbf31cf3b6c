//! The document says what there is, and nothing else.

use serde_json::Value;

use crate::demo;

const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

#[tokio::test]
async fn every_operation_of_the_document_exists_and_no_other() {
    let (_sandbox, caller) = demo().await;
    let document = caller.get("/openapi.json").await;
    assert_eq!(document["openapi"], "3.0.3");
    let paths = document["paths"].as_object().unwrap();
    // What the router has, as its source says.
    let source = include_str!("../../src/control/mod.rs");
    let routed: Vec<&str> = source
        .split(".route(")
        .skip(1)
        .filter_map(|rest| rest.split('"').nth(1))
        .filter(|path| !path.starts_with("/_sandbox"))
        .collect();
    assert!(routed.len() > 15);
    let mut documented: Vec<&str> = paths
        .keys()
        .map(|path| path.strip_prefix("/_sandbox/v1").unwrap())
        .map(|path| if path.is_empty() { "/" } else { path })
        .collect();
    let mut routed_sorted = routed.clone();
    documented.sort_unstable();
    routed_sorted.sort_unstable();
    assert_eq!(documented, routed_sorted);
    let mut operations = Vec::new();
    for (path, methods) in paths {
        for method in METHODS {
            let operation = methods.get(method);
            // A stream does not end; its own test reads it.
            if path.ends_with("/events") && method == "get" {
                continue;
            }
            let asked = path.replace("{name}", "x").replace("{device}", "0");
            let answer = caller
                .send(&format!("{} {asked}", method.to_uppercase()), "", "")
                .await;
            assert_eq!(
                answer.status == 405,
                operation.is_none(),
                "{method} {path}: {}",
                answer.body
            );
        }
        for (method, operation) in methods.as_object().unwrap() {
            assert!(METHODS.contains(&method.as_str()));
            assert!(
                operation["summary"]
                    .as_str()
                    .is_some_and(|text| !text.is_empty())
            );
            operations.push(operation["operationId"].as_str().unwrap());
            let parameters = operation["parameters"].as_array().into_iter().flatten();
            let in_path: Vec<&Value> = parameters.filter(|one| one["in"] == "path").collect();
            assert_eq!(in_path.len(), path.matches('{').count(), "{method} {path}");
            assert!(operation["responses"]["default"].is_object());
        }
    }
    let count = operations.len();
    operations.sort_unstable();
    operations.dedup();
    assert_eq!(operations.len(), count);
    // What is referred to is there.
    let text = document.to_string();
    for reference in text.split("\"#/").skip(1) {
        let pointer = format!("/{}", reference.split('"').next().unwrap());
        assert!(document.pointer(&pointer).is_some(), "{pointer}");
    }
}

/// Every example of a body in the document is taken as it stands.
#[tokio::test]
async fn the_examples_of_the_document_are_taken() {
    let (_sandbox, caller) = demo().await;
    let document = caller.get("/openapi.json").await;
    let mut taken = 0;
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let example = &operation["requestBody"]["content"]["application/json"]["example"];
            if example.is_null() {
                continue;
            }
            let request = format!("{} {path}", method.to_uppercase());
            let answer = caller.send(&request, "", &example.to_string()).await;
            assert!(answer.status < 300, "{request}: {}", answer.body);
            taken += 1;
        }
    }
    assert_eq!(taken, 6);
}
