//! The traps of the real server that no recorded exchange shows, each under
//! its name.

use jsonsql_sandbox::Sandbox;
use jsonsql_sandbox::ministra::{MinistraOptions, MinistraVersion};
use serde_json::{Value, json};

use crate::http::{call, error, results};
use crate::{configured, recorded};

const FIRST: &str = "00:1A:79:00:15:B3";

async fn without_tariff_plans() -> Sandbox {
    let mut options = MinistraOptions::new(MinistraVersion::V4_9);
    options.enable_tariff_plans = false;
    configured(options).await
}

async fn subscribed(sandbox: &Sandbox, mac: &str) -> Value {
    let path = format!("GET account_subscription/{mac}");
    results(sandbox, &path, "").await[0]["subscribed"].take()
}

#[tokio::test]
async fn an_account_number_of_twelve_characters_is_taken_for_a_mac() {
    let sandbox = recorded().await;
    let long = "LONGACCOUNT12";
    for (request, body, text) in [
        ("DELETE stb", "", "STB not found"),
        ("POST stb_msg", "msg=x", "Empty stb list"),
        ("POST send_event", "event=reboot", "STB not found"),
        ("GET stb_modules", "", "Empty stb list"),
        ("PUT stb_modules", "restricted[]=x", "Empty stb list"),
        (
            "PUT account_subscription",
            "subscribed[]=tv_2",
            "Account not found",
        ),
        ("DELETE account_subscription", "", "Account not found"),
    ] {
        let request = format!("{request}/{long}");
        assert_eq!(error(&sandbox, &request, body).await, text, "{request}");
    }
    assert_eq!(
        results(&sandbox, &format!("PUT stb/{long}"), "status=0").await,
        false
    );
    let channels = format!("PUT itv_subscription/{long}");
    assert_eq!(results(&sandbox, &channels, "sub_ch[]=27").await, false);
    assert_eq!(
        results(&sandbox, &format!("PUT accounts/{long}"), "phone=1").await,
        true
    );
}

#[tokio::test]
async fn characters_of_an_identifier_are_counted_in_bytes() {
    let sandbox = recorded().await;
    // Seven letters, fourteen bytes: a MAC address, to `stb`.
    results(&sandbox, "PUT stb/3", "ls=договор").await;
    assert_eq!(
        results(
            &sandbox,
            "GET stb/%D0%B4%D0%BE%D0%B3%D0%BE%D0%B2%D0%BE%D1%80",
            ""
        )
        .await,
        json!([])
    );
    let request = "GET accounts/%D0%B4%D0%BE%D0%B3%D0%BE%D0%B2%D0%BE%D1%80";
    assert_eq!(results(&sandbox, request, "").await[0]["login"], "3");
}

#[tokio::test]
async fn a_long_login_with_a_colon_cannot_be_addressed_in_users() {
    let sandbox = recorded().await;
    results(&sandbox, "POST accounts", "login=realm:subscriber").await;
    assert_eq!(
        error(&sandbox, "GET users/realm:subscriber", "").await,
        "Account not found"
    );
    results(&sandbox, "POST accounts", "login=:subscriber:1").await;
    assert_eq!(
        results(&sandbox, "GET users/:subscriber:1", "").await["login"],
        ":subscriber:1"
    );
}

#[tokio::test]
async fn users_go_by_login_or_mac_and_answer_one_object() {
    let sandbox = recorded().await;
    assert_eq!(results(&sandbox, "GET users", "").await["login"], "1553");
    assert_eq!(
        results(&sandbox, "GET users/LONGLS", "").await["login"],
        "longls"
    );
    assert_eq!(
        results(&sandbox, "GET users/3,1553b", "").await["login"],
        "1553b"
    );
    let mac = results(&sandbox, "GET users/00:1A:79:00:39:5E", "").await;
    assert_eq!(mac["login"], "1553b");
    assert_eq!(
        error(&sandbox, "GET users/nosuch", "").await,
        "Account not found"
    );
    assert_eq!(
        error(&sandbox, "GET users/3,3", "").await,
        "One or more identifiers are incorrect"
    );
    assert_eq!(results(&sandbox, "PUT users/1553b", "phone=5").await, true);
    assert_eq!(
        error(&sandbox, "PUT users", "phone=5").await,
        "Identifier required"
    );
    assert_eq!(
        error(&sandbox, "DELETE users/3,longls", "").await,
        "Only one identifier allowed"
    );
    assert_eq!(results(&sandbox, "DELETE users/1553b", "").await, true);
    let left = results(&sandbox, "GET accounts/1553", "").await;
    assert_eq!(left.as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn writes_without_an_identifier_are_for_everybody() {
    let sandbox = recorded().await;
    results(&sandbox, "PUT stb_modules", "restricted[]=vclub").await;
    let rows = results(&sandbox, "PUT itv_subscription", "sub_ch[]=29").await;
    assert_eq!(rows.as_array().unwrap().len(), 4);
    let modules = results(&sandbox, "GET stb_modules/3", "").await;
    assert_eq!(modules["restricted"], json!(["vclub"]));
    // Not everybody's plan has it: false, though those whose has it changed.
    let all = "PUT account_subscription";
    assert_eq!(results(&sandbox, all, "subscribed[]=tv_6").await, false);
    assert_eq!(
        subscribed(&sandbox, "00:1A:79:00:39:5E").await,
        json!(["tv_6"])
    );
    assert_eq!(
        results(&sandbox, "POST account_subscription", "subscribed[]=tv_2").await,
        false
    );
    assert_eq!(subscribed(&sandbox, FIRST).await, json!(["tv_2"]));
    results(&sandbox, "DELETE account_subscription", "").await;
    assert_eq!(subscribed(&sandbox, FIRST).await, json!([]));
}

#[tokio::test]
async fn an_identifier_is_decoded_twice() {
    let sandbox = recorded().await;
    for (stored, path) in [
        // A plus is a space in the end, escaped once or not at all.
        ("a+b", "a%252Bb"),
        ("a b", "a+b"),
        ("a b", "a%2Bb"),
        ("a b", "a%2520b"),
        ("a%b", "a%2525b"),
        ("a%26b", "a%252526b"),
        ("a&b", "a%2526b"),
        ("a;b'@.", "a;b'@."),
    ] {
        let body = format!(
            "login={}",
            stored
                .replace('%', "%25")
                .replace('&', "%26")
                .replace('+', "%2B")
        );
        results(&sandbox, "PUT accounts/3", &body).await;
        let found = results(&sandbox, &format!("GET users/{path}"), "").await;
        assert_eq!(found["login"], stored, "{path}");
    }
    // An ampersand escaped once cuts what is behind it.
    results(&sandbox, "PUT accounts/3", "login=a").await;
    assert_eq!(results(&sandbox, "GET users/a%26b", "").await["login"], "a");
}

#[tokio::test]
async fn dots_and_spaces_in_field_names_are_underscores() {
    let sandbox = recorded().await;
    results(
        &sandbox,
        "PUT accounts/3",
        "full.name=Dot&account balance=7",
    )
    .await;
    let rows = results(&sandbox, "GET accounts/3", "").await;
    assert_eq!(
        (&rows[0]["full_name"], &rows[0]["account_balance"]),
        (&json!("Dot"), &json!("7"))
    );
}

#[tokio::test]
async fn a_long_body_is_cut_at_max_input_vars_with_a_warning() {
    let sandbox = recorded().await;
    let body = vec!["sub_ch[]=1"; 1200].join("&");
    let answer = call(&sandbox, "PUT itv_subscription/3", &body).await.json();
    assert_eq!(answer["status"], "OK");
    assert_eq!(
        answer["results"][0]["sub_ch"].as_array().unwrap().len(),
        1000
    );
    let output = answer["output"].as_str().unwrap();
    assert!(output.contains("Input variables exceeded 1000"), "{output}");
    // Later versions keep even that to themselves.
    let sandbox = configured(MinistraOptions::new(MinistraVersion::V5_6)).await;
    let answer = call(&sandbox, "PUT itv_subscription/3", &body).await.json();
    assert_eq!(answer.get("output"), None);
}

#[tokio::test]
async fn put_accounts_stores_any_mac_as_it_comes() {
    let sandbox = recorded().await;
    for mac in ["garbage", FIRST, ""] {
        results(&sandbox, "PUT accounts/3", &format!("stb_mac={mac}")).await;
        let rows = results(&sandbox, "GET accounts/3", "").await;
        assert_eq!(rows[0]["stb_mac"], mac);
    }
}

#[tokio::test]
async fn an_unknown_plan_is_the_default_one_and_an_empty_one_fails_half_way() {
    let sandbox = recorded().await;
    results(&sandbox, "PUT accounts/1553", "tariff_plan=NOSUCH").await;
    let rows = results(&sandbox, "GET accounts/1553", "").await;
    assert_eq!(rows[0]["tariff_plan"], "STANDART");
    let text = error(
        &sandbox,
        "PUT accounts/1553",
        "status=0&phone=9&tariff_plan=",
    )
    .await;
    assert!(text.starts_with("Query failed by reason : "), "{text}");
    // The first box was switched off before the query failed; the second not.
    let rows = results(&sandbox, "GET accounts/1553", "").await;
    assert_eq!(
        (&rows[0]["status"], &rows[1]["status"]),
        (&json!(0), &json!(1))
    );
    assert_ne!(rows[0]["phone"], "9");
}

#[tokio::test]
async fn a_plan_without_an_external_id_is_an_empty_text() {
    let sandbox = recorded().await;
    let mut state = sandbox.ministra().state();
    state["users"][2]["tariff"] = json!(10);
    let seed = jsonsql_sandbox::ministra::MinistraSeed::Json(state.to_string());
    let sandbox = Sandbox::builder()
        .ministra_seed(seed)
        .start()
        .await
        .unwrap();
    assert_eq!(
        results(&sandbox, "GET accounts/3", "").await[0]["tariff_plan"],
        ""
    );
}

#[tokio::test]
async fn only_optional_packages_of_the_current_plan_are_subscribed() {
    let sandbox = recorded().await;
    assert_eq!(subscribed(&sandbox, FIRST).await, json!(["tv_3", "tv_6"]));
    let path = format!("PUT accounts/{FIRST}");
    results(&sandbox, &path, "tariff_plan=STANDART").await;
    assert_eq!(subscribed(&sandbox, FIRST).await, json!([]));
    results(&sandbox, &path, "tariff_plan=FULL").await;
    assert_eq!(subscribed(&sandbox, FIRST).await, json!(["tv_3", "tv_6"]));
}

#[tokio::test]
async fn modules_are_stored_as_they_come() {
    let sandbox = without_tariff_plans().await;
    let path = "PUT stb_modules/3";
    for (body, restricted) in [
        ("restricted=x", json!("x")),
        ("restricted[5]=x", json!({"5": "x"})),
        ("restricted[a][]=x", json!({"a": ["x"]})),
        ("restricted[]=ivi&restricted[]=x", json!(["x"])),
        ("restricted[]=", json!([""])),
    ] {
        let modules = results(&sandbox, path, body).await;
        assert_eq!(
            modules,
            json!({"disabled": [], "restricted": restricted}),
            "{body}"
        );
    }
    results(&sandbox, path, "disabled[]=radio").await;
    let both = results(&sandbox, "GET stb_modules/3", "").await;
    assert_eq!(both, json!({"disabled": ["radio"], "restricted": [""]}));
}

#[tokio::test]
async fn modules_need_exactly_one_box_to_be_read() {
    let sandbox = without_tariff_plans().await;
    for request in [
        "GET stb_modules",
        "GET stb_modules/1553",
        "GET stb_modules/3,1553",
    ] {
        assert_eq!(
            error(&sandbox, request, "").await,
            "Only one identifier allowed"
        );
    }
    assert_eq!(
        error(&sandbox, "PUT stb_modules/3", "").await,
        "HTTP PUT data is empty"
    );
    assert_eq!(
        error(&sandbox, "PUT stb_modules/3", "foo=1").await,
        "Update data is empty"
    );
    let both = results(&sandbox, "PUT stb_modules/1553", "disabled[]=tv").await;
    assert_eq!(both["disabled"], json!(["tv"]));
    let second = results(&sandbox, "GET stb_modules/00:1A:79:00:39:5E", "").await;
    assert_eq!(second["disabled"], json!(["tv"]));
}

#[tokio::test]
async fn with_tariff_plans_a_write_of_disabled_modules_does_not_show() {
    let sandbox = recorded().await;
    let answer = results(&sandbox, "PUT stb_modules/3", "disabled[]=radio").await;
    assert_eq!(answer["disabled"][0], "vclub");
    assert_eq!(answer["disabled"].as_array().unwrap().len(), 7);
    sandbox
        .ministra()
        .configure(|options| options.enable_tariff_plans = false);
    let stored = results(&sandbox, "GET stb_modules/3", "").await;
    assert_eq!(stored["disabled"], json!(["radio"]));
}

#[tokio::test]
async fn an_unknown_identifier_lists_the_channels_of_everybody() {
    let sandbox = recorded().await;
    results(&sandbox, "DELETE accounts/3", "").await;
    let everybody = results(&sandbox, "GET itv_subscription/nosuch", "").await;
    let left = json!({"sub_ch": ["58"], "mac": null, "ls": null, "additional_services_on": null});
    assert_eq!(everybody[1], left);
    // Asked for all, the server names all users, and so not the deleted one.
    let all = results(&sandbox, "GET itv_subscription", "").await;
    assert_eq!(all.as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn channels_are_replaced_unchecked_and_a_text_empties_them() {
    let sandbox = recorded().await;
    let path = "PUT itv_subscription/3";
    for (body, channels) in [
        (
            "sub_ch[]=999&sub_ch[]=x&sub_ch[]=999",
            json!(["999", "x", "999"]),
        ),
        ("sub_ch[1]=27&sub_ch[7]=29", json!({"1": "27", "7": "29"})),
        ("sub_ch[]=", json!([""])),
        ("sub_ch=", json!([])),
        ("sub_ch=27", json!([])),
    ] {
        let rows = results(&sandbox, path, body).await;
        assert_eq!(rows[0]["sub_ch"], channels, "{body}");
    }
    let rows = results(&sandbox, path, "additional_services_on=1x").await;
    assert_eq!(rows[0]["additional_services_on"], "1");
    assert_eq!(error(&sandbox, path, "").await, "HTTP PUT data is empty");
    assert_eq!(error(&sandbox, path, "foo=1").await, "Update data is empty");
}

#[tokio::test]
async fn channels_of_nobody_are_false_or_everybody() {
    let sandbox = recorded().await;
    let path = "PUT itv_subscription/nosuch";
    assert_eq!(results(&sandbox, path, "sub_ch[]=27").await, false);
    let rows = results(&sandbox, path, "additional_services_on=7").await;
    assert_eq!(rows.as_array().unwrap().len(), 2);
    let boxes = results(&sandbox, "GET stb", "").await;
    assert!(
        boxes
            .as_array()
            .unwrap()
            .iter()
            .all(|row| row["additional_services_on"] != "7")
    );
}

#[tokio::test]
async fn a_record_nothing_was_written_to_is_false() {
    let sandbox = recorded().await;
    let path = "PUT itv_subscription/00:1A:79:00:39:5E";
    let rows = results(&sandbox, path, "additional_services_on=1").await;
    assert_eq!(rows[0]["sub_ch"], false);
}

#[tokio::test]
async fn posting_packages_replaces_them_by_the_kind_of_id_given() {
    let sandbox = recorded().await;
    let path = format!("POST account_subscription/{FIRST}");
    assert_eq!(
        results(&sandbox, &path, "subscribed[]=tv_2&subscribed[]=tv_3").await,
        true
    );
    assert_eq!(subscribed(&sandbox, FIRST).await, json!(["tv_2", "tv_3"]));
    // The same again changes nothing, which is false.
    assert_eq!(
        results(&sandbox, &path, "subscribed[]=tv_2&subscribed[]=tv_3").await,
        false
    );
    assert_eq!(results(&sandbox, &path, "subscribed_id[]=6").await, true);
    assert_eq!(subscribed(&sandbox, FIRST).await, json!(["tv_6"]));
    assert_eq!(error(&sandbox, &path, "").await, "HTTP POST data is empty");
    assert_eq!(
        error(&sandbox, &path, "unsubscribed[]=tv_6").await,
        "Insert data is empty"
    );
    // An empty list is not possible.
    assert_eq!(results(&sandbox, &path, "subscribed=").await, false);
    assert_eq!(subscribed(&sandbox, FIRST).await, json!(["tv_6"]));
}

#[tokio::test]
async fn a_text_where_a_list_belongs_changes_nothing() {
    let sandbox = recorded().await;
    let path = format!("POST account_subscription/{FIRST}");
    for body in ["subscribed=tv_2", "subscribed_id=2"] {
        assert_eq!(results(&sandbox, &path, body).await, false, "{body}");
    }
    let path = format!("PUT account_subscription/{FIRST}");
    for body in ["subscribed_id=2", "unsubscribed_id=3"] {
        assert_eq!(results(&sandbox, &path, body).await, false, "{body}");
    }
    assert_eq!(subscribed(&sandbox, FIRST).await, json!(["tv_3", "tv_6"]));
    assert!(sandbox.ministra().take_events().is_empty());
}

#[tokio::test]
async fn a_single_package_is_had_again_each_time() {
    let sandbox = recorded().await;
    let path = format!("PUT account_subscription/{FIRST}");
    for _ in 0..3 {
        assert_eq!(results(&sandbox, &path, "subscribed_id[]=12").await, true);
        assert_eq!(sandbox.ministra().reboots(FIRST), 1);
    }
    // Once more for each time that it is named, as every package by its id.
    let body = "subscribed_id[]=12&subscribed_id[]=12&subscribed_id[]=2&subscribed_id[]=02";
    assert_eq!(results(&sandbox, &path, body).await, true);
    let rows =
        |sandbox: &Sandbox| sandbox.ministra().state()["users"][0]["optional_packages"].take();
    assert_eq!(rows(&sandbox), json!([2, 2, 3, 6, 12, 12, 12, 12, 12]));
    // Listed once, and all rows go together.
    assert_eq!(
        subscribed(&sandbox, FIRST).await,
        json!(["", "tv_2", "tv_3", "tv_6"])
    );
    assert_eq!(results(&sandbox, &path, "unsubscribed_id[]=12").await, true);
    assert_eq!(rows(&sandbox), json!([2, 2, 3, 6]));
    // An id is the number PHP finds equal, and no other.
    assert_eq!(
        results(&sandbox, &path, "unsubscribed_id[]=3x").await,
        false
    );
    assert_eq!(
        results(&sandbox, &path, "unsubscribed_id[]=3.0").await,
        true
    );
}

#[tokio::test]
async fn lists_are_in_the_servers_order() {
    let mut state = recorded().await.ministra().state();
    for (package, external_id) in [(1, "ёж"), (2, "Еда"), (3, "b")] {
        state["packages"][package]["external_id"] = json!(external_id);
    }
    state["users"][0]["optional_packages"] = json!([6, 3, 2]);
    let seed = jsonsql_sandbox::ministra::MinistraSeed::Json(state.to_string());
    let sandbox = Sandbox::builder()
        .ministra_seed(seed)
        .start()
        .await
        .unwrap();
    // By external id, and not by id: б before е before ё's neighbours.
    assert_eq!(subscribed(&sandbox, FIRST).await, json!(["b", "Еда", "ёж"]));
    results(
        &sandbox,
        "PUT itv_subscription/00:1A:79:00:39:5E",
        "sub_ch[]=27",
    )
    .await;
    let rows = results(&sandbox, "GET itv_subscription", "").await;
    let rows = rows
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["mac"].clone());
    // By row, though the record of the second was made last.
    assert_eq!(
        rows.collect::<Vec<_>>(),
        [FIRST, "00:1A:79:00:39:5E", "00:1A:79:00:21:40"]
    );
}

#[tokio::test]
async fn posting_an_unknown_package_removes_everything_and_is_true() {
    let sandbox = recorded().await;
    let path = format!("POST account_subscription/{FIRST}");
    assert_eq!(results(&sandbox, &path, "subscribed[]=nosuch").await, true);
    assert_eq!(subscribed(&sandbox, FIRST).await, json!([]));
}

#[tokio::test]
async fn deleting_packages_that_are_not_there_is_false() {
    let sandbox = recorded().await;
    let path = format!("DELETE account_subscription/{FIRST}");
    assert_eq!(results(&sandbox, &path, "").await, true);
    assert_eq!(results(&sandbox, &path, "").await, false);
    assert_eq!(
        error(&sandbox, "DELETE account_subscription/3,1553", "").await,
        "Only one identifier allowed"
    );
}

#[tokio::test]
async fn a_package_in_both_lists_toggles() {
    let sandbox = recorded().await;
    let path = format!("PUT account_subscription/{FIRST}");
    let body = "subscribed[]=tv_3&unsubscribed[]=tv_3";
    assert_eq!(results(&sandbox, &path, body).await, true);
    assert_eq!(subscribed(&sandbox, FIRST).await, json!(["tv_6"]));
    assert_eq!(results(&sandbox, &path, body).await, true);
    assert_eq!(subscribed(&sandbox, FIRST).await, json!(["tv_3", "tv_6"]));
}

#[tokio::test]
async fn one_box_unchanged_makes_false_of_what_the_other_changed() {
    let sandbox = recorded().await;
    let path = "PUT account_subscription/1553";
    assert_eq!(results(&sandbox, path, "subscribed[]=tv_6").await, false);
    assert_eq!(
        subscribed(&sandbox, "00:1A:79:00:39:5E").await,
        json!(["tv_6"])
    );
}

#[tokio::test]
async fn deleted_ids_are_not_used_again() {
    let sandbox = recorded().await;
    results(&sandbox, "DELETE users/longls", "").await;
    // The login becomes the id when there is a password and no login.
    let body = "mac=00:1A:79:00:50:03&password=pp";
    assert_eq!(results(&sandbox, "POST stb", body).await["login"], "5");
}
