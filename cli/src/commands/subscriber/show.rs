//! `jsonsql subscriber show`: a subscriber with terminals and subscriptions.

use serde_json::{Map, Value};

use super::belongings;
use crate::exit::{Failure, Result, Status};
use crate::output::print;
use crate::records::{Record, lines};
use crate::stop::Stop;
use crate::subject::SubscriberArgs;
use crate::target::{TargetArgs, open};

/// Shows a subscriber with terminals and subscriptions
#[derive(clap::Args)]
#[command(after_help = crate::exit::HELP)]
pub(crate) struct Args {
    #[command(flatten)]
    subscriber: SubscriberArgs,

    /// Prints one JSON object
    ///
    /// Its members are `subscriber`, `terminals` and `subscriptions`, with the members
    /// that `jsonsql export` has as columns; a subscription has `package_name` as well.
    /// `extra` of a subscriber and of a terminal has the platform's own fields that have
    /// no column, by the platform's names.
    #[arg(long, verbatim_doc_comment)]
    json: bool,

    #[command(flatten)]
    target: TargetArgs,
}

/// Runs the command.
pub(super) async fn run(args: Args) -> Result<Status> {
    let connection = open(&args.target).await?;
    let backend = connection.backend();
    let mut stop = Stop::listen()?;
    let read = async {
        let subscriber = args.subscriber.find(&*backend).await?;
        let (terminals, subscriptions) = belongings(&*backend, &subscriber).await?;
        Ok::<_, Failure>((subscriber.object(), terminals, subscriptions))
    };
    let (subscriber, terminals, subscriptions) = stop.reading(read).await??;
    let text = if args.json {
        let members = [
            ("subscriber", subscriber),
            ("terminals", Value::Array(terminals)),
            ("subscriptions", Value::Array(subscriptions)),
        ];
        let members = members.map(|(name, value)| (name.to_owned(), value));
        format!("{}\n", Value::Object(Map::from_iter(members)))
    } else {
        let mut text = String::from("subscriber\n");
        text.push_str(&lines(&subscriber));
        for (name, records) in [("terminal", terminals), ("subscription", subscriptions)] {
            for record in records {
                text.push_str(&format!("{name}\n{}", lines(&record)));
            }
        }
        text
    };
    print(&text)?;
    Ok(Status::Done)
}
