//! Every resource, against the sandbox.

use jsonsql_client::model::Patch;
use jsonsql_client::tvip::{
    AccountId, AccountNetworkChange, ChannelFilter, DeviceTypeChange, DeviceTypeFilter,
    FavoriteGroupId, NewAccountNetwork, NewDeviceType, NewTarif, NewTarifTag, ProviderId,
    RegionFilter, TarifChange, TarifFilter, TarifId, TarifTagChange, TarifTagFilter, TarifTagId,
};
use jsonsql_sandbox::tvip::NotKnownName;

use crate::{client, sandbox};

#[tokio::test]
async fn what_is_read_only() {
    let sandbox = sandbox(|_| {}).await;
    let tvip = client(&sandbox);
    let providers = tvip.providers().all().collect().await.unwrap();
    let names: Vec<_> = providers
        .iter()
        .filter_map(|p| p.provider_name.as_deref())
        .collect();
    assert_eq!(names, ["Northnet", "Southline"]);
    let regions = tvip.regions().list(RegionFilter {
        quick_search: Some("south".to_owned()),
    });
    let regions = regions.collect().await.unwrap();
    assert_eq!(regions[0].name.as_deref(), Some("South"));
    let group = tvip.favorite_group().get(FavoriteGroupId(1)).await;
    assert_eq!(
        group.unwrap().unwrap().name.as_deref(),
        Some("For children")
    );
    // A tariff's channels, and a channel's tariffs.
    let filter = ChannelFilter {
        tarif: Some(TarifId(4)),
        enabled: Some(true),
        ..ChannelFilter::default()
    };
    let cinema = tvip.channels().list(filter).collect().await.unwrap();
    let names: Vec<_> = cinema.iter().map(|channel| channel.name.as_str()).collect();
    assert_eq!(names, ["cinema-1", "arena-hd"]);
    let filter = TarifFilter {
        channel: Some(cinema[1].id),
        ..TarifFilter::default()
    };
    let tarifs = tvip.tarifs().list(filter).collect().await.unwrap();
    let names: Vec<_> = tarifs
        .iter()
        .map(|tarif| tarif.tarif_name.as_str())
        .collect();
    assert_eq!(names, ["Cinema", "Sport"]);
}

/// A server that refuses fields it does not know takes all that are sent.
#[tokio::test]
async fn what_is_created_changed_and_deleted() {
    let sandbox = sandbox(|behavior| behavior.not_known_name = NotKnownName::Refused).await;
    let tvip = client(&sandbox);

    let tag = NewTarifTag {
        name: "Sales".to_owned(),
        enabled: true,
        provider: Some(ProviderId(1)),
        position: Some(3),
    };
    let tag = tvip.tarif_tags().create(&tag).await.unwrap();
    let change = TarifTagChange {
        name: Some("Offers".to_owned()),
        ..TarifTagChange::default()
    };
    let changed = tvip.tarif_tags().update(tag.id, &change).await.unwrap();
    assert_eq!(
        (changed.name.as_str(), changed.position),
        ("Offers", Some(3))
    );
    let filter = TarifTagFilter {
        provider: Some(ProviderId(1)),
        ..TarifTagFilter::default()
    };
    assert_eq!(
        tvip.tarif_tags()
            .list(filter)
            .collect()
            .await
            .unwrap()
            .len(),
        3
    );

    let tarif = NewTarif {
        tarif_name: "Summer".to_owned(),
        tarif_tag: Some(TarifTagId(1)),
        provider: Some(ProviderId(1)),
        enabled: false,
    };
    let tarif = tvip.tarifs().create(&tarif).await.unwrap();
    let change = TarifChange {
        tarif_tag: Patch::Clear,
        ..TarifChange::default()
    };
    let changed = tvip.tarifs().update(tarif.id, &change).await.unwrap();
    assert_eq!((changed.tarif_tag, changed.enabled), (None, Some(false)));

    let network = NewAccountNetwork {
        account: AccountId(1),
        network: "10.0.0.0/30".to_owned(),
        description: Some("Flat".to_owned()),
    };
    let network = tvip.account_network().create(&network).await.unwrap();
    let change = AccountNetworkChange {
        description: Patch::Clear,
        ..AccountNetworkChange::default()
    };
    let changed = tvip.account_network().update(network.id, &change).await;
    assert_eq!(changed.unwrap().description, None);

    let model = NewDeviceType {
        device_type: "TVIP S-Box v.600".to_owned(),
    };
    let model = tvip.device_types().create(&model).await.unwrap();
    let change = DeviceTypeChange {
        device_type: Some("S600".to_owned()),
    };
    tvip.device_types().update(model.id, &change).await.unwrap();
    let all = tvip.device_types().list(DeviceTypeFilter::default());
    assert_eq!(all.collect().await.unwrap().len(), 4);

    tvip.tarif_tags().delete(tag.id).await.unwrap();
    tvip.tarifs().delete(tarif.id).await.unwrap();
    tvip.account_network().delete(network.id).await.unwrap();
    tvip.device_types().delete(model.id).await.unwrap();
    assert_eq!(tvip.tarif_tags().get(tag.id).await.unwrap(), None);
    assert_eq!(tvip.tarifs().get(tarif.id).await.unwrap(), None);
    assert_eq!(tvip.account_network().get(network.id).await.unwrap(), None);
    assert_eq!(tvip.device_types().get(model.id).await.unwrap(), None);
}
