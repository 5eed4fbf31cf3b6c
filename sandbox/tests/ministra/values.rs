//! What the real server's database makes of values: dates, characters, lengths,
//! and which texts are equal.

use serde_json::json;

use crate::http::{error, results};
use crate::recorded;

fn escaped(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

#[tokio::test]
async fn a_function_alone_in_a_value_becomes_its_date() {
    let sandbox = recorded().await;
    let body = "full_name=NOW()&phone=%20curdate()%20&comment=CurTime()&account_balance=x NOW()";
    results(&sandbox, "PUT accounts/3", body).await;
    results(&sandbox, "POST stb_msg/3", "msg=now()").await;
    results(&sandbox, "PUT stb/3", "ls=NOW()&end_date=CURDATE()").await;
    let users = sandbox.ministra().state()["users"].take();
    let user = &users[2];
    let shape = |text: &str| text.replace(|c: char| c.is_ascii_digit(), "0");
    for (column, expected) in [
        ("full_name", "0000-00-00 00:00:00"),
        ("phone", "0000-00-00"),
        ("comment", "00:00:00"),
        ("account_balance", "x NOW()"),
        ("ls", "0000-00-00 00:00:00"),
        ("end_date", "0000-00-00 00:00:00"),
    ] {
        let stored = user[column].as_str().unwrap();
        assert_eq!(shape(stored), expected, "{column}");
        assert_ne!(stored, "0000-00-00 00:00:00", "{column}");
    }
    let message = &sandbox.ministra().inbox("3")[0].msg;
    assert_eq!(shape(message), "0000-00-00 00:00:00");
}

#[tokio::test]
async fn characters_of_four_bytes_become_question_marks() {
    let sandbox = recorded().await;
    let body = format!("login={}&full_name={}", escaped("a😀"), escaped("é👍🏽"));
    results(&sandbox, "PUT accounts/3", &body).await;
    let rows = results(&sandbox, "GET accounts/3", "").await;
    assert_eq!(
        (&rows[0]["login"], &rows[0]["full_name"]),
        (&json!("a????"), &json!("é????????"))
    );
    // Looked for by another such character, it is found.
    let request = format!("GET users/{}", escaped("a👍"));
    assert_eq!(results(&sandbox, &request, "").await["login"], "a????");
    // A byte that is no character at all is one question mark.
    results(&sandbox, "PUT accounts/3", "phone=1%FF2").await;
    assert_eq!(
        results(&sandbox, "GET accounts/3", "").await[0]["phone"],
        "1?2"
    );
}

#[tokio::test]
async fn texts_are_cut_at_65_535_bytes() {
    let sandbox = recorded().await;
    let long = "ж".repeat(40_000);
    let body = format!("comment={}", escaped(&long));
    assert_eq!(results(&sandbox, "PUT accounts/3", &body).await, true);
    let rows = results(&sandbox, "GET accounts/3", "").await;
    assert_eq!(rows[0]["comment"].as_str().unwrap().len(), 65_534);
    let body = format!("msg={}", "m".repeat(70_000));
    assert_eq!(results(&sandbox, "POST stb_msg/3", &body).await, true);
    assert_eq!(sandbox.ministra().inbox("3")[0].msg.len(), 65_535);
    // A list of channels that was cut cannot be read again.
    let body = format!("sub_ch[]={}", "1".repeat(50_000));
    let rows = results(&sandbox, "PUT itv_subscription/3", &body).await;
    assert_eq!(rows[0]["sub_ch"], false);
}

#[tokio::test]
async fn texts_are_equal_as_the_collation_says() {
    let sandbox = recorded().await;
    let body = format!(
        "login={}&account_number={}",
        escaped("Пётр"),
        escaped("дог-Ё")
    );
    results(&sandbox, "POST accounts", &body).await;
    for login in ["петр", "ПЁТР", "пётр "] {
        let taken = format!("login={}", escaped(login));
        assert_eq!(
            error(&sandbox, "POST accounts", &taken).await,
            "Login already in use",
            "{login}"
        );
    }
    let found = results(&sandbox, &format!("GET users/{}", escaped("петр")), "").await;
    assert_eq!(found["login"], "Пётр");
    let found = results(&sandbox, &format!("GET stb/{}", escaped("ДОГ-е")), "").await;
    assert_eq!(found[0]["login"], "Пётр");
    // й is no и, and neither is ґ a г.
    results(
        &sandbox,
        "POST accounts",
        &format!("login={}", escaped("йод")),
    )
    .await;
    results(
        &sandbox,
        "POST accounts",
        &format!("login={}", escaped("иод")),
    )
    .await;
}

#[tokio::test]
async fn packages_and_plans_are_found_by_the_collation_too() {
    let sandbox = recorded().await;
    let path = "PUT account_subscription/00:1A:79:00:15:B3";
    let body = format!("subscribed[]={}", escaped("TV_2"));
    assert_eq!(results(&sandbox, path, &body).await, true);
    let body = "tariff_plan=standárt";
    results(&sandbox, "PUT accounts/3", body).await;
    assert_eq!(
        results(&sandbox, "GET accounts/3", "").await[0]["tariff_plan"],
        "STANDART"
    );
}
