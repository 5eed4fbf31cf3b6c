//! The capabilities of all platforms side by side.

use jsonsql_client::backend::{Backend, matrix};

use crate::portal::Portal;
use crate::tvip::TvipWorld;
use crate::world::World;

#[tokio::test]
async fn the_matrix_says_what_each_platform_says() {
    let portal = Portal::start(1).await;
    let tvip = TvipWorld::start(1).await;
    let platforms: [&dyn Backend; 2] = [portal.backend(), tvip.backend()];
    insta::assert_snapshot!(matrix(&platforms), @r"
    | | IPTVPORTAL | TVIP |
    | --- | --- | --- |
    | external references | yes | yes |
    | e-mail addresses | yes | – |
    | telephone numbers | yes | – |
    | postal addresses | yes | yes |
    | notes | – | yes |
    | limits of terminals | yes | yes |
    | changes of a login | yes | yes |
    | terminals without a hardware address | – | yes |
    | terminals of nobody | yes | yes |
    | moves of a terminal | yes | yes |
    | states of terminals | – | yes |
    | plans | – | – |
    | dates of subscriptions | – | yes |
    | subscriptions of one terminal | – | yes |
    | ended subscriptions | – | yes |
    | lists of channels | yes | yes |
    | messages | – | yes |
    | messages to be confirmed | – | yes |
    | titles of messages | – | yes |
    | durations of messages | – | yes |
    | messages for later | – | yes |
    | expiries of messages | – | yes |
    | restarts | – | yes |
    | reloads of the portal | – | yes |
    | refreshes of channels | – | yes |
    | switches to a channel | – | yes |
    | updates of firmware | – | yes |
    ");
}
