//! Unknown behaviors as switches.

use serde_json::{Value, json};

use crate::demo;

#[tokio::test]
async fn behaviors_are_changed_while_it_runs() {
    let (_sandbox, caller) = demo().await;
    let before = caller.get("/behaviors").await;
    assert_eq!(before["iptvportal"]["mac_form"], "colons");
    assert_eq!(before["ministra"]["version"], "5.6");
    assert_eq!(before["tvip"]["default_limit"], 100);
    assert!(!before.to_string().contains("secret_pass"));

    let change = json!({"iptvportal": {"session_refused_with": "http401"},
        "ministra": {"enable_api": false}, "tvip": {"default_limit": 2}});
    let changed = caller.control("PATCH /behaviors", &change).await.json();
    assert_eq!(
        changed["iptvportal"]["mac_form"], "colons",
        "what is not named stays"
    );
    assert_eq!(
        caller.send("POST /api/jsonsql/", "", "{}").await.status,
        401
    );
    assert_eq!(
        caller.tvip("GET accounts", &Value::Null).await.json()["limit"],
        2
    );
    let off = caller.send("GET /stalker_portal/api/stb", "", "").await;
    assert_eq!((off.status, &*off.body), (404, "API not enabled"));
    // Switched on again, it asks for the same credentials.
    caller
        .done(
            "PATCH /behaviors",
            &json!({"ministra": {"enable_api": true}}),
        )
        .await;
    assert_eq!(
        caller
            .send("GET /stalker_portal/api/stb", "", "")
            .await
            .status,
        401
    );
    assert_eq!(caller.ministra("GET itv/1", "").await["status"], "OK");

    for (change, said) in [
        (json!({"iptvportal": {"mac": "dashes"}}), "`mac_form`"),
        (json!({"iptvportal": {"mac_form": "dots"}}), "`dashes`"),
        (
            json!({"tvip": {"default_limit": "few"}}),
            "tvip.default_limit",
        ),
        (json!({"ministra": {"version": "1"}}), "`4.9`"),
        (
            json!({"stalker": {}}),
            "expected iptvportal, ministra or tvip",
        ),
        (json!({"tvip": 5}), "an object of settings"),
    ] {
        let message = caller
            .control("PATCH /behaviors", &change)
            .await
            .refusal(400);
        assert!(message.contains(said), "{change}: {message}");
    }
    assert_eq!(caller.get("/behaviors").await["tvip"]["default_limit"], 2);
}
