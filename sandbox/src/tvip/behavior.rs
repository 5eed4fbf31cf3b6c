//! Settings of the behaviour that no public source describes for the vendor's
//! server.

use serde::{Deserialize, Serialize};

/// The behaviour of the TVIP surface where the vendor's behaviour is not known.
///
/// Each field is named after its question. The defaults are what current clients
/// show, and guesses where they show nothing; a client that works with every
/// setting works with whatever the truth is.
///
/// They can be read from JSON, `{"pin_md5": "null", "default_limit": 20}`; what
/// is absent is as by default.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct TvipBehavior {
    /// The fields an entity has. They grew with the versions.
    pub field_set: FieldSet,
    /// The number of rows in a list whose request names no `limit`; `None` for
    /// all rows.
    pub default_limit: Option<u64>,
    /// The treatment of a field or command that no document has.
    pub not_known_name: NotKnownName,
    /// The content of `pin_md5` in answers.
    pub pin_md5: PinMd5,
    /// The effect of a PUT on fields it does not have.
    pub put: Put,
    /// The effect of an explicit null on a field in a change.
    pub explicit_null: ExplicitNull,
    /// The matching of the filters `login`, `remote_custom_field` and
    /// `unique_id`: exact, or by prefix.
    pub text_filter: TextFilter,
    /// The case in which a `unique_id` in upper case is kept.
    pub unique_id_case: UniqueIdCase,
    /// The HTTP status of a creation.
    pub created: Created,
    /// The answer to a deletion.
    pub deleted: Deleted,
    /// The HTTP status of deleting what is not there.
    pub delete_of_gone: DeleteOfGone,
    /// The treatment of the devices and subscriptions of a deleted account.
    pub account_delete: AccountDelete,
    /// The treatment of a device created for, or moved to, an account that has as
    /// many devices as the limit allows.
    pub device_over_limit: DeviceOverLimit,
    /// The treatment of a second subscription to the same tariff.
    pub same_tarif_twice: SameTarifTwice,
    /// The channels that a disabled tariff gives to its subscribers.
    pub disabled_tarif: DisabledTarif,
    /// The shape of an error's body.
    pub error_shape: ErrorShape,
    /// The content of `provider_dto`, `region_dto`, `account_dto`, `device_dto`,
    /// `tarif_dto`.
    pub dto: Dto,
    /// The unit of an account's `created`, `updated` and `last_online`.
    pub stamp_unit: EpochUnit,
    /// The unit of a command's `ttl`.
    pub ttl_unit: EpochUnit,
    /// The effect of `broadcast=true`.
    pub broadcast: Broadcast,
    /// The recipients of a command with an empty `ids`.
    pub empty_ids: EmptyIds,
    /// The treatment of a command with an id that no recipient has.
    pub unknown_ids: UnknownIds,
}

impl TvipBehavior {
    /// The behaviour that the examples of the vendor's documents show: their
    /// fields, and a null in place of `pin_md5`.
    pub fn documents() -> TvipBehavior {
        TvipBehavior {
            field_set: FieldSet::Documented,
            pin_md5: PinMd5::Null,
            ..TvipBehavior::default()
        }
    }
}

impl Default for TvipBehavior {
    fn default() -> TvipBehavior {
        TvipBehavior {
            field_set: FieldSet::default(),
            default_limit: Some(100),
            not_known_name: NotKnownName::default(),
            pin_md5: PinMd5::default(),
            put: Put::default(),
            explicit_null: ExplicitNull::default(),
            text_filter: TextFilter::default(),
            unique_id_case: UniqueIdCase::default(),
            created: Created::default(),
            deleted: Deleted::default(),
            delete_of_gone: DeleteOfGone::default(),
            account_delete: AccountDelete::default(),
            device_over_limit: DeviceOverLimit::default(),
            same_tarif_twice: SameTarifTwice::default(),
            disabled_tarif: DisabledTarif::default(),
            error_shape: ErrorShape::default(),
            dto: Dto::default(),
            stamp_unit: EpochUnit::default(),
            ttl_unit: EpochUnit::default(),
            broadcast: Broadcast::default(),
            empty_ids: EmptyIds::default(),
            unknown_ids: UnknownIds::default(),
        }
    }
}

/// The fields an entity has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum FieldSet {
    /// Those of the vendor's documents.
    Documented,
    /// Those the vendor's SDK and clients know since 2023 too: `created`,
    /// `updated`, `last_online`, `time_shift_depth`, `ws_connected`, `favorites`.
    /// The vendor's current Python SDK stops where one of them is missing.
    #[default]
    Newer,
}

/// The treatment of a name that no document has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum NotKnownName {
    /// It is ignored, as the vendor's kind of framework does by default.
    #[default]
    Ignored,
    /// HTTP 400: finds misspelt fields, and `enable` for `enabled`, which the
    /// documents' own prose has.
    Refused,
}

/// The content of `pin_md5` in answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum PinMd5 {
    /// It is null, as in every documented answer.
    Null,
    /// It is there, as one client in production relies on: with null, it writes
    /// every account anew each night.
    #[default]
    Echoed,
}

/// The effect of a PUT on fields it does not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Put {
    /// It keeps them; one client in production sends a single field.
    #[default]
    Merges,
    /// It empties them, and refuses to without the required ones.
    Replaces,
}

/// The effect of an explicit null on a field in a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ExplicitNull {
    /// It empties the field.
    #[default]
    Clears,
    /// None, as if the field were absent.
    Keeps,
}

/// The matching of filters on texts: exact, or by prefix.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum TextFilter {
    /// `login=lms_1` finds `lms_1` only.
    #[default]
    Exact,
    /// `login=lms_1` finds `lms_10` too.
    Prefix,
}

/// The case in which a `unique_id` in upper case is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum UniqueIdCase {
    /// As it was sent: another id than the one in lower case.
    #[default]
    AsSent,
    /// In lower case, and looked for in lower case.
    Lowered,
}

/// The HTTP status of a creation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Created {
    /// 200; the vendor's SDK takes nothing else.
    #[default]
    Http200,
    /// 201; one client in production takes it as well.
    Http201,
}

/// The answer to a deletion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Deleted {
    /// HTTP 200 with `{"response": true}`, as a command is answered.
    #[default]
    Response,
    /// HTTP 200 with what was deleted.
    Entity,
    /// HTTP 204 without a body; one client in production takes it as well.
    Http204,
}

/// The HTTP status of deleting what is not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum DeleteOfGone {
    /// 404.
    #[default]
    Http404,
    /// 403; one client in production expects it.
    Http403,
    /// 400; the same client expects it too.
    Http400,
}

/// The treatment of the devices and subscriptions of a deleted account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum AccountDelete {
    /// Subscriptions, networks and devices go with it.
    #[default]
    Cascades,
    /// HTTP 400 while it has any; two clients in production delete devices first.
    Refused,
}

/// The treatment of a device for an account that has as many devices as the limit
/// allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum DeviceOverLimit {
    /// It is bound; the limit is kept on the screen, when a device signs in.
    #[default]
    Accepted,
    /// HTTP 400.
    Refused,
}

/// The treatment of a second subscription to the same tariff.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum SameTarifTwice {
    /// There are two; every client in production takes care itself.
    #[default]
    Accepted,
    /// HTTP 400 while the other one has not ended.
    Refused,
}

/// The channels that a disabled tariff gives to its subscribers, and as a
/// provider's free tariff. The documents have the flag and say nothing about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum DisabledTarif {
    /// No channels.
    #[default]
    GivesNothing,
    /// Its channels, as an enabled one does: it is disabled for new subscribers.
    GivesChannels,
}

/// The shape of an error's body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ErrorShape {
    /// [`Application`](ErrorShape::Application) for what the entities' rules
    /// refuse, [`Framework`](ErrorShape::Framework) for what is refused before
    /// they are asked: credentials, paths, methods, sizes, JSON that is none.
    #[default]
    ByOrigin,
    /// `{"statusCode": 400, "cause": "…"}`.
    Application,
    /// `{"status": 404, "error": "Not Found", "message": "…", "path": "…"}`.
    Framework,
}

/// The content of the fields ending in `_dto`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Dto {
    /// Null, as in every documented answer.
    #[default]
    Null,
    /// The entity referred to.
    Filled,
}

/// The unit of a number that is a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum EpochUnit {
    /// Seconds since 1970.
    #[default]
    Seconds,
    /// Milliseconds since 1970.
    Milliseconds,
}

/// The effect of `broadcast=true`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Broadcast {
    /// Every device gets the command, whatever `ids` says.
    #[default]
    Everybody,
    /// None.
    Ignored,
}

/// The recipients of a command with an empty `ids`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum EmptyIds {
    /// Nobody, and the answer is the usual one.
    #[default]
    Nobody,
    /// Every device.
    Everybody,
    /// HTTP 400.
    Refused,
}

/// The treatment of a command with an id that no recipient has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum UnknownIds {
    /// It goes to the others, and the answer is the usual one.
    #[default]
    Skipped,
    /// HTTP 404, and it goes to nobody.
    Refused,
}
