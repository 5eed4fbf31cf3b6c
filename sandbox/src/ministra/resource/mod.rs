//! The resources: the twelve of the documents, and `stb_auth`.

mod account_subscription;
mod accounts;
mod itv;
mod itv_subscription;
mod reseller;
mod send_event;
mod services_package;
mod stb;
mod stb_auth;
mod stb_modules;
mod stb_msg;
mod tariffs;
mod users;

use super::Installation;
use super::answer::{Answer, refuse};
use super::options::{MinistraOptions, MinistraVersion};
use super::request::{Action, Request};

/// A resource of the API.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Resource {
    Stb,
    Accounts,
    Users,
    StbAuth,
    StbMsg,
    SendEvent,
    StbModules,
    Itv,
    ItvSubscription,
    Tariffs,
    ServicesPackage,
    AccountSubscription,
    Reseller,
}

impl Resource {
    /// The resource of this name, in any case, if the version has it.
    pub(super) fn named(name: &str, options: &MinistraOptions) -> Option<Resource> {
        Some(match name.to_ascii_lowercase().as_str() {
            "stb" => Resource::Stb,
            "accounts" => Resource::Accounts,
            "users" => Resource::Users,
            "stb_auth" => Resource::StbAuth,
            "stb_msg" => Resource::StbMsg,
            "send_event" => Resource::SendEvent,
            "stb_modules" => Resource::StbModules,
            "itv" => Resource::Itv,
            "itv_subscription" => Resource::ItvSubscription,
            "tariffs" => Resource::Tariffs,
            "services_package" => Resource::ServicesPackage,
            "account_subscription" => Resource::AccountSubscription,
            "reseller" if options.version >= MinistraVersion::V5_6 => Resource::Reseller,
            _ => return None,
        })
    }

    pub(super) fn answer(self, request: &Request, server: &mut Installation) -> Answer {
        use Action::{Create, Delete, Get, Update};
        match (self, request.action) {
            (Resource::Stb, Get) => stb::get(request, server),
            (Resource::Stb, Create) => stb::create(request, server),
            (Resource::Stb, Update) => stb::update(request, server),
            (Resource::Stb, Delete) => stb::delete(request, server),
            (Resource::Accounts, Get) => accounts::get(request, server),
            (Resource::Users, Get) => users::get(request, server),
            (Resource::Accounts | Resource::Users, Create) => accounts::create(request, server),
            (Resource::Accounts, Update) => accounts::update(request, server, accounts::BY),
            (Resource::Accounts, Delete) => accounts::delete(request, server, accounts::BY),
            (Resource::Users, Update) => accounts::update(request, server, users::BY),
            (Resource::Users, Delete) => accounts::delete(request, server, users::BY),
            (Resource::StbAuth, Update) => stb_auth::update(request, server),
            (Resource::StbMsg, Create) => stb_msg::create(request, server),
            (Resource::SendEvent, Create) => send_event::create(request, server),
            (Resource::StbModules, Get) => stb_modules::get(request, server),
            (Resource::StbModules, Update) => stb_modules::update(request, server),
            (Resource::Itv, Get) => itv::get(request, server),
            (Resource::Itv, Update) => itv::update(request),
            (Resource::ItvSubscription, Get) => itv_subscription::get(request, server),
            (Resource::ItvSubscription, Update) => itv_subscription::update(request, server),
            (Resource::Tariffs, Get) => tariffs::get(request, server),
            (Resource::ServicesPackage, Get) => services_package::get(request, server),
            (Resource::AccountSubscription, Get) => account_subscription::get(request, server),
            (Resource::AccountSubscription, Create) => {
                account_subscription::create(request, server)
            }
            (Resource::AccountSubscription, Update) => {
                account_subscription::update(request, server)
            }
            (Resource::AccountSubscription, Delete) => {
                account_subscription::delete(request, server)
            }
            (Resource::Reseller, _) if !server.options.resellers() => {
                refuse("Resource denied by admin")
            }
            (Resource::Reseller, Get) => reseller::get(request, server),
            (Resource::Reseller, Create) => reseller::create(request, server),
            (Resource::Reseller, Update) => reseller::update(request, server),
            (Resource::Reseller, Delete) => reseller::delete(request, server),
            _ => refuse(format!(
                "Resource \"{}\" does not support action \"{}\"",
                request.address.resource,
                request.action.as_str()
            )),
        }
    }
}

/// A flag as the API writes most of them.
fn text_of(flag: bool) -> &'static str {
    if flag { "1" } else { "0" }
}
