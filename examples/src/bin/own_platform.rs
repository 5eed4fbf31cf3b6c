//! A platform of one's own: the whole adapter of a server that has a list of
//! customers, each of them on or off, and a billing's operations on it.
#![allow(clippy::print_stdout, reason = "it is short")]

use std::sync::Mutex;

use jsonsql_client::Result;
use jsonsql_client::model::Capabilities;
use jsonsql_client::model::{NewSubscriber, Subscriber, SubscriberId, Timestamp};
use jsonsql_client::provisioning::{
    Adapter, Backend, Context, Desired, FieldDiff, Found, Identity, Key, Loaded, Operation, Plan,
    Platform, Presence, Proof, Records, Step, Unplanned, View,
};

/// A row of the server.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Customer {
    login: String,
    is_on: bool,
}

/// The server, and its client.
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
        Capabilities::new([])
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
        vec![self.identity.login(&present.login)]
    }

    fn view(&self, present: &Customer, _: Option<&()>, _: Timestamp) -> View {
        let id = SubscriberId::from(&*present.login);
        let mut subscriber = Subscriber::new(id, &*present.login);
        subscriber.enabled = present.is_on;
        let mut view = View::loose();
        view.subscriber = Some(subscriber);
        view
    }

    fn plan(
        &self,
        present: Option<&Customer>,
        wanted: &Desired,
        _: &Context<'_, Booth>,
    ) -> std::result::Result<Plan<Write>, Unplanned> {
        let mut plan = Plan::default();
        if wanted.presence == Presence::Absent {
            plan.steps
                .push(Step::new("delete the customer", Write::Delete).removes());
            return Ok(plan);
        }
        let was_on = present.is_none_or(|one| one.is_on);
        let login = wanted
            .login
            .clone()
            .or_else(|| Some(present?.login.clone()));
        let customer = Customer {
            login: login.unwrap_or_default(),
            is_on: wanted.enabled.unwrap_or(was_on),
        };
        if present != Some(&customer) {
            let differs = FieldDiff::new(
                "enabled",
                Some(was_on.to_string()),
                Some(customer.is_on.to_string()),
            );
            let step = Step::new("write the customer", Write::Put(customer));
            plan.steps.push(step.differs(differs));
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

#[tokio::main]
async fn main() -> Result<()> {
    let booth = Booth {
        identity: Identity::new().ids_are_logins(),
        customers: Mutex::default(),
    };
    let platform: Box<dyn Backend> = Box::new(Adapter::new(booth));
    let new = NewSubscriber::new("ivanov");
    for _ in 0..2 {
        let made = platform.create_subscriber(&new).await?;
        println!("create ivanov: {:?}", made.change);
    }
    let id = SubscriberId::from("ivanov");
    let disabled = platform.disable_subscriber(&id).await?;
    println!("disable ivanov: {:?}", disabled.change);
    let delete = Operation::DeleteSubscriber(id.clone());
    let preview = platform.preview(&delete).await?;
    println!("to delete ivanov: {:?}", preview.effects);
    let deleted = platform.delete_subscriber(&id).await?;
    println!("delete ivanov: {:?}", deleted.change);
    Ok(())
}
