//! The fields of a form that was sent.

use axum::body::Body;

use super::answer::Refused;
use crate::body;
use crate::limits::Limits;

/// The fields, in their order.
pub(super) struct Form(Vec<(String, String)>);

impl Form {
    pub(super) async fn read(sent: Body, limits: &Limits) -> Result<Form, Refused> {
        // Encoded, a text takes up to three times its bytes.
        let most = limits.body.saturating_mul(3);
        let bytes = body::read(sent, most, "--max-body").await?;
        Ok(Form(form_urlencoded::parse(&bytes).into_owned().collect()))
    }

    /// The value of a field; empty if it was not sent.
    pub(super) fn get(&self, name: &str) -> &str {
        let field = self.0.iter().find(|(field, _)| field == name);
        field.map_or("", |(_, value)| value)
    }

    /// The text of a field, with the ends of lines that a person typed: a
    /// browser sends others.
    pub(super) fn text(&self, name: &str) -> String {
        self.get(name).replace("\r\n", "\n")
    }

    pub(super) fn fields(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }
}
