//! Keys of different tables are different types, so that they do not compare.

use std::fmt;

use jsonsql::prelude::*;

macro_rules! ids {
    ($($name:ident of $table:literal;)*) => {$(
        #[doc = concat!("The key of `", $table, "`.")]
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, SqlType)]
        pub struct $name(pub i64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    )*};
}

ids! {
    CategoryId of "tv_category";
    ChannelId of "tv_channel";
    DomainId of "domain";
    InetAddrId of "subscriber_inetaddr";
    KeyId of "key";
    MediaId of "media";
    PackageId of "package";
    PlayerProfileId of "pprofile";
    PlaylistId of "playlist";
    ProfileId of "profile";
    ProgramId of "tv_program";
    ServiceId of "service";
    SubscriberId of "subscriber";
    SubscriberPackageId of "subscriber_package";
    SystemProfileId of "sprofile";
    TerminalId of "terminal";
    UserId of "user";
}
