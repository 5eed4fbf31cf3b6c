//! The column of a subscriber that holds the billing's key.

/// The column of `subscriber` that holds the billing's key.
///
/// No document says which one it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum ReferenceColumn {
    /// `billing`: the subscriber's name in the billing, in a billing in production.
    #[default]
    Billing,
    /// `business`, where that is not the name of a firm.
    Business,
    /// None: [external references](crate::model::Capability::ExternalRef)
    /// are lost.
    Nowhere,
}
