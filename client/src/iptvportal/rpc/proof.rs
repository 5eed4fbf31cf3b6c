//! The evidence in an answer: whose it is, before what is in it.

use jsonsql::row::DecodeError;
use serde_json::value::RawValue;

use super::envelope::{Envelope, Id};
use super::member::ErrorMember;
use crate::error::ProtocolError;

/// The evidence that an answer is this server's answer to this call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Proof {
    /// It names the call. So does an error that JSON-RPC 2.0 (5, "id") answers
    /// with a null id: the server could not read the request.
    Id,
    /// It names no call, and has rows of the row type: nobody else has those.
    Rows,
    /// It names no call. The document's answers all do (grade A).
    Nothing,
}

impl Proof {
    /// Returns the evidence of the same answer, whose rows are of the row type.
    pub(super) fn with_rows(self, has_rows: bool) -> Proof {
        match self {
            Proof::Nothing if has_rows => Proof::Rows,
            proof => proof,
        }
    }
}

/// The rows of an answer.
pub(crate) struct Answer<T> {
    pub(crate) rows: T,
    pub(crate) proof: Proof,
}

/// An answer without the result that was asked for.
#[derive(Debug)]
pub(crate) enum Failure {
    /// It is no answer.
    Protocol(ProtocolError),
    /// The rows are not of the row type.
    Decode(DecodeError, Proof),
    /// It says what is wrong.
    Error(ErrorMember, Proof),
}

impl From<ProtocolError> for Failure {
    fn from(error: ProtocolError) -> Self {
        Failure::Protocol(error)
    }
}

/// Returns the meaning of all members. The id comes first: what another
/// call's answer says is nothing to this call.
pub(super) fn conclude(
    envelope: Envelope<'_>,
    id: u64,
) -> Result<(Option<&RawValue>, Proof), Failure> {
    if let Some(member) = envelope.repeated {
        return Err(ProtocolError::Repeated { member }.into());
    }
    let mut proof = match envelope.id {
        Some(Id::Number(answered)) if answered == id => Proof::Id,
        None | Some(Id::Null) => Proof::Nothing,
        Some(_) => return Err(ProtocolError::ForeignId.into()),
    };
    match (envelope.error, envelope.result) {
        (Some(_), Some(Some(_))) => Err(ProtocolError::Both.into()),
        (Some(error), _) => {
            if envelope.version && envelope.id == Some(Id::Null) && error.is_unread_request() {
                proof = Proof::Id;
            }
            Err(Failure::Error(error, proof))
        }
        (None, Some(result)) => Ok((result, proof)),
        (None, None) => Err(ProtocolError::NoResult.into()),
    }
}
