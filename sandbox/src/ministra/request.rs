//! A request as the resources see it.

use axum::http::{HeaderMap, Method, header};

use super::address::Address;
use super::form::Form;

/// A verb on a resource, with identifiers and fields.
pub(super) struct Request {
    pub(super) action: Action,
    pub(super) address: Address,
    pub(super) data: Form,
}

/// The four verbs, by the names the server has for them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Action {
    Get,
    Create,
    Update,
    Delete,
}

impl Action {
    pub(super) fn from_method(method: &Method) -> Option<Action> {
        match *method {
            Method::GET => Some(Action::Get),
            Method::POST => Some(Action::Create),
            Method::PUT => Some(Action::Update),
            Method::DELETE => Some(Action::Delete),
            _ => None,
        }
    }

    pub(super) fn as_str(self) -> &'static str {
        match self {
            Action::Get => "get",
            Action::Create => "create",
            Action::Update => "update",
            Action::Delete => "delete",
        }
    }
}

impl Request {
    pub(super) fn new(
        action: Action,
        address: Address,
        headers: &HeaderMap,
        body: &[u8],
        max_input_vars: usize,
    ) -> Request {
        let content_type = headers.get(header::CONTENT_TYPE);
        let multipart = content_type
            .and_then(|value| value.to_str().ok())
            .is_some_and(|value| {
                value
                    .to_ascii_lowercase()
                    .starts_with("multipart/form-data")
            });
        // PHP itself reads a posted multipart body; nothing is left of it then.
        let body = if multipart && action == Action::Create {
            &[]
        } else {
            body
        };
        Request {
            action,
            address,
            data: Form::parse(body, max_input_vars),
        }
    }

    pub(super) fn identifiers(&self) -> &[String] {
        &self.address.identifiers
    }
}
