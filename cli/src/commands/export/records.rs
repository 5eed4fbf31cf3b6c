//! The records of the model: subscribers and what they have.

use clap::ValueEnum;
use jsonsql_client::model::{Package, Subscriber, Subscription, Terminal};

use super::outputs::{Kind, Outputs};
use crate::exit::{Result, Status};
use crate::platform::{Seen, everybody};
use crate::records::columns;
use crate::say;
use crate::target::{Connection, on_platform};

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum What {
    #[default]
    Subscribers,
    Terminals,
    Subscriptions,
    Packages,
    All,
}

impl What {
    fn name(self) -> &'static str {
        match self {
            What::Subscribers => "subscribers",
            What::Terminals => "terminals",
            What::Subscriptions => "subscriptions",
            What::Packages => "packages",
            What::All => "all",
        }
    }

    /// Returns the kinds of records to write.
    pub(super) fn kinds(self) -> Vec<Kind> {
        let all = [
            (What::Subscribers, columns::<Subscriber>()),
            (What::Terminals, columns::<Terminal>()),
            (What::Subscriptions, columns::<Subscription>()),
            (What::Packages, columns::<Package>()),
        ];
        let chosen = all.into_iter();
        let chosen = chosen.filter(|(kind, _)| self == What::All || self == *kind);
        chosen
            .map(|(kind, columns)| Kind {
                name: kind.name().to_owned(),
                columns,
            })
            .collect()
    }
}

/// Writes the records of the kinds that the outputs have.
pub(super) async fn written(connection: &Connection, outputs: &mut Outputs) -> Result<Status> {
    if outputs.has(What::Packages.name()) {
        let backend = connection.backend();
        let mut packages = backend.packages();
        while let Some(package) = packages.next().await {
            outputs.records(What::Packages.name(), &[package?])?;
        }
    }
    let of_subscribers = [What::Subscribers, What::Terminals, What::Subscriptions];
    if !of_subscribers.iter().any(|kind| outputs.has(kind.name())) {
        return Ok(Status::Done);
    }
    let mut unreadable = 0_u64;
    let each = |seen: Seen| {
        let view = match seen {
            Seen::View(view) => view,
            Seen::Unreadable(row) => {
                unreadable += 1;
                say::note(&format!("left out, since it cannot be read: {row}"));
                return Ok(());
            }
        };
        for row in &view.unreadable {
            unreadable += 1;
            let text = format!(
                "left out, since it cannot be read: {}: {}",
                row.id, row.reason
            );
            say::note(&text);
        }
        outputs.records(What::Subscribers.name(), view.subscriber.as_slice())?;
        outputs.records(What::Terminals.name(), &view.terminals)?;
        outputs.records(What::Subscriptions.name(), &view.subscriptions)
    };
    on_platform!(connection, platform => everybody(&platform, each).await)?;
    match unreadable {
        0 => Ok(Status::Done),
        rows => {
            say::note(&format!("{rows} rows were left out"));
            Ok(Status::Failed)
        }
    }
}
