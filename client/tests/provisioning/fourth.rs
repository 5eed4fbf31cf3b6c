//! A platform of one's own, from outside the crate: the whole adapter of a
//! server that has a list of customers, each with one box.

use std::collections::BTreeSet;
use std::sync::Mutex;

use jsonsql_client::model::{Capabilities, Capability};
use jsonsql_client::model::{
    MacAddr, NewSubscriber, Subscriber, SubscriberId, SubscriberKey, Terminal, Timestamp,
};
use jsonsql_client::provisioning::{
    Adapter, Backend, Change, Context, Desired, FieldDiff, Found, Identity, Key, Loaded, Plan,
    Platform, Presence, Proof, Records, Screen, Step, TerminalKey, Unplanned, View,
};
use jsonsql_client::{Error, Refusal, Result};

use crate::{block_on, mac};

/// A row of the server.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Customer {
    login: String,
    is_on: bool,
    mac: Option<MacAddr>,
}

/// The server, and its client.
#[derive(Default)]
struct Booth {
    identity: Identity,
    customers: Mutex<Vec<Customer>>,
}

#[derive(Clone)]
enum Write {
    Put(Customer),
    Delete,
}

impl Platform for Booth {
    type Observed = Customer;
    type Write = Write;
    type Catalogue = ();

    fn name(&self) -> &'static str {
        "booth"
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities::new([Capability::MoveTerminal])
    }

    fn identity(&self) -> &Identity {
        &self.identity
    }

    async fn catalogue(&self) -> Result<()> {
        Ok(())
    }

    async fn load(&self, keys: &[Key]) -> Result<Loaded<Customer>> {
        let customers = self.customers.lock().unwrap();
        let has = |one: &&Customer| self.keys(one).iter().any(|key| keys.contains(key));
        Ok(Loaded::new(customers.iter().filter(has).cloned()))
    }

    fn load_all(&self) -> Records<'_, Found<Customer>> {
        let all: Vec<Customer> = self.customers.lock().unwrap().clone();
        Records::once(async move { Ok(all.into_iter().map(Found::Rows).collect()) })
    }

    fn keys(&self, present: &Customer) -> Vec<Key> {
        let mac = present.mac.map(|mac| self.identity.mac(mac));
        [self.identity.login(&present.login)]
            .into_iter()
            .chain(mac)
            .collect()
    }

    fn view(&self, present: &Customer, _: Option<&()>, _: Timestamp) -> View {
        let id = SubscriberId::from(&*present.login);
        let mut subscriber = Subscriber::new(id.clone(), &*present.login);
        subscriber.enabled = present.is_on;
        let mut view = View::loose();
        if let Some(mac) = present.mac {
            let mut terminal = Terminal::new(mac.to_string().into());
            (terminal.mac, terminal.subscriber) = (Some(mac), Some(id.clone()));
            view.terminals.push(terminal);
            let (terminal, on, shows) = (self.identity.mac(mac), present.is_on, BTreeSet::new());
            view.screens.push(Screen {
                terminal,
                on,
                shows,
            });
        }
        view.subscriber = Some(subscriber);
        view
    }

    fn plan(
        &self,
        present: Option<&Customer>,
        wanted: &Desired,
        _: &Context<'_, Booth>,
    ) -> Result<Plan<Write>, Unplanned> {
        let mut plan = Plan::default();
        if let (Presence::Absent, Some(_)) = (wanted.presence, present) {
            plan.steps
                .push(Step::new("delete the customer", Write::Delete).removes());
            return Ok(plan);
        }
        let new = || {
            Some(Customer {
                login: wanted.login.clone()?,
                is_on: true,
                mac: None,
            })
        };
        let Some(mut customer) = present.cloned().or_else(new) else {
            return Err(Refusal::new("plan", "a customer needs a login").into());
        };
        customer.is_on = wanted.enabled.unwrap_or(customer.is_on);
        let boxes = &wanted.terminals;
        let key = |mac: MacAddr| self.identity.mac(mac);
        let is = |own: Option<MacAddr>, asked: &TerminalKey| {
            own.is_some_and(|own| asked.key(&self.identity) == key(own))
        };
        let (add, remove) = (boxes.wanted(), boxes.unwanted());
        let stays = !boxes.is_exact() || add.iter().any(|one| is(customer.mac, one));
        if !stays || remove.iter().any(|one| is(customer.mac, one)) {
            customer.mac = None;
        }
        match (add, customer.mac) {
            ([], _) => {}
            ([one], own) if is(own, one) => {}
            ([one], None) => customer.mac = one.key(&self.identity).text().parse().ok(),
            _ => return Err(Refusal::new("plan", "a customer has one box").into()),
        }
        if present != Some(&customer) {
            let differs = FieldDiff::new("customer", None::<String>, None::<String>);
            plan.steps
                .push(Step::new("write the customer", Write::Put(customer)).differs(differs));
        }
        Ok(plan)
    }

    fn after(&self, _: Option<&Customer>, write: &Write) -> Option<Customer> {
        match write {
            Write::Put(customer) => Some(customer.clone()),
            Write::Delete => None,
        }
    }

    async fn perform(&self, write: &Write, present: Option<&Customer>) -> Result<Proof<Customer>> {
        let after = self.after(present, write);
        let mut customers = self.customers.lock().unwrap();
        customers.retain(|own| Some(own) != present);
        customers.extend(after.clone());
        Ok(Proof::Answered(after))
    }
}

#[test]
fn a_small_platform_does_what_all_do() {
    let booth = Booth {
        identity: Identity::new().ids_are_logins(),
        ..Booth::default()
    };
    let platform: Box<dyn Backend> = Box::new(Adapter::new(booth));
    block_on(async {
        let new = NewSubscriber {
            email: Some("a@example.net".into()),
            ..NewSubscriber::new("ivanov")
        };
        let made = platform.create_subscriber(&new).await.unwrap();
        assert_eq!(
            (made.change, made.losses.len()),
            (Change::Made, 1),
            "no place for e-mail"
        );
        platform
            .create_subscriber(&NewSubscriber::new("petrov"))
            .await
            .unwrap();
        let (ivanov, petrov) = (made.value.id, SubscriberId::from("petrov"));
        let terminal = platform.bind_terminal(&ivanov, mac(1)).await.unwrap().value;
        let taken = platform.bind_terminal(&petrov, mac(1)).await.unwrap_err();
        assert!(matches!(
            taken,
            Error::Taken {
                record: "terminal",
                ..
            }
        ));
        let moved = platform.move_terminal(&terminal.id, &petrov).await.unwrap();
        assert_eq!(moved.value.subscriber, Some(petrov.clone()));
        assert_eq!(platform.terminals(&ivanov).collect().await.unwrap(), []);
        let second = platform.bind_terminal(&petrov, mac(2)).await.unwrap_err();
        assert_eq!(
            second.to_string(),
            "bind terminal: a customer has one box; nothing was sent"
        );
        platform.delete_subscriber(&petrov).await.unwrap();
        let gone = SubscriberKey::Login("petrov".into());
        assert!(platform.find_subscriber(&gone).await.unwrap().is_none());
        platform.bind_terminal(&ivanov, mac(1)).await.unwrap();
    });
}
