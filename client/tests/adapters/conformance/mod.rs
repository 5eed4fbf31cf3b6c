//! What every backend does, one function a test.

pub(crate) mod capabilities;
pub(crate) mod mistakes;
pub(crate) mod secrets;
pub(crate) mod subscribers;
pub(crate) mod subscriptions;
pub(crate) mod terminals;
pub(crate) mod whole;
