//! The records of the platforms as columns and values: the same names in tables,
//! CSV and JSON.

use std::fmt::Display;

use jsonsql_client::Printable;
use jsonsql_client::model::{
    Channel, Extra, Package, PackageId, PackageKind, Subscriber, Subscription, Terminal,
};
use serde_json::{Map, Value, json};

/// A record that is written as a row.
pub(crate) trait Record {
    /// The columns, in their order.
    const COLUMNS: &'static [&'static str];

    /// The values, in the order of the columns.
    fn values(&self) -> Vec<Value>;

    /// Returns the fields of the platform's own, of a record that has such.
    fn extra(&self) -> Option<&Extra> {
        None
    }

    /// The record as an object of JSON, with the platform's own fields as its member
    /// `extra`.
    fn object(&self) -> Value {
        let names = Self::COLUMNS.iter().map(|name| (*name).to_owned());
        let mut members: Map<_, _> = names.zip(self.values()).collect();
        if let Some(extra) = self.extra() {
            members.insert(EXTRA.to_owned(), fields(extra));
        }
        Value::Object(members)
    }
}

/// The member, and the column, of the platform's own fields.
const EXTRA: &str = "extra";

fn fields(extra: &Extra) -> Value {
    let members = extra.iter();
    Value::Object(
        members
            .map(|(name, value)| (name.to_owned(), json!(value)))
            .collect(),
    )
}

/// The flag of a list for the platform's own fields.
#[derive(Debug, Clone, Copy, clap::Args)]
pub(crate) struct ExtraArgs {
    /// Adds a column `extra`: the platform's own fields without a column here, as an
    /// object of JSON
    #[arg(long)]
    extra: bool,
}

impl ExtraArgs {
    /// Returns the columns of a list.
    pub(crate) fn columns<R: Record>(self) -> Vec<String> {
        let mut names = columns::<R>();
        names.extend(self.extra.then(|| EXTRA.to_owned()));
        names
    }

    /// Returns the values of a row of it.
    pub(crate) fn values<R: Record>(self, record: &R) -> Vec<Value> {
        let mut values = record.values();
        if self.extra {
            values.push(record.extra().map_or(Value::Null, fields));
        }
        values
    }
}

/// The columns of a record, for a printer.
pub(crate) fn columns<R: Record>() -> Vec<String> {
    R::COLUMNS.iter().map(|name| (*name).to_owned()).collect()
}

/// Returns a line for each member of a record that is known; those of an object have its
/// name before theirs.
pub(crate) fn lines(record: &Value) -> String {
    fn push(text: &mut String, name: &str, value: &Value) {
        let shown = match value {
            Value::Null => return,
            Value::Object(members) => {
                for (member, value) in members {
                    push(text, &format!("{name}.{member}"), value);
                }
                return;
            }
            Value::String(value) => value.clone(),
            other => other.to_string(),
        };
        text.push_str(&format!("  {name}: {}\n", Printable(shown)));
    }
    let mut text = String::new();
    for (name, value) in record.as_object().into_iter().flatten() {
        push(&mut text, name, value);
    }
    text
}

fn text(value: Option<&impl Display>) -> Value {
    value.map_or(Value::Null, |value| json!(value.to_string()))
}

impl Record for Subscriber {
    const COLUMNS: &'static [&'static str] = &[
        "id",
        "login",
        "external_ref",
        "enabled",
        "name",
        "email",
        "phone",
        "address",
        "note",
        "device_limit",
    ];

    fn values(&self) -> Vec<Value> {
        vec![
            json!(self.id.as_str()),
            json!(self.login),
            text(self.external_ref.as_ref()),
            json!(self.enabled),
            text(self.name.as_ref()),
            text(self.email.as_ref()),
            text(self.phone.as_ref()),
            text(self.address.as_ref()),
            text(self.note.as_ref()),
            json!(self.device_limit),
        ]
    }

    fn extra(&self) -> Option<&Extra> {
        Some(&self.extra)
    }
}

impl Record for Terminal {
    const COLUMNS: &'static [&'static str] = &[
        "id",
        "subscriber",
        "mac",
        "unique_id",
        "ip",
        "model",
        "serial",
        "firmware",
        "online",
    ];

    fn values(&self) -> Vec<Value> {
        vec![
            json!(self.id.as_str()),
            text(self.subscriber.as_ref()),
            text(self.mac.as_ref()),
            text(self.unique_id.as_ref()),
            text(self.ip.as_ref()),
            text(self.model.as_ref()),
            text(self.serial.as_ref()),
            text(self.firmware.as_ref()),
            json!(self.online),
        ]
    }

    fn extra(&self) -> Option<&Extra> {
        Some(&self.extra)
    }
}

impl Record for Subscription {
    const COLUMNS: &'static [&'static str] = &[
        "id",
        "subscriber",
        "package",
        "terminal",
        "from",
        "until",
        "active",
    ];

    fn values(&self) -> Vec<Value> {
        vec![
            json!(self.id.as_str()),
            json!(self.subscriber.as_str()),
            json!(self.package.as_str()),
            text(self.terminal.as_ref()),
            text(self.from.as_ref()),
            text(self.until.as_ref()),
            json!(self.active),
        ]
    }
}

impl Record for Package {
    const COLUMNS: &'static [&'static str] = &["id", "kind", "name", "enabled", "price", "plans"];

    fn values(&self) -> Vec<Value> {
        let kind = match self.kind {
            PackageKind::Package => "package",
            PackageKind::Plan => "plan",
        };
        let plans: Vec<&str> = self.plans.iter().map(PackageId::as_str).collect();
        vec![
            json!(self.id.as_str()),
            json!(kind),
            json!(self.name),
            json!(self.enabled),
            text(self.price.as_ref()),
            json!(plans.join(" ")),
        ]
    }
}

impl Record for Channel {
    const COLUMNS: &'static [&'static str] = &["id", "name", "number", "enabled"];

    fn values(&self) -> Vec<Value> {
        vec![
            json!(self.id.as_str()),
            json!(self.name),
            text(self.number.as_ref()),
            json!(self.enabled),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn widths<R: Record>(record: &R) -> (usize, usize) {
        (R::COLUMNS.len(), record.values().len())
    }

    #[test]
    fn a_record_has_a_value_for_each_column() {
        let subscriber = Subscriber::new(7.into(), "ivanov");
        let terminal = Terminal::new(1.into());
        let subscription = Subscription::new(2.into(), 7.into(), 3.into());
        let package = Package::new(3.into(), "base");
        let channel = Channel::new(4.into(), "One");
        let all = [
            widths(&subscriber),
            widths(&terminal),
            widths(&subscription),
            widths(&package),
            widths(&channel),
        ];
        for (columns, values) in all {
            assert_eq!(columns, values);
        }
        let object = subscriber.object();
        assert_eq!(
            (&object["login"], &object["name"]),
            (&json!("ivanov"), &Value::Null)
        );
    }
}
