//! What the boxes are sent, counted from inside.

use jsonsql_sandbox::Sandbox;
use jsonsql_sandbox::ministra::BoxEvent;
use serde_json::json;

use crate::http::{error, results};
use crate::recorded;

const FIRST: &str = "00:1A:79:00:15:B3";
const SECOND: &str = "00:1A:79:00:39:5E";
const THIRD: &str = "00:1A:79:00:21:40";

/// The one event waiting for a box.
fn only(sandbox: &Sandbox, mac: &str) -> BoxEvent {
    let mut events = sandbox.ministra().inbox(mac);
    assert_eq!(events.len(), 1, "{events:?}");
    events.pop().unwrap()
}

fn names(sandbox: &Sandbox, mac: &str) -> Vec<String> {
    let events = sandbox.ministra().inbox(mac).into_iter();
    events.map(|event| event.event).collect()
}

#[tokio::test]
async fn a_message_waits_for_both_boxes_of_an_account_and_no_other() {
    let sandbox = recorded().await;
    results(
        &sandbox,
        "POST stb_msg/1553",
        "msg=%D0%B7%D0%B2&ttl=60&auto_hide_timeout=5",
    )
    .await;
    for mac in [FIRST, SECOND] {
        let event = only(&sandbox, mac);
        assert_eq!(
            (event.event.as_str(), event.msg.as_str()),
            ("send_msg", "зв")
        );
        assert_eq!((event.ttl, event.auto_hide_timeout), (60, Some(5)));
        assert!(event.need_confirm && !event.reboots());
    }
    assert!(sandbox.ministra().inbox(THIRD).is_empty());
    assert!(sandbox.ministra().inbox("longls").is_empty());
}

#[tokio::test]
async fn a_lifetime_that_is_no_number_is_seven_days() {
    let sandbox = recorded().await;
    results(&sandbox, "POST stb_msg/3", "msg=x&ttl=abc").await;
    assert_eq!(only(&sandbox, THIRD).ttl, 604_800);
}

#[tokio::test]
async fn events_have_the_servers_names_lifetimes_and_parameters() {
    let sandbox = recorded().await;
    for (body, event, msg, ttl) in [
        ("event=reboot", "reboot", "", 240),
        ("event=reload_portal&msg=no", "reload_portal", "", 240),
        ("event=update_channels", "update_subscription", "", 240),
        ("event=play_channel&channel=10", "play_channel", "10", 240),
        (
            "event=play_radio_channel&channel=7&ttl=9",
            "play_radio_channel",
            "7",
            9,
        ),
        ("event=update_image", "update_image", "", 240),
        ("event=show_menu", "show_menu", "", 240),
        ("event=cut_off", "cut_off", "", 240),
        ("event=send_msg&msg=hi", "send_msg", "hi", 604_800),
        (
            "event=send_msg_with_video&msg=hi&video=v",
            "send_msg_with_video",
            "hi",
            604_800,
        ),
    ] {
        results(&sandbox, "POST send_event/3", body).await;
        let sent = only(&sandbox, THIRD);
        assert_eq!(
            (sent.event.as_str(), sent.msg.as_str(), sent.ttl),
            (event, msg, ttl)
        );
        assert_eq!(sent.video == "v", event == "send_msg_with_video");
        assert_eq!(sent.reboots(), event == "reboot");
        assert_eq!(sandbox.ministra().take_events().len(), 1);
    }
}

#[tokio::test]
async fn auto_hide_timeout_has_no_effect_in_send_event_and_need_reboot_has() {
    let sandbox = recorded().await;
    let body = "event=send_msg&msg=x&need_reboot=1&auto_hide_timeout=9";
    results(&sandbox, "POST send_event/3", body).await;
    let event = only(&sandbox, THIRD);
    assert_eq!(event.auto_hide_timeout, None);
    assert_eq!(sandbox.ministra().reboots(THIRD), 1);
}

#[tokio::test]
async fn without_an_identifier_everybody_is_sent_it() {
    for request in ["POST send_event", "POST send_event/", "POST send_event/0"] {
        let sandbox = recorded().await;
        results(&sandbox, request, "event=reboot").await;
        for who in [FIRST, SECOND, THIRD, "longls"] {
            assert_eq!(sandbox.ministra().reboots(who), 1, "{request} {who}");
        }
        assert_eq!(sandbox.ministra().take_events().len(), 4, "{request}");
    }
}

#[tokio::test]
async fn an_event_that_is_none_reaches_nobody() {
    let sandbox = recorded().await;
    assert_eq!(
        results(&sandbox, "POST send_event", "event=nosuch").await,
        json!(false)
    );
    error(&sandbox, "POST send_event/nosuch", "event=reboot").await;
    error(&sandbox, "POST stb_msg", "msg=0").await;
    assert!(sandbox.ministra().take_events().is_empty());
}

#[tokio::test]
async fn status_is_announced_always_by_stb_and_on_change_by_accounts() {
    let sandbox = recorded().await;
    for body in ["status=0", "status=0", "status=1"] {
        results(&sandbox, &format!("PUT stb/{FIRST}"), body).await;
        results(&sandbox, &format!("PUT accounts/{SECOND}"), body).await;
    }
    assert_eq!(names(&sandbox, FIRST), ["cut_off", "cut_off", "cut_on"]);
    assert_eq!(names(&sandbox, SECOND), ["cut_off", "cut_on"]);
}

#[tokio::test]
async fn cut_off_does_not_change_the_status() {
    let sandbox = recorded().await;
    results(
        &sandbox,
        &format!("POST send_event/{FIRST}"),
        "event=cut_off",
    )
    .await;
    let rows = results(&sandbox, &format!("GET stb/{FIRST}"), "").await;
    assert_eq!(rows[0]["status"], 1);
}

#[tokio::test]
async fn any_number_of_package_changes_is_one_reboot() {
    let sandbox = recorded().await;
    let path = format!("PUT account_subscription/{FIRST}");
    results(
        &sandbox,
        &path,
        "subscribed[]=tv_2&unsubscribed[]=tv_3&unsubscribed[]=tv_6",
    )
    .await;
    results(&sandbox, &path, "unsubscribed[]=tv_2").await;
    let event = only(&sandbox, FIRST);
    assert_eq!((event.ttl, event.reboots()), (240, true));
    // So does a message that asks for a reboot; nothing else takes its place.
    results(&sandbox, &format!("POST stb_msg/{FIRST}"), "msg=x").await;
    results(
        &sandbox,
        &format!("POST send_event/{FIRST}"),
        "event=reboot",
    )
    .await;
    let body = "event=send_msg&msg=y&need_reboot=1";
    results(&sandbox, &format!("POST send_event/{FIRST}"), body).await;
    let waiting: Vec<_> = sandbox.ministra().inbox(FIRST).into_iter().collect();
    let waiting: Vec<_> = waiting
        .iter()
        .map(|w| (w.event.as_str(), w.msg.as_str()))
        .collect();
    assert_eq!(
        waiting,
        [("send_msg", "x"), ("reboot", ""), ("send_msg", "y")]
    );
    assert_eq!(sandbox.ministra().reboots(FIRST), 2);
}

#[tokio::test]
async fn an_inbox_is_that_of_a_row() {
    let sandbox = recorded().await;
    results(&sandbox, "POST stb_msg/3", "msg=x").await;
    // It follows the row to another MAC address and login.
    results(
        &sandbox,
        "PUT accounts/3",
        "stb_mac=00:1A:79:00:AA:AA&login=other",
    )
    .await;
    assert_eq!(names(&sandbox, "00:1A:79:00:AA:AA"), ["send_msg"]);
    assert_eq!(only(&sandbox, "other").mac, "00:1A:79:00:AA:AA");
    assert!(names(&sandbox, THIRD).is_empty());
    // It goes with the row, and a new one with its MAC address has none.
    results(&sandbox, "DELETE accounts/3", "").await;
    results(&sandbox, "POST stb", "mac=00:1A:79:00:AA:AA").await;
    assert!(names(&sandbox, "00:1A:79:00:AA:AA").is_empty());
    assert!(sandbox.ministra().take_events().is_empty());
}

#[tokio::test]
async fn signing_in_is_reset_without_a_trace_but_the_mac() {
    let sandbox = recorded().await;
    let path = "PUT stb_auth/3";
    assert_eq!(results(&sandbox, path, "").await, true);
    assert_eq!(results(&sandbox, path, "reset_device_id=0").await, true);
    assert_eq!(
        results(&sandbox, "GET accounts/3", "").await[0]["stb_mac"],
        THIRD
    );
    assert_eq!(results(&sandbox, path, "reset_device_id=1").await, true);
    assert_eq!(
        results(&sandbox, "GET accounts/3", "").await[0]["stb_mac"],
        ""
    );
    assert_eq!(
        error(&sandbox, "PUT stb_auth/nosuch", "").await,
        "Empty stb list"
    );
    assert_eq!(
        error(&sandbox, "GET stb_auth/3", "").await,
        "Resource \"stb_auth\" does not support action \"get\""
    );
    // Without an identifier, of everybody.
    assert_eq!(
        results(&sandbox, "PUT stb_auth", "reset_device_id=1").await,
        true
    );
    assert_eq!(results(&sandbox, "GET stb", "").await[0]["mac"], "");
}

#[tokio::test]
async fn restricting_modules_is_announced_and_channels_are_not() {
    let sandbox = recorded().await;
    results(&sandbox, "PUT stb_modules/3", "disabled[]=radio").await;
    results(
        &sandbox,
        "PUT itv_subscription/3",
        "sub_ch[]=27&additional_services_on=1",
    )
    .await;
    assert!(names(&sandbox, THIRD).is_empty());
    results(&sandbox, "PUT stb_modules/3", "restricted[]=radio").await;
    assert_eq!(names(&sandbox, THIRD), ["update_modules"]);
}

#[tokio::test]
async fn a_reboot_can_be_asked_for_with_put_stb() {
    let sandbox = recorded().await;
    results(&sandbox, "PUT stb/3", "reboot=0").await;
    assert_eq!(sandbox.ministra().reboots(THIRD), 1);
}
