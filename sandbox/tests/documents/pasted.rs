//! Requests with the quotation marks and blanks of a web page, on each surface.

use serde_json::Value;

use crate::curl::Request;
use crate::{fresh, http};

/// `login:password`, for both REST surfaces.
const HEADER: &str = "Basic bG9naW46cGFzc3dvcmQ=";

async fn refused(method: &str, path: &str, body: &str) -> (u16, Value) {
    let sandbox = fresh().await;
    let request = Request {
        method: method.to_owned(),
        path: path.to_owned(),
        headers: vec![("Authorization".to_owned(), HEADER.to_owned())],
        body: body.to_owned(),
    };
    let answer = http::send(sandbox.address(), &request).await;
    let body = serde_json::from_str(&answer.body).unwrap();
    (answer.status, body)
}

#[tokio::test]
async fn iptvportal_names_a_no_break_space_and_its_place() {
    let body = "{\"jsonrpc\": \"2.0\",\n\u{a0}\u{a0}\"id\": 1}";
    let (status, answer) = refused("POST", "/api/jsonrpc/", body).await;
    assert_eq!(status, 200);
    assert_eq!(
        answer["error"]["message"],
        "not JSON: line 2, column 1: U+00A0 is a no-break space, which no JSON has here: write a \
         space"
    );
}

#[tokio::test]
async fn tvip_names_a_typographic_quotation_mark_and_its_place() {
    let body = "{\"login\": \"user\", \u{201c}fullname\u{201d}: \"\u{ab}First\u{bb}\"}";
    for path in ["accounts", "commands/send/accounts"] {
        let path = format!("/api/provider/{path}");
        let (status, answer) = refused("POST", &path, body).await;
        assert_eq!(status, 400);
        assert_eq!(
            answer["message"],
            "the body is not a JSON object: line 1, column 19: U+201C is a left double quotation \
             mark, which no JSON has here: write \"",
            "{path}"
        );
    }
}

#[tokio::test]
async fn ministra_names_both_in_address_names_and_values() {
    let stb = "/stalker_portal/api/v1/stb/1553";
    for (path, body, error) in [
        (
            stb,
            "status=1&\u{a0}additional_services_on=0",
            "the name of a field, column 10: U+00A0 is a no-break space",
        ),
        (
            stb,
            "status=\u{201c}1\u{201d}",
            "the field `status`, column 8: U+201C is a left double quotation mark",
        ),
        (
            "/stalker_portal/api/v1/stb/1553\u{a0}",
            "status=1",
            "the address, column 32: U+00A0 is a no-break space",
        ),
    ] {
        let (status, answer) = refused("PUT", path, body).await;
        assert_eq!((status, &answer["status"]), (200, &"ERROR".into()));
        let message = answer["error"].as_str().unwrap();
        assert!(message.starts_with(error), "{message}");
    }
}

/// A letter of a person's name is no mistake, and what is encoded is meant.
#[tokio::test]
async fn what_may_be_meant_is_taken() {
    let path = "/stalker_portal/api/v1/accounts";
    let body = "login=a&full_name=\u{ab}\u{420}\u{43e}\u{43c}\u{bb}&account_number=%C2%AB1";
    let (_, answer) = refused("POST", path, body).await;
    assert_eq!(answer["results"], true, "{answer}");
}
