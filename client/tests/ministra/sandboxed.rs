//! The server's quirks, one test each.

use jsonsql_client::Error;
use jsonsql_client::ministra::{
    AccountNumber, AccountPatch, ChannelId, Event, ItvSubscriptionPatch, Login, ModulesPatch,
    NewAccount, NewReseller, NewStb, Outcome, PackageChange, PackageExternalId, PackageId,
    PackageSet, PlanExternalId, ResellerId, ResellerPatch, Services, StbPatch, TariffId,
};
use jsonsql_client::model::Patch;
use jsonsql_sandbox::ministra::{MinistraOptions, MinistraVersion, PhpWarnings, V1Folder};

use crate::server::{client, configured, mac, recorded};

fn number(text: &str) -> AccountNumber {
    AccountNumber::new(text).unwrap()
}

fn packages(ids: &[u64]) -> Vec<PackageId> {
    ids.iter().map(|id| PackageId::new(*id).unwrap()).collect()
}

#[tokio::test]
async fn a_box_is_switched_on_by_a_put_for_a_post_stores_it_the_wrong_way_round() {
    let server = recorded().await;
    let new = NewStb::of_mac(mac("001a79005001"));
    let added = server.ministra.stb().create(&new).await.unwrap();
    assert_eq!(added.mac.as_deref(), Some("00:1A:79:00:50:01"));
    assert!(added.status);
    let off = StbPatch {
        status: Some(false),
        ..StbPatch::default()
    };
    let boxes = server
        .ministra
        .stb()
        .update(mac("001a79005001"), &off)
        .await
        .unwrap();
    assert!(!boxes[0].status);
    let again = server.ministra.stb().create(&new).await.unwrap_err();
    assert!(again.is_conflict(), "{again}");
}

#[tokio::test]
async fn a_put_of_an_unknown_box_is_false() {
    let server = recorded().await;
    let on = StbPatch {
        status: Some(true),
        ..StbPatch::default()
    };
    let error = server.ministra.stb().update(number("nosuch"), &on).await;
    assert!(matches!(error, Err(Error::NotApplied { .. })), "{error:?}");
    assert_eq!(
        server.ministra.stb().get(number("nosuch")).await.unwrap(),
        []
    );
}

#[tokio::test]
async fn a_mac_is_written_with_colons_in_capitals() {
    let server = recorded().await;
    let patch = AccountPatch {
        stb_mac: Patch::Set(mac("00-1a-79-aa-bb-cc")),
        ..AccountPatch::default()
    };
    server
        .ministra
        .accounts()
        .update(number("3"), &patch)
        .await
        .unwrap();
    assert_eq!(server.user("3")["mac"], "00:1A:79:AA:BB:CC");
    let found = server
        .ministra
        .accounts()
        .get(mac("001A.79AA.BBCC"))
        .await
        .unwrap();
    assert_eq!(found[0].login, "3");
    let cleared = AccountPatch {
        stb_mac: Patch::Clear,
        ..AccountPatch::default()
    };
    server
        .ministra
        .accounts()
        .update(number("3"), &cleared)
        .await
        .unwrap();
    assert_eq!(server.user("3")["mac"], "");
}

#[tokio::test]
async fn the_same_account_asked_for_twice_is_asked_for_once() {
    let server = recorded().await;
    let numbers = vec![
        number("LONGACCOUNT12"),
        number("longaccount12"),
        number("3"),
    ];
    let accounts = server.ministra.accounts().get(numbers).await.unwrap();
    assert_eq!(accounts.len(), 2);
    let unknown = vec![number("3"), number("nosuch")];
    let error = server.ministra.accounts().get(unknown).await.unwrap_err();
    assert!(error.is_not_found(), "{error}");
}

#[tokio::test]
async fn an_end_date_is_never_again() {
    let mut options = MinistraOptions::new(MinistraVersion::V5_2);
    options.enable_internal_billing = true;
    let server = configured(options).await;
    let date = "2030-01-02T03:04:05".parse().unwrap();
    for (patch, expected) in [(Patch::Set(date), Some(date)), (Patch::Clear, None)] {
        let patch = AccountPatch {
            end_date: patch,
            tariff_expired_date: patch,
            ..AccountPatch::default()
        };
        server
            .ministra
            .accounts()
            .update(number("3"), &patch)
            .await
            .unwrap();
        let account = server
            .ministra
            .users()
            .get(Login::new("3").unwrap())
            .await
            .unwrap();
        assert_eq!(account.end_date, expected);
        assert_eq!(account.tariff_expired_date, expected);
    }
}

#[tokio::test]
async fn an_unknown_plan_is_silently_the_default_one() {
    let server = recorded().await;
    let patch = AccountPatch {
        tariff_plan: Some(PlanExternalId::new("NOSUCH").unwrap()),
        ..AccountPatch::default()
    };
    server
        .ministra
        .accounts()
        .update(mac("001A790015B3"), &patch)
        .await
        .unwrap();
    let account = server
        .ministra
        .users()
        .get(Login::new("1553").unwrap())
        .await
        .unwrap();
    assert_eq!(account.tariff_plan.as_deref(), Some("STANDART"));
}

#[tokio::test]
async fn users_gives_one_account_and_login_is_unique() {
    let server = recorded().await;
    let users = server.ministra.users();
    let error = users.get(Login::new("nosuch").unwrap()).await.unwrap_err();
    assert!(error.is_not_found(), "{error}");
    let error = users
        .create(&NewAccount::new(Login::new("1553B").unwrap()))
        .await
        .unwrap_err();
    assert!(error.is_conflict(), "{error}");
}

#[tokio::test]
async fn modules_that_were_cleared_are_none() {
    let mut options = MinistraOptions::new(MinistraVersion::V5_6);
    options.enable_tariff_plans = false;
    let server = configured(options).await;
    let modules = server.ministra.stb_modules();
    let patch = |names: &[&str]| ModulesPatch {
        disabled: Some(names.iter().map(|name| (*name).to_owned()).collect()),
        restricted: None,
    };
    let set = modules
        .update(number("3"), &patch(&["radio"]))
        .await
        .unwrap();
    assert_eq!(set.disabled, ["radio"]);
    let cleared = modules.update(number("3"), &patch(&[])).await.unwrap();
    assert_eq!(cleared.disabled, [] as [&str; 0]);
    // One answer for two boxes there is not.
    let error = modules.get(number("1553")).await.unwrap_err();
    assert!(matches!(error, Error::Rejected(_)), "{error}");
}

#[tokio::test]
async fn an_unknown_identifier_does_not_list_everybodys_channels() {
    let server = recorded().await;
    let channels = server.ministra.itv_subscription();
    assert_eq!(channels.get(number("nosuch")).await.unwrap(), []);
    assert_eq!(channels.get(mac("001A790039FF")).await.unwrap(), []);
    assert_eq!(channels.list().await.unwrap().len(), 2);
    // Among what it would list are the records of accounts that are gone.
    server
        .ministra
        .accounts()
        .delete(number("3"))
        .await
        .unwrap();
    assert_eq!(channels.get(number("3")).await.unwrap(), []);
    assert_eq!(channels.list().await.unwrap().len(), 1);
    for patch in [
        ItvSubscriptionPatch {
            sub_ch: None,
            additional_services_on: Some(true),
        },
        ItvSubscriptionPatch {
            sub_ch: Some(Vec::new()),
            additional_services_on: None,
        },
    ] {
        let error = channels.update(number("nosuch"), &patch).await.unwrap_err();
        assert!(matches!(error, Error::NotApplied { .. }), "{error}");
    }
}

#[tokio::test]
async fn channels_are_cleared_and_a_list_that_php_cuts_is_noticed() {
    let server = recorded().await;
    let channels = server.ministra.itv_subscription();
    let patch = |count: u64| ItvSubscriptionPatch {
        sub_ch: Some((1..=count).map(|id| ChannelId::new(id).unwrap()).collect()),
        additional_services_on: None,
    };
    assert_eq!(
        channels.update(number("3"), &patch(2)).await.unwrap()[0].sub_ch,
        ["1", "2"]
    );
    assert_eq!(
        channels.update(number("3"), &patch(0)).await.unwrap()[0].sub_ch,
        [] as [&str; 0]
    );
    let error = channels
        .update(number("3"), &patch(1200))
        .await
        .unwrap_err();
    let said = "PUT itv_subscription: the server answered with success, but 1000 of 1200 \
                channels were stored (at http://";
    assert!(error.to_string().starts_with(said), "{error}");
}

#[tokio::test]
async fn a_plan_by_its_id_is_one_or_none() {
    let server = recorded().await;
    let tariffs = server.ministra.tariffs();
    let plan = tariffs
        .get(TariffId::new(10).unwrap())
        .await
        .unwrap()
        .unwrap();
    assert_eq!((plan.external_id, plan.packages.len()), (None, 1));
    assert_eq!(
        tariffs.get(TariffId::new(999).unwrap()).await.unwrap(),
        None
    );
    let all = server.ministra.services_package().list().await.unwrap();
    let of = |id: u64| &all.iter().find(|one| one.id.get() == id).unwrap().services;
    assert_eq!(of(10), &Services::All);
    assert!(matches!(of(11), Services::Some(modules) if modules.len() == 2));
}

#[tokio::test]
async fn what_packages_are_answered_with_proves_nothing() {
    let server = recorded().await;
    let packages_of = server.ministra.account_subscription();
    let change = |ids: &[u64]| PackageChange {
        subscribed_id: packages(ids),
        ..PackageChange::default()
    };
    // One of two boxes has it already: the other was changed all the same.
    let answer = packages_of.change(number("1553"), &change(&[6])).await;
    assert_eq!(answer.unwrap(), Outcome::NotDone);
    let rows = packages_of.get(number("1553")).await.unwrap();
    assert!(
        rows.iter()
            .all(|row| row.subscribed_id.contains(&PackageId::new(6).unwrap()))
    );
    // Unknown packages are no error; a set of them alone removes everything.
    let unknown = PackageSet::External(vec![PackageExternalId::new("nosuch").unwrap()]);
    let answer = packages_of.replace(number("1553"), &unknown).await;
    assert_eq!(answer.unwrap(), Outcome::Done);
    let rows = packages_of.get(number("1553")).await.unwrap();
    assert!(rows.iter().all(|row| row.subscribed_id.is_empty()));
    assert_eq!(
        packages_of.clear(number("1553")).await.unwrap(),
        Outcome::NotDone
    );
}

#[tokio::test]
async fn a_cut_off_box_is_still_switched_on() {
    let server = recorded().await;
    server
        .ministra
        .send_event()
        .send(number("1553"), Event::CutOff)
        .await
        .unwrap();
    assert_eq!(server.user("1553")["status"], 1);
    let error = server
        .ministra
        .send_event()
        .send(number("nosuch"), Event::Reboot)
        .await;
    assert!(error.unwrap_err().is_not_found());
}

#[tokio::test]
async fn resellers_are_read_after_writing() {
    let mut options = MinistraOptions::new(MinistraVersion::V5_6);
    options.allow_resellers_info_for_api = true;
    let server = configured(options).await;
    let resellers = server.ministra.reseller();
    let new = NewReseller {
        name: "Two".to_owned(),
        max_users: Some(200),
        use_ip_ranges: Some(false),
    };
    assert_eq!(
        resellers.create(&new).await.unwrap(),
        Outcome::NotDone,
        "it is there all the same"
    );
    let all = resellers.list().await.unwrap();
    assert_eq!((all[0].name.as_str(), all[0].max_users), ("Two", Some(200)));
    assert!(resellers.create(&new).await.unwrap_err().is_conflict());
    let patch = ResellerPatch {
        max_users: Some(5),
        ..ResellerPatch::default()
    };
    resellers.update(all[0].id, &patch).await.unwrap();
    assert_eq!(
        resellers.get(&[all[0].id]).await.unwrap()[0].max_users,
        Some(5)
    );
    let mine = AccountPatch {
        reseller_id: Some(all[0].id),
        ..AccountPatch::default()
    };
    server
        .ministra
        .accounts()
        .update(number("3"), &mine)
        .await
        .unwrap();
    let account = server
        .ministra
        .users()
        .get(Login::new("3").unwrap())
        .await
        .unwrap();
    assert_eq!(account.reseller_name.as_deref(), Some("Two"));
    assert!(matches!(
        resellers.delete(all[0].id).await,
        Err(Error::Rejected(_))
    ));
    let unknown = resellers
        .get(&[ResellerId::new(99).unwrap()])
        .await
        .unwrap_err();
    assert!(unknown.is_not_found());
    // Where there are none, the server says so.
    let without = recorded().await;
    assert!(matches!(
        without.ministra.reseller().list().await,
        Err(Error::Rejected(_))
    ));
}

#[tokio::test]
async fn noise_of_php_is_not_taken_for_an_answer() {
    for warnings in [PhpWarnings::Always, PhpWarnings::AfterBody] {
        let mut options = MinistraOptions::new(MinistraVersion::V4_9);
        options.php_warnings = warnings;
        let server = configured(options).await;
        let off = AccountPatch {
            status: Some(false),
            ..AccountPatch::default()
        };
        server
            .ministra
            .accounts()
            .update(number("1553"), &off)
            .await
            .unwrap();
        assert_eq!(server.ministra.accounts().list().await.unwrap().len(), 4);
        assert_eq!(server.user("1553b")["status"], 0);
    }
}

#[tokio::test]
async fn both_folders_and_no_credentials_will_do() {
    let mut options = MinistraOptions::new(MinistraVersion::V5_6);
    options.credentials = None;
    let server = configured(options).await;
    assert_eq!(
        server.sandbox.ministra().options().v1_folder,
        V1Folder::Works
    );
    let open = jsonsql_client::ministra::Ministra::builder()
        .url(format!("{}v1", server.sandbox.ministra_url()))
        .build()
        .unwrap();
    assert_eq!(open.stb().list().await.unwrap().len(), 4);
    assert_eq!(
        client(&server.sandbox)
            .build()
            .unwrap()
            .stb()
            .list()
            .await
            .unwrap()
            .len(),
        4
    );
}

#[tokio::test]
async fn texts_arrive_as_they_were() {
    let server = recorded().await;
    let text = "Іван Ґ & Co + \"q\" \\ 100% = a;b\n<br>";
    let patch = AccountPatch {
        comment: Patch::Set(text.to_owned()),
        ..AccountPatch::default()
    };
    server
        .ministra
        .accounts()
        .update(number("3"), &patch)
        .await
        .unwrap();
    let account = server
        .ministra
        .users()
        .get(Login::new("3").unwrap())
        .await
        .unwrap();
    assert_eq!(account.comment.as_deref(), Some(text));
}
