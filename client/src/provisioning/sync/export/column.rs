//! Columns of an export.

use super::problem::ExportError;
use crate::model::Capability;

/// A column that an export can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Column {
    /// The billing's key.
    ExternalRef,
    /// The name to log in with.
    Login,
    /// The right to watch: 1 or 0.
    Enabled,
    /// The person's name.
    Name,
    /// The telephone number.
    Phone,
    /// The e-mail address.
    Email,
    /// The postal address.
    Address,
    /// The operator's note.
    Note,
    /// The limit of terminals.
    DeviceLimit,
    /// Names or keys of packages.
    Packages,
    /// Hardware addresses of terminals.
    Macs,
}

impl Column {
    /// All there are.
    pub const ALL: [Column; 11] = [
        Column::ExternalRef,
        Column::Login,
        Column::Enabled,
        Column::Name,
        Column::Phone,
        Column::Email,
        Column::Address,
        Column::Note,
        Column::DeviceLimit,
        Column::Packages,
        Column::Macs,
    ];

    /// Those that every export has.
    pub const REQUIRED: [Column; 3] = [Column::ExternalRef, Column::Login, Column::Enabled];

    /// Returns the name in the header.
    pub fn as_str(self) -> &'static str {
        match self {
            Column::ExternalRef => "external_ref",
            Column::Login => "login",
            Column::Enabled => "enabled",
            Column::Name => "name",
            Column::Phone => "phone",
            Column::Email => "email",
            Column::Address => "address",
            Column::Note => "note",
            Column::DeviceLimit => "device_limit",
            Column::Packages => "packages",
            Column::Macs => "macs",
        }
    }

    /// Returns what a platform needs to have a place for it.
    pub fn capability(self) -> Option<Capability> {
        match self {
            Column::ExternalRef => Some(Capability::ExternalRef),
            Column::Phone => Some(Capability::Phone),
            Column::Email => Some(Capability::Email),
            Column::Address => Some(Capability::Address),
            Column::Note => Some(Capability::Note),
            Column::DeviceLimit => Some(Capability::DeviceLimit),
            _ => None,
        }
    }
}

/// Reads the header.
pub(super) fn columns<N: AsRef<str>>(
    header: impl IntoIterator<Item = N>,
    line: Option<u64>,
) -> Result<Vec<Column>, ExportError> {
    let mut columns: Vec<Column> = Vec::new();
    let mut problems = ExportError::default();
    let mut problem = |name: &str, what: String| problems.add(line, Some(name), what);
    for (place, name) in header.into_iter().enumerate() {
        let name = name.as_ref().trim();
        let named = |column: &Column| column.as_str().eq_ignore_ascii_case(name);
        match Column::ALL.into_iter().find(named) {
            None => {
                let known = Column::ALL.map(Column::as_str).join(", ");
                let number = (place + 1).to_string();
                let what = format!("the header has {name:?} there; known are {known}");
                problem(&number, what);
            }
            Some(known) if columns.contains(&known) => {
                problem(known.as_str(), "the header has it twice".to_owned());
            }
            Some(known) => columns.push(known),
        }
    }
    for required in Column::REQUIRED {
        if !columns.contains(&required) {
            problem(required.as_str(), "the header lacks it".to_owned());
        }
    }
    problems.into_result().map(|()| columns)
}
