//! `send_event`: events of any kind.

use crate::ministra::Installation;
use crate::ministra::answer::{Answer, Results, refuse};
use crate::ministra::column::integer;
use crate::ministra::identifiers::{self, By};
use crate::ministra::inbox::Event;
use crate::ministra::request::Request;

/// Without an identifier the event goes to everybody. An event the server does
/// not know is no error: the answer is `false`.
pub(super) fn create(request: &Request, server: &mut Installation) -> Answer {
    let boxes = identifiers::accounts(&server.state, request.identifiers(), By::Box);
    if boxes.is_empty() && !request.identifiers().is_empty() {
        return refuse("STB not found");
    }
    let Some(event) = event(request) else {
        return Ok(Results::done(false));
    };
    server.send(&boxes, &event);
    Ok(Results::done(true))
}

/// `auto_hide_timeout` is not here: the server sets it after it has sent the
/// event.
fn event(request: &Request) -> Option<Event> {
    let text = |name| request.data.get(name).map_or("", |value| value.text());
    let event = match text("event") {
        "send_msg" if request.data.filled("need_reboot").is_some() => {
            Event::message(text("msg")).then_reboot()
        }
        "send_msg" => Event::message(text("msg")),
        "send_msg_with_video" => Event::message_with_video(text("msg"), text("video")),
        "reboot" => Event::new("reboot"),
        "reload_portal" => Event::new("reload_portal"),
        "update_channels" => Event::new("update_subscription"),
        "play_channel" => Event::new("play_channel").saying(text("channel")),
        "play_radio_channel" => Event::new("play_radio_channel").saying(text("channel")),
        "update_image" => Event::new("update_image"),
        "show_menu" => Event::new("show_menu"),
        // Without changing the status of the account.
        "cut_off" => Event::new("cut_off"),
        _ => return None,
    };
    Some(event.living(integer(text("ttl"))))
}
