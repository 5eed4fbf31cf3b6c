//! The clock: stopped, set, released.

use serde_json::{Value, json};

use crate::demo;

#[tokio::test]
async fn the_clock_is_frozen_advanced_and_released() {
    let (_sandbox, caller) = demo().await;
    let frozen = caller
        .control("POST /clock/freeze", &json!({"at": "2031-05-06T07:08:09Z"}))
        .await;
    assert_eq!(
        frozen.json(),
        json!({"now": "2031-05-06T07:08:09Z", "frozen": true})
    );
    let later = caller
        .control("POST /clock/advance", &json!({"seconds": 86_400}))
        .await;
    assert_eq!(
        later.json(),
        json!({"now": "2031-05-07T07:08:09Z", "frozen": true})
    );
    assert_eq!(caller.get("/clock").await, later.json());

    // TVIP writes by it.
    caller
        .done("PATCH /behaviors", &json!({"tvip": {"field_set": "newer"}}))
        .await;
    let account = json!({"login": "stamped", "provider": 1});
    let created = caller.tvip("POST accounts", &account).await.json();
    assert_eq!(created["created"], 1_935_904_089, "{created}");
    // And the Ministra.
    caller
        .done(
            "PATCH /behaviors",
            &json!({"ministra": {"allow_resellers_info_for_api": true}}),
        )
        .await;
    caller.ministra("POST reseller", "name=stamped").await;
    let resellers = caller.get("/records/ministra").await["resellers"].clone();
    let last = resellers.as_array().unwrap().last().unwrap();
    assert_eq!(last["created"], "2031-05-07 07:08:09");

    caller
        .ministra("PUT accounts/12345", "full_name=NOW()&comment=curdate()")
        .await;
    let users = caller.get("/records/ministra").await["users"].clone();
    let users = users.as_array().unwrap();
    let named = |user: &&Value| user["full_name"] == "2031-05-07 07:08:09";
    let user = users.iter().find(named).expect("by the clock");
    assert_eq!(user["comment"], "2031-05-07");

    let released = caller.control("DELETE /clock", &Value::Null).await.json();
    assert!(released["frozen"] == false && released["now"].as_str().unwrap() < "2031");
    let shifted = caller
        .control("POST /clock/advance", &json!({"seconds": -3600}))
        .await
        .json();
    assert_eq!(shifted["frozen"], false);
    assert!(shifted["now"].as_str() < released["now"].as_str());
    for (request, body, said) in [
        (
            "POST /clock/freeze",
            json!({"at": "tomorrow"}),
            "at: `tomorrow` is not a time",
        ),
        ("POST /clock/advance", json!({}), "missing field `seconds`"),
        ("POST /clock/advance", json!({"seconds": 1e300}), "too long"),
    ] {
        let message = caller.control(request, &body).await.refusal(400);
        assert!(message.contains(said), "{message}");
    }
}
