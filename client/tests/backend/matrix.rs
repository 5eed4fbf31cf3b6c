//! The capabilities of all platforms side by side.

use jsonsql_client::backend::{Backend, matrix};

use crate::ministra::Stalker;
use crate::portal::Portal;
use crate::world::World;

#[tokio::test]
async fn the_matrix_says_what_each_platform_says() {
    let portal = Portal::start(1).await;
    let ministra = Stalker::start(1).await;
    let platforms: [&dyn Backend; 2] = [portal.backend(), ministra.backend()];
    insta::assert_snapshot!(matrix(&platforms), @r"
    | | IPTVPORTAL | Ministra |
    | --- | --- | --- |
    | external references | yes | yes |
    | e-mail addresses | yes | – |
    | telephone numbers | yes | yes |
    | postal addresses | yes | – |
    | notes | – | yes |
    | limits of terminals | yes | – |
    | changes of a login | yes | yes |
    | terminals without a hardware address | – | – |
    | terminals of nobody | yes | – |
    | moves of a terminal | yes | yes |
    | states of terminals | – | yes |
    | plans | – | yes |
    | dates of subscriptions | – | – |
    | subscriptions of one terminal | – | – |
    | ended subscriptions | – | – |
    | lists of channels | yes | yes |
    | messages | – | yes |
    | messages to be confirmed | – | – |
    | titles of messages | – | – |
    | durations of messages | – | yes |
    | messages for later | – | – |
    | expiries of messages | – | yes |
    | restarts | – | yes |
    | reloads of the portal | – | yes |
    | refreshes of channels | – | yes |
    | switches to a channel | – | yes |
    | updates of firmware | – | yes |
    ");
}
