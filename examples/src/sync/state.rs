//! What is on the platform now, as one value.

use std::collections::HashMap;

use jsonsql_client::Result;
use jsonsql_client::backend::{Backend, Record};
use jsonsql_client::model::{
    MacAddr, NewSubscriber, Package, PackageId, PackageKind, SubscriberId, SubscriptionId,
    TerminalId, Timestamp,
};

/// Everything of a snapshot that a billing has to do with.
#[derive(Debug, Default)]
pub struct State {
    /// What can be had.
    pub packages: Vec<Offer>,
    /// Who watches, in the platform's order.
    pub subscribers: Vec<Present>,
    /// Boxes that are nobody's.
    pub free_terminals: usize,
}

/// A package that can be had.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// The platform's key.
    pub id: PackageId,
    /// Its name.
    pub name: String,
    /// Whether it is a plan, of which a subscriber has exactly one.
    pub plan: bool,
}

impl Offer {
    fn of(package: Package) -> Offer {
        Offer {
            id: package.id,
            name: package.name,
            plan: package.kind == PackageKind::Plan,
        }
    }
}

/// A subscriber of the platform, with what belongs to it.
#[derive(Debug)]
pub struct Present {
    /// The platform's key.
    pub id: SubscriberId,
    /// The fields, as one would create it; without a password, which no
    /// platform shows.
    pub record: NewSubscriber,
    /// What it has, in use and for all its terminals.
    pub subscriptions: Vec<Had>,
    /// Subscriptions of single terminals, which are not compared.
    pub of_one_terminal: usize,
    /// Subscriptions that are ended or kept for later.
    pub inactive: usize,
    /// Its boxes.
    pub terminals: Vec<(TerminalId, MacAddr)>,
    /// Its players without a hardware address, which are not compared.
    pub applications: usize,
}

/// A subscription in use.
#[derive(Debug, Clone)]
pub struct Had {
    /// The platform's key.
    pub id: SubscriptionId,
    /// What it is.
    pub package: PackageId,
    /// When it ends by itself.
    pub until: Option<Timestamp>,
}

impl State {
    /// Reads the whole platform, in as few calls as it allows.
    ///
    /// # Errors
    ///
    /// When any of it cannot be read: half a picture would plan deletes.
    pub async fn read(platform: &dyn Backend) -> Result<State> {
        let mut records = platform.snapshot();
        let mut state = State::default();
        let mut terminals = Vec::new();
        let mut subscriptions = Vec::new();
        while let Some(record) = records.next().await {
            match record? {
                Record::Package(package) => state.packages.push(Offer::of(package)),
                Record::Terminal(terminal) => terminals.push(terminal),
                Record::Subscription(subscription) => subscriptions.push(subscription),
                Record::Subscriber(found) => state.subscribers.push(Present {
                    id: found.id,
                    record: NewSubscriber {
                        external_ref: found.external_ref,
                        enabled: found.enabled,
                        name: found.name,
                        email: found.email,
                        phone: found.phone,
                        address: found.address,
                        note: found.note,
                        device_limit: found.device_limit,
                        ..NewSubscriber::of(found.login)
                    },
                    subscriptions: Vec::new(),
                    of_one_terminal: 0,
                    inactive: 0,
                    terminals: Vec::new(),
                    applications: 0,
                }),
                _ => {}
            }
        }

        // The records of one subscriber may come in any order.
        let places: HashMap<SubscriberId, usize> = (state.subscribers.iter().enumerate())
            .map(|(place, present)| (present.id.clone(), place))
            .collect();
        for subscription in subscriptions {
            let Some(place) = places.get(&subscription.subscriber) else {
                continue;
            };
            let owner = &mut state.subscribers[*place];
            if subscription.terminal.is_some() {
                owner.of_one_terminal += 1;
            } else if subscription.active {
                owner.subscriptions.push(Had {
                    id: subscription.id,
                    package: subscription.package,
                    until: subscription.until,
                });
            } else {
                owner.inactive += 1;
            }
        }
        for terminal in terminals {
            let place = terminal.subscriber.and_then(|owner| places.get(&owner));
            match (place, terminal.mac) {
                (None, _) => state.free_terminals += 1,
                (Some(place), None) => state.subscribers[*place].applications += 1,
                (Some(place), Some(mac)) => {
                    state.subscribers[*place].terminals.push((terminal.id, mac));
                }
            }
        }
        Ok(state)
    }

    /// The package's name; its key, if there is none.
    pub fn package_name<'a>(&'a self, id: &'a PackageId) -> &'a str {
        let package = self.packages.iter().find(|package| package.id == *id);
        package.map_or(id.as_str(), |package| &package.name)
    }
}
