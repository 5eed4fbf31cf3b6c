//! What differs between versions, and what an administrator can switch.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use jsonsql_sandbox::Sandbox;
use jsonsql_sandbox::ministra::{
    Database, MinistraOptions, MinistraSeed, MinistraVersion, PhpWarnings, ResellerAdded,
};
use serde_json::{Value, json};

use crate::configured;
use crate::http::{CREDENTIALS, call, error, raw, results, send};

const VERSIONS: [MinistraVersion; 4] = [
    MinistraVersion::V4_9,
    MinistraVersion::V5_1,
    MinistraVersion::V5_2,
    MinistraVersion::V5_6,
];

async fn version(version: MinistraVersion) -> Sandbox {
    configured(MinistraOptions::new(version)).await
}

async fn resellers() -> Sandbox {
    let mut options = MinistraOptions::new(MinistraVersion::V5_6);
    options.allow_resellers_info_for_api = true;
    configured(options).await
}

/// Its members in order, which JSON values do not keep here.
fn members(body: &str, first: &str, second: &str) -> bool {
    body.find(first).unwrap() < body.find(second).unwrap()
}

#[tokio::test]
async fn the_folder_v1_works_from_5_0_0_r2() {
    for v in VERSIONS {
        let sandbox = version(v).await;
        let path = "/stalker_portal/api/v1/stb/3";
        let stb = send(&sandbox, "GET", path, CREDENTIALS, b"").await;
        assert_eq!(stb.status, 200);
        assert_eq!(
            stb.body == "Unauthorized request.",
            v == MinistraVersion::V4_9
        );
        let path = "/stalker_portal/api/v1/users/3";
        let user = send(&sandbox, "GET", path, CREDENTIALS, b"").await;
        assert_eq!(user.json()["results"]["login"], "3");
    }
}

#[tokio::test]
async fn channels_have_a_description_from_5_1() {
    for v in VERSIONS {
        let rows = results(&version(v).await, "GET itv/27", "").await;
        assert_eq!(rows[0].get("descr").is_some(), v >= MinistraVersion::V5_1);
    }
}

#[tokio::test]
async fn packages_list_their_own_services_from_5_1() {
    for v in VERSIONS {
        let sandbox = version(v).await;
        let package = results(&sandbox, "GET services_package/1", "").await;
        let services = package["services"].as_array().unwrap();
        let names: Vec<&Value> = services.iter().map(|service| &service["name"]).collect();
        if v >= MinistraVersion::V5_1 {
            assert_eq!(names, ["One TV", "Два ТВ"]);
        } else {
            assert_eq!(names.len(), 4);
        }
    }
}

#[tokio::test]
async fn tariffs_expire_from_5_2() {
    for v in VERSIONS {
        let sandbox = version(v).await;
        let expire = v >= MinistraVersion::V5_2;
        let answer = call(&sandbox, "GET tariffs/1", "").await;
        assert_eq!(
            answer
                .body
                .contains("\"user_default\":\"0\",\"days_to_expires\":null"),
            expire
        );
        let body = "tariff_expired_date=2030-01-02&tariff_instead_expired=STANDART";
        if !expire {
            let refused = error(&sandbox, "PUT accounts/3", body).await;
            assert_eq!(refused, "Insert data is empty");
            continue;
        }
        assert_eq!(results(&sandbox, "PUT accounts/3", body).await, true);
        let rows = results(&sandbox, "GET accounts/3", "").await;
        assert_eq!(rows[0]["tariff_expired_date"], "2030-01-02 00:00:00");
        assert_eq!(rows[0]["tariff_instead_expired"], "STANDART");
        let other = call(&sandbox, "GET accounts/1553", "").await;
        assert!(members(
            &other.body,
            "\"tariff_plan\"",
            "\"tariff_expired_date\":null"
        ));
        // Without a date, the plan to follow is the id it is stored as.
        results(&sandbox, "PUT accounts/3", "tariff_expired_date=").await;
        let rows = results(&sandbox, "GET accounts/3", "").await;
        assert_eq!(rows[0]["tariff_expired_date"], Value::Null);
        assert_eq!(rows[0]["tariff_instead_expired"], "2");
    }
}

#[tokio::test]
async fn an_unknown_resource_and_the_realm_change_in_5_6() {
    for v in VERSIONS {
        let sandbox = version(v).await;
        let text = error(&sandbox, "GET no_such/1", "").await;
        let refused = send(&sandbox, "GET", "/stalker_portal/api/stb", "", b"").await;
        let realm = refused.header("www-authenticate");
        if v == MinistraVersion::V5_6 {
            assert_eq!(text, "Resource \"NoSuch\" does not exist");
            assert_eq!(realm, Some("Basic realm=\"Ministra API\""));
        } else {
            assert_eq!(text, "Class file for \"RESTCommandNoSuch\" not found");
            assert_eq!(realm, Some("Basic realm=\"Stalker API\""));
        }
    }
}

#[tokio::test]
async fn resellers_have_to_be_allowed() {
    let sandbox = version(MinistraVersion::V5_6).await;
    for verb in ["GET", "POST", "PUT", "DELETE"] {
        let text = error(&sandbox, &format!("{verb} reseller/1"), "name=x").await;
        assert_eq!(text, "Resource denied by admin");
    }
    let rows = results(&sandbox, "GET accounts/3", "").await;
    assert_eq!(rows[0].get("reseller_id"), None);
}

#[tokio::test]
async fn resellers_are_refused_in_the_order_of_the_servers_checks() {
    let sandbox = resellers().await;
    for (request, body, text) in [
        ("POST reseller", "", "Insert data is empty"),
        ("POST reseller", "max_users=1", "Reseller name required"),
        ("PUT reseller", "foo=1", "Data is empty"),
        ("PUT reseller", "name=x", "Identifier required"),
        ("PUT reseller/1,2", "name=x", "Only one identifier allowed"),
        (
            "PUT reseller/x",
            "name=x",
            "Identifier is wrong, for this action use reseller's id",
        ),
        ("PUT reseller/9", "name=x", "Account not found"),
        ("DELETE reseller", "", "Identifier required"),
        (
            "DELETE reseller/x",
            "",
            "Identifier is wrong, for this action use reseller's id",
        ),
        ("GET reseller/9", "", "Account not found"),
    ] {
        assert_eq!(
            error(&sandbox, request, body).await,
            text,
            "{request} {body}"
        );
    }
    sandbox
        .ministra()
        .configure(|options| options.reseller_added = ResellerAdded::True);
    assert_eq!(results(&sandbox, "POST reseller", "name=One").await, true);
    let taken = error(&sandbox, "POST reseller", "name=one").await;
    assert_eq!(taken, "Reseller with this name already exists");
    let one = results(&sandbox, "GET reseller/1,1", "").await;
    assert_eq!(one.as_array().unwrap().len(), 1);
    let some = error(&sandbox, "GET reseller/1,9", "").await;
    assert_eq!(some, "One or more identifiers are incorrect");
    assert_eq!(
        results(&sandbox, "PUT reseller/1", "max_users=7").await,
        true
    );
    let rows = results(&sandbox, "GET reseller/1", "").await;
    assert_eq!(
        (&rows[0]["name"], &rows[0]["max_users"]),
        (&json!("One"), &json!("7"))
    );
}

#[tokio::test]
async fn accounts_belong_to_resellers_that_exist() {
    let sandbox = resellers().await;
    results(&sandbox, "POST reseller", "name=One").await;
    let unknown = error(&sandbox, "PUT accounts/3", "reseller_id=5").await;
    assert_eq!(unknown, "Reseller does not exist");
    assert_eq!(
        results(&sandbox, "PUT accounts/3", "reseller_id=1").await,
        true
    );
    let rows = results(&sandbox, "GET accounts", "").await;
    assert_eq!(
        (&rows[2]["reseller_id"], &rows[2]["reseller_name"]),
        (&json!("1"), &json!("One"))
    );
    assert_eq!(
        (&rows[0]["reseller_id"], &rows[0]["reseller_name"]),
        (&Value::Null, &Value::Null)
    );
    let refused = error(&sandbox, "DELETE reseller/1", "").await;
    let text = "Finded reseller's users, cannot delete reseller, operation canceled";
    assert_eq!(refused, text);
    // `stb` does not look whether there is such a reseller.
    let rows = results(&sandbox, "PUT stb/3", "reseller_id=5").await;
    assert_eq!(rows[0]["reseller_id"], "5");
    assert_eq!(results(&sandbox, "DELETE reseller/1", "").await, true);
}

#[tokio::test]
async fn end_dates_are_shown_with_internal_billing() {
    let sandbox = version(MinistraVersion::V4_9).await;
    results(&sandbox, "PUT stb/3", "end_date=2030-01-02 03:04:05").await;
    let hidden = results(&sandbox, "GET stb/3", "").await;
    assert_eq!(hidden[0].get("end_date"), None);
    let ministra = sandbox.ministra();
    ministra.configure(|options| options.enable_internal_billing = true);
    let body = call(&sandbox, "GET stb/3", "").await.body;
    assert!(
        body.ends_with("\"online\":\"0\",\"end_date\":\"2030-01-02 03:04:05\"}]}"),
        "{body}"
    );
    let body = call(&sandbox, "GET accounts/3", "").await.body;
    assert!(
        body.contains("\"comment\":null,\"end_date\":\"2030-01-02 03:04:05\",\"account_balance\"")
    );
    results(&sandbox, "PUT accounts/3", "end_date=not-a-date").await;
    let rows = results(&sandbox, "GET stb/3", "").await;
    assert_eq!(rows[0]["end_date"], "0000-00-00 00:00:00");
}

#[tokio::test]
async fn put_stb_without_an_identifier_can_be_allowed_for_everybody() {
    let sandbox = version(MinistraVersion::V4_9).await;
    let ministra = sandbox.ministra();
    ministra.configure(|options| options.allow_multiple_stb_update = true);
    let rows = results(&sandbox, "PUT stb", "status=0").await;
    assert_eq!(rows.as_array().unwrap().len(), 4);
    assert!(
        rows.as_array()
            .unwrap()
            .iter()
            .all(|row| row["status"] == 0)
    );
}

#[tokio::test]
async fn the_status_of_a_new_box_can_be_configured_and_that_of_an_account_not() {
    let sandbox = version(MinistraVersion::V4_9).await;
    let ministra = sandbox.ministra();
    ministra.configure(|options| options.default_stb_status = false);
    let added = results(&sandbox, "POST stb", "mac=001A79000099").await;
    assert_eq!(added["status"], 0);
    results(&sandbox, "POST accounts", "login=new").await;
    assert_eq!(results(&sandbox, "GET users/new", "").await["status"], 1);
}

#[tokio::test]
async fn an_api_switched_off_is_404_before_anything_else() {
    let sandbox = version(MinistraVersion::V5_6).await;
    let ministra = sandbox.ministra();
    ministra.configure(|options| options.enable_api = false);
    for (verb, headers) in [("GET", ""), ("PATCH", ""), ("GET", CREDENTIALS)] {
        let answer = send(&sandbox, verb, "/stalker_portal/api/stb", headers, b"").await;
        assert_eq!(
            (answer.status, answer.body.as_str()),
            (404, "API not enabled")
        );
        assert!(
            answer
                .header("content-type")
                .unwrap()
                .starts_with("text/html")
        );
    }
}

#[tokio::test]
async fn without_a_configured_login_anybody_is_let_in() {
    let mut options = MinistraOptions::new(MinistraVersion::V4_9);
    options.credentials = None;
    let sandbox = configured(options).await;
    for headers in [
        "",
        "Authorization: Basic YmFkOmJhZA==\r\n",
        "Authorization: Bearer x\r\n",
    ] {
        let answer = send(&sandbox, "GET", "/stalker_portal/api/stb/3", headers, b"").await;
        assert_eq!(answer.json()["status"], "OK");
    }
}

#[tokio::test]
async fn a_database_that_is_down_is_an_error_with_http_200() {
    let sandbox = version(MinistraVersion::V4_9).await;
    let ministra = sandbox.ministra();
    ministra.configure(|options| options.database = Database::Down);
    let text = error(&sandbox, "GET stb", "").await;
    assert_eq!(text, "Connect Error (2002) Connection refused");
    let body = call(&sandbox, "GET stb", "").await.json();
    let output = body["output"].as_str().unwrap();
    let connect = "<b>Warning</b>:  mysqli_connect(): (HY000/2002): Connection refused in <b>";
    assert!(output.contains(connect), "{output}");
    ministra.configure(|options| options.database = Database::Up);
    results(&sandbox, "GET stb", "").await;
}

#[tokio::test]
async fn a_write_is_carried_out_though_html_follows_its_answer() {
    let sandbox = version(MinistraVersion::V4_9).await;
    let ministra = sandbox.ministra();
    ministra.configure(|options| options.php_warnings = PhpWarnings::AfterBody);
    let answer = call(&sandbox, "DELETE stb/3", "").await;
    assert!(
        answer
            .body
            .starts_with("{\"status\":\"OK\",\"results\":true}<br />\n<b>Warning</b>")
    );
    let log = "file_put_contents(/var/log/stalkerd/api_access.log): failed to open stream: ";
    assert!(answer.body.contains(log), "{}", answer.body);
    ministra.configure(|options| options.php_warnings = PhpWarnings::Hidden);
    assert_eq!(results(&sandbox, "GET stb/3", "").await, json!([]));
}

#[tokio::test]
async fn warnings_are_a_member_after_the_others() {
    let sandbox = version(MinistraVersion::V4_9).await;
    let ministra = sandbox.ministra();
    ministra.configure(|options| options.php_warnings = PhpWarnings::Always);
    let answer = call(&sandbox, "GET stb/nosuch", "").await;
    assert!(
        answer
            .body
            .starts_with("{\"status\":\"OK\",\"results\":[],\"output\":\"<br \\/>")
    );
    let answer = call(&sandbox, "DELETE stb", "").await;
    assert!(members(&answer.body, "\"error\":", "\"output\":"));
}

#[tokio::test]
async fn the_demo_seed_is_a_small_operator_and_the_state_is_a_seed() {
    let demo = Sandbox::builder().start().await.unwrap();
    let rows = results(&demo, "GET accounts", "").await;
    assert_eq!(rows.as_array().unwrap().len(), 9);
    let account = results(&demo, "GET users/12345", "").await;
    assert_eq!(
        (&account["tariff_plan"], &account["subscribed"]),
        (&json!("family"), &json!(["tv_sport"]))
    );
    results(&demo, "PUT itv_subscription/12346", "sub_ch[3]=7").await;
    let state = demo.ministra().state();
    let seed = MinistraSeed::Json(state.to_string());
    let again = Sandbox::builder()
        .ministra_seed(seed)
        .start()
        .await
        .unwrap();
    for request in [
        "GET accounts",
        "GET stb",
        "GET itv_subscription",
        "GET services_package",
    ] {
        let here = call(&demo, request, "").await.body;
        assert_eq!(here, call(&again, request, "").await.body, "{request}");
    }
    let empty = Sandbox::builder().ministra_seed(MinistraSeed::Empty);
    let empty = empty.start().await.unwrap();
    for resource in [
        "accounts",
        "users",
        "stb",
        "itv",
        "tariffs",
        "services_package",
    ] {
        let rows = results(&empty, &format!("GET {resource}"), "").await;
        assert_eq!(rows, json!([]), "{resource}");
    }
    results(&empty, "POST accounts", "login=first").await;
    assert_eq!(
        results(&empty, "GET users/first", "").await["tariff_plan"],
        Value::Null
    );
}

#[tokio::test]
async fn the_program_takes_options_and_a_state() {
    let program = env!("CARGO_BIN_EXE_jsonsql-sandbox");
    let run = |args: &[&str]| {
        let ran = Command::new(program).args(args).output().unwrap();
        assert!(!ran.status.success() && ran.stdout.is_empty());
        String::from_utf8(ran.stderr).unwrap()
    };
    let unknown = run(&["--ministra-option", "tariffs=false"]);
    assert!(
        unknown.contains("expected one of `version`, `enable_api`"),
        "{unknown}"
    );
    let wrong = run(&["--ministra-option", "enable_api=perhaps"]);
    assert!(wrong.contains("expected a boolean"), "{wrong}");
    let absent = run(&["--ministra-state", "/nowhere/at/all.json"]);
    assert_eq!(absent.lines().count(), 1, "{absent}");
    let state = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../tests/corpus/ministra-seed.json"
    );
    let mut sandbox = Command::new(program)
        .args([
            "--ministra-version",
            "4.9",
            "--ministra-option",
            "enable_internal_billing=true",
        ])
        .args([
            "--ministra-option",
            "php_warnings=after_body",
            "--ministra-state",
            state,
        ])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    let stdout = sandbox.stdout.take().unwrap();
    BufReader::new(stdout).read_line(&mut line).unwrap();
    let urls: Value = serde_json::from_str(&line).unwrap();
    let url = urls["ministra"].as_str().unwrap();
    let (address, _) = url
        .strip_prefix("http://")
        .unwrap()
        .split_once('/')
        .unwrap();
    let request = format!(
        "GET /stalker_portal/api/stb HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{CREDENTIALS}\r\n"
    );
    let answer = raw(address.parse().unwrap(), request.as_bytes()).await;
    sandbox.kill().unwrap();
    sandbox.wait().unwrap();
    assert!(
        answer
            .body
            .starts_with("{\"status\":\"OK\",\"results\":[{\"mac\":\"00:1A:79:00:15:B3\"")
    );
    assert!(answer.body.contains("\"end_date\"") && answer.body.ends_with("<br />\n"));
}
