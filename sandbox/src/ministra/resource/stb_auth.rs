//! `stb_auth`: the sign-in of boxes. In no document (read).

use crate::ministra::Installation;
use crate::ministra::answer::{Answer, Results, refuse};
use crate::ministra::identifiers::{self, By};
use crate::ministra::request::Request;

/// Makes the tokens of boxes invalid, which cannot be seen here, and with
/// `reset_device_id` takes their MAC addresses away. Without an identifier, of
/// every box.
pub(super) fn update(request: &Request, server: &mut Installation) -> Answer {
    let boxes = identifiers::accounts(&server.state, request.identifiers(), By::Box);
    if boxes.is_empty() {
        return refuse("Empty stb list");
    }
    if request.data.filled("reset_device_id").is_some() {
        for id in boxes {
            if let Some(mut user) = server.state.users.edit(id) {
                user.mac.clear();
            }
        }
    }
    Ok(Results::done(true))
}
