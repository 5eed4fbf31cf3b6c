//! The capabilities of all platforms side by side.

use jsonsql_client::provisioning::{Backend, matrix};

use crate::ministra::Stalker;
use crate::portal::Portal;
use crate::tvip::TvipWorld;
use crate::world::World;

#[tokio::test]
async fn the_matrix_says_what_each_platform_says() {
    let portal = Portal::start(1).await;
    let ministra = Stalker::start(1).await;
    let tvip = TvipWorld::start(1).await;
    let platforms: [&dyn Backend; 3] = [portal.backend(), ministra.backend(), tvip.backend()];
    insta::assert_snapshot!(matrix(&platforms), @r"
    | | iptvportal | ministra | tvip |
    | --- | --- | --- | --- |
    | external references | yes | yes | yes |
    | e-mail addresses | yes | – | – |
    | telephone numbers | yes | yes | – |
    | postal addresses | yes | – | yes |
    | notes | – | yes | yes |
    | limits of terminals | yes | – | yes |
    | changes of a login | yes | yes | yes |
    | terminals without a hardware address | – | – | yes |
    | terminals of nobody | yes | – | yes |
    | moves of a terminal | yes | yes | yes |
    | states of terminals | – | yes | yes |
    | plans | – | yes | – |
    | dates of subscriptions | – | – | yes |
    | subscriptions of one terminal | – | – | yes |
    | ended subscriptions | – | – | yes |
    | lists of channels | yes | yes | yes |
    | messages | – | yes | yes |
    | messages to be confirmed | – | – | yes |
    | titles of messages | – | – | yes |
    | durations of messages | – | yes | yes |
    | messages for later | – | – | yes |
    | expiries of messages | – | yes | yes |
    | restarts | – | yes | yes |
    | reloads of the portal | – | yes | yes |
    | refreshes of channels | – | yes | yes |
    | switches to a channel | – | yes | yes |
    | updates of firmware | – | yes | yes |
    ");
}
