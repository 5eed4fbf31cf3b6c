//! Every example request of the vendor's two documents, newer and of 2012,
//! answered as documented, or as the real server was recorded to.

use jsonsql_sandbox::Sandbox;
use jsonsql_sandbox::ministra::{MinistraOptions, MinistraVersion};
use serde_json::{Value, json};

use crate::http::{error, results};
use crate::{configured, recorded};

/// The server of the newer document: 5.6 with resellers, and with the modules
/// an account has stored.
async fn newer() -> Sandbox {
    let mut options = MinistraOptions::new(MinistraVersion::V5_6);
    options.allow_resellers_info_for_api = true;
    options.enable_tariff_plans = false;
    configured(options).await
}

/// The document of 2012, whose examples are among those of the newer one but
/// for two.
async fn older() -> Sandbox {
    let mut options = MinistraOptions::new(MinistraVersion::V4_9);
    options.enable_tariff_plans = false;
    configured(options).await
}

/// That an object has at least these members.
fn has(object: &Value, members: Value) {
    for (name, value) in members.as_object().unwrap() {
        assert_eq!(&object[name], value, "{name} of {object}");
    }
}

/// Both documents have these seven. `ls` is a text where they show a number,
/// and an account of two boxes is two rows.
#[tokio::test]
async fn stb() {
    for sandbox in [newer().await, older().await] {
        let first = json!({"mac": "00:1A:79:00:15:B3", "status": 1, "additional_services_on": "1",
            "ls": "1553", "login": "1553", "online": "1"});
        let second = json!({"mac": "00:1A:79:00:39:5E", "status": 1,
            "additional_services_on": "0", "ls": "1553", "login": "1553b", "online": "0"});
        let third = json!({"mac": "00:1A:79:00:21:40", "status": 0, "ls": "3", "login": "3"});
        for (request, rows) in [
            ("GET stb", vec![&first, &second, &third]),
            ("GET stb/1553", vec![&first, &second]),
            ("GET stb/1553,3", vec![&first, &second, &third]),
        ] {
            let answered = results(&sandbox, request, "").await;
            for (at, row) in rows.into_iter().enumerate() {
                has(&answered[at], row.clone());
            }
        }
        let updated = results(
            &sandbox,
            "PUT stb/1553",
            "status=1&additional_services_on=0",
        )
        .await;
        has(
            &updated[0],
            json!({"status": 1, "additional_services_on": "0", "ls": "1553"}),
        );
        has(
            &updated[1],
            json!({"status": 1, "additional_services_on": "0", "ls": "1553"}),
        );
        assert_eq!(results(&sandbox, "DELETE stb/1553", "").await, true);
        // The documents show `"ls": "0"`; recorded is an empty text.
        let added = results(&sandbox, "POST stb/", "login=test&password=1234").await;
        let expected = json!({"mac": "", "status": 1, "additional_services_on": "1", "ls": "",
            "login": "test"});
        has(&added, expected);
        let body = "mac=00:1A:79:00:39:5E&additional_services_on=0";
        let added = results(&sandbox, "POST stb/", body).await;
        let expected = json!({"mac": "00:1A:79:00:39:5E", "status": 1,
            "additional_services_on": "0", "ls": "", "login": ""});
        has(&added, expected);
    }
}

#[tokio::test]
async fn accounts_and_users() {
    for sandbox in [newer().await, older().await] {
        let account = results(&sandbox, "GET accounts/00:1A:79:00:39:5E", "").await;
        let expected = json!({"login": "1553b", "full_name": "Test One second",
            "account_number": "1553", "tariff_plan": "FULL", "stb_sn": "0120002",
            "stb_mac": "00:1A:79:00:39:5E", "stb_type": "MAG254", "status": 1, "subscribed": []});
        has(&account[0], expected);
        let body =
            "login=3210&password=1234&full_name=Test&account_number=123&tariff_plan=FULL&status=1";
        assert_eq!(results(&sandbox, "POST accounts/", body).await, true);
        let user = results(&sandbox, "GET users/3210", "").await;
        let expected = json!({"login": "3210", "full_name": "Test", "account_number": "123",
            "tariff_plan": "FULL", "status": 1, "subscribed": []});
        has(&user, expected);
        let path = "accounts/00:1A:79:00:39:5E";
        let moved = results(&sandbox, &format!("PUT {path}"), "tariff_plan=STANDART").await;
        assert_eq!(moved, true);
        let account = results(&sandbox, &format!("GET {path}"), "").await;
        assert_eq!(account[0]["tariff_plan"], "STANDART");
        assert_eq!(results(&sandbox, &format!("DELETE {path}"), "").await, true);
        let gone = error(&sandbox, &format!("GET {path}"), "").await;
        assert_eq!(gone, "Account not found");
    }
}

#[tokio::test]
async fn stb_msg_and_send_event() {
    for sandbox in [newer().await, older().await] {
        let msg =
            "msg=%D0%BF%D1%80%D0%BE%D0%B2%D0%B5%D1%80%D0%BA%D0%B0%20%D1%81%D0%B2%D1%8F%D0%B7%D0%B8";
        assert_eq!(results(&sandbox, "POST stb_msg/1553", msg).await, true);
        let inbox = sandbox.ministra().inbox("00:1A:79:00:39:5E");
        assert_eq!(inbox[0].msg, "проверка связи");
        for (request, body) in [
            ("POST send_event/", "event=reboot"),
            (
                "POST send_event/00:1A:79:00:15:B3",
                "event=play_channel&channel=10",
            ),
            ("POST send_event/1553", "event=cut_off"),
            ("POST send_event/00:1A:79:00:15:B3", "event=show_menu"),
        ] {
            assert_eq!(results(&sandbox, request, body).await, true, "{request}");
        }
        let events = sandbox.ministra().inbox("1553").into_iter();
        let names: Vec<String> = events.map(|event| event.event).collect();
        assert_eq!(
            names,
            ["send_msg", "reboot", "play_channel", "cut_off", "show_menu"]
        );
    }
}

/// The document of 2012 posts; both list PUT as the method.
#[tokio::test]
async fn stb_modules() {
    let path = "stb_modules/00:1A:79:00:39:5E";
    let body = "restricted[]=vclub&restricted[]=karaoke&disabled[]=radio";
    for sandbox in [newer().await, older().await] {
        let set = results(&sandbox, &format!("PUT {path}"), body).await;
        let expected = json!({"disabled": ["radio"], "restricted": ["vclub", "karaoke"]});
        assert_eq!(set, expected);
        let cleared = results(
            &sandbox,
            &format!("PUT {path}"),
            "restricted[]=&disabled[]=",
        )
        .await;
        assert_eq!(cleared, json!({"disabled": [""], "restricted": [""]}));
        let refused = error(&sandbox, &format!("POST {path}"), body).await;
        assert!(
            refused.ends_with("does not support action \"create\""),
            "{refused}"
        );
    }
}

#[tokio::test]
async fn itv_and_its_subscriptions() {
    for sandbox in [newer().await, older().await] {
        let channels = results(&sandbox, "GET itv", "").await;
        has(
            &channels[2],
            json!({"id": "37", "name": "М-TV Україна", "number": "64"}),
        );
        // Only boxes that have a record, where the document shows all.
        let rows = results(&sandbox, "GET itv_subscription", "").await;
        let first = json!({"mac": "00:1A:79:00:15:B3", "sub_ch": ["27", "29"], "ls": "1553",
            "additional_services_on": "1"});
        let third = json!({"mac": "00:1A:79:00:21:40", "sub_ch": ["58"], "ls": "3",
            "additional_services_on": "0"});
        assert_eq!(rows, json!([first, third]));
        let rows = results(&sandbox, "GET itv_subscription/1553", "").await;
        assert_eq!(rows, json!([first]));
        let rows = results(&sandbox, "GET itv_subscription/00:1A:79:00:39:5E", "").await;
        assert_eq!(rows, json!([]));
        let body = "sub_ch[]=27&sub_ch[]=29&additional_services_on=1";
        let rows = results(&sandbox, "PUT itv_subscription/1553", body).await;
        for (at, mac) in ["00:1A:79:00:15:B3", "00:1A:79:00:39:5E"]
            .iter()
            .enumerate()
        {
            let expected = json!({"sub_ch": ["27", "29"], "mac": mac, "ls": "1553",
                "additional_services_on": "1"});
            assert_eq!(rows[at], expected);
        }
    }
}

/// In the newer document only.
#[tokio::test]
async fn tariffs_and_packages() {
    let sandbox = newer().await;
    let tariffs = results(&sandbox, "GET tariffs", "").await;
    let expected = json!({"id": "10", "external_id": "", "name": "Тариф Пакет +",
        "user_default": "0", "days_to_expires": null});
    has(&tariffs[2], expected);
    has(
        &tariffs[2]["packages"][0],
        json!({"id": "10", "external_id": "all_video"}),
    );
    let packages = results(&sandbox, "GET services_package", "").await;
    let expected = json!({"id": "10", "external_id": "all_video", "name": "Всё видео",
        "type": "video", "description": "Полный доступ к видеоклубу", "all_services": "1",
        "service_type": "periodic", "rent_duration": "0", "services": "all"});
    has(&packages[4], expected);
}

/// In the newer document only.
#[tokio::test]
async fn account_subscription() {
    let sandbox = newer().await;
    let path = "account_subscription/1553";
    let rows = results(&sandbox, &format!("GET {path}"), "").await;
    let expected = json!({"mac": "00:1A:79:00:15:B3", "subscribed": ["tv_3", "tv_6"]});
    has(&rows[0], expected);
    for (verb, body) in [
        ("PUT", "subscribed[]=tv_2"),
        ("PUT", "unsubscribed[]=tv_2"),
        ("POST", "subscribed[]=tv_2&subscribed[]=tv_3"),
        ("DELETE", ""),
    ] {
        let done = results(&sandbox, &format!("{verb} {path}"), body).await;
        assert_eq!(done, true, "{verb} {body}");
        if verb == "POST" {
            let rows = results(&sandbox, &format!("GET {path}"), "").await;
            for row in rows.as_array().unwrap() {
                assert_eq!(row["subscribed"], json!(["tv_2", "tv_3"]));
            }
        }
    }
}

/// In the newer document only. It says `true` where the server's code reads as
/// if it said `false`.
#[tokio::test]
async fn reseller() {
    let sandbox = newer().await;
    let body = "name=2&max_users=200&use_ip_ranges=0";
    assert_eq!(results(&sandbox, "POST reseller", body).await, false);
    let rows = results(&sandbox, "GET reseller", "").await;
    let expected = json!({"id": "1", "name": "2", "max_users": "200", "use_ip_ranges": "0"});
    has(&rows[0], expected);
    for date in ["created", "modified"] {
        let date = rows[0][date].as_str().unwrap();
        assert!(date.len() == 19 && date.starts_with("20"), "{date}");
    }
    assert_eq!(
        error(&sandbox, "DELETE reseller/2", "").await,
        "Account not found"
    );
    assert_eq!(results(&sandbox, "DELETE reseller/1", "").await, true);
    let older = recorded().await;
    let absent = error(&older, "GET reseller", "").await;
    assert_eq!(absent, "Class file for \"RESTCommandReseller\" not found");
}
