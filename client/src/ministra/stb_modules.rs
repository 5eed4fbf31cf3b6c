//! `stb_modules`: the main menu.

use serde::Deserialize;

use super::call::Call;
use super::form::Form;
use super::identifier::Guess;
use super::php_serde::{One, texts};
use super::{AccountKey, AccountKeys, Ministra};
use crate::error::{ProtocolError, Refusal, Result};

/// The modules a box does not have.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[non_exhaustive]
pub struct Modules {
    /// Not shown. With tariff plans switched on, those of the server's
    /// configuration, whatever was written.
    #[serde(default, deserialize_with = "texts")]
    pub disabled: Vec<String>,
    /// Shown and locked.
    #[serde(default, deserialize_with = "texts")]
    pub restricted: Vec<String>,
}

/// A change of the modules; what it does not name stays as it is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ModulesPatch {
    /// All that are not to be shown; the box has to start again.
    pub disabled: Option<Vec<String>>,
    /// All that are to be locked.
    pub restricted: Option<Vec<String>>,
}

impl ModulesPatch {
    fn form(&self) -> Result<Form, Refusal> {
        let mut form = Form::default();
        for (field, modules) in [
            ("disabled[]", &self.disabled),
            ("restricted[]", &self.restricted),
        ] {
            let Some(modules) = modules else { continue };
            if modules.iter().any(String::is_empty) {
                return Err(Refusal::new(PUT, "a module without a name"));
            }
            for module in modules {
                form.add(field, module);
            }
            // Nothing at all would leave them as they are. It is stored as a
            // list of one empty name, and read as an empty list.
            if modules.is_empty() {
                form.add(field, "");
            }
        }
        if form.is_empty() {
            return Err(Refusal::new(PUT, "there is nothing to change"));
        }
        Ok(form)
    }
}

/// The modules of the main menu.
#[derive(Debug, Clone, Copy)]
pub struct StbModules<'a>(pub(super) &'a Ministra);

const PUT: &str = "PUT stb_modules";

impl StbModules<'_> {
    /// Returns the modules that one box does not have.
    ///
    /// # Errors
    ///
    /// [Not found](crate::Error::is_not_found), or
    /// [rejected](crate::Error::Rejected) if the number has several boxes.
    pub async fn get(&self, of: impl Into<AccountKey>) -> Result<Modules> {
        const GET: &str = "GET stb_modules";
        let identifiers = of.into().identifiers(GET, Guess::ByLength)?;
        self.call(Call::new(GET).of(identifiers)).await
    }

    /// Changes what these boxes do not have, and answers with what the first
    /// of them has. Names are not checked.
    ///
    /// # Errors
    ///
    /// [Not found](crate::Error::is_not_found) if there is none of them.
    pub async fn update(
        &self,
        of: impl Into<AccountKeys>,
        patch: &ModulesPatch,
    ) -> Result<Modules> {
        let identifiers = of.into().identifiers(PUT, Guess::ByLength)?;
        self.call(Call::new(PUT).of(identifiers).form(patch.form()?))
            .await
    }

    /// Changes what every box there is does not have.
    ///
    /// # Errors
    ///
    /// As of every call: see the [module](super).
    pub async fn broadcast(&self, patch: &ModulesPatch) -> Result<Modules> {
        self.call(Call::new(PUT).form(patch.form()?)).await
    }

    async fn call(&self, call: Call) -> Result<Modules> {
        let One(modules) = self.0.call(call, "modules").await?;
        Ok(modules.ok_or(ProtocolError::Result {
            found: "nothing",
            expected: "modules",
        })?)
    }
}
