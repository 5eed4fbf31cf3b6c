//! `stb_msg`: messages.

use crate::ministra::Installation;
use crate::ministra::answer::{Answer, Results, refuse};
use crate::ministra::column::integer;
use crate::ministra::identifiers::{self, By};
use crate::ministra::inbox::Event;
use crate::ministra::request::Request;

/// Without an identifier the message goes to everybody.
pub(super) fn create(request: &Request, server: &mut Installation) -> Answer {
    let boxes = identifiers::accounts(&server.state, request.identifiers(), By::Box);
    if boxes.is_empty() {
        return refuse("Empty stb list");
    }
    let Some(msg) = request.data.filled("msg") else {
        return refuse("Empty msg");
    };
    let number = |name| request.data.get(name).map_or(0, |v| integer(v.text()));
    let event = Event::message(msg.text())
        .living(number("ttl"))
        .hiding_after(number("auto_hide_timeout"));
    server.send(&boxes, &event);
    Ok(Results::done(true))
}
