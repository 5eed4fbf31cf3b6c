//! What the tests need to know of a platform beside its backend.

use std::collections::{BTreeMap, BTreeSet};

use jsonsql_client::model::Capability;
use jsonsql_client::model::{
    ExternalRef, MacAddr, NewSubscriber, PackageId, Subscriber, SubscriberKey,
};
use jsonsql_client::provisioning::Backend;
use jsonsql_sandbox::{Request, Sandbox};

/// A platform with something on it, and a way to see it without the backend.
pub(crate) trait World: Sized + Send + Sync {
    /// Starts a server with subscribers of somebody else's on it. `attempts`
    /// is how often the client tries a call; it waits milliseconds in between.
    async fn start(attempts: u32) -> Self;

    fn backend(&self) -> &dyn Backend;

    fn sandbox(&self) -> &Sandbox;

    /// What every path of the platform's calls begins with: for faults.
    fn route(&self) -> &'static str;

    /// Three packages, not plans, that a new subscriber may have together.
    fn packages(&self) -> [PackageId; 3];

    /// What is on the server, as the sandbox has it.
    async fn truth(&self) -> Truth;

    /// How a password is stored, if that can be seen.
    fn stored(&self, password: &str) -> Option<String>;

    /// Returns `true` if the server takes an id as another one by its documents.
    fn is_same_id(&self, one: &str, other: &str) -> bool {
        one == other
    }

    /// How often each box restarts, now that it fetches what waits for it: what
    /// was told it since the last time.
    fn restarts(&self) -> BTreeMap<MacAddr, usize> {
        BTreeMap::new()
    }

    /// The server's own records, where a change of packages restarts the box.
    fn accounts(&self) -> Accounts {
        BTreeMap::new()
    }
}

/// Boxes and packages by the keys of what has them.
pub(crate) type Accounts = BTreeMap<String, (Option<MacAddr>, BTreeSet<PackageId>)>;

/// What is on a server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Truth {
    /// By their logins.
    pub(crate) people: BTreeMap<String, Person>,
    /// Boxes that are nobody's.
    pub(crate) free: BTreeSet<MacAddr>,
    /// What refers to something that is not there.
    pub(crate) orphans: Vec<String>,
}

/// A subscriber with all that belongs to it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Person {
    pub(crate) enabled: bool,
    pub(crate) password: Option<String>,
    pub(crate) external_ref: Option<String>,
    pub(crate) name: Option<String>,
    pub(crate) email: Option<String>,
    pub(crate) phone: Option<String>,
    pub(crate) address: Option<String>,
    pub(crate) note: Option<String>,
    pub(crate) device_limit: Option<u32>,
    pub(crate) terminals: BTreeSet<MacAddr>,
    /// Those in use.
    pub(crate) packages: BTreeSet<PackageId>,
    /// Everything the model does not have, as text: nobody may touch it.
    pub(crate) unmanaged: String,
}

impl Truth {
    #[track_caller]
    pub(crate) fn person(&self, login: &str) -> &Person {
        let person = self.people.get(login);
        person.unwrap_or_else(|| panic!("no subscriber `{login}`"))
    }

    /// The same without these: what must not have changed.
    pub(crate) fn without(&self, logins: &[&str]) -> BTreeMap<String, Person> {
        let mut people = self.people.clone();
        people.retain(|login, _| !logins.contains(&login.as_str()));
        people
    }
}

pub(crate) const PASSWORD: &str = "pw-Zq7secret";

/// A subscriber with every field, and a name that nobody has to part.
pub(crate) fn new(login: &str) -> NewSubscriber {
    NewSubscriber {
        password: Some(PASSWORD.into()),
        external_ref: Some(reference(login)),
        name: Some(format!("Name-of-{login}")),
        email: Some(format!("{login}@example.net")),
        phone: Some("+7 900 000-00-00".to_owned()),
        address: Some("12 Garden St, flat 3".to_owned()),
        note: Some("gate code 17".to_owned()),
        device_limit: Some(3),
        ..NewSubscriber::new(login)
    }
}

/// With every field that the platform keeps.
pub(crate) fn kept(world: &impl World, login: &str) -> NewSubscriber {
    let has = world.backend().capabilities();
    let mut new = new(login);
    if !has.has(Capability::ExternalRef) {
        new.external_ref = None;
    }
    for (capability, field) in [
        (Capability::Email, &mut new.email),
        (Capability::Phone, &mut new.phone),
        (Capability::Address, &mut new.address),
        (Capability::Note, &mut new.note),
    ] {
        if !has.has(capability) {
            *field = None;
        }
    }
    if !has.has(Capability::DeviceLimit) {
        new.device_limit = None;
    }
    new
}

pub(crate) fn reference(login: &str) -> ExternalRef {
    ExternalRef::new(format!("c{login}"))
}

pub(crate) fn mac(number: u8) -> MacAddr {
    MacAddr([0x00, 0x1a, 0x79, 0xaa, 0x00, number])
}

/// What a subscriber with these fields and nothing else is.
pub(crate) fn person(world: &impl World, new: &NewSubscriber) -> Person {
    use secrecy::ExposeSecret;
    let password = new.password.as_ref();
    Person {
        enabled: new.enabled,
        password: password.and_then(|password| world.stored(password.expose_secret())),
        external_ref: new.external_ref.as_ref().map(ToString::to_string),
        name: new.name.clone(),
        email: new.email.clone(),
        phone: new.phone.clone(),
        address: new.address.clone(),
        note: new.note.clone(),
        device_limit: new.device_limit,
        ..Person::default()
    }
}

/// The fields of a record as the truth has them; a password is not in it.
pub(crate) fn fields(subscriber: &Subscriber) -> Person {
    Person {
        enabled: subscriber.enabled,
        password: None,
        external_ref: subscriber.external_ref.as_ref().map(ToString::to_string),
        name: subscriber.name.clone(),
        email: subscriber.email.clone(),
        phone: subscriber.phone.clone(),
        address: subscriber.address.clone(),
        note: subscriber.note.clone(),
        device_limit: subscriber.device_limit,
        ..Person::default()
    }
}

impl Person {
    /// Without what only the server knows.
    pub(crate) fn managed(&self) -> Person {
        Person {
            unmanaged: String::new(),
            ..self.clone()
        }
    }

    /// Its fields one by one.
    pub(crate) fn scalars(&self) -> [String; 9] {
        [
            format!("{:?}", self.enabled),
            format!("{:?}", self.password),
            format!("{:?}", self.external_ref),
            format!("{:?}", self.name),
            format!("{:?}", self.email),
            format!("{:?}", self.phone),
            format!("{:?}", self.address),
            format!("{:?}", self.note),
            format!("{:?}", self.device_limit),
        ]
    }

    /// What a record of it shows.
    pub(crate) fn shown(&self) -> Person {
        Person {
            password: None,
            terminals: BTreeSet::new(),
            packages: BTreeSet::new(),
            ..self.managed()
        }
    }
}

/// Creates a subscriber with every field that is kept.
pub(crate) async fn create(world: &impl World, login: &str) -> Subscriber {
    let created = world.backend().create_subscriber(&kept(world, login)).await;
    created.unwrap().value
}

pub(crate) async fn find(world: &impl World, login: &str) -> Option<Subscriber> {
    let key = SubscriberKey::Login(login.to_owned());
    world.backend().find_subscriber(&key).await.unwrap()
}

/// What was sent since the last time, without logins.
pub(crate) fn sent(world: &impl World) -> Vec<Request> {
    let mut requests = world.sandbox().take_requests();
    requests.retain(|request| !request.path.ends_with("/jsonrpc/"));
    requests
}

/// Those that would change something.
pub(crate) fn writes(world: &impl World) -> usize {
    let is_write = |request: &Request| match request.calls.as_slice() {
        [] => request.verb != "GET",
        calls => calls.iter().any(|call| call.method != Some("select")),
    };
    sent(world).into_iter().filter(is_write).count()
}
