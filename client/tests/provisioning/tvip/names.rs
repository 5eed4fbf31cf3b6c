//! Names that people see: of channels and of models.
//!
//! The vendor's page "Channel" has two names of a channel: its name, in the original
//! language, and its system name, of which links to the archive are made. A device type
//! is a number and a name, in the vendor's SDK.

use jsonsql_client::model::{Channel, SubscriberId};
use jsonsql_client::provisioning::{Adapter, Backend, Platform, Tvip};
use jsonsql_sandbox::Sandbox;
use serde_json::{Value, json};

use super::{account, device, key_of, platform, sandbox, state};
use crate::{block_on, mac};

fn with_channels() -> Value {
    let mut state = state(vec![], vec![]);
    state["channels"] = json!([
        {"id": 1, "name": "perviy_hd", "text_name": "Первый", "display_number": "1", "enabled": true},
        {"id": 2, "name": "rossia", "text_name": "", "display_number": "2", "enabled": true},
        {"id": 3, "name": "match", "text_name": null, "display_number": "03", "enabled": false},
    ]);
    state
}

fn shown(channel: &Channel) -> String {
    format!(
        "{} {} {} {}",
        channel.id,
        channel.name,
        channel.number.as_deref().unwrap_or("-"),
        match channel.enabled {
            Some(true) => "on",
            Some(false) => "off",
            None => "?",
        }
    )
}

#[test]
fn channels_carry_the_name_viewers_see() {
    block_on(async {
        let sandbox = sandbox(with_channels()).await;
        let tvip = Adapter::new(platform(&sandbox));
        let channels = tvip.channels().collect().await.unwrap();
        let shown: Vec<String> = channels.iter().map(shown).collect();
        assert_eq!(shown, ["1 Первый 1 on", "2 rossia 2 on", "3 match 03 off"],);
    });
}

/// Servers before 2023 have fewer fields.
#[test]
fn a_channel_with_one_name_alone_has_that_one() {
    block_on(async {
        let lists = json!({"channels": [{"id": 4, "name": "ntv"}]});
        let tvip = Adapter::new(super::odd::tvip(lists, false));
        let channels = tvip.channels().collect().await.unwrap();
        assert_eq!(shown(&channels[0]), "4 ntv - ?");
    });
}

fn typed(number: usize, device_type: Value) -> Value {
    let mut device = device(number, Some(1));
    device["device_type"] = device_type;
    device
}

async fn with_models() -> (Sandbox, Tvip) {
    let mut state = state(
        vec![account(1, "ivanov", "c1")],
        vec![
            typed(1, json!(1)),
            typed(2, json!(7)),
            typed(3, json!(null)),
            device(4, None),
        ],
    );
    state["device_types"] = json!([
        {"id": 1, "device_type": "TVIP S-Box v.605"},
        {"id": 7, "device_type": "Android TV"},
    ]);
    let sandbox = sandbox(state).await;
    let tvip = platform(&sandbox);
    (sandbox, tvip)
}

/// However the subscriber is read, and of a box that is bound, too.
#[test]
fn models_carry_the_types_name() {
    block_on(async {
        let (_sandbox, tvip) = with_models().await;
        let wanted = [Some("TVIP S-Box v.605"), Some("Android TV"), None];
        let loaded = tvip.load(&[key_of(&tvip, "ivanov")]).await.unwrap();
        let view = tvip.view(&loaded.found[0], None, super::time(super::NOW));
        let models = view.terminals.iter().map(|one| one.model.as_deref());
        assert_eq!(models.collect::<Vec<_>>(), wanted);

        let backend = Adapter::new(tvip);
        let id = SubscriberId::from(1);
        let terminals = backend.terminals(&id).collect().await.unwrap();
        let models = terminals.iter().map(|one| one.model.as_deref());
        assert_eq!(models.collect::<Vec<_>>(), wanted);
    });
}

#[test]
fn a_box_that_is_bound_has_its_model_with_one_list_of_types() {
    block_on(async {
        let mut free = device(4, None);
        free["device_type"] = json!(7);
        let mut state = state(vec![account(1, "ivanov", "c1")], vec![free]);
        state["device_types"] = json!([{"id": 7, "device_type": "Android TV"}]);
        let sandbox = sandbox(state).await;
        let backend = Adapter::new(platform(&sandbox));
        sandbox.take_requests();
        let bound = backend.bind_terminal(&1.into(), mac(4)).await.unwrap();
        assert_eq!(bound.value.model.as_deref(), Some("Android TV"));
        backend.terminals(&1.into()).collect().await.unwrap();
        let requests = sandbox.take_requests();
        let lists = requests
            .iter()
            .filter(|one| one.path.ends_with("/device_types"));
        assert_eq!(lists.count(), 1);
    });
}

/// The name of a type that is not listed is not known, and nothing else is wrong.
#[test]
fn a_type_that_is_not_listed_has_no_name() {
    block_on(async {
        let lists = json!({
            "accounts": [account(1, "ivanov", "c1")],
            "devices": [typed(1, json!(1)), typed(2, json!(7))],
            "device_types": [{"id": 1, "device_type": "TVIP S-Box v.605"}],
        });
        let tvip = super::odd::tvip(lists, false);
        let found = tvip.load(&[key_of(&tvip, "ivanov")]).await.unwrap().found;
        let view = tvip.view(&found[0], None, super::time(super::NOW));
        let models = view.terminals.iter().map(|one| one.model.as_deref());
        let wanted = [Some("TVIP S-Box v.605"), None];
        assert_eq!(models.collect::<Vec<_>>(), wanted);
    });
}
