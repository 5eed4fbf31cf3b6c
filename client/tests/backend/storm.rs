//! Provisioning while a fifth of all calls go wrong.

use crate::world::World;

pub(crate) async fn provisioning<W: World>() {
    let _ = W::start(2).await;
}
