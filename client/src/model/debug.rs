//! The `Debug` output of subscribers for logs: it shows whether they have a name, but
//! not the name.

use std::fmt;

use super::{NewSubscriber, Subscriber, SubscriberKey, SubscriberPatch};
use crate::redacted::redacted_debug;

redacted_debug! { Subscriber {
    id, login hidden, external_ref hidden, enabled, name hidden, email hidden, phone hidden,
    address hidden, note hidden, device_limit, extra,
} }

redacted_debug! { NewSubscriber {
    login hidden, password, external_ref hidden, enabled, name hidden, email hidden,
    phone hidden, address hidden, note hidden, device_limit,
} }

redacted_debug! { SubscriberPatch {
    login hidden, password, external_ref hidden, name hidden, email hidden, phone hidden,
    address hidden, note hidden, device_limit,
} }

impl fmt::Debug for SubscriberKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SubscriberKey::Id(id) => f.debug_tuple("Id").field(id).finish(),
            SubscriberKey::Login(_) => f.write_str("Login(…)"),
            SubscriberKey::ExternalRef(_) => f.write_str("ExternalRef(…)"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{ExternalRef, Extra, Patch, SubscriberId};
    use super::*;

    fn text(text: &str) -> Option<String> {
        Some(format!("planted-{text}"))
    }

    #[test]
    fn what_is_personal_does_not_show() {
        let subscriber = Subscriber {
            id: SubscriberId::from(7),
            login: "planted-login".to_owned(),
            external_ref: Some(ExternalRef::new("planted-reference")),
            enabled: true,
            name: text("name"),
            email: text("email"),
            phone: None,
            address: text("address"),
            note: text("note"),
            device_limit: Some(3),
            extra: Extra::new([("surname", text("surname")), ("type", None)]),
        };
        insta::assert_snapshot!(
            format!("{subscriber:?}"),
            @r#"Subscriber { id: SubscriberId("7"), login: …, external_ref: Some(…), enabled: true, name: Some(…), email: Some(…), phone: None, address: Some(…), note: Some(…), device_limit: Some(3), extra: ["surname"] }"#
        );
        let new = NewSubscriber {
            password: Some("planted-password".into()),
            external_ref: Some(ExternalRef::new("planted-reference")),
            name: text("name"),
            email: text("email"),
            phone: text("phone"),
            address: text("address"),
            note: text("note"),
            ..NewSubscriber::new("planted-login")
        };
        let patch = SubscriberPatch {
            login: text("login"),
            password: Some("planted-password".into()),
            external_ref: Patch::Set(ExternalRef::new("planted-reference")),
            name: text("name").into(),
            email: text("email").into(),
            phone: Patch::Clear,
            address: text("address").into(),
            note: text("note").into(),
            device_limit: Patch::Keep,
        };
        let keys = [
            SubscriberKey::Login("planted-login".to_owned()),
            SubscriberKey::ExternalRef(ExternalRef::new("planted-reference")),
        ];
        let shown = format!("{new:?} {patch:?} {keys:?}");
        assert!(!shown.contains("planted"), "{shown}");
        assert!(shown.contains("phone: Clear"), "{shown}");
    }
}
