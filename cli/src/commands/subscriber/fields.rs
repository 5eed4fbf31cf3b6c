//! The fields of a subscriber as flags.

use clap::{Args, ValueEnum};
use jsonsql_client::model::{ExternalRef, NewSubscriber, Patch, SubscriberPatch};

use crate::exit::{Failure, Result};

/// What is personal.
#[derive(Debug, Clone, Default, Args)]
struct Person {
    /// The person's name, in one
    #[arg(long, value_name = "TEXT")]
    name: Option<String>,

    /// The e-mail address
    #[arg(long, value_name = "TEXT")]
    email: Option<String>,

    /// The telephone number
    #[arg(long, value_name = "TEXT")]
    phone: Option<String>,

    /// The postal address
    #[arg(long, value_name = "TEXT")]
    address: Option<String>,

    /// What the operator has to note
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,

    /// How many terminals there may be
    #[arg(long, value_name = "N")]
    device_limit: Option<u32>,
}

/// The fields of a new subscriber.
#[derive(Debug, Clone, Args)]
pub(super) struct NewFields {
    /// The external reference: the billing's key
    #[arg(long = "ref", value_name = "REF")]
    reference: Option<String>,

    /// Creates a subscriber that may not watch yet
    #[arg(long)]
    disabled: bool,

    #[command(flatten)]
    person: Person,
}

impl NewFields {
    /// Returns the new subscriber with these fields.
    pub(super) fn of(&self, new: NewSubscriber) -> NewSubscriber {
        let person = self.person.clone();
        NewSubscriber {
            external_ref: self.reference.as_deref().map(ExternalRef::new),
            enabled: !self.disabled,
            name: person.name,
            email: person.email,
            phone: person.phone,
            address: person.address,
            note: person.note,
            device_limit: person.device_limit,
            ..new
        }
    }
}

/// A field that can be taken away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Field {
    Ref,
    Name,
    Email,
    Phone,
    Address,
    Note,
    DeviceLimit,
}

/// The fields that change.
#[derive(Debug, Clone, Default, Args)]
pub(super) struct ChangedFields {
    /// Another login
    #[arg(long, value_name = "LOGIN")]
    new_login: Option<String>,

    /// Another external reference
    #[arg(long, value_name = "REF")]
    new_ref: Option<String>,

    /// Takes a field away; may be repeated
    #[arg(long, value_enum, value_name = "FIELD")]
    clear: Vec<Field>,

    #[command(flatten)]
    person: Person,
}

impl ChangedFields {
    /// Returns the change.
    ///
    /// # Errors
    ///
    /// When a field is both given and taken away.
    pub(super) fn patch(&self) -> Result<SubscriberPatch> {
        let person = self.person.clone();
        let reference = self.new_ref.as_deref().map(ExternalRef::new);
        Ok(SubscriberPatch {
            login: self.new_login.clone(),
            password: None,
            external_ref: self.field(Field::Ref, reference)?,
            name: self.field(Field::Name, person.name)?,
            email: self.field(Field::Email, person.email)?,
            phone: self.field(Field::Phone, person.phone)?,
            address: self.field(Field::Address, person.address)?,
            note: self.field(Field::Note, person.note)?,
            device_limit: self.field(Field::DeviceLimit, person.device_limit)?,
        })
    }

    fn field<T>(&self, field: Field, given: Option<T>) -> Result<Patch<T>> {
        match (given, self.clear.contains(&field)) {
            (Some(_), true) => Err(Failure::usage(format!(
                "--clear {} and a value for it: which one is meant?",
                field
                    .to_possible_value()
                    .map_or_else(String::new, |value| value.get_name().to_owned())
            ))),
            (Some(value), false) => Ok(Patch::Set(value)),
            (None, true) => Ok(Patch::Clear),
            (None, false) => Ok(Patch::Keep),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_given_stays() {
        let fields = ChangedFields {
            clear: vec![Field::Note],
            person: Person {
                phone: Some("1".to_owned()),
                ..Person::default()
            },
            ..ChangedFields::default()
        };
        let patch = fields.patch().expect("a change");
        assert_eq!(patch.phone, Patch::Set("1".to_owned()));
        assert_eq!(patch.note, Patch::Clear);
        assert_eq!(patch.name, Patch::Keep);
        assert!(ChangedFields::default().patch().expect("none").is_empty());
    }

    #[test]
    fn a_field_is_not_both_given_and_taken_away() {
        let fields = ChangedFields {
            clear: vec![Field::DeviceLimit],
            person: Person {
                device_limit: Some(3),
                ..Person::default()
            },
            ..ChangedFields::default()
        };
        let failure = fields.patch().expect_err("a mistake");
        assert!(failure.message().contains("--clear device-limit"));
    }
}
