//! The capabilities of all platforms side by side.

use jsonsql_client::backend::{Backend, matrix};

use crate::portal::Portal;
use crate::world::World;

#[tokio::test]
async fn the_matrix_says_what_each_platform_says() {
    let portal = Portal::start(1).await;
    let platforms: [&dyn Backend; 1] = [portal.backend()];
    insta::assert_snapshot!(matrix(&platforms), @r"
    | | IPTVPORTAL |
    | --- | --- |
    | external references | yes |
    | e-mail addresses | yes |
    | telephone numbers | yes |
    | postal addresses | yes |
    | notes | – |
    | limits of terminals | yes |
    | changes of a login | yes |
    | terminals without a hardware address | – |
    | terminals of nobody | yes |
    | moves of a terminal | yes |
    | states of terminals | – |
    | plans | – |
    | dates of subscriptions | – |
    | subscriptions of one terminal | – |
    | ended subscriptions | – |
    | lists of channels | yes |
    | messages | – |
    | messages to be confirmed | – |
    | titles of messages | – |
    | durations of messages | – |
    | messages for later | – |
    | expiries of messages | – |
    | restarts | – |
    | reloads of the portal | – |
    | refreshes of channels | – |
    | switches to a channel | – |
    | updates of firmware | – |
    ");
}
