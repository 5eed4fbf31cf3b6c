//! The capabilities of a platform, as data.

use std::fmt;

macro_rules! capabilities {
    ($($(#[doc = $doc:literal])* $name:ident = $text:literal;)*) => {
        /// Something that one platform can do and another cannot.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Capability {
            $($(#[doc = $doc])* $name,)*
        }

        impl Capability {
            /// All there are, in the order of the table.
            pub const ALL: &'static [Capability] = &[$(Capability::$name),*];

            /// Returns the name that messages use: `e-mail addresses`.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Capability::$name => $text,)*
                }
            }
        }
    };
}

capabilities! {
    /// Keeps the billing's key of a subscriber.
    ExternalRef = "external references";
    /// Keeps e-mail addresses.
    Email = "e-mail addresses";
    /// Keeps telephone numbers.
    Phone = "telephone numbers";
    /// Keeps postal addresses.
    Address = "postal addresses";
    /// Keeps notes.
    Note = "notes";
    /// Has a limit of terminals for each subscriber.
    DeviceLimit = "limits of terminals";
    /// Can change a login.
    ChangeLogin = "changes of a login";
    /// Has terminals without a hardware address, such as applications.
    TerminalsWithoutMac = "terminals without a hardware address";
    /// Keeps terminals that are nobody's.
    FreeTerminals = "terminals of nobody";
    /// Moves a terminal to another subscriber without making it anew.
    MoveTerminal = "moves of a terminal";
    /// Says whether a terminal is connected.
    TerminalState = "states of terminals";
    /// Has plans, of which a subscriber has exactly one.
    Plans = "plans";
    /// A subscription begins and ends when it says.
    DatedSubscriptions = "dates of subscriptions";
    /// A subscription can hold for one terminal alone.
    TerminalSubscriptions = "subscriptions of one terminal";
    /// An ended subscription stays to be seen.
    SubscriptionHistory = "ended subscriptions";
    /// Lists channels.
    Channels = "lists of channels";
    /// Shows a text on a terminal.
    Messages = "messages";
    /// Shows a text that the viewer has to close.
    Confirmation = "messages to be confirmed";
    /// Shows a title over a text.
    MessageTitles = "titles of messages";
    /// Shows a text for a given time.
    MessageDuration = "durations of messages";
    /// Shows a text later.
    ScheduledMessages = "messages for later";
    /// Gives up delivering a text after a given time.
    MessageExpiry = "expiries of messages";
    /// Restarts a terminal.
    Restart = "restarts";
    /// Makes a terminal sign in again and load everything anew.
    ReloadPortal = "reloads of the portal";
    /// Makes a terminal fetch its channels again.
    RefreshChannels = "refreshes of channels";
    /// Makes a terminal show a channel.
    SwitchToChannel = "switches to a channel";
    /// Makes a terminal look for newer firmware.
    UpdateFirmware = "updates of firmware";
}

impl fmt::Display for Capability {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The capabilities of a platform.
///
/// Printed, it is a list with one line for each of [`Capability::ALL`].
///
/// ```
/// use jsonsql_client::model::{Capabilities, Capability};
///
/// let own = Capabilities::new([Capability::Email, Capability::Restart]);
/// assert!(own.has(Capability::Restart) && !own.has(Capability::Messages));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Capabilities(Vec<Capability>);

impl Capabilities {
    /// The capabilities of a platform.
    pub fn new(capabilities: impl IntoIterator<Item = Capability>) -> Capabilities {
        Capabilities(capabilities.into_iter().collect())
    }

    /// Returns `true` if the platform has the capability.
    pub fn has(&self, capability: Capability) -> bool {
        self.0.contains(&capability)
    }
}

impl fmt::Display for Capabilities {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for capability in Capability::ALL {
            let has = if self.has(*capability) { "yes" } else { "no" };
            writeln!(f, "{capability}: {has}")?;
        }
        Ok(())
    }
}
